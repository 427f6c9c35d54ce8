// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a simulation does to a sine, measured.

#ifndef GRUS_TESTS_CIRCUITS_PROBE_H
#define GRUS_TESTS_CIRCUITS_PROBE_H

#include "core/circle.h"

#include <complex.h>
#include <stdint.h>

#define J ((double complex)I)

/// Rate of the circuits for a recording at 48 kHz [Hz]
#define FAST_RATE 384000.0

/// A simulation that takes one sample and returns one
typedef double (*ProbeStep)(void* thing, double input);

typedef struct {
  double rate;      ///< [Hz]
  double pitch;     ///< [Hz]; rate / pitch must be a whole number
  double amplitude; ///< Small enough for the simulation to be linear
  double settling;  ///< Time until only the sine is left [s]
} Probe;

/// Return output / input at the probe's pitch
double complex probe_response(const Probe* probe, ProbeStep step, void* thing);

/// Return the sum of samples[i] * exp(-j 2 pi cycles i / n), times 2 / n
double complex probe_line(const double* samples, uint32_t n, double cycles);

/// Return the rest of a signal without its mean and `cycles`-th line, against the whole
double probe_distortion(const double* samples, uint32_t n, double cycles);

/// Return the limit of a second-order method, from its results at one rate and at twice that
double complex probe_limit(double complex at_rate, double complex at_twice);

/// Return the s at which the trapezoidal rule at `rate` has the response of `pitch`
double complex probe_warped(double pitch, double rate);

/// Return |a - b| / |b|
double probe_error(double complex a, double complex b);

/// Return 20 log10(x)
double probe_db(double x);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sines and their correlation.

#include "tests/circuits/probe.h"

#include <math.h>

double complex
probe_response(const Probe* const probe, const ProbeStep step, void* const thing)
{
  const uint32_t period = (uint32_t)lround(probe->rate / probe->pitch);
  const uint32_t n_settling = (uint32_t)(probe->settling * probe->rate) / period * period;
  const uint32_t n_measured = 20 * period;
  double complex out = 0.0;
  for (uint32_t i = 0; i < n_settling + n_measured; ++i) {
    const double angle = 2.0 * PI * (i % period) / period;
    const double y = step(thing, probe->amplitude * sin(angle));
    if (i >= n_settling) {
      out += y * cexp(-J * angle);
    }
  }
  return out * 2.0 * J / (n_measured * probe->amplitude);
}

double complex
probe_line(const double* const samples, const uint32_t n, const double cycles)
{
  double complex sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    sum += samples[i] * cexp(-2.0 * PI * J * fmod(cycles * i, n) / n);
  }
  return 2.0 * sum / n;
}

double
probe_distortion(const double* const samples, const uint32_t n, const double cycles)
{
  double power = 0.0;
  double mean = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    power += samples[i] * samples[i] / n;
    mean += samples[i] / n;
  }
  const double line = cabs(probe_line(samples, n, cycles));
  const double alternating = power - mean * mean;
  return sqrt(fmax(0.0, alternating - 0.5 * line * line) / alternating);
}

double complex
probe_limit(const double complex at_rate, const double complex at_twice)
{
  return (4.0 * at_twice - at_rate) / 3.0;
}

double complex
probe_warped(const double pitch, const double rate)
{
  return 2.0 * J * rate * tan(PI * pitch / rate);
}

double
probe_error(const double complex a, const double complex b)
{
  return cabs(a - b) / cabs(b);
}

double
probe_db(const double x)
{
  return 20.0 * log10(x);
}

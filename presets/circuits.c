// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The table of circuits with their knobs as the presets have them, and their run. Offline.

#include "presets/circuits.h"

#include "presets/crunch.h"
#include "presets/diode_pair.h"
#include "presets/linear.h"
#include "presets/oversample.h"
#include "presets/ts9.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/// The diode clipper's resistor in series with the source [Ohm]
#define R_CLIPPER 1e3
#define C_CLIPPER 33e-9

/// Below this the interface that records a circuit hears nothing [Hz]. Clipping moves the mean of a
/// sound; a coupling capacitor of 1 uF would let that drift on for a tenth of a second.
#define INTERFACE_EDGE 20.0

#define PI 3.14159265358979323846

/// What each circuit is made of
typedef struct {
  CircuitInfo info;
  void (*init)(Circuit* circuit, double rate);
  double (*step)(Circuit* circuit, double volts);
  uint64_t (*failures)(const Circuit* circuit);
} CircuitKind;

struct CircuitImpl {
  const CircuitKind* kind;
  Oversampler* oversampler;
  Linear interface;
  union {
    DiodePair clipper;
    Ts9 ts9;
    Crunch crunch;
  } parts;
};

static void
init_clipper(Circuit* const circuit, const double rate)
{
  const DiodePairParts parts = diode_pair_1n4148(R_CLIPPER, C_CLIPPER);
  diode_pair_init(&circuit->parts.clipper, &parts, rate);
}

static void
init_ts9(Circuit* const circuit, const double rate)
{
  const Ts9Knobs knobs = {.drive = 0.4, .tone = 0.5};
  ts9_init(&circuit->parts.ts9, &knobs, rate);
}

static void
init_crunch(Circuit* const circuit, const double rate)
{
  const CrunchKnobs knobs = {
      .gain = 0.8,
      .tone = {.treble = 0.6, .middle = 0.6, .bass = 0.4},
  };
  crunch_init(&circuit->parts.crunch, &knobs, rate);
}

static double
step_clipper(Circuit* const circuit, const double volts)
{
  return diode_pair_step(&circuit->parts.clipper, volts / R_CLIPPER);
}

static double
step_ts9(Circuit* const circuit, const double volts)
{
  return ts9_step(&circuit->parts.ts9, volts);
}

static double
step_crunch(Circuit* const circuit, const double volts)
{
  return crunch_step(&circuit->parts.crunch, volts);
}

static uint64_t
failures_of_clipper(const Circuit* const circuit)
{
  return circuit->parts.clipper.n_failures;
}

static uint64_t
failures_of_ts9(const Circuit* const circuit)
{
  return circuit->parts.ts9.feedback.n_failures;
}

static uint64_t
failures_of_crunch(const Circuit* const circuit)
{
  return circuit->parts.crunch.first.n_failures + circuit->parts.crunch.second.n_failures;
}

static const CircuitKind kinds[CIRCUITS_COUNT] = {
    {{"clipper", "RC diode clipper, 1 kOhm, 33 nF and two 1N4148", 4.0, 0.9},
     init_clipper,
     step_clipper,
     failures_of_clipper},
    {{"ts9", "TS-9 style overdrive, drive 0.4, tone 0.5", 1.0, 0.7},
     init_ts9,
     step_ts9,
     failures_of_ts9},
    {{"crunch", "two 12AX7 stages, gain 0.8, and a '59 Bassman tone stack", 1.0, 0.0075},
     init_crunch,
     step_crunch,
     failures_of_crunch},
};

const CircuitInfo*
circuits_info(const size_t index)
{
  assert(index < CIRCUITS_COUNT);
  return &kinds[index].info;
}

size_t
circuits_find(const char* const name)
{
  size_t index = 0;
  while (index < CIRCUITS_COUNT && strcmp(kinds[index].info.name, name) != 0) {
    ++index;
  }
  return index;
}

Status
circuit_new(const size_t index, const double sample_rate, Circuit** const circuit)
{
  assert(index < CIRCUITS_COUNT);
  const StateSpace interface = linear_high_pass(1.0 / (2.0 * PI * INTERFACE_EDGE));
  Circuit* const made = (Circuit*)calloc(1, sizeof(Circuit));
  if (!made || oversampler_new(&made->oversampler)) {
    free(made);
    return STATUS_NO_MEMORY;
  }
  made->kind = &kinds[index];
  made->kind->init(made, OVERSAMPLER_FACTOR * sample_rate);
  linear_init(&made->interface, &interface, OVERSAMPLER_FACTOR * sample_rate);
  *circuit = made;
  return STATUS_OK;
}

void
circuit_free(Circuit* const circuit)
{
  if (circuit) {
    oversampler_free(circuit->oversampler);
    free(circuit);
  }
}

double
circuit_step(Circuit* const circuit, const double volts)
{
  return linear_step(&circuit->interface, circuit->kind->step(circuit, volts));
}

static double
run_frame(Circuit* const circuit, const double in)
{
  const CircuitInfo* const info = &circuit->kind->info;
  double fast[OVERSAMPLER_FACTOR];
  oversampler_up(circuit->oversampler, in * info->input_volts, fast);
  for (uint32_t i = 0; i < OVERSAMPLER_FACTOR; ++i) {
    fast[i] = circuit_step(circuit, fast[i]);
  }
  return oversampler_down(circuit->oversampler, fast) * info->output_gain;
}

void
circuit_run(Circuit* const circuit, const double* const in, double* const out,
            const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames + OVERSAMPLER_DELAY; ++i) {
    const double y = run_frame(circuit, i < n_frames ? in[i] : 0.0);
    if (i >= OVERSAMPLER_DELAY) {
      out[i - OVERSAMPLER_DELAY] = y;
    }
  }
}

uint64_t
circuit_failures(const Circuit* const circuit)
{
  return circuit->kind->failures(circuit);
}

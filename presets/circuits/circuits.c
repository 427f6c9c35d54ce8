// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The table of circuits, with their knobs as in the presets, and how they run. Offline.

#include "presets/circuits/circuits.h"

#include "core/circle.h"
#include "guitar/linear.h"
#include "presets/circuits/clean.h"
#include "presets/circuits/crunch.h"
#include "presets/circuits/diode_pair.h"
#include "presets/circuits/lead.h"
#include "presets/circuits/muff.h"
#include "presets/circuits/oversample.h"
#include "presets/circuits/power.h"
#include "presets/circuits/ts9.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/// The diode clipper's resistor in series with the source [Ohm]
#define R_CLIPPER 1e3
#define C_CLIPPER 33e-9

/// The master volume between preamplifier and output stage
#define TWEED_MASTER 0.5

/// Where on its track a knob starts
#define TRACK_BEGIN 0.02

/// The interface that records a circuit cuts off below this [Hz]. Clipping moves the mean of a
/// sound; a coupling capacitor of 1 uF would let that drift on for a tenth of a second.
#define INTERFACE_EDGE 20.0

/// A pedal before an amplifier
typedef struct {
  Ts9 pedal;
  Crunch amp;
} Boosted;

/// A whole amplifier
typedef struct {
  Crunch preamp;
  Schematic power;
} Tweed;

/// What each circuit is made of
typedef struct {
  CircuitInfo info;
  double track; ///< Where on its track the preset's knob is
  void (*init)(Circuit* circuit, double track, double rate);
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
    Clean clean;
    Schematic muff;
    Lead lead;
    Schematic power;
    Boosted boosted;
    Tweed tweed;
  } parts;
};

static void
init_clipper(Circuit* const circuit, const double track, const double rate)
{
  (void)track;
  const DiodePairParts parts = diode_pair_1n4148(R_CLIPPER, C_CLIPPER);
  diode_pair_init(&circuit->parts.clipper, &parts, rate);
}

static void
start_ts9(Ts9* const pedal, const double drive, const double rate)
{
  const Ts9Knobs knobs = {.drive = drive, .tone = 0.5};
  ts9_init(pedal, &knobs, rate);
}

static void
start_crunch(Crunch* const amp, const double gain, const double rate)
{
  const CrunchKnobs knobs = {
      .gain = gain,
      .tone = {.treble = 0.6, .middle = 0.6, .bass = 0.4},
  };
  crunch_init(amp, &knobs, rate);
}

static void
init_ts9(Circuit* const circuit, const double track, const double rate)
{
  start_ts9(&circuit->parts.ts9, track, rate);
}

static void
init_crunch(Circuit* const circuit, const double track, const double rate)
{
  start_crunch(&circuit->parts.crunch, track, rate);
}

static void
init_clean(Circuit* const circuit, const double track, const double rate)
{
  (void)track;
  const ToneStackKnobs knobs = {.treble = 0.7, .middle = 0.5, .bass = 0.3};
  clean_init(&circuit->parts.clean, &knobs, rate);
}

static void
init_muff(Circuit* const circuit, const double track, const double rate)
{
  const MuffKnobs knobs = {.sustain = track, .tone = 0.5};
  muff_init(&circuit->parts.muff, &knobs, rate);
}

static void
init_lead(Circuit* const circuit, const double track, const double rate)
{
  const LeadKnobs knobs = {
      .gain = track,
      .tone = {.treble = 0.6, .middle = 0.6, .bass = 0.4},
  };
  lead_init(&circuit->parts.lead, &knobs, rate);
}

static void
init_power(Circuit* const circuit, const double track, const double rate)
{
  (void)track;
  power_init(&circuit->parts.power, rate);
}

static void
init_boosted(Circuit* const circuit, const double track, const double rate)
{
  start_ts9(&circuit->parts.boosted.pedal, track, rate);
  start_crunch(&circuit->parts.boosted.amp, 0.4, rate);
}

static void
init_tweed(Circuit* const circuit, const double track, const double rate)
{
  start_crunch(&circuit->parts.tweed.preamp, track, rate);
  power_init(&circuit->parts.tweed.power, rate);
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

static double
step_clean(Circuit* const circuit, const double volts)
{
  return clean_step(&circuit->parts.clean, volts);
}

static double
step_muff(Circuit* const circuit, const double volts)
{
  return muff_step(&circuit->parts.muff, volts);
}

static double
step_lead(Circuit* const circuit, const double volts)
{
  return lead_step(&circuit->parts.lead, volts);
}

static double
step_power(Circuit* const circuit, const double volts)
{
  return power_step(&circuit->parts.power, volts);
}

static double
step_boosted(Circuit* const circuit, const double volts)
{
  Boosted* const boosted = &circuit->parts.boosted;
  return crunch_step(&boosted->amp, ts9_step(&boosted->pedal, volts));
}

static double
step_tweed(Circuit* const circuit, const double volts)
{
  Tweed* const tweed = &circuit->parts.tweed;
  return power_step(&tweed->power, TWEED_MASTER * crunch_step(&tweed->preamp, volts));
}

static uint64_t
count_crunch(const Crunch* const amp)
{
  return amp->first.n_failures + amp->second.n_failures;
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
  return count_crunch(&circuit->parts.crunch);
}

static uint64_t
failures_of_clean(const Circuit* const circuit)
{
  return circuit->parts.clean.valve.n_failures;
}

static uint64_t
failures_of_muff(const Circuit* const circuit)
{
  return circuit->parts.muff.n_failures;
}

static uint64_t
failures_of_lead(const Circuit* const circuit)
{
  return circuit->parts.lead.valves.n_failures;
}

static uint64_t
failures_of_power(const Circuit* const circuit)
{
  return circuit->parts.power.n_failures;
}

static uint64_t
failures_of_boosted(const Circuit* const circuit)
{
  const Boosted* const boosted = &circuit->parts.boosted;
  return boosted->pedal.feedback.n_failures + count_crunch(&boosted->amp);
}

static uint64_t
failures_of_tweed(const Circuit* const circuit)
{
  const Tweed* const tweed = &circuit->parts.tweed;
  return count_crunch(&tweed->preamp) + tweed->power.n_failures;
}

static const CircuitKind kinds[CIRCUITS_COUNT] = {
    {{"clipper", "RC diode clipper, 1 kOhm, 33 nF and two 1N4148", NULL, 4.0, 0.9},
     0.0,
     init_clipper,
     step_clipper,
     failures_of_clipper},
    {{"ts9", "TS-9 style overdrive, drive 0.4, tone 0.5", "drive", 1.0, 0.7},
     0.4,
     init_ts9,
     step_ts9,
     failures_of_ts9},
    {{"crunch", "two 12AX7 stages, gain 0.8, and a '59 Bassman tone stack", "gain", 1.0, 0.0075},
     0.8,
     init_crunch,
     step_crunch,
     failures_of_crunch},
    {{"clean", "one 12AX7 stage and a '59 Bassman tone stack", NULL, 2.0, 0.0125},
     0.0,
     init_clean,
     step_clean,
     failures_of_clean},
    {{"muff", "Big Muff style fuzz, sustain 0.7, tone 0.5", "sustain", 1.0, 0.5},
     0.7,
     init_muff,
     step_muff,
     failures_of_muff},
    {{"lead", "2203 style preamplifier, gain 0.3, Marshall tone stack", "gain", 1.0, 0.0045},
     0.3,
     init_lead,
     step_lead,
     failures_of_lead},
    {{"power", "class-AB output stage with a supply that sags", NULL, 60.0, 0.00095},
     0.0,
     init_power,
     step_power,
     failures_of_power},
    {{"boosted", "TS-9 style overdrive, drive 0.1, into the crunch amplifier", "drive", 1.0, 0.007},
     0.1,
     init_boosted,
     step_boosted,
     failures_of_boosted},
    {{"tweed", "the crunch amplifier, gain 0.3, into the output stage", "gain", 1.0, 0.001},
     0.3,
     init_tweed,
     step_tweed,
     failures_of_tweed},
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

/// Return where on an audio pot's track the wiper is: from one end to the other it adds 34 dB, an
/// even number of dB per turn
static double
find_track(const CircuitKind* const kind, const double knob)
{
  return kind->info.knob && knob >= 0.0 ? pow(TRACK_BEGIN, 1.0 - knob) : kind->track;
}

Status
circuit_new(const size_t index, const double knob, const double sample_rate,
            Circuit** const circuit)
{
  assert(index < CIRCUITS_COUNT && knob <= 1.0);
  const StateSpace interface = linear_high_pass(1.0 / (2.0 * PI * INTERFACE_EDGE));
  Circuit* const made = (Circuit*)calloc(1, sizeof(Circuit));
  if (!made || oversampler_new(&made->oversampler)) {
    free(made);
    return STATUS_NO_MEMORY;
  }
  made->kind = &kinds[index];
  made->kind->init(made, find_track(made->kind, knob), OVERSAMPLER_FACTOR * sample_rate);
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

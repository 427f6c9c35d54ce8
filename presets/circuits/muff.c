// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A Big Muff style fuzz as a schematic. Offline.
//
// R_FEEDBACK, from collector to base, gives each of the first three transistors its bias and part
// of its gain. Around the middle two, diodes close a loop that limits their swing to about 0.5 V.

#include "presets/circuits/muff.h"

#define SUPPLY 9.0

#define R_INPUT 39e3
#define C_INPUT 1e-6
#define R_BOOSTER_BASE 47e3
#define R_BOOSTER_EMITTER 100.0

#define R_FEEDBACK 470e3
#define C_FEEDBACK 470e-12
#define R_COLLECTOR 10e3

#define C_SUSTAIN 1e-6
#define R_SUSTAIN_IN 1e3
#define R_SUSTAIN_POT 100e3

#define C_CLIPPER 100e-9
#define R_CLIPPER 10e3
#define R_CLIPPER_BASE 100e3
#define R_CLIPPER_EMITTER 150.0
#define C_DIODES 1e-6

#define R_LOW 39e3
#define C_LOW 10e-9
#define C_HIGH 4e-9
#define R_HIGH 22e3
#define R_TONE_POT 100e3

#define C_RECOVERY 100e-9
#define R_RECOVERY_UP 430e3
#define R_RECOVERY_DOWN 100e3
#define R_RECOVERY_EMITTER 3.3e3
#define R_RECOVERY_COLLECTOR 15e3
#define C_OUTPUT 100e-9
#define R_VOLUME_POT 100e3

/// A pot's track never ends at 0 Ohm
#define R_TRACK_END 10.0

enum {
  BASE_1,
  EMITTER_1,
  COLLECTOR_1,
  SUSTAIN,
  BASE_2,
  EMITTER_2,
  COLLECTOR_2,
  DIODES_2,
  BASE_3,
  EMITTER_3,
  COLLECTOR_3,
  DIODES_3,
  LOW,
  TONE,
  HIGH,
  BASE_4,
  EMITTER_4,
  COLLECTOR_4,
  VOLUME,
  N_NODES
};

static void
add_transistor(Schematic* const pedal, const int base, const double r_base, const double r_emitter)
{
  const int emitter = base + 1;
  const int collector = base + 2;
  const int nodes[3] = {collector, emitter, base};
  schematic_add_device(pedal, DEVICE_TRANSISTOR, nodes);
  schematic_add_resistor(pedal, base, SCHEMATIC_GROUND, r_base);
  schematic_add_resistor(pedal, emitter, SCHEMATIC_GROUND, r_emitter);
}

/// The transistor whose base is node `base`, its feedback and its collector's resistor
static void
add_amplifier(Schematic* const pedal, const int base, const double r_base, const double r_emitter)
{
  const int collector = base + 2;
  add_transistor(pedal, base, r_base, r_emitter);
  schematic_add_resistor(pedal, collector, SCHEMATIC_SUPPLY, R_COLLECTOR);
  schematic_add_resistor(pedal, collector, base, R_FEEDBACK);
  schematic_add_capacitor(pedal, collector, base, C_FEEDBACK);
}

static void
add_clipper(Schematic* const pedal, const int before, const int base)
{
  const int collector = base + 2;
  const int feedback = base + 3;
  const int in[2] = {before, base};
  const int diodes[2] = {feedback, base};
  schematic_add_series(pedal, in, C_CLIPPER, R_CLIPPER);
  add_amplifier(pedal, base, R_CLIPPER_BASE, R_CLIPPER_EMITTER);
  schematic_add_capacitor(pedal, collector, feedback, C_DIODES);
  schematic_add_device(pedal, DEVICE_DIODE_PAIR, diodes);
}

static void
add_booster(Schematic* const pedal, const double sustain)
{
  const int in[2] = {SCHEMATIC_INPUT, BASE_1};
  const int out[2] = {COLLECTOR_1, SUSTAIN};
  schematic_add_series(pedal, in, C_INPUT, R_INPUT);
  add_amplifier(pedal, BASE_1, R_BOOSTER_BASE, R_BOOSTER_EMITTER);
  schematic_add_series(pedal, out, C_SUSTAIN,
                       R_SUSTAIN_IN + R_TRACK_END + (1.0 - sustain) * R_SUSTAIN_POT);
  schematic_add_resistor(pedal, SUSTAIN, SCHEMATIC_GROUND, R_TRACK_END + sustain * R_SUSTAIN_POT);
}

static void
add_tone(Schematic* const pedal, const double tone)
{
  schematic_add_resistor(pedal, COLLECTOR_3, LOW, R_LOW);
  schematic_add_capacitor(pedal, LOW, SCHEMATIC_GROUND, C_LOW);
  schematic_add_resistor(pedal, LOW, TONE, R_TRACK_END + tone * R_TONE_POT);
  schematic_add_resistor(pedal, TONE, HIGH, R_TRACK_END + (1.0 - tone) * R_TONE_POT);
  schematic_add_capacitor(pedal, COLLECTOR_3, HIGH, C_HIGH);
  schematic_add_resistor(pedal, HIGH, SCHEMATIC_GROUND, R_HIGH);
}

static void
add_recovery(Schematic* const pedal)
{
  schematic_add_capacitor(pedal, TONE, BASE_4, C_RECOVERY);
  add_transistor(pedal, BASE_4, R_RECOVERY_DOWN, R_RECOVERY_EMITTER);
  schematic_add_resistor(pedal, BASE_4, SCHEMATIC_SUPPLY, R_RECOVERY_UP);
  schematic_add_resistor(pedal, COLLECTOR_4, SCHEMATIC_SUPPLY, R_RECOVERY_COLLECTOR);
  schematic_add_capacitor(pedal, COLLECTOR_4, VOLUME, C_OUTPUT);
  schematic_add_resistor(pedal, VOLUME, SCHEMATIC_GROUND, R_VOLUME_POT);
}

void
muff_init(Schematic* const pedal, const MuffKnobs* const knobs, const double rate)
{
  schematic_init(pedal, N_NODES, SUPPLY);
  add_booster(pedal, knobs->sustain);
  add_clipper(pedal, SUSTAIN, BASE_2);
  add_clipper(pedal, COLLECTOR_2, BASE_3);
  add_tone(pedal, knobs->tone);
  add_recovery(pedal);
  schematic_start(pedal, rate);
}

double
muff_step(Schematic* const pedal, const double input)
{
  schematic_step(pedal, input);
  return schematic_swing(pedal, VOLUME);
}

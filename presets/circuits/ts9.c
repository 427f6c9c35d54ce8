// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A TS-9 style overdrive, stage by stage. Offline.
//
// The op-amp holds its inputs at one voltage, so that the ground leg R2 and Cz turns v+ into a
// current, and that current flows through the feedback, where the diodes are:
//
//     i = (v+ - v_z) / R2,  Cz dv_z/dt = i,  v_f by diode_pair_step(i),  v_o = v+ + v_f

#include "presets/circuits/ts9.h"

#define C_INPUT 1e-6
#define R_INPUT 10e3
#define R_GROUND 4.7e3
#define C_GROUND 47e-9
#define R_DRIVE_MIN 51e3
#define R_DRIVE_POT 500e3
#define C_FEEDBACK 51e-12
#define R_TONE_IN 1e3
#define C_TONE_IN 220e-9
#define R_TONE_POT 20e3
#define R_WIPER 220.0
#define C_WIPER 220e-9
#define R_TONE_FEEDBACK 1e3
#define C_OUTPUT 1e-6
#define R_LEVEL_POT 100e3

/// A pot's track never ends at 0 Ohm
#define R_TRACK_END 10.0

static StateSpace
ground_leg(void)
{
  const double tau = R_GROUND * C_GROUND;
  const StateSpace circuit = {
      .a = {{-1.0 / tau}},
      .b = {1.0 / tau},
      .c = {-1.0 / R_GROUND},
      .d = 1.0 / R_GROUND,
  };
  return circuit;
}

// The pot lies between the op-amp's inputs, which have one voltage v_a, so that its two halves are
// parallel to the wiper: i_w = (v_a - v_5) / (R_a || R_b + R7), which splits inversely to R_a, R_b.
//
//     C4 dv_a/dt = (v_o - v_a) / R5 - share_a i_w,  C5 dv_5/dt = i_w,  v_out = v_a + R8 share_b i_w
StateSpace
ts9_tone(const double tone)
{
  const double r_a = R_TRACK_END + tone * R_TONE_POT;
  const double r_b = R_TRACK_END + (1.0 - tone) * R_TONE_POT;
  const double share_a = r_b / (r_a + r_b);
  const double share_b = r_a / (r_a + r_b);
  const double g_wiper = 1.0 / (r_a * share_a + R_WIPER);
  const StateSpace circuit = {
      .a = {{-(1.0 / R_TONE_IN + share_a * g_wiper) / C_TONE_IN, share_a * g_wiper / C_TONE_IN},
            {g_wiper / C_WIPER, -g_wiper / C_WIPER}},
      .b = {1.0 / (R_TONE_IN * C_TONE_IN)},
      .c = {1.0 + R_TONE_FEEDBACK * share_b * g_wiper, -R_TONE_FEEDBACK * share_b * g_wiper},
  };
  return circuit;
}

void
ts9_init(Ts9* const pedal, const Ts9Knobs* const knobs, const double rate)
{
  const StateSpace input = linear_high_pass(C_INPUT * R_INPUT);
  const StateSpace ground = ground_leg();
  const DiodePairParts feedback =
      diode_pair_1n4148(R_DRIVE_MIN + knobs->drive * R_DRIVE_POT, C_FEEDBACK);
  const StateSpace tone = ts9_tone(knobs->tone);
  const StateSpace output = linear_high_pass(C_OUTPUT * R_LEVEL_POT);
  linear_init(&pedal->input, &input, rate);
  linear_init(&pedal->ground, &ground, rate);
  diode_pair_init(&pedal->feedback, &feedback, rate);
  linear_init(&pedal->tone, &tone, rate);
  linear_init(&pedal->output, &output, rate);
}

double
ts9_step(Ts9* const pedal, const double input)
{
  const double v_plus = linear_step(&pedal->input, input);
  const double current = linear_step(&pedal->ground, v_plus);
  const double v_out = v_plus + diode_pair_step(&pedal->feedback, current);
  return linear_step(&pedal->output, linear_step(&pedal->tone, v_out));
}

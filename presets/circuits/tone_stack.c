// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The tone stack's coefficients from its parts and knobs. Offline.
//
// The coefficients are those of Yeh and Smith 2006; t, m and l stand for treble, middle and bass.

#include "presets/circuits/tone_stack.h"

/// Time unit that keeps the state variables of similar size [s]
#define UNIT 1.6e-4

ToneStackParts
tone_stack_bassman(void)
{
  const ToneStackParts parts = {
      .r1 = 250e3,
      .r2 = 1e6,
      .r3 = 25e3,
      .r4 = 56e3,
      .c1 = 250e-12,
      .c2 = 20e-9,
      .c3 = 20e-9,
  };
  return parts;
}

ToneStackParts
tone_stack_marshall(void)
{
  const ToneStackParts parts = {
      .r1 = 250e3,
      .r2 = 1e6,
      .r3 = 25e3,
      .r4 = 33e3,
      .c1 = 470e-12,
      .c2 = 22e-9,
      .c3 = 22e-9,
  };
  return parts;
}

static void
find_zeros(const ToneStackParts* const p, const ToneStackKnobs* const knobs, double b[4])
{
  const double t = knobs->treble;
  const double m = knobs->middle;
  const double l = knobs->bass;
  const double c12 = p->c1 * p->c2;
  const double c13 = p->c1 * p->c3;
  const double c23 = p->c2 * p->c3;
  b[0] = 0.0;
  b[1] =
      t * p->c1 * p->r1 + m * p->c3 * p->r3 + l * (p->c1 + p->c2) * p->r2 + (p->c1 + p->c2) * p->r3;
  b[2] = t * (c12 + c13) * p->r1 * p->r4 + (m - m * m) * (c13 + c23) * p->r3 * p->r3 +
         m * c13 * p->r1 * p->r3 + l * (c12 * p->r1 + (c12 + c13) * p->r4) * p->r2 +
         l * m * (c13 + c23) * p->r2 * p->r3 + (c12 * p->r1 + (c12 + c13) * p->r4) * p->r3;
  b[3] = p->c1 * c23 *
         (l * m * p->r2 * p->r3 * (p->r1 + p->r4) + (m - m * m) * p->r3 * p->r3 * (p->r1 + p->r4) +
          t * (1.0 - m) * p->r1 * p->r3 * p->r4 + t * l * p->r1 * p->r2 * p->r4);
}

static void
find_poles(const ToneStackParts* const p, const ToneStackKnobs* const knobs, double a[4])
{
  const double m = knobs->middle;
  const double l = knobs->bass;
  const double c12 = p->c1 * p->c2;
  const double c13 = p->c1 * p->c3;
  const double c23 = p->c2 * p->c3;
  const double sum = c13 + c23;
  a[0] = 1.0;
  a[1] = p->c1 * (p->r1 + p->r3) + p->c2 * (p->r3 + p->r4) + p->c3 * p->r4 + m * p->c3 * p->r3 +
         l * (p->c1 + p->c2) * p->r2;
  a[2] = m * (c13 * p->r1 * p->r3 - c23 * p->r3 * p->r4) + (m - m * m) * sum * p->r3 * p->r3 +
         l * m * sum * p->r2 * p->r3 + l * p->r2 * ((c12 + c13 + c23) * p->r4 + c12 * p->r1) +
         (c12 + c13) * (p->r1 + p->r3) * p->r4 + c12 * p->r1 * p->r3 + c23 * p->r3 * p->r4;
  a[3] = p->c1 * c23 *
         (l * m * p->r2 * p->r3 * (p->r1 + p->r4) + (m - m * m) * p->r3 * p->r3 * (p->r1 + p->r4) +
          (1.0 - m) * p->r1 * p->r3 * p->r4 + l * p->r1 * p->r2 * p->r4);
}

ToneStackFilter
tone_stack_filter(const ToneStackParts* const parts, const ToneStackKnobs* const knobs)
{
  ToneStackFilter filter;
  find_zeros(parts, knobs, filter.b);
  find_poles(parts, knobs, filter.a);
  return filter;
}

// Controllable canonical form, in a unit of time that keeps the three states of similar size
StateSpace
tone_stack_circuit(const ToneStackFilter* const filter)
{
  const double unit2 = UNIT * UNIT;
  const double lead = filter->a[3] / (unit2 * UNIT);
  const double a[3] = {1.0 / lead, filter->a[1] / UNIT / lead, filter->a[2] / unit2 / lead};
  const double d = filter->b[3] / filter->a[3];
  const double b[3] = {0.0, filter->b[1] / UNIT / lead, filter->b[2] / unit2 / lead};
  const StateSpace circuit = {
      .a = {{0.0, 1.0 / UNIT, 0.0},
            {0.0, 0.0, 1.0 / UNIT},
            {-a[0] / UNIT, -a[1] / UNIT, -a[2] / UNIT}},
      .b = {0.0, 0.0, 1.0 / UNIT},
      .c = {b[0] - d * a[0], b[1] - d * a[1], b[2] - d * a[2]},
      .d = d,
  };
  return circuit;
}

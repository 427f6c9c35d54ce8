// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Four high-pass sections by the bilinear transform, exact enough far below the Nyquist frequency,
// and two low-pass sections matched to the analogue ones in their pole, and in their gain at 0 and
// at a third of the sample rate; after Vicanek, "Matched one-pole digital shelving filters", 2019.

#include "train/audio/a_weighting.h"

#include "core/circle.h"

#include <math.h>
#include <stdint.h>

#define N_HIGH_PASS 4U

/// IEC 61672-1, annex E [Hz]; the last two are of the low-pass
static const double frequencies[WEIGHTING_SECTIONS] = {20.598997, 20.598997, 107.65265,
                                                       737.86223, 12194.217, 12194.217};

/// s / (s + ω)
static WeightingSection
design_high_pass(const double frequency, const double sample_rate)
{
  const double w = tan(PI * frequency / sample_rate);
  return (WeightingSection){1.0 / (1.0 + w), -1.0 / (1.0 + w), (1.0 - w) / (1.0 + w)};
}

/// ω / (s + ω)
static WeightingSection
design_low_pass(const double frequency, const double sample_rate)
{
  const double pole = exp(-2.0 * PI * frequency / sample_rate);
  const double matched = sample_rate / (3.0 * frequency);
  const double gain = 1.0 / (1.0 + matched * matched);
  // b0 + b1 = 1 − pole, and |b0 + b1 z⁻¹|² = gain |1 − pole z⁻¹|² where cos = −½
  const double sum = 1.0 - pole;
  const double product = (sum * sum - gain * (1.0 + pole + pole * pole)) / 3.0;
  const double difference = sqrt(sum * sum - 4.0 * product);
  return (WeightingSection){0.5 * (sum + difference), 0.5 * (sum - difference), pole};
}

/// |H|² of a section where cos ω = `cosine`
static double
power_gain(const WeightingSection s, const double cosine)
{
  return (s.b0 * s.b0 + s.b1 * s.b1 + 2.0 * s.b0 * s.b1 * cosine) /
         (1.0 + s.pole * s.pole - 2.0 * s.pole * cosine);
}

Weighting
weighting_design(const double sample_rate)
{
  Weighting w;
  double gain = 1.0; // At 1 kHz
  for (uint32_t k = 0; k < WEIGHTING_SECTIONS; ++k) {
    w.sections[k] = k < N_HIGH_PASS ? design_high_pass(frequencies[k], sample_rate)
                                    : design_low_pass(frequencies[k], sample_rate);
    gain *= sqrt(power_gain(w.sections[k], cos(2.0 * PI * 1000.0 / sample_rate)));
  }
  w.sections[WEIGHTING_SECTIONS - 1].b0 /= gain;
  w.sections[WEIGHTING_SECTIONS - 1].b1 /= gain;
  return w;
}

double
weighting_step(const Weighting* const weighting, WeightingState* const state, double x)
{
  for (uint32_t k = 0; k < WEIGHTING_SECTIONS; ++k) {
    const WeightingSection s = weighting->sections[k];
    const double y = s.b0 * x + s.b1 * state->last[k] + s.pole * state->last[k + 1];
    state->last[k] = x;
    x = y;
  }
  state->last[WEIGHTING_SECTIONS] = x;
  return x;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A half-band filter of 4 m + 3 taps has its middle tap, ½, at an odd position, and zeros at all
// other odd positions. On the way up, one output of each pair is the middle tap alone and the other
// is the sum; on the way down it is the same with pairs of inputs. Sums are built tap by tap over
// the whole block, which vectorises.

#include "core/model/halfband.h"

#include "core/circle.h"
#include "core/kaiser.h"

#include <math.h>
#include <string.h>

#define KAISER_BETA 8.96 ///< For 90 dB
#define STEEP_TAPS 36U   ///< Of 71
#define LOOSE_TAPS 14U   ///< Of 27
#define LOOSE_PAD 2U     ///< Makes the total delay a whole number of frames

static void
init_stage(HalfbandStage* const stage, const uint32_t n_taps, const uint32_t pad)
{
  double taps[HALFBAND_MAX_TAPS];
  double sum = 0.0;
  stage->n_taps = n_taps;
  stage->pad = pad;
  for (uint32_t k = 0; k < n_taps; ++k) {
    const double place = 2.0 * k - (n_taps - 1.0); // Distance from the middle, odd
    const double edge = place / n_taps;
    taps[k] = sin(PI * place / 2.0) / (PI * place) * kaiser_window(edge, KAISER_BETA) /
              kaiser_window(0.0, KAISER_BETA);
    sum += taps[k];
  }
  for (uint32_t k = 0; k < n_taps; ++k) {
    stage->taps[k] = (float)(0.5 * taps[k] / sum); // Makes the gain at 0 Hz exactly 1
  }
}

void
halfband_init(Halfband* const halfband, const uint32_t factor)
{
  memset(halfband, 0, sizeof(*halfband));
  halfband->factor = factor;
  init_stage(&halfband->stages[0], STEEP_TAPS, 0);
  init_stage(&halfband->stages[1], LOOSE_TAPS, LOOSE_PAD);
}

// Audio thread from here

uint32_t
halfband_latency(const uint32_t factor) RT
{
  return factor == 1 ? 0 : factor == 2 ? STEEP_TAPS - 1 : STEEP_TAPS - 1 + (LOOSE_TAPS - 1 + 1) / 2;
}

static void
fill_samples(float* const samples, const uint32_t n, const float value) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    samples[i] = value;
  }
}

void
halfband_reset(Halfband* const halfband, const float rest) RT
{
  for (uint32_t s = 0; s < 2; ++s) {
    HalfbandStage* const stage = &halfband->stages[s];
    fill_samples(stage->up, HALFBAND_MAX_TAPS, 0.0F);
    fill_samples(stage->even, HALFBAND_MAX_TAPS, rest);
    fill_samples(stage->odd, HALFBAND_MAX_TAPS, rest);
  }
}

/// out (n) += Σ tap k * in (n + k)
static void
add_taps(const HalfbandStage* const stage, const float* const in, float* const out,
         const uint32_t n) RT
{
  for (uint32_t k = 0; k < stage->n_taps; ++k) {
    const float tap = stage->taps[k];
    for (uint32_t i = 0; i < n; ++i) {
      out[i] += tap * in[i + k];
    }
  }
}

/// Keep the end of a block for the next one
static void
keep_end(float* const samples, const uint32_t n) RT
{
  memmove(samples, samples + n, HALFBAND_MAX_TAPS * sizeof(float));
}

static void
stage_up(HalfbandStage* const stage, const float* const in, float* const out, const uint32_t n) RT
{
  float sums[2 * HALFBAND_MAX_FRAMES] = {0.0F};
  const float* const first = stage->up + HALFBAND_MAX_TAPS + 1 - stage->n_taps;
  memcpy(stage->up + HALFBAND_MAX_TAPS, in, n * sizeof(float));
  add_taps(stage, first, sums, n);
  for (uint32_t i = 0; i < n; ++i) {
    out[2 * i] = 2.0F * sums[i];
    out[2 * i + 1] = first[i + stage->n_taps / 2];
  }
  keep_end(stage->up, n);
}

static void
stage_down(HalfbandStage* const stage, const float* const in, float* const out, const uint32_t n) RT
{
  float sums[2 * HALFBAND_MAX_FRAMES] = {0.0F};
  const uint32_t late = stage->pad / 2;
  for (uint32_t i = 0; i < n; ++i) {
    stage->even[HALFBAND_MAX_TAPS + i] = in[2 * i];
    stage->odd[HALFBAND_MAX_TAPS + i] = in[2 * i + 1];
  }
  const float* const even = stage->even + HALFBAND_MAX_TAPS + 1 - stage->n_taps - late;
  const float* const odd = stage->odd + HALFBAND_MAX_TAPS - stage->n_taps / 2 - late;
  add_taps(stage, even, sums, n);
  for (uint32_t i = 0; i < n; ++i) {
    out[i] = sums[i] + 0.5F * odd[i];
  }
  keep_end(stage->even, n);
  keep_end(stage->odd, n);
}

void
halfband_up(Halfband* const halfband, const float* const in, float* const out, const uint32_t n) RT
{
  float between[2 * HALFBAND_MAX_FRAMES];
  if (halfband->factor == 4) {
    stage_up(&halfband->stages[0], in, between, n);
    stage_up(&halfband->stages[1], between, out, 2 * n);
  } else {
    stage_up(&halfband->stages[0], in, out, n);
  }
}

void
halfband_down(Halfband* const halfband, const float* const in, float* const out,
              const uint32_t n) RT
{
  float between[2 * HALFBAND_MAX_FRAMES];
  if (halfband->factor == 4) {
    stage_down(&halfband->stages[1], in, between, 2 * n);
    stage_down(&halfband->stages[0], between, out, n);
  } else {
    stage_down(&halfband->stages[0], in, out, n);
  }
}

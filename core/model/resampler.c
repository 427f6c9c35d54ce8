// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Output k is at k * rate_in / rate_out of the input, stored as a whole number of frames and a
// remainder. It is computed as soon as half a filter's length of input after it is there.

#include "core/model/resampler.h"

#define LANES 4 // Registers that every machine has
#include "core/circle.h"
#include "core/kaiser.h"
#include "core/lanes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_EXACT_PHASES 640U ///< 44.1 kHz to 192 kHz needs this many
#define N_PHASES 512U       ///< Larger tables are replaced by one of this size, with interpolation
#define KAISER_BETA 8.96    ///< For 90 dB
#define FLAT 0.45           ///< Edge of the pass band, as a fraction of the slower rate
#define ATTENUATION_DB 90.0
#define SLACK 32U ///< Frames an output may be delayed beyond the minimum

struct ResamplerImpl {
  uint32_t in; ///< The rates, divided by their common divisors
  uint32_t out;
  uint32_t half;     ///< Half of the filter's length [frames of the input]
  uint32_t n_phases; ///< Positions between two inputs in the table: all `out`, or N_PHASES
  uint32_t n_past;   ///< Frames of the input that are kept
  uint32_t max_frames;
  float* table;       ///< (n_phases + 1, 2 * half)
  float* past;        ///< (n_past + max_frames), the newest last
  int64_t position;   ///< Of the next output, counted from the next input [frames]
  uint32_t remainder; ///< Its fraction [1/out frames]
};

static uint32_t
common_divisor(uint32_t a, uint32_t b)
{
  while (b) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/// Return the unscaled tap for an input `place` frames after an output
static double
tap_at(const Resampler* const r, const double place, const double cutoff)
{
  const double edge = place / r->half;
  const double x = 2.0 * cutoff * place;
  const double sinc = fabs(x) < 1e-12 ? 1.0 : sin(PI * x) / (PI * x);
  return edge * edge >= 1.0 ? 0.0 : sinc * kaiser_window(edge, KAISER_BETA);
}

/// Fill the table. In phase p the output is p / n_phases frames after the middle input; each phase
/// has a gain of 1 at 0 Hz.
static void
fill_table(Resampler* const r)
{
  const double slower = fmin(1.0, (double)r->out / r->in); // As a fraction of the input's rate
  const uint32_t n_taps = 2 * r->half;
  for (uint32_t p = 0; p <= r->n_phases; ++p) {
    float* const row = r->table + (size_t)p * n_taps;
    double sum = 0.0;
    for (uint32_t k = 0; k < n_taps; ++k) {
      const double tap =
          tap_at(r, (double)k + 1.0 - r->half - (double)p / r->n_phases, 0.5 * slower);
      row[k] = (float)tap;
      sum += tap;
    }
    for (uint32_t k = 0; k < n_taps; ++k) {
      row[k] = (float)((double)row[k] / sum);
    }
  }
}

/// Return half of the length that a transition from FLAT to 1 - FLAT of the slower rate needs, in
/// whole vectors
static uint32_t
half_length(const double in, const double out)
{
  const double width = 2.0 * PI * (1.0 - 2.0 * FLAT) * fmin(1.0, out / in);
  const uint32_t least = (uint32_t)ceil((ATTENUATION_DB - 8.0) / (2.285 * width) / 2.0);
  return (least + LANES - 1) / LANES * LANES;
}

Status
resampler_new(const double rate_in, const double rate_out, const uint32_t max_frames,
              Resampler** const resampler)
{
  const uint32_t in = (uint32_t)lround(rate_in);
  const uint32_t out = (uint32_t)lround(rate_out);
  Resampler* const r = (Resampler*)calloc(1, sizeof(Resampler));
  if (!r) {
    return STATUS_NO_MEMORY;
  }
  r->in = in / common_divisor(in, out);
  r->out = out / common_divisor(in, out);
  r->half = half_length(rate_in, rate_out);
  r->n_phases = r->out <= N_EXACT_PHASES ? r->out : N_PHASES;
  r->n_past = 2 * r->half + SLACK;
  r->max_frames = max_frames;
  r->table = (float*)malloc((r->n_phases + 1) * (size_t)(2 * r->half) * sizeof(float));
  r->past = (float*)malloc(((size_t)r->n_past + max_frames) * sizeof(float));
  if (!r->table || !r->past) {
    resampler_free(r);
    return STATUS_NO_MEMORY;
  }
  fill_table(r);
  resampler_reset(r, 0.0F, 0, 0);
  *resampler = r;
  return STATUS_OK;
}

void
resampler_free(Resampler* const resampler)
{
  if (resampler) {
    free(resampler->table);
    free(resampler->past);
    free(resampler);
  }
}

uint32_t
resampler_max_out(const Resampler* const resampler)
{
  return (uint32_t)((uint64_t)resampler->max_frames * resampler->out / resampler->in) + 2;
}

// Audio thread from here

uint32_t
resampler_lead(const Resampler* const resampler) RT
{
  return resampler->half;
}

void
resampler_reset(Resampler* const resampler, const float rest, const uint32_t delay,
                const uint32_t ahead) RT
{
  const uint64_t back = (uint64_t)delay * resampler->in;
  const uint64_t whole = (back + resampler->out - 1) / resampler->out;
  for (uint32_t i = 0; i < resampler->n_past; ++i) {
    resampler->past[i] = rest;
  }
  resampler->position = (int64_t)ahead - (int64_t)whole;
  resampler->remainder = (uint32_t)(whole * resampler->out - back);
}

static float
sum_taps(const float* const row, const float* const x, const uint32_t n_taps) RT
{
  Lanes sum = {0};
  Lanes other = {0}; // Two sums, so that neither waits for the other
  for (uint32_t k = 0; k < n_taps; k += 2 * LANES) {
    sum += lanes_load(row + k) * lanes_load(x + k);
    other += lanes_load(row + k + LANES) * lanes_load(x + k + LANES);
  }
  return lanes_sum(sum + other);
}

/// Return the output at the current position; `x` is the oldest input in the filter
static float
interpolate_frame(const Resampler* const r, const float* const x) RT
{
  const uint32_t n_taps = 2 * r->half;
  if (r->n_phases == r->out) {
    return sum_taps(r->table + (size_t)r->remainder * n_taps, x, n_taps);
  }
  const uint64_t scaled = (uint64_t)r->remainder * r->n_phases;
  const float* const row = r->table + scaled / r->out * n_taps;
  const float between = (float)(scaled % r->out) / (float)r->out;
  const float here = sum_taps(row, x, n_taps);
  return here + between * (sum_taps(row + n_taps, x, n_taps) - here);
}

static void
advance_position(Resampler* const r) RT
{
  r->position += r->in / r->out;
  r->remainder += r->in % r->out;
  if (r->remainder >= r->out) {
    r->remainder -= r->out;
    ++r->position;
  }
}

uint32_t
resampler_run(Resampler* const resampler, const float* const in, const uint32_t n, float* const out,
              const uint32_t max_out) RT
{
  Resampler* const r = resampler;
  uint32_t n_out = 0;
  memcpy(r->past + r->n_past, in, n * sizeof(float));
  // The output at `position` uses the inputs from position + 1 - half to position + half
  while (n_out < max_out && r->position + (int64_t)r->half < (int64_t)n) {
    const int64_t oldest = r->position + 1 - (int64_t)r->half + (int64_t)r->n_past;
    out[n_out++] = oldest >= 0 ? interpolate_frame(r, r->past + oldest) : r->past[0];
    advance_position(r);
  }
  memmove(r->past, r->past + n, r->n_past * sizeof(float));
  r->position -= (int64_t)n;
  return n_out;
}

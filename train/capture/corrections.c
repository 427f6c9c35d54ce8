// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Block by block into a spool, because a recording may be longer than memory. The filter is a sinc
// under a Kaiser window, in a table of 1024 places between two frames, interpolated linearly.

#include "train/capture/corrections.h"

#include "core/circle.h"
#include "core/kaiser.h"
#include "train/audio/spool.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define HALF 32     ///< Frames of the filter on either side
#define PHASES 1024 ///< Places between two frames
#define BETA 9.0    ///< Of the Kaiser window

#define MOST_EARLY 6.0 ///< Delay that needs no correction [frames]
#define MOST_LATE 10.0
#define LEAST_DRIFT 2e-6

double
corrections_delay(const double delay)
{
  return delay > MOST_LATE ? delay - CORRECTIONS_LEFT : delay < -MOST_EARLY ? delay : 0.0;
}

double
corrections_drift(const double drift)
{
  return fabs(drift) < LEAST_DRIFT ? 0.0 : drift;
}

bool
corrections_are_none(const Corrections* const corrections)
{
  return corrections->delay == 0.0 && corrections->drift == 0.0 && corrections->dc == 0.0;
}

/// Filters, (PHASES + 1, 2 * HALF)
typedef struct {
  float taps[PHASES + 1][2 * HALF];
} SincTable;

static void
make_sinc(SincTable* const sinc)
{
  for (int p = 0; p <= PHASES; ++p) {
    for (int i = 0; i < 2 * HALF; ++i) {
      const double x = i - (HALF - 1) - (double)p / PHASES;
      const double place = x / HALF;
      const double window =
          fabs(place) < 1.0 ? kaiser_window(place, BETA) / kaiser_window(0.0, BETA) : 0.0;
      sinc->taps[p][i] = (float)(x == 0.0 ? 1.0 : window * sin(PI * x) / (PI * x));
    }
  }
}

/// Return a sample, 0 outside of the recording
static float
sample_of(const Wav* const wav, const int64_t frame)
{
  return frame >= 0 && frame < (int64_t)wav->n_frames ? wav->samples[frame] : 0.0F;
}

/// Return the recording at a time [frames]
static double
value_at(const Wav* const wav, const SincTable* const sinc, const double time)
{
  const double whole = floor(time);
  const double place = (time - whole) * PHASES;
  const int p = (int)place < PHASES ? (int)place : PHASES - 1;
  const double part = place - p;
  double sums[2] = {0.0, 0.0};
  for (int i = 0; i < 2 * HALF; ++i) {
    const double x = (double)sample_of(wav, (int64_t)whole + i - (HALF - 1));
    sums[0] += x * (double)sinc->taps[p][i];
    sums[1] += x * (double)sinc->taps[p + 1][i];
  }
  return sums[0] + part * (sums[1] - sums[0]);
}

/// Return how many frames there are before the target ends
static uint64_t
length_of(const Wav* const target, const Corrections* const m, const uint64_t n_frames)
{
  const double end = ((double)target->n_frames - 1.0 - m->delay) / (1.0 + m->drift) + 1.0;
  if (end <= 0.0) {
    return 0;
  }
  return end < (double)n_frames ? (uint64_t)end : n_frames;
}

static void
fill_block(const Wav* const target, const Corrections* const m, const SincTable* const sinc,
           const uint64_t begin, float block[WAV_BLOCK])
{
  const bool is_whole = m->drift == 0.0 && m->delay == floor(m->delay);
  for (uint32_t i = 0; i < WAV_BLOCK; ++i) {
    const double n = (double)(begin + i);
    const double time = n + n * m->drift + m->delay;
    const double value =
        is_whole ? (double)sample_of(target, (int64_t)time) : value_at(target, sinc, time);
    block[i] = time < 0.0 ? 0.0F : (float)(value - m->dc);
  }
}

static Status
write_all(const Wav* const target, const Corrections* const m, Spool* const spool,
          Wav* const corrected, Message* const message)
{
  SincTable* const sinc = (SincTable*)malloc(sizeof(SincTable));
  Status status = STATUS_OK;
  if (!sinc) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  make_sinc(sinc);
  for (uint64_t i = 0; i < corrected->n_frames && !status; i += WAV_BLOCK) {
    const uint64_t left = corrected->n_frames - i;
    float block[WAV_BLOCK];
    fill_block(target, m, sinc, i, block);
    status = spool_add(spool, block, left < WAV_BLOCK ? (uint32_t)left : WAV_BLOCK, message);
  }
  free(sinc);
  return status ? status : spool_map(spool, &corrected->samples, message);
}

Status
corrections_apply(const Wav* const target, const Corrections* const corrections,
                  const uint64_t n_frames, Wav* const corrected, Message* const message)
{
  Spool spool;
  *corrected = (Wav){.n_frames = length_of(target, corrections, n_frames),
                     .sample_rate = target->sample_rate,
                     .channels = target->channels};
  if (!corrected->n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "the target ends before the input starts");
  }
  Status status = spool_open(&spool, message);
  if (status) {
    return status;
  }
  status = write_all(target, corrections, &spool, corrected, message);
  spool_close(&spool);
  return status;
}

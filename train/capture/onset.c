// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// An answer counts from a fifth of the largest on: earlier ripples belong to the filters of
// converters, which sound before they should.

#include "train/capture/onset.h"

#include <math.h>

#define WITHIN 48        ///< Lags in which the answer is expected, to either side
#define ANSWERS 0.2      ///< Against the largest
#define ABOVE_CHANCE 1.8 ///< Against the largest of the lags before those
#define CLEAR 5.0        ///< The largest, likewise
#define COMPARED 24      ///< Lags by which two answers may differ
#define TINY 1e-30

/// Add a piece; `target` begins ONSET_REACH before the lag that is 0
static void
add_piece(OnsetSums* const sums, const float* const input, const float* const away,
          const float* const target)
{
  for (uint32_t k = 0; k < ONSET_LAGS; ++k) {
    float dots[2][8] = {{0.0F}};
    for (uint32_t i = 0; i < INNOVATION_PIECE; i += 8) {
      for (uint32_t n = 0; n < 8; ++n) {
        dots[0][n] += input[i + n] * target[k + i + n];
        dots[1][n] += away[i + n] * target[k + i + n];
      }
    }
    for (uint32_t n = 0; n < 8; ++n) {
      sums->same[k] += (double)dots[0][n];
      sums->larger[k] += (double)dots[1][n];
    }
  }
  for (uint32_t i = 0; i < INNOVATION_PIECE; ++i) {
    sums->input += (double)input[i] * (double)input[i];
    sums->target += (double)target[ONSET_REACH + i] * (double)target[ONSET_REACH + i];
  }
}

void
onset_add(OnsetSums* const sums, OnsetWork* const work, const Wav* const pair[2],
          const uint64_t begin, const DelayTrend line)
{
  const int64_t late = llrint(line.delay + line.drift * (double)begin);
  innovation_compute(pair[0], (int64_t)begin, ONSET_STRETCH, work->input);
  innovation_compute(pair[1], (int64_t)begin + late - INNOVATION_PIECE,
                     ONSET_STRETCH + 2 * INNOVATION_PIECE, work->target);
  for (uint32_t p = 0; p < ONSET_STRETCH; p += INNOVATION_PIECE) {
    const double middle = (double)(begin + p) + 0.5 * INNOVATION_PIECE;
    const int64_t later = llrint(line.delay + line.drift * middle) - late;
    float away[INNOVATION_PIECE];
    for (uint32_t i = 0; i < INNOVATION_PIECE; ++i) {
      const uint64_t frame = begin + p + i;
      const bool is_negative =
          frame && frame <= pair[0]->n_frames && pair[0]->samples[frame - 1] < 0.0F;
      away[i] = is_negative ? -work->input[p + i] : work->input[p + i];
    }
    add_piece(sums, work->input + p, away,
              work->target + INNOVATION_PIECE + p + later - ONSET_REACH);
  }
}

/// Write the size of the answer at each lag
static void
measure_answer(const OnsetSums* const sums, double answer[ONSET_LAGS])
{
  for (uint32_t k = 0; k < ONSET_LAGS; ++k) {
    answer[k] = hypot(sums->same[k], sums->larger[k]) / sqrt(sums->input * sums->target + TINY);
  }
}

static double
largest_of(const double answer[ONSET_LAGS], const int32_t from, const int32_t to)
{
  double most = 0.0;
  for (int32_t lag = from; lag < to; ++lag) {
    most = fmax(most, answer[lag + ONSET_REACH]);
  }
  return most;
}

/// Return true if the largest answer goes down
static bool
answers_downwards(const OnsetSums* const sums)
{
  double most = 0.0;
  for (uint32_t k = ONSET_REACH - WITHIN; k < ONSET_REACH + WITHIN; ++k) {
    most = fabs(sums->same[k]) > fabs(most) ? sums->same[k] : most;
  }
  return most < 0.0;
}

Onset
onset_find(const OnsetSums* const sums)
{
  double answer[ONSET_LAGS];
  measure_answer(sums, answer);
  const double most = largest_of(answer, -WITHIN, WITHIN);
  const double chance = largest_of(answer, -ONSET_REACH, -WITHIN);
  const double least = fmax(ANSWERS * most, ABOVE_CHANCE * chance);
  int32_t lag = -WITHIN;
  while (lag < WITHIN - 1 && answer[lag + ONSET_REACH] < least) {
    ++lag;
  }
  return (Onset){lag, answers_downwards(sums), most > CLEAR * chance};
}

/// Return how well two answers match when one is `later`
static double
match_answers(const OnsetSums* const sums, const OnsetSums* const reference, const int32_t later)
{
  double sum = 0.0;
  for (int32_t k = COMPARED; k < ONSET_LAGS - COMPARED; ++k) {
    sum +=
        sums->same[k + later] * reference->same[k] + sums->larger[k + later] * reference->larger[k];
  }
  return sum;
}

int32_t
onset_compare(const OnsetSums* const sums, const OnsetSums* const reference, const int32_t expected,
              double* const certainty)
{
  int32_t best = 0;
  for (int32_t later = -COMPARED; later <= COMPARED; ++later) {
    best =
        match_answers(sums, reference, later) > match_answers(sums, reference, best) ? later : best;
  }
  const double here = match_answers(sums, reference, expected);
  *certainty = match_answers(sums, reference, best) / fmax(here, TINY);
  return best;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Predictors of 64 coefficients, each fitted to its piece and half a piece to either side. Sums are
// in double, because a guitar's treble lies 90 dB below its bass.

#include "train/capture/innovation.h"

#include <math.h>

#define ORDER 64
#define SPAN (2 * (int)INNOVATION_PIECE) ///< Frames that a predictor is fitted to
#define NOISE 1e-9                       ///< Added to the power, so that there always is a solution
#define TINY 1e-30
#define LEVEL_SECONDS 0.01 ///< Of the recent level
#define SOFTEST 1e-3       ///< Recent level against the whole, below which nothing is raised
#define MOST 4.0           ///< An innovation against the recent level

/// Return a sample, 0 outside of the recording
static double
sample_of(const Wav* const wav, const int64_t frame)
{
  return frame >= 0 && frame < (int64_t)wav->n_frames ? (double)wav->samples[frame] : 0.0;
}

/// Sum the autocorrelation of a windowed span, lags 0 to ORDER
static void
autocorrelate(const Wav* const wav, const int64_t begin, double r[ORDER + 1])
{
  double frames[ORDER + SPAN] = {0.0}; // Nothing lies before the span
  for (int i = 0; i < SPAN; ++i) {
    const double place = (i + 0.5) / (0.5 * SPAN) - 1.0;
    const double window = 1.0 - place * place;
    frames[ORDER + i] = window * window * window * sample_of(wav, begin + i);
  }
  for (int k = 0; k <= ORDER; ++k) {
    r[k] = 0.0;
  }
  for (int i = ORDER; i < ORDER + SPAN; ++i) {
    for (int k = 0; k <= ORDER; ++k) {
      r[k] += frames[i] * frames[i - k];
    }
  }
}

/// Solve for the predictor: x[t] is about the sum of a[k] x[t - 1 - k]
static void
solve_predictor(const double r[ORDER + 1], double a[ORDER])
{
  double error = r[0] * (1.0 + NOISE) + TINY;
  for (int k = 0; k < ORDER; ++k) {
    double sum = r[k + 1];
    for (int i = 0; i < k; ++i) {
      sum -= a[i] * r[k - i];
    }
    const double reflection = sum / error;
    a[k] = reflection;
    for (int i = 0; i < k / 2; ++i) {
      const double other = a[k - 1 - i];
      a[k - 1 - i] -= reflection * a[i];
      a[i] -= reflection * other;
    }
    if (k % 2) {
      a[k / 2] -= reflection * a[k / 2];
    }
    error *= 1.0 - reflection * reflection;
  }
}

/// Write what a predictor leaves of a piece
static void
predict_piece(const Wav* const wav, const int64_t begin, const double a[ORDER], float* const rest)
{
  double frames[ORDER + INNOVATION_PIECE];
  for (int i = 0; i < ORDER + (int)INNOVATION_PIECE; ++i) {
    frames[i] = sample_of(wav, begin + i - ORDER);
  }
  for (uint32_t i = 0; i < INNOVATION_PIECE; ++i) {
    double sum = frames[ORDER + i];
    for (uint32_t k = 0; k < ORDER; ++k) {
      sum -= a[k] * frames[ORDER + i - 1 - k];
    }
    rest[i] = (float)sum;
  }
}

/// Divide by the level of what came before
static void
normalise(const double rate, const uint32_t n_frames, float* const innovations)
{
  const double keep = exp(-1.0 / (LEVEL_SECONDS * rate));
  double mean = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    mean += (double)innovations[i] * (double)innovations[i] / n_frames;
  }
  double power = mean;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double now = (double)innovations[i];
    const double level = sqrt(power + SOFTEST * SOFTEST * mean + TINY);
    power = keep * power + (1.0 - keep) * now * now;
    innovations[i] = (float)fmin(fmax(now / level, -MOST), MOST);
  }
}

void
innovation_compute(const Wav* const wav, const int64_t begin, const uint32_t n_frames,
                   float* const innovations)
{
  for (uint32_t i = 0; i + INNOVATION_PIECE <= n_frames; i += INNOVATION_PIECE) {
    double r[ORDER + 1];
    double a[ORDER];
    autocorrelate(wav, begin + i - (int64_t)(INNOVATION_PIECE / 2), r);
    solve_predictor(r, a);
    predict_piece(wav, begin + i, a, innovations + i);
  }
  normalise(wav->sample_rate, n_frames, innovations);
}

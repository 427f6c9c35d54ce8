// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Every piece votes for a lag. Pieces with an unclear or wrong result are outvoted.

#include "train/capture/coarse_delay.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SLOTS 24U
#define LOW_HZ 70.0
#define HIGH_HZ 8000.0
#define NEAR_FRAMES 24.0 ///< Lags that differ by less agree
#define MOST_DRIFT 3e-4  ///< Of clocks that are both right
#define QUIET 1e-4       ///< Slots below this share of the loudest one's power are left out

/// A lag found for the piece that begins at a frame
typedef struct {
  double time;
  double lag;
} DelayVote;

typedef struct {
  uint32_t size;  ///< Of the transform
  uint32_t piece; ///< Frames of input in it
  kiss_fftr_cfg there;
  kiss_fftr_cfg back;
  float* frames;
  kiss_fft_cpx* a;
  kiss_fft_cpx* b;
} Correlator;

static void
correlator_clear(Correlator* const c)
{
  kiss_fftr_free(c->there);
  kiss_fftr_free(c->back);
  free(c->frames);
  free(c->a);
  free(c->b);
}

/// Make one for pieces of at least a second
static Status
correlator_init(const CoarseSearch* const s, Correlator* const c)
{
  const double rate = s->input->sample_rate;
  uint32_t size = 1024;
  while (size < 1.2 * rate + (s->reach - s->lead)) {
    size *= 2;
  }
  const double piece = fmin(size - (s->reach - s->lead) - 2.0, (double)s->input->n_frames / 2.0);
  *c = (Correlator){size,
                    (uint32_t)piece,
                    kiss_fftr_alloc((int)size, 0, NULL, NULL),
                    kiss_fftr_alloc((int)size, 1, NULL, NULL),
                    (float*)calloc(size, sizeof(float)),
                    (kiss_fft_cpx*)calloc(size / 2 + 1, sizeof(kiss_fft_cpx)),
                    (kiss_fft_cpx*)calloc(size / 2 + 1, sizeof(kiss_fft_cpx))};
  if (!c->there || !c->back || !c->frames || !c->a || !c->b) {
    correlator_clear(c);
    return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
}

uint32_t
coarse_n_slots(const Wav* const input)
{
  const double seconds = (double)input->n_frames / input->sample_rate;
  return seconds < 2.0 ? 1 : seconds > MAX_SLOTS ? MAX_SLOTS : (uint32_t)seconds;
}

uint64_t
coarse_slot(const Wav* const input, const uint32_t slot)
{
  return input->n_frames * slot / coarse_n_slots(input);
}

/// Return the target between frames, 0 outside of it
static float
target_at(const Wav* const target, const double frame)
{
  const double whole = floor(frame);
  if (whole < 0.0 || whole + 1.0 >= (double)target->n_frames) {
    return 0.0F;
  }
  const float* const x = target->samples + (uint64_t)whole;
  const float part = (float)(frame - whole);
  return part > 0.0F ? x[0] + part * (x[1] - x[0]) : x[0];
}

/// Correlate with magnitude 1 in every bin of a guitar's band, and 0 elsewhere
static void
correlate_whitened(const Correlator* const c, const double rate)
{
  for (uint32_t k = 0; k <= c->size / 2; ++k) {
    const double hz = rate * k / c->size;
    const float re = c->a[k].r * c->b[k].r + c->a[k].i * c->b[k].i;
    const float im = c->a[k].r * c->b[k].i - c->a[k].i * c->b[k].r;
    const float size = hypotf(re, im);
    const bool counts = hz > LOW_HZ && hz < HIGH_HZ && size > 0.0F;
    c->a[k] = counts ? (kiss_fft_cpx){re / size, im / size} : (kiss_fft_cpx){0.0F, 0.0F};
  }
}

/// Return the lag of the piece that begins at `begin`
static double
lag_of(const CoarseSearch* const s, const Correlator* const c, const uint64_t begin)
{
  const uint32_t n_lags = (uint32_t)(s->reach - s->lead) + 1;
  uint32_t best = 0;
  memset(c->frames, 0, c->size * sizeof(float));
  for (uint32_t i = 0; i < c->piece && begin + i < s->input->n_frames; ++i) {
    c->frames[i] = s->input->samples[begin + i];
  }
  kiss_fftr(c->there, c->frames, c->a);
  for (uint32_t i = 0; i < c->size; ++i) {
    const bool is_in = i < c->piece + n_lags;
    const double frame = ((double)begin + i + s->lead) * s->ratio;
    c->frames[i] = is_in ? target_at(s->target, frame) : 0.0F;
  }
  kiss_fftr(c->there, c->frames, c->b);
  correlate_whitened(c, s->input->sample_rate);
  kiss_fftri(c->back, c->a, c->frames);
  for (uint32_t i = 1; i < n_lags; ++i) {
    best = fabsf(c->frames[i]) > fabsf(c->frames[best]) ? i : best;
  }
  return s->lead + best;
}

static double
power_of(const Wav* const wav, const uint64_t begin, const uint32_t n_frames)
{
  double sum = 0.0;
  for (uint64_t i = begin; i < begin + n_frames && i < wav->n_frames; ++i) {
    sum += (double)wav->samples[i] * (double)wav->samples[i];
  }
  return sum;
}

/// Let every piece that is not silent vote
static uint32_t
collect_votes(const CoarseSearch* const s, const Correlator* const c, DelayVote votes[MAX_SLOTS])
{
  double powers[MAX_SLOTS];
  double most = 0.0;
  uint32_t n = 0;
  for (uint32_t i = 0; i < coarse_n_slots(s->input); ++i) {
    powers[i] = power_of(s->input, coarse_slot(s->input, i), c->piece);
    most = fmax(most, powers[i]);
  }
  for (uint32_t i = 0; i < coarse_n_slots(s->input); ++i) {
    const uint64_t begin = coarse_slot(s->input, i);
    if (powers[i] > QUIET * most && powers[i] > 0.0) {
      votes[n++] = (DelayVote){(double)begin + 0.5 * c->piece, lag_of(s, c, begin)};
    }
  }
  return n;
}

static bool
votes_agree(const DelayVote a, const DelayVote b, const double drift)
{
  return fabs(a.lag + drift * (b.time - a.time) - b.lag) <= NEAR_FRAMES;
}

/// Fit a line by least squares to the votes that agree with vote `one`
static DelayTrend
fit_line(const DelayVote* const votes, const uint32_t n, const uint32_t one, const double drift)
{
  double s[5] = {0.0};
  for (uint32_t i = 0; i < n; ++i) {
    if (votes_agree(votes[one], votes[i], drift)) {
      const double t = votes[i].time - votes[one].time;
      s[0] += 1.0;
      s[1] += t;
      s[2] += t * t;
      s[3] += votes[i].lag;
      s[4] += t * votes[i].lag;
    }
  }
  const double across = s[0] * s[2] - s[1] * s[1];
  const double slope = s[0] > 2.0 && across > 0.0 ? (s[0] * s[4] - s[1] * s[3]) / across : 0.0;
  const double level = (s[3] - slope * s[1]) / s[0];
  return (DelayTrend){level - slope * votes[one].time, slope};
}

/// Find the line with most votes near it; every pair of votes proposes one
static uint32_t
count_votes(const DelayVote* const votes, const uint32_t n, DelayTrend* const line)
{
  uint32_t most = 0;
  for (uint32_t i = 0; i < n; ++i) {
    for (uint32_t k = i; k < n; ++k) {
      const double time = votes[k].time - votes[i].time;
      const double drift = k > i ? (votes[k].lag - votes[i].lag) / time : 0.0;
      uint32_t n_agreed = 0;
      for (uint32_t j = 0; j < n; ++j) {
        n_agreed += votes_agree(votes[i], votes[j], drift);
      }
      if (fabs(drift) <= MOST_DRIFT && n_agreed > most) {
        most = n_agreed;
        *line = fit_line(votes, n, i, drift);
      }
    }
  }
  return most;
}

Status
coarse_find(const CoarseSearch* const search, DelayTrend* const line, bool* const is_found)
{
  Correlator c;
  DelayVote votes[MAX_SLOTS];
  *line = (DelayTrend){0.0, 0.0};
  const Status status = correlator_init(search, &c);
  if (status) {
    return status;
  }
  const uint32_t n = collect_votes(search, &c, votes);
  const uint32_t n_agreed = count_votes(votes, n, line);
  *is_found = n && (n_agreed >= 3 ? n_agreed * 10 >= n * 3 : n_agreed == n);
  correlator_clear(&c);
  return STATUS_OK;
}

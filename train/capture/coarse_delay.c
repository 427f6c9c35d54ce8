// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Every piece votes for a lag. Pieces with an unclear or wrong result are outvoted, and those that
// the target has nothing of don't vote.
//
// What doubles the frequency (an octave fuzz) follows the input's absolute value, not the input: so
// that is tried, too. Where neither is found, a recording may begin long before the other (a
// count-in): a few pieces are searched for much further away, at a lower rate, because that is fast
// and what is found there is exact enough. They don't overlap, so that a guitar that repeats itself
// isn't found in another one by several pieces of the same notes. At last the other way round, for
// a target that ends early, or an input whose count-in lasts as long as the playing.

#include "train/capture/coarse_delay.h"

#include <kiss_fftr.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SLOTS 24U
#define FAR_SLOTS 6U
#define LOW_HZ 70.0
#define HIGH_HZ 8000.0
#define FAR_RATE 12000.0 ///< Lowest rate of the search far away [Hz]
#define LEAST_VOTES 3U
#define NEAR_SHARE 0.3 ///< Votes that must agree
#define FAR_SHARE 0.5
#define PIECE 1.2        ///< Shortest piece that fits [s]
#define SHORT 8.0        ///< Of less than this twice as many pieces are taken, which overlap [s]
#define NARROW 1.0       ///< A search within less is sure of its place [s]
#define NEAR_FRAMES 24.0 ///< Lags that differ by less agree
#define MOST_DRIFT 3e-4  ///< Of clocks that are both right
#define QUIET 1e-4       ///< Slots below this share of the loudest one's power are left out

/// A lag found for the piece that begins at a frame
typedef struct {
  double time;
  double lag;
} DelayVote;

/// What a piece is searched as
typedef enum {
  PROXY_AS_IT_IS,
  PROXY_RECTIFIED,
  N_PROXIES,
} Proxy;

/// The votes of all pieces, for each proxy
typedef struct {
  DelayVote items[N_PROXIES][MAX_SLOTS];
  uint32_t n;
} DelayBallot;

typedef struct {
  uint32_t size;    ///< Of the transform
  uint32_t step;    ///< Frames per sample of it
  uint32_t piece;   ///< Samples of input in it
  uint32_t n_lags;  ///< Samples
  double span;      ///< Frames of the input that are searched
  uint32_t n_slots; ///< Pieces of them
  kiss_fftr_cfg there;
  kiss_fftr_cfg back;
  float* samples;
  kiss_fft_cpx* piece_bins;
  kiss_fft_cpx* target_bins;
  kiss_fft_cpx* product;
} Correlator;

static void
correlator_clear(Correlator* const c)
{
  kiss_fftr_free(c->there);
  kiss_fftr_free(c->back);
  free(c->samples);
  free(c->piece_bins);
}

/// Return how many pieces there are in as many frames
static uint32_t
count_slots(const double n_frames, const double rate)
{
  const double seconds = n_frames / rate;
  return seconds < 2.0 ? 1 : seconds > MAX_SLOTS ? MAX_SLOTS : (uint32_t)seconds;
}

/// Return how many pieces are searched of as many frames
static uint32_t
count_pieces(const double n_frames, const double rate)
{
  return (n_frames < SHORT * rate ? 2 : 1) * count_slots(n_frames, rate);
}

uint32_t
coarse_n_slots(const Wav* const input)
{
  return count_slots((double)input->n_frames, input->sample_rate);
}

uint64_t
coarse_slot(const Wav* const input, const uint32_t slot)
{
  return input->n_frames * slot / coarse_n_slots(input);
}

/// Return how many frames of the input the target may hold, however early it is
static double
count_searched(const CoarseSearch* const s)
{
  return fmin((double)s->input->n_frames, (double)s->target->n_frames / s->ratio - s->lead);
}

static Status
correlator_init(const CoarseSearch* const s, const uint32_t step, Correlator* const c)
{
  const double n_lags = floor((s->reach - s->lead) / step) + 1.0;
  uint32_t size = 1024;
  while (size < PIECE * s->input->sample_rate / step + n_lags) {
    size *= 2;
  }
  const double piece = fmin(size - n_lags - 1.0, (double)s->input->n_frames / 2.0 / step);
  const size_t n_bins = size / 2 + 1;
  kiss_fft_cpx* const bins = (kiss_fft_cpx*)calloc(3 * n_bins, sizeof(kiss_fft_cpx));
  *c = (Correlator){.size = size,
                    .step = step,
                    .piece = (uint32_t)piece,
                    .n_lags = (uint32_t)n_lags,
                    .span = count_searched(s),
                    .n_slots = count_pieces(count_searched(s), s->input->sample_rate),
                    .there = kiss_fftr_alloc((int)size, 0, NULL, NULL),
                    .back = kiss_fftr_alloc((int)size, 1, NULL, NULL),
                    .samples = (float*)calloc(size, sizeof(float)),
                    .piece_bins = bins,
                    .target_bins = bins + n_bins,
                    .product = bins + 2 * n_bins};
  if (!c->there || !c->back || !c->samples || !bins) {
    correlator_clear(c);
    return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
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

/// Transform the piece of the input that begins at `begin`
static void
transform_piece(const CoarseSearch* const s, const Correlator* const c, const uint64_t begin,
                const Proxy proxy)
{
  memset(c->samples, 0, c->size * sizeof(float));
  for (uint32_t i = 0; i < c->piece * c->step && begin + i < s->input->n_frames; ++i) {
    const float x = s->input->samples[begin + i];
    c->samples[i / c->step] += proxy == PROXY_RECTIFIED ? fabsf(x) : x;
  }
  kiss_fftr(c->there, c->samples, c->piece_bins);
}

/// Transform where the piece that begins at `begin` may be; return the power
static double
transform_target(const CoarseSearch* const s, const Correlator* const c, const uint64_t begin)
{
  double power = 0.0;
  memset(c->samples, 0, c->size * sizeof(float));
  for (uint32_t i = 0; i < (c->piece + c->n_lags) * c->step; ++i) {
    const double frame = ((double)begin + i + s->lead) * s->ratio;
    const float x = target_at(s->target, frame);
    c->samples[i / c->step] += x;
    power += (double)x * (double)x;
  }
  kiss_fftr(c->there, c->samples, c->target_bins);
  return power;
}

/// Correlate with magnitude 1 in every bin of a guitar's band, and 0 elsewhere
static void
correlate_whitened(const Correlator* const c, const double rate)
{
  for (uint32_t k = 0; k <= c->size / 2; ++k) {
    const kiss_fft_cpx a = c->piece_bins[k];
    const kiss_fft_cpx b = c->target_bins[k];
    const double hz = rate / c->step * k / c->size;
    const float re = a.r * b.r + a.i * b.i;
    const float im = a.r * b.i - a.i * b.r;
    const float size = hypotf(re, im);
    const bool counts = hz > LOW_HZ && hz < HIGH_HZ && size > 0.0F;
    c->product[k] = counts ? (kiss_fft_cpx){re / size, im / size} : (kiss_fft_cpx){0.0F, 0.0F};
  }
  kiss_fftri(c->back, c->product, c->samples);
}

/// Return the lag at which the transformed piece and target are most alike [frames]
static double
find_lag(const CoarseSearch* const s, const Correlator* const c)
{
  uint32_t best = 0;
  correlate_whitened(c, s->input->sample_rate);
  for (uint32_t i = 1; i < c->n_lags; ++i) {
    best = fabsf(c->samples[i]) > fabsf(c->samples[best]) ? i : best;
  }
  return s->lead + (double)best * c->step;
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

/// Return where a piece begins
static uint64_t
begin_of(const Correlator* const c, const uint32_t slot)
{
  return (uint64_t)(c->span * slot / c->n_slots);
}

/// Let a piece vote as every proxy, if the target has anything there
static void
take_vote(const CoarseSearch* const s, const Correlator* const c, const uint64_t begin,
          DelayBallot* const ballot)
{
  if (!(transform_target(s, c, begin) > 0.0)) {
    return;
  }
  for (uint32_t k = 0; k < N_PROXIES; ++k) {
    transform_piece(s, c, begin, (Proxy)k);
    ballot->items[k][ballot->n] =
        (DelayVote){(double)begin + 0.5 * c->piece * c->step, find_lag(s, c)};
  }
  ++ballot->n;
}

/// Let every piece vote that is not silent
static void
collect_votes(const CoarseSearch* const s, const Correlator* const c, DelayBallot* const ballot)
{
  double powers[MAX_SLOTS];
  double most = 0.0;
  for (uint32_t i = 0; i < c->n_slots; ++i) {
    powers[i] = power_of(s->input, begin_of(c, i), c->piece * c->step);
    most = fmax(most, powers[i]);
  }
  for (uint32_t i = 0; i < c->n_slots; ++i) {
    if (powers[i] > QUIET * most && powers[i] > 0.0) {
      take_vote(s, c, begin_of(c, i), ballot);
    }
  }
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

/// Take the line of the first proxy on which the votes agree, at least `share` of them
static bool
elect_line(const DelayBallot* const ballot, const double share, DelayTrend* const line)
{
  const uint32_t n = ballot->n;
  bool is_found = false;
  for (uint32_t k = 0; k < N_PROXIES && !is_found; ++k) {
    const uint32_t n_agreed = count_votes(ballot->items[k], n, line);
    is_found = n && (n_agreed >= LEAST_VOTES ? n_agreed >= share * n : n_agreed == n);
  }
  return is_found;
}

/// Search as far away as asked
static Status
search_near(const CoarseSearch* const search, DelayTrend* const line, bool* const is_found)
{
  Correlator c;
  DelayBallot ballot = {.n = 0};
  const Status status = correlator_init(search, 1, &c);
  if (!status) {
    collect_votes(search, &c, &ballot);
    *is_found = elect_line(&ballot, NEAR_SHARE, line);
    correlator_clear(&c);
  }
  return status;
}

/// Search up to COARSE_FAR away
static Status
search_far(CoarseSearch search, DelayTrend* const line, bool* const is_found)
{
  Correlator c;
  DelayBallot ballot = {.n = 0};
  const double rate = search.input->sample_rate;
  search.lead = -COARSE_FAR * rate;
  search.reach = COARSE_FAR * rate;
  const Status status = correlator_init(&search, (uint32_t)fmax(rate / FAR_RATE, 1.0), &c);
  if (!status) {
    c.n_slots = c.n_slots < FAR_SLOTS ? c.n_slots : FAR_SLOTS;
    c.piece = (uint32_t)fmin(c.piece, c.span / c.step / c.n_slots);
    collect_votes(&search, &c, &ballot);
    *is_found = ballot.n >= LEAST_VOTES && elect_line(&ballot, FAR_SHARE, line);
    correlator_clear(&c);
  }
  return status;
}

/// Search near, and if that finds nothing, far away
static Status
search_both(const CoarseSearch* const search, DelayTrend* const line, bool* const is_found)
{
  const Status status = search_near(search, line, is_found);
  return status || *is_found ? status : search_far(*search, line, is_found);
}

/// Search for pieces of the target in the input: each has a place there if much of the input has
/// none in the target
static Status
search_backwards(const CoarseSearch* const search, DelayTrend* const line, bool* const is_found)
{
  const CoarseSearch back = {search->target, search->input, 1.0, -search->reach, -search->lead};
  const Status status = search_both(&back, line, is_found);
  *line = (DelayTrend){-line->delay * (1.0 - line->drift), -line->drift};
  return status;
}

Status
coarse_find(const CoarseSearch* const search, DelayTrend* const line, bool* const is_found)
{
  const bool is_narrow = search->reach - search->lead < NARROW * search->input->sample_rate;
  *line = (DelayTrend){0.0, 0.0};
  *is_found = false;
  if (is_narrow || search->ratio != 1.0) {
    return search_near(search, line, is_found);
  }
  const Status status = search_both(search, line, is_found);
  return status || *is_found ? status : search_backwards(search, line, is_found);
}

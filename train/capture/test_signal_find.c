// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A recording is the signal if the three groups of clicks are where one of its layouts has them.
//
// A group is found by the correlation with its clicks, divided by the norms of both. It is 1 for
// the clicks alone, and no other sound comes close: the clicks take 0.1 % of the time, so a sound
// with the same energy everywhere reaches 0.03 at most. A group shifted against itself reaches 0.46
// at most, because the clicks form a ruler; the true place always has more.
//
// The first group says how late the recording is. The second says how long the signal is without
// the user's own playing; lengths are whole numbers of seconds, so each is tried. The third lies in
// the last seconds, or at least after the second, and says how much playing there is.

#include "train/capture/test_signal_find.h"

#include <math.h>
#include <stddef.h>

#define ENOUGH 0.2      ///< Correlation that makes a group
#define SEARCH_TIME 5.0 ///< Searched at once, from the end to the beginning [s]
#define MAX_TAPS 64U    ///< Of a click, beyond its width at 192 kHz

/// The clicks of a group, to correlate with
typedef struct {
  int64_t places[SIGNAL_N_CLICKS]; ///< From the first [frames]
  double shape[MAX_TAPS];
  int64_t reach; ///< Taps on either side of the peak
  double norm;   ///< Of the whole group
} ClickTemplate;

typedef struct {
  const float* samples;
  int64_t n_frames;
} SearchedSound;

/// Where a group's first click may peak, and where it does best
typedef struct {
  int64_t begin;
  int64_t end;
  int64_t best;
  double score; ///< There
} ClickSearch;

static ClickTemplate
make_template(const SignalLayout* const layout)
{
  ClickTemplate t = {.reach = (int64_t)signal_click_reach(layout->rate)};
  double power = 0.0;
  double sizes = 0.0;
  for (int64_t d = -t.reach; d <= t.reach; ++d) {
    t.shape[d + t.reach] = signal_click_shape(layout->rate, (double)d);
    power += t.shape[d + t.reach] * t.shape[d + t.reach];
  }
  for (uint32_t k = 0; k < SIGNAL_N_CLICKS; ++k) {
    t.places[k] = (int64_t)(signal_click_frame(layout, 0, k) - signal_click_frame(layout, 0, 0));
    sizes += signal_click_size(k) * signal_click_size(k);
  }
  t.norm = sqrt(power * sizes);
  return t;
}

/// Return the correlation with all clicks if the first one peaks at frame `at`
static double
correlate_clicks(const ClickTemplate* const t, const SearchedSound x, const int64_t at)
{
  double sum = 0.0;
  for (uint32_t k = 0; k < SIGNAL_N_CLICKS; ++k) {
    const float* const from = x.samples + at + t->places[k] - t->reach;
    double click = 0.0;
    for (int64_t i = 0; i <= 2 * t->reach; ++i) {
      click += t->shape[i] * (double)from[i];
    }
    sum += signal_click_size(k) * click;
  }
  return fabs(sum);
}

static double
square_sample(const float sample)
{
  return (double)sample * (double)sample;
}

/// Find the best place in a search, which is first cut to fit the recording
static void
find_best_place(const ClickTemplate* const t, const SearchedSound x, ClickSearch* const s)
{
  const int64_t span = t->places[SIGNAL_N_CLICKS - 1U];
  const int64_t last = x.n_frames - span - t->reach;
  double energy = 0.0;
  s->begin = s->begin > t->reach ? s->begin : t->reach;
  s->end = s->end < last ? s->end : last;
  for (int64_t i = s->begin - t->reach; s->begin < s->end && i < s->begin + span + t->reach; ++i) {
    energy += square_sample(x.samples[i]);
  }
  for (int64_t at = s->begin; at < s->end; ++at) {
    energy += square_sample(x.samples[at + span + t->reach]);
    const double norm = t->norm * sqrt(energy); // NaN if rounding made the energy negative
    const double score = norm > 0.0 ? correlate_clicks(t, x, at) / norm : 0.0;
    if (score > s->score) {
      s->score = score;
      s->best = at;
    }
    energy -= square_sample(x.samples[at - t->reach]);
  }
}

/// Find the first group and how late the signal is
static bool
find_delay(const ClickTemplate* const t, const SearchedSound x, const SignalLayout* const layout,
           int64_t* const delay)
{
  const int64_t first = (int64_t)signal_click_frame(layout, 0, 0);
  ClickSearch s = {.end = first + (int64_t)(SIGNAL_MAX_DELAY * layout->rate)};
  find_best_place(t, x, &s);
  *delay = s.best - first;
  return s.score > ENOUGH;
}

/// Find the second group and lay out the signal that has it there
static bool
find_seconds(const ClickTemplate* const t, const SearchedSound x, const int64_t delay,
             SignalLayout* const layout)
{
  double score = ENOUGH;
  uint32_t best = 0;
  for (uint32_t seconds = SIGNAL_MIN_SECONDS; seconds <= SIGNAL_MAX_SECONDS; ++seconds) {
    signal_layout(layout->rate, seconds, 0, layout);
    const int64_t at = (int64_t)signal_click_frame(layout, 1, 0) + delay;
    ClickSearch s = {.begin = at, .end = at + 1};
    find_best_place(t, x, &s);
    if (s.score > score) {
      score = s.score;
      best = seconds;
    }
  }
  if (best) {
    signal_layout(layout->rate, best, 0, layout);
  }
  return best != 0;
}

/// Find the third group, as near the end as possible, and lay out the signal that has it there
static bool
find_own(const ClickTemplate* const t, const SearchedSound x, const int64_t delay,
         SignalLayout* const layout)
{
  const int64_t least = (int64_t)signal_click_frame(layout, 2, 0) + delay;
  const int64_t step = (int64_t)(SEARCH_TIME * layout->rate);
  for (int64_t end = x.n_frames; end > least; end -= step) {
    // Only the later half counts: the best place in the first half may be a shifted image
    const int64_t begin = end - 2 * step;
    ClickSearch s = {.begin = begin > least ? begin : least, .end = end};
    find_best_place(t, x, &s);
    if (s.score > ENOUGH && (begin <= least || s.best >= end - step)) {
      signal_layout(layout->rate, layout->seconds, (uint64_t)(s.best - least), layout);
      return true;
    }
  }
  return false;
}

bool
signal_recognise(const float* const recording, const uint64_t n_frames, const double rate,
                 SignalLayout* const layout, int64_t* const delay)
{
  if (!signal_has_rate(rate)) {
    return false;
  }
  SignalLayout found;
  int64_t late = 0;
  signal_layout((uint32_t)rate, SIGNAL_MIN_SECONDS, 0, &found);
  const ClickTemplate t = make_template(&found);
  const SearchedSound x = {recording, (int64_t)n_frames};
  if (!find_delay(&t, x, &found, &late) || !find_seconds(&t, x, late, &found) ||
      !find_own(&t, x, late, &found)) {
    return false;
  }
  *layout = found;
  *delay = late;
  return true;
}

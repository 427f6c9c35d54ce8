// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The plan of the test signal, one table before the playing and one after it.
//
// Everything is there at several levels, because gear responds differently at each; a soft part
// sometimes follows a loud one, to show how the gear recovers; and the passage that comes twice
// shows how alike two takes of the gear are, which no model can beat. The idea of such a signal,
// with clicks and a repeated passage, comes from Neural Amp Modeler.

#include "train/capture/test_signal_layout.h"

#include "core/circle.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#define TICKS_PER_SECOND 100U
#define PHRASE_TICKS 400.0 ///< About how long a phrase lasts
#define N_PHRASE_KINDS (GUITAR_N_PHRASES - 1U)
#define FIRST_CLICK 25U     ///< In its segment [ticks]
#define CLICK_UNIT 6U       ///< Of the ruler [ticks]
#define CLICK_REACH 0.12e-3 ///< Half the width of a click [s]

/// One line of the plan
typedef struct {
  SignalKind kind;
  uint32_t ticks; ///< That it lasts at least
  uint32_t share; ///< Of the whole in addition [0.1 %]
  double level_db;
} LayoutPart;

static const LayoutPart opening[] = {
    {SIGNAL_SILENCE, 100, 0, 0.0},     {SIGNAL_CLICKS, 200, 0, 0.0}, {SIGNAL_SILENCE, 200, 0, 0.0},
    {SIGNAL_VALIDATION, 400, 40, 0.0}, {SIGNAL_SILENCE, 50, 0, 0.0}, {SIGNAL_SWEEP, 30, 6, 0.0},
    {SIGNAL_SWEEP, 30, 6, -10.0},      {SIGNAL_SWEEP, 30, 6, -20.0}, {SIGNAL_SWEEP, 30, 6, -30.0},
    {SIGNAL_SWEEP, 30, 6, -40.0},      {SIGNAL_NOISE, 30, 4, 0.0},   {SIGNAL_NOISE, 30, 4, -40.0},
    {SIGNAL_NOISE, 30, 4, -10.0},      {SIGNAL_NOISE, 30, 4, -30.0}, {SIGNAL_NOISE, 30, 4, -20.0},
    {SIGNAL_SILENCE, 50, 0, 0.0},
};
#define N_OPENING (sizeof(opening) / sizeof(opening[0]))

/// The user's own playing comes after the first two of these
static const LayoutPart closing[] = {
    {SIGNAL_SILENCE, 100, 0, 0.0},     {SIGNAL_CLICKS, 200, 0, 0.0},  {SIGNAL_SILENCE, 50, 0, 0.0},
    {SIGNAL_VALIDATION, 400, 40, 0.0}, {SIGNAL_SILENCE, 100, 0, 0.0}, {SIGNAL_CLICKS, 200, 0, 0.0},
    {SIGNAL_SILENCE, 100, 0, 0.0},
};
#define N_CLOSING (sizeof(closing) / sizeof(closing[0]))
#define N_BEFORE_OWN 2U

static const struct {
  uint32_t place; ///< [CLICK_UNIT]
  double size;
} clicks[SIGNAL_N_CLICKS] = {{0, 1.0},  {1, -1.0},  {4, 0.5}, {10, -0.5},
                             {18, 1.0}, {23, -0.5}, {25, 1.0}};

bool
signal_has_rate(const double rate)
{
  static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0};
  for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    if (rate == rates[i]) {
      return true;
    }
  }
  return false;
}

/// Return how long a part lasts [ticks]
static uint32_t
part_ticks(const LayoutPart* const part, const uint32_t seconds)
{
  return part->ticks + part->share * seconds * TICKS_PER_SECOND / 1000U;
}

static uint32_t
sum_ticks(const LayoutPart* const parts, const size_t n_parts, const uint32_t seconds)
{
  uint32_t ticks = 0;
  for (size_t i = 0; i < n_parts; ++i) {
    ticks += part_ticks(&parts[i], seconds);
  }
  return ticks;
}

/// Add a segment of a length, at level 0
static SignalSegment*
add_segment(SignalLayout* const layout, const SignalKind kind, const uint64_t n_frames)
{
  assert(layout->n_segments < SIGNAL_MAX_SEGMENTS);
  SignalSegment* const segment = &layout->segments[layout->n_segments++];
  *segment = (SignalSegment){
      .kind = kind,
      .begin = layout->n_frames,
      .end = layout->n_frames + n_frames,
  };
  layout->n_frames = segment->end;
  return segment;
}

static uint64_t
frames_of(const SignalLayout* const layout, const uint32_t ticks)
{
  return (uint64_t)ticks * (layout->rate / TICKS_PER_SECOND);
}

static void
add_parts(SignalLayout* const layout, const LayoutPart* const parts, const size_t n_parts)
{
  for (size_t i = 0; i < n_parts; ++i) {
    const uint64_t n_frames = frames_of(layout, part_ticks(&parts[i], layout->seconds));
    add_segment(layout, parts[i].kind, n_frames)->level_db = parts[i].level_db;
  }
}

/// Return the level of phrase `kind` in a round; each round has other levels
static double
phrase_level(const uint32_t round, const GuitarPhrase kind)
{
  static const double levels_db[] = {-6.0, 0.0, -12.0, -3.0, -9.0, -20.0, -40.0, -30.0};
  const bool fixed = kind == GUITAR_STEPS || kind == GUITAR_DECAY;
  return fixed ? 0.0 : levels_db[((uint32_t)kind - 1U + 3U * round) % 8U];
}

/// Add rounds of phrases that fill the time there is, and return what is left of it
static uint32_t
add_playing(SignalLayout* const layout, const uint32_t ticks)
{
  const uint32_t n_rounds = (uint32_t)fmax(1.0, round(ticks / (N_PHRASE_KINDS * PHRASE_TICKS)));
  const uint32_t n_phrases = n_rounds * N_PHRASE_KINDS;
  for (uint32_t i = 0; i < n_phrases; ++i) {
    const uint64_t n_frames = frames_of(layout, ticks / n_phrases);
    SignalSegment* const segment = add_segment(layout, SIGNAL_PHRASE, n_frames);
    segment->phrase = (GuitarPhrase)(1U + i % N_PHRASE_KINDS);
    segment->level_db = phrase_level(i / N_PHRASE_KINDS, segment->phrase);
  }
  return ticks % n_phrases;
}

void
signal_layout(const uint32_t rate, const uint32_t seconds, const uint64_t own_frames,
              SignalLayout* const layout)
{
  assert(signal_has_rate(rate));
  assert(seconds >= SIGNAL_MIN_SECONDS && seconds <= SIGNAL_MAX_SECONDS);
  const uint32_t planned =
      sum_ticks(opening, N_OPENING, seconds) + sum_ticks(closing, N_CLOSING, seconds);
  *layout = (SignalLayout){.rate = rate, .seconds = seconds, .own_frames = own_frames};
  add_parts(layout, opening, N_OPENING);
  const uint32_t left = add_playing(layout, seconds * TICKS_PER_SECOND - planned);
  (void)add_segment(layout, SIGNAL_SILENCE, frames_of(layout, closing[0].ticks + left));
  add_parts(layout, closing + 1, N_BEFORE_OWN - 1);
  if (own_frames) {
    (void)add_segment(layout, SIGNAL_OWN, own_frames);
  }
  add_parts(layout, closing + N_BEFORE_OWN, N_CLOSING - N_BEFORE_OWN);
}

const char*
signal_name(const SignalSegment* const segment)
{
  static const char* const names[] = {"silence", "clicks",  "validation passage", "sweep",
                                      "noise",   "playing", "own playing"};
  static const char* const phrases[GUITAR_N_PHRASES] = {
      "measurements", "single notes", "power chords", "open chords", "palm mutes",
      "lead",         "broken chord", "level steps",  "decay"};
  return segment->kind == SIGNAL_PHRASE ? phrases[segment->phrase] : names[segment->kind];
}

uint32_t
signal_find(const SignalLayout* const layout, const SignalKind kind, const uint32_t number)
{
  uint32_t n_found = 0;
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    if (layout->segments[i].kind == kind && n_found++ == number) {
      return i;
    }
  }
  return layout->n_segments;
}

uint64_t
signal_click_frame(const SignalLayout* const layout, const uint32_t group, const uint32_t click)
{
  assert(group < SIGNAL_N_GROUPS && click < SIGNAL_N_CLICKS);
  const SignalSegment* const segment = &layout->segments[signal_find(layout, SIGNAL_CLICKS, group)];
  return segment->begin + frames_of(layout, FIRST_CLICK + CLICK_UNIT * clicks[click].place);
}

double
signal_click_size(const uint32_t click)
{
  assert(click < SIGNAL_N_CLICKS);
  return clicks[click].size;
}

double
signal_click_reach(const uint32_t rate)
{
  return CLICK_REACH * rate;
}

double
signal_click_shape(const uint32_t rate, const double distance)
{
  const double part = distance / signal_click_reach(rate);
  return fabs(part) < 1.0 ? 0.5 + 0.5 * cos(PI * part) : 0.0;
}

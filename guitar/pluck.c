// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A waveguide string with two polarisations. Offline.
//
// The bridge sees an ideally plucked string as a rectangular wave, high for the part of the period
// that the pick's place cuts off; it is fed into the loop once, its edges as soft as the pick. The
// loop returns it after one period, low-passed:
//
//     line[n] = feed[n] + H(z) line[n - delay],  H = g (1 - a) / (1 - a z^-1)
//
// with g and a from the decay times at the fundamental and at 4 kHz, and the delay shortened by H's
// own. The pickup at a fraction p of the string picks up line[n] - line[n - p period].

#include "guitar/pluck.h"

#include "core/circle.h"
#include "core/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_POLARISATIONS 2U
#define BRIGHT_PITCH 4000.0  ///< Where bright_decay holds [Hz]
#define RELEASE_DECAY 0.08   ///< Of a string under the hand [s]
#define RELEASE_TIME 0.16    ///< Until it is silent [s]
#define VIBRATO_RATE 5.4     ///< [Hz]
#define VIBRATO_DELAY 0.25   ///< [s]
#define SOFTEST_EDGE 0.7e-3  ///< [s]
#define HARDEST_EDGE 0.09e-3 ///< [s]
#define SCRATCH_TIME 4e-3    ///< [s]
#define SCRATCH_LEVEL 0.05

/// The two planes in which a string swings: one along the pickup's axis, one nearly across it
static const struct {
  double level;
  double detune; ///< Factor on the pitch
  double decay;  ///< Factor on the decay times
} polarisations[N_POLARISATIONS] = {{1.0, 1.0, 1.0}, {0.3, 1.0004, 1.5}};

/// The losses of one round trip
typedef struct {
  double gain;  ///< At 0 Hz
  double pole;  ///< a
  double delay; ///< At the fundamental [frames]
} Losses;

typedef struct {
  double* line;
  double lossy; ///< Output of the low-pass
} Loop;

struct PluckStringImpl {
  double rate;
  double pickup; ///< Of the note that is played
  uint32_t mask; ///< Length of a line less one, a power of two less one
  Loop loops[N_POLARISATIONS];
};

Status
pluck_string_new(const double sample_rate, PluckString** const string)
{
  PluckString* const made = (PluckString*)calloc(1, sizeof(PluckString));
  if (!made) {
    return STATUS_NO_MEMORY;
  }
  made->rate = sample_rate;
  uint32_t length = 16;
  while (length < 2.0 * sample_rate / PLUCK_MIN_PITCH) {
    length *= 2;
  }
  made->mask = length - 1U;
  for (uint32_t p = 0; p < N_POLARISATIONS; ++p) {
    made->loops[p].line = (double*)calloc(length, sizeof(double));
    if (!made->loops[p].line) {
      pluck_string_free(made);
      return STATUS_NO_MEMORY;
    }
  }
  *string = made;
  return STATUS_OK;
}

void
pluck_string_free(PluckString* const string)
{
  if (string) {
    for (uint32_t p = 0; p < N_POLARISATIONS; ++p) {
      free(string->loops[p].line);
    }
    free(string);
  }
}

static void
bring_to_rest(PluckString* const string)
{
  for (uint32_t p = 0; p < N_POLARISATIONS; ++p) {
    memset(string->loops[p].line, 0, (string->mask + 1U) * sizeof(double));
    string->loops[p].lossy = 0.0;
  }
}

/// Return the gain of one period that falls by 60 dB in `decay` seconds
static double
period_gain(const double pitch, const double decay)
{
  return pow(10.0, -3.0 / (pitch * decay));
}

/// Return the pole of a one-pole low-pass that is 1 at 0 Hz and `gain` at angle `w`
static double
pole_for(const double gain, const double w)
{
  const double power = gain * gain;
  const double b = 1.0 - power * cos(w);
  const double c = 1.0 - power;
  return c > 0.0 ? (b - sqrt(fmax(0.0, b * b - c * c))) / c : 0.0;
}

static Losses
find_losses(const double rate, const double pitch, const double decay, const double bright_decay)
{
  const double angle = 2.0 * PI * pitch / rate;
  const double bright = period_gain(pitch, bright_decay) / period_gain(pitch, decay);
  Losses losses = {.gain = period_gain(pitch, decay)};
  losses.pole = pole_for(fmin(bright, 1.0), 2.0 * PI * fmin(BRIGHT_PITCH, 0.4 * rate) / rate);
  losses.delay = atan2(losses.pole * sin(angle), 1.0 - losses.pole * cos(angle)) / angle;
  return losses;
}

/// Read the line `delay` frames before `now` by a cubic through four samples (Lagrange)
static double
read_line(const double* const line, const uint32_t mask, const uint32_t now, const double delay)
{
  const double whole = floor(delay);
  const double d = delay - whole;
  const uint32_t at = now - (uint32_t)whole;
  const double before = line[(at + 1U) & mask];
  const double here = line[at & mask];
  const double after = line[(at - 1U) & mask];
  const double last = line[(at - 2U) & mask];
  return -d * (d - 1.0) * (d - 2.0) / 6.0 * before +
         (d + 1.0) * (d - 1.0) * (d - 2.0) / 2.0 * here - (d + 1.0) * d * (d - 2.0) / 2.0 * after +
         (d + 1.0) * d * (d - 1.0) / 6.0 * last;
}

/// A step from 0 to 1 within `width`, with no corner
static double
soft_edge(const double time, const double width)
{
  const double x = fmin(1.0, fmax(0.0, time / width));
  return x * x * x * (10.0 - x * (15.0 - 6.0 * x));
}

/// What the pick feeds into the loop `time` after its touch
static double
feed_pick(const PluckNote* const note, Random* const random, const double time)
{
  const double width = SOFTEST_EDGE * pow(HARDEST_EDGE / SOFTEST_EDGE, note->hardness);
  const double high = note->pick / note->pitch;
  if (time > fmax(high + width, SCRATCH_TIME)) {
    return 0.0;
  }
  const double part = fmax(0.0, 1.0 - time / SCRATCH_TIME);
  const double scratch = part * part * random_between(random, -1.0, 1.0);
  return note->level * (soft_edge(time, width) - soft_edge(time - high, width) +
                        SCRATCH_LEVEL * note->hardness * scratch);
}

/// Return the factor on the pitch `time` after the start
static double
bend_pitch(const PluckNote* const note, const double time)
{
  const double grown = fmin(1.0, fmax(0.0, (time - VIBRATO_DELAY) / VIBRATO_DELAY));
  const double semitones =
      note->vibrato * grown * sin(2.0 * PI * VIBRATO_RATE * (time - VIBRATO_DELAY)) +
      note->slide * soft_edge(time - 0.25 * note->duration, 0.25 * note->duration);
  return semitones != 0.0 ? exp2(semitones / 12.0) : 1.0;
}

/// Take one step of one polarisation and return what the pickup picks up
static double
step_loop(PluckString* const string, const uint32_t index, const Losses* const losses,
          const uint32_t now, const double period)
{
  Loop* const loop = &string->loops[index];
  const uint32_t mask = string->mask;
  const double returned = read_line(loop->line, mask, now, period - losses->delay);
  loop->lossy = losses->gain * (1.0 - losses->pole) * returned + losses->pole * loop->lossy;
  loop->line[now & mask] += loop->lossy;
  return loop->line[now & mask] -
         read_line(loop->line, mask, now, fmax(1.0, string->pickup * period));
}

static double
step_string(PluckString* const string, const Losses losses[N_POLARISATIONS], const uint32_t now,
            const double period, const double fed)
{
  double picked_up = 0.0;
  for (uint32_t p = 0; p < N_POLARISATIONS; ++p) {
    string->loops[p].line[now & string->mask] = polarisations[p].level * fed;
    picked_up += step_loop(string, p, &losses[p], now, period / polarisations[p].detune);
  }
  return picked_up;
}

static void
find_all_losses(const PluckString* const string, const PluckNote* const note, const double decay,
                Losses losses[N_POLARISATIONS])
{
  for (uint32_t p = 0; p < N_POLARISATIONS; ++p) {
    const double factor = polarisations[p].decay;
    losses[p] = find_losses(string->rate, note->pitch, factor * decay,
                            factor * fmin(decay, note->bright_decay));
  }
}

void
pluck_add_note(PluckString* const string, const PluckNote* const note, double* const out,
               const uint32_t n_frames)
{
  Random random = random_for(note->seed, 0);
  Losses free_string[N_POLARISATIONS];
  Losses muted_string[N_POLARISATIONS];
  find_all_losses(string, note, note->decay, free_string);
  find_all_losses(string, note, fmin(note->decay, RELEASE_DECAY), muted_string);
  bring_to_rest(string);
  string->pickup = note->pickup;
  const uint32_t first = (uint32_t)ceil(note->start * string->rate);
  const uint32_t last = (uint32_t)((note->start + note->duration + RELEASE_TIME) * string->rate);
  for (uint32_t i = first; i < last && i < n_frames; ++i) {
    const double time = i / string->rate - note->start;
    const double period = string->rate / (note->pitch * bend_pitch(note, time));
    const Losses* const losses = time < note->duration ? free_string : muted_string;
    out[i] += step_string(string, losses, i - first, period, feed_pick(note, &random, time));
  }
}

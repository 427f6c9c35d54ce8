// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The player: which string is picked when, where and how hard. Offline.

#include "guitar/guitar.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/random.h"
#include "guitar/burst.h"
#include "guitar/linear.h"
#include "guitar/pluck.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define SECONDS_PER_PHRASE 4.2
#define SILENT_PART 0.05 ///< Longest silence at either end, as a fraction of a short recording
#define LEAD_IN 0.25     ///< [s]
#define TAIL 0.5         ///< [s]
#define N_STRINGS 6U
#define UNUSED (-1)

static const GuitarPickup usual_pickup = {0.13, 4200.0, 1.8};

typedef struct {
  const GuitarSpec* spec;
  GuitarPickup pickup;
  PluckString* string;
  double* out;
} Guitarist;

/// A part of the recording, with its random numbers
typedef struct {
  double start;  ///< [s]
  double length; ///< [s]
  double level;  ///< Linear
  uint32_t round;
  Random random;
} Phrase;

/// How one note or chord is picked
typedef struct {
  double start;    ///< [s]
  double duration; ///< [s]
  double level;    ///< Linear
  double hardness; ///< 0 to 1
  bool muted;      ///< By the palm
} Stroke;

typedef int8_t ChordShape[N_STRINGS]; ///< Frets, low string first

static const double open_strings[N_STRINGS] = {82.407, 110.0, 146.832, 195.998, 246.942, 329.628};

static const ChordShape open_shapes[] = {
    {0, 2, 2, 1, 0, 0},      {UNUSED, 0, 2, 2, 2, 0}, {UNUSED, UNUSED, 0, 2, 3, 2},
    {3, 2, 0, 0, 0, 3},      {UNUSED, 3, 2, 0, 1, 0}, {0, 2, 2, 0, 0, 0},
    {UNUSED, 0, 2, 2, 1, 0}, {1, 3, 3, 2, 1, 1},
};
#define N_OPEN_SHAPES (sizeof(open_shapes) / sizeof(open_shapes[0]))

/// Add one note with the decay that its pitch has on a guitar
static void
play_note(const Guitarist* const player, Phrase* const phrase, const Stroke* const stroke,
          const double pitch, PluckNote note)
{
  const double decay = 7.0 * sqrt(open_strings[0] / pitch);
  note.start = stroke->start;
  note.duration = stroke->duration;
  note.pitch = pitch;
  note.level = stroke->level * phrase->level;
  note.hardness = stroke->hardness;
  note.pick = random_between(&phrase->random, 0.08, 0.2);
  note.pickup = player->pickup.place;
  note.decay = stroke->muted ? 0.35 : decay;
  note.bright_decay = stroke->muted ? 0.06 : fmin(2.0, 0.5 * decay);
  note.seed = random_bits(&phrase->random);
  pluck_add_note(player->string, &note, player->out, player->spec->n_frames);
}

static void
play_plain_note(const Guitarist* const player, Phrase* const phrase, const Stroke* const stroke,
                const double pitch)
{
  const PluckNote plain = {.vibrato = 0.0, .slide = 0.0};
  play_note(player, phrase, stroke, pitch, plain);
}

/// Return a pitch `fret` half tones above an open string [Hz]
static double
fretted_pitch(const uint32_t string, const int fret)
{
  return open_strings[string] * exp2(fret / 12.0);
}

/// Strum a shape moved up by `fret`, from the low string or from the high one
static void
strum_shape(const Guitarist* const player, Phrase* const phrase, const Stroke* const stroke,
            const ChordShape shape, const int fret, const bool upwards)
{
  Stroke touch = *stroke;
  const double gap = random_between(&phrase->random, 0.004, 0.014);
  for (uint32_t i = 0; i < N_STRINGS; ++i) {
    const uint32_t string = upwards ? N_STRINGS - 1U - i : i;
    if (shape[string] != UNUSED) {
      touch.level = 0.4 * stroke->level * random_between(&phrase->random, 0.8, 1.0);
      play_plain_note(player, phrase, &touch, fretted_pitch(string, shape[string] + fret));
      touch.start += gap;
      touch.duration -= gap;
    }
  }
}

static void
play_run(const Guitarist* const player, Phrase* const phrase)
{
  static const int scale[] = {0, 3, 5, 7, 10};
  static const int top = 20;
  const double end = phrase->start + phrase->length - 0.2;
  int step = 0;
  int direction = 1;
  Stroke stroke = {.start = phrase->start};
  while (stroke.start < end) {
    stroke.duration = 0.11 * (1 + random_below(&phrase->random, 3));
    stroke.level = random_between(&phrase->random, 0.3, 0.8);
    stroke.hardness = stroke.level;
    play_plain_note(player, phrase, &stroke, fretted_pitch(0, 12 * (step / 5) + scale[step % 5]));
    stroke.start += stroke.duration;
    step += direction * (int)(1 + random_below(&phrase->random, 2));
    step = step > top ? top : step < 0 ? 0 : step;
    direction = step == top ? -1 : step == 0 ? 1 : direction;
  }
}

static void
play_power(const Guitarist* const player, Phrase* const phrase)
{
  static const ChordShape shapes[] = {{0, 2, 2, UNUSED, UNUSED, UNUSED},
                                      {UNUSED, 0, 2, 2, UNUSED, UNUSED}};
  const double beat = phrase->length / 5.0;
  for (int i = 0; i < 5; ++i) {
    const double level = random_between(&phrase->random, 0.35, 1.0);
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = beat * random_between(&phrase->random, 0.6, 0.98) - 0.1,
        .level = level,
        .hardness = level,
    };
    strum_shape(player, phrase, &stroke, shapes[random_below(&phrase->random, 2)],
                (int)random_below(&phrase->random, 8), false);
  }
}

static void
play_open(const Guitarist* const player, Phrase* const phrase)
{
  const double beat = phrase->length / 8.0;
  uint32_t shape = 0;
  for (uint32_t i = 0; i < 8; ++i) {
    if (i % 4 == 0) {
      shape = random_below(&phrase->random, N_OPEN_SHAPES);
    }
    const double level = random_between(&phrase->random, 0.3, 0.9);
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = beat - 0.06,
        .level = level,
        .hardness = 0.9 * level,
    };
    strum_shape(player, phrase, &stroke, open_shapes[shape], 0, i % 2 == 1);
  }
}

static void
play_mutes(const Guitarist* const player, Phrase* const phrase)
{
  static const ChordShape low = {0, 2, 2, UNUSED, UNUSED, UNUSED};
  const double beat = phrase->length / 24.0;
  const int fret = (int)random_below(&phrase->random, 6);
  for (uint32_t i = 0; i < 23; ++i) {
    const bool accent = random_below(&phrase->random, 6) == 0;
    const double level = accent ? 1.0 : random_between(&phrase->random, 0.6, 0.9);
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = beat - 0.02,
        .level = level,
        .hardness = level,
        .muted = !accent,
    };
    strum_shape(player, phrase, &stroke, low, accent ? fret + 3 : fret, false);
  }
}

static void
play_lead(const Guitarist* const player, Phrase* const phrase)
{
  const double beat = phrase->length / 4.0;
  for (uint32_t i = 0; i < 4; ++i) {
    const double level = random_between(&phrase->random, 0.5, 1.0);
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = beat - 0.2,
        .level = level,
        .hardness = level,
    };
    const PluckNote note = {
        .vibrato = i % 2 == 0 ? random_between(&phrase->random, 0.15, 0.5) : 0.0,
        .slide = i % 2 == 1 ? random_between(&phrase->random, -5.0, 5.0) : 0.0,
    };
    const uint32_t string = 2U + random_below(&phrase->random, 4);
    play_note(player, phrase, &stroke,
              fretted_pitch(string, 5 + (int)random_below(&phrase->random, 12)), note);
  }
}

static void
play_picked(const Guitarist* const player, Phrase* const phrase)
{
  const double beat = phrase->length / 16.0;
  const double end = phrase->start + phrase->length - 0.2;
  const int8_t* const shape = open_shapes[random_below(&phrase->random, N_OPEN_SHAPES)];
  const uint32_t first = random_below(&phrase->random, N_STRINGS);
  for (uint32_t i = 0; i < 15; ++i) {
    const uint32_t string = (first + i) % N_STRINGS;
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = fmin(5.0 * beat, end - phrase->start - i * beat),
        .level = random_between(&phrase->random, 0.1, 0.35),
        .hardness = random_between(&phrase->random, 0.1, 0.5),
    };
    if (shape[string] != UNUSED) {
      play_plain_note(player, phrase, &stroke, fretted_pitch(string, shape[string]));
    }
  }
}

static void
play_steps(const Guitarist* const player, Phrase* const phrase)
{
  const double beat = phrase->length / 10.0;
  const int8_t* const shape = open_shapes[random_below(&phrase->random, N_OPEN_SHAPES)];
  for (uint32_t i = 0; i < 10; ++i) {
    const Stroke stroke = {
        .start = phrase->start + i * beat,
        .duration = beat - 0.08,
        .level = decibel_to_gain(6.0 * i - 54.0),
        .hardness = 0.7,
    };
    strum_shape(player, phrase, &stroke, shape, 0, false);
  }
}

static void
play_decay(const Guitarist* const player, Phrase* const phrase)
{
  const Stroke stroke = {
      .start = phrase->start,
      .duration = phrase->length - 0.3,
      .level = 1.0,
      .hardness = random_between(&phrase->random, 0.5, 1.0),
  };
  strum_shape(player, phrase, &stroke, open_shapes[random_below(&phrase->random, N_OPEN_SHAPES)], 0,
              false);
}

static void (*const plays[GUITAR_N_PHRASES - 1])(const Guitarist*, Phrase*) = {
    play_run, play_power, play_open, play_mutes, play_lead, play_picked, play_steps, play_decay,
};

/// Return the part of the recording that is phrase `kind` of a round
static Phrase
find_phrase(const GuitarSpec* const spec, const uint32_t round, const uint32_t kind)
{
  static const double levels_db[] = {0.0, -5.0, -10.0, -3.0, -14.0, -7.0, -20.0};
  const GuitarLayout layout = guitar_layout(spec);
  const uint32_t index = round * GUITAR_N_PHRASES + kind;
  const bool fixed = kind >= GUITAR_N_PHRASES - 2;
  const Phrase phrase = {
      .start = layout.lead_in + index * layout.phrase,
      .length = layout.phrase,
      .level = fixed ? 1.0 : decibel_to_gain(levels_db[(3 * kind + 1 + 2 * round) % 7]),
      .round = round,
      .random = random_for(spec->seed, index),
  };
  return phrase;
}

static void
play_all(const Guitarist* const player)
{
  const uint32_t n_rounds = guitar_layout(player->spec).n_rounds;
  for (uint32_t round = 0; round < n_rounds; ++round) {
    for (uint32_t kind = 1; kind < GUITAR_N_PHRASES; ++kind) {
      Phrase phrase = find_phrase(player->spec, round, kind);
      plays[kind - 1](player, &phrase);
    }
  }
}

static void
filter_by_pickup(const Guitarist* const player)
{
  const double w = 2.0 * PI * player->pickup.resonance;
  const StateSpace pickup = {
      .a = {{0.0, w}, {-w, -w / player->pickup.q}},
      .b = {0.0, w},
      .c = {1.0, 0.0},
  };
  const StateSpace interface = linear_high_pass(1.0 / (2.0 * PI * 10.0));
  Linear coil;
  Linear socket;
  linear_init(&coil, &pickup, player->spec->sample_rate);
  linear_init(&socket, &interface, player->spec->sample_rate);
  for (uint32_t i = 0; i < player->spec->n_frames; ++i) {
    player->out[i] = linear_step(&socket, linear_step(&coil, player->out[i]));
  }
}

static double
find_peak(const double* const samples, const uint32_t n)
{
  double peak = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    peak = fmax(peak, fabs(samples[i]));
  }
  return peak;
}

static void
scale_samples(double* const samples, const uint32_t n, const double gain)
{
  for (uint32_t i = 0; i < n; ++i) {
    samples[i] *= gain;
  }
}

/// Filter the strings by the pickup and scale to a peak
static void
pick_up_at_peak(const Guitarist* const player, const double peak)
{
  filter_by_pickup(player);
  const double highest = find_peak(player->out, player->spec->n_frames);
  scale_samples(player->out, player->spec->n_frames, highest > 0.0 ? peak / highest : 0.0);
}

/// Return burst 0 to 3 of a phrase, each the longer part of a quarter of it
static Burst
find_burst(const GuitarSpec* const spec, const Phrase* const phrase, const uint32_t index)
{
  static const double levels_db[] = {-12.0, -24.0, -1.0, -30.0, -18.0, -6.0, -42.0};
  const double quarter = phrase->length / 4.0;
  const double start = phrase->start + (index + 0.2) * quarter;
  const Burst burst = {
      .begin = (uint32_t)(start * spec->sample_rate),
      .end = (uint32_t)((start + 0.6 * quarter) * spec->sample_rate),
      .peak = decibel_to_gain(levels_db[(4 * phrase->round + index) % 7]),
  };
  return burst;
}

static void
measure_all(const Guitarist* const player)
{
  const uint32_t n_rounds = guitar_layout(player->spec).n_rounds;
  for (uint32_t round = 0; round < n_rounds; ++round) {
    Phrase phrase = find_phrase(player->spec, round, 0);
    for (uint32_t index = 0; index < 4; ++index) {
      const Burst burst = find_burst(player->spec, &phrase, index);
      if (index % 2 == 0) {
        burst_add_sweep(&burst, player->spec->sample_rate, player->out);
      } else {
        burst_put_noise(&burst, player->spec->sample_rate, &phrase.random, player->out);
      }
    }
  }
}

GuitarLayout
guitar_layout(const GuitarSpec* const spec)
{
  const double seconds = spec->n_frames / spec->sample_rate;
  const double lead_in = fmin(LEAD_IN, SILENT_PART * seconds);
  const double playing = seconds - lead_in - fmin(TAIL, SILENT_PART * seconds);
  const double n_rounds = fmax(1.0, round(playing / (GUITAR_N_PHRASES * SECONDS_PER_PHRASE)));
  const GuitarLayout layout = {
      .lead_in = lead_in,
      .phrase = playing / (n_rounds * GUITAR_N_PHRASES),
      .n_rounds = (uint32_t)n_rounds,
  };
  return layout;
}

/// Take up a guitar; free its string in the end
static Status
begin_playing(const GuitarSpec* const spec, double* const out, Guitarist* const player)
{
  *player = (Guitarist){
      .spec = spec,
      .pickup = spec->pickup.resonance > 0.0 ? spec->pickup : usual_pickup,
      .out = out,
  };
  return pluck_string_new(spec->sample_rate, &player->string);
}

Status
guitar_render(const GuitarSpec* const spec, double* const out)
{
  Guitarist player;
  const Status status = begin_playing(spec, out, &player);
  if (status) {
    return status;
  }
  memset(out, 0, spec->n_frames * sizeof(double));
  play_all(&player);
  pick_up_at_peak(&player, GUITAR_PEAK);
  measure_all(&player);
  pluck_string_free(player.string);
  return STATUS_OK;
}

Status
guitar_play(const GuitarSpec* const spec, const GuitarPhrase phrase, double* const out)
{
  Guitarist player;
  const Status status = begin_playing(spec, out, &player);
  if (status) {
    return status;
  }
  Phrase whole = {
      .length = spec->n_frames / spec->sample_rate,
      .level = 1.0,
      .random = random_for(spec->seed, 0),
  };
  assert(phrase != GUITAR_MEASURE);
  memset(out, 0, spec->n_frames * sizeof(double));
  plays[phrase - 1U](&player, &whole);
  pick_up_at_peak(&player, 1.0);
  pluck_string_free(player.string);
  return STATUS_OK;
}

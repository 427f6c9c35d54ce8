// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Segment by segment, each with its own random numbers, so that none depends on another and a long
// signal needs little memory.

#include "train/capture/test_signal_sound.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/random.h"
#include "guitar/burst.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define BURST_MARGIN 0.05 ///< Silence at either end of a sweep or noise [s]
#define PHRASE_FADE 0.01  ///< At the end of what strings play [s]

/// A phrase of the validation passage, a third of it
static const struct {
  GuitarPhrase phrase;
  double level_db;
} passage[] = {{GUITAR_RUN, -6.0}, {GUITAR_MUTE, 0.0}, {GUITAR_DECAY, -3.0}};
#define N_PASSAGE ((uint32_t)(sizeof(passage) / sizeof(passage[0])))

/// Return the random numbers of a segment; both validation passages have the same
static Random
random_of(const SignalLayout* const layout, const uint32_t segment, const uint64_t seed)
{
  const bool is_passage = layout->segments[segment].kind == SIGNAL_VALIDATION;
  return random_for(seed, is_passage ? 0 : segment + 1U);
}

/// Put in the clicks that peak within a segment, at most 1
static void
put_clicks(const SignalLayout* const layout, const SignalSegment* const segment, double* const out)
{
  const double reach = ceil(signal_click_reach(layout->rate));
  for (uint32_t i = 0; i < SIGNAL_N_GROUPS * SIGNAL_N_CLICKS; ++i) {
    const uint64_t peak = signal_click_frame(layout, i / SIGNAL_N_CLICKS, i % SIGNAL_N_CLICKS);
    if (peak >= segment->begin && peak < segment->end) {
      for (double d = -reach; d <= reach; d += 1.0) {
        out[(int64_t)(peak - segment->begin) + (int64_t)d] =
            signal_click_size(i % SIGNAL_N_CLICKS) * signal_click_shape(layout->rate, d);
      }
    }
  }
}

/// Put in a sweep or noise with peak 1
static void
put_burst(const SignalLayout* const layout, const SignalSegment* const segment,
          Random* const random, double* const out)
{
  const uint32_t margin = (uint32_t)(BURST_MARGIN * layout->rate);
  const Burst burst = {
      .begin = margin,
      .end = (uint32_t)(segment->end - segment->begin) - margin,
      .peak = 1.0,
  };
  if (segment->kind == SIGNAL_SWEEP) {
    burst_add_sweep(&burst, layout->rate, out);
  } else {
    burst_put_noise(&burst, layout->rate, random, out);
  }
}

/// Let the last frames fall to zero
static void
fade_out(const double rate, double* const out, const uint32_t n_frames)
{
  const uint32_t n = (uint32_t)(PHRASE_FADE * rate);
  for (uint32_t i = 0; i < n; ++i) {
    out[n_frames - 1U - i] *= 0.5 - 0.5 * cos(PI * i / n);
  }
}

/// Play a phrase with peak 1 that ends in silence
static Status
play_phrase(const GuitarSpec* const spec, const GuitarPhrase phrase, double* const out)
{
  const Status status = guitar_play(spec, phrase, out);
  if (!status) {
    fade_out(spec->sample_rate, out, spec->n_frames);
  }
  return status;
}

static Status
play_passage(GuitarSpec spec, Random* const random, double* const out)
{
  const uint32_t n_frames = spec.n_frames / N_PASSAGE;
  Status status = STATUS_OK;
  spec.n_frames = n_frames;
  for (uint32_t i = 0; i < N_PASSAGE && !status; ++i) {
    double* const part = out + (size_t)i * n_frames;
    spec.seed = random_bits(random);
    status = play_phrase(&spec, passage[i].phrase, part);
    for (uint32_t k = 0; k < n_frames && !status; ++k) {
      part[k] *= decibel_to_gain(passage[i].level_db);
    }
  }
  return status;
}

/// Make a segment with peak 1 in zeroed memory
static Status
make_sound(const SignalLayout* const layout, const uint32_t index, Random random, double* const out)
{
  const SignalSegment* const segment = &layout->segments[index];
  const GuitarSpec spec = {
      .sample_rate = layout->rate,
      .n_frames = (uint32_t)(segment->end - segment->begin),
      .seed = random_bits(&random),
  };
  switch (segment->kind) {
  case SIGNAL_CLICKS:
    put_clicks(layout, segment, out);
    return STATUS_OK;
  case SIGNAL_SWEEP:
  case SIGNAL_NOISE:
    put_burst(layout, segment, &random, out);
    return STATUS_OK;
  case SIGNAL_VALIDATION:
    return play_passage(spec, &random, out);
  case SIGNAL_PHRASE:
    return play_phrase(&spec, segment->phrase, out);
  case SIGNAL_SILENCE:
  case SIGNAL_OWN:
    break;
  }
  return STATUS_OK;
}

Status
signal_render(const SignalLayout* const layout, const uint32_t segment,
              const SignalSound* const sound, float* const out)
{
  const SignalSegment* const s = &layout->segments[segment];
  const size_t n_frames = (size_t)(s->end - s->begin);
  assert(s->kind != SIGNAL_OWN);
  double* const samples = (double*)calloc(n_frames, sizeof(double));
  if (!samples) {
    return STATUS_NO_MEMORY;
  }
  const double gain = decibel_to_gain(sound->level_db + s->level_db);
  const Status status =
      make_sound(layout, segment, random_of(layout, segment, sound->seed), samples);
  for (size_t i = 0; i < n_frames && !status; ++i) {
    out[i] = (float)(gain * samples[i]);
  }
  free(samples);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is in the take? Plays it once, block by block. Main thread.

#include "train/report/survey.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "train/audio/score.h"
#include "train/capture/test_signal_find.h"
#include "train/capture/test_signal_layout.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdlib.h>

#define SOFT_DB (-30.0) ///< Below the loudest

/// Buffers of a survey
typedef struct {
  kiss_fftr_cfg plan;
  float sounds[SURVEY_N_SOUNDS][SURVEY_BLOCK];
  float window[SURVEY_BLOCK];
  float windowed[SURVEY_BLOCK];
  kiss_fft_cpx bins[SURVEY_BINS];
} SurveyWork;

static SurveyWork*
new_work(void)
{
  SurveyWork* const w = (SurveyWork*)calloc(1, sizeof(SurveyWork));
  if (w) {
    w->plan = kiss_fftr_alloc((int)SURVEY_BLOCK, 0, NULL, NULL);
    for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
      w->window[i] = (float)(0.5 - 0.5 * cos(TAU * i / SURVEY_BLOCK));
    }
  }
  if (w && w->plan) {
    return w;
  }
  free(w);
  return NULL;
}

static void
free_work(SurveyWork* const w)
{
  if (w) {
    kiss_fftr_free(w->plan);
  }
  free(w);
}

static double
measure_power(const float* const samples)
{
  double power = 0.0;
  for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
    power += (double)samples[i] * (double)samples[i];
  }
  return power / SURVEY_BLOCK;
}

static void
add_spectrum(SurveyWork* const w, const float* const samples, double* const spectrum)
{
  for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
    w->windowed[i] = w->window[i] * samples[i];
  }
  kiss_fftr(w->plan, w->windowed, w->bins);
  for (uint32_t k = 0; k < SURVEY_BINS; ++k) {
    const double re = (double)w->bins[k].r;
    const double im = (double)w->bins[k].i;
    spectrum[k] += re * re + im * im;
  }
}

static void
add_levels(const SurveyWork* const w, const float* const input, SurveyLevel* const levels)
{
  for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
    const double at = ((double)input[i] + 1.0) * 0.5 * (SURVEY_LEVELS - 1);
    if (at >= 0.0 && at <= SURVEY_LEVELS - 1) {
      SurveyLevel* const level = &levels[lrint(at)];
      level->target += (double)w->sounds[SURVEY_TARGET][i];
      level->output += (double)w->sounds[SURVEY_OUTPUT][i];
      ++level->n_frames;
    }
  }
}

static void
add_block(Playback* const playback, SurveyWork* const w, Survey* const s)
{
  const uint64_t begin = playback->at;
  const float* const target = playback->take->target->samples + begin;
  playback_play(playback, w->sounds[SURVEY_OUTPUT], SURVEY_BLOCK);
  for (uint32_t i = 0; i < SURVEY_BLOCK; ++i) {
    w->sounds[SURVEY_TARGET][i] = target[i];
    w->sounds[SURVEY_ERROR][i] = target[i] - w->sounds[SURVEY_OUTPUT][i];
  }
  for (uint32_t k = 0; k < SURVEY_N_SOUNDS; ++k) {
    add_spectrum(w, w->sounds[k], s->spectra[k]);
  }
  add_levels(w, playback->take->input->samples + begin, s->levels);
  s->blocks[s->n_blocks++] = (SurveyBlock){begin, measure_power(w->sounds[SURVEY_TARGET]),
                                           measure_power(w->sounds[SURVEY_ERROR]), true};
}

/// Play up to `end`; blocks count after the warm-up of a clip
static void
add_clip(Playback* const playback, SurveyWork* const w, const uint64_t end, Survey* const s)
{
  for (uint64_t left = playback->layout.clip_warmup; left && playback->at < end;) {
    const uint32_t n = left < SURVEY_BLOCK ? (uint32_t)left : SURVEY_BLOCK;
    const uint32_t n_there = end - playback->at < n ? (uint32_t)(end - playback->at) : n;
    playback_play(playback, w->sounds[SURVEY_OUTPUT], n_there);
    left -= n;
  }
  while (playback->at + SURVEY_BLOCK <= end) {
    add_block(playback, w, s);
  }
  if (playback->at < end) {
    playback_play(playback, w->sounds[SURVEY_OUTPUT], (uint32_t)(end - playback->at));
  }
}

static void
compute_means(Survey* const s)
{
  for (uint32_t i = 0; i < SURVEY_N_SOUNDS && s->n_blocks; ++i) {
    for (uint32_t k = 0; k < SURVEY_BINS; ++k) {
      s->spectra[i][k] /= s->n_blocks;
    }
  }
  for (uint32_t i = 0; i < SURVEY_LEVELS; ++i) {
    SurveyLevel* const level = &s->levels[i];
    level->target /= level->n_frames ? (double)level->n_frames : 1.0;
    level->output /= level->n_frames ? (double)level->n_frames : 1.0;
  }
}

/// Return true if a block lies in playing
static bool
is_in_playing(const SignalLayout* const layout, const int64_t begin)
{
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const s = &layout->segments[i];
    if ((s->kind == SIGNAL_VALIDATION || s->kind == SIGNAL_PHRASE || s->kind == SIGNAL_OWN) &&
        begin >= (int64_t)s->begin && begin + SURVEY_BLOCK <= (int64_t)s->end) {
      return true;
    }
  }
  return false;
}

/// Don't show the sweeps, noise and clicks of the test signal: nobody plays them
static void
hide_measurements(const Take* const take, Survey* const s)
{
  SignalLayout layout;
  int64_t delay = 0;
  const Wav* const input = take->input;
  if (signal_recognise(input->samples, input->n_frames, input->sample_rate, &layout, &delay)) {
    for (uint32_t i = 0; i < s->n_blocks; ++i) {
      s->blocks[i].is_shown = is_in_playing(&layout, (int64_t)s->blocks[i].begin - delay);
    }
  }
}

/// Don't show rests, where there is nothing to compare
static Status
hide_rests(Survey* const s)
{
  ScoreSegment* const segments =
      (ScoreSegment*)calloc((size_t)s->n_blocks + 1, sizeof(ScoreSegment));
  if (!segments) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t i = 0; i < s->n_blocks; ++i) {
    segments[i] = (ScoreSegment){s->blocks[i].error, s->blocks[i].target};
  }
  const double least = s->n_blocks ? score_least_sound(segments, s->n_blocks) : 0.0;
  for (uint32_t i = 0; i < s->n_blocks; ++i) {
    s->blocks[i].is_shown = s->blocks[i].is_shown && s->blocks[i].target >= least;
  }
  free(segments);
  return STATUS_OK;
}

Status
survey_make(Playback* const playback, Survey* const survey)
{
  SurveyWork* const w = new_work();
  *survey = (Survey){0};
  survey->blocks =
      (SurveyBlock*)calloc((size_t)(playback->n_frames / SURVEY_BLOCK) + 1, sizeof(SurveyBlock));
  if (!w || !survey->blocks) {
    free_work(w);
    return STATUS_NO_MEMORY;
  }
  const uint64_t clip =
      playback->layout.clip_frames ? playback->layout.clip_frames : playback->n_frames;
  playback_seek(playback, 0);
  while (playback->at + clip <= playback->n_frames && clip) {
    add_clip(playback, w, playback->at + clip, survey);
  }
  compute_means(survey);
  free_work(w);
  hide_measurements(playback->take, survey);
  return hide_rests(survey);
}

void
survey_clear(Survey* const survey)
{
  free(survey->blocks);
  survey->blocks = NULL;
}

/// Return the middle of the shown block with the highest measure
static uint64_t
find_highest_block(const Survey* const s, double (*const measure)(const SurveyBlock*, double),
                   const double reference)
{
  double most = -HUGE_VAL;
  uint64_t begin = 0;
  for (uint32_t i = 0; i < s->n_blocks; ++i) {
    const double value = measure(&s->blocks[i], reference);
    if (s->blocks[i].is_shown && value > most) {
      most = value;
      begin = s->blocks[i].begin;
    }
  }
  return begin + SURVEY_BLOCK / 2;
}

static double
rate_loudness(const SurveyBlock* const block, const double unused)
{
  (void)unused;
  return block->target;
}

static double
rate_nearness(const SurveyBlock* const block, const double power)
{
  return -fabs(log((block->target + 1e-30) / (power + 1e-30)));
}

static double
rate_badness(const SurveyBlock* const block, const double unused)
{
  (void)unused;
  return block->error / (block->target + 1e-30);
}

uint64_t
survey_find_loudest(const Survey* const s)
{
  return find_highest_block(s, rate_loudness, 0.0);
}

uint64_t
survey_find_soft(const Survey* const s)
{
  double most = 0.0;
  for (uint32_t i = 0; i < s->n_blocks; ++i) {
    most = s->blocks[i].is_shown ? fmax(most, s->blocks[i].target) : most;
  }
  return find_highest_block(s, rate_nearness, most * decibel_to_power(SOFT_DB));
}

uint64_t
survey_find_worst(const Survey* const s)
{
  return find_highest_block(s, rate_badness, 0.0);
}

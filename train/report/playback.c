// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does the model sound there? Main thread.

#include "train/report/playback.h"

#include "core/realtime.h"

#include <stdlib.h>

#define WARMUP 2.0 ///< [s]
#define BLOCK 4096U

Status
show_open(const ModelFile* const file, const Take* const take, const ClipLayout layout,
          Show* const show)
{
  const uint64_t n_input = take->input->n_frames;
  const uint64_t n_target = take->target->n_frames;
  *show = (Show){.take = take,
                 .layout = layout,
                 .sample_rate = take->input->sample_rate,
                 .n_frames = n_input < n_target ? n_input : n_target};
  const Status status = model_new(file, (ModelUse){show->sample_rate, 1, 1}, &show->model);
  if (!status) {
    model_settle(show->model, take->knobs);
  }
  return status;
}

void
show_close(Show* const show)
{
  model_free(show->model);
  show->model = NULL;
}

/// Return how far the model plays on as it is
static uint32_t
n_until_reset(const Show* const s, const uint32_t n_frames)
{
  const uint32_t clip = s->layout.clip_frames;
  const uint64_t left = clip ? clip - s->at % clip : n_frames;
  return left < n_frames ? (uint32_t)left : n_frames;
}

void
show_play(Show* const s, float* const output, const uint32_t n_frames)
{
  const RealtimeMode mode = realtime_enter();
  for (uint32_t done = 0, n = 0; done < n_frames; done += n) {
    if (s->layout.clip_frames && s->at % s->layout.clip_frames == 0) {
      model_reset(s->model);
    }
    n = n_until_reset(s, n_frames - done);
    model_run(s->model, (const float* const[]){s->take->input->samples + s->at},
              (float* const[]){output + done}, n);
    s->at += n;
  }
  const float offset = model_rest_output(s->model);
  for (uint32_t i = 0; i < n_frames; ++i) {
    output[i] -= offset;
  }
  realtime_leave(mode);
}

void
show_seek(Show* const s, const uint64_t begin)
{
  const uint64_t warmup = (uint64_t)(WARMUP * s->sample_rate);
  float block[BLOCK];
  model_reset(s->model);
  s->at = begin > warmup ? begin - warmup : 0;
  while (s->at < begin) {
    show_play(s, block, begin - s->at < BLOCK ? (uint32_t)(begin - s->at) : BLOCK);
  }
}

Status
show_excerpt(Show* const s, const uint64_t middle, const uint32_t n_frames, Excerpt* const excerpt)
{
  const uint32_t n = n_frames < s->n_frames ? n_frames : (uint32_t)s->n_frames;
  const uint64_t early = middle > n / 2 ? middle - n / 2 : 0;
  const uint64_t begin = early + n <= s->n_frames ? early : s->n_frames - n;
  Excerpt e = {.begin = begin,
               .n_frames = n,
               .input = s->take->input->samples + begin,
               .target = s->take->target->samples + begin,
               .output = (float*)malloc(n * sizeof(float)),
               .difference = (float*)malloc(n * sizeof(float))};
  if (!e.output || !e.difference) {
    excerpt_clear(&e);
    return STATUS_NO_MEMORY;
  }
  show_seek(s, begin);
  show_play(s, e.output, n);
  for (uint32_t i = 0; i < n; ++i) {
    e.difference[i] = e.target[i] - e.output[i];
  }
  *excerpt = e;
  return STATUS_OK;
}

void
excerpt_clear(Excerpt* const excerpt)
{
  free(excerpt->output);
  free(excerpt->difference);
  *excerpt = (Excerpt){0};
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does the model play a take, from any frame on? Main thread.

#include "train/report/playback.h"

#include "core/realtime.h"

#include <stdlib.h>

#define WARMUP 2.0 ///< Before the first frame played [s]
#define BLOCK 4096U

Status
playback_open(const ModelFile* const file, const Take* const take, const ClipLayout layout,
              Playback* const playback)
{
  const uint64_t n_input = take->input->n_frames;
  const uint64_t n_target = take->target->n_frames;
  *playback = (Playback){.take = take,
                         .layout = layout,
                         .sample_rate = take->input->sample_rate,
                         .n_frames = n_input < n_target ? n_input : n_target};
  const Status status = model_new(file, (ModelUse){playback->sample_rate, 1, 1}, &playback->model);
  if (!status) {
    model_settle(playback->model, take->knobs);
  }
  return status;
}

void
playback_close(Playback* const playback)
{
  model_free(playback->model);
  playback->model = NULL;
}

/// Return the number of frames until the model restarts
static uint32_t
count_until_reset(const Playback* const p, const uint32_t n_frames)
{
  const uint32_t clip = p->layout.clip_frames;
  const uint64_t left = clip ? clip - p->at % clip : n_frames;
  return left < n_frames ? (uint32_t)left : n_frames;
}

void
playback_play(Playback* const p, float* const output, const uint32_t n_frames)
{
  const RealtimeMode mode = realtime_enter();
  for (uint32_t done = 0, n = 0; done < n_frames; done += n) {
    if (p->layout.clip_frames && p->at % p->layout.clip_frames == 0) {
      model_reset(p->model);
    }
    n = count_until_reset(p, n_frames - done);
    model_run(p->model, (const float* const[]){p->take->input->samples + p->at},
              (float* const[]){output + done}, n);
    p->at += n;
  }
  const float offset = model_rest_output(p->model);
  for (uint32_t i = 0; i < n_frames; ++i) {
    output[i] -= offset;
  }
  realtime_leave(mode);
}

void
playback_seek(Playback* const p, const uint64_t begin)
{
  const uint64_t warmup = (uint64_t)(WARMUP * p->sample_rate);
  float block[BLOCK];
  model_reset(p->model);
  p->at = begin > warmup ? begin - warmup : 0;
  while (p->at < begin) {
    playback_play(p, block, begin - p->at < BLOCK ? (uint32_t)(begin - p->at) : BLOCK);
  }
}

Status
playback_cut_excerpt(Playback* const p, const uint64_t middle, const uint32_t n_frames,
                     Excerpt* const excerpt)
{
  const uint32_t n = n_frames < p->n_frames ? n_frames : (uint32_t)p->n_frames;
  const uint64_t early = middle > n / 2 ? middle - n / 2 : 0;
  const uint64_t begin = early + n <= p->n_frames ? early : p->n_frames - n;
  Excerpt e = {.begin = begin,
               .n_frames = n,
               .input = p->take->input->samples + begin,
               .target = p->take->target->samples + begin,
               .output = (float*)malloc(n * sizeof(float)),
               .difference = (float*)malloc(n * sizeof(float))};
  if (!e.output || !e.difference) {
    excerpt_clear(&e);
    return STATUS_NO_MEMORY;
  }
  playback_seek(p, begin);
  playback_play(p, e.output, n);
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

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A resampled clip is found by where its samples lie in the resampled recording; nothing is copied.

#include "train/learn/dataset_resample.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define MIN_LENGTH 32.0 ///< Frames of a clip that are scored

/// Lengths at the new rate, so that no clip reaches beyond its end or, if independent, into its
/// edges
static Status
scale_lengths(const Resampled* const r, const Dataset* const from, Dataset* const to,
              Message* const message)
{
  const double ratio = r->sample_rate / r->originals[0].sample_rate;
  const double edge = r->clip_frames ? ceil(RESAMPLE_EDGE * fmax(ratio, 1.0)) : 0.0;
  const double total = floor((double)(from->warmup + from->length) * ratio) - 1.0;
  const double warmup = fmax(round(from->warmup * ratio), edge);
  const double length = total - warmup - edge;
  if (length < MIN_LENGTH) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "clips of %u frames are too short to be resampled to %g Hz; give longer "
                       "ones, or no --rates",
                       from->warmup + from->length, r->sample_rate);
  }
  to->warmup = (uint32_t)warmup;
  to->length = (uint32_t)length;
  return STATUS_OK;
}

Status
dataset_resample(const Dataset* const dataset, const Resampled* const resampled,
                 Dataset* const clips, Message* const message)
{
  Dataset to = {.n_clips = dataset->n_clips, .sample_rate = resampled->sample_rate};
  if (!dataset->n_clips) {
    return STATUS_OK;
  }
  const Status status = scale_lengths(resampled, dataset, &to, message);
  if (status) {
    return status;
  }
  to.clips = (Clip*)calloc(dataset->n_clips, sizeof(Clip));
  if (!to.clips) {
    return status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: out of memory",
                       resampled->sample_rate);
  }
  const double ratio = resampled->sample_rate / dataset->sample_rate;
  for (uint32_t i = 0; i < dataset->n_clips; ++i) {
    to.clips[i] = dataset->clips[i];
    to.clips[i].input = resample_find(resampled, dataset->clips[i].input);
    to.clips[i].target = resample_find(resampled, dataset->clips[i].target);
    to.clips[i].lead = (uint64_t)round((double)dataset->clips[i].lead * ratio);
    assert(to.clips[i].input && to.clips[i].target);
  }
  *clips = to;
  return STATUS_OK;
}

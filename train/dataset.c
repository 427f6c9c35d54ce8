// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cuts takes into clips. A continuous take is cut into clips of up to half a second whose warm-up
// overlaps the clip before, so that every scored frame but the first few is learned from.

#include "train/dataset.h"

#include <math.h>
#include <stdlib.h>

#define TAKE_CLIP_SECONDS 0.5
#define TAKE_WARMUP_SECONDS 0.05
#define TAKE_MIN_CLIPS 64U ///< A short take is cut finer, to keep the batches full
#define MIN_LENGTH 1024U

/// Lengths for a continuous take
static ClipLayout
take_layout(const Wav* const input, const ClipLayout asked)
{
  const double longest = TAKE_CLIP_SECONDS * input->sample_rate;
  const double even = (double)input->n_frames / TAKE_MIN_CLIPS;
  const uint32_t length = (uint32_t)fmax(fmin(longest, even), MIN_LENGTH);
  const uint32_t warmup =
      asked.clip_warmup ? asked.clip_warmup : (uint32_t)(TAKE_WARMUP_SECONDS * input->sample_rate);
  return (ClipLayout){warmup + length, warmup};
}

static Status
check_pair(const Wav* const input, const Wav* const target, Message* const message)
{
  if (input->sample_rate != target->sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "input is at %g Hz, target at %g Hz; both should be at the same rate",
                       input->sample_rate, target->sample_rate);
  }
  const double difference = fabs((double)input->n_frames - (double)target->n_frames);
  if (difference > input->sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "input has %llu frames, target %llu; both should be one recording of the "
                       "same length",
                       (unsigned long long)input->n_frames, (unsigned long long)target->n_frames);
  }
  return STATUS_OK;
}

static Status
check_layout(const ClipLayout layout, const uint64_t n_frames, const double sample_rate,
             Message* const message)
{
  if (layout.clip_warmup >= layout.clip_frames) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "clips of %u frames can't have a warm-up of %u; it should be shorter",
                       layout.clip_frames, layout.clip_warmup);
  }
  if (n_frames < layout.clip_frames) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "the recording has %llu frames, %.2f s; at least %u are needed, and one to "
                       "three minutes make a good model",
                       (unsigned long long)n_frames, (double)n_frames / sample_rate,
                       layout.clip_frames);
  }
  return STATUS_OK;
}

Status
dataset_cut(const Wav* const input, const Wav* const target, const ClipLayout layout,
            Dataset* const dataset, Message* const message)
{
  const bool is_take = layout.clip_frames == 0;
  const ClipLayout l = is_take ? take_layout(input, layout) : layout;
  const uint64_t n_frames = input->n_frames < target->n_frames ? input->n_frames : target->n_frames;
  Status status = check_pair(input, target, message);
  if (status || (status = check_layout(l, n_frames, input->sample_rate, message))) {
    return status;
  }
  const uint32_t length = l.clip_frames - l.clip_warmup;
  const uint32_t stride = is_take ? length : l.clip_frames;
  const uint64_t n = (n_frames - l.clip_frames) / stride + 1;
  Clip* const clips = (Clip*)calloc((size_t)n, sizeof(Clip));
  if (!clips || n > UINT32_MAX) {
    free(clips);
    return status_fail(message, STATUS_NO_MEMORY, "out of memory for %llu clips",
                       (unsigned long long)n);
  }
  for (uint64_t i = 0; i < n; ++i) {
    clips[i] = (Clip){input->samples + i * stride, target->samples + i * stride};
  }
  *dataset = (Dataset){clips, (uint32_t)n, l.clip_warmup, length, input->sample_rate};
  return STATUS_OK;
}

Status
dataset_split(Dataset* const dataset, const double fraction, Dataset* const held_out,
              Message* const message)
{
  const uint32_t n = dataset->n_clips;
  const uint32_t n_held = (uint32_t)fmax(round(fraction * n), 1.0);
  if (n_held >= n) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%u clips can't be split into some to learn from and some to check with; "
                       "give a longer recording or --validate",
                       n);
  }
  Clip* const clips = (Clip*)calloc(n_held, sizeof(Clip));
  if (!clips) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  uint32_t kept = 0;
  uint32_t held = 0;
  for (uint32_t i = 0; i < n; ++i) {
    if ((uint64_t)(i + 1) * n_held / n > held) {
      clips[held++] = dataset->clips[i];
    } else {
      dataset->clips[kept++] = dataset->clips[i];
    }
  }
  dataset->n_clips = kept;
  *held_out = (Dataset){clips, held, dataset->warmup, dataset->length, dataset->sample_rate};
  return STATUS_OK;
}

double
dataset_target_power(const Dataset* const dataset, const double pre_emphasis)
{
  double sum = 0.0;
  for (uint32_t c = 0; c < dataset->n_clips; ++c) {
    const float* const target = dataset->clips[c].target + dataset->warmup;
    for (uint32_t t = 1; t < dataset->length; ++t) {
      const double x = (double)target[t] - pre_emphasis * (double)target[t - 1];
      sum += x * x;
    }
  }
  return sum / ((double)dataset->n_clips * (dataset->length - 1));
}

void
dataset_clear(Dataset* const dataset)
{
  free(dataset->clips);
  *dataset = (Dataset){0};
}

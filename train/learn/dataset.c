// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cuts takes into clips. A continuous take is cut into clips of up to half a second whose warm-up
// overlaps the clip before, so that every frame except the first few is learned from.

#include "train/learn/dataset.h"

#include <math.h>
#include <stdlib.h>

#define TAKE_CLIP_SECONDS 0.5
#define TAKE_WARMUP_SECONDS 0.05
#define MIN_CLIPS 64U ///< Short takes are cut finer, to keep the batches full
#define MIN_LENGTH 1024U

/// Choose clip lengths for continuous takes
static ClipLayout
choose_layout(const Take* const takes, const uint32_t n_takes, const ClipLayout asked)
{
  const double sample_rate = takes[0].input->sample_rate;
  double n_frames = 0.0;
  for (uint32_t i = 0; i < n_takes; ++i) {
    n_frames += (double)takes[i].input->n_frames;
  }
  const double longest = TAKE_CLIP_SECONDS * sample_rate;
  const uint32_t length = (uint32_t)fmax(fmin(longest, n_frames / MIN_CLIPS), MIN_LENGTH);
  const uint32_t warmup =
      asked.clip_warmup ? asked.clip_warmup : (uint32_t)(TAKE_WARMUP_SECONDS * sample_rate);
  return (ClipLayout){warmup + length, warmup};
}

static uint64_t
frames_of(const Take* const take)
{
  return take->input->n_frames < take->target->n_frames ? take->input->n_frames
                                                        : take->target->n_frames;
}

static Status
check_pair(const Take* const take, const double sample_rate, const bool is_row,
           Message* const message)
{
  const Wav* const input = take->input;
  const Wav* const target = take->target;
  if (input->sample_rate != target->sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: input is at %g Hz, target at %g Hz; both should be at the same rate",
                       take->name, input->sample_rate, target->sample_rate);
  }
  if (input->sample_rate != sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is at %g Hz, the takes before it at %g Hz; all should be at the "
                       "same rate",
                       take->name, input->sample_rate, sample_rate);
  }
  const double difference = fabs((double)input->n_frames - (double)target->n_frames);
  if (is_row && difference > sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: input has %llu frames, target %llu; both should have the same "
                       "length",
                       take->name, (unsigned long long)input->n_frames,
                       (unsigned long long)target->n_frames);
  }
  return STATUS_OK;
}

static Status
check_length(const Take* const take, const uint32_t clip_frames, Message* const message)
{
  const uint64_t n_frames = frames_of(take);
  if (n_frames < clip_frames) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has %llu frames (%.2f s); at least %u are needed, and one to three "
                       "minutes make a good model",
                       take->name, (unsigned long long)n_frames,
                       (double)n_frames / take->input->sample_rate, clip_frames);
  }
  return STATUS_OK;
}

/// How far apart the clips of a layout lie
typedef struct {
  ClipLayout layout;
  uint32_t stride; ///< From one to the next [frames]
  bool is_row;     ///< Of independent clips
} ClipSpacing;

static uint64_t
count_clips(const Take* const take, const ClipSpacing spacing)
{
  return (frames_of(take) - spacing.layout.clip_frames) / spacing.stride + 1;
}

/// Check takes against each other and a layout; count their clips
static Status
check_takes(const Take* const takes, const uint32_t n_takes, const ClipSpacing spacing,
            uint64_t* const n_clips, Message* const message)
{
  uint64_t n = 0;
  if (spacing.layout.clip_warmup >= spacing.layout.clip_frames) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "clips of %u frames can't have a warm-up of %u; it should be shorter",
                       spacing.layout.clip_frames, spacing.layout.clip_warmup);
  }
  for (uint32_t i = 0; i < n_takes; ++i) {
    Status status = check_pair(&takes[i], takes[0].input->sample_rate, spacing.is_row, message);
    if (status || (status = check_length(&takes[i], spacing.layout.clip_frames, message))) {
      return status;
    }
    n += count_clips(&takes[i], spacing);
  }
  *n_clips = n;
  return STATUS_OK;
}

/// List the clips of a take; return how many there are
static uint32_t
list_clips(const Take* const take, const ClipSpacing spacing, Clip* const clips)
{
  const uint32_t n = (uint32_t)count_clips(take, spacing);
  for (uint32_t i = 0; i < n; ++i) {
    const size_t begin = (size_t)i * spacing.stride;
    clips[i] = (Clip){take->input->samples + begin, take->target->samples + begin, take,
                      spacing.is_row ? 0 : begin};
  }
  return n;
}

/// Weigh the takes of a dataset, as the header describes
static void
weigh_takes(const Dataset* const dataset, Take* const takes, const uint32_t n_takes)
{
  for (uint32_t i = 0; i < n_takes; ++i) {
    takes[i].weight = 1.0;
  }
  const double all = dataset_target_power(dataset, 0.0);
  for (uint32_t i = 0; i < n_takes; ++i) {
    const Dataset own = dataset_of_take(dataset, &takes[i]);
    const double power = dataset_target_power(&own, 0.0);
    takes[i].weight = power > all / DATASET_MAX_WEIGHT ? all / power : DATASET_MAX_WEIGHT;
  }
}

Status
dataset_cut(Take* const takes, const uint32_t n_takes, const ClipLayout layout,
            Dataset* const dataset, Message* const message)
{
  const bool is_continuous = layout.clip_frames == 0;
  const ClipLayout l = is_continuous ? choose_layout(takes, n_takes, layout) : layout;
  const uint32_t length = l.clip_frames - l.clip_warmup;
  const ClipSpacing spacing = {l, is_continuous ? length : l.clip_frames, !is_continuous};
  uint64_t n_clips = 0;
  const Status status = check_takes(takes, n_takes, spacing, &n_clips, message);
  if (status) {
    return status;
  }
  Clip* const clips = n_clips < UINT32_MAX ? (Clip*)calloc((size_t)n_clips, sizeof(Clip)) : NULL;
  if (!clips) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory for %llu clips",
                       (unsigned long long)n_clips);
  }
  uint32_t n = 0;
  for (uint32_t i = 0; i < n_takes; ++i) {
    n += list_clips(&takes[i], spacing, clips + n);
  }
  *dataset = (Dataset){clips, n, l.clip_warmup, length, takes[0].input->sample_rate};
  weigh_takes(dataset, takes, n_takes);
  return STATUS_OK;
}

Dataset
dataset_of_take(const Dataset* const dataset, const Take* const take)
{
  Dataset own = *dataset;
  own.n_clips = 0;
  for (uint32_t i = dataset->n_clips; i-- > 0;) {
    if (dataset->clips[i].take == take) {
      own.clips = dataset->clips + i;
      ++own.n_clips;
    }
  }
  return own;
}

static uint32_t
share_of(const Dataset own, const double fraction)
{
  return (uint32_t)fmax(round(fraction * own.n_clips), 1.0);
}

static Status
check_share(const Dataset own, const double fraction, Message* const message)
{
  if (share_of(own, fraction) < own.n_clips) {
    return STATUS_OK;
  }
  return status_fail(message, STATUS_BAD_ARGUMENT,
                     "%s: %u clips are too few to learn from some and check with others; give a "
                     "longer recording, or separate takes to check with",
                     own.clips->take->name, own.n_clips);
}

/// Divide the clips of one take; `n_held` of them go to `held`
static void
split_take(const Dataset own, const uint32_t n_held, Dataset* const kept, Dataset* const held)
{
  for (uint32_t i = 0, n = 0; i < own.n_clips; ++i) {
    if ((uint64_t)(i + 1) * n_held / own.n_clips > n) {
      held->clips[held->n_clips++] = own.clips[i];
      ++n;
    } else {
      kept->clips[kept->n_clips++] = own.clips[i];
    }
  }
}

Status
dataset_split(Dataset* const dataset, const double fraction, Dataset* const held_out,
              Message* const message)
{
  const Dataset whole = *dataset;
  Dataset own = {0};
  for (uint32_t begin = 0; begin < whole.n_clips; begin += own.n_clips) {
    own = dataset_of_take(&whole, whole.clips[begin].take);
    const Status status = check_share(own, fraction, message);
    if (status) {
      return status;
    }
  }
  Dataset held = whole;
  held.n_clips = 0;
  held.clips = (Clip*)calloc(whole.n_clips, sizeof(Clip));
  if (!held.clips) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  dataset->n_clips = 0; // The clips that are kept move down in place
  for (uint32_t begin = 0; begin < whole.n_clips; begin += own.n_clips) {
    own = dataset_of_take(&whole, whole.clips[begin].take);
    split_take(own, share_of(own, fraction), dataset, &held);
  }
  *held_out = held;
  return STATUS_OK;
}

double
dataset_target_power(const Dataset* const dataset, const double pre_emphasis)
{
  double sum = 0.0;
  for (uint32_t c = 0; c < dataset->n_clips; ++c) {
    const float* const target = dataset->clips[c].target + dataset->warmup;
    const double weight = dataset->clips[c].take->weight;
    for (uint32_t t = 1; t < dataset->length; ++t) {
      const double x = (double)target[t] - pre_emphasis * (double)target[t - 1];
      sum += weight * (x * x);
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

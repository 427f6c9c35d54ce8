// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Spectra are averaged take by take, for each setting of a knob has another linear part.

#include "train/programs/train/loss_choice.h"

#include "core/circle.h"
#include "train/audio/esr.h"
#include "train/capture/transfer_function.h"

#include <math.h>
#include <stdint.h>

#define SEGMENT 2048U       ///< [frames]
#define MOST_SEGMENTS 1500U ///< Of all takes, about a minute
#define LOWEST_FIZZ 8000.0  ///< [Hz]

/// Weighted sums over takes of the pre-emphasised target's power
typedef struct {
  double fizz;
  double all;
} FizzSums;

/// Add the segments of every `step`th clip
static void
add_clips(const Dataset* const take, const uint32_t step, Transfer* const transfer,
          TransferWork* const work)
{
  const uint32_t n_frames = take->warmup + take->length;
  for (uint32_t c = 0; c < take->n_clips; c += step) {
    const Clip* const clip = &take->clips[c];
    for (uint32_t t = 0; t + SEGMENT <= n_frames; t += SEGMENT) {
      transfer_add(transfer, work, clip->input + t, clip->target + t, 0.0);
    }
  }
}

/// Add up the bins of a take
static void
add_bins(const Transfer* const t, const double sample_rate, const double weight,
         FizzSums* const sums)
{
  for (uint32_t k = 1; k <= SEGMENT / 2; ++k) {
    const double pre_emphasis = 1.0 + METRICS_PRE_EMPHASIS * METRICS_PRE_EMPHASIS -
                                2.0 * METRICS_PRE_EMPHASIS * cos(TAU * k / SEGMENT);
    const bool is_treble = k * sample_rate >= LOWEST_FIZZ * SEGMENT;
    sums->fizz += is_treble ? weight * pre_emphasis * transfer_unexplained(t, k) : 0.0;
    sums->all += weight * pre_emphasis * t->target[k];
  }
}

/// Return the distance of clips with which all of them hold up to MOST_SEGMENTS
static uint32_t
choose_step(const Dataset* const d)
{
  const uint64_t per_clip = (d->warmup + d->length) / SEGMENT;
  return (uint32_t)((per_clip * d->n_clips + MOST_SEGMENTS - 1) / MOST_SEGMENTS);
}

/// Add a take
static Status
add_take(const Dataset* const take, const uint32_t step, TransferWork* const work,
         FizzSums* const sums)
{
  Transfer transfer;
  const Status status = transfer_init(&transfer, SEGMENT);
  if (!status) {
    add_clips(take, step, &transfer, work);
    add_bins(&transfer, take->sample_rate, take->clips[0].take->weight, sums);
  }
  transfer_clear(&transfer);
  return status;
}

Status
loss_choose(const Dataset* const dataset, LossChoice* const choice)
{
  const uint32_t step = choose_step(dataset);
  TransferWork work = {0};
  FizzSums sums = {0.0, 0.0};
  Status status = transfer_work_init(&work, SEGMENT);
  for (uint32_t i = 0; i < dataset->n_clips && !status && step;) {
    const Dataset take = dataset_of_take(dataset, dataset->clips[i].take);
    status = add_take(&take, step, &work, &sums);
    i += take.n_clips;
  }
  transfer_work_clear(&work);
  const double fizz = sums.fizz > 0.0 ? sums.fizz / sums.all : 0.0;
  *choice = (LossChoice){fizz >= LOSS_CHOICE_FIZZ ? LOSS_A_WEIGHTED : LOSS_ESR, true, fizz};
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Shares the time among rates, and makes for each what it is learned from.

#include "train/programs/train/rate_sets.h"

#include "train/learn/dataset_resample.h"

#include <math.h>

#define FIRST_SHARE 4.0    ///< Time of the first set, divided by that of another
#define LEAST_SECONDS 0.01 ///< For a set that no time is left for; 0 would mean no limit

Status
rates_besides(const RatesList* const list, const double own, RatesList* const others,
              Message* const message)
{
  RatesList besides = {.n = 0};
  for (uint32_t i = 0; i < list->n; ++i) {
    if (list->hz[i] != own) {
      besides.hz[besides.n++] = list->hz[i];
    }
  }
  if (besides.n >= MODEL_FILE_MAX_SETS) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "--rates: with the recording's %g Hz these are %u rates; expected up to %u",
                       own, besides.n + 1, MODEL_FILE_MAX_SETS);
  }
  *others = besides;
  return STATUS_OK;
}

Status
rates_resample(const RatesMaterial* const from, RatesResampled* const to, Message* const message)
{
  Status status = dataset_resample(from->train, &to->sound, &to->train, message);
  if (!status) {
    status = dataset_resample(from->validation, &to->sound, &to->validation, message);
  }
  return status ? status : dataset_resample(from->test, &to->sound, &to->test, message);
}

RatesMaterial
rates_material(const RatesResampled* const resampled)
{
  return (RatesMaterial){resampled->sound.sample_rate, &resampled->train, &resampled->validation,
                         &resampled->test};
}

void
rates_clear(RatesResampled* const resampled)
{
  dataset_clear(&resampled->train);
  dataset_clear(&resampled->validation);
  dataset_clear(&resampled->test);
  resample_clear(&resampled->sound);
}

/// Return the share of the remaining time that set `index` gets
static double
share_of(const RatesPlan* const plan, const uint32_t index)
{
  const double n_after = plan->n_sets - index - 1;
  const double share = index ? 1.0 : FIRST_SHARE;
  return share / (share + n_after);
}

TrainerConfig
rates_config(const RatesPlan* const plan, const uint32_t index, const double seconds)
{
  TrainerConfig config = *plan->whole;
  if (config.seconds > 0.0) {
    config.seconds = fmax((config.seconds - seconds) * share_of(plan, index), LEAST_SECONDS);
  }
  if (index) {
    config.epochs = config.epochs ? (uint32_t)fmax(round(config.epochs / FIRST_SHARE), 1.0) : 0;
    config.learning_rate = plan->warm_learning_rate;
    config.n_starts = 1;
  }
  return config;
}

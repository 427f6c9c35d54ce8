// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One short trial for each size.

#include "train/learn/size_search.h"

#include "train/learn/short_trial.h"
#include "train/learn/team.h"

#include <limits.h>
#include <math.h>

#define SHARE 0.07 ///< Of the plan, for each trial
#define NEAR 1.1   ///< An ESR up to this times the best is good enough

static const uint32_t sizes[] = {8, 12, 16, 20, 24, 32, 40};

#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/// Train one size; `esr` is what it reaches
static Status
try_size(const TrainerRun* const run, const SizeCalls* const calls, Params* const params,
         double* const esr, Message* const message)
{
  char path[PATH_MAX];
  ShortTrial trial = {SHARE, 0.0, 0, run->checkpoint.path};
  if (calls->path && run->checkpoint.path) {
    calls->path(calls->context, params->shape.hidden_size, path);
    trial.path = path;
  }
  const Status status = short_trial_run(run, trial, params, esr, message);
  if (!status && calls->report) {
    calls->report(calls->context, params->shape.hidden_size, *esr);
  }
  return status;
}

static bool
is_interrupted(const TrainerRun* const run)
{
  return run->config->interrupt && team_leaders(*run->config->interrupt) != 0.0;
}

/// Try all sizes
static Status
try_all(const TrainerRun* const run, const SizeCalls* const calls, Params trials[N_SIZES],
        double esr[N_SIZES], Message* const message)
{
  Status status = STATUS_OK;
  for (size_t i = 0; i < N_SIZES && !status; ++i) {
    esr[i] = HUGE_VAL;
    if (i && is_interrupted(run)) {
      continue; // One is enough for a model
    }
    ParamsShape shape = run->config->shape;
    shape.hidden_size = sizes[i];
    if (params_init(&trials[i], shape)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
    status = try_size(run, calls, &trials[i], &esr[i], message);
  }
  return status;
}

static size_t
smallest_near_best(const double esr[N_SIZES])
{
  double best = HUGE_VAL;
  size_t chosen = 0;
  for (size_t i = 0; i < N_SIZES; ++i) {
    best = fmin(best, esr[i]);
  }
  while (chosen + 1 < N_SIZES && !(esr[chosen] <= NEAR * best)) {
    ++chosen;
  }
  return chosen;
}

Status
size_choose(const TrainerRun* const run, const SizeCalls* const calls, Params* const params,
            Message* const message)
{
  Params trials[N_SIZES] = {{.values = NULL}};
  double esr[N_SIZES];
  const Status status = try_all(run, calls, trials, esr, message);
  size_t chosen = status ? N_SIZES : smallest_near_best(esr);
  while (!status && !trials[chosen].values) { // Not tried
    --chosen;
  }
  for (size_t i = 0; i < N_SIZES; ++i) {
    if (i == chosen) {
      *params = trials[i];
    } else {
      params_clear(&trials[i]);
    }
  }
  return status;
}

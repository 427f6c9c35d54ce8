// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Trials run through the whole schedule in a share of the time, as those of
// train/learn/size_search.c do. A stage that is merely cut is no measure of a shorter one: the bass
// of what remains is wrong, and the network can't answer to it.

#include "train/learn/stage_search.h"

#include <limits.h>
#include <math.h>

#define SHARE 0.05        ///< Of the plan, for each trial
#define LEAST_SECONDS 1.0 ///< Shortest trial that says something
#define LEAST_PLAN 8.0    ///< Shortest plan that has trials [s, epochs]
#define WORTH_IT 0.55     ///< ESR with a stage against that without, so that it surely pays
#define AS_GOOD 1.1       ///< ESR of a shorter stage, against the longer one

static bool
is_long_enough(const TrainerConfig* const c)
{
  return (c->seconds <= 0.0 || c->seconds >= LEAST_PLAN) &&
         (!c->epochs || (double)c->epochs >= LEAST_PLAN);
}

/// Return how many taps the longest stage has
static uint32_t
most_taps(const double sample_rate)
{
  uint32_t n = STAGE_SEARCH_FEWEST;
  while (n < PARAMS_MAX_TAPS && 2.0 * n <= STAGE_SEARCH_SECONDS * sample_rate) {
    n *= 2;
  }
  return n;
}

/// Learn with `n_taps`; `params`, made here, is what was learned, and `esr` how well
static Status
try_taps(const TrainerRun* const run, const StageCalls* const calls, const uint32_t n_taps,
         Params* const params, double* const esr, Message* const message)
{
  char path[PATH_MAX];
  TrainerConfig config = *run->config;
  TrainerRun trial = *run;
  TrainerProgress end = {0};
  config.shape.n_taps = n_taps;
  config.seconds = config.seconds > 0.0 ? fmax(SHARE * config.seconds, LEAST_SECONDS) : 0.0;
  config.epochs = (uint32_t)ceil(SHARE * config.epochs);
  config.target_esr = 0.0; // Trials are compared by how they end
  trial.config = &config;
  trial.report = NULL;
  if (calls->path) {
    calls->path(calls->context, n_taps, path);
    trial.checkpoint.path = path;
  }
  if (params_init(params, config.shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  trainer_draw_weights(&config, run->train, params);
  const Status status = trainer_run(&trial, params, &end, message);
  *esr = metrics_esr(&end.best);
  return status;
}

/// Replace `params` by others
static void
take_params(Params* const params, Params* const others)
{
  params_clear(params);
  *params = *others;
  *others = (Params){.values = NULL};
}

/// Halve the stage of `params` as long as half is as good
static Status
shorten_stage(const TrainerRun* const run, const StageCalls* const calls, Params* const params,
              StageChoice* const choice, Message* const message)
{
  Status status = STATUS_OK;
  bool goes_on = true;
  while (goes_on && !status && choice->n_taps > STAGE_SEARCH_FEWEST) {
    Params shorter = {.values = NULL};
    double esr = HUGE_VAL;
    status = try_taps(run, calls, choice->n_taps / 2, &shorter, &esr, message);
    goes_on = !status && esr <= AS_GOOD * choice->staged;
    if (goes_on) {
      take_params(params, &shorter);
      choice->n_taps /= 2;
      choice->staged = esr;
    }
    params_clear(&shorter);
  }
  return status;
}

/// Learn without a stage and with the longest
static Status
try_both(const TrainerRun* const run, const StageCalls* const calls, Params trials[2],
         StageChoice* const choice, Message* const message)
{
  const uint32_t n_taps = most_taps(run->train->sample_rate);
  const Status status = try_taps(run, calls, 0, &trials[0], &choice->bare, message);
  return status ? status : try_taps(run, calls, n_taps, &trials[1], &choice->staged, message);
}

Status
stage_choose(const TrainerRun* const run, const StageCalls* const calls, Params* const params,
             StageChoice* const choice, Message* const message)
{
  Params trials[2] = {{.values = NULL}, {.values = NULL}};
  *choice = (StageChoice){.is_tried = is_long_enough(run->config)};
  if (!choice->is_tried) {
    return STATUS_OK;
  }
  Status status = try_both(run, calls, trials, choice, message);
  if (!status && choice->staged < WORTH_IT * choice->bare) {
    choice->n_taps = trials[1].shape.n_taps;
    status = shorten_stage(run, calls, &trials[1], choice, message);
  }
  if (!status) {
    take_params(params, &trials[choice->n_taps ? 1 : 0]);
  }
  params_clear(&trials[0]);
  params_clear(&trials[1]);
  return status;
}

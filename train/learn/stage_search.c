// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Both trials run through the whole schedule in a share of the time, as those of
// train/learn/size_search.c do.

#include "train/learn/stage_search.h"

#include <math.h>
#include <string.h>

#define SHARE 0.05        ///< Of the plan, for each trial
#define LEAST_SECONDS 1.0 ///< Shortest trial that says something
#define LEAST_PLAN 8.0    ///< Shortest plan that has trials [s, epochs]
#define WORTH_IT 0.7      ///< ESR with a stage against that without, so that it pays
#define AS_GOOD 1.02      ///< ESR of a shorter stage, against the longest
#define FEWEST_TAPS 64U

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
  uint32_t n = FEWEST_TAPS;
  while (n < PARAMS_MAX_TAPS && 2.0 * n <= STAGE_SEARCH_SECONDS * sample_rate) {
    n *= 2;
  }
  return n;
}

/// Train one shape; `esr` is what it reaches
static Status
try_shape(const TrainerRun* const run, const char* const path, Params* const params,
          double* const esr, Message* const message)
{
  TrainerConfig config = *run->config;
  TrainerRun trial = *run;
  TrainerProgress end = {0};
  config.shape = params->shape;
  config.seconds = config.seconds > 0.0 ? fmax(SHARE * config.seconds, LEAST_SECONDS) : 0.0;
  config.epochs = (uint32_t)ceil(SHARE * config.epochs);
  config.target_esr = 0.0; // Trials are compared by how they end
  trial.config = &config;
  trial.report = NULL;
  trial.checkpoint.path = path[0] ? path : NULL;
  trainer_draw_weights(&config, run->train, params);
  const Status status = trainer_run(&trial, params, &end, message);
  *esr = metrics_esr(&end.best);
  return status;
}

/// Make `to` the same with fewer taps
static Status
shorten_stage(const Params* const from, const uint32_t n_taps, Params* const to)
{
  ParamsShape shape = from->shape;
  shape.n_taps = n_taps;
  const Status status = params_init(to, shape);
  if (!status) {
    memcpy(to->values, from->values, params_count(shape) * sizeof(float));
  }
  return status;
}

/// Shorten the stage as far as that costs nothing
static Status
find_length(const TrainerRun* const run, Params* const params)
{
  ScoreResult whole = {0};
  const uint32_t most = params->shape.n_taps;
  Status status = trainer_evaluate(run->config, params, run->validation, &whole);
  for (uint32_t n_taps = FEWEST_TAPS; n_taps < most && !status; n_taps *= 2) {
    Params shorter = {.values = NULL};
    ScoreResult score = {0};
    status = shorten_stage(params, n_taps, &shorter);
    status = status ? status : trainer_evaluate(run->config, &shorter, run->validation, &score);
    if (!status && score.esr <= AS_GOOD * whole.esr) {
      params_clear(params);
      *params = shorter;
      return STATUS_OK;
    }
    params_clear(&shorter);
  }
  return status;
}

/// Learn with and without a stage
static Status
try_both(const TrainerRun* const run, const StageSearchPaths* const paths, Params* const bare,
         Params* const staged, StageChoice* const choice, Message* const message)
{
  const Status status = try_shape(run, paths->bare, bare, &choice->bare, message);
  return status ? status : try_shape(run, paths->staged, staged, &choice->staged, message);
}

Status
stage_choose(const TrainerRun* const run, const StageSearchPaths* const paths, Params* const params,
             StageChoice* const choice, Message* const message)
{
  Params staged = {.values = NULL};
  ParamsShape shape = params->shape;
  *choice = (StageChoice){.is_tried = is_long_enough(run->config)};
  if (!choice->is_tried) {
    return STATUS_OK;
  }
  shape.n_taps = most_taps(run->train->sample_rate);
  if (params_init(&staged, shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  Status status = try_both(run, paths, params, &staged, choice, message);
  if (!status && choice->staged < WORTH_IT * choice->bare) {
    if (find_length(run, &staged)) {
      status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
    } else {
      params_clear(params);
      *params = staged;
      choice->n_taps = staged.shape.n_taps;
      return STATUS_OK;
    }
  }
  params_clear(&staged);
  return status;
}

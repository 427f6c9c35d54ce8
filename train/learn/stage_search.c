// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The trials have none or half of the longest stage, which is sooner better than none. Seeds differ
// by a third, so a stage must differ by more. One that is merely cut would be wrong in the bass:
// the taps of a shorter one are learned again.

#include "train/learn/stage_search.h"

#include "train/learn/short_trial.h"
#include "train/learn/team.h"

#include <math.h>

#define SHARE 0.15        ///< Of the plan, for each trial, at most
#define ENOUGH 800U       ///< Updates of a trial; two thirds say the same, a quarter misleads
#define LEAST_SECONDS 1.0 ///< Shortest trial that says something
#define LEAST_PLAN 8.0    ///< Shortest plan that has trials [s, epochs]
#define FIT_EPOCHS 3      ///< In which taps are found
#define FIT_CHUNK 1024    ///< [frames]
#define WORTH_IT 0.6      ///< ESR with a stage against that without, so that it pays
#define SILENCE_ESR 1.0   ///< As wrong as silence: a trial that ends there says nothing
#define AS_GOOD 1.03      ///< ESR of a shorter stage, against the longer one
#define GOOD_ENOUGH 1e-5  ///< ESR that nobody hears
#define FEWEST_TAPS 64U

bool
stage_has_trials(const TrainerConfig* const c)
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

/// Make `to` the same with `n_taps` that suit its network
static Status
fit_taps(const TrainerRun* const run, const Params* const from, const uint32_t n_taps,
         Params* const to, double* const esr, Message* const message)
{
  TrainerConfig config = *run->config;
  TrainerProgress end = {0};
  config.only_taps = true;
  config.seconds = 0.0;
  config.epochs = FIT_EPOCHS;
  config.chunk = FIT_CHUNK;
  config.n_starts = 1;
  config.target_esr = 0.0;
  const TrainerRun fit = {.config = &config, .train = run->train, .validation = run->validation};
  if (params_copy_with_taps(from, n_taps, to)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  config.shape = to->shape;
  const Status status = trainer_run(&fit, to, &end, message);
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

/// Learn without a stage and with one
static Status
try_both(const TrainerRun* const run, const StageSearchPaths* const paths, Params trials[2],
         StageChoice* const choice, Message* const message)
{
  ParamsShape shape = run->config->shape;
  shape.n_taps = 0;
  const bool has_bare = !params_init(&trials[0], shape);
  shape.n_taps = most_taps(run->train->sample_rate) / 2;
  if (!has_bare || params_init(&trials[1], shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const ShortTrial bare = {SHARE, LEAST_SECONDS, ENOUGH, paths->bare[0] ? paths->bare : NULL};
  const ShortTrial staged = {SHARE, LEAST_SECONDS, ENOUGH, paths->staged[0] ? paths->staged : NULL};
  const Status status = short_trial_run(run, bare, &trials[0], &choice->bare, message);
  return status ? status : short_trial_run(run, staged, &trials[1], &choice->staged, message);
}

/// Take what was learned in the better way
static Status
take_better(Params trials[2], const StageChoice* const choice, Params* const params,
            Message* const message)
{
  Params longest = {.values = NULL};
  if (!choice->pays) {
    take_params(params, &trials[0]);
  } else if (params_copy_with_taps(&trials[1], 2 * trials[1].shape.n_taps, &longest)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  } else {
    take_params(params, &longest);
  }
  return STATUS_OK;
}

Status
stage_choose(const TrainerRun* const run, const StageSearchPaths* const paths, Params* const params,
             StageChoice* const choice, Message* const message)
{
  Params trials[2] = {{.values = NULL}, {.values = NULL}};
  *choice = (StageChoice){.is_tried = stage_has_trials(run->config)};
  if (!choice->is_tried) {
    return STATUS_OK;
  }
  Status status = try_both(run, paths, trials, choice, message);
  if (!status) {
    choice->pays = choice->staged < fmin(WORTH_IT * choice->bare, SILENCE_ESR);
    status = take_better(trials, choice, params, message);
  }
  params_clear(&trials[0]);
  params_clear(&trials[1]);
  return status;
}

static bool
is_as_good(const double shorter, const double longer)
{
  return shorter <= fmax(AS_GOOD * longer, GOOD_ENOUGH);
}

Status
stage_shorten(const TrainerRun* const run, Params* const params, Message* const message)
{
  ScoreResult score = {0};
  double shorter_esr = 0.0;
  Status status = trainer_evaluate(run->config, params, run->validation, &score);
  const double esr = team_leaders(score.esr); // All processes must take the same decisions
  bool goes_on = !status;
  while (goes_on && params->shape.n_taps / 2 >= FEWEST_TAPS) {
    Params shorter = {.values = NULL};
    status = fit_taps(run, params, params->shape.n_taps / 2, &shorter, &shorter_esr, message);
    goes_on = !status && is_as_good(shorter_esr, esr);
    if (goes_on) {
      take_params(params, &shorter);
    }
    params_clear(&shorter);
  }
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The steps of a run, one after another, and how a user ends it early.

#include "train/programs/train/run.h"

#include "core/clock.h"
#include "core/format/model_file.h"
#include "core/params.h"
#include "core/status.h"
#include "train/audio/score.h"
#include "train/learn/size_search.h"
#include "train/learn/team.h"
#include "train/learn/trainer.h"
#include "train/programs/train/events.h"
#include "train/programs/train/first_model.h"
#include "train/programs/train/latency_trial.h"
#include "train/programs/train/linear_stage.h"
#include "train/programs/train/loss_choice.h"
#include "train/programs/train/output.h"
#include "train/programs/train/output_check.h"
#include "train/programs/train/progress.h"
#include "train/programs/train/rate_sets.h"
#include "train/programs/train/summary.h"
#include "train/programs/train/team_check.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted = 0;

static volatile sig_atomic_t prints_interrupt = 0;

static void
on_interrupt(const int signal_number)
{
  static const char text[] = "\nstopping, and writing the best model so far; a second Ctrl-C ends "
                             "at once\n";
  const int error = errno;
  interrupted = signal_number;
  if (prints_interrupt && write(STDERR_FILENO, text, sizeof(text) - 1) < 0) {
    prints_interrupt = 0; // It isn't needed to stop
  }
  errno = error;
}

/// Once; the next signal of this kind ends the program
static void
catch_signal(const int signal_number)
{
  struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(signal_number, &action, NULL);
}

/// SIGUSR1 is what mpirun hands on to its processes, however far each of them is
static void
catch_handed_on(void)
{
  prints_interrupt = team_is_leader();
  catch_signal(SIGUSR1);
}

/// The first Ctrl-C ends the training, the second one the program
static void
catch_interrupts(void)
{
  catch_signal(SIGINT);
  catch_signal(SIGTERM);
}

static double
now_seconds(void)
{
  return team_leaders(clock_seconds());
}

/// Return what a JSON file can hold
static double
finite_or_zero(const double ratio)
{
  return isfinite(ratio) ? ratio : 0.0;
}

static ModelRecord
make_record(const TrainerProgress* const end, const ScoreResult* const score, const uint64_t seed)
{
  return (ModelRecord){finite_or_zero(score->esr),
                       finite_or_zero(score->esr_pre_emphasis),
                       finite_or_zero(score->esr_a_weighted),
                       finite_or_zero(score->esr_worst),
                       end->seconds,
                       (double)end->updates,
                       (double)seed};
}

/// Return how set `index` is learned when `seconds` of the time have passed
static TrainerConfig
config_for_set(const TrainOptions* const o, const Session* const s, const uint32_t index,
               const double seconds)
{
  const RatesPlan plan = {&o->trainer, o->warm_learning_rate, s->n_resampled + 1};
  TrainerConfig config = rates_config(&plan, index, seconds);
  config.interrupt = &interrupted;
  config.batch *= team_size();
  config.further_rate = index ? (uint32_t)session_material(s, index).sample_rate : 0;
  return config;
}

/// Train set `index`, whose first weights are in `set->params`
static Status
train_set(const TrainOptions* const o, Session* const s, const uint32_t index, ModelSet* const set,
          Message* const message)
{
  const RatesMaterial m = session_material(s, index);
  const TrainerConfig config = config_for_set(o, s, index, now_seconds() - s->start);
  Progress progress = progress_begin(o->is_quiet, m.sample_rate);
  progress.curve = &s->curves[index];
  TrainerProgress end = {0};
  ScoreResult score = {0};
  char path[PATH_MAX];
  output_name_checkpoint(o, s, index, path);
  const TrainerRun trainer = {&config,      m.train,
                              m.validation, progress_print,
                              &progress,    {path, o->checkpoint_interval, o->resumes}};
  summary_print_rate(o, s, index);
  Status status = trainer_run(&trainer, &set->params, &end, message);
  if (status) {
    return status;
  }
  progress_end(&progress, &end);
  if (!index && (status = linear_stage_shorten(o, &trainer, &set->params, message))) {
    return status;
  }
  if (trainer_evaluate(&config, &set->params, m.validation, &score)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  summary_print_set(s, s->validation.n_takes ? "validation" : "held-out part", index, &score);
  set->sample_rate = m.sample_rate;
  set->record = make_record(&end, &score, config.seed);
  return STATUS_OK;
}

/// Choose the hidden size by trials, and start from the weights of the one that is enough
static Status
choose_size(const TrainOptions* const o, Session* const s, Message* const message)
{
  char path[PATH_MAX];
  TrainerConfig config = o->trainer;
  Params chosen = {.values = NULL};
  config.shape = s->model.params.shape;
  config.interrupt = &interrupted;
  config.batch *= team_size();
  output_name_checkpoint(o, s, 0, path);
  const TrainerRun trainer = {&config,
                              session_material(s, 0).train,
                              session_material(s, 0).validation,
                              NULL,
                              NULL,
                              {path, o->checkpoint_interval, o->resumes}};
  const SizeCalls calls = {summary_print_size, output_name_trial, (void*)(uintptr_t)o};
  const Status status = size_choose(&trainer, &calls, &chosen, message);
  if (!status) {
    params_clear(&s->model.params);
    s->model.params = chosen;
    summary_print_chosen_size(o, chosen.shape.hidden_size);
  }
  return status;
}

static Status
train_main_set(const TrainOptions* const o, Session* const s, Message* const message)
{
  const TrainerConfig config = config_for_set(o, s, 0, 0.0);
  Status status = linear_stage_choose(o, s, &config, message);
  if (!status && o->auto_size) {
    status = choose_size(o, s, message);
  }
  if (status) {
    return status;
  }
  ModelSet set = {.params = s->model.params};
  status = train_set(o, s, 0, &set, message);
  s->model.params = set.params; // Perhaps of another shape
  s->model.record = set.record;
  return status ? status : linear_stage_finish(o, s, message);
}

/// Train the sets for further rates, each from the weights of the main one. None is started after
/// an interrupt: it would only copy those weights.
static Status
train_others(const TrainOptions* const o, Session* const s, Message* const message)
{
  ModelFile* const model = &s->model;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < s->n_resampled && !status; ++i) {
    ModelSet* const set = &model->others[i];
    if (team_leaders(interrupted) != 0.0) {
      events_note("ended before there was a set for %g Hz", session_material(s, i + 1).sample_rate);
      continue;
    }
    status = team_agree(first_model_carry_weights(model, session_material(s, i + 1).sample_rate,
                                                  &set->params, message),
                        message);
    if (!status && !(status = train_set(o, s, i + 1, set, message))) {
      ++model->n_others;
    }
  }
  return status;
}

static Status
report_test(const TrainOptions* const o, Session* const s, Message* const message)
{
  for (uint32_t i = 0; i <= s->model.n_others && s->test.n_takes; ++i) {
    const SummaryPart part = {"test", &s->test, session_material(s, i).test};
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, session_params(s, i), part.dataset, &score)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
    summary_print_set(s, part.what, i, &score);
    if (summary_print_settings(o, s, i, part)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
  }
  return STATUS_OK;
}

/// Train all sets and write the model
static Status
train_and_write(const TrainOptions* const o, Session* const s, Message* const message)
{
  Status status = train_main_set(o, s, message);
  if (status) {
    return status;
  }
  output_choose_edition(o, s, interrupted != 0);
  if ((status = output_write_early(o, s, message)) || (status = train_others(o, s, message))) {
    return status;
  }
  return team_agree(output_write_model(o, s, &interrupted, message), message);
}

/// Correct the recordings, and print what was wrong with them
static Status
correct_recordings(const TrainOptions* const o, Session* const s, Message* const message)
{
  Status status = latency_trial(o, s, message);
  status = status ? status : session_correct_recordings(o, s, message);
  if (status) {
    return status;
  }
  s->model.delay = s->train.corrections[0].delay;
  s->model.drift = s->train.corrections[0].drift;
  summary_print_examination(o, s);
  return o->examine.forces ? STATUS_OK : session_check_findings(o, s, message);
}

/// Keep which part of the recordings the model is scored on, so that it can be scored again
static void
keep_held_out(const TrainOptions* const o, Session* const s)
{
  if (!o->teacher && !s->validation.n_takes && !o->layout.clip_frames) {
    s->model.held_out = o->held_out;
    s->model.clip_warmup = s->train.dataset.warmup;
  }
}

/// Let the recording choose the loss, unless the user has
static Status
choose_loss(TrainOptions* const o, Session* const s, Message* const message)
{
  s->loss = (LossChoice){.loss = o->trainer.loss};
  if (o->loss == TRAIN_LOSS_AUTO && loss_choose(&s->train.dataset, &s->loss)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  s->loss.loss = (LossType)team_leaders((double)s->loss.loss); // Machines may round differently
  o->trainer.loss = s->loss.loss;
  return STATUS_OK;
}

/// Read all that the training needs, and fail alike on all processes
static Status
prepare_training(TrainOptions* const o, Session* const s, Message* const message)
{
  Status status = output_check_files(o, message);
  status = status ? status : session_read_recordings(o, s, message);
  status = status ? status : first_model_init(o, s, message);
  if ((status = team_agree(status, message))) {
    return status;
  }
  const TeamCheck check = {
      GRUS_VERSION, o->hash, {&s->train, &s->validation, &s->test}, &s->model.params};
  if ((status = team_check_all(&check, message))) {
    return status; // From here on all do the same
  }
  if (!(status = correct_recordings(o, s, message)) &&
      !(status = session_cut_recordings(o, s, message))) {
    keep_held_out(o, s);
    first_model_fit_levels(o, s);
    status = choose_loss(o, s, message);
    status = status ? status : output_check_older(o, s, message);
  }
  return team_agree(status, message);
}

static Status
only_examine(const TrainOptions* const o, Session* const s, Message* const message)
{
  const Status status = team_agree(session_read_recordings(o, s, message), message);
  return status ? status : team_agree(correct_recordings(o, s, message), message);
}

Status
run_training(TrainOptions* const o, Session* const s, Message* const message)
{
  if (o->examine.only) {
    return only_examine(o, s, message);
  }
  catch_handed_on();
  Status status = prepare_training(o, s, message);
  if (status) {
    return status;
  }
  summary_print_plan(o, s);
  catch_interrupts();
  summary_print_resampling(o, s);
  if ((status = team_agree(session_resample_recordings(o, s, message), message))) {
    return status;
  }
  s->start = now_seconds();
  if ((status = train_and_write(o, s, message)) || (status = summary_print_takes(o, s, message))) {
    return status;
  }
  if ((status = report_test(o, s, message))) {
    return status;
  }
  if ((status = team_agree(output_write_page(o, s, message), message))) {
    return status;
  }
  summary_print_verdict(o, s, interrupted);
  output_print_next_step(o, s);
  return STATUS_OK;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-train: recordings in, a model file and a preset out.

#include "core/clock.h"
#include "core/format/model_file.h"
#include "core/params.h"
#include "core/status.h"
#include "train/audio/score.h"
#include "train/learn/size_search.h"
#include "train/learn/team.h"
#include "train/learn/trainer.h"
#include "train/programs/train/first_model.h"
#include "train/programs/train/options.h"
#include "train/programs/train/output.h"
#include "train/programs/train/progress.h"
#include "train/programs/train/rate_sets.h"
#include "train/programs/train/session.h"
#include "train/programs/train/summary.h"
#include "train/programs/train/team_check.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EXIT_BAD_INPUT 2

static volatile sig_atomic_t interrupted = 0;

static void
on_interrupt(const int signal_number)
{
  interrupted = signal_number;
}

/// The first Ctrl-C ends the training, the second one the program. SIGUSR1 is what mpirun hands on
/// to its processes.
static void
catch_interrupts(void)
{
  struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
  (void)sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
  (void)sigaction(SIGUSR1, &action, NULL);
}

static double
now_seconds(void)
{
  return team_leaders(clock_seconds());
}

/// What a file can say; JSON knows no NaN
static double
known(const double ratio)
{
  return isfinite(ratio) ? ratio : 0.0;
}

static ModelRecord
record_of(const TrainerProgress* const end, const ScoreResult* const score, const uint64_t seed)
{
  return (ModelRecord){known(score->esr),
                       known(score->esr_pre_emphasis),
                       known(score->esr_a_weighted),
                       known(score->esr_worst),
                       end->seconds,
                       (double)end->updates,
                       (double)seed};
}

/// Train `params`, which begin set `index`
static Status
train_set(const Options* const o, Session* const s, const uint32_t index, ModelSet* const set,
          Message* const message)
{
  const RatesMaterial m = session_material(s, index);
  const RatesPlan plan = {&o->trainer, o->warm_learning_rate, s->n_resampled + 1};
  TrainerConfig config = rates_config(&plan, index, now_seconds() - s->start);
  Report report = report_begin(o->is_quiet, m.sample_rate);
  report.curve = &s->curves[index];
  TrainerProgress end = {0};
  ScoreResult score = {0};
  config.interrupt = &interrupted;
  config.batch *= team_size();
  char path[PATH_MAX];
  output_name_checkpoint(o, s, index, path);
  const TrainerRun run = {&config,         m.train, m.validation,
                          report_progress, &report, {path, o->checkpoint_interval, o->resumes}};
  telling_print_rate(o, s, index);
  const Status status = trainer_run(&run, &set->params, &end, message);
  if (status) {
    return status;
  }
  report_end(&report, &end);
  if (trainer_evaluate(&config, &set->params, m.validation, &score)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  telling_report_set(s, s->validation.n_takes ? "validation" : "held-out part", index, &score);
  set->sample_rate = m.sample_rate;
  set->record = record_of(&end, &score, config.seed);
  return STATUS_OK;
}

/// Let the model begin with the weights of the size that is enough
static Status
choose_size(const Options* const o, Session* const s, Message* const message)
{
  char path[PATH_MAX];
  TrainerConfig config = o->trainer;
  Params chosen = {.values = NULL};
  config.interrupt = &interrupted;
  config.batch *= team_size();
  output_name_checkpoint(o, s, 0, path);
  const TrainerRun run = {&config,
                          session_material(s, 0).train,
                          session_material(s, 0).validation,
                          NULL,
                          NULL,
                          {path, o->checkpoint_interval, o->resumes}};
  const SizeCalls calls = {telling_report_size, output_name_trial, (void*)(uintptr_t)o};
  const Status status = size_choose(&run, &calls, &chosen, message);
  if (!status) {
    params_clear(&s->model.params);
    s->model.params = chosen;
    if (!o->is_quiet) {
      (void)printf("hidden size %u is enough, and is trained on\n", chosen.shape.hidden_size);
    }
  }
  return status;
}

static Status
train(const Options* const o, Session* const s, Message* const message)
{
  if (o->auto_size) {
    const Status chosen = choose_size(o, s, message);
    if (chosen) {
      return chosen;
    }
  }
  ModelSet set = {.params = s->model.params};
  const Status status = train_set(o, s, 0, &set, message);
  s->model.record = set.record;
  return status;
}

/// Train the sets for further rates, each from the weights of the main one; what was begun after
/// an interrupt would be those weights only
static Status
train_others(const Options* const o, Session* const s, Message* const message)
{
  ModelFile* const model = &s->model;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < s->n_resampled && !status; ++i) {
    ModelSet* const set = &model->others[i];
    if (team_leaders(interrupted) != 0.0) {
      (void)printf("note: ended before there was a set for %g Hz\n",
                   session_material(s, i + 1).sample_rate);
      continue;
    }
    status = team_agree(
        begin_carry_weights(model, session_material(s, i + 1).sample_rate, &set->params, message),
        message);
    if (!status && !(status = train_set(o, s, i + 1, set, message))) {
      ++model->n_others;
    }
  }
  return status;
}

static Status
test(const Options* const o, Session* const s, Message* const message)
{
  for (uint32_t i = 0; i <= s->model.n_others && s->test.n_takes; ++i) {
    const TellingPart part = {"test", &s->test, session_material(s, i).test};
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, session_params(s, i), part.dataset, &score)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
    telling_report_set(s, part.what, i, &score);
    if (telling_report_settings(o, s, i, part)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
  }
  return STATUS_OK;
}

/// Learn all sets
static Status
train_and_write(const Options* const o, Session* const s, Message* const message)
{
  Status status = train(o, s, message);
  if (status || (status = output_write_early(o, s, message)) ||
      (status = train_others(o, s, message))) {
    return status;
  }
  return team_agree(output_write_model(o, s, &interrupted, message), message);
}

/// Read the recordings, and say what is wrong with them
static Status
examine(const Options* const o, Session* const s, Message* const message)
{
  const Status status = session_read_recordings(o, s, message);
  if (status) {
    return status;
  }
  telling_print_examination(o, s);
  return o->examine.forces ? STATUS_OK : session_check_findings(s, message);
}

/// Read all that a training needs, and fail alike on all processes
static Status
prepare(Options* const o, Session* const s, Message* const message)
{
  Status status = output_check_folder(o, message);
  if (!status && !(status = examine(o, s, message)) &&
      !(status = session_cut_recordings(o, s, message))) {
    status = begin_init_model(o, s, message);
  }
  if ((status = team_agree(status, message))) {
    return status;
  }
  const Muster muster = {
      GRUS_VERSION, o->hash, {&s->train, &s->validation, &s->test}, &s->model.params};
  return muster_check(&muster, message);
}

static Status
run(Options* const o, Session* const s, Message* const message)
{
  if (o->examine.only) {
    return team_agree(examine(o, s, message), message);
  }
  Status status = prepare(o, s, message);
  if (status) {
    return status;
  }
  telling_print_plan(o, s);
  catch_interrupts();
  s->start = now_seconds();
  if ((status = team_agree(session_resample_recordings(o, s, message), message))) {
    return status;
  }
  if ((status = train_and_write(o, s, message)) || (status = telling_report_takes(o, s, message))) {
    return status;
  }
  if ((status = test(o, s, message))) {
    return status;
  }
  return team_agree(output_write_page(o, s, message), message);
}

/// The leader reads the command line first: what it refuses, the others need not refuse again
static OptionsResult
read_options(const int argc, char** const argv, Options* const o)
{
  const bool leads = team_is_leader();
  const OptionsResult result =
      (OptionsResult)team_leaders(leads ? options_read(argc, argv, o) : OPTIONS_RUN);
  if (result != OPTIONS_RUN) {
    return result;
  }
  const bool refuses = !leads && options_read(argc, argv, o) != OPTIONS_RUN;
  return team_agree(refuses ? STATUS_BAD_ARGUMENT : STATUS_OK, NULL) ? OPTIONS_ERROR : OPTIONS_RUN;
}

/// Return the exit status, and say on one process what is wrong
static int
finish(const Status status, const Message* const message)
{
  if (status && team_is_leader()) {
    (void)fprintf(stderr, "grus-train: %s\n", message->text);
  }
  team_leave();
  return !status                                                       ? EXIT_SUCCESS
         : status == STATUS_CANNOT_WRITE || status == STATUS_NO_MEMORY ? EXIT_FAILURE
                                                                       : EXIT_BAD_INPUT;
}

int
main(const int argc, char** const argv)
{
  Options options = {0};
  Session session = {0};
  Message message = {""};
  Status status = team_join(&message);
  if (status) {
    return finish(status, &message);
  }
  const OptionsResult result = read_options(argc, argv, &options);
  if (result != OPTIONS_RUN) {
    team_leave();
    return result == OPTIONS_EXIT ? EXIT_SUCCESS : EXIT_BAD_INPUT;
  }
  status = run(&options, &session, &message);
  session_clear(&session);
  return finish(status, &message);
}

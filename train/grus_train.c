// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-train: two recordings in, a model file and a preset out.

#include "core/model_file.h"
#include "train/dataset.h"
#include "train/init.h"
#include "train/install.h"
#include "train/muster.h"
#include "train/options.h"
#include "train/report.h"
#include "train/team.h"
#include "train/trainer.h"
#include "train/wav.h"

#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_BAD_INPUT 2

static volatile sig_atomic_t interrupted = 0;

/// A pair of recordings, cut into clips
typedef struct {
  Wav input;
  Wav target;
  Dataset dataset;
} Recording;

/// Everything a run reads and makes
typedef struct {
  Recording train;
  Recording validation; ///< Without recordings of its own: a part of `train`
  Recording test;
  ModelFile model;
} Session;

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

static void
recording_clear(Recording* const r)
{
  wav_clear(&r->input);
  wav_clear(&r->target);
  dataset_clear(&r->dataset);
}

static void
session_clear(Session* const s)
{
  recording_clear(&s->train);
  recording_clear(&s->validation);
  recording_clear(&s->test);
  model_file_clear(&s->model);
}

static Status
read_pair(const Options* const o, const Pair pair, Recording* const r, Message* const message)
{
  if (!pair.input) {
    return STATUS_OK;
  }
  Status status = wav_read(pair.input, o->channel, &r->input, message);
  if (!status) {
    status = wav_read(pair.target, o->channel, &r->target, message);
  }
  return status ? status : dataset_cut(&r->input, &r->target, o->layout, &r->dataset, message);
}

static Status
check_rates(const Session* const s, Message* const message)
{
  const double rate = s->train.input.sample_rate;
  const Wav* others[2] = {&s->validation.input, &s->test.input};
  for (size_t i = 0; i < 2; ++i) {
    if (others[i]->n_frames && others[i]->sample_rate != rate) {
      return status_fail(message, STATUS_BAD_ARGUMENT,
                         "a validation or test recording is at %g Hz, the recording at %g Hz",
                         others[i]->sample_rate, rate);
    }
  }
  return STATUS_OK;
}

static Status
read_recordings(const Options* const o, Session* const s, Message* const message)
{
  Status status = read_pair(o, o->recording, &s->train, message);
  if (status || (status = read_pair(o, o->validation, &s->validation, message)) ||
      (status = read_pair(o, o->test, &s->test, message))) {
    return status;
  }
  if (!o->validation.input) {
    status = dataset_split(&s->train.dataset, o->held_out, &s->validation.dataset, message);
  }
  return status ? status : check_rates(s, message);
}

static void
copy_text(char* const to, const char* const text)
{
  (void)snprintf(to, MODEL_FILE_TEXT_SIZE, "%s", text ? text : "");
}

/// Return the last part of the output's name, which is what a model is called by default
static void
name_from_output(const char* const output, char* const name)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s", output);
  copy_text(name, basename(path));
  char* const suffix = strstr(name, ".json");
  if (suffix && !suffix[5]) {
    *suffix = '\0';
  }
}

/// Begin with the weights of a model, whose shape becomes that of the run
static Status
take_weights(Options* const o, Params* const params, Message* const message)
{
  ModelFile from = {0};
  const Status status = model_file_read(o->from, &from, message);
  if (status) {
    return status;
  }
  const ParamsShape shape = from.params.shape;
  if (shape.cell == CELL_LSTM || shape.n_inputs > 1 || from.input_gain_db != 0.0 ||
      from.output_gain_db != 0.0) {
    model_file_clear(&from);
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%.200s: can't be trained on; it should be a GRU without knobs and gains",
                       o->from);
  }
  o->trainer.shape = shape;
  *params = from.params; // Handed over
  return STATUS_OK;
}

static Status
init_weights(Options* const o, Params* const params, Message* const message)
{
  if (o->from) {
    return take_weights(o, params, message);
  }
  if (params_init(params, o->trainer.shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  init_params(params, o->trainer.seed);
  return STATUS_OK;
}

static Status
init_model(Options* const o, Session* const s, Message* const message)
{
  ModelFile* const m = &s->model;
  const Status status = init_weights(o, &m->params, message);
  if (status) {
    return status;
  }
  m->sample_rate = s->train.input.sample_rate;
  name_from_output(o->output, m->name);
  if (o->name) {
    copy_text(m->name, o->name);
  }
  copy_text(m->author, o->author);
  copy_text(m->gear, o->gear);
  copy_text(m->license, o->license);
  return STATUS_OK;
}

/// Return true if a person should know of a sample at full scale
static bool
touches_full_scale(const Wav* const wav)
{
  uint64_t n = 0;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    n += wav->samples[i] >= 0.9999F || wav->samples[i] <= -0.9999F;
  }
  return n > 0;
}

static void
print_plan(const Options* const o, const Session* const s)
{
  const Wav* const input = &s->train.input;
  if (o->is_quiet) {
    return;
  }
  (void)printf("%s, %s: %.1f s at %g Hz; %u clips to learn from, %u to check with\n",
               o->recording.input, o->recording.target,
               (double)input->n_frames / input->sample_rate, input->sample_rate,
               s->train.dataset.n_clips, s->validation.dataset.n_clips);
  (void)printf("GRU %s, hidden size %u, %zu parameters, seed %llu, %u process(es), %u thread(s)\n",
               params_cell_name(o->trainer.shape.cell), o->trainer.shape.hidden_size,
               params_count(o->trainer.shape), (unsigned long long)o->trainer.seed, team_size(),
               o->trainer.n_threads);
  if (touches_full_scale(input)) {
    (void)printf("note: %s reaches full scale; if it is clipped, record it softer\n",
                 o->recording.input);
  }
  (void)fflush(stdout);
}

static Status
train(const Options* const o, Session* const s, Message* const message)
{
  TrainerConfig config = o->trainer;
  Report report = report_begin(o->is_quiet, s->train.input.sample_rate);
  config.interrupt = &interrupted;
  config.batch *= team_size();
  TrainerProgress end = {0};
  const TrainerRun run = {&config, &s->train.dataset, &s->validation.dataset, report_progress,
                          &report};
  const Status status = trainer_run(&run, &s->model.params, &end, message);
  if (!status) {
    report_end(&report, &end);
    report_metrics(o->validation.input ? "validation" : "held-out part", &end.best);
    s->model.record = (ModelRecord){metrics_esr(&end.best), metrics_esr_pre_emphasis(&end.best),
                                    end.seconds, (double)end.updates, (double)config.seed};
  }
  return status;
}

static Status
test(const Options* const o, const Session* const s, Message* const message)
{
  Metrics metrics = {0};
  if (!o->test.input) {
    return STATUS_OK;
  }
  if (trainer_evaluate(&o->trainer, &s->model.params, &s->test.dataset, &metrics)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  report_metrics("test", &metrics);
  return STATUS_OK;
}

/// NAME to NAME.json
static void
model_path(const char* const output, char path[PATH_MAX])
{
  const size_t n = strlen(output);
  const bool has_suffix = n > 5 && !strcmp(output + n - 5, ".json");
  (void)snprintf(path, PATH_MAX, "%s%s", output, has_suffix ? "" : ".json");
}

static Status
write_model(const Options* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  model_path(o->output, path);
  Status status = model_file_write(&s->model, path, message);
  if (status) {
    return status;
  }
  (void)printf("model: %s\n", path);
  if (o->install) {
    char bundle[PATH_MAX];
    status = install_preset(&s->model, o->install, bundle, message);
    if (!status) {
      (void)printf("preset \"%s\": %s\n", s->model.name, bundle);
    }
  }
  return status;
}

/// Fail before the training, not after it, if the model can't be written
static Status
check_output(const Options* const o, Message* const message)
{
  char path[PATH_MAX];
  char folder[PATH_MAX];
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  model_path(o->output, path);
  (void)snprintf(folder, sizeof(folder), "%s", path);
  return install_check_folder(dirname(folder), message);
}

/// Read all that a training needs, and fail alike on all processes
static Status
prepare(Options* const o, Session* const s, Message* const message)
{
  Status status = check_output(o, message);
  if (!status && !(status = read_recordings(o, s, message))) {
    status = init_model(o, s, message);
  }
  if ((status = team_agree(status, message))) {
    return status;
  }
  const Muster muster = {GRUS_VERSION,
                         o->hash,
                         {&s->train.input, &s->train.target, &s->validation.input,
                          &s->validation.target, &s->test.input, &s->test.target},
                         &s->model.params};
  return muster_check(&muster, message);
}

static Status
run(Options* const o, Session* const s, Message* const message)
{
  Status status = prepare(o, s, message);
  if (status) {
    return status;
  }
  print_plan(o, s);
  catch_interrupts();
  if ((status = train(o, s, message)) ||
      (status = team_agree(write_model(o, s, message), message))) {
    return status;
  }
  return test(o, s, message);
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

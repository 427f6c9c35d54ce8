// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-train: recordings in, a model file and a preset out.

#include "core/model_file.h"
#include "train/dataset.h"
#include "train/init.h"
#include "train/install.h"
#include "train/muster.h"
#include "train/options.h"
#include "train/rates.h"
#include "train/recording.h"
#include "train/report.h"
#include "train/resample.h"
#include "train/size.h"
#include "train/team.h"
#include "train/trainer.h"

#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EXIT_BAD_INPUT 2
#define LABEL_SIZE 1024U ///< Of a part of a report

static volatile sig_atomic_t interrupted = 0;

/// Everything a run reads and makes
typedef struct {
  Recording train;
  Recording validation; ///< Without recordings of its own: a part of `train`
  Recording test;
  RatesResampled resampled[MODEL_FILE_MAX_SETS - 1]; ///< The same at further rates
  uint32_t n_resampled;
  ModelFile model;
  double start; ///< Of the time to spend [s]
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
session_clear(Session* const s)
{
  recording_clear(&s->train);
  recording_clear(&s->validation);
  recording_clear(&s->test);
  for (uint32_t i = 0; i < s->n_resampled; ++i) {
    rates_clear(&s->resampled[i]);
  }
  model_file_clear(&s->model);
}

static double
sample_rate_of(const Session* const s)
{
  return s->train.takes[0].input->sample_rate;
}

static Status
check_rates(const Session* const s, Message* const message)
{
  const double rate = sample_rate_of(s);
  const Recording* const others[2] = {&s->validation, &s->test};
  for (size_t i = 0; i < 2; ++i) {
    if (others[i]->n_takes && others[i]->takes[0].input->sample_rate != rate) {
      return status_fail(message, STATUS_BAD_ARGUMENT,
                         "a validation or test recording is at %g Hz, the recording at %g Hz",
                         others[i]->takes[0].input->sample_rate, rate);
    }
  }
  return STATUS_OK;
}

static Status
read_recordings(const Options* const o, Session* const s, Message* const message)
{
  Status status = recording_read(&o->recording, o->channel, o->layout, &s->train, message);
  if (status ||
      (status = recording_read(&o->validation, o->channel, o->layout, &s->validation, message)) ||
      (status = recording_read(&o->test, o->channel, o->layout, &s->test, message))) {
    return status;
  }
  if (!s->validation.n_takes) {
    status = dataset_split(&s->train.dataset, o->held_out, &s->validation.dataset, message);
  }
  return status ? status : check_rates(s, message);
}

static double
now_seconds(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return team_leaders((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

/// What set `index` of the model is made of: 0 is the main one, at the rate of the recording
static RatesMaterial
material(const Session* const s, const uint32_t index)
{
  return index ? rates_material(&s->resampled[index - 1])
               : (RatesMaterial){sample_rate_of(s), &s->train.dataset, &s->validation.dataset,
                                 &s->test.dataset};
}

static Status
resample_sound(const Session* const s, Resampled* const sound, Message* const message)
{
  const Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  Status status = STATUS_OK;
  for (size_t i = 0; i < 3; ++i) {
    for (uint32_t k = 0; k < recordings[i]->n_wavs && !status; ++k) {
      status = resample_add(sound, &recordings[i]->wavs[k], message);
    }
  }
  return status;
}

/// Bring everything to the further rates, before the training: what can't be is told now
static Status
resample_recordings(const Options* const o, Session* const s, Message* const message)
{
  const RatesMaterial recorded = material(s, 0);
  RatesList others = {.n = 0};
  Status status = rates_besides(&o->rates, recorded.sample_rate, &others, message);
  for (uint32_t i = 0; i < others.n && !status; ++i) {
    RatesResampled* const to = &s->resampled[s->n_resampled++];
    to->sound = resample_begin(others.hz[i], o->layout.clip_frames);
    status = resample_sound(s, &to->sound, message);
    if (!status) {
      status = rates_resample(&recorded, to, message);
    }
  }
  return status;
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

static Status
copy_params(const Params* const from, Params* const to, Message* const message)
{
  if (params_init(to, from->shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  memcpy(to->values, from->values, params_count(from->shape) * sizeof(float));
  return STATUS_OK;
}

/// Begin with the weights of a model, whose shape becomes that of the run
static Status
take_weights(Options* const o, const double sample_rate, Params* const params,
             Message* const message)
{
  ModelFile from = {0};
  const Status status = model_file_read(o->from, &from, message);
  if (status) {
    return status;
  }
  const ModelSet set = model_file_set_for(&from, sample_rate);
  const ParamsShape shape = set.params.shape;
  if (shape.cell == CELL_LSTM || from.input_gain_db != 0.0 || from.output_gain_db != 0.0) {
    model_file_clear(&from);
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%.200s: can't be trained on; it should be a GRU without gains", o->from);
  }
  if (shape.n_inputs != o->trainer.shape.n_inputs) {
    model_file_clear(&from);
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.200s: has %u knob(s), the takes have %u; both should have the same",
                       o->from, shape.n_inputs - 1, o->knobs.n);
  }
  o->trainer.shape = shape;
  const Status copied = copy_params(&set.params, params, message);
  model_file_clear(&from);
  return copied;
}

static Status
init_weights(Options* const o, const double sample_rate, Params* const params,
             Message* const message)
{
  if (o->from) {
    return take_weights(o, sample_rate, params, message);
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
  const Status status = init_weights(o, sample_rate_of(s), &m->params, message);
  if (status) {
    return status;
  }
  m->sample_rate = sample_rate_of(s);
  name_from_output(o->output, m->name);
  if (o->name) {
    copy_text(m->name, o->name);
  }
  copy_text(m->author, o->author);
  copy_text(m->gear, o->gear);
  copy_text(m->license, o->license);
  for (uint32_t k = 0; k < o->knobs.n; ++k) {
    copy_text(m->knobs[k], o->knobs.names[k]);
  }
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

/// Say of which inputs it is that they reach full scale
static void
print_full_scale(const Recording* const r)
{
  for (uint32_t i = 0; i < r->n_wavs; ++i) {
    bool is_input = false;
    for (uint32_t t = 0; t < r->n_takes; ++t) {
      is_input = is_input || r->takes[t].input == &r->wavs[i];
    }
    if (is_input && touches_full_scale(&r->wavs[i])) {
      (void)printf("note: %s reaches full scale; if it is clipped, record it softer\n",
                   r->paths[i]);
    }
  }
}

/// What is learned from: two files, or takes of knobs
static void
print_recording(const Options* const o, const Recording* const r)
{
  if (!o->knobs.n) {
    (void)printf("%s, %s", o->recording.takes[0].input, o->recording.takes[0].target);
    return;
  }
  (void)printf("%u takes of %s", r->n_takes, o->knobs.names[0]);
  for (uint32_t k = 1; k < o->knobs.n; ++k) {
    (void)printf(", %s", o->knobs.names[k]);
  }
}

static void
print_plan(const Options* const o, const Session* const s)
{
  if (o->is_quiet) {
    return;
  }
  print_recording(o, &s->train);
  (void)printf(": %.1f s at %g Hz; %u clips to learn from, %u to check with\n",
               recording_seconds(&s->train), sample_rate_of(s), s->train.dataset.n_clips,
               s->validation.dataset.n_clips);
  if (!o->auto_size) {
    (void)printf("hidden size %u, %zu parameters; ", o->trainer.shape.hidden_size,
                 params_count(o->trainer.shape));
  }
  (void)printf("GRU %s, seed %llu, %u process(es), %u thread(s)\n",
               params_cell_name(o->trainer.shape.cell), (unsigned long long)o->trainer.seed,
               team_size(), o->trainer.n_threads);
  print_full_scale(&s->train);
  (void)fflush(stdout);
}

/// Say for which rate a set is, if there are several
static void
print_rate(const Options* const o, const Session* const s, const uint32_t index)
{
  if (!o->is_quiet && s->n_resampled) {
    (void)printf("%g Hz, %s:\n", material(s, index).sample_rate,
                 index ? "resampled, from the weights of the first set" : "as recorded");
    (void)fflush(stdout);
  }
}

/// Print how well a set does on `what`
static void
report_set(const Session* const s, const char* const what, const uint32_t index,
           const ScoreResult* const score)
{
  char place[LABEL_SIZE + 32];
  (void)snprintf(place, sizeof(place), "%s at %g Hz", what, material(s, index).sample_rate);
  report_score(s->n_resampled ? place : what, score);
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

/// NAME.checkpoint, or NAME-SUFFIX.checkpoint
static void
checkpoint_path(const Options* const o, const char* const suffix, char path[PATH_MAX])
{
  const size_t n = strlen(o->output);
  const bool has_suffix = n > 5 && !strcmp(o->output + n - 5, ".json");
  (void)snprintf(path, PATH_MAX, "%.*s%s%s.checkpoint", (int)(has_suffix ? n - 5 : n), o->output,
                 *suffix ? "-" : "", suffix);
}

/// Of a set: the first has none but its name, a further one its rate
static void
set_checkpoint_path(const Options* const o, const Session* const s, const uint32_t index,
                    char path[PATH_MAX])
{
  char rate[32] = "";
  if (index) {
    (void)snprintf(rate, sizeof(rate), "%g", material(s, index).sample_rate);
  }
  checkpoint_path(o, rate, path);
}

/// Of a trial of one size
static void
size_checkpoint_path(void* const options, const uint32_t hidden_size, char* const path)
{
  char size[32];
  (void)snprintf(size, sizeof(size), "size-%u", hidden_size);
  checkpoint_path((const Options*)options, size, path);
}

/// Remove what a run that ended as planned no longer needs; an interrupted one can be resumed
static void
remove_checkpoints(const Options* const o, const Session* const s)
{
  for (uint32_t i = 0; i <= s->n_resampled && !interrupted; ++i) {
    char path[PATH_MAX];
    set_checkpoint_path(o, s, i, path);
    (void)unlink(path);
  }
  for (uint32_t size = 1; o->auto_size && size <= PARAMS_MAX_HIDDEN_SIZE && !interrupted; ++size) {
    char path[PATH_MAX];
    size_checkpoint_path((void*)(uintptr_t)o, size, path);
    (void)unlink(path);
  }
}

/// Train `params`, which begin set `index`
static Status
train_set(const Options* const o, const Session* const s, const uint32_t index, ModelSet* const set,
          Message* const message)
{
  const RatesMaterial m = material(s, index);
  const RatesPlan plan = {&o->trainer, o->warm_learning_rate, s->n_resampled + 1};
  TrainerConfig config = rates_config(&plan, index, now_seconds() - s->start);
  Report report = report_begin(o->is_quiet, m.sample_rate);
  TrainerProgress end = {0};
  ScoreResult score = {0};
  config.interrupt = &interrupted;
  config.batch *= team_size();
  char path[PATH_MAX];
  set_checkpoint_path(o, s, index, path);
  const TrainerRun run = {&config,         m.train, m.validation,
                          report_progress, &report, {path, o->checkpoint_interval, o->resumes}};
  print_rate(o, s, index);
  const Status status = trainer_run(&run, &set->params, &end, message);
  if (status) {
    return status;
  }
  report_end(&report, &end);
  if (trainer_evaluate(&config, &set->params, m.validation, &score)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  report_set(s, s->validation.n_takes ? "validation" : "held-out part", index, &score);
  set->sample_rate = m.sample_rate;
  set->record = record_of(&end, &score, config.seed);
  return STATUS_OK;
}

static void
report_size(void* const options, const uint32_t hidden_size, const double esr)
{
  if (!((const Options*)options)->is_quiet) {
    (void)printf("hidden size %u: ESR %.5f (%.1f dB)\n", hidden_size, esr, metrics_db(esr));
    (void)fflush(stdout);
  }
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
  set_checkpoint_path(o, s, 0, path);
  const TrainerRun run = {&config,
                          material(s, 0).train,
                          material(s, 0).validation,
                          NULL,
                          NULL,
                          {path, o->checkpoint_interval, o->resumes}};
  const SizeCalls calls = {report_size, size_checkpoint_path, (void*)(uintptr_t)o};
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

/// What a set for another rate begins with: the main one's weights, for that rate
static Status
carry_weights(const ModelFile* const model, const double sample_rate, Params* const params,
              Message* const message)
{
  const Status status = copy_params(&model->params, params, message);
  if (!status) {
    params_change_rate(params, sample_rate / model->sample_rate);
  }
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
                   material(s, i + 1).sample_rate);
      continue;
    }
    status = team_agree(carry_weights(model, material(s, i + 1).sample_rate, &set->params, message),
                        message);
    if (!status && !(status = train_set(o, s, i + 1, set, message))) {
      ++model->n_others;
    }
  }
  return status;
}

static const Params*
params_of(const Session* const s, const uint32_t index)
{
  return index ? &s->model.others[index - 1].params : &s->model.params;
}

/// "WHAT, gain 0.25, tone 0.5"
static void
label_take(const char* const what, const Knobs* const knobs, const Take* const take,
           char label[LABEL_SIZE])
{
  int n = snprintf(label, LABEL_SIZE, "%s", what);
  for (uint32_t k = 0; k < knobs->n && n < (int)LABEL_SIZE; ++k) {
    n += snprintf(label + n, LABEL_SIZE - (size_t)n, ", %s %g", knobs->names[k],
                  (double)take->knobs[k]);
  }
}

/// What a part of a report is about
typedef struct {
  const char* what;
  const Recording* recording;
  const Dataset* dataset; ///< Clips of its takes
} Part;

/// Report how well set `index` does on a part at every setting of the knobs
static Status
report_settings(const Options* const o, const Session* const s, const uint32_t index,
                const Part part)
{
  char label[LABEL_SIZE];
  for (uint32_t i = 0; i < part.recording->n_takes && o->knobs.n; ++i) {
    const Take* const take = &part.recording->takes[i];
    const Dataset own = dataset_of_take(part.dataset, take);
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, params_of(s, index), &own, &score)) {
      return STATUS_NO_MEMORY;
    }
    label_take(part.what, &o->knobs, take, label);
    report_set(s, label, index, &score);
  }
  return STATUS_OK;
}

/// Report on every setting that the weights were chosen by, and that they were learned from unless
/// those are the same takes
static Status
report_takes(const Options* const o, const Session* const s, Message* const message)
{
  const bool is_apart = s->validation.n_takes > 0;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i <= s->model.n_others && !status; ++i) {
    const RatesMaterial m = material(s, i);
    const Part learned = {"learned from", &s->train, m.train};
    status = report_settings(o, s, i,
                             is_apart ? (Part){"validation", &s->validation, m.validation}
                                      : (Part){"held-out part", &s->train, m.validation});
    if (!status && is_apart) {
      status = report_settings(o, s, i, learned);
    }
  }
  return status ? status_fail(message, status, "out of memory") : STATUS_OK;
}

static Status
test(const Options* const o, const Session* const s, Message* const message)
{
  for (uint32_t i = 0; i <= s->model.n_others && s->test.n_takes; ++i) {
    const Part part = {"test", &s->test, material(s, i).test};
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, params_of(s, i), part.dataset, &score)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
    report_set(s, part.what, i, &score);
    if (report_settings(o, s, i, part)) {
      return status_fail(message, STATUS_NO_MEMORY, "out of memory");
    }
  }
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
  remove_checkpoints(o, s);
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

/// Write what is learned so far, before the sets for further rates: what is learned stays
static Status
write_early(const Options* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  model_path(o->output, path);
  const bool writes = team_is_leader() && s->n_resampled;
  return team_agree(writes ? model_file_write(&s->model, path, message) : STATUS_OK, message);
}

/// Learn all sets
static Status
train_and_write(const Options* const o, Session* const s, Message* const message)
{
  Status status = train(o, s, message);
  if (status || (status = write_early(o, s, message)) || (status = train_others(o, s, message))) {
    return status;
  }
  return team_agree(write_model(o, s, message), message);
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
  const Muster muster = {
      GRUS_VERSION, o->hash, {&s->train, &s->validation, &s->test}, &s->model.params};
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
  s->start = now_seconds();
  if ((status = team_agree(resample_recordings(o, s, message), message))) {
    return status;
  }
  if ((status = train_and_write(o, s, message)) || (status = report_takes(o, s, message))) {
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

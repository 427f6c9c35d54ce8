// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Gives a model random weights or those of another, and the texts of the command line.

#include "train/programs/train/first_model.h"

#include "core/decibel.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/model/impulse.h"
#include "core/model/stage_taps.h"
#include "core/params.h"
#include "core/text.h"
#include "train/learn/first_weights.h"
#include "train/learn/scale.h"
#include "train/learn/trainer.h"
#include "train/programs/train/output.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void
copy_text(char* const to, const char* const text)
{
  text_copy(to, MODEL_FILE_TEXT_SIZE, text ? text : "");
}

/// Fail if options that decide the shape contradict the model to start from
static Status
check_shape(const TrainOptions* const o, const ParamsShape shape, Message* const message)
{
  if (o->hidden_size && o->hidden_size != shape.hidden_size) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has hidden size %u, which is kept; leave out --hidden-size=%u, or "
                       "--from",
                       o->from, shape.hidden_size, o->hidden_size);
  }
  if (o->cell >= 0 && o->cell != (int)shape.cell) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has the cell %s, which is kept; leave out --cell=%s, or --from",
                       o->from, params_cell_name(shape.cell), params_cell_name((CellType)o->cell));
  }
  if (o->linear >= 0 && o->linear != (int)shape.n_taps) {
    return status_fail(
        message, STATUS_BAD_ARGUMENT,
        "%s: has a linear stage of %u taps, which is kept; leave out --linear=%d, or "
        "--from",
        o->from, shape.n_taps, o->linear);
  }
  if (o->trainer.shape.skip && !shape.skip) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has no skip connection; leave out --skip, or --from", o->from);
  }
  return STATUS_OK;
}

/// Return a text of the command line or, failing that, of the capture
static const char*
text_or(const char* const given, const char* const of_capture)
{
  return given ? given : of_capture;
}

static ModelFileLevel
level_or(const ModelFileLevel given, const ModelFileLevel of_capture)
{
  return given.is_given ? given : of_capture;
}

static Status
copy_params(const Params* const from, Params* const to, Message* const message)
{
  return params_copy_with_taps(from, from->shape.n_taps, to)
             ? status_fail(message, STATUS_NO_MEMORY, "out of memory")
             : STATUS_OK;
}

/// Return what the gains of a model make of sound that is learned from
static Scale
scale_in_file(const ModelFile* const m)
{
  return (Scale){(float)decibel_to_gain(m->input_gain_db),
                 (float)decibel_to_gain(-m->output_gain_db)};
}

/// Take over the gains of a model to start from: into its weights or, with a skip connection, into
/// the file
static void
carry_gains(const ModelFile* const from, ModelFile* const m)
{
  if (m->params.shape.skip) {
    m->input_gain_db = from->input_gain_db;
    m->output_gain_db = from->output_gain_db;
  } else {
    scale_leave(&m->params, scale_in_file(from));
  }
}

/// Start from the weights of a model, whose shape becomes that of the run
static Status
read_weights(TrainOptions* const o, const double sample_rate, ModelFile* const m,
             Message* const message)
{
  ModelFile from = {0};
  const Status status = model_file_read(o->from, &from, message);
  if (status) {
    return status;
  }
  const ModelSet set = model_file_set_for(&from, sample_rate);
  const ParamsShape shape = set.params.shape;
  if (shape.cell == CELL_LSTM || fabs(from.input_gain_db) >= -DECIBEL_SILENCE ||
      fabs(from.output_gain_db) >= -DECIBEL_SILENCE) {
    model_file_clear(&from);
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: can't be trained further; expected a GRU with gains of -90 to 90 dB",
                       o->from);
  }
  if (shape.n_inputs != o->trainer.shape.n_inputs) {
    model_file_clear(&from);
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has %u knob%s; expected %u, as many as the takes", o->from,
                       shape.n_inputs - 1, shape.n_inputs == 2 ? "" : "s", o->knobs.n);
  }
  Status copied = check_shape(o, shape, message);
  copied = copied ? copied : copy_params(&set.params, &m->params, message);
  if (!copied) {
    carry_gains(&from, m);
  }
  o->trainer.shape = shape;
  model_file_clear(&from);
  return copied;
}

/// Give a model with a skip connection the gains that bring its sound to the levels to learn at
static void
choose_gains(const Dataset* const train, ModelFile* const m)
{
  const Scale scale = scale_find(train);
  m->input_gain_db = round(100.0 * decibel_of_gain((double)scale.input)) / 100.0;
  m->output_gain_db = round(-100.0 * decibel_of_gain((double)scale.target)) / 100.0;
}

/// Let the training count with the gains of a model that has them
static void
use_gains(TrainOptions* const o, Session* const s)
{
  s->scale = scale_in_file(&s->model);
  o->trainer.scale = o->trainer.shape.skip ? &s->scale : NULL;
}

static Status
init_weights(TrainOptions* const o, Session* const s, Message* const message)
{
  ModelFile* const m = &s->model;
  if (o->from) {
    return read_weights(o, session_sample_rate(s), m, message);
  }
  if (params_init(&m->params, o->trainer.shape)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  first_weights_draw(&m->params, o->trainer.seed);
  return STATUS_OK;
}

void
first_model_fit_levels(TrainOptions* const o, Session* const s)
{
  ModelFile* const m = &s->model;
  const Dataset* const train = &s->train.dataset;
  if (!o->from && o->trainer.shape.skip) {
    choose_gains(train, m);
  }
  use_gains(o, s);
  if (!o->from) {
    trainer_draw_weights(&o->trainer, train, &m->params);
  }
}

/// Name the model as the user says, else as the capture calls itself, else after its file
static void
name_model(const TrainOptions* const o, const Session* const s, char name[MODEL_FILE_TEXT_SIZE])
{
  char path[PATH_MAX];
  output_name_model(o, path);
  file_stem(path, name, MODEL_FILE_TEXT_SIZE);
  if (o->name || s->teacher.name[strspn(s->teacher.name, " ")]) {
    copy_text(name, text_or(o->name, s->teacher.name));
  }
}

/// Keep which capture is learned from
static void
name_teacher(const TrainOptions* const o, const Session* const s, ModelFileTeacher* const teacher)
{
  if (o->teacher) {
    const char* const slash = strrchr(o->teacher, '/');
    copy_text(teacher->hash, s->teacher.hash);
    copy_text(teacher->file, slash ? slash + 1 : o->teacher);
    text_repair(teacher->file);
    copy_text(teacher->kind, s->teacher.kind);
    copy_text(teacher->name, s->teacher.name);
    teacher->gear_esr = s->teacher.gear_esr;
  }
}

Status
first_model_init(TrainOptions* const o, Session* const s, Message* const message)
{
  ModelFile* const m = &s->model;
  const Status status = init_weights(o, s, message);
  if (status) {
    return status;
  }
  m->sample_rate = session_sample_rate(s);
  name_model(o, s, m->name);
  (void)snprintf(m->source_hash, sizeof(m->source_hash), "%016llx",
                 (unsigned long long)s->train.hash);
  m->input_dbu = level_or(o->input_dbu, s->teacher.input_dbu);
  m->output_dbu = level_or(o->output_dbu, s->teacher.output_dbu);
  copy_text(m->author, text_or(o->author, s->teacher.author));
  copy_text(m->gear, text_or(o->gear, s->teacher.gear));
  copy_text(m->license, text_or(o->license, s->teacher.license));
  name_teacher(o, s, &m->teacher);
  for (uint32_t k = 0; k < o->knobs.n; ++k) {
    copy_text(m->knobs[k], o->knobs.names[k]);
  }
  return STATUS_OK;
}

/// Copy weights and, at another rate, their linear stage
static Status
copy_to_rate(const ModelFile* const model, const double sample_rate, Params* const params)
{
  const Params* const from = &model->params;
  Impulse moved = {.n_frames = 0};
  const Impulse taps = {.samples = {params_values(from, PARAMS_TAPS)},
                        .n_channels = 1,
                        .n_frames = from->shape.n_taps,
                        .sample_rate = model->sample_rate};
  Status status = taps.n_frames ? stage_taps_move(&taps, sample_rate, &moved) : STATUS_OK;
  const uint32_t n = moved.n_frames < PARAMS_MAX_TAPS ? moved.n_frames : PARAMS_MAX_TAPS;
  status = status ? status : params_copy_with_taps(from, n, params);
  if (!status && n) {
    memcpy(params_values(params, PARAMS_TAPS), moved.samples[0], n * sizeof(float));
  }
  impulse_clear(&moved);
  return status;
}

Status
first_model_carry_weights(const ModelFile* const model, const double sample_rate,
                          Params* const params, Message* const message)
{
  if (copy_to_rate(model, sample_rate, params)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  params_change_rate(params, sample_rate / model->sample_rate);
  return STATUS_OK;
}

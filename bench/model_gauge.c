// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Models play a guitar in blocks of a host's size. Captures are rendered by the trainer's renderer,
// which works on long blocks and vectorises over time, as no player can without delay.

#include "bench/model_gauge.h"

#include "bench/aliasing.h"
#include "bench/machine.h"
#include "core/model/model.h"
#include "core/realtime.h"
#include "guitar/guitar.h"
#include "train/programs/model/either.h"
#include "train/teacher/kernel.h"
#include "train/teacher/teacher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_RUNS 15U
#define N_FRAMES 65536U ///< Of a run, 1.4 s; a multiple of both blocks

const double model_gauge_notes[MODEL_GAUGE_N_NOTES] = {1200.0, 5000.0};

/// What plays, one of the two
typedef struct {
  Model* model;
  const Teacher* teacher;
  Pool* pool;
  double sample_rate; ///< [Hz]
} Instrument;

/// Play sound, in and out of place
static Status
play_sound(const Instrument* const i, const float* const in, float* const out,
           const uint32_t n_frames)
{
  if (!i->model) {
    return teacher_render(i->teacher, i->pool, in, n_frames, out);
  }
  for (uint32_t at = 0, n = 0; at < n_frames; at += n) {
    n = n_frames - at < MODEL_GAUGE_BLOCK ? n_frames - at : MODEL_GAUGE_BLOCK;
    model_run(i->model, (const float* const[]){in + at}, (float* const[]){out + at}, n);
  }
  return STATUS_OK;
}

/// Return how many frames are computed to play `n_frames`: a piece of a capture's sound begins with
/// what it depends on
static uint32_t
count_computed(const Instrument* const i, const uint32_t n_frames)
{
  const uint32_t n_before = i->teacher ? teacher_info(i->teacher)->receptive_field : 0;
  return n_frames + (n_before + TEACHER_BLOCK - 1) / TEACHER_BLOCK * TEACHER_BLOCK;
}

static Status
measure_aliasing(const Instrument* const i, ModelGauge* const gauge)
{
  static float in[ALIASING_FRAMES];
  static float out[ALIASING_FRAMES];
  for (uint32_t k = 0; k < MODEL_GAUGE_N_NOTES; ++k) {
    const AliasingNote note = {model_gauge_notes[k], i->sample_rate};
    aliasing_play(note, in);
    const Status status = play_sound(i, in, out, ALIASING_FRAMES);
    if (status) {
      return status;
    }
    gauge->aliasing_db[k] = aliasing_db(note, out);
  }
  return STATUS_OK;
}

static Status
make_guitar(float guitar[N_FRAMES])
{
  static double samples[N_FRAMES];
  const Status status = guitar_render(
      &(GuitarSpec){.sample_rate = MODEL_GAUGE_RATE, .n_frames = N_FRAMES, .seed = 1}, samples);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    guitar[i] = (float)samples[i];
  }
  return status;
}

static Status
measure_time(const Instrument* const i, ModelGauge* const gauge)
{
  static float in[N_FRAMES];
  static float out[N_FRAMES];
  double ns[N_RUNS];
  Status status = make_guitar(in);
  gauge->clock = machine_clock();
  for (uint32_t k = 0; k < N_RUNS && !status; ++k) {
    const double start = machine_seconds();
    status = play_sound(i, in, out, N_FRAMES);
    ns[k] = 1e9 * (machine_seconds() - start) / count_computed(i, N_FRAMES);
  }
  gauge->ns = status ? 0.0 : machine_quantile(ns, N_RUNS, 0.5);
  return status;
}

static Status
measure_instrument(const Instrument* const i, ModelGauge* const gauge)
{
  const RealtimeMode mode = realtime_enter();
  Status status = measure_aliasing(i, gauge);
  status = status ? status : measure_time(i, gauge);
  realtime_leave(mode);
  return status;
}

/// Describe a model's network and count what it multiplies
static void
describe_model(const ModelFile* const file, ModelGauge* const gauge)
{
  const ParamsShape shape = file->params.shape;
  const uint32_t n_gates = params_n_gates(shape.cell);
  (void)snprintf(gauge->network, sizeof(gauge->network), "%s %u",
                 shape.cell == CELL_LSTM ? "LSTM" : "GRU", shape.hidden_size);
  gauge->is_played = true;
  gauge->hidden_size = shape.hidden_size;
  gauge->n_taps = shape.n_taps;
  gauge->multiply_adds =
      n_gates * shape.hidden_size * (shape.n_inputs + shape.hidden_size) + shape.hidden_size;
}

static Status
measure_model(const ModelFile* const file, ModelGauge* const gauge)
{
  Instrument i = {.sample_rate = MODEL_GAUGE_RATE};
  Status status = model_new(file, (ModelUse){MODEL_GAUGE_RATE, 1, 1}, &i.model);
  if (status) {
    return status;
  }
  describe_model(file, gauge);
  gauge->latency = model_latency(i.model);
  status = measure_instrument(&i, gauge);
  model_free(i.model);
  return status;
}

/// Name a capture after NAM's standard networks, which differ in what they multiply
static void
describe_teacher(const TeacherInfo* const info, ModelGauge* const gauge)
{
  static const struct {
    uint32_t multiply_adds;
    const char* name;
  } known[] = {{13320, "NAM A1 standard"}, {6228, "NAM A1 lite"}, {2808, "NAM A1 feather"},
               {732, "NAM A1 nano"},       {11776, "NAM A2"},     {1731, "NAM A2 lite"}};
  const char* name = info->kind;
  for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); ++k) {
    name = known[k].multiply_adds == info->multiply_adds ? known[k].name : name;
  }
  (void)snprintf(gauge->network, sizeof(gauge->network), "%s", name);
  gauge->multiply_adds = info->multiply_adds;
}

static Status
measure_teacher(const Teacher* const teacher, ModelGauge* const gauge)
{
  const TeacherInfo* const info = teacher_info(teacher);
  Instrument i = {.teacher = teacher, .sample_rate = info->sample_rate};
  Status status = pool_new(1, &i.pool);
  if (status) {
    return status;
  }
  describe_teacher(info, gauge);
  status = measure_instrument(&i, gauge);
  pool_free(i.pool);
  return status;
}

Status
model_gauge_measure(const char* const path, ModelGauge* const gauge, Message* const message)
{
  ModelOrCapture either = {.teacher = NULL};
  Status status = either_read(path, &either, message);
  *gauge = (ModelGauge){.network = ""};
  if (!status) {
    status = either.teacher ? measure_teacher(either.teacher, gauge)
                            : measure_model(&either.model, gauge);
    if (status) {
      message_set(message, "%s: %s", path, status_text(status));
    }
  }
  either_clear(&either);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model check: is a model file good? Reading it checks every value and plays the file's own
// test. Beyond that, for each rate: the network must come to rest in silence, the kernels must play
// what the equations say, and the engine must play it as sound, neither muted nor silent.

#include "cli/json_output.h"
#include "core/decibel.h"
#include "core/distance.h"
#include "core/engine/engine.h"
#include "core/format/model_file_io.h"
#include "core/model/model.h"
#include "core/realtime.h"
#include "core/reference.h"
#include "train/programs/model/commands.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// Frames of silence to play at a time until the state stands still
#define STRETCH 4096U
#define MAX_STRETCHES 48U
#define REST_TOLERANCE 1e-6
#define REST_FRAMES 64U ///< At the end of a stretch, which must stand still

#define TEST_FRAMES 4096U
#define KERNEL_TOLERANCE 1e-3 ///< Of the largest output, or of 1
#define LEAST_PEAK 1e-5F      ///< Of sound; quieter is silence

/// A set that is being checked
typedef struct {
  const char* path;
  const ModelFile* file;
  ModelSet set;
  double state[PARAMS_MAX_STATE];
  double past[PARAMS_MAX_TAPS]; ///< Of the linear stage
  float in[TEST_FRAMES];
  double expected[TEST_FRAMES];
  float played[TEST_FRAMES];
} SetCheck;

static const double knobs[PARAMS_MAX_KNOBS] = {
    (double)MODEL_KNOB_DEFAULT, (double)MODEL_KNOB_DEFAULT, (double)MODEL_KNOB_DEFAULT,
    (double)MODEL_KNOB_DEFAULT};

/// Return how much the last samples move
static double
largest_step(const double* const samples, const uint32_t n)
{
  double largest = 0.0;
  for (uint32_t i = 1; i < n; ++i) {
    largest = fmax(largest, distance_between(samples[i], samples[i - 1]));
  }
  return largest;
}

/// Return how much two states differ
static double
state_distance(const double* const a, const double* const b)
{
  double largest = 0.0;
  for (uint32_t i = 0; i < PARAMS_MAX_STATE; ++i) {
    largest = fmax(largest, distance_between(a[i], b[i]));
  }
  return largest;
}

/// Play silence until nothing moves, which leaves state and linear stage at rest
static Status
settle_state(SetCheck* const c, Message* const message)
{
  double change = HUGE_VAL;
  memset(c->in, 0, sizeof(c->in));
  for (uint32_t k = 0; k < MAX_STRETCHES && !(change < REST_TOLERANCE); ++k) {
    double before[PARAMS_MAX_STATE];
    memcpy(before, c->state, sizeof(before));
    if (reference_run(&c->set.params, knobs, c->state, c->in, c->expected, STRETCH)) {
      return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", c->path);
    }
    change = fmax(state_distance(before, c->state),
                  largest_step(c->expected + STRETCH - REST_FRAMES, REST_FRAMES));
  }
  for (uint32_t i = 0; i < PARAMS_MAX_TAPS; ++i) {
    c->past[i] = c->expected[STRETCH - 1];
  }
  return change < REST_TOLERANCE
             ? STATUS_OK
             : status_fail(
                   message, STATUS_BAD_FILE,
                   "%s: at %g Hz it doesn't decay to silence: after %.0f s without input it "
                   "still moves by %.3g",
                   c->path, c->set.sample_rate, STRETCH * MAX_STRETCHES / c->set.sample_rate,
                   change);
}

/// A low note that becomes louder and louder, to full scale, with a high one in it
static void
make_test_sound(float* const samples)
{
  for (uint32_t i = 0; i < TEST_FRAMES; ++i) {
    const double level = (double)(i + 1) / TEST_FRAMES;
    samples[i] = (float)(level * (0.8 * sin(0.0144 * i) + 0.2 * sin(0.41 * i)));
  }
}

/// Play the test sound through the equations, from rest
static Status
play_reference(SetCheck* const c)
{
  const float input_gain = (float)decibel_to_gain_or_silence(c->file->input_gain_db);
  float in[TEST_FRAMES];
  for (uint32_t i = 0; i < TEST_FRAMES; ++i) {
    in[i] = input_gain * c->in[i];
  }
  const Status status =
      reference_run(&c->set.params, knobs, c->state, in, c->expected, TEST_FRAMES);
  reference_stage(&c->set.params, c->past, c->expected, TEST_FRAMES);
  for (uint32_t i = 0; i < TEST_FRAMES; ++i) {
    c->expected[i] *= decibel_to_gain_or_silence(c->file->output_gain_db);
  }
  return status;
}

/// Play it through the kernel that plugin and engine would choose
static Status
play_kernel(SetCheck* const c)
{
  Model* model = NULL;
  const Status status = model_new(c->file, (ModelUse){c->set.sample_rate, 1, 1}, &model);
  if (!status) {
    const RealtimeMode mode = realtime_enter();
    model_run(model, (const float* const[]){c->in}, (float* const[]){c->played}, TEST_FRAMES);
    realtime_leave(mode);
  }
  model_free(model);
  return status;
}

static Status
check_kernel(SetCheck* const c, Message* const message)
{
  double error = 0.0;
  double largest = 1.0;
  make_test_sound(c->in);
  Status status = play_reference(c);
  if (status || (status = play_kernel(c))) {
    return status_fail(message, status, "%s: %s", c->path, status_text(status));
  }
  for (uint32_t i = 0; i < TEST_FRAMES; ++i) {
    if (!isfinite(c->played[i])) {
      return status_fail(message, STATUS_BAD_FILE, "%s: at %g Hz its output is not finite", c->path,
                         c->set.sample_rate);
    }
    error = fmax(error, distance_between((double)c->played[i], c->expected[i]));
    largest = fmax(largest, fabs(c->expected[i]));
  }
  return error <= KERNEL_TOLERANCE * largest
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_FILE,
                           "%s: at %g Hz its output is off by %.3g from what its equations say; "
                           "its weights may be too large",
                           c->path, c->set.sample_rate, error);
}

/// Play the test sound through an engine, as a player does; return how often its guard muted it
static Status
play_engine(SetCheck* const c, uint32_t* const n_trips)
{
  const EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  Engine* engine = NULL;
  Model* model = NULL;
  Status status = engine_new(c->set.sample_rate, 1, &engine);
  if (!status && !(status = model_new(c->file, (ModelUse){c->set.sample_rate, 1, 1}, &model))) {
    model_free(engine_change_model(engine, model));
    engine_reset(engine);
    engine_run(engine, &controls, (const float* const[]){c->in}, (float* const[]){c->played},
               TEST_FRAMES);
    *n_trips = engine_guard_trips(engine);
  }
  engine_free(engine);
  return status;
}

static Status
check_sound(SetCheck* const c, Message* const message)
{
  uint32_t n_trips = 0;
  float peak = 0.0F;
  const Status status = play_engine(c, &n_trips);
  if (status) {
    return status_fail(message, status, "%s: %s", c->path, status_text(status));
  }
  for (uint32_t i = 0; i < TEST_FRAMES; ++i) {
    peak = fmaxf(peak, fabsf(c->played[i]));
  }
  if (n_trips) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%s: at %g Hz its output runs away, and players mute it; its weights or "
                       "gains may be too large",
                       c->path, c->set.sample_rate);
  }
  return peak >= LEAST_PEAK
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_FILE,
                           "%s: at %g Hz it is silent whatever is played; its gains or its last "
                           "layer may be zero",
                           c->path, c->set.sample_rate);
}

static Status
check_set(const char* const path, const ModelFile* const file, const double rate,
          Message* const message)
{
  static SetCheck check; // 100 kB
  check = (SetCheck){.path = path, .file = file, .set = model_file_set_for(file, rate)};
  Status status = settle_state(&check, message);
  if (!status) {
    status = check_kernel(&check, message);
  }
  return status ? status : check_sound(&check, message);
}

static Status
check_file(const char* const path, const ModelFile* const file, Message* const message)
{
  if (file->warning.text[0]) {
    *message = file->warning;
    return STATUS_BAD_FILE;
  }
  Status status = check_set(path, file, file->sample_rate, message);
  for (uint32_t i = 0; i < file->n_others && !status; ++i) {
    status = check_set(path, file, file->others[i].sample_rate, message);
  }
  return status;
}

static void
print_good(const char* const path, const ModelFile* const file, const ModelOptions* const options)
{
  const bool is_tested = file->n_tested > file->n_others;
  if (options->found) {
    json_t* const object = json_object();
    cli_json_set_text(object, "file", path);
    cli_json_set_bool(object, "is_good", true);
    cli_json_set_bool(object, "is_tested", is_tested);
    cli_json_append(options->found, object);
  } else {
    (void)printf("%s: OK%s\n", path,
                 is_tested ? "" : ", as far as can be seen without a test signal in the file");
  }
}

Status
model_command_check(char* const* const arguments, const ModelOptions* const options,
                    Message* const message)
{
  ModelFile file = {0};
  Status status = model_file_read(*arguments, &file, message);
  if (status) {
    return status;
  }
  status = check_file(*arguments, &file, message);
  if (!status) {
    print_good(*arguments, &file, options);
  }
  model_file_clear(&file);
  return status;
}

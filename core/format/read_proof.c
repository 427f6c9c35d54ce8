// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks that a network still plays the test signal in its file. What the kernel plays right is
// right. What it plays wrong, the reference plays, too, which takes twenty times as long: for a
// moment, some networks make ten thousand times as much of the kernel's rounding. Any thread but
// the audio thread.

#include "core/distance.h"
#include "core/format/read_values.h"
#include "core/proof.h"
#include "core/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SELF_TEST_MAX_FRAMES 2048U
#define SELF_TEST_TOLERANCE 1e-3
#define KERNEL_TOLERANCE 0.9e-3 ///< Less, so that rounding doesn't hide a fault

/// A test signal
typedef struct {
  float in[SELF_TEST_MAX_FRAMES];
  float out[SELF_TEST_MAX_FRAMES]; ///< What it should become
  uint32_t n_frames;
} Proof;

/// What plays the signal
typedef struct {
  const Params* params;
  uint32_t lag;
} Player;

/// Put layers to rest again that have heard nothing yet: layer k of the 1 + lag begins at frame k
static void
reset_later_layers(const Player* const p, const uint32_t frame, double state[PARAMS_MAX_STATE])
{
  const uint32_t hidden_size = p->params->shape.hidden_size;
  const uint32_t n_begun = (frame + 1) * (hidden_size / (p->lag + 1));
  const uint32_t n_later = hidden_size - n_begun;
  memset(state + n_begun, 0, n_later * sizeof(double));
  memset(state + hidden_size + n_begun, 0, n_later * sizeof(double));
}

/// Play the signal from zero state, with all knobs at one place. What lags needs a bit of silence
/// after it.
static Status
play_proof(const Player* const p, const Proof* const proof, const double knob, double* const out)
{
  static const float silence[1] = {0.0F};
  const double knobs[PARAMS_MAX_KNOBS] = {knob, knob, knob, knob};
  double state[PARAMS_MAX_STATE] = {0};
  double past[PARAMS_MAX_TAPS] = {0};
  const uint32_t n = proof->n_frames;
  Status status = STATUS_OK;
  for (uint32_t t = 0; t < p->lag && !status; ++t) {
    double early = 0.0;
    status = reference_run(p->params, knobs, state, t < n ? proof->in + t : silence, &early, 1);
    reset_later_layers(p, t, state);
  }
  const uint32_t n_ahead = p->lag < n ? p->lag : n;
  status = status ? status
                  : reference_run(p->params, knobs, state, proof->in + n_ahead, out, n - n_ahead);
  for (uint32_t t = n - n_ahead; t < n && !status; ++t) {
    status = reference_run(p->params, knobs, state, silence, out + t, 1);
  }
  if (!status) {
    reference_stage(p->params, past, out, n);
  }
  return status;
}

/// Write the kernel's largest error on the signal
static Status
try_kernel(const Player* const p, const Proof* const proof, const double knob, double* const error)
{
  float out[SELF_TEST_MAX_FRAMES];
  const ProofPlayer player = {p->params, p->lag, (float)knob};
  const Status status = proof_play(player, proof->in, out, proof->n_frames);
  *error = 0.0;
  for (uint32_t t = 0; t < proof->n_frames && !status; ++t) {
    *error = fmax(*error, distance_between((double)out[t], (double)proof->out[t]));
  }
  return status;
}

/// Return the largest error of the reference on the signal, or a negative number if it could not be
/// computed
static double
measure_error(const Player* const p, const Proof* const proof, const double knob)
{
  double out[SELF_TEST_MAX_FRAMES];
  double largest = 0.0;
  if (play_proof(p, proof, knob, out)) {
    return -1.0;
  }
  for (uint32_t t = 0; t < proof->n_frames; ++t) {
    largest = fmax(largest, distance_between(out[t], (double)proof->out[t]));
  }
  return largest;
}

/// Return the least error with knobs where writers leave them, which the file doesn't say: AIDA-X
/// at 0, Grus in the middle. Negative if it could not be computed.
static double
find_least_error(const Player* const p, const Proof* const proof)
{
  static const double knobs[] = {0.0, 0.5};
  double errors[2] = {(double)INFINITY, (double)INFINITY};
  const size_t n_knobs = p->params->shape.n_inputs > 1 ? 2 : 1;
  for (size_t i = 0; i < n_knobs; ++i) {
    if (try_kernel(p, proof, knobs[i], &errors[i])) {
      return -1.0;
    }
    if (errors[i] <= KERNEL_TOLERANCE) {
      return errors[i];
    }
  }
  const size_t first = errors[1] < errors[0] ? 1 : 0; // The likelier one, by the kernel
  const double error = measure_error(p, proof, knobs[first]);
  return n_knobs == 1 || error <= SELF_TEST_TOLERANCE
             ? error
             : fmin(error, measure_error(p, proof, knobs[1 - first]));
}

/// Read an array of `n` numbers; return false if it is anything else
static bool
read_samples(const json_t* const array, const size_t n, float* const samples)
{
  bool is_good = json_array_size(array) == n;
  for (size_t t = 0; t < n && is_good; ++t) {
    const json_t* const value = json_array_get(array, t);
    samples[t] = (float)json_number_value(value);
    is_good = json_is_number(value) && isfinite(samples[t]);
  }
  return is_good;
}

static bool
read_proof(const json_t* const in, const json_t* const out, Proof* const proof)
{
  const size_t n = json_array_size(in);
  proof->n_frames = (uint32_t)n;
  return n && n <= SELF_TEST_MAX_FRAMES && read_samples(in, n, proof->in) &&
         read_samples(out, n, proof->out);
}

static void
add_warning(const DecodeSource* const source, ModelFile* const file, const char* const text)
{
  if (!file->warning.text[0]) {
    message_set(&file->warning, "%s: %s%s", source->name, source->part, text);
  }
}

Status
decode_self_test(const DecodeSource* const source, const json_t* const object,
                 const Params* const params, const uint32_t lag, ModelFile* const file)
{
  const json_t* const in = json_object_get(object, "input_batch");
  const json_t* const out = json_object_get(object, "output_batch");
  const bool has_knobs = params->shape.n_inputs > 1;
  Proof proof = {.n_frames = 0};
  char text[256];
  if (decode_is_absent(in) && decode_is_absent(out)) {
    return STATUS_OK;
  }
  if (!read_proof(in, out, &proof)) {
    (void)snprintf(text, sizeof(text),
                   "its test signal is ignored: \"input_batch\" and \"output_batch\" should be "
                   "arrays of 1 to %u numbers",
                   SELF_TEST_MAX_FRAMES);
    add_warning(source, file, text);
    return STATUS_OK;
  }
  const double error = find_least_error(&(Player){params, lag}, &proof);
  if (error < 0.0) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  ++file->n_tested;
  if (error > SELF_TEST_TOLERANCE) {
    (void)snprintf(text, sizeof(text),
                   "plays its own test signal with an error of %.3g%s; the program that wrote it "
                   "may have mixed up gates or biases",
                   error, has_knobs ? ", with its knobs at 0 or in the middle" : "");
    add_warning(source, file, text);
  }
  return STATUS_OK;
}

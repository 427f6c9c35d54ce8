// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks that a network still plays the test signal in its file. Any thread but the audio thread.

#include "core/format/read_values.h"
#include "core/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#define SELF_TEST_MAX_FRAMES 2048U
#define SELF_TEST_TOLERANCE 1e-3

/// A test signal
typedef struct {
  float in[SELF_TEST_MAX_FRAMES];
  float out[SELF_TEST_MAX_FRAMES]; ///< What it should become
  uint32_t n_frames;
} Proof;

/// Return the largest error of the network on the test signal, with all knobs at one place, or a
/// negative number if it could not be computed
static double
find_error(const Params* const params, const Proof* const proof, const double knob)
{
  const double knobs[PARAMS_MAX_KNOBS] = {knob, knob, knob, knob};
  double state[PARAMS_MAX_STATE] = {0};
  double out[SELF_TEST_MAX_FRAMES];
  double largest = 0.0;
  if (reference_run(params, knobs, state, proof->in, out, proof->n_frames)) {
    return -1.0;
  }
  for (uint32_t t = 0; t < proof->n_frames; ++t) {
    largest = fmax(largest, fabs(out[t] - (double)proof->out[t]));
  }
  return largest;
}

/// The same with knobs where writers leave them, which the file doesn't say: AIDA-X at 0, Grus in
/// the middle
static double
find_least_error(const Params* const params, const Proof* const proof)
{
  const double at_zero = find_error(params, proof, 0.0);
  return params->shape.n_inputs == 1 || at_zero <= SELF_TEST_TOLERANCE
             ? at_zero
             : fmin(at_zero, find_error(params, proof, 0.5));
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
warn(const DecodeSource* const source, ModelFile* const file, const char* const text)
{
  if (!file->warning.text[0]) {
    message_set(&file->warning, "%s: %s%s", source->name, source->part, text);
  }
}

Status
decode_self_test(const DecodeSource* const source, const json_t* const object,
                 const Params* const params, ModelFile* const file)
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
    warn(source, file, text);
    return STATUS_OK;
  }
  const double error = find_least_error(params, &proof);
  if (error < 0.0) {
    return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  ++file->n_tested;
  if (error > SELF_TEST_TOLERANCE) {
    (void)snprintf(text, sizeof(text),
                   "plays its own test signal with an error of %.3g%s; the program that wrote it "
                   "may have mixed up gates or biases",
                   error, has_knobs ? ", with its knobs at 0 or in the middle" : "");
    warn(source, file, text);
  }
  return STATUS_OK;
}

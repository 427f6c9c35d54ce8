// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks that a network still plays the test signal in its file. Any thread but the audio thread.

#include "core/format/read_values.h"
#include "core/reference.h"

#include <math.h>

#define SELF_TEST_MAX_FRAMES 2048U
#define SELF_TEST_TOLERANCE 1e-3

/// Return the largest error of the network on the file's own test signal, or a negative number if
/// it could not be computed
static double
self_test_error(const Params* const params, const float* const x, const float* const y,
                const uint32_t n)
{
  double state[PARAMS_MAX_STATE] = {0};
  double out[SELF_TEST_MAX_FRAMES];
  double largest = 0.0;
  if (reference_run(params, NULL, state, x, out, n)) {
    return -1.0;
  }
  for (uint32_t t = 0; t < n; ++t) {
    largest = fmax(largest, fabs(out[t] - (double)y[t]));
  }
  return largest;
}

Status
decode_self_test(const DecodeSource* const source, const json_t* const object,
                 const Params* const params, Message* const warning)
{
  const json_t* const in = json_object_get(object, "input_batch");
  const json_t* const out = json_object_get(object, "output_batch");
  float x[SELF_TEST_MAX_FRAMES];
  float y[SELF_TEST_MAX_FRAMES];
  if (decode_is_absent(in) && decode_is_absent(out)) {
    return STATUS_OK;
  }
  const size_t n = json_array_size(in);
  if (!n || n > SELF_TEST_MAX_FRAMES || json_array_size(out) != n) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"input_batch\" and \"output_batch\" should be arrays of 1 to %u numbers",
                       SELF_TEST_MAX_FRAMES);
  }
  Status status = decode_row(source, in, (DecodeBlock){"the test's inputs", 1, (uint32_t)n}, x);
  if (status ||
      (status = decode_row(source, out, (DecodeBlock){"the test's outputs", 1, (uint32_t)n}, y))) {
    return status;
  }
  if (params->shape.n_inputs == 1 && !warning->text[0]) {
    const double error = self_test_error(params, x, y, (uint32_t)n);
    if (error < 0.0) {
      return decode_fail(source, STATUS_NO_MEMORY, "out of memory");
    }
    if (error > SELF_TEST_TOLERANCE) {
      message_set(warning,
                  "%s: %splays its own test signal with an error of %.3g; the program "
                  "that wrote it may have mixed up gates or biases",
                  source->name, source->part, error);
    }
  }
  return STATUS_OK;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The linear stage behind a network. Any thread but the audio thread.

#include "core/format/read_values.h"

Status
decode_stage_size(const DecodeSource* const source, const json_t* const stage,
                  uint32_t* const n_taps)
{
  const size_t n = json_array_size(json_object_get(stage, "taps"));
  *n_taps = 0;
  if (decode_is_absent(stage)) {
    return STATUS_OK;
  }
  if (!json_is_object(stage)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"stage\" should be an object");
  }
  if (n < 1 || n > PARAMS_MAX_TAPS) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"taps\" of \"stage\" should be an array of 1 to %u numbers",
                       PARAMS_MAX_TAPS);
  }
  *n_taps = (uint32_t)n;
  return STATUS_OK;
}

Status
decode_stage(const DecodeSource* const source, const json_t* const stage,
             const Params* const params)
{
  const DecodeBlock block = {"\"taps\"", 1, params->shape.n_taps};
  if (!block.cols) {
    return STATUS_OK;
  }
  const Status status =
      decode_row(source, json_object_get(stage, "taps"), block, params_values(params, PARAMS_TAPS));
  return status || !params_stage_is_silent(params)
             ? status
             : decode_fail(source, STATUS_BAD_FILE,
                           "\"taps\" are all zero; one at least should let sound through");
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The linear stage behind a network, and where both are. Any thread but the audio thread.

#include "core/format/read_values.h"

Status
decode_network(const DecodeSource* const source, const json_t* const root,
               DecodeNetwork* const network)
{
  const json_t* const grus = json_object_get(root, "grus");
  const json_t* const outer = json_object_get(root, "layers");
  *network = (DecodeNetwork){json_object_get(grus, "layers"), json_object_get(grus, "stage")};
  const bool has_layers = !decode_is_absent(network->layers);
  const bool has_stage = !decode_is_absent(network->stage);
  if (!has_layers && !has_stage) {
    network->layers = outer;
    return STATUS_OK;
  }
  if (!has_layers) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"grus\" has a \"stage\" without \"layers\"; expected both beside each "
                       "other");
  }
  if (!has_stage) {
    return decode_fail(source, STATUS_BAD_FILE,
                       "\"grus\" has \"layers\" without a \"stage\"; expected both, or \"layers\" "
                       "outside");
  }
  return decode_is_absent(outer) ? STATUS_OK
                                 : decode_fail(source, STATUS_BAD_FILE,
                                               "has \"layers\" both in \"grus\" and outside; "
                                               "with a \"stage\", expected them in \"grus\" alone");
}

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

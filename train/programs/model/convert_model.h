// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Writes a model in another format. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_CONVERT_MODEL_H
#define GRUS_TRAIN_PROGRAMS_MODEL_CONVERT_MODEL_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "train/programs/model/commands.h"

#include <stdbool.h>
#include <stddef.h>

/// From which file to which
typedef struct {
  const char* input;
  const char* output;
  char* const* others; ///< Inputs of the same call, which are not written to, either
  size_t n_others;
} ConvertPaths;

/// Write a model that was read from the input, and print what the format can't say; `file` becomes
/// what is written. Beside one with a linear stage goes an impulse response, both or none of them.
NODISCARD Status convert_model(ModelFile* file, ConvertPaths paths, const ModelOptions* options,
                               Message* message);

/// Add to the JSON what became of a file, "converted", "skipped" or "interrupted", and return that
/// object, which the JSON owns. `made` is what was written, and says how close it is if it was
/// learned; NULL: nothing was.
json_t* convert_add_result(ConvertPaths paths, const char* result, const ModelFile* made,
                           const ModelOptions* options);

/// Return true if the output is there and has the weights that it would get
bool convert_model_is_done(ConvertPaths paths, const ModelOptions* options);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model that is ready to play: packed weights, state, and the kernel that fits both.

#ifndef GRUS_CORE_MODEL_H
#define GRUS_CORE_MODEL_H

#include "core/model_file.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct ModelImpl Model;

/// Build a model from the set that fits `sample_rate` [Hz], at which it will run, and settle it on
/// silence; takes some milliseconds and allocates
NODISCARD Status model_new(const ModelFile* file, double sample_rate, Model** model);

/// The same with one of the cells_n_isas() kernels, to compare them
NODISCARD Status model_new_for_isa(const ModelFile* file, double sample_rate, uint32_t isa,
                                   Model** model);

/// Free a model; NULL is legal
void model_free(Model* model);

/// Return the rate at which the model sounds as recorded [Hz]
double model_sample_rate(const Model* model) RT;

/// Return the output after endless silence, which is the model's constant offset
float model_rest_output(const Model* model) RT;

/// Go back to the state after endless silence
void model_reset(Model* model) RT;

/// Play `n_frames`; `in` and `out` may be the same buffer. Any split into calls gives the same
/// bits.
void model_run(Model* model, const float* in, float* out, uint32_t n_frames) RT;

#endif

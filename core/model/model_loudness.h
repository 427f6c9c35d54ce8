// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Finds a model's loudness if its file doesn't give it. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_MODEL_LOUDNESS_H
#define GRUS_CORE_MODEL_MODEL_LOUDNESS_H

#include "core/format/model_file.h"
#include "core/realtime.h"
#include "core/status.h"

/// Measure the loudness of a model at the rate it was trained at, also with each knob at its ends,
/// and write to `file` what it doesn't give already
NODISCARD Status model_loudness_find(ModelFile* file);

/// Return the loudness with the knobs (PARAMS_MAX_KNOBS) in these positions: the changes that the
/// knobs make add up, each along a parabola [LUFS]. NaN if it is unknown. Any thread.
double model_loudness_at(const ModelFileLoudness* loudness, const float* knobs) RT;

#endif

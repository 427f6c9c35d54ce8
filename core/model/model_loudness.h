// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Finds a model's loudness if its file doesn't give it. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_MODEL_LOUDNESS_H
#define GRUS_CORE_MODEL_MODEL_LOUDNESS_H

#include "core/format/model_file.h"
#include "core/status.h"

/// Measure the loudness of a model at the rate it was trained at, and write it to `file`, unless
/// the file gives it already
NODISCARD Status model_loudness_find(ModelFile* file);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The loudness that a model file doesn't say. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_MODEL_LOUDNESS_H
#define GRUS_CORE_MODEL_MODEL_LOUDNESS_H

#include "core/format/model_file.h"
#include "core/status.h"

/// Measure the loudness of a model whose file doesn't say it, at the rate that it learned at, and write
/// it to `file`
NODISCARD Status model_loudness_find(ModelFile* file);

#endif

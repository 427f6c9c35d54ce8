// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is a model called if its file doesn't say? Any thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_MODEL_NAME_H
#define GRUS_TRAIN_PROGRAMS_COMMON_MODEL_NAME_H

#include "core/format/model_file.h"

/// Call a model without a name after its file, without folder and extension
void naming_after_path(ModelFile* file, const char* path);

#endif

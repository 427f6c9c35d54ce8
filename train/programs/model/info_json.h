// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What grus-model info says of a file, as JSON. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_INFO_JSON_H
#define GRUS_TRAIN_PROGRAMS_MODEL_INFO_JSON_H

#include "core/format/model_file.h"
#include "train/teacher/teacher_info.h"

#include <jansson.h>

/// Describe a model that Grus plays
json_t* info_model_json(const char* path, const ModelFile* file);

/// Describe a capture that is only rendered offline
json_t* info_capture_json(const char* path, const TeacherInfo* info);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads a capture of any format: its net, and what it says of itself. Offline.

#ifndef GRUS_TRAIN_TEACHER_READ_CAPTURE_H
#define GRUS_TRAIN_TEACHER_READ_CAPTURE_H

#include "core/format/read_values.h"
#include "core/status.h"
#include "train/teacher/net.h"
#include "train/teacher/teacher_info.h"

#include <jansson.h>

/// Read a capture, recognised by its content. The caller frees the net with net_free(), after a
/// failure, too.
NODISCARD Status capture_read(const DecodeSource* source, const json_t* root, Net** net,
                              TeacherInfo* info);

#endif

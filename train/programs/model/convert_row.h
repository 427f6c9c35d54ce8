// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Converts many models and captures into a folder, one after another. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_CONVERT_ROW_H
#define GRUS_TRAIN_PROGRAMS_MODEL_CONVERT_ROW_H

#include "core/status.h"
#include "train/programs/model/commands.h"

#include <stddef.h>

/// Convert `n` files to FOLDER/NAME.json, and print a line for each and a summary. One that fails
/// doesn't stop those after it; what a call before this one has made is skipped.
/// STATUS_CANNOT_WRITE without a message if any failed or the user stopped it.
NODISCARD Status convert_row(char* const* inputs, size_t n, const char* folder,
                             const ModelOptions* options, Message* message);

#endif

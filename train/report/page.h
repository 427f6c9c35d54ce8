// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The page that grus-train leaves beside a model: how close the model came, where it is worst,
/// what the recording was like, and what the network does, in pictures and sounds. One file that
/// needs no network. Main thread.

#ifndef GRUS_TRAIN_REPORT_PAGE_H
#define GRUS_TRAIN_REPORT_PAGE_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "train/audio/wav.h"
#include "train/report/input.h"

#include <stdbool.h>

/// Return true if a file is a page that Grus wrote
bool page_is_ours(const char* path);

/// Write the page on a run that has ended
NODISCARD Status page_write(const ReportInput* input, const char* path, Message* message);

/// Write a page on one model's gates during a recording: at most ten seconds, starting at its first
/// sound
NODISCARD Status page_write_gates(const ModelFile* model, const Wav* input, const char* path,
                                  Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Makes the engine that plays a recording. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_NEW_ENGINE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_NEW_ENGINE_H

#include "core/engine/engine.h"
#include "core/status.h"

/// Make an engine of one channel for the recording at `path`, which has this rate [Hz];
/// STATUS_BAD_ARGUMENT if none plays at it
NODISCARD Status new_engine_for(const char* path, double sample_rate, Engine** engine,
                                Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The rate of a capture, which --rate gives if its file doesn't. Any thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_CAPTURE_RATE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_CAPTURE_RATE_H

#include "core/status.h"
#include "train/teacher/teacher.h"

/// Give the capture `sample_rate` [Hz], or none (0), and return what its user should know about it,
/// as of a model; empty if its file gives it
Message capture_rate_give(Teacher* teacher, const char* path, double sample_rate);

#endif

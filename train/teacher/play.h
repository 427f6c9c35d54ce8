// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a whole recording through a capture, at the recording's rate. One thread calls; others
/// help.

#ifndef GRUS_TRAIN_TEACHER_PLAY_H
#define GRUS_TRAIN_TEACHER_PLAY_H

#include "core/status.h"
#include "train/audio/wav.h"
#include "train/teacher/teacher.h"

/// Render a recording on all processors; `out` (n_frames) is as long as the recording and at its
/// rate
NODISCARD Status teacher_play(const Teacher* teacher, const Wav* recording, float* out,
                              Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Makes a recording from a capture: what it makes of a sound. Main thread; others help.
///
/// The input is a file or, without one, what grus-signal writes. The target is as long as the input
/// and neither late nor noisy; its rest level is taken away, as DC is from other recordings.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_LESSON_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_LESSON_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/recording.h"
#include "train/teacher/teacher.h"

/// Make the only take of an empty recording, and write what the capture says of itself. Clear what
/// was made even after a failure.
NODISCARD Status lesson_make(const TrainOptions* options, Recording* recording, TeacherInfo* info,
                             Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Makes a recording from a capture: what it makes of a sound. Main thread; others help.
///
/// The input is a file or, without one, playing that is made for it (train/capture/etude.h); then
/// there is other playing to validate on, too. The target is as long as the input and neither late
/// nor noisy; its rest level is taken away, as DC is from other recordings.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_LESSON_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_LESSON_H

#include "core/status.h"
#include "train/programs/train/options.h"
#include "train/programs/train/recording.h"
#include "train/teacher/teacher.h"

/// Where a lesson is written: recordings that are empty, and what the capture says of itself
typedef struct {
  Recording* train;
  Recording* validation; ///< Stays empty if the input is a file
  TeacherInfo* info;
} LessonTo;

/// Make the only take of each recording. Clear what was made even after a failure.
NODISCARD Status lesson_make(const TrainOptions* options, LessonTo to, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Takes in memory, to learn from or to score: read, examined, corrected, cut. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_RECORDING_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_RECORDING_H

#include "core/status.h"
#include "train/audio/wav.h"
#include "train/capture/examine.h"
#include "train/learn/dataset.h"
#include "train/programs/train/take_options.h"

#include <stdint.h>

#define RECORDING_MAX_WAVS (3 * TAKES_MAX)

/// Takes and what they point to; it must therefore stay where it is
typedef struct {
  Wav wavs[RECORDING_MAX_WAVS]; ///< Each file once, and corrected targets
  const char* paths[RECORDING_MAX_WAVS];
  uint32_t channels[RECORDING_MAX_WAVS]; ///< That was asked for
  uint32_t n_wavs;
  Take takes[TAKES_MAX];
  Findings findings[TAKES_MAX];       ///< Of each take, once examined
  Alignment alignments[TAKES_MAX];    ///< Zeroed where none was looked for
  Corrections corrections[TAKES_MAX]; ///< What was done to each target
  uint32_t n_takes;
  uint64_t hash; ///< Of all that was read
  Dataset dataset;
} Recording;

/// Which channels to read, counted from 1; 0: the first
typedef struct {
  uint32_t input;
  uint32_t target;
} RecordingChannels;

/// Read one channel of the files of a list, which may be empty. Clear what was read even after a
/// failure.
NODISCARD Status recording_read(const TakeList* list, RecordingChannels channels,
                                Recording* recording, Message* message);

/// Look for the latency of all takes
NODISCARD Status recording_align(Recording* recording, const ExamineOptions* options,
                                 uint32_t clip_frames, Message* message);

/// Examine all takes, and find how to correct their targets
void recording_examine(Recording* recording, const ExamineOptions* options, uint32_t clip_frames);

/// Replace the targets that can be corrected, and examine what needs a corrected one
NODISCARD Status recording_correct(Recording* recording, uint32_t clip_frames, Message* message);

/// Cut the takes into clips
NODISCARD Status recording_cut(Recording* recording, ClipLayout layout, Message* message);

/// Free what was read; legal on a zeroed struct
void recording_clear(Recording* recording);

/// Return the length of all takes [s]
double recording_seconds(const Recording* recording);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What users should know about a recording that was played: sentences, empty if there is nothing.
/// Any thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_RECORDING_NOTE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_RECORDING_NOTE_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdint.h>

/// Largest number that --channel takes
#define CHANNEL_MOST 1024

/// Return which of several channels was played and which `option` chooses another, NULL if none
/// does, unless it doesn't matter or the user chose one that isn't silent
Message recording_note_channel(const char* path, const WavChannels* channels, const char* option);

/// Return how much of a file is there if its header says otherwise
Message recording_note_cut(const char* path, WavCut cut);

/// Return that an encoding, NULL if it has no loss, changed the sound
Message recording_note_encoding(const char* path, const char* lossy);

#endif

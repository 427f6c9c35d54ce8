// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What users should know about the channel of a recording that was played. Any thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_CHANNEL_NOTE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_CHANNEL_NOTE_H

#include "core/status.h"
#include "train/audio/wav.h"

#include <stdint.h>

/// Largest number that --channel takes
#define CHANNEL_MOST 1024

/// Return which of several channels was played and how to choose another; empty if it doesn't
/// matter, or if the user chose one that isn't silent. `chosen` counts from 1; 0: none
Message channel_note(const char* path, const WavChannels* channels, uint32_t chosen);

#endif

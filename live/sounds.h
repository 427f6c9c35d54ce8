// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The entries of a set list, loaded, checked and settled: switching needs nothing more. Loaded and freed
/// on any thread but the audio thread, which reads them.

#ifndef GRUS_LIVE_SOUNDS_H
#define GRUS_LIVE_SOUNDS_H

#include "core/engine/convolver.h"
#include "core/model/model.h"
#include "core/status.h"
#include "live/setlist.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  SetlistEntry is;
  Model* model;       ///< NULL if it could not be loaded: the entry can't be selected
  Convolver* cabinet; ///< NULL: none
} Sound;

typedef struct {
  Sound* sounds; ///< (n_sounds)
  uint32_t n_sounds;
  MidiMap midi;
  uint32_t successors[SETLIST_MAX_ENTRIES]; ///< Of each entry of the sounds before: its number here
} Sounds;

/// Says what happened to an entry, in one sentence
typedef void (*SoundsTell)(bool is_error, const char* text);

/// Load all entries of a set list for a host's rate and channels. An entry that can't be loaded is told and
/// stays, silent, so that the others keep their numbers. STATUS_BAD_FILE if none can be.
NODISCARD Status sounds_load(const Setlist* setlist, double sample_rate, uint32_t n_channels,
                             SoundsTell tell, Sounds** sounds);

/// NULL is legal
void sounds_free(Sounds* sounds);

/// Note which entries succeed those of the set list before, by their names; others are succeeded by the
/// first
void sounds_succeed(Sounds* sounds, const Setlist* before);

/// Return the first entry from `from` on, going up or down and round, that can be selected
uint32_t sounds_next(const Sounds* sounds, uint32_t from, bool goes_up);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The entries of a set list, loaded, checked and settled, so that switching needs nothing more.
/// Loaded and freed on any thread except the audio thread, which reads them.

#ifndef GRUS_LIVE_SOUNDS_H
#define GRUS_LIVE_SOUNDS_H

#include "core/engine/convolver.h"
#include "core/model/model.h"
#include "core/status.h"
#include "live/setlist.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  SetlistEntry entry;
  Model* model;       ///< NULL: could not be loaded, so the entry can't be selected
  Convolver* cabinet; ///< NULL: none
} SetlistSound;

typedef struct {
  SetlistSound* sounds; ///< (n_sounds)
  uint32_t n_sounds;
  MidiMap midi;
  uint32_t successors[SETLIST_MAX_ENTRIES]; ///< By entry of the previous set list: its entry here
} Sounds;

/// Reports an error or a warning about an entry, in one sentence
typedef void (*SoundsReport)(bool is_error, const char* text);

/// Load all entries of a set list for a host's rate and channels. An entry that can't be loaded is
/// reported and stays, unplayable, so that the others keep their numbers. STATUS_BAD_FILE if none
/// can be loaded.
NODISCARD Status sounds_load(const Setlist* setlist, double sample_rate, uint32_t n_channels,
                             SoundsReport report, Sounds** sounds);

/// NULL is legal
void sounds_free(Sounds* sounds);

/// Find the successor of each entry of the previous set list: the entry of the same name, or the
/// first
void sounds_find_successors(Sounds* sounds, const Setlist* previous);

/// Return the first entry that can be selected, from `from` upwards or downwards and round
uint32_t sounds_next(const Sounds* sounds, uint32_t from, bool goes_up);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The entries of a set list, loaded, checked and settled, so that switching needs nothing more.
///
/// A Sounds belongs to one owner, but its parts are shared: when a set list is read again, whatever
/// did not change, or is broken on disk now, plays on untouched. Any thread except the audio
/// thread, which reads Sounds and calls sounds_next().

#ifndef GRUS_LIVE_SOUNDS_H
#define GRUS_LIVE_SOUNDS_H

#include "core/content.h"
#include "core/format/model_file.h"
#include "core/model/convolver.h"
#include "core/model/model.h"
#include "core/realtime.h"
#include "core/status.h"
#include "live/setlist.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// The files of an entry as they were last read: whole, checked, and independent of the server.
/// They build the entry again at another rate, whatever has become of the files on disk.
typedef struct {
  atomic_uint n_users;
  ModelFile model;
  Content cabinet; ///< Bytes of the impulse response; none: no cabinet
  uint64_t hash;   ///< Of the bytes of both files, and of the model's rate
} SoundFiles;

/// Ready to play
typedef struct {
  atomic_uint n_users;
  ModelUse use;
  Model* model;
  Convolver* cabinet; ///< NULL: none
} Sound;

typedef struct {
  SetlistEntry entry;
  SoundFiles* files; ///< NULL: could not be read
  Sound* sound;      ///< NULL: can't be selected
  Message reason;    ///< Why not
  bool is_kept;      ///< Its files are broken, and it plays on as it was before
} SetlistSound;

typedef struct {
  SetlistSound* sounds; ///< (n_sounds)
  uint32_t n_sounds;
  MidiMap midi;
  uint32_t generation;                      ///< Number of this set of sounds, for events
  uint32_t successors[SETLIST_MAX_ENTRIES]; ///< By entry of the sounds before: its entry here
  bool keeps_controls[SETLIST_MAX_ENTRIES]; ///< By the same: its controls in the set list are
                                            ///< what they were
} Sounds;

/// Make sounds of a set list's entries, with nothing loaded; NULL without memory
Sounds* sounds_new(const Setlist* setlist);

/// Copy the entries, sharing their parts; NULL without memory
Sounds* sounds_copy(const Sounds* sounds);

/// NULL is legal
void sounds_free(Sounds* sounds);

/// Share; NULL is legal
SoundFiles* sounds_share_files(SoundFiles* files);
Sound* sounds_share(Sound* sound);

/// Give back; the last user's frees. NULL is legal.
void sounds_release_files(SoundFiles* files);
void sounds_release(Sound* sound);

/// Find out which entry of `previous` (may be NULL) each entry was: that of the same name, or else
/// that of the same files; UINT32_MAX: none. Each has one at most.
void sounds_find_predecessors(const Sounds* sounds, const Sounds* previous,
                              uint32_t predecessors[SETLIST_MAX_ENTRIES]);

/// Note the successor of each entry of `previous`: by predecessors, or else the first entry
void sounds_find_successors(Sounds* sounds, const Sounds* previous);

/// Return the first entry that can be selected, from `from` upwards or downwards and round
uint32_t sounds_next(const Sounds* sounds, uint32_t from, bool goes_up) RT;

#endif

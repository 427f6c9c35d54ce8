// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which sounds does a rig need in a night, and in which order? Any thread except the audio thread.
///
/// A set list is a JSON file. Paths are relative to it; if it is reached through a link, to the
/// link first, and then to the file itself. Knobs can have the names that the entry's model gives
/// them, and values can be words: "level_match": "matched".
///
///     {
///       "controls": {"gate": -60},                         for all entries
///       "quality": "normal",                               or "2x", "4x"
///       "entries": [
///         {"name": "Clean", "model": "clean.json", "cabinet": "112.wav",
///          "controls": {"input_level": 3, "knob_1": 0.3},
///          "model_rate": 48000}                             if the model's file gives none
///       ],
///       "midi": {…}                                        see midi_map.h
///     }

#ifndef GRUS_LIVE_SETLIST_H
#define GRUS_LIVE_SETLIST_H

#include "core/content.h"
#include "core/engine/engine.h"
#include "core/status.h"
#include "live/midi_map.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define SETLIST_MAX_ENTRIES 128U ///< As many as MIDI programs
#define SETLIST_NAME_SIZE 4096U  ///< As long as a command line can be

/// One sound
typedef struct {
  char name[SETLIST_NAME_SIZE];
  char model[PATH_MAX];
  char cabinet[PATH_MAX]; ///< "": none
  EngineControls controls;
  double model_rate; ///< If the model's file gives none [Hz]; 0: the usual one
  bool is_loaded;    ///< By a command, behind those of the set list
  bool is_stepped;   ///< The one of those that steps through a folder lead to
} SetlistEntry;

typedef struct {
  SetlistEntry* entries; ///< (n_entries)
  uint32_t n_entries;
  uint32_t oversampling;
  MidiMap midi;
} Setlist;

/// What a rate of a model may be, in words
#define SETLIST_RATES "0 (the usual one) or 8000 to 768000 [Hz]"

bool setlist_may_be_rate(double rate);

/// Return true if a file looks like a set list, not like a model. A file that is not valid JSON
/// counts as a set list, as reading it then reports the line.
bool setlist_detect(const char* path);

/// Read a set list; entries start with `controls`. On failure `message` names the file, the place
/// and the fault, and `setlist` is untouched.
NODISCARD Status setlist_read(const char* path, const EngineControls* controls, Setlist* setlist,
                              Message* message);

/// The same from the bytes of a file
NODISCARD Status setlist_parse(const Content* content, const char* path,
                               const EngineControls* controls, Setlist* setlist, Message* message);

/// Read the bytes of a set list's file
NODISCARD Status setlist_read_file(const char* path, Content* content, Message* message);

/// Write what is odd about a set list into `note`: two entries of one name; "" if nothing is
void setlist_note(const Setlist* setlist, const char* path, Message* note);

/// Add an entry; without a name it gets that of the model's file
NODISCARD Status setlist_add(Setlist* setlist, const SetlistEntry* entry, Message* message);

/// Free the entries
void setlist_clear(Setlist* setlist);

#endif

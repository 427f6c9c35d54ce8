// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a player is going to need in a night: which sounds, and which pedal does what. Any thread but the
/// audio thread.
///
/// A set list is a JSON file; paths are relative to it.
///
///     {
///       "controls": {"gate": -60},                         for all entries
///       "quality": "normal",                               or "2x", "4x"
///       "entries": [
///         {"name": "Clean", "model": "clean.json", "cabinet": "112.wav",
///          "controls": {"input_level": 3, "knob_1": 0.3}}
///       ],
///       "midi": {
///         "channel": 1,                                    1 to 16; 0, the default, is all
///         "programs": true,                                program change n selects entry n
///         "map": [
///           {"cc": 20, "control": "knob_1", "from": 0, "to": 1},
///           {"cc": 64, "command": "bypass"}                or "next", "prev"
///         ]
///       }
///     }
///
/// Without a "map" the default one counts: setlist_default_map().

#ifndef GRUS_LIVE_SETLIST_H
#define GRUS_LIVE_SETLIST_H

#include "core/engine/controls.h"
#include "core/engine/engine.h"
#include "core/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define SETLIST_MAX_ENTRIES 128U ///< As many as MIDI programs
#define SETLIST_NAME_SIZE 64U
#define SETLIST_N_CCS 128U

/// What a control change does
typedef enum {
  MAP_NOTHING,
  MAP_CONTROL, ///< Value 0 to 127 goes from `from` to `to`
  MAP_BYPASS,  ///< 64 and above switches between bypass and sound
  MAP_NEXT,    ///< 64 and above selects the next entry
  MAP_PREV,
} MapKind;

typedef struct {
  MapKind kind;
  Control control;
  float from;
  float to;
} MapEntry;

typedef struct {
  uint32_t channel; ///< 1 to 16, 0: all
  bool programs;
  MapEntry ccs[SETLIST_N_CCS];
} MidiMap;

/// One sound
typedef struct {
  char name[SETLIST_NAME_SIZE];
  char model[PATH_MAX];
  char cabinet[PATH_MAX]; ///< "": none
  EngineControls controls;
} SetlistEntry;

typedef struct {
  SetlistEntry* entries; ///< (n_entries)
  uint32_t n_entries;
  uint32_t oversampling;
  MidiMap midi;
} Setlist;

/// Return the map for set lists that have none:
/// CC 7 output_level, 11 input_level, 20 to 23 knob_1 to knob_4, 24 to 27 bass to presence, 28 gate,
/// 64 and 80 bypass, 81 prev, 82 next; programs on all channels
MidiMap setlist_default_map(void);

/// Return true if the file looks like a set list, not like a model; one that is no JSON at all does, for the
/// reason to be told
bool setlist_is_one(const char* path);

/// Read a set list; `controls` are those that entries begin with. On failure `message` names the file
/// and the fault, and `setlist` is untouched.
NODISCARD Status setlist_read(const char* path, const EngineControls* controls, Setlist* setlist,
                              Message* message);

/// Write a map into a set list; what else is in the file keeps its place. On failure `message` names the
/// file and the fault, and the file is as it was.
NODISCARD Status setlist_write_map(const char* path, const MidiMap* map, Message* message);

/// Add an entry; the name may be NULL: that of the model's file
NODISCARD Status setlist_add(Setlist* setlist, const SetlistEntry* entry, Message* message);

void setlist_clear(Setlist* setlist);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which MIDI message does what? Reading and writing on any thread except the audio thread, which
/// looks up entries.
///
///     "midi": {
///       "channel": 1,                                    1 to 16; 0, the default, is all
///       "programs": true,                                program change n selects entry n
///       "map": [
///         {"cc": 20, "control": "knob_1", "from": 0, "to": 1},
///         {"cc": 64, "command": "bypass"}                or another of MapKind
///       ]
///     }

#ifndef GRUS_LIVE_MIDI_MAP_H
#define GRUS_LIVE_MIDI_MAP_H

#include "core/engine/controls.h"
#include "core/realtime.h"
#include "core/status.h"
#include "live/setlist_reader.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define MIDI_MAP_N_CCS 128U

/// What a control change does
typedef enum {
  MAP_NOTHING,
  MAP_CONTROL, ///< Values 0 to 127 set `control` to `from` ... `to`
  MAP_BYPASS,  ///< Values from 64 switch between bypass and sound
  MAP_NEXT,    ///< Values from 64 select the next entry
  MAP_PREV,
  MAP_MODEL_NEXT, ///< Values from 64 play the next model of the same folder
  MAP_MODEL_PREV,
} MapKind;

typedef struct {
  MapKind kind;
  Control control;
  float from;
  float to;
} MapEntry;

typedef struct {
  uint32_t channel; ///< 1 to 16, 0: all
  bool programs;    ///< Program changes select entries
  MapEntry ccs[MIDI_MAP_N_CCS];
} MidiMap;

/// Return the map for set lists that have none: CC 7 output_level, 11 input_level, 20 to 23 knob_1
/// to knob_4, 24 to 27 bass to presence, 28 gate, 64 and 80 bypass, 81 prev, 82 next, 85
/// model_prev, 86 model_next; programs on all channels
MidiMap midi_map_default(void);

/// Return an entry that moves a control over its whole range; for any thread
MapEntry midi_map_whole_range(Control control) RT;

/// Read the member "midi" of a set list; NULL leaves the map as it is, a "map" replaces all its
/// entries
NODISCARD Status midi_map_read(const SetlistReader* reader, json_t* midi, MidiMap* map);

/// Room for the text of an entry
#define MIDI_MAP_TEXT_SIZE 160U

/// Write an entry as an item of "map"; return false if it maps nothing
bool midi_map_write_entry(uint32_t cc, MapEntry entry, char text[MIDI_MAP_TEXT_SIZE]);

/// Write what an entry does in a few words; return NULL if it does nothing
const char* midi_map_action(MapEntry entry);

#endif

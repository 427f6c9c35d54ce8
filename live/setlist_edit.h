// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Keeps in a set list's file what was learned or set while it played. Only the values concerned
/// change; the rest of the file stays as its author wrote it. On failure `message` names the file
/// and the fault, and the file is as it was. Main thread.

#ifndef GRUS_LIVE_SETLIST_EDIT_H
#define GRUS_LIVE_SETLIST_EDIT_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "live/setlist.h"

#include <stdint.h>

/// Write control change `cc` of a map; a set list without a map gets the whole map
NODISCARD Status setlist_write_learned(const char* path, const MidiMap* map, uint32_t cc,
                                       Message* message);

/// Write the rate of the model of entry `index` in the file [Hz]
NODISCARD Status setlist_write_model_rate(const char* path, uint32_t index, double rate,
                                          Message* message);

/// The controls of an entry that are written
typedef struct {
  uint32_t index;               ///< Of the entry in the file
  const EngineControls* listed; ///< As the set list has them
  const EngineControls* now;    ///< As they are
  const ModelFile* model;       ///< Names knobs; NULL: none
} SetlistControls;

/// Write those controls of an entry that are not as listed, except for bypass
NODISCARD Status setlist_write_controls(const char* path, const SetlistControls* controls,
                                        Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Where in a set list is being read, so that messages name the file and the place; and the checks
/// that all its parts share. Any thread except the audio thread.

#ifndef GRUS_LIVE_SETLIST_READER_H
#define GRUS_LIVE_SETLIST_READER_H

#include "core/engine/controls.h"
#include "core/format/model_file.h"
#include "core/status.h"

#include <jansson.h>
#include <stdint.h>

typedef struct {
  const char* path;
  Message* message;
  char place[160]; ///< In the file, such as "entry 2: "; "" at the top
} SetlistReader;

/// Return a reader of one part of what `reader` reads
SetlistReader reader_enter(const SetlistReader* reader, const char* part);

/// The same for item `index` of a list of such parts
SetlistReader reader_enter_item(const SetlistReader* reader, const char* part, size_t index);

/// The same for an item with a name: entry "Lead"
SetlistReader reader_enter_named(const SetlistReader* reader, const char* part, const char* name);

/// Write "FILE: PLACE: ..." and return STATUS_BAD_FILE
Status reader_fail(const SetlistReader* reader, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

/// Check that a value is an object with no other members than `known`, which ends with NULL
NODISCARD Status reader_check_members(const SetlistReader* reader, json_t* object,
                                      const char* const* known);

/// Read a whole number from 0 to `most`; if there is none, `number` keeps its value
NODISCARD Status reader_read_count(const SetlistReader* reader, const json_t* object,
                                   const char* name, uint32_t most, uint32_t* number);

/// Find a control by its name, or by that of a knob of `model`, which may be NULL
NODISCARD Status reader_find_control(const SetlistReader* reader, const char* name,
                                     const ModelFile* model, Control* control);

#endif

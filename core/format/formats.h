// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Converts between the field's JSON and ModelFile. Private to core.

#ifndef GRUS_CORE_FORMAT_FORMATS_H
#define GRUS_CORE_FORMAT_FORMATS_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <stddef.h>

/// Read `size` bytes; `name` begins every message. `file` is untouched on failure.
NODISCARD Status model_json_decode(const char* text, size_t size, const char* name, ModelFile* file,
                                   Message* message);

/// Write JSON with one line for each member of the top object; the caller frees `text`
NODISCARD Status model_json_encode(const ModelFile* file, char** text, Message* message);

/// Write the main set of weights as GuitarML's players read it; the caller frees `text`
NODISCARD Status model_json_encode_guitarml(const ModelFile* file, char** text, Message* message);

#endif

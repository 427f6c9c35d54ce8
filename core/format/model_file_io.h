// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Model files read and written. Any thread but the audio thread.

#ifndef GRUS_CORE_FORMAT_MODEL_FILE_IO_H
#define GRUS_CORE_FORMAT_MODEL_FILE_IO_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <stddef.h>

/// Read a model file of any format in ModelFormat, told by what is in it.
///
/// On failure `message` names the file and the fault and `file` is untouched. On success the
/// caller owns `file` and ends it with model_file_clear().
NODISCARD Status model_file_read(const char* path, ModelFile* file, Message* message);

/// Read a model from `size` bytes of JSON; `name` stands for the path in messages
NODISCARD Status model_file_parse(const char* text, size_t size, const char* name, ModelFile* file,
                                  Message* message);

/// Write a model file under a temporary name, sync it, and rename it to `path`.
///
/// What stood at `path` before stays whole unless everything succeeds. Reading the file gives
/// the same weights back, bit for bit, and other numbers to nine digits.
NODISCARD Status model_file_write(const ModelFile* file, const char* path, Message* message);

/// Write the main set likewise, as GuitarML's players read it. STATUS_UNSUPPORTED for a reset-before cell
/// or gains, which that format can't say; knob names, levels, the record and other sets are left out.
NODISCARD Status model_file_write_guitarml(const ModelFile* file, const char* path,
                                           Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reading and writing model files. Any thread but the audio thread.

#ifndef GRUS_CORE_FORMAT_MODEL_FILE_IO_H
#define GRUS_CORE_FORMAT_MODEL_FILE_IO_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <stddef.h>

/// Read a model file of any format in ModelFormat, recognised by its content.
///
/// On failure `message` names the file and the fault, and `file` is untouched. On success the
/// caller owns `file` and frees it with model_file_clear().
NODISCARD Status model_file_read(const char* path, ModelFile* file, Message* message);

/// Read a model from `size` bytes of JSON; messages call it `name`
NODISCARD Status model_file_parse(const char* text, size_t size, const char* name, ModelFile* file,
                                  Message* message);

/// Write a model file under a temporary name, sync it, and rename it to `path`.
///
/// On failure an existing file stays as it was. Reading the file gives back the same weights, bit
/// for bit, and other numbers to nine digits.
NODISCARD Status model_file_write(const ModelFile* file, const char* path, Message* message);

/// Write the main set in the same way, as GuitarML's players read it. STATUS_UNSUPPORTED for a
/// reset-before cell, gains or a linear stage, which that format can't express. Knob names, levels,
/// the record and other sets are left out.
NODISCARD Status model_file_write_guitarml(const ModelFile* file, const char* path,
                                           Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is in the bundle of a preset, and is it ours? Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_PRESET_FILES_H
#define GRUS_TRAIN_PROGRAMS_COMMON_PRESET_FILES_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <limits.h>

/// What is at the path of a bundle
typedef enum {
  PRESET_NONE,    ///< Nothing
  PRESET_OURS,    ///< A preset that Grus wrote, or a link to one
  PRESET_FOREIGN, ///< Anything else
} PresetKind;

/// A bundle that was looked at
typedef struct {
  PresetKind kind;
  char name[MODEL_FILE_TEXT_SIZE]; ///< Of the preset, if it is ours
  char stray[NAME_MAX + 1];        ///< A file in it that Grus did not write; "": none
} PresetLook;

/// Write a preset of a model into an empty folder: its levels are 0 dB, the gate is off, and the
/// model's knobs are in the middle. The model's file is called after the model, because hosts show
/// that name.
NODISCARD Status preset_files_write(const ModelFile* model, const char* folder, Message* message);

/// Look at the path of a bundle
PresetLook preset_files_look(const char* path);

/// Remove a bundle of the preset called `name`: the files that Grus writes, and the folder if it is
/// empty then. If it is a link, only the link.
void preset_files_remove(const char* path, const char* name);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model as an LV2 preset: a bundle that hosts find and list under the plugin.
///
/// The bundle is FOLDER/grus-NAME.lv2, with a hash behind a name that folders and URIs can't spell,
/// so that presets with different names never share one. Bundles that Grus did not write, files
/// that it did not put there, and what is behind links stay as they are. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_PRESET_BUNDLE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_PRESET_BUNDLE_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <jansson.h>

#include <limits.h>
#include <stdbool.h>

/// Where a preset is installed
typedef struct {
  char bundle[PATH_MAX];
  bool replaces; ///< One of the same name was there
} PresetPlace;

/// Find out where a preset called `name` goes in `folder`, without writing it. An empty `folder` is
/// the user's own, ~/.lv2, which is made if it is missing. Fail if it can't be written there, or if
/// something else is in its place.
NODISCARD Status preset_bundle_find_place(const char* name, const char* folder, PresetPlace* place,
                                          Message* message);

/// Write the preset of a model. It replaces one of the same name as a whole.
NODISCARD Status preset_bundle_install(const ModelFile* model, const char* folder,
                                       PresetPlace* place, Message* message);

/// Called for every installed preset with its name and the path of its bundle
typedef void (*PresetVisitor)(void* context, const char* name, const char* bundle);

/// Visit all presets in `folder` that Grus installed, in the order of their folders' names; an
/// empty `folder` is the user's own
NODISCARD Status preset_bundle_list(const char* folder, PresetVisitor visit, void* context,
                                    Message* message);

/// Return where the preset called `name` went, as a JSON object: "name", "bundle", "replaced"
/// and what hosts need as a "note"
json_t* preset_bundle_json(const PresetPlace* place, const char* name);

/// Remove the preset with this name in one step: hosts see all of it or nothing. STATUS_CANNOT_READ
/// if there is none.
NODISCARD Status preset_bundle_remove(const char* name, const char* folder, char bundle[PATH_MAX],
                                      Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model as an LV2 preset: a bundle that hosts find and list under the plugin.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_PRESET_BUNDLE_H
#define GRUS_TRAIN_PROGRAMS_COMMON_PRESET_BUNDLE_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <limits.h>

/// Write the bundle `folder`/grus-NAME.lv2, which replaces one of that name as a whole.
///
/// An empty `folder` is the user's own, ~/.lv2, made if it is missing. `bundle` receives the path.
NODISCARD Status preset_bundle_install(const ModelFile* model, const char* folder,
                                       char bundle[PATH_MAX], Message* message);

/// Fail, with a reason, unless files can be written into `folder`
NODISCARD Status preset_bundle_check_folder(const char* folder, Message* message);

/// Called for every installed preset with its name and the path of its bundle
typedef void (*PresetVisitor)(const char* name, const char* bundle);

/// Visit all presets in `folder` that Grus installed, in the order of their folders' names; an
/// empty `folder` is the user's own
NODISCARD Status preset_bundle_list(const char* folder, PresetVisitor visit, Message* message);

/// Remove the preset with this name in one step: hosts see all of it or nothing. STATUS_CANNOT_READ
/// if there is none.
NODISCARD Status preset_bundle_remove(const char* name, const char* folder, char bundle[PATH_MAX],
                                      Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model as an LV2 preset: a bundle that hosts find and list under the plugin.

#ifndef GRUS_TRAIN_INSTALL_H
#define GRUS_TRAIN_INSTALL_H

#include "core/model_file.h"
#include "core/status.h"

#include <limits.h>

/// Write the bundle `folder`/grus-NAME.lv2, which replaces one of that name as a whole.
///
/// An empty `folder` is the user's own, ~/.lv2, made if it is missing. `bundle` receives the path.
NODISCARD Status install_preset(const ModelFile* model, const char* folder, char bundle[PATH_MAX],
                                Message* message);

/// Fail, with a reason, unless files can be written into `folder`
NODISCARD Status install_check_folder(const char* folder, Message* message);

#endif

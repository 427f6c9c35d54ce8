// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which model or cabinet comes before or after another in its folder? Any thread but the audio
/// thread.

#ifndef GRUS_CORE_STEP_H
#define GRUS_CORE_STEP_H

#include "core/folder.h"
#include "core/status.h"

#include <limits.h>
#include <stdint.h>

/// Find the file of a kind that is `n_steps` after the one at `path`, before it if negative, in the
/// order of core/folder.h, from the last to the first and back. A file that isn't there any more
/// counts by where it would be.
///
/// An installed preset has a folder of its own, beside the others; from there, steps lead to those.
/// STATUS_MISSING if there is no other file.
NODISCARD Status step_find(FolderKind kind, const char* path, int32_t n_steps, char found[PATH_MAX],
                           Message* message);

#endif

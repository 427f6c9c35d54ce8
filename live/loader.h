// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads the files of a set list and makes sounds of them, on threads of its own, so that the main
/// thread goes on answering. These functions are the main thread's.

#ifndef GRUS_LIVE_LOADER_H
#define GRUS_LIVE_LOADER_H

#include "core/model/model.h"
#include "core/status.h"
#include "live/setlist.h"
#include "live/sounds.h"

#include <stdbool.h>
#include <stdint.h>

/// What to load. An entry whose files can't be read, or are none of those to read, takes the files
/// of its predecessor; what did not change is shared with it.
typedef struct {
  const Setlist* setlist; ///< Copied
  const Sounds* previous; ///< Copied; NULL: there are none
  double sample_rate;     ///< Of the server [Hz]; 0: there is none, only read and check files
  uint32_t n_channels;
  uint32_t first_read; ///< Read the files of `n_read` entries from here; others keep theirs
  uint32_t n_read;
} LoaderTask;

typedef struct LoaderImpl Loader;

/// Reports an error or a warning about an entry, in one sentence
typedef void (*LoaderReport)(bool is_error, const char* text);

/// Start loading; `wake` is an eventfd that is written to at the end, or -1
NODISCARD Status loader_start(const LoaderTask* task, int wake, Loader** loader);

bool loader_is_done(const Loader* loader);

/// Wait for the end, report what there is to say, and free the loader. An entry that could not be
/// loaded stays, unplayable, so that the others keep their numbers. STATUS_BAD_FILE if there is
/// none to play.
NODISCARD Status loader_finish(Loader* loader, LoaderReport report, Sounds** sounds);

/// Load no further entries, wait for those being loaded, and free everything; NULL is legal
void loader_cancel(Loader* loader);

#endif

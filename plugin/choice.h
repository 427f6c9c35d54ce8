// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A file that the user chose, or that was there before. It never changes once others know it, so
/// its users share one. Not for the audio thread, which only reads the path of one that it holds,
/// and whose choice it was.

#ifndef GRUS_PLUGIN_CHOICE_H
#define GRUS_PLUGIN_CHOICE_H

#include "core/content.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
  atomic_uint n_users;
  char path[PATH_MAX]; ///< "": nothing
  bool is_given;       ///< The player didn't choose it: it was there at the start, or in a preset
  Content content;     ///< None if it could not be loaded, unless a state brought it
} Choice;

/// Make a choice without content, with one user; NULL if there is no memory
Choice* choice_new(const char* path);

/// Add a user and return the choice; NULL is legal
Choice* choice_share(Choice* choice);

/// Remove a user; the last one frees the choice. NULL is legal.
void choice_release(Choice* choice);

#endif

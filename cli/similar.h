// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Finds the word that a user mistyped. Any thread.

#ifndef GRUS_CLI_SIMILAR_H
#define GRUS_CLI_SIMILAR_H

#include <stdbool.h>
#include <stddef.h>

/// Return how many letters have to be inserted, removed, replaced or exchanged with their neighbour
/// to turn `a` into `b` (optimal string alignment); SIZE_MAX for words of over 63 letters
size_t cli_word_distance(const char* a, const char* b);

/// Return true if `distance` is small enough for `typed` to be that word mistyped
bool cli_is_near(const char* typed, size_t distance);

#endif

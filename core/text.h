// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Texts in UTF-8, in arrays of one size. Any thread.

#ifndef GRUS_CORE_TEXT_H
#define GRUS_CORE_TEXT_H

#include <stddef.h>

/// Return how many bytes of a text fit into `size` with a terminator, without cutting a character
size_t text_fitting(const char* text, size_t size);

/// Copy as many whole characters as fit; `size` is at least 1
void text_copy(char* to, size_t size, const char* from);

/// Remove characters that were cut, in place
void text_repair(char* text);

/// Return the part of a path that fits into `size` with a terminator: whole folders at its end, or
/// at least the end of the file's name
const char* text_path_end(const char* path, size_t size);

/// Return the size of the byte order mark that a file's bytes begin with; 0 if there is none
size_t text_mark_size(const char* bytes, size_t size);

#endif

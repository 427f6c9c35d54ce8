// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Texts in UTF-8, in arrays of one size. Any thread.

#ifndef GRUS_CORE_TEXT_H
#define GRUS_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/// Return how many bytes of a text fit into `size` with a terminator, without cutting a character
size_t text_fitting(const char* text, size_t size);

/// Copy as many whole characters as fit; `size` is at least 1
void text_copy(char* to, size_t size, const char* from);

/// Remove characters that were cut, and put spaces in place of control characters, which a terminal
/// would obey
void text_repair(char* text);

/// Return the part of a path that fits into `size` with a terminator: whole folders at its end, or
/// at least the end of the file's name
const char* text_path_end(const char* path, size_t size);

/// Copy a path with "…/" in place of the first folders of a long one, and U+FFFD in place of bytes
/// that are not UTF-8; `size` is at least 8
void text_shorten_path(char* to, size_t size, const char* path);

/// Copy a text with "…" in place of the end of a long one; `size` is at least 4
void text_shorten(char* to, size_t size, const char* from);

/// Put "…" at the end of a text that fills its array, since it was cut there
void text_mark_cut(char* text, size_t size);

/// Copy a path as one word of a shell, in quotes if it needs them, and after "./" if it would be
/// taken for an option. Return false if it doesn't fit or is no readable line.
bool text_quote_path(char* to, size_t size, const char* path);

/// Return the size of the byte order mark that a file's bytes begin with; 0 if there is none
size_t text_mark_size(const char* bytes, size_t size);

#endif

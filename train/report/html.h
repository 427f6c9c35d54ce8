// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The frame of a page: HTML that loads nothing from elsewhere, light or dark as the reader's
/// browser is set. These functions don't report errors of the stream; check for them when closing
/// it.

#ifndef GRUS_TRAIN_REPORT_HTML_H
#define GRUS_TRAIN_REPORT_HTML_H

#include <stddef.h>
#include <stdio.h>

/// In the head of every page: what wrote it
#define HTML_GENERATOR "<meta name=\"generator\" content=\"Grus\">"

/// Start a page
void html_begin(FILE* out, const char* title);

/// End it
void html_end(FILE* out);

/// Write a text, which may hold any character
void html_text(FILE* out, const char* text);

/// Write a text in which hyphens in front of numbers become minus signs
void html_text_with_numbers(FILE* out, const char* text);

/// Start a section with its heading and a paragraph (HTML) that says what it shows;
/// html_end_section() ends it
void html_begin_section(FILE* out, const char* heading, const char* paragraph);

void html_end_section(FILE* out);

/// Write bytes as the address of a picture or sound, data:TYPE;base64,...
void html_data(FILE* out, const char* type, const void* bytes, size_t size);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The frame of a page that shows sound: HTML that needs nothing from elsewhere, light or dark as the reader's
/// browser is. Writers to a stream don't fail; whoever closes the stream looks at its error.

#ifndef GRUS_TRAIN_REPORT_HTML_H
#define GRUS_TRAIN_REPORT_HTML_H

#include <stddef.h>
#include <stdio.h>

/// Begin a page
void html_begin(FILE* out, const char* title);

/// End it
void html_end(FILE* out);

/// Write a text that may hold any character
void html_text(FILE* out, const char* text);

/// Begin a section: its heading, and a paragraph (HTML) that says what is to be seen; end it with
/// html_end_section()
void html_begin_section(FILE* out, const char* heading, const char* paragraph);

void html_end_section(FILE* out);

/// Write bytes as the address of a picture or a sound, data:TYPE;base64,...
void html_data(FILE* out, const char* type, const void* bytes, size_t size);

#endif

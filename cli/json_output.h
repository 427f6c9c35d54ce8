// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Results for other programs to read: JSON on standard output. What is missing or no number is
/// left out, so NaN is never written; numbers don't depend on the locale. If memory runs out,
/// nothing is printed and the program ends with CLI_EXIT_FAILED. Main thread.

#ifndef GRUS_CLI_JSON_OUTPUT_H
#define GRUS_CLI_JSON_OUTPUT_H

#include <jansson.h>

#include <stdbool.h>

/// Return a text, with U+FFFD in place of bytes that are not UTF-8
json_t* cli_json_text(const char* text);

/// Return a number, whole if it is; NULL for one that JSON can't express
json_t* cli_json_number(double number);

/// Set a member and own `value`; nothing is set if that is NULL
void cli_json_set(json_t* object, const char* name, json_t* value);

/// Set a text, unless it is NULL or empty
void cli_json_set_text(json_t* object, const char* name, const char* text);

void cli_json_set_number(json_t* object, const char* name, double number);

void cli_json_set_bool(json_t* object, const char* name, bool value);

/// Append to an array and own `value`
void cli_json_append(json_t* array, json_t* value);

/// Print a whole document, and free it
void cli_json_print(json_t* document);

/// Print one of many objects, on a line of its own, and free it
void cli_json_print_line(json_t* object);

#endif

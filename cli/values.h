// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Values of command-line options. Each function prints what would be right and returns false if
/// the text is wrong; the result is untouched then. Main thread.

#ifndef GRUS_CLI_VALUES_H
#define GRUS_CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The value that a user gave to an option
typedef struct {
  const char* program; ///< For messages
  const char* option;  ///< Its name without dashes
  char* text;          ///< NULL: an optional argument was left out
} CliValue;

/// A word and what it stands for; a list ends with a NULL word
typedef struct {
  const char* word;
  int value;
} CliChoice;

/// Print "PROGRAM: --OPTION=TEXT: expected ..." and return false
bool cli_refuse_value(const CliValue* value, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

/// One of the words
bool cli_read_choice(const CliValue* value, const CliChoice* choices, int* choice);

/// A whole number from `least` to `most`
bool cli_read_count(const CliValue* value, uint32_t least, uint32_t most, uint32_t* count);

bool cli_read_number(const CliValue* value, double least, double most, double* number);

/// A whole number of 64 bits
bool cli_read_seed(const CliValue* value, uint64_t* seed);

/// A time such as 45s, 3m or 1h30m, up to 30 days
bool cli_read_time(const CliValue* value, double* seconds);

/// Check that a text is UTF-8 and at most `most` bytes long
bool cli_check_text(const CliValue* value, size_t most);

#endif

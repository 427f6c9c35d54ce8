// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Values of command-line options. Each prints what would be right and returns false if the text is
/// wrong; the result is untouched then.

#ifndef GRUS_TRAIN_PROGRAMS_COMMON_OPTION_VALUES_H
#define GRUS_TRAIN_PROGRAMS_COMMON_OPTION_VALUES_H

#include <stdbool.h>
#include <stdint.h>

/// A word and what it stands for; a list ends with a NULL word
typedef struct {
  const char* word;
  int value;
} ParseChoice;

bool parse_choice(const char* option, const char* text, const ParseChoice* choices, int* value);

bool parse_count(const char* option, const char* text, uint32_t least, uint32_t most,
                 uint32_t* count);

bool parse_number(const char* option, const char* text, double least, double most, double* number);

bool parse_seed(const char* option, const char* text, uint64_t* seed);

/// Check a text that is kept in a model file: UTF-8, shorter than MODEL_FILE_TEXT_SIZE bytes
bool parse_text(const char* option, const char* text);

/// A time such as 45s, 3m, 1h, or a number of seconds
bool parse_time(const char* option, const char* text, double* seconds);

#endif

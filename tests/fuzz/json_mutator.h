// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What targets of JSON say about their inputs, for tests/fuzz/json_mutator.c

#ifndef GRUS_TESTS_FUZZ_JSON_MUTATOR_H
#define GRUS_TESTS_FUZZ_JSON_MUTATOR_H

#include <stddef.h>

/// Bytes of an input before its JSON
extern const size_t fuzz_json_begin;

/// Words that its readers know, after which comes NULL
extern const char* const fuzz_json_words[];

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Small models and captures of every format, for targets that read them

#ifndef GRUS_TESTS_FUZZ_JSON_SEEDS_H
#define GRUS_TESTS_FUZZ_JSON_SEEDS_H

#include "tests/fuzz/fuzz.h"

/// Give models that can be played, each behind `n_before` zeros
void fuzz_give_models(const FuzzSeeds* seeds, size_t n_before);

/// Give captures that can be learned from
void fuzz_give_captures(const FuzzSeeds* seeds, size_t n_before);

#endif

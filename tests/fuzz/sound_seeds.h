// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Short sounds in the formats that players have, for targets that read them

#ifndef GRUS_TESTS_FUZZ_SOUND_SEEDS_H
#define GRUS_TESTS_FUZZ_SOUND_SEEDS_H

#include "tests/fuzz/fuzz.h"

/// Give sounds, each behind `n_before` zeros
void fuzz_give_sounds(const FuzzSeeds* seeds, size_t n_before);

#endif

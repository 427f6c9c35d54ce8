// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Memory that vectors of any width can be loaded from. Not for the audio thread.

#ifndef GRUS_CORE_MEMORY_H
#define GRUS_CORE_MEMORY_H

#include <stddef.h>

#define MEMORY_ALIGNMENT 64U ///< Of the widest vector and of a cache line [bytes]

/// Return `count` zeros, aligned, for free(); NULL if there is no memory
float* memory_new_floats(size_t count);

/// Round a number of floats up to whole alignments
size_t memory_round_floats(size_t count);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Memory aligned for vectors of any width. Not for the audio thread.

#ifndef GRUS_CORE_MEMORY_H
#define GRUS_CORE_MEMORY_H

#include <stddef.h>

#define MEMORY_ALIGNMENT 64U ///< The widest vector, and a cache line [bytes]

/// Return `count` aligned zeros, to be freed with free(); NULL if there is no memory
float* memory_new_floats(size_t count);

/// Round a number of floats up to a multiple of the alignment
size_t memory_round_floats(size_t count);

#endif

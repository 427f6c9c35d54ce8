// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Threads that share numbered pieces of work. Which thread takes a piece is left to chance, so
/// each piece must write to its own memory.

#ifndef GRUS_TRAIN_LEARN_THREAD_POOL_H
#define GRUS_TRAIN_LEARN_THREAD_POOL_H

#include "core/status.h"

#include <stdint.h>

typedef struct PoolImpl Pool;

/// One piece of work; `thread` (0 to n_threads - 1) picks that thread's scratch memory
typedef void (*PoolWork)(void* context, uint32_t item, uint32_t thread);

/// Start `n_threads` - 1 threads; the caller of pool_run() is the last
NODISCARD Status pool_new(uint32_t n_threads, Pool** pool);

/// End the threads; NULL is legal
void pool_free(Pool* pool);

/// Do `n_items` pieces and return when all are done
void pool_run(Pool* pool, PoolWork work, void* context, uint32_t n_items);

#endif

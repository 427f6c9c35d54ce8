// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A queue of items of one size from one thread to another, without locks: one thread pushes, one
/// thread takes. Neither ever waits.
///
/// Writing an item happens before the release of the counter that the other thread acquires, on
/// every processor. jack_ringbuffer of JACK2 has no such barriers, which only x86 forgives.

#ifndef GRUS_LIVE_RING_H
#define GRUS_LIVE_RING_H

#include "core/realtime.h"
#include "core/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  unsigned char* slots; ///< (n_slots, item_size)
  size_t item_size;     ///< [bytes]
  uint32_t n_slots;     ///< A power of two
  atomic_uint n_pushed; ///< Since the start, modulo 2^32; only the pushing thread writes it
  atomic_uint n_taken;  ///< The same of the taking thread
} Ring;

/// Allocate a ring of `n_slots`, a power of two, before any thread uses it
NODISCARD Status ring_init(Ring* ring, uint32_t n_slots, size_t item_size);

/// Free what a ring owns, when no thread uses it any more; legal on a zeroed struct
void ring_clear(Ring* ring);

/// Copy an item to the end; return false if the ring is full
bool ring_push(Ring* ring, const void* item) RT;

/// Copy the first item without taking it; return false if there is none. For the taking thread.
bool ring_peek(Ring* ring, void* item) RT;

/// Take the first item; return false if there is none
bool ring_take(Ring* ring, void* item) RT;

#endif

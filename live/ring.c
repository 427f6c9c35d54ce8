// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Lamport's queue (Proving the Correctness of Multiprocess Programs, 1977) with C11's barriers.
// The counters run freely; their difference is the number of items.

#include "live/ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

Status
ring_init(Ring* const ring, const uint32_t n_slots, const size_t item_size)
{
  assert(n_slots && !(n_slots & (n_slots - 1U)));
  unsigned char* const slots = (unsigned char*)calloc(n_slots, item_size);
  if (!slots) {
    return STATUS_NO_MEMORY;
  }
  ring->slots = slots;
  ring->item_size = item_size;
  ring->n_slots = n_slots;
  atomic_init(&ring->n_pushed, 0);
  atomic_init(&ring->n_taken, 0);
  return STATUS_OK;
}

void
ring_clear(Ring* const ring)
{
  free(ring->slots);
  ring->slots = NULL;
}

static unsigned char*
slot_of(const Ring* const ring, const unsigned number) RT
{
  return ring->slots + (number & (ring->n_slots - 1U)) * ring->item_size;
}

bool
ring_push(Ring* const ring, const void* const item) RT
{
  const unsigned n_pushed = atomic_load_explicit(&ring->n_pushed, memory_order_relaxed);
  const unsigned n_taken = atomic_load_explicit(&ring->n_taken, memory_order_acquire);
  if (n_pushed - n_taken == ring->n_slots) {
    return false;
  }
  memcpy(slot_of(ring, n_pushed), item, ring->item_size);
  atomic_store_explicit(&ring->n_pushed, n_pushed + 1U, memory_order_release);
  return true;
}

bool
ring_peek(Ring* const ring, void* const item) RT
{
  const unsigned n_taken = atomic_load_explicit(&ring->n_taken, memory_order_relaxed);
  const unsigned n_pushed = atomic_load_explicit(&ring->n_pushed, memory_order_acquire);
  if (n_pushed == n_taken) {
    return false;
  }
  memcpy(item, slot_of(ring, n_taken), ring->item_size);
  return true;
}

bool
ring_take(Ring* const ring, void* const item) RT
{
  if (!ring_peek(ring, item)) {
    return false;
  }
  const unsigned n_taken = atomic_load_explicit(&ring->n_taken, memory_order_relaxed);
  atomic_store_explicit(&ring->n_taken, n_taken + 1U, memory_order_release);
  return true;
}

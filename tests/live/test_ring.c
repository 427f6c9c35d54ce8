// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The queue between the main thread and JACK's. Also built with ThreadSanitizer, which reports a
// missing barrier even on processors that forgive it.

#include "live/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#define N_SLOTS 8U

/// An item that shows if it was read while it was being written
typedef struct {
  uint32_t number;
  uint32_t square;
  char padding[37]; ///< An odd size
} Item;

static Item
make_item(const uint32_t number)
{
  return (Item){number, number * number, {(char)number}};
}

static void
items_come_out_whole_and_in_order(void** const state)
{
  (void)state;
  Ring ring = {0};
  Item item = {0};
  assert_int_equal(ring_init(&ring, N_SLOTS, sizeof(Item)), STATUS_OK);
  assert_false(ring_take(&ring, &item));
  for (uint32_t round = 0; round < 100; ++round) { // Round and round the slots
    for (uint32_t i = 0; i < 5; ++i) {
      const Item pushed = make_item(5 * round + i);
      assert_true(ring_push(&ring, &pushed));
    }
    for (uint32_t i = 0; i < 5; ++i) {
      assert_true(ring_peek(&ring, &item) && item.number == 5 * round + i);
      assert_true(ring_take(&ring, &item) && item.number == 5 * round + i);
      assert_int_equal(item.square, item.number * item.number);
    }
  }
  assert_false(ring_peek(&ring, &item));
  ring_clear(&ring);
}

static void
a_full_ring_refuses_and_loses_nothing(void** const state)
{
  (void)state;
  Ring ring = {0};
  Item item = {0};
  assert_int_equal(ring_init(&ring, N_SLOTS, sizeof(Item)), STATUS_OK);
  for (uint32_t i = 0; i < N_SLOTS + 3; ++i) {
    const Item pushed = make_item(i);
    assert_true(ring_push(&ring, &pushed) == (i < N_SLOTS));
  }
  for (uint32_t i = 0; i < N_SLOTS; ++i) {
    assert_true(ring_take(&ring, &item) && item.number == i);
  }
  assert_false(ring_take(&ring, &item));
  ring_clear(&ring);
}

static void
counters_may_pass_their_end(void** const state)
{
  (void)state;
  Ring ring = {0};
  Item item = {0};
  assert_int_equal(ring_init(&ring, N_SLOTS, sizeof(Item)), STATUS_OK);
  atomic_store(&ring.n_pushed, UINT32_MAX - 3U);
  atomic_store(&ring.n_taken, UINT32_MAX - 3U);
  for (uint32_t i = 0; i < N_SLOTS; ++i) {
    const Item pushed = make_item(i);
    assert_true(ring_push(&ring, &pushed));
  }
  assert_false(ring_push(&ring, &item));
  for (uint32_t i = 0; i < N_SLOTS; ++i) {
    assert_true(ring_take(&ring, &item) && item.number == i);
  }
  assert_false(ring_take(&ring, &item));
  ring_clear(&ring);
}

/// As many as an emulator can do
static uint32_t
n_exchanged(void)
{
  return getenv("GRUS_TEST_SLOWLY") ? 2000 : 200000;
}

static void*
push_all(void* const data)
{
  for (uint32_t i = 0; i < n_exchanged();) {
    const Item item = make_item(i);
    if (ring_push((Ring*)data, &item)) {
      ++i;
    } else {
      (void)sched_yield();
    }
  }
  return NULL;
}

static void
two_threads_exchange_items_without_a_race(void** const state)
{
  (void)state;
  Ring ring = {0};
  Item item = {0};
  pthread_t thread;
  assert_int_equal(ring_init(&ring, N_SLOTS, sizeof(Item)), STATUS_OK);
  assert_int_equal(pthread_create(&thread, NULL, push_all, &ring), 0);
  for (uint32_t i = 0; i < n_exchanged();) {
    if (!ring_take(&ring, &item)) {
      (void)sched_yield();
      continue;
    }
    assert_int_equal(item.number, i);
    assert_int_equal(item.square, i * i);
    ++i;
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_false(ring_take(&ring, &item));
  ring_clear(&ring);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(items_come_out_whole_and_in_order),
      cmocka_unit_test(a_full_ring_refuses_and_loses_nothing),
      cmocka_unit_test(counters_may_pass_their_end),
      cmocka_unit_test(two_threads_exchange_items_without_a_race),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

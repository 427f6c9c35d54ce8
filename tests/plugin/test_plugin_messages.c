// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a broken host do no harm? Messages with any size or number wrong, or cut anywhere, end at a
// page that can't be read. run() must return, and the sound goes on.

#include "tests/plugin/host_rig.h"

#include "tests/checks.h"

#include <lv2/atom/atom.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 16U
#define CAPACITY 1024U
#define NOWHERE "/nowhere/at/all.json"
#define PATIENCE 250U ///< After which run() is taken not to return [s]

/// Two pages, the second of which can't be read
static unsigned char* pages;
static size_t page_size;

/// Two hosts in the same state; only the first gets bad messages
typedef struct {
  Host* tried;
  Host* spared;
  uint32_t position; ///< In the sound
} Pair;

static int
set_up(void** const state)
{
  page_size = (size_t)sysconf(_SC_PAGESIZE);
  void* const mapped =
      mmap(NULL, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  pages = (unsigned char*)mapped;
  (void)alarm(PATIENCE);
  return mapped == MAP_FAILED || mprotect(pages + page_size, page_size, PROT_NONE) ||
         host_rig_set_up(state);
}

/// Play a block with both and compare; the first gets the messages at the end of the first page,
/// which keeps the alignment of atoms
static void
play_block(Pair* const pair, const unsigned char* const messages, const uint32_t size)
{
  unsigned char* const place = pages + page_size - ((size + 7U) & ~7U);
  float sound[2][BLOCK];
  memset(place, 0xFF, (size + 7U) & ~7U);
  memcpy(place, messages, size);
  host_send_sequence(pair->tried, place);
  host_run(pair->tried, in + pair->position, sound[0], BLOCK);
  host_run(pair->spared, in + pair->position, sound[1], BLOCK);
  (void)host_work(pair->tried);
  assert_memory_equal(sound[0], sound[1], sizeof(sound[0]));
  pair->position = (pair->position + BLOCK) % (n_frames - BLOCK);
}

/// Set each number of 32 bits in a good message to something else
static void
spoil_numbers(Pair* const pair, const unsigned char* const good, const uint32_t size)
{
  for (uint32_t at = 0; at + 4 <= size; at += fixture_is_slow() ? 12 : 4) {
    uint32_t is = 0;
    memcpy(&is, good + at, sizeof(is));
    const uint32_t values[] = {0,           1,           7,           is / 2,     is - 1,
                               is - 8,      is + 1,      is + 8,      size,       0x7FFFFFFFU,
                               0x80000000U, 0xFFFFFFF0U, 0xFFFFFFF8U, 0xFFFFFFFFU};
    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); ++v) {
      unsigned char bad[CAPACITY];
      memcpy(bad, good, size);
      memcpy(bad + at, &values[v], sizeof(values[v]));
      // A plugin can't know how much less there is than the sequence itself says
      if (at || values[v] <= is || values[v] > CAPACITY * CAPACITY) {
        play_block(pair, bad, size);
      }
    }
  }
}

/// Cut a good message everywhere; the sequence says how much is left
static void
cut_message(Pair* const pair, const unsigned char* const good, const uint32_t size)
{
  for (uint32_t left = 8; left <= size; left += fixture_is_slow() ? 3 : 1) {
    unsigned char bad[CAPACITY];
    const uint32_t body = left - 8;
    memcpy(bad, good, left);
    memcpy(bad, &body, sizeof(body));
    play_block(pair, bad, left);
  }
}

static void
check_message(void (*const send)(Host* host))
{
  unsigned char good[CAPACITY];
  Pair pair = {new_host(usual), new_host(usual), 0};
  choose(pair.tried, model_a);
  choose(pair.spared, model_a);
  send(pair.tried);
  const uint32_t size = host_take_messages(pair.tried, good, CAPACITY);
  check_at_least(size, 40);
  spoil_numbers(&pair, good, size);
  cut_message(&pair, good, size);
  host_send_set(pair.tried, model_b); // Good messages are still taken
  run_and_work(pair.tried, 0, 1024);
  assert_string_equal(host_take_announced(pair.tried), model_b);
  host_free(pair.tried);
  host_free(pair.spared);
}

static void
send_set(Host* const host)
{
  host_send_set(host, NOWHERE);
}

static void
send_put(Host* const host)
{
  host_send_put(host, NOWHERE);
}

static void
malformed_set_does_no_harm(void** const state)
{
  (void)state;
  check_message(send_set);
}

static void
malformed_put_does_no_harm(void** const state)
{
  (void)state;
  check_message(send_put);
}

static void
malformed_get_does_no_harm(void** const state)
{
  (void)state;
  check_message(host_send_get);
}

/// The rate that there is already, so that nothing is built for it
static void
send_rate(Host* const host)
{
  host_send_set_rate(host, LV2_ATOM__Float, 0.0);
}

static void
malformed_rate_does_no_harm(void** const state)
{
  (void)state;
  check_message(send_rate);
  check_message(host_send_get_rate);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(malformed_set_does_no_harm),
      cmocka_unit_test(malformed_put_does_no_harm),
      cmocka_unit_test(malformed_get_does_no_harm),
      cmocka_unit_test(malformed_rate_does_no_harm),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

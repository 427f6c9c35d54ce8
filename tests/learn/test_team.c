// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is work divided right, and does a team of one work? Teams of several: team.sh.

#include "tests/fixtures.h"

#include "core/hash.h"
#include "tests/checks.h"
#include "train/learn/team.h"

#include <string.h>

static void
every_piece_is_done_once_in_order(void** const state)
{
  (void)state;
  for (uint32_t size = 1; size <= 9; ++size) {
    for (uint32_t n = 0; n <= 40; ++n) {
      uint32_t next = 0;
      for (uint32_t rank = 0; rank < size; ++rank) {
        const TeamShare share = team_share_of(n, rank, size);
        assert_int_equal(share.first, next);
        next += share.n;
      }
      assert_int_equal(next, n);
    }
  }
}

static void
shares_differ_by_one_piece_at_most(void** const state)
{
  (void)state;
  for (uint32_t size = 1; size <= 9; ++size) {
    for (uint32_t n = 0; n <= 40; ++n) {
      for (uint32_t rank = 0; rank < size; ++rank) {
        const uint32_t share = team_share_of(n, rank, size).n;
        assert_in_range(share, n / size, (n + size - 1) / size);
      }
    }
  }
}

static void
a_team_of_one_does_everything(void** const state)
{
  (void)state;
  int records[3] = {1, 2, 3};
  const int expected[3] = {1, 2, 3};
  Message message = {"as it was"};
  assert_int_equal(team_join(&message), STATUS_OK);
  assert_int_equal(team_size(), 1);
  assert_true(team_is_leader());
  check_at_least(team_n_processors(), 1);
  assert_int_equal(team_share(7).n, 7);
  team_gather(records, sizeof(int), 3);
  assert_memory_equal(records, expected, sizeof(expected));
  check_equal(team_leaders(0.25), 0.25);
  assert_int_equal(team_agree(STATUS_OK, &message), STATUS_OK);
  assert_int_equal(team_agree(STATUS_BAD_FILE, &message), STATUS_BAD_FILE);
  assert_int_equal(team_compare((TeamTrait){"a", "b", "c"}, &message), STATUS_OK);
  assert_string_equal(message.text, "as it was");
  team_leave();
}

/// A recording that was inverted or shifted has the same sum, but isn't the same
static void
a_hash_tells_recordings_apart(void** const state)
{
  (void)state;
  enum { SIZE = 101 };
  float samples[SIZE];
  float other[SIZE];
  fixture_guitar(samples, SIZE, 1);
  const uint64_t hash = hash_add(0, samples, sizeof(samples));
  assert_int_equal(hash, hash_add(0, samples, sizeof(samples)));
  for (uint32_t i = 0; i < SIZE; ++i) {
    memcpy(other, samples, sizeof(samples));
    other[i] += 1e-6F;
    assert_true(hash != hash_add(0, other, sizeof(other)));
    other[i] = -samples[i];
    assert_true(hash != hash_add(0, other, sizeof(other)) || samples[i] == other[i]);
  }
  for (uint32_t i = 0; i < SIZE; ++i) {
    other[i] = -samples[i];
  }
  assert_true(hash != hash_add(0, other, sizeof(other)));
  memcpy(other, samples + 2, sizeof(samples) - 2 * sizeof(float));
  memcpy(other + SIZE - 2, samples, 2 * sizeof(float));
  assert_true(hash != hash_add(0, other, sizeof(other)));
  assert_true(hash != hash_add(1, samples, sizeof(samples)));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_piece_is_done_once_in_order),
      cmocka_unit_test(shares_differ_by_one_piece_at_most),
      cmocka_unit_test(a_team_of_one_does_everything),
      cmocka_unit_test(a_hash_tells_recordings_apart),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

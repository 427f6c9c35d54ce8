// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the gate remove noise, keep notes and their tails, and never chatter or click?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/engine/gate.h"
#include "core/random.h"
#include "tests/checks.h"

#include <math.h>
#include <string.h>

#define RATE 48000U
#define N (2U * RATE)

static float key[N];
static float gain[N];

static bool
run_gate(Gate* const gate, const uint32_t from, const uint32_t n)
{
  return gate_run(gate, (const float* const[]){key + from}, 1, gain + from, n);
}

static Gate
gate_at(const float threshold_db)
{
  Gate gate;
  gate_init(&gate, (double)RATE);
  gate_aim(&gate, threshold_db);
  return gate;
}

static uint32_t
n_changes(const uint32_t from)
{
  uint32_t n = 0;
  for (uint32_t i = from + 1; i < N; ++i) {
    n += (gain[i] > 0.5F) != (gain[i - 1] > 0.5F);
  }
  return n;
}

static void
noise_is_muted_and_a_note_opens_within_3_ms(void** const state)
{
  (void)state;
  Gate gate = gate_at(-50.0F);
  Random random = random_for(1, 1);
  fixture_sine(key, N, 110.0, 0.1, (double)RATE);
  for (uint32_t i = 0; i < RATE; ++i) {
    key[i] = (float)random_between(&random, -0.0007, 0.0007); // -63 dBFS
  }
  assert_false(run_gate(&gate, 0, N));
  check_equal(gain[RATE / 4], 0.0F); // Hold and closing take 160 ms
  check_equal(gain[RATE - 1], 0.0F);
  check_equal(gain[RATE + 3 * RATE / 1000], 1.0F);
  check_equal(gain[N - 1], 1.0F);
}

/// A low E that decays by 40 dB a second through the threshold
static void
a_dying_note_closes_it_once(void** const state)
{
  (void)state;
  for (uint32_t seed = 0; seed < 20; ++seed) {
    Gate gate = gate_at(-45.0F);
    Random random = random_for(seed, 2);
    fixture_sine(key, N, 82.41, 0.2, (double)RATE);
    for (uint32_t i = 0; i < N; ++i) {
      key[i] = key[i] * (float)pow(10.0, -2.0 * i / RATE) +
               (float)random_between(&random, -0.001, 0.001);
    }
    (void)run_gate(&gate, 0, N);
    assert_int_equal(n_changes(0), 1);
    check_equal(gain[RATE / 2], 1.0F);
    check_equal(gain[N - 1], 0.0F);
  }
}

static void
it_never_jumps(void** const state)
{
  (void)state;
  Gate gate = gate_at(-40.0F);
  memset(key, 0, sizeof(key));
  for (uint32_t i = 0; i < N; i += RATE / 2) {
    key[i] = 0.5F; // Like pick strokes without a note
  }
  (void)run_gate(&gate, 0, N);
  check_above(n_changes(0), 3);
  check_below(fixture_largest_step(gain, N), 0.025); // 1.5 ms from closed to open
}

static void
off_opens_at_once_or_soon(void** const state)
{
  (void)state;
  static const float off[] = {GATE_OFF_DB, -100.0F, 0.0F, 6.0F}; // The last two in old sessions
  memset(key, 0, sizeof(key));
  for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); ++i) {
    Gate gate = gate_at(off[i]);
    assert_true(run_gate(&gate, 0, N));
    gate_aim(&gate, -40.0F);
    assert_false(run_gate(&gate, 0, N / 2));
    check_equal(gain[N / 2 - 1], 0.0F);
    gate_aim(&gate, off[i]);
    (void)run_gate(&gate, N / 2, N / 4);
    check_equal(gain[N / 2 + RATE / 48], 1.0F); // 21 ms
    assert_true(run_gate(&gate, 3 * N / 4, N / 4));
  }
}

static void
not_a_number_changes_nothing(void** const state)
{
  (void)state;
  Gate gate = gate_at(-40.0F);
  gate_aim(&gate, NAN);
  memset(key, 0, sizeof(key));
  (void)run_gate(&gate, 0, N);
  check_equal(gain[N - 1], 0.0F);
}

static void
the_loudest_channel_opens_it(void** const state)
{
  (void)state;
  static float silence[N];
  Gate gate = gate_at(-40.0F);
  fixture_sine(key, N, 110.0, 0.1, (double)RATE);
  (void)gate_run(&gate, (const float* const[]){silence, key}, 2, gain, N);
  check_equal(gain[N - 1], 1.0F);
}

/// Return the first frame from `from` on whose gain is `value`
static uint32_t
first_at(const float value, const uint32_t from)
{
  for (uint32_t i = from; i < N; ++i) {
    if (gain[i] == value) {
      return i;
    }
  }
  fail_msg("no gain of %g after frame %u", (double)value, from);
  return N;
}

/// Silence, then a tone 20 dB above the threshold, then silence
static void
its_times_are_the_same_at_every_rate(void** const state)
{
  (void)state;
  static const double rates[] = {44100.0, 48000.0, 96000.0, 192000.0};
  for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    const double ms = rates[r] / 1000.0;
    const uint32_t begin = (uint32_t)(240.0 * ms);
    const uint32_t end = (uint32_t)(260.0 * ms);
    Gate gate;
    gate_init(&gate, rates[r]);
    gate_aim(&gate, -40.0F);
    memset(key, 0, sizeof(key));
    fixture_sine(key + begin, end - begin, 1000.0, 0.1, rates[r]);
    (void)run_gate(&gate, 0, N);
    const uint32_t closing = end + (uint32_t)(120.0 * ms); // 60 ms to fall by 26 dB, then the hold
    check_near(first_at(0.0F, 0) / ms, 160.0, 1.0);
    check_equal(gain[begin - 1], 0.0F);
    check_near((first_at(1.0F, begin) - begin) / ms, 1.5, 0.1);
    check_equal(gain[closing - (uint32_t)(2.0 * ms)], 1.0F);
    check_below(gain[closing + (uint32_t)(4.0 * ms)], 1.0F);
    check_near((first_at(0.0F, closing) - closing) / ms, 100.0, 2.0);
  }
}

/// Return whether the gate is still open a second after a note, at this level below the threshold
static bool
stays_open(const double below_db)
{
  Gate gate = gate_at(-30.0F);
  fixture_sine(key, RATE, 1000.0, 0.5, (double)RATE);
  fixture_sine(key + RATE, RATE, 1000.0, decibel_to_gain(-30.0 - below_db), (double)RATE);
  (void)run_gate(&gate, 0, N);
  return gain[N - 1] == 1.0F;
}

static void
it_closes_6_db_below_where_it_opens(void** const state)
{
  (void)state;
  assert_true(stays_open(5.5));
  assert_false(stays_open(6.5));
}

static void
half_a_db_below_the_threshold_does_not_open_it(void** const state)
{
  (void)state;
  Gate gate = gate_at(-30.0F);
  memset(key, 0, sizeof(key));
  fixture_sine(key + RATE / 2, RATE / 2, 1000.0, decibel_to_gain(-30.5), (double)RATE);
  fixture_sine(key + RATE, RATE, 1000.0, decibel_to_gain(-29.5), (double)RATE);
  (void)run_gate(&gate, 0, N);
  check_equal(gain[RATE / 2], 0.0F);
  check_equal(gain[RATE - 1], 0.0F);
  check_equal(gain[RATE + RATE / 100], 1.0F);
}

/// Fill the key with music, but with silence where the gate is on first, so that it closes, and a
/// loud end of the part where it is off, which it must not have followed
static void
write_switched_key(const uint64_t seed)
{
  fixture_guitar(key, N, seed);
  memset(key, 0, N / 6 * sizeof(float));
  memset(key + N / 3, 0, N / 6 * sizeof(float));
  fixture_sine(key + N / 3 - 100, 100, 1000.0, 0.5, (double)RATE);
}

/// Play with the gate on, off and on again, in one call each or in many
static void
run_switched(const bool is_split)
{
  static const float thresholds[] = {-20.0F, 0.0F, -20.0F, 0.0F, -30.0F, -6.0F};
  const uint32_t n_each = N / 6;
  Gate gate = gate_at(GATE_OFF_DB);
  for (uint32_t k = 0; k < 6; ++k) {
    gate_aim(&gate, thresholds[k]);
    for (uint32_t i = 0, n = 1; i < n_each; i += n, n = is_split ? 1 + (n * 37) % 301 : n_each) {
      n = n_each - i < n ? n_each - i : n;
      if (run_gate(&gate, k * n_each + i, n)) {
        for (uint32_t j = 0; j < n; ++j) {
          gain[k * n_each + i + j] = 1.0F; // Callers may rely on this
        }
      }
    }
  }
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  static float whole[N];
  for (uint64_t seed = 0; seed < 5; ++seed) {
    write_switched_key(seed);
    run_switched(false);
    memcpy(whole, gain, sizeof(gain));
    run_switched(true);
    assert_memory_equal(whole, gain, sizeof(gain));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(noise_is_muted_and_a_note_opens_within_3_ms),
      cmocka_unit_test(a_dying_note_closes_it_once),
      cmocka_unit_test(it_never_jumps),
      cmocka_unit_test(off_opens_at_once_or_soon),
      cmocka_unit_test(not_a_number_changes_nothing),
      cmocka_unit_test(the_loudest_channel_opens_it),
      cmocka_unit_test(its_times_are_the_same_at_every_rate),
      cmocka_unit_test(it_closes_6_db_below_where_it_opens),
      cmocka_unit_test(half_a_db_below_the_threshold_does_not_open_it),
      cmocka_unit_test(any_split_gives_the_same_bits),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

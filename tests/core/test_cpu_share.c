// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the share right however a host calls, and after it didn't call for a while?

#include "tests/fixtures.h"

#include "core/cpu_share.h"
#include "tests/checks.h"

#define RATE 48000U
#define FRAME 1000U ///< Of sound [ticks]

/// A host's clock
typedef struct {
  CpuShare share;
  uint64_t now; ///< [ticks]
} Clock;

static Clock
new_clock(void)
{
  return (Clock){cpu_share_at((double)RATE), UINT64_MAX - FRAME}; // About to wrap around
}

/// Make a call that takes `inside` ticks, and wait for `outside`
static void
call(Clock* const clock, const uint32_t n_frames, const uint64_t inside, const uint64_t outside)
{
  cpu_share_begin(&clock->share, clock->now);
  cpu_share_end(&clock->share, clock->now + inside, n_frames);
  clock->now += inside + outside;
}

/// Play `n_frames` in blocks that take a share of their time
static void
play(Clock* const clock, const uint32_t n_frames, const uint32_t block, const double share)
{
  const uint64_t inside = (uint64_t)(share * block * FRAME);
  for (uint32_t n = 0; n < n_frames; n += block) {
    call(clock, block, inside, block * FRAME - inside);
  }
}

static void
it_is_right_at_any_block_size(void** const state)
{
  (void)state;
  static const uint32_t blocks[] = {1, 16, 64, 441, 1000, 4096, 20000, 100000};
  for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); ++i) {
    Clock clock = new_clock();
    check_equal(cpu_share_value(&clock.share), 0.0F);
    play(&clock, 2 * RATE + 5 * blocks[i], blocks[i], 0.3);
    check_near(cpu_share_value(&clock.share), 0.3F, 1e-4F);
    play(&clock, 5 * RATE / 4 + 5 * blocks[i], blocks[i], 0.8);
    check_near(cpu_share_value(&clock.share), 0.8F, 1e-4F);
  }
}

/// Sixteen calls at once, and then nothing until the next sixteen
static void
it_is_right_when_calls_come_in_bursts(void** const state)
{
  (void)state;
  Clock clock = new_clock();
  for (uint32_t n = 0; n < 3 * RATE; n += 1024) {
    for (uint32_t i = 0; i < 16; ++i) {
      call(&clock, 64, 64 * FRAME / 5, i == 15 ? 16 * 4 * 64 * FRAME / 5 : 0);
    }
  }
  check_near(cpu_share_value(&clock.share), 0.2F, 0.01F);
}

static void
runs_without_frames_count_as_time(void** const state)
{
  (void)state;
  Clock clock = new_clock();
  for (uint32_t n = 0; n < 3 * RATE; n += 64) {
    call(&clock, 64, 16 * FRAME, 16 * FRAME);
    call(&clock, 0, 8 * FRAME, 24 * FRAME);
  }
  check_near(cpu_share_value(&clock.share), 24.0F / 64.0F, 1e-4F);
  const float before = cpu_share_value(&clock.share);
  for (uint32_t i = 0; i < 1000; ++i) {
    call(&clock, 0, FRAME, 64 * FRAME);
  }
  check_equal(cpu_share_value(&clock.share), before);
}

static void
a_pause_is_forgotten_after_a_second(void** const state)
{
  (void)state;
  Clock clock = new_clock();
  play(&clock, 3 * RATE, 64, 0.4);
  clock.now += (uint64_t)3600 * RATE * FRAME;
  for (uint32_t n = 0; n < 2 * RATE; n += 64) {
    call(&clock, 64, 64 * FRAME * 2 / 5, 64 * FRAME * 3 / 5);
    check_between(cpu_share_value(&clock.share), 0.29F, 0.41F);
  }
  check_near(cpu_share_value(&clock.share), 0.4F, 1e-4F);
}

static void
rendering_is_forgotten_after_a_second(void** const state)
{
  (void)state;
  Clock clock = new_clock();
  for (uint32_t n = 0; n < 100 * RATE; n += 1024) {
    call(&clock, 1024, 10 * FRAME, FRAME / 10);
  }
  check_near(cpu_share_value(&clock.share), 0.99F, 0.01F);
  play(&clock, 5 * RATE / 4, 1024, 0.1);
  check_near(cpu_share_value(&clock.share), 0.1F, 1e-4F);
}

static void
a_counter_that_jumps_back_changes_nothing(void** const state)
{
  (void)state;
  Clock clock = new_clock();
  for (uint32_t i = 0; i < 3 * RATE / 64; ++i) {
    call(&clock, 64, 32 * FRAME, 32 * FRAME);
    clock.now -= i % 20 == 3 ? 1000 * FRAME : 0;
  }
  check_near(cpu_share_value(&clock.share), 0.5F, 1e-4F);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_is_right_at_any_block_size),
      cmocka_unit_test(it_is_right_when_calls_come_in_bursts),
      cmocka_unit_test(runs_without_frames_count_as_time),
      cmocka_unit_test(a_pause_is_forgotten_after_a_second),
      cmocka_unit_test(rendering_is_forgotten_after_a_second),
      cmocka_unit_test(a_counter_that_jumps_back_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

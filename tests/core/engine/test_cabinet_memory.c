// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a cabinet allocate nothing while it plays, and leak nothing when it can't be made?

#include "tests/fixtures.h"

#include "core/engine/impulse_file.h"
#include "core/model/convolver.h"
#include "core/random.h"
#include "tests/allocation.h"
#include "tests/checks.h"

#include <sndfile.h>
#include <stdio.h>
#include <string.h>

static const AllocationFailures none = {.first = ALLOCATION_NEVER};

static Impulse
noise_impulse(float* const left, float* const right, const uint32_t n_frames)
{
  Random random = random_for(n_frames, 93);
  for (uint32_t i = 0; i < n_frames; ++i) {
    left[i] = (float)random_between(&random, -1.0, 1.0);
    right[i] = (float)random_between(&random, -1.0, 1.0);
  }
  return (Impulse){{left, right}, 2, n_frames, 48000.0};
}

static float channels[2][10000];

static void
a_planted_allocation_is_counted(void** const state)
{
  (void)state;
  assert_true(allocation_is_trapped() || fixture_is_slow()); // Valgrind replaces allocation itself
}

static void
nothing_is_allocated_while_it_plays(void** const state)
{
  (void)state;
  static float out[2][10000];
  const float* const in[2] = {channels[0], channels[1]};
  float* const outs[2] = {out[0], out[1]};
  const Impulse impulse = noise_impulse(channels[0], channels[1], 10000);
  Convolver* convolver = NULL;
  if (!allocation_is_trapped()) {
    return;
  }
  assert_int_equal(convolver_new(&impulse, 2, &convolver), STATUS_OK);
  allocation_count(none);
  for (uint32_t n = 0; n <= 10000; n = 3 * n + 1) {
    convolver_run(convolver, in, outs, n);
  }
  convolver_run(convolver, in, outs, 10000);
  convolver_reset(convolver);
  const AllocationCounts counts = allocation_stop();
  assert_int_equal(counts.n_requested, 0);
  assert_int_equal(counts.n_held, 0);
  convolver_free(convolver);
}

/// Let each allocation of convolver_new() fail in turn
static void
check_new(const uint32_t n_frames)
{
  const Impulse impulse = noise_impulse(channels[0], channels[1], n_frames);
  AllocationCounts counts = {.has_failed = true};
  for (long k = 0; counts.has_failed; ++k) {
    Convolver* convolver = NULL;
    allocation_count((AllocationFailures){.first = k});
    const Status status = convolver_new(&impulse, 2, &convolver);
    convolver_free(convolver);
    counts = allocation_stop();
    assert_int_equal(status, counts.has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(!counts.has_failed || !convolver);
    assert_int_equal(counts.n_held, 0);
  }
  check_above(counts.n_requested, 10);
}

static void
a_convolver_without_memory_leaks_nothing(void** const state)
{
  (void)state;
  if (!allocation_is_trapped()) {
    return;
  }
  check_new(1);
  check_new(1000);
  check_new(10000);
}

/// Between rates, where the taps become others
static void
a_model_s_stage_allocates_only_when_it_is_made(void** const state)
{
  (void)state;
  ModelFile file = fixture_staged_file(4, 1000, 1);
  const RatePlan plan = {RATE_INTERPOLATED, 44100.0, 48000.0, 1, 48000.0 / 44100.0};
  AllocationCounts counts = {.has_failed = true};
  file.stage_is_cabinet = true;
  for (long k = 0; counts.has_failed; ++k) {
    Model* model = NULL;
    allocation_count((AllocationFailures){.first = k});
    const Status status = model_new_by(&file, plan, 2, &model);
    counts = allocation_stop();
    assert_int_equal(status, counts.has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(!counts.has_failed || !model);
    if (model) {
      float* const both[] = {channels[0], channels[1]};
      allocation_count(none);
      model_run(model, (const float* const*)both, both, 10000);
      model_aim_cabinet(model, false, 0.5F, 100);
      model_run(model, (const float* const*)both, both, 10000);
      model_reset(model);
      assert_int_equal(allocation_stop().n_requested, 0);
    }
    allocation_count(none);
    model_free(model);
    counts.n_held += allocation_stop().n_held;
    assert_true(!allocation_is_trapped() || !counts.n_held);
  }
  model_file_clear(&file);
}

static void
an_impulse_without_memory_leaks_nothing(void** const state)
{
  (void)state;
  static float samples[2 * 100] = {0.0F, 0.5F, 0.25F};
  SF_INFO info = {.samplerate = 44100, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  char path[4096];
  if (!allocation_is_trapped()) {
    return;
  }
  fixture_path("memory.wav", path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, samples, 100), 100);
  (void)sf_close(file);
  AllocationCounts counts = {.has_failed = true};
  for (long k = 0; counts.has_failed; ++k) {
    Impulse impulse = {.n_channels = 0};
    Message message = {""};
    allocation_count((AllocationFailures){.first = k, .only_own = true});
    const Status status = impulse_read(path, 48000.0, &impulse, &message);
    impulse_clear(&impulse);
    counts = allocation_stop();
    assert_int_equal(status, counts.has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(!status || strstr(message.text, path));
    assert_int_equal(counts.n_held, 0);
  }
  // The file, its frames, channels before and after, resampling
  assert_int_equal(counts.n_requested, 8);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_planted_allocation_is_counted),
      cmocka_unit_test(nothing_is_allocated_while_it_plays),
      cmocka_unit_test(a_convolver_without_memory_leaks_nothing),
      cmocka_unit_test(a_model_s_stage_allocates_only_when_it_is_made),
      cmocka_unit_test(an_impulse_without_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

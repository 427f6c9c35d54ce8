// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a cabinet allocate nothing while it plays, and leak nothing when it can't be made? This
// program replaces libc's allocation, for itself and every library it loads.

#include "tests/fixtures.h"

#include "core/engine/convolver.h"
#include "core/random.h"
#include "tests/checks.h"

#include <errno.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEVER (-1L)

static bool is_counting = false;
static long n_allocations = 0; ///< Requested
static long n_held = 0;        ///< Not yet freed
static long n_until_failure = NEVER;
static bool is_trapped = false; ///< The first test finds out
static bool only_own = false;   ///< Libraries do not count

// libc's own functions, under names that this program doesn't replace
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t n, size_t size);
void* __libc_realloc(void* p, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* p);

// Found before libc by this program and every library it loads
#define TRAP __attribute__((visibility("default")))

// Addresses of this program, core included, from the linker
extern const char __executable_start[];
extern const char etext[];

/// Return true if `caller` should never see a failure: libsndfile doesn't survive all of them
static bool
is_spared(const void* const caller)
{
  const uintptr_t at = (uintptr_t)caller;
  return only_own && (at < (uintptr_t)__executable_start || at >= (uintptr_t)etext);
}

/// Return true if this allocation is the one that must fail
static bool
must_fail(const void* const caller)
{
  if (is_counting && !is_spared(caller)) {
    ++n_allocations;
    if (n_until_failure != NEVER && n_until_failure-- == 0) {
      n_until_failure = NEVER;
      return true;
    }
  }
  return false;
}

static void*
count_held(void* const p)
{
  n_held += is_counting && p;
  return p;
}

TRAP void*
malloc(const size_t size)
{
  return must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_malloc(size));
}

TRAP void*
calloc(const size_t n, const size_t size)
{
  return must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_calloc(n, size));
}

TRAP void*
realloc(void* const p, const size_t size)
{
  if (must_fail(__builtin_return_address(0))) {
    return NULL;
  }
  void* const moved = __libc_realloc(p, size);
  return p ? moved : count_held(moved);
}

TRAP int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  *p = must_fail(__builtin_return_address(0)) ? NULL : count_held(__libc_memalign(alignment, size));
  return *p ? 0 : ENOMEM;
}

TRAP void
free(void* const p)
{
  n_held -= is_counting && p;
  __libc_free(p);
}

static void
count_from(const long failure)
{
  n_allocations = 0;
  n_held = 0;
  n_until_failure = failure;
  is_counting = true;
}

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
  void* (*volatile const allocate)(size_t) = malloc; // Otherwise the compiler removes the call
  count_from(NEVER);
  void* const p = allocate(10);
  is_counting = false;
  free(p);
  is_trapped = n_allocations == 1 && n_held == 1;
  assert_true(is_trapped || fixture_is_slow()); // Valgrind replaces allocation itself
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
  if (!is_trapped) {
    return;
  }
  assert_int_equal(convolver_new(&impulse, 2, &convolver), STATUS_OK);
  count_from(NEVER);
  for (uint32_t n = 0; n <= 10000; n = 3 * n + 1) {
    convolver_run(convolver, in, outs, n);
  }
  convolver_run(convolver, in, outs, 10000);
  convolver_reset(convolver);
  is_counting = false;
  assert_int_equal(n_allocations, 0);
  assert_int_equal(n_held, 0);
  convolver_free(convolver);
}

/// Let each allocation of convolver_new() fail in turn
static void
check_new(const uint32_t n_frames)
{
  const Impulse impulse = noise_impulse(channels[0], channels[1], n_frames);
  Status status = STATUS_NO_MEMORY;
  for (long k = 0; status; ++k) {
    Convolver* convolver = NULL;
    count_from(k);
    status = convolver_new(&impulse, 2, &convolver);
    const bool has_failed = n_until_failure == NEVER;
    convolver_free(convolver);
    is_counting = false;
    assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(!has_failed || !convolver);
    assert_int_equal(n_held, 0);
  }
  check_above(n_allocations, 10);
}

static void
a_convolver_without_memory_leaks_nothing(void** const state)
{
  (void)state;
  if (!is_trapped) {
    return;
  }
  check_new(1);
  check_new(1000);
  check_new(10000);
}

static void
an_impulse_without_memory_leaks_nothing(void** const state)
{
  (void)state;
  static float samples[2 * 100] = {0.0F, 0.5F, 0.25F};
  SF_INFO info = {.samplerate = 44100, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  char path[4096];
  if (!is_trapped) {
    return;
  }
  fixture_path("memory.wav", path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, samples, 100), 100);
  (void)sf_close(file);
  Status status = STATUS_NO_MEMORY;
  only_own = true;
  for (long k = 0; status; ++k) {
    Impulse impulse = {.n_channels = 0};
    Message message = {""};
    count_from(k);
    status = impulse_read(path, 48000.0, &impulse, &message);
    impulse_clear(&impulse);
    is_counting = false;
    const bool has_failed = n_until_failure == NEVER;
    assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(!status || strstr(message.text, path));
    assert_int_equal(n_held, 0);
  }
  only_own = false;
  assert_int_equal(n_allocations, 8); // The file, its frames, channels before and after, resampling
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_planted_allocation_is_counted),
      cmocka_unit_test(nothing_is_allocated_while_it_plays),
      cmocka_unit_test(a_convolver_without_memory_leaks_nothing),
      cmocka_unit_test(an_impulse_without_memory_leaks_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

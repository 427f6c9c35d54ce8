// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Without memory, a choice fails, and says so; it isn't on its way for ever.

#include "tests/plugin/host_rig.h"

#include "core/format/model_file_io.h"
#include "tests/allocation.h"
#include "tests/checks.h"

#include <stdio.h>
#include <string.h>

#define N_FAILURES 24

static char small_model[PATH_MAX]; ///< With few allocations

static int
set_up(void** const state)
{
  const int failed = host_rig_set_up(state);
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 2, 1);
  file.loudness.middle = (ModelFileLevel){true, -20.0};
  fixture_path("c.json", small_model); // Between a.json and twin.json, behind b.json
  assert_int_equal(model_file_write(&file, small_model, NULL), STATUS_OK);
  model_file_clear(&file);
  return failed;
}

static void
choose_small_model(Host* const host)
{
  host_send_set(host, small_model);
}

static void
step_to_small_model(Host* const host)
{
  host_set(host, "model_next", 1.0F);
}

/// Let each of the first allocations of a change fail in turn, alone or with all after it: those of
/// the answer, the list of the folder, and the first ones of the file. Valgrind has its own, so
/// that none fails there.
static void
check_change(void (*const begin)(Host* host))
{
  for (long k = 0; k < 2L * N_FAILURES; ++k) {
    Host* const host = new_host(usual);
    choose(host, model_b);
    begin(host);
    host_run(host, in, out, 64);
    allocation_count((AllocationFailures){.first = k / 2, .and_later = k % 2});
    (void)host_work(host);
    const AllocationCounts counts = allocation_stop();
    host_run(host, in, out, 64);
    const bool is_loaded = host_get(host, "model_status") == 1.0F;
    assert_true(is_loaded || counts.has_failed);
    check_equal(host_get(host, "model_status"), is_loaded ? 1.0F : 2.0F);
    assert_true(is_loaded == !host_told(host, HOST_MESSAGE_URI)[0]);
    host_send_get(host);
    host_run(host, in, out, 64);
    assert_string_equal(host_take_announced(host), is_loaded ? small_model : model_b);
    host_free(host);
  }
}

static void
a_choice_without_memory_fails_and_says_so(void** const state)
{
  (void)state;
  check_change(choose_small_model);
}

static void
a_step_without_memory_fails_and_says_so(void** const state)
{
  (void)state;
  check_change(step_to_small_model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_choice_without_memory_fails_and_says_so),
      cmocka_unit_test(a_step_without_memory_fails_and_says_so),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

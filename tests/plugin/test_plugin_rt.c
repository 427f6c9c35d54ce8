// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The audio thread does nothing that it must not do. Planted mistakes show that the trap works.

#include "core/format/model_file_io.h"
#include "tests/checks.h"
#include "tests/fixtures.h"
#include "tests/plugin/lv2_host.h"
#include "tests/trap.h"

#include <limits.h>
#include <lv2/atom/atom.h>
#include <math.h>
#include <pthread.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define N 8192U

/// If the kernel and the machine allow it
static bool traps_system_calls = false;

static void
arm_trap(void)
{
  trap_forget();
  trap_arm();
}

static void
check_nothing_was_trapped(void)
{
  const TrapCounts counts = trap_counts();
  if (counts.n_calls || counts.n_system_calls) {
    fail_msg("%u forbidden calls, the last %s; %d system calls, the last number %d", counts.n_calls,
             counts.last_call, counts.n_system_calls, counts.last_system_call);
  }
}

static float in[N];
static float out[N];
static char models[2][PATH_MAX];

static int
set_up(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < 2; ++i) {
    ModelFile file = i ? fixture_staged_file(fixture_size(16), 300, i)
                       : fixture_model_file(CELL_GRU_RESET_BEFORE, fixture_size(11), i);
    file.stage_is_cabinet = i;
    fixture_skip_loudness(&file);
    fixture_path(i ? "one.json" : "zero.json", models[i]);
    assert_int_equal(model_file_write(&file, models[i], NULL), STATUS_OK);
    model_file_clear(&file);
  }
  fixture_guitar(in, N, 3);
  traps_system_calls = !fixture_is_slow() && trap_system_calls();
  if (!traps_system_calls) {
    (void)printf("# system calls are not trapped: not by this kernel, this machine, or Valgrind\n");
  }
  return 0;
}

/// Run one block under the trap
static void
run_armed(Host* const host, const uint32_t n_frames)
{
  arm_trap();
  host_run(host, in, out, n_frames);
  trap_disarm();
  check_nothing_was_trapped();
}

static void
a_planted_allocation_is_trapped(void** const state)
{
  (void)state;
  arm_trap();
  void* volatile p = malloc(100);
  trap_disarm();
  if (!trap_counts().n_calls && fixture_is_slow()) {
    free(p);
    (void)printf("# allocations are not trapped: Valgrind has its own\n");
    return;
  }
  assert_int_equal(trap_counts().n_calls, 1);
  arm_trap();
  free(p);
  trap_disarm();
  assert_int_equal(trap_counts().n_calls, 1);
  assert_string_equal(trap_counts().last_call, "free");
}

static void
a_planted_lock_is_trapped(void** const state)
{
  (void)state;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  arm_trap();
  (void)pthread_mutex_lock(&mutex);
  (void)pthread_mutex_unlock(&mutex);
  trap_disarm();
  assert_int_equal(trap_counts().n_calls, 2);
}

static void
a_planted_system_call_is_trapped(void** const state)
{
  (void)state;
  if (!traps_system_calls) {
    return; // set_up() has said why
  }
  arm_trap();
  const long result = syscall(SYS_getppid);
  trap_disarm();
  assert_int_equal(trap_counts().n_system_calls, 1);
  assert_int_equal(trap_counts().last_system_call, SYS_getppid);
  assert_int_equal(result, -1);
}

static void
run_does_nothing_forbidden_at_any_block_size(void** const state)
{
  (void)state;
  static const uint32_t sizes[] = {0, 1, 2, 16, 63, 64, 65, 256, 1024, 4096, 8192};
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_run(host, in, out, 64); // Not the first block: the linker may bind symbols in it
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    run_armed(host, sizes[i]);
  }
  host_free(host);
}

/// Turn every control, each at its own pace
static void
turn_controls(Host* const host, const uint32_t turn)
{
  static const char* const symbols[] = {
      "input_level",  "knob_1",      "knob_2",          "knob_3",   "knob_4",  "gate",
      "bass",         "middle",      "treble",          "presence", "cabinet", "cabinet_level",
      "output_level", "level_match", "interface_level", "enabled"};
  for (uint32_t k = 0; k < sizeof(symbols) / sizeof(symbols[0]); ++k) {
    host_set(host, symbols[k], (float)((turn + k) % (3 + k)) - 2.0F);
  }
}

static void
run_does_nothing_forbidden_when_controls_move_or_input_is_bad(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = host_new((HostOptions){.sample_rate = 48000.0, .is_stereo = k == 1});
    assert_non_null(host);
    host_send_set(host, models[1]); // A captured rig
    host_run(host, in, out, 64);
    (void)host_work(host);
    for (uint32_t i = 0; i < 50; ++i) {
      turn_controls(host, i);
      in[10] = i % 7 ? 0.1F : NAN;
      if (i < 10) { // Not the first: the linker may bind symbols in them
        host_run(host, in, out, 64);
      } else {
        run_armed(host, 64);
      }
    }
    host_set(host, "cabinet", 1.0F);
    run_armed(host, 64);
    check_equal(host_get(host, "cabinet_heard"), 1.0F);
    host_free(host);
  }
  in[10] = 0.1F;
}

/// Run 3840 frames under the trap, enough for request, answer, fade and trash
static void
run_a_change_armed(Host* const host)
{
  for (uint32_t i = 0; i < 60; ++i) {
    run_armed(host, 64);
    (void)host_work(host);
  }
}

static void
a_model_change_does_nothing_forbidden_on_the_audio_thread(void** const state)
{
  (void)state;
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_send_set(host, models[0]); // Once without the trap, for the same reason
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 4096);
  for (uint32_t change = 0; change < 6; ++change) {
    host_send_set(host, change == 3 ? "/nowhere" : models[change % 2]);
    run_a_change_armed(host);
    check_equal(host_get(host, "model_status"), change == 3 ? 4.0F : 1.0F);
  }
  host_send_get(host);
  run_armed(host, 64);
  assert_string_equal(host_take_announced(host), models[1]);
  host_free(host);
}

/// The models are the only files of their kind in their folder
static void
a_step_does_nothing_forbidden_on_the_audio_thread(void** const state)
{
  (void)state;
  Host* const host = host_new((HostOptions){.sample_rate = 48000.0});
  assert_non_null(host);
  host_send_set(host, models[0]);
  for (uint32_t step = 0; step < 4; ++step) {
    for (uint32_t i = 0; i < 60; ++i) {
      host_set(host, "model_next", i < 2 && step ? 1.0F : 0.0F);
      if (step < 2) { // Once without the trap
        host_run(host, in, out, 64);
      } else {
        run_armed(host, 64);
      }
      (void)host_work(host);
    }
    assert_string_equal(host_take_announced(host), models[step % 2]);
  }
  host_free(host);
}

/// A picture of the gates in every second block, while models, qualities and rates change
static void
watching_the_gates_does_nothing_forbidden(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 3; ++k) {
    uint32_t n_floats = 0;
    uint32_t n_pictures = 0;
    Host* const host =
        host_new((HostOptions){.sample_rate = k == 1 ? 44100.0 : 48000.0, .is_stereo = k > 0});
    assert_non_null(host);
    host_set(host, "quality", (float)k);
    for (uint32_t i = 0; i < 40; ++i) {
      host_send_watch(host, LV2_ATOM__Bool, true);
      if (i < 5) { // Not the first: the linker may bind symbols in them
        host_run(host, in, out, 1024);
        (void)host_work(host);
      } else {
        run_armed(host, 1024);
      }
      n_pictures += host_gates(host, &n_floats) != NULL;
      if (i % 10 == 2) {
        host_send_set(host, models[i / 10 % 2]);
        host_run(host, in, out, 1024);
        (void)host_work(host);
      }
    }
    check_at_least(n_pictures, 20);
    assert_int_equal(n_floats % 4, 0);
    host_free(host);
  }
}

static void
write_cabinet(const char* const path)
{
  SF_INFO info = {.samplerate = 44100, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_write_float(file, in, 2000), 2000);
  (void)sf_close(file);
}

/// At a rate that needs resamplers, in other qualities, with a cabinet, and with a full queue
static void
other_changes_do_nothing_forbidden_on_the_audio_thread(void** const state)
{
  (void)state;
  char cabinet[PATH_MAX];
  fixture_path("cabinet.wav", cabinet);
  write_cabinet(cabinet);
  Host* const host = host_new((HostOptions){.sample_rate = 44100.0, .is_stereo = true});
  assert_non_null(host);
  for (uint32_t change = 0; change < 4; ++change) {
    host_set(host, "quality", (float)(change % 3));
    host_send_set(host, models[change % 2]);
    host_run(host, in, out, 64);
    host_send_set_of(host, HOST_CABINET_URI, change % 2 ? "" : cabinet);
    if (change == 0) { // Once without the trap
      host_run(host, in, out, 64);
      (void)host_work(host);
      host_run(host, in, out, 4096);
    }
    host_refuse_work(host, true);
    run_armed(host, 64);
    host_refuse_work(host, false);
    host_send_set_rate(host, LV2_ATOM__Float, change % 2 ? 96000.0 : 1.0); // The second is refused
    run_armed(host, 64);
    run_a_change_armed(host);
    check_equal(host_get(host, "model_status"), 1.0F);
  }
  check_above(host_get(host, "latency"), 0.0F);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_planted_allocation_is_trapped),
      cmocka_unit_test(a_planted_lock_is_trapped),
      cmocka_unit_test(a_planted_system_call_is_trapped),
      cmocka_unit_test(run_does_nothing_forbidden_at_any_block_size),
      cmocka_unit_test(run_does_nothing_forbidden_when_controls_move_or_input_is_bad),
      cmocka_unit_test(a_model_change_does_nothing_forbidden_on_the_audio_thread),
      cmocka_unit_test(a_step_does_nothing_forbidden_on_the_audio_thread),
      cmocka_unit_test(watching_the_gates_does_nothing_forbidden),
      cmocka_unit_test(other_changes_do_nothing_forbidden_on_the_audio_thread),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Models and cabinets that are chosen while the plugin plays: messages, changes, failures, and
// hosts whose queues are full.

#include "tests/plugin/host_rig.h"

#include "core/decibel.h"
#include "tests/checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Change the model in the middle of a loud tone
static void
check_change(const char* const before, const char* const after)
{
  const uint32_t start = n_frames / 256 * 64;
  float* const a = (float*)calloc(n_frames, sizeof(float));
  Host* const host = new_host(usual);
  assert_non_null(a);
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  play_engine(before, &flat, a);
  play_engine(after, &flat, expected);
  choose(host, before);
  run_and_work(host, 0, start);
  host_send_set(host, after);
  run_and_work(host, start, n_frames / 64 * 64 - start);
  check_at_most(fixture_difference(out, a, start), 1e-6);
  check_at_most(fixture_difference(out + n_frames / 2, expected + n_frames / 2, n_frames / 4),
                0.02);
  check_at_most(
      fixture_largest_step(out, n_frames / 64 * 64),
      1.1 * fmax(fixture_largest_step(a, n_frames), fixture_largest_step(expected, n_frames)));
  assert_string_equal(host_take_announced(host), after);
  fixture_guitar(in, n_frames, 5);
  host_free(host);
  free(a);
}

static void
a_change_of_model_is_heard_without_a_click(void** const state)
{
  (void)state;
  check_change(model_a, model_b);
}

/// Find the path of the model of a factory preset
static void
find_factory_model(const char* const label, char path[PATH_MAX])
{
  Host* const host = new_host(usual);
  restore_preset(host, label);
  host_run(host, in, out, 64);
  (void)snprintf(path, PATH_MAX, "%s", host_take_announced(host));
  host_free(host);
}

static void
two_high_gain_amplifiers_change_without_a_click(void** const state)
{
  (void)state;
  char lead[PATH_MAX];
  char fuzz[PATH_MAX];
  if (fixture_is_slow()) {
    return; // The other change does the same
  }
  find_factory_model("Lead (2203 style)", lead);
  find_factory_model("Fuzz (Big Muff style)", fuzz);
  check_change(lead, fuzz);
  check_change(fuzz, lead);
}

static void
patch_put_chooses_a_model_too(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_put(host, model_b);
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 64);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), model_b);
  host_free(host);
}

static void
patch_get_is_answered_with_the_path(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  (void)host_take_announced(host);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), ""); // Only when asked
  host_send_get(host);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), model_a);
  host_free(host);
}

/// Try to load a file that can't be loaded; the sound must go on as if nothing had happened
static void
check_failed_load(const char* const path, const float status)
{
  Host* const host = new_host(usual);
  choose(host, model_a);
  play_engine(model_a, &flat, expected);
  for (uint32_t i = 0; i < n_frames; i += 64) {
    if (i == n_frames / 256 * 64) {
      host_send_set(host, path);
    }
    host_run(host, in + i, out + i, 64);
    (void)host_work(host);
  }
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  check_equal(host_get(host, "model_status"), status);
  assert_non_null(strstr(host_take_log(host), path));
  char folder[PATH_MAX];
  fixture_path("failed", folder);
  (void)mkdir(folder, 0777);
  LilvState* const saved = host_save_state(host, folder);
  assert_non_null(strstr(host_state_path(host, saved, HOST_MODEL_URI), "a.json"));
  assert_non_null(strstr(host_state_path(host, saved, HOST_MODEL_WISH_URI), path));
  lilv_state_free(saved);
  host_send_set(host, model_b); // A good one still loads
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 64);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  host_free(host);
}

static void
a_failed_load_keeps_the_old_sound_and_the_wish(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  fixture_path("bad.json", bad);
  fixture_write_text(bad, "{\"layers\":[");
  check_failed_load("/nowhere/model.json", 4.0F);
  check_failed_load(bad, 2.0F);
}

static void
a_capture_is_named_with_the_command_that_makes_it_playable(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  char command[2 * PATH_MAX];
  Host* const host = new_host(usual);
  fixture_path("My Amp.nam", path);
  fixture_write_text(path, "{\"architecture\":\"SlimmableContainer\",\"weights\":[]}");
  host_send_set(host, path);
  run_and_work(host, 0, 640);
  check_equal(host_get(host, "model_status"), 2.0F);
  (void)snprintf(command, sizeof(command),
                 "My Amp.nam: is a NAM capture (A2), which Grus can't play directly; to play it, "
                 "learn from it: grus-train --teacher '%s' -o 'My Amp' --install\n",
                 path);
  assert_non_null(strstr(host_take_log(host), command));
  host_free(host);
}

static void
a_named_pipe_is_refused_without_waiting(void** const state)
{
  (void)state;
  char pipe[PATH_MAX];
  fixture_path("pipe.json", pipe);
  assert_int_equal(mkfifo(pipe, 0600), 0);
  check_failed_load(pipe, 2.0F);
}

static void
quality_changes_without_a_click_and_tells_its_latency(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  const uint32_t part = n_frames / 4 / 64 * 64;
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  choose(host, model_a);
  run_and_work(host, 0, part);
  check_equal(host_get(host, "latency"), 0.0F);
  host_set(host, "quality", 1.0F);
  run_and_work(host, part, part);
  check_equal(host_get(host, "latency"), 35.0F);
  host_set(host, "quality", 2.0F);
  run_and_work(host, 2 * part, part);
  check_equal(host_get(host, "latency"), 42.0F);
  host_set(host, "quality", 0.0F);
  run_and_work(host, 3 * part, part);
  check_equal(host_get(host, "latency"), 0.0F);
  assert_int_equal(host_work(host), 0); // It is not requested over and over
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_largest_step(out, 4 * part),
                1.1 * fixture_largest_step(expected, n_frames));
  fixture_guitar(in, n_frames, 5);
  host_free(host);
}

static void
quality_leaves_the_loudness_as_it_is(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  double power[2] = {0.0};
  fixture_sine(in, n_frames, 220.0, 0.1, RATE); // Whole periods
  host_set(host, "level_match", 1.0F);
  choose(host, model_a); // Its file does not say how loud it is
  for (uint32_t i = 0; i < 2; ++i) {
    host_set(host, "quality", (float)i);
    run_and_work(host, 0, n_frames); // Let the changes finish
    run_and_work(host, 0, n_frames);
    power[i] = power_of(out, n_frames);
  }
  check_above(power[0], 1e-6);
  check_near(decibel_of_power(power[1] / power[0]), 0.0, 0.1); // [dB]
  fixture_guitar(in, n_frames, 5);
  host_free(host);
}

static void
quality_changes_after_a_failed_load_too(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_set(host, "/nowhere/model.json");
  run_and_work(host, 0, 640);
  (void)host_take_announced(host);
  host_set(host, "quality", 1.0F);
  run_and_work(host, 0, 6400);
  check_equal(host_get(host, "latency"), 35.0F);
  check_equal(host_get(host, "model_status"), 4.0F);  // The last choice is still missing
  assert_string_equal(host_take_announced(host), ""); // No new model
  host_free(host);
}

static void
a_cabinet_is_chosen_kept_and_taken_away(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  char folder[PATH_MAX];
  const EngineControls half = levels(0.0F, -6.0206F);
  write_cabinet("half.wav", 0.5F, path);
  fixture_path("with cabinet", folder);
  (void)mkdir(folder, 0777);
  Host* host = new_host(usual);
  choose(host, model_a);
  LilvState* const without = host_save_state(host, folder);
  lilv_state_free(without);
  host_send_set_of(host, HOST_CABINET_URI, path);
  run_and_work(host, 0, 6400);
  check_equal(host_get(host, "cabinet_status"), 1.0F);
  assert_string_equal(host_take_announced_cabinet(host), path);
  host_send_set_of(host, HOST_CABINET_URI, "/nowhere.wav"); // The one that plays stays
  run_and_work(host, 0, 640);
  check_equal(host_get(host, "cabinet_status"), 4.0F);
  host_send_set_of(host, HOST_CABINET_URI, path);
  run_and_work(host, 0, 6400);
  lilv_state_free(host_save_state(host, folder));
  host_free(host);
  host = new_host(usual);
  LilvState* const loaded = host_load_state(host, folder);
  assert_int_equal(unlink(path), 0); // The session has a copy
  host_restore(host, loaded);
  lilv_state_free(loaded);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &half, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
  host_send_set_of(host, HOST_CABINET_URI, "");
  run_and_work(host, 0, 6400);
  check_equal(host_get(host, "cabinet_status"), 0.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
  host_free(host);
}

static void
a_host_may_work_at_once(void** const state)
{
  (void)state;
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .works_at_once = true});
  for (uint32_t i = 0; i < 20; ++i) {
    host_send_set(host, i % 2 ? model_a : model_b);
    host_run_blocks(host, in, out, 4800, 64);
  }
  assert_string_equal(host_take_announced(host), model_a);
  host_free(host);
}

static void
the_newest_request_wins(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  for (uint32_t i = 0; i < 5; ++i) { // All before the worker gets to the first
    host_send_set(host, i % 2 ? model_a : model_b);
    host_run(host, in, out, 64);
  }
  (void)host_work(host);
  for (uint32_t i = 0; i < 100; ++i) {
    host_run(host, in, out, 64);
    (void)host_work(host);
  }
  assert_string_equal(host_take_announced(host), model_b);
  host_free(host);
}

static void
what_a_newer_request_replaces_is_not_loaded(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  (void)host_take_log(host);
  for (uint32_t i = 0; i < 5; ++i) {
    host_send_set(host, i < 4 ? "/nowhere/model.json" : model_b);
    host_run(host, in, out, 64);
  }
  (void)host_work(host);
  run_and_work(host, 0, 640);
  assert_string_equal(host_take_announced(host), model_b);
  assert_null(strstr(host_take_log(host), "nowhere"));
  host_free(host);
}

static void
a_host_that_loses_answers_still_plays_the_newest(void** const state)
{
  (void)state;
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .loses_answers = true});
  for (uint32_t i = 0; i < 4; ++i) {
    host_send_set(host, i % 2 ? model_a : model_b);
    host_run(host, in, out, 64);
  }
  (void)host_work(host);
  host_run_blocks(host, in, out, 4800, 64);
  assert_string_equal(host_take_announced(host), model_a);
  host_free(host);
}

static void
another_property_is_left_alone(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_set_of(host, "urn:other:file", model_b);
  host_run(host, in, out, 64);
  assert_int_equal(host_work(host), 0);
  host_free(host);
}

static void
a_full_queue_loses_no_memory_and_no_request(void** const state)
{
  (void)state; // Valgrind finds what is lost
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_set(host, model_b);
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_refuse_work(host, true); // What fades out can't be freed now
  host_run_blocks(host, in, out, n_frames, 64);
  host_send_set(host, "/nowhere/model.json");
  host_run(host, in, out, 64);
  host_send_set(host, model_a);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), 3.0F);
  host_refuse_work(host, false);
  host_run(host, in, out, 64);
  assert_int_equal(host_work(host), 2); // One frees, one loads
  run_and_work(host, 0, 6400);
  check_equal(host_get(host, "model_status"), 1.0F);
  assert_string_equal(host_take_announced(host), model_a);
  assert_null(strstr(host_take_log(host), "nowhere"));
  host_refuse_work(host, true);
  host_free(host);
}

/// Its queue may be emptied when it deactivates the plugin
static void
a_choice_that_the_host_forgets_is_loaded_after_a_restart(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_set(host, model_b);
  host_run(host, in, out, 64);
  host_drop_work(host);
  host_restart(host);
  run_and_work(host, 0, 640);
  assert_string_equal(host_take_announced(host), model_b);
  host_set(host, "quality", 1.0F);
  host_run(host, in, out, 64);
  host_drop_work(host);
  host_restart(host);
  run_and_work(host, 0, 6400);
  check_equal(host_get(host, "latency"), 35.0F);
  host_free(host);
}

static void
absurd_messages_are_survived(void** const state)
{
  (void)state;
  char* const long_path = (char*)calloc(1, 6000);
  Host* const host = new_host(usual);
  memset(long_path, 'x', 5999);
  choose(host, model_a);
  host_send_set(host, long_path);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), 2.0F);
  host_send_set(host, "");
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 64);
  check_below(power_of(out, 64), 100.0);
  free(long_path);
  host_free(host);
}

/// Send a choice and measure the stack of the worker that loads it
static void
check_stack(Host* const host, const char* const path, const float status)
{
  float silence[256] = {0};
  host_send_set(host, path);
  host_run(host, silence, silence, 256);
  size_t used = 0;
  if (fixture_is_slow()) { // Valgrind forbids looking at the stack of a thread that has ended
    (void)host_work(host);
  } else {
    used = host_work_measuring_stack(host);
  }
  host_run(host, silence, silence, 256);
  print_message("# %s: %zu bytes of stack\n", path, used);
  check_equal(host_get(host, "model_status"), status);
  check_at_most((double)used, 12288.0);
}

static void
a_worker_needs_little_stack_whatever_the_file(void** const state)
{
  (void)state;
  static char nested[100000];
  char path[PATH_MAX];
  Host* const host = new_host(usual);
  memset(nested, '[', sizeof(nested) - 1);
  fixture_path("nested.json", path);
  fixture_write_text(path, nested);
  check_stack(host, model_b, 1.0F);
  check_stack(host, path, 2.0F);
  check_stack(host, "/nowhere/at all.json", 4.0F);
  host_free(host);
}

/// Check which cabinet the plugin says is heard, and that it sounds like the model in an engine
static void
check_rig(Host* const host, const char* const model, const float heard, const float gain)
{
  EngineControls controls = flat;
  controls.cabinet_enabled = heard == 1.0F;
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model, &controls, expected);
  for (uint32_t i = 0; i < n_frames; ++i) {
    expected[i] *= gain;
  }
  check_equal(host_get(host, "cabinet_heard"), heard);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
}

/// The cabinet that is there at the start leaves a captured rig as it is; the player's doesn't
static void
a_rig_plays_as_captured_or_without_or_with_a_chosen_cabinet(void** const state)
{
  (void)state;
  char rig[PATH_MAX];
  char cabinet[PATH_MAX];
  write_rig("rig.json", 31, rig);
  write_cabinet("own.wav", 0.5F, cabinet);
  Host* const host = new_untouched_host(usual);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "cabinet_heard"), 2.0F);
  choose(host, rig);
  assert_non_null(strstr(host_take_log(host), "rig.json: captured with its cabinet"));
  check_rig(host, rig, 1.0F, 1.0F);
  host_set(host, "cabinet", 0.0F);
  check_rig(host, rig, 0.0F, 1.0F);
  host_set(host, "cabinet", 1.0F);
  choose_cabinet(host, cabinet);
  check_rig(host, rig, 2.0F, 0.5F);
  choose(host, model_a);
  check_rig(host, model_a, 2.0F, 0.5F);
  choose_cabinet(host, "");
  check_rig(host, model_a, 0.0F, 1.0F);
  choose(host, rig);
  check_rig(host, rig, 1.0F, 1.0F);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_change_of_model_is_heard_without_a_click),
      cmocka_unit_test(two_high_gain_amplifiers_change_without_a_click),
      cmocka_unit_test(patch_put_chooses_a_model_too),
      cmocka_unit_test(patch_get_is_answered_with_the_path),
      cmocka_unit_test(a_failed_load_keeps_the_old_sound_and_the_wish),
      cmocka_unit_test(a_capture_is_named_with_the_command_that_makes_it_playable),
      cmocka_unit_test(a_named_pipe_is_refused_without_waiting),
      cmocka_unit_test(quality_changes_without_a_click_and_tells_its_latency),
      cmocka_unit_test(quality_leaves_the_loudness_as_it_is),
      cmocka_unit_test(quality_changes_after_a_failed_load_too),
      cmocka_unit_test(a_cabinet_is_chosen_kept_and_taken_away),
      cmocka_unit_test(a_rig_plays_as_captured_or_without_or_with_a_chosen_cabinet),
      cmocka_unit_test(a_host_may_work_at_once),
      cmocka_unit_test(the_newest_request_wins),
      cmocka_unit_test(what_a_newer_request_replaces_is_not_loaded),
      cmocka_unit_test(a_host_that_loses_answers_still_plays_the_newest),
      cmocka_unit_test(another_property_is_left_alone),
      cmocka_unit_test(a_full_queue_loses_no_memory_and_no_request),
      cmocka_unit_test(a_choice_that_the_host_forgets_is_loaded_after_a_restart),
      cmocka_unit_test(absurd_messages_are_survived),
      cmocka_unit_test(a_worker_needs_little_stack_whatever_the_file),
  };
  return cmocka_run_group_tests(tests, host_rig_set_up, NULL);
}

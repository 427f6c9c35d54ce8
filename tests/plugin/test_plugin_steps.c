// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Stepping through the models of a folder by two ports, however a host presses them, and whatever
// is in the folder.

#include "tests/plugin/host_rig.h"
#include "tests/plugin/host_store.h"

#include "tests/checks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEXT "model_next"
#define PREVIOUS "model_previous"
#define DEAF_FRAMES 12000U ///< So long after a state was restored, presses don't count

static char folder[PATH_MAX]; ///< With 1.json, 2.json and 10.json, and what is no model

/// Put a file into a folder that is there under another name, or a broken model without one
static void
put_file(const char* const place, const char* const name, const char* const from, char* const path)
{
  (void)snprintf(path, PATH_MAX, "%.3000s/%s", place, name);
  if (from) {
    assert_int_equal(link(from, path), 0);
  } else {
    fixture_write_text(path, "{\"layers\":[");
  }
}

static void
make_folder(const char* const name, char place[PATH_MAX])
{
  fixture_path(name, place);
  assert_int_equal(mkdir(place, 0777), 0);
}

static int
set_up(void** const state)
{
  const int failed = host_rig_set_up(state);
  char path[PATH_MAX];
  make_folder("models", folder);
  put_file(folder, "10.json", model_a, path);
  put_file(folder, "1.json", model_a, path);
  put_file(folder, "2.json", model_b, path);
  put_file(folder, "1.txt", model_b, path);
  (void)snprintf(path, sizeof(path), "%.3000s/11.json", folder);
  return failed || mkdir(path, 0777);
}

/// Return the name in its folder of the model that plays
static const char*
name_of_model(Host* const host)
{
  host_send_get(host);
  host_run(host, in, out, 64);
  const char* const path = host_take_announced(host);
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/// Press for one block
static void
press(Host* const host, const char* const port)
{
  host_set(host, port, 1.0F);
  host_run(host, in, out, 64);
  host_set(host, port, 0.0F);
  host_run(host, in, out, 64);
}

/// Play until all steps are made
static void
run_all(Host* const host)
{
  for (uint32_t i = 0; i < 4; ++i) {
    run_and_work(host, 0, 640);
  }
}

static void
choose_in(Host* const host, const char* const place, const char* const name)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%.3000s/%s", place, name);
  host_send_set(host, path);
  run_all(host);
}

/// Return a host that plays a model of the folder
static Host*
new_host_with(const char* const name)
{
  Host* const host = new_host(usual);
  choose_in(host, folder, name);
  assert_string_equal(name_of_model(host), name);
  return host;
}

static void
check_step(Host* const host, const char* const port, const char* const name)
{
  press(host, port);
  run_all(host);
  check_equal(host_get(host, "model_status"), 1.0F);
  assert_string_equal(name_of_model(host), name);
}

static void
steps_go_through_the_folder_and_around(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = k == 1});
    choose_in(host, folder, "1.json");
    check_step(host, NEXT, "2.json");
    check_step(host, NEXT, "10.json");
    check_step(host, NEXT, "1.json");
    check_step(host, PREVIOUS, "10.json");
    check_step(host, PREVIOUS, "2.json");
    host_free(host);
  }
}

static void
a_model_reached_by_steps_plays_and_is_saved(void** const state)
{
  (void)state;
  Host* const host = new_host_with("1.json");
  Host* const other = new_host(usual);
  press(host, NEXT);
  run_all(host);
  check_plays(host, model_b);
  assert_int_equal(host_carry_over(host, other, false), LV2_STATE_SUCCESS);
  assert_string_equal(name_of_model(other), "2.json");
  host_free(host);
  host_free(other);
}

static void
a_step_leaves_no_click(void** const state)
{
  (void)state;
  float* const before = (float*)calloc(n_frames, sizeof(float));
  const uint32_t n = n_frames / 64 * 64;
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  play_engine(model_a, &flat, before);
  play_engine(model_b, &flat, expected);
  Host* const host = new_host_with("1.json");
  host_restart(host);
  run_and_work(host, 0, n / 128 * 64);
  host_set(host, NEXT, 1.0F);
  run_and_work(host, n / 128 * 64, n - n / 128 * 64);
  assert_string_equal(host_take_announced(host) + strlen(folder), "/2.json");
  check_at_most(fixture_largest_step(out, n), 1.1 * fmax(fixture_largest_step(before, n_frames),
                                                         fixture_largest_step(expected, n_frames)));
  fixture_guitar(in, n_frames, 5);
  host_free(host);
  free(before);
}

static void
a_press_is_one_step_however_long_it_is_held(void** const state)
{
  (void)state;
  Host* const host = new_host_with("1.json");
  host_set(host, NEXT, 0.1F);
  run_all(host);
  run_all(host);
  assert_string_equal(name_of_model(host), "2.json");
  host_set(host, NEXT, 1.0F); // It was up already
  run_all(host);
  assert_string_equal(name_of_model(host), "2.json");
  host_set(host, NEXT, NAN);
  run_all(host);
  host_set(host, NEXT, 0.0F);
  run_all(host);
  assert_string_equal(name_of_model(host), "2.json");
  host_free(host);
}

/// A host may set the ports of a session before it runs, and restore nothing
static void
a_port_that_is_up_at_the_start_is_no_press(void** const state)
{
  (void)state;
  Host* const host = new_untouched_host(usual);
  host_set(host, NEXT, 1.0F);
  run_all(host);
  assert_string_equal(name_of_model(host), "tweed.json");
  host_set(host, NEXT, 0.0F);
  run_all(host);
  check_step(host, NEXT, "boosted.json");
  host_free(host);
}

/// Make a folder of 20 models, the last one broken, and play the third
static Host*
new_host_in_large_folder(const char* const name)
{
  char place[PATH_MAX];
  char path[PATH_MAX];
  make_folder(name, place);
  for (uint32_t i = 1; i <= 20; ++i) {
    char file[32];
    (void)snprintf(file, sizeof(file), "%u.json", i);
    put_file(place, file, i == 20 ? NULL : model_a, path);
  }
  Host* const host = new_host(usual);
  choose_in(host, place, "3.json");
  return host;
}

static void
ten_fast_presses_are_ten_steps(void** const state)
{
  (void)state;
  Host* const host = new_host_in_large_folder("twenty");
  for (uint32_t i = 0; i < 10; ++i) { // Before the worker gets to the first
    press(host, NEXT);
  }
  run_all(host);
  assert_string_equal(name_of_model(host), "13.json");
  for (uint32_t i = 0; i < 10; ++i) { // Ahead of it, and behind it
    press(host, i == 4 ? NEXT : PREVIOUS);
    (void)host_work(host);
  }
  run_all(host);
  assert_string_equal(name_of_model(host), "5.json");
  press(host, NEXT);
  press(host, NEXT);
  press(host, PREVIOUS);
  run_all(host);
  assert_string_equal(name_of_model(host), "6.json");
  host_free(host);
}

static void
steps_go_on_past_a_file_that_fails(void** const state)
{
  (void)state;
  Host* const host = new_host_in_large_folder("with a broken one");
  press(host, PREVIOUS);
  press(host, PREVIOUS);
  press(host, PREVIOUS);
  run_all(host);
  check_equal(host_get(host, "model_status"), 2.0F);
  assert_non_null(strstr(host_told(host, HOST_MESSAGE_URI), "20.json: "));
  assert_string_equal(name_of_model(host), "2.json"); // It plays on
  check_step(host, PREVIOUS, "19.json");
  assert_string_equal(host_told(host, HOST_MESSAGE_URI), "");
  host_free(host);
}

static void
from_a_choice_in_no_folder_steps_go_on_from_what_plays(void** const state)
{
  (void)state;
  Host* const host = new_host_with("1.json");
  host_send_set(host, "/nowhere/model.json");
  run_all(host);
  check_equal(host_get(host, "model_status"), 4.0F);
  check_step(host, NEXT, "2.json");
  assert_string_equal(host_told(host, HOST_MESSAGE_URI), "");
  host_free(host);
}

static void
a_new_choice_cancels_steps_that_wait(void** const state)
{
  (void)state;
  Host* const host = new_host_with("1.json");
  press(host, NEXT);
  press(host, NEXT);
  host_send_set(host, model_b);
  host_run(host, in, out, 64);
  run_all(host);
  assert_string_equal(name_of_model(host), "b.json");
  host_free(host);
}

static void
steps_start_from_a_choice_that_is_under_way(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  Host* const host = new_host(usual);
  (void)snprintf(path, sizeof(path), "%.3000s/2.json", folder);
  host_send_set(host, path);
  host_run(host, in, out, 64);
  press(host, NEXT);
  run_all(host);
  assert_string_equal(name_of_model(host), "10.json");
  host_free(host);
}

static void
a_file_that_was_deleted_counts_by_where_it_was(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  put_file(folder, "3.json", model_b, path);
  Host* const host = new_host_with("3.json");
  assert_int_equal(unlink(path), 0);
  check_step(host, NEXT, "10.json");
  host_free(host);
}

static void
without_another_model_nothing_changes_and_a_message_says_so(void** const state)
{
  (void)state;
  char place[PATH_MAX];
  char path[PATH_MAX];
  make_folder("lonely", place);
  put_file(place, "b.json", twin_of_b, path);
  Host* const host = new_host(usual);
  choose_in(host, place, "b.json");
  press(host, NEXT);
  run_all(host);
  assert_string_equal(host_told(host, HOST_MESSAGE_URI) + strlen(place),
                      ": there is no other model in this folder");
  check_equal(host_get(host, "model_status"), 1.0F);
  check_plays(host, model_b);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(rmdir(place), 0);
  press(host, NEXT);
  run_all(host);
  assert_non_null(strstr(host_told(host, HOST_MESSAGE_URI), "the folder doesn't exist"));
  check_equal(host_get(host, "model_status"), 1.0F);
  host_send_set(host, model_a);
  run_all(host);
  assert_string_equal(host_told(host, HOST_MESSAGE_URI), "");
  host_free(host);
}

/// grus-train --install makes a folder for each
static void
installed_presets_are_stepped_through_too(void** const state)
{
  (void)state;
  static const char* const bundles[] = {"grus-a.lv2", "grus-b.lv2", "other.lv2", "grus-c"};
  char place[PATH_MAX];
  char path[PATH_MAX];
  char bundle[PATH_MAX];
  make_folder("lv2", place);
  (void)snprintf(bundle, sizeof(bundle), "%.3000s/grus-ab.lv2", place);
  assert_int_equal(mkdir(bundle, 0777), 0); // Without a model
  for (uint32_t i = 0; i < 4; ++i) {
    char name[32];
    (void)snprintf(bundle, sizeof(bundle), "%.3000s/%s", place, bundles[i]);
    assert_int_equal(mkdir(bundle, 0777), 0);
    (void)snprintf(name, sizeof(name), "amp %u.json", i);
    put_file(bundle, name, i % 2 ? model_b : model_a, path);
  }
  (void)snprintf(bundle, sizeof(bundle), "%.3000s/%s", place, bundles[0]);
  Host* const host = new_host(usual);
  choose_in(host, bundle, "amp 0.json");
  check_step(host, NEXT, "amp 1.json");
  check_step(host, NEXT, "amp 0.json");
  check_step(host, PREVIOUS, "amp 1.json");
  host_free(host);
}

/// Save a session whose trigger was up
static LilvState*
save_pressed(char place[PATH_MAX])
{
  Host* const host = new_host_with("1.json");
  host_set(host, NEXT, 1.0F);
  LilvState* const saved = host_save_state(host, place);
  assert_non_null(saved);
  host_free(host);
  return saved;
}

/// Hosts set the ports before they run, or a little after the plugin was restored
static void
a_session_that_was_saved_pressed_does_not_step(void** const state)
{
  (void)state;
  char place[PATH_MAX];
  make_folder("pressed", place);
  LilvState* const saved = save_pressed(place);
  for (uint32_t way = 0; way < 4; ++way) {
    Host* const host = way == 3 ? new_host_with("2.json") : new_untouched_host(usual);
    if (way == 1) {
      host_run(host, in, out, 2); // As Carla does
    } else if (way == 2) {
      host_deactivate(host);
    }
    host_restore(host, saved);
    if (way == 3) {
      host_set(host, NEXT, 0.0F);
      host_run(host, in, out, 1024);
      host_set(host, NEXT, 1.0F);
    } else if (way == 2) {
      host_restart(host);
    }
    check_equal(host_get(host, NEXT), 1.0F);
    for (uint32_t i = 0; i < 10; ++i) {
      run_all(host);
    }
    assert_string_equal(name_of_model(host), "1.json");
    host_set(host, NEXT, 0.0F); // Then a press counts
    for (uint32_t i = 0; i < DEAF_FRAMES; i += 64) {
      host_run(host, in, out, 64);
    }
    check_step(host, NEXT, "2.json");
    host_free(host);
  }
  lilv_state_free(saved);
}

static void
a_session_cancels_steps_that_wait(void** const state)
{
  (void)state;
  char place[PATH_MAX];
  make_folder("not pressed", place);
  LilvState* const saved = save_pressed(place);
  Host* const host = new_host_with("2.json");
  press(host, NEXT);
  press(host, NEXT);
  host_restore(host, saved);
  run_all(host);
  assert_string_equal(name_of_model(host), "1.json");
  lilv_state_free(saved);
  host_free(host);
}

static void
a_full_queue_delays_a_step(void** const state)
{
  (void)state;
  Host* const host = new_host_with("1.json");
  host_refuse_work(host, true);
  press(host, NEXT);
  press(host, NEXT);
  run_all(host);
  check_equal(host_get(host, "model_status"), 3.0F);
  host_refuse_work(host, false);
  run_all(host);
  assert_string_equal(name_of_model(host), "10.json");
  host_free(host);
}

/// Some hosts forget what the worker should do when they deactivate the plugin, others don't
static void
a_restart_during_a_step_neither_loses_nor_repeats_it(void** const state)
{
  (void)state;
  for (uint32_t drops = 0; drops < 2; ++drops) {
    Host* const host = new_host_with("1.json");
    press(host, NEXT);
    if (drops) {
      host_drop_work(host);
    }
    host_restart(host);
    run_all(host);
    check_equal(host_get(host, "model_status"), 1.0F);
    assert_string_equal(name_of_model(host), "2.json");
    host_free(host);
  }
}

static void
a_host_that_works_at_once_steps(void** const state)
{
  (void)state;
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .works_at_once = true});
  choose_in(host, folder, "1.json");
  check_step(host, NEXT, "2.json");
  host_free(host);
}

static void
a_host_without_a_worker_is_told_why_nothing_changes(void** const state)
{
  (void)state;
  Host* const host = new_untouched_host((HostOptions){.sample_rate = RATE, .has_no_worker = true});
  host_run(host, in, out, 64);
  press(host, NEXT);
  check_equal(host_get(host, "model_status"), 1.0F);
  assert_non_null(strstr(host_told(host, HOST_MESSAGE_URI), "no worker"));
  host_free(host);
}

/// Qtractor sets the ports of both of its mono plugins, and gives both the work of each
static void
twins_step_once_each(void** const state)
{
  (void)state;
  Host* const twins[] = {new_host_with("1.json"), new_host_with("1.json")};
  host_make_twins(twins[0], twins[1]);
  for (uint32_t i = 0; i < 100; ++i) {
    for (uint32_t k = 0; k < 2; ++k) {
      host_set(twins[k], NEXT, i == 1 ? 1.0F : 0.0F);
      host_run(twins[k], in, out, 64);
      (void)host_work(twins[k]);
    }
  }
  assert_string_equal(name_of_model(twins[0]), "2.json");
  assert_string_equal(name_of_model(twins[1]), "2.json");
  host_free(twins[0]);
  host_free(twins[1]);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steps_go_through_the_folder_and_around),
      cmocka_unit_test(a_model_reached_by_steps_plays_and_is_saved),
      cmocka_unit_test(a_step_leaves_no_click),
      cmocka_unit_test(a_press_is_one_step_however_long_it_is_held),
      cmocka_unit_test(a_port_that_is_up_at_the_start_is_no_press),
      cmocka_unit_test(ten_fast_presses_are_ten_steps),
      cmocka_unit_test(steps_go_on_past_a_file_that_fails),
      cmocka_unit_test(from_a_choice_in_no_folder_steps_go_on_from_what_plays),
      cmocka_unit_test(a_new_choice_cancels_steps_that_wait),
      cmocka_unit_test(steps_start_from_a_choice_that_is_under_way),
      cmocka_unit_test(a_file_that_was_deleted_counts_by_where_it_was),
      cmocka_unit_test(without_another_model_nothing_changes_and_a_message_says_so),
      cmocka_unit_test(installed_presets_are_stepped_through_too),
      cmocka_unit_test(a_session_that_was_saved_pressed_does_not_step),
      cmocka_unit_test(a_session_cancels_steps_that_wait),
      cmocka_unit_test(a_full_queue_delays_a_step),
      cmocka_unit_test(a_restart_during_a_step_neither_loses_nor_repeats_it),
      cmocka_unit_test(a_host_that_works_at_once_steps),
      cmocka_unit_test(a_host_without_a_worker_is_told_why_nothing_changes),
      cmocka_unit_test(twins_step_once_each),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

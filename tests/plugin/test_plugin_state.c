// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What sessions and presets save, and where a session finds its model again.

#include "tests/plugin/host_rig.h"
#include "tests/plugin/host_store.h"

#include "tests/checks.h"

#include <lv2/atom/atom.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void
a_state_brings_the_model_and_the_ports_back(void** const state)
{
  (void)state;
  const EngineControls controls = levels(5.0F, -6.0F);
  char folder[PATH_MAX];
  fixture_path("saved", folder);
  (void)mkdir(folder, 0777);
  Host* const first = new_host(usual);
  choose(first, model_b);
  host_set(first, "input_level", 5.0F);
  host_set(first, "output_level", -6.0F);
  LilvState* const saved = host_save_state(first, folder);
  assert_non_null(saved);
  lilv_state_free(saved);
  host_free(first);
  Host* const second = new_host(usual);
  LilvState* const loaded = host_load_state(second, folder);
  assert_non_null(loaded);
  host_restore(second, loaded);
  lilv_state_free(loaded);
  host_restart(second);
  host_run_blocks(second, in, out, n_frames, 64);
  play_engine(model_b, &controls, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(second);
}

/// Carla keeps texts without their terminator
static void
texts_without_terminator_bring_the_model_back(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, model_b);
  assert_int_equal(host_carry_over(first, second, false), LV2_STATE_SUCCESS);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
}

/// The cabinet's parameter had another name once
static void
old_sessions_bring_their_cabinet_back(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  write_cabinet("old.wav", 0.5F, path);
  choose_as(first, HOST_OLD_CABINET_URI, path); // Messages, too
  check_equal(host_get(first, "cabinet_status"), 1.0F);
  assert_int_equal(host_carry_over(first, second, true), LV2_STATE_SUCCESS);
  host_restart(second);
  host_run(second, in, out, 256);
  check_equal(host_get(second, "cabinet_status"), 1.0F);
  host_send_get(second);
  host_run(second, in, out, 256);
  assert_string_equal(host_take_announced_cabinet(second), path);
  host_free(first);
  host_free(second);
}

/// Play a soft tone after a session was opened, and return its power
static double
play_softly(Host* const host)
{
  fixture_sine(in, n_frames, 220.0, 0.01, RATE);
  host_restart(host);
  for (uint32_t i = 0; i < 3; ++i) { // Until the gate has closed
    host_run_blocks(host, in, out, n_frames, 64);
  }
  fixture_guitar(in, n_frames, 5);
  return power_of(out, n_frames);
}

/// The gate was off at the top of its range, at 0 dBFS, which some hosts clamp to today's top
static void
the_gate_of_old_sessions_stays_off(void** const state)
{
  (void)state;
  static const float values[] = {0.0F, -20.0F};
  Host* const first = new_host(usual);
  choose(first, model_b);
  host_set(first, "gate", -20.0F);
  check_below(play_softly(first), 1e-12);
  for (size_t i = 0; i < 2; ++i) {
    Host* const second = new_host(usual);
    Host* const third = new_host(usual);
    host_set(second, "gate", values[i]);
    host_set(third, "gate", values[i]);
    assert_int_equal(host_carry_over(first, second, true), LV2_STATE_SUCCESS);
    check_above(play_softly(second), 1e-8);
    assert_int_equal(host_carry_over(second, third, false), LV2_STATE_SUCCESS); // Saved again
    check_above(play_softly(third), 1e-8);
    host_set(third, "gate", -21.0F);
    check_below(play_softly(third), 1e-12);
    assert_int_equal(host_carry_over(first, third, false), LV2_STATE_SUCCESS);
    host_set(third, "gate", -20.0F);
    check_below(play_softly(third), 1e-12);
    host_free(second);
    host_free(third);
  }
  host_free(first);
}

static void
a_state_with_a_named_pipe_is_refused_without_waiting(void** const state)
{
  (void)state;
  char pipe[PATH_MAX];
  char value[PATH_MAX + 64];
  fixture_path("pipe.json", pipe);
  assert_int_equal(mkfifo(pipe, 0600), 0);
  (void)snprintf(value, sizeof(value), "\"%s\"^^<" LV2_ATOM__Path ">", pipe);
  Host* const host = new_host(usual);
  LilvState* const bad = host_state_with(host, value);
  assert_non_null(bad);
  host_restore(host, bad);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), 2.0F);
  assert_non_null(strstr(host_take_log(host), "is a named pipe (FIFO); expected a model (JSON)"));
  lilv_state_free(bad);
  host_free(host);
}

static void
a_state_of_another_kind_changes_nothing(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  LilvState* const odd = host_state_with(host, "\"a text, no path\"");
  assert_non_null(odd);
  host_restore(host, odd);
  lilv_state_free(odd);
  host_restart(host);
  check_equal(host_get(host, "model_status"), 1.0F);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(host);
}

/// A session that a later Grus made loses nothing when this one opens and saves it
static void
what_a_state_holds_is_kept_though_it_can_not_be_played(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  char folder[PATH_MAX];
  char value[PATH_MAX + 64];
  fixture_path("later.json", bad);
  fixture_write_text(bad, "{\"layers\":[");
  fixture_path("of a later Grus", folder);
  assert_int_equal(mkdir(folder, 0777), 0);
  (void)snprintf(value, sizeof(value), "\"%s\"^^<" LV2_ATOM__Path ">", bad);
  Host* const host = new_host(usual);
  LilvState* const later = host_state_with(host, value);
  assert_non_null(later);
  host_restore(host, later);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), 2.0F);
  LilvState* const saved = host_save_state(host, folder);
  assert_true(host_state_has(host, saved, HOST_MODEL_URI "#hash"));
  assert_true(host_state_has(host, saved, HOST_MODEL_URI "#copy"));
  lilv_state_free(saved);
  lilv_state_free(later);
  host_free(host);
}

/// A choice that can't be loaded takes nothing from the session: not the model that is heard, and
/// not the choice
static void
a_state_keeps_what_is_heard_and_the_failed_choice_beside_it(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  char folder[PATH_MAX];
  fixture_path("broken.json", bad);
  fixture_write_text(bad, "{\"layers\":[");
  Host* host = new_host(usual);
  choose(host, model_b);
  choose(host, bad);
  check_equal(host_get(host, "model_status"), 2.0F);
  for (uint32_t i = 0; i < 2; ++i) { // What is kept beside it survives the next session, too
    fixture_path(i ? "heard again" : "heard", folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    lilv_state_free(host_save_state(host, folder));
    host_free(host);
    host = new_host(usual);
    LilvState* const loaded = host_load_state(host, folder);
    assert_non_null(strstr(host_state_path(host, loaded, HOST_MODEL_URI), "b.json"));
    assert_true(host_state_has(host, loaded, HOST_MODEL_WISH_URI));
    host_restore(host, loaded);
    lilv_state_free(loaded);
    check_plays(host, twin_of_b);
  }
  host_free(host);
}

/// The same for the cabinet, and for one that was taken away
static void
a_state_keeps_the_cabinet_that_is_heard(void** const state)
{
  (void)state;
  static const bool has_cabinet[] = {true, false};
  char good[PATH_MAX];
  char bad[PATH_MAX];
  write_cabinet("heard.wav", 0.25F, good);
  fixture_path("broken.wav", bad);
  fixture_write_text(bad, "RIFF");
  for (size_t i = 0; i < 2; ++i) {
    Host* const first = new_host(usual);
    Host* const second = new_host(usual);
    choose_cabinet(first, good);
    choose_cabinet(first, has_cabinet[i] ? good : "");
    choose_cabinet(first, bad);
    check_equal(host_get(first, "cabinet_status"), 2.0F);
    assert_int_equal(host_carry_over(first, second, false), LV2_STATE_SUCCESS);
    host_restart(second);
    host_send_get(second);
    host_run(second, in, out, 256);
    check_equal(host_get(second, "cabinet_status"), has_cabinet[i] ? 1.0F : 0.0F);
    assert_string_equal(host_take_announced_cabinet(second), has_cabinet[i] ? good : "");
    host_free(first);
    host_free(second);
  }
}

static void
a_state_restored_while_playing_leaves_no_click(void** const state)
{
  (void)state;
  char folder[PATH_MAX];
  fixture_path("playing", folder);
  (void)mkdir(folder, 0777);
  Host* const host = new_host(usual);
  choose(host, model_b);
  LilvState* const saved = host_save_state(host, folder);
  choose(host, model_a);
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  host_run_blocks(host, in, out, n_frames / 2, 64);
  host_restore(host, saved);
  host_run_blocks(host, in + n_frames / 2, out + n_frames / 2, n_frames / 2, 64);
  float* const a = (float*)calloc(n_frames, sizeof(float));
  play_engine(model_a, &flat, a);
  play_engine(model_b, &flat, expected);
  check_at_most(
      fixture_largest_step(out, n_frames),
      1.1 * fmax(fixture_largest_step(a, n_frames), fixture_largest_step(expected, n_frames)));
  fixture_guitar(in, n_frames, 5);
  lilv_state_free(saved);
  host_free(host);
  free(a);
}

/// Move a file away during a test, or back
static void
hide_file(const char* const path, const bool hides)
{
  char hidden[PATH_MAX + 8];
  (void)snprintf(hidden, sizeof(hidden), "%s.hidden", path);
  assert_int_equal(hides ? rename(path, hidden) : rename(hidden, path), 0);
}

/// Delete all but the text of a saved session, so that only the copy inside is left
static void
strip_session(const char* const folder)
{
  char command[PATH_MAX + 64];
  (void)snprintf(command, sizeof(command), "find '%s' ! -type d ! -name '*.ttl' -delete", folder);
  assert_int_equal(system(command), 0);
}

/// Save a session with model b, and return its folder
static void
save_session(const char* const name, char folder[PATH_MAX])
{
  fixture_path(name, folder);
  assert_int_equal(mkdir(folder, 0777), 0);
  Host* const host = new_host(usual);
  choose(host, model_b);
  LilvState* const saved = host_save_state(host, folder);
  assert_non_null(saved);
  lilv_state_free(saved);
  host_free(host);
}

/// Open a session and check that it sounds like model b; return what the log says
static const char*
check_session(const char* const folder, char log[8192])
{
  Host* const host = new_host(usual);
  LilvState* const loaded = host_load_state(host, folder);
  assert_non_null(loaded);
  (void)host_take_log(host);
  host_restore(host, loaded);
  (void)snprintf(log, 8192, "%s", host_take_log(host));
  lilv_state_free(loaded);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(twin_of_b, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  check_equal(host_get(host, "model_status"), 1.0F);
  host_free(host);
  return log;
}

static void
a_session_finds_its_model_wherever_it_is(void** const state)
{
  (void)state;
  char folder[PATH_MAX];
  char moved[PATH_MAX];
  char log[8192];
  save_session("session", folder);
  assert_non_null(strstr(check_session(folder, log), "from where it was chosen"));
  fixture_path("moved session", moved);
  assert_int_equal(rename(folder, moved), 0);
  strip_session(moved);
  hide_file(model_b, true);
  write_model("b.json", CELL_GRU_RESET_BEFORE, 99, model_b); // Another model under the same name
  Host* const host = new_host(usual);
  LilvState* const loaded = host_load_state(host, moved);
  host_restore(host, loaded);
  assert_non_null(strstr(host_take_log(host), "from the copy in the session"));
  lilv_state_free(loaded);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  hide_file(model_b, false);
  play_engine(model_b, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(host);
}

/// Move a saved session elsewhere
static void
move_session(char folder[PATH_MAX], const char* const name)
{
  char moved[PATH_MAX];
  fixture_path(name, moved);
  assert_int_equal(rename(folder, moved), 0);
  memcpy(folder, moved, PATH_MAX);
}

/// Lilv puts a link to the model into the session; other hosts, and archivers, put the file there
static void
put_file_for_link(const char* const folder)
{
  char command[3 * PATH_MAX];
  (void)snprintf(command, sizeof(command), "cp --remove-destination '%s' '%s/b.json'", twin_of_b,
                 folder);
  assert_int_equal(system(command), 0);
}

static void
a_moved_session_brings_its_own_file(void** const state)
{
  (void)state;
  char folder[PATH_MAX];
  char log[8192];
  save_session("with its file", folder);
  move_session(folder, "moved with its file");
  hide_file(model_b, true);
  put_file_for_link(folder);
  const char* const said = strstr(check_session(folder, log), "from the session");
  hide_file(model_b, false);
  assert_non_null(said);
}

/// A session whose files are all lost keeps its copy, however often it is saved
static void
a_session_without_any_file_can_be_saved_again(void** const state)
{
  (void)state;
  char folder[PATH_MAX];
  char log[8192];
  save_session("first", folder);
  hide_file(model_b, true);
  for (uint32_t i = 0; i < 2; ++i) {
    move_session(folder, i ? "second moved" : "first moved");
    strip_session(folder);
    Host* const host = new_host(usual);
    LilvState* const loaded = host_load_state(host, folder);
    host_restore(host, loaded);
    lilv_state_free(loaded);
    run_and_work(host, 0, 640);
    assert_non_null(strstr(host_take_log(host), "from the copy in the session"));
    fixture_path(i ? "third" : "second", folder);
    assert_int_equal(mkdir(folder, 0777), 0);
    lilv_state_free(host_save_state(host, folder));
    host_free(host);
  }
  hide_file(model_b, false);
  assert_non_null(check_session(folder, log));
}

static void
factory_presets_are_listed_and_load(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  host_run_blocks(host, in, expected, n_frames, 64);
  restore_preset(host, "Crunch (two 12AX7)");
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  check_above(fixture_difference(out, expected, n_frames), 0.01);
  check_above(power_of(out, n_frames), 1e-4);
  host_free(host);
}

/// The next preset turns back what one has turned
static void
a_preset_leaves_nothing_of_the_one_before(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  restore_preset(host, "Lead (2203 style)");
  check_equal(host_get(host, "gate"), -60.0F);
  restore_preset(host, "Clean (12AX7)");
  check_equal(host_get(host, "gate"), -90.0F);
  check_equal(host_get(host, "output_level"), 0.0F);
  restore_preset(host, "Drive (TS-9 style)");
  check_equal(host_get(host, "output_level"), 0.0F);
  host_free(host);
}

/// Return the cabinet's file name that the plugin announces, "" if there is none
static const char*
cabinet_of(Host* const host)
{
  host_send_get(host);
  host_run(host, in, out, 64);
  const char* const path = host_take_announced_cabinet(host);
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/// An amplifier comes with a loudspeaker, a pedal without
static void
factory_presets_bring_their_cabinet(void** const state)
{
  (void)state;
  static const char* const presets[][2] = {
      {"Lead (2203 style)", "4x12-closed.wav"},
      {"Drive (TS-9 style)", ""},
      {"Clean (12AX7)", "2x12-open.wav"},
      {"Tweed (whole amplifier)", "1x12-open.wav"},
      {"Power (class AB)", ""},
  };
  Host* const host = new_untouched_host(usual);
  assert_string_equal(cabinet_of(host), "1x12-open.wav");
  for (size_t i = 0; i < sizeof(presets) / sizeof(presets[0]); ++i) {
    restore_preset(host, presets[i][0]);
    host_restart(host);
    assert_string_equal(cabinet_of(host), presets[i][1]);
    check_equal(host_get(host, "cabinet_status"), presets[i][1][0] ? 1.0F : 0.0F);
  }
  host_free(host);
}

/// A preset that doesn't speak of a cabinet, as grus-train writes them, leaves the one that was
/// chosen, but not the one that was there at the start
static void
users_presets_leave_a_chosen_cabinet(void** const state)
{
  (void)state;
  char value[PATH_MAX + 64];
  char cabinet[PATH_MAX];
  write_cabinet("chosen.wav", 0.5F, cabinet);
  (void)snprintf(value, sizeof(value), "\"%s\"^^<" LV2_ATOM__Path ">", model_b);
  for (uint32_t is_chosen = 0; is_chosen < 2; ++is_chosen) {
    Host* const host = new_untouched_host(usual);
    LilvState* const preset = host_state_with(host, value);
    if (is_chosen) {
      choose_cabinet(host, cabinet);
    }
    host_restore(host, preset);
    host_restart(host);
    assert_string_equal(cabinet_of(host), is_chosen ? "chosen.wav" : "");
    host_restore(host, preset);
    host_restart(host);
    assert_string_equal(cabinet_of(host), is_chosen ? "chosen.wav" : "");
    lilv_state_free(preset);
    host_free(host);
  }
}

/// A session knows whether the player chose the cabinet, which then takes the place of a rig's own
static void
a_session_leaves_a_rig_as_it_was_heard(void** const state)
{
  (void)state;
  char rig[PATH_MAX];
  char cabinet[PATH_MAX];
  write_rig("rig.json", 32, rig);
  write_cabinet("own.wav", 0.5F, cabinet);
  for (uint32_t is_chosen = 0; is_chosen < 2; ++is_chosen) {
    Host* const first = new_untouched_host(usual);
    Host* const second = new_untouched_host(usual);
    Host* const third = new_untouched_host(usual);
    choose(first, rig);
    if (is_chosen) {
      choose_cabinet(first, cabinet);
    }
    assert_int_equal(host_carry_over(first, second, false), LV2_STATE_SUCCESS);
    assert_int_equal(host_carry_over(second, third, false), LV2_STATE_SUCCESS);
    host_restart(third);
    host_run(third, in, out, 64);
    check_equal(host_get(third, "cabinet_heard"), is_chosen ? 2.0F : 1.0F);
    assert_string_equal(cabinet_of(third), is_chosen ? "own.wav" : "1x12-open.wav");
    choose(third, model_a);
    check_equal(host_get(third, "cabinet_heard"), 2.0F);
    host_free(first);
    host_free(second);
    host_free(third);
  }
}

/// Its cabinet is not one that the player chose for a rig
static void
a_rig_after_a_factory_preset_plays_as_captured(void** const state)
{
  (void)state;
  char rig[PATH_MAX];
  write_rig("rig.json", 33, rig);
  Host* const host = new_host(usual);
  restore_preset(host, "Lead (2203 style)");
  host_run(host, in, out, 64);
  check_equal(host_get(host, "cabinet_heard"), 2.0F);
  choose(host, rig);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "cabinet_heard"), 1.0F);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_state_brings_the_model_and_the_ports_back),
      cmocka_unit_test(texts_without_terminator_bring_the_model_back),
      cmocka_unit_test(old_sessions_bring_their_cabinet_back),
      cmocka_unit_test(the_gate_of_old_sessions_stays_off),
      cmocka_unit_test(a_state_of_another_kind_changes_nothing),
      cmocka_unit_test(a_state_with_a_named_pipe_is_refused_without_waiting),
      cmocka_unit_test(what_a_state_holds_is_kept_though_it_can_not_be_played),
      cmocka_unit_test(a_state_keeps_what_is_heard_and_the_failed_choice_beside_it),
      cmocka_unit_test(a_state_keeps_the_cabinet_that_is_heard),
      cmocka_unit_test(a_state_restored_while_playing_leaves_no_click),
      cmocka_unit_test(a_session_finds_its_model_wherever_it_is),
      cmocka_unit_test(a_moved_session_brings_its_own_file),
      cmocka_unit_test(a_session_without_any_file_can_be_saved_again),
      cmocka_unit_test(factory_presets_are_listed_and_load),
      cmocka_unit_test(factory_presets_bring_their_cabinet),
      cmocka_unit_test(users_presets_leave_a_chosen_cabinet),
      cmocka_unit_test(a_preset_leaves_nothing_of_the_one_before),
      cmocka_unit_test(a_session_leaves_a_rig_as_it_was_heard),
      cmocka_unit_test(a_rig_after_a_factory_preset_plays_as_captured),
  };
  return cmocka_run_group_tests(tests, host_rig_set_up, NULL);
}

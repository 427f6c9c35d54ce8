// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the parameter for the rate of models do what the same rate in the file does, and only for
// files that have none? Do messages, sessions and presets carry it?

#include "tests/plugin/host_rig.h"
#include "tests/plugin/host_store.h"

#include "core/decibel.h"
#include "tests/checks.h"

#include <lv2/atom/atom.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char silent[PATH_MAX]; ///< A GuitarML model that says no rate
static char for_44[PATH_MAX]; ///< The same, which says 44100 Hz
static char for_48[PATH_MAX]; ///< Which says 48000 Hz

static int
set_up(void** const state)
{
  const int failed = host_rig_set_up(state);
  fixture_path("silent.json", silent);
  fixture_path("for44.json", for_44);
  fixture_path("for48.json", for_48);
  fixture_write_guitarml(silent, 0.0);
  fixture_write_guitarml(for_44, 44100.0);
  fixture_write_guitarml(for_48, 48000.0);
  return failed;
}

/// Set the rate as most hosts do, and let the change finish
static void
give_rate(Host* const host, const double rate)
{
  host_send_set_rate(host, LV2_ATOM__Float, rate);
  run_and_work(host, 0, 640);
  host_restart(host);
}

static void
a_model_without_a_rate_plays_as_if_it_had_the_given_one(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, silent);
  assert_non_null(strstr(host_take_log(host),
                         "silent.json: gives no sample rate, 44100 Hz is "
                         "assumed; the parameter \"Model rate\" sets another"));
  check_plays(host, for_44);
  give_rate(host, 48000.0);
  assert_non_null(strstr(host_take_log(host), "silent.json: gives no sample rate, 48000 Hz is "
                                              "taken from the parameter \"Model rate\""));
  check_plays(host, for_48);
  give_rate(host, 0.0);
  check_plays(host, for_44);
  host_send_put_rate(host, silent, 48000.0);
  run_and_work(host, 0, 640);
  check_plays(host, for_48);
  host_free(host);
}

static void
a_rate_in_the_file_counts_more(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  give_rate(host, 96000.0);
  choose(host, for_48);
  assert_non_null(strstr(host_take_log(host), "for48.json: is for 48000 Hz, as it says; 96000 Hz "
                                              "from the parameter \"Model rate\" is ignored"));
  check_plays(host, for_48);
  give_rate(host, 88200.0);
  check_plays(host, for_48);
  host_free(host);
}

static void
the_rate_changes_without_a_click(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  float* const a = (float*)calloc(n_frames, sizeof(float));
  const uint32_t part = n_frames / 4 / 64 * 64;
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  choose(host, silent);
  run_and_work(host, 0, part);
  host_send_set_rate(host, LV2_ATOM__Float, 48000.0);
  run_and_work(host, part, part);
  host_send_set_rate(host, LV2_ATOM__Float, 0.0);
  run_and_work(host, 2 * part, 2 * part);
  assert_int_equal(host_work(host), 0); // It is not requested over and over
  play_engine(for_44, &flat, a);
  play_engine(for_48, &flat, expected);
  check_at_most(
      fixture_largest_step(out, 4 * part),
      1.1 * fmax(fixture_largest_step(a, n_frames), fixture_largest_step(expected, n_frames)));
  fixture_guitar(in, n_frames, 5);
  host_free(host);
  free(a);
}

/// The loudness depends on the rate, and is measured again
static void
the_rate_leaves_the_matched_level(void** const state)
{
  (void)state;
  Host* const early = new_host(usual);
  Host* const late = new_host(usual);
  host_set(early, "level_match", 1.0F);
  host_set(late, "level_match", 1.0F);
  give_rate(early, 16000.0);
  choose(early, silent);
  choose(late, silent);
  give_rate(late, 16000.0);
  host_run_blocks(early, in, expected, n_frames, 64);
  host_run_blocks(late, in, out, n_frames, 64);
  check_above(power_of(expected, n_frames), 1e-6);
  check_near(decibel_of_power(power_of(out, n_frames) / power_of(expected, n_frames)), 0.0, 0.01);
  host_free(early);
  host_free(late);
}

static void
any_number_is_a_rate_if_it_can_be_one(void** const state)
{
  (void)state;
  static const char* const types[] = {LV2_ATOM__Float, LV2_ATOM__Double, LV2_ATOM__Int,
                                      LV2_ATOM__Long};
  static const double bad[] = {-1.0, 48.0, 7999.0, 768001.0, (double)NAN, (double)INFINITY};
  Host* const host = new_host(usual);
  for (size_t i = 0; i < 4; ++i) {
    host_send_set_rate(host, types[i], 88200.0 + (double)i);
    run_and_work(host, 0, 128);
    check_equal(host_take_announced_rate(host), -1.0F); // The host knows it
    host_send_get_rate(host);
    run_and_work(host, 0, 128);
    check_equal(host_take_announced_rate(host), (float)(88200.0 + (double)i));
  }
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    host_send_set_rate(host, LV2_ATOM__Float, bad[i]);
    run_and_work(host, 0, 128);
    check_equal(host_take_announced_rate(host), 88203.0F); // The host is told what it is
  }
  host_send_set_rate(host, LV2_ATOM__Bool, 1.0);
  run_and_work(host, 0, 128);
  check_equal(host_take_announced_rate(host), 88203.0F);
  host_send_get(host);
  run_and_work(host, 0, 128);
  check_equal(host_take_announced_rate(host), 88203.0F);
  host_free(host);
}

/// Restore what a store has into a new host, which must play a model and announce a rate; -1: none
static void
check_restored(HostStore* const store, const char* const path, const float rate)
{
  Host* const host = new_host(usual);
  assert_int_equal(host_store_restore(store, host), LV2_STATE_SUCCESS);
  run_and_work(host, 0, 640);
  check_equal(host_take_announced_rate(host), rate);
  check_plays(host, path);
  host_free(host);
}

static void
a_session_keeps_the_rate(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  choose(first, silent);
  for (uint32_t k = 0; k < 4; ++k) {
    HostStore* const store =
        host_store_new((StoreOptions){.drops_terminators = k == 1, .drops_types = k == 2});
    give_rate(first, k == 3 ? 0.0 : 48000.0);
    assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
    check_restored(store, k == 3 ? for_44 : for_48, k == 3 ? -1.0F : 48000.0F);
    host_store_free(store);
  }
  host_free(first);
}

static void
a_session_kept_as_text_keeps_the_rate(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, silent);
  give_rate(first, 48000.0);
  char* const text = host_save_text(first, NULL);
  host_restore_text(second, text, NULL);
  check_plays(second, for_48);
  free(text);
  host_free(first);
  host_free(second);
}

/// A preset that a person writes has a whole number or a decimal one
static void
a_preset_brings_its_rate_and_leaves_none_behind(void** const state)
{
  (void)state;
  static const char* const numbers[] = {"48000", "48000.0", "4.8e4"};
  char value[PATH_MAX + 128];
  for (size_t i = 0; i < 4; ++i) {
    Host* const host = new_host(usual);
    give_rate(host, i < 3 ? 96000.0 : 48000.0);
    (void)snprintf(value, sizeof(value), "<file://%s>%s%s", silent,
                   i < 3 ? " ; <" HOST_RATE_URI "> " : "", i < 3 ? numbers[i] : "");
    LilvState* const preset = host_state_with(host, value);
    assert_non_null(preset);
    host_restore(host, preset);
    run_and_work(host, 0, 640);
    check_equal(host_take_announced_rate(host), i < 3 ? 48000.0F : 0.0F);
    check_plays(host, i < 3 ? for_48 : for_44);
    lilv_state_free(preset);
    host_free(host);
  }
}

/// Nothing is built twice: neither what plays, nor what takes its place
static void
a_rate_that_comes_with_a_model_is_for_that_model(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, silent);
  (void)host_take_log(host);
  host_send_put_rate(host, for_48, 96000.0);
  run_and_work(host, 0, 640);
  const char* const log = host_take_log(host);
  const char* const first = strstr(log, "for48.json");
  assert_non_null(first);
  assert_null(strstr(first + 1, "for48.json"));
  assert_null(strstr(log, "silent.json"));
  check_plays(host, for_48);
  host_send_put_rate(host, "/nowhere/model.json", 96000.0);
  run_and_work(host, 0, 640);
  host_send_put_rate(host, silent, 48000.0); // After a failed load, too
  run_and_work(host, 0, 640);
  check_plays(host, for_48);
  host_free(host);
}

/// A slider sends many; what plays follows the last one, and little is built in between
static void
many_changes_in_a_row_build_once(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, silent);
  (void)host_take_log(host);
  for (uint32_t i = 0; i < 12; ++i) {
    host_send_set_rate(host, LV2_ATOM__Float, 48000.0 + 100.0 * (11 - i));
    host_run(host, in, out, 64);
  }
  run_and_work(host, 0, 640);
  const char* const first = strstr(host_take_log(host), "silent.json");
  assert_non_null(first);
  assert_null(strstr(first + 1, "silent.json"));
  check_plays(host, for_48);
  host_send_set_rate(host, LV2_ATOM__Float, 96000.0);
  host_run(host, in, out, 64);
  host_send_set_rate(host, LV2_ATOM__Float, 48000.0); // Back before anything was built
  run_and_work(host, 0, 640);
  assert_string_equal(host_take_log(host), "");
  check_plays(host, for_48);
  give_rate(host, 96000.0); // And there again
  assert_non_null(strstr(host_take_log(host), "96000 Hz is taken"));
  give_rate(host, 44100.0);
  check_plays(host, for_44);
  host_free(host);
}

/// On a stereo track, Qtractor gives the messages to the left mono plugin only
static void
qtractor_gives_the_rate_to_both_channels(void** const state)
{
  (void)state;
  Host* const left = new_host(usual);
  Host* const right = new_host(usual);
  host_make_twins(left, right);
  choose(left, silent);
  host_send_set_rate(left, LV2_ATOM__Float, 48000.0);
  for (uint32_t i = 0; i < 8; ++i) {
    run_and_work(left, 0, 128);
    run_and_work(right, 0, 128);
  }
  host_restart(left);
  host_restart(right);
  check_plays(left, for_48);
  check_plays(right, for_48);
  host_free(left);
  host_free(right);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_without_a_rate_plays_as_if_it_had_the_given_one),
      cmocka_unit_test(a_rate_in_the_file_counts_more),
      cmocka_unit_test(the_rate_changes_without_a_click),
      cmocka_unit_test(the_rate_leaves_the_matched_level),
      cmocka_unit_test(any_number_is_a_rate_if_it_can_be_one),
      cmocka_unit_test(a_session_keeps_the_rate),
      cmocka_unit_test(a_session_kept_as_text_keeps_the_rate),
      cmocka_unit_test(a_preset_brings_its_rate_and_leaves_none_behind),
      cmocka_unit_test(a_rate_that_comes_with_a_model_is_for_that_model),
      cmocka_unit_test(many_changes_in_a_row_build_once),
      cmocka_unit_test(qtractor_gives_the_rate_to_both_channels),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The plugin in good hosts and bad ones: its ports, and what it plays.

#include "tests/plugin/host_rig.h"

#include "core/clock.h"
#include "core/format/model_file_io.h"
#include "tests/checks.h"

#include <lv2/core/lv2.h>
#include <lv2/port-groups/port-groups.h>
#include <lv2/units/units.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
every_port_is_found_by_its_symbol(void** const state)
{
  (void)state;
  static const char* const mono[] = {"control", "notify", "in", "out"};
  static const char* const stereo[] = {"control",  "notify",   "in_left",
                                       "out_left", "in_right", "out_right"};
  static const char* const both[] = {
      "input_level",    "knob_1",      "knob_2",          "knob_3",      "knob_4",  "gate",
      "bass",           "middle",      "treble",          "presence",    "cabinet", "cabinet_level",
      "output_level",   "level_match", "interface_level", "quality",     "enabled", "model_status",
      "cabinet_status", "input_peak",  "output_peak",     "guard_trips", "latency", "cabinet_heard",
      "gate_open",      "load",        "model_previous",  "model_next"};
  const uint32_t n_both = sizeof(both) / sizeof(both[0]);
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = k == 1});
    const uint32_t n_own = k ? 6 : 4;
    for (uint32_t i = 0; i < n_own; ++i) {
      assert_int_equal(host_port_index(host, k ? stereo[i] : mono[i]), i);
    }
    for (uint32_t i = 0; i < n_both; ++i) { // Symbols never change
      assert_int_equal(host_port_index(host, both[i]), n_own + i);
    }
    assert_int_equal(lilv_plugin_get_num_ports(host_plugin(host)), n_own + n_both);
    host_free(host);
  }
}

/// Return true if a port says something with this predicate
static bool
port_has(Host* const host, const LilvPort* const port, const char* const predicate)
{
  LilvNode* const node = host_uri(host, predicate);
  LilvNodes* const values = lilv_port_get_value(host_plugin(host), port, node);
  const bool has = lilv_nodes_size(values) > 0;
  lilv_nodes_free(values);
  lilv_node_free(node);
  return has;
}

static bool
port_has_property(Host* const host, const LilvPort* const port, const char* const property)
{
  LilvNode* const node = host_uri(host, property);
  const bool has = lilv_port_has_property(host_plugin(host), port, node);
  lilv_node_free(node);
  return has;
}

/// A choice has names, a default is in its range, and a number has a unit, except switches and
/// knobs from 0 to 1, of which Ardour would make factors
static void
check_control(Host* const host, const LilvPort* const port)
{
  const uint32_t i = lilv_port_get_index(host_plugin(host), port);
  static float least[HOST_MAX_PORTS];
  static float most[HOST_MAX_PORTS];
  static float usually[HOST_MAX_PORTS];
  lilv_plugin_get_port_ranges_float(host_plugin(host), least, most, usually);
  check_below(least[i], most[i]);
  check_at_least(usually[i], least[i]);
  check_at_most(usually[i], most[i]);
  assert_true(port_has(host, port, LV2_PORT_GROUPS__group));
  if (port_has_property(host, port, LV2_CORE__enumeration)) {
    LilvScalePoints* const points = lilv_port_get_scale_points(host_plugin(host), port);
    assert_int_equal(lilv_scale_points_size(points), (uint32_t)(most[i] - least[i]) + 1);
    lilv_scale_points_free(points);
  } else if (!port_has_property(host, port, LV2_CORE__toggled)) {
    const bool is_knob = least[i] == 0.0F && most[i] == 1.0F;
    assert_true(port_has(host, port, LV2_UNITS__unit) != is_knob);
  }
}

static void
every_port_says_what_it_is(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = k == 1});
    LilvNode* const control = host_uri(host, LV2_CORE__ControlPort);
    for (uint32_t i = 0; i < lilv_plugin_get_num_ports(host_plugin(host)); ++i) {
      const LilvPort* const port = lilv_plugin_get_port_by_index(host_plugin(host), i);
      assert_true(port_has(host, port, "http://www.w3.org/2000/01/rdf-schema#comment"));
      if (lilv_port_is_a(host_plugin(host), port, control)) {
        check_control(host, port);
      }
    }
    lilv_node_free(control);
    host_free(host);
  }
}

static void
it_sounds_at_the_first_insertion(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  check_above(power_of(out, n_frames), 1e-3);              // -30 dBFS at least
  check_above(fixture_difference(in, out, n_frames), 0.1); // And not the input
  host_free(host);
}

static void
the_plugin_plays_what_the_engine_plays(void** const state)
{
  (void)state;
  const EngineControls controls = levels(4.0F, -3.0F);
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_set(host, "input_level", 4.0F);
  host_set(host, "output_level", -3.0F);
  host_run_blocks(host, in, out, n_frames, 256);
  play_engine(model_a, &controls, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(host);
}

/// Write a model whose second set, for 44100 Hz, has the weights of model b
static void
write_two_sets(char* const path)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, fixture_size(12), 23);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_BEFORE, fixture_size(12), 22);
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  fixture_skip_loudness(&file);
  fixture_path("two sets.json", path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file); // Frees the weights of the other, too
}

static void
a_session_at_another_rate_plays_the_set_for_it(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  write_two_sets(path);
  Host* host = new_host((HostOptions){.sample_rate = 44100.0});
  (void)host_take_log(host); // About the factory model
  choose(host, path);
  assert_non_null(strstr(host_take_log(host), "uses its weights for 44100 Hz"));
  host_run_blocks(host, in, out, n_frames, 256);
  host_free(host);
  play_engine(model_b, &flat,
              expected); // The same weights at their own rate; the DC blocker differs
  check_at_most(fixture_difference(out, expected, n_frames), 1e-3);
  host = new_host((HostOptions){.sample_rate = 44100.0});
  choose(host, model_b);
  assert_non_null(strstr(host_take_log(host), "made for 48000 Hz, resampled for 44100 Hz"));
  host_run_blocks(host, in, out, n_frames, 256);
  check_above(host_get(host, "latency"), 0.0F);
  host_free(host);
}

static void
any_block_size_from_0_to_8192_gives_the_same_samples(void** const state)
{
  (void)state;
  static const uint32_t blocks[] = {1, 7, 64, 100, 1024, 4096, 8192};
  play_engine(model_a, &flat, expected);
  for (size_t b = 0; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
    Host* const host = new_host(usual);
    choose(host, model_a);
    for (uint32_t i = 0; i < n_frames; i += blocks[b]) {
      host_run(host, in + i, out + i, 0);
      host_run(host, in + i, out + i, n_frames - i < blocks[b] ? n_frames - i : blocks[b]);
    }
    check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
    host_free(host);
  }
}

static void
in_place_buffers_give_the_same_samples(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_b);
  play_engine(model_b, &flat, expected);
  memcpy(out, in, n_frames * sizeof(float));
  host_run_blocks(host, out, out, n_frames, 128);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(host);
}

static void
any_port_may_be_connected_to_nothing(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  for (uint32_t port = 0; port < lilv_plugin_get_num_ports(host_plugin(host)); ++port) {
    host_connect(host, port, false);
    host_send_get(host);
    host_run_blocks(host, in, out, n_frames, 512);
    host_connect(host, port, true);
    host_run(host, in, out, 64);
    check_below(power_of(out, 64), 100.0); // Finite
  }
  for (uint32_t port = 0; port < lilv_plugin_get_num_ports(host_plugin(host)); ++port) {
    host_connect(host, port, false);
  }
  host_run(host, in, out, 64);
  host_connect(host, host_port_index(host, "out"), true);
  host_run_blocks(host, in, out, n_frames, 512); // Silence in: silence out
  check_below(power_of(out + n_frames / 2, n_frames / 2), 1e-6);
  host_free(host);
}

static void
stereo_plays_each_channel_as_mono_does(void** const state)
{
  (void)state;
  float* const right = (float*)calloc(n_frames, sizeof(float));
  float* const out_right = (float*)calloc(n_frames, sizeof(float));
  float* const expected_right = (float*)calloc(n_frames, sizeof(float));
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = true});
  choose(host, model_a);
  fixture_sine(right, n_frames, 330.0, 0.4, RATE);
  for (uint32_t i = 0; i < n_frames; i += 64) {
    host_run_channels(host, (const float* const[]){in + i, right + i},
                      (float* const[]){out + i, out_right + i},
                      n_frames - i < 64 ? n_frames - i : 64);
  }
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  memcpy(expected_right, in, n_frames * sizeof(float));
  memcpy(in, right, n_frames * sizeof(float));
  play_engine(model_a, &flat, expected);
  memcpy(in, expected_right, n_frames * sizeof(float));
  check_at_most(fixture_difference(out_right, expected, n_frames), 1e-6);
  host_free(host);
  free(right);
  free(out_right);
  free(expected_right);
}

static void
every_control_reaches_the_engine(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  EngineControls controls = levels(-3.0F, 2.0F);
  controls.gate_db = -50.0F;
  controls.tone = (ToneControls){3.0F, -2.0F, 4.0F, 5.0F};
  controls.levels = (VoiceLevels){LEVEL_MATCH_CALIBRATED, 6.0F};
  static const struct {
    const char* symbol;
    float value;
  } ports[] = {{"input_level", -3.0F}, {"output_level", 2.0F}, {"gate", -50.0F},
               {"bass", 3.0F},         {"middle", -2.0F},      {"treble", 4.0F},
               {"presence", 5.0F},     {"level_match", 2.0F},  {"interface_level", 6.0F}};
  choose(host, model_a);
  for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); ++i) {
    host_set(host, ports[i].symbol, ports[i].value);
  }
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &controls, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  play_engine(model_a, &flat, expected);
  check_above(fixture_difference(out, expected, n_frames), 0.01);
  check_between(host_get(host, "input_peak"), -50.0F, 0.0F);
  host_free(host);
}

static void
every_knob_reaches_the_engine(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  ModelFile file = {.sample_rate = RATE};
  EngineControls controls = flat;
  file.params =
      fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, fixture_size(12), 5, false, 0}, 31);
  fixture_skip_loudness(&file);
  fixture_path("knobs.json", path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
  Host* const host = new_host(usual);
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    char symbol[16];
    (void)snprintf(symbol, sizeof(symbol), "knob_%u", k + 1);
    controls.knobs[k] = 0.15F + 0.25F * (float)k;
    host_set(host, symbol, controls.knobs[k]);
  }
  choose(host, path);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(path, &controls, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  play_engine(path, &flat, expected);
  check_above(fixture_difference(out, expected, n_frames), 0.01);
  host_free(host);
}

static void
the_cabinet_is_switched_and_levelled(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  const EngineControls half = levels(0.0F, -6.0206F);
  Host* const host = new_host(usual);
  write_cabinet("quarter.wav", 0.25F, path);
  host_send_set_of(host, HOST_CABINET_URI, path);
  run_and_work(host, 0, 6400);
  choose(host, model_a);
  host_set(host, "cabinet_level", 6.0206F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &half, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
  host_set(host, "cabinet", 0.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(host);
}

static void
meters_show_what_comes_in_and_goes_out(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  fixture_sine(in, n_frames, 1000.0, 0.5, RATE);
  host_set(host, "enabled", 0.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_near(host_get(host, "input_peak"), -6.02F, 0.1F);
  check_near(host_get(host, "output_peak"), -6.02F, 0.1F);
  host_set(host, "enabled", 1.0F);
  host_set(host, "output_level", -48.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_near(host_get(host, "input_peak"), -6.02F, 0.1F);
  check_below(host_get(host, "output_peak"), -40.0F);
  fixture_guitar(in, n_frames, 5);
  host_free(host);
}

static void
a_meter_shows_whether_the_gate_is_open(void** const state)
{
  (void)state;
  static const float silence[12000] = {0};
  Host* const host = new_host(usual);
  host_run(host, silence, out, 12000);
  check_equal(host_get(host, "gate_open"), 1.0F);
  host_set(host, "gate", -40.0F);
  host_run(host, silence, out, 3600); // 60 ms to wait, 100 ms to close
  check_between(host_get(host, "gate_open"), 0.5F, 1.0F);
  host_run(host, silence, out, 6000);
  check_equal(host_get(host, "gate_open"), 0.0F);
  fixture_sine(in, n_frames, 1000.0, 0.5, RATE);
  host_run(host, in, out, 480);
  check_equal(host_get(host, "gate_open"), 1.0F);
  fixture_guitar(in, n_frames, 5);
  host_free(host);
}

/// Play two seconds while the host takes some of the time for itself; write the least and the most
/// that a call takes of the time to the next one [%]
static void
play_and_wait(Host* const host, double* const least, double* const most)
{
  const struct timespec pause = {0, 1000000};
  double start = clock_seconds();
  *least = 100.0;
  *most = 0.0;
  for (uint32_t i = 0; i < 100; ++i) {
    host_run(host, in, out, 1024);
    const double played = clock_seconds();
    (void)nanosleep(&pause, NULL);
    const double now = clock_seconds();
    const double share = 100.0 * (played - start) / (now - start);
    *least = fmin(*least, share);
    *most = fmax(*most, share);
    start = now;
  }
}

static void
a_meter_shows_the_load(void** const state)
{
  (void)state;
  double least = 0.0;
  double most = 0.0;
  Host* const host = new_host(usual);
  host_run(host, in, out, 1024);
  check_equal(host_get(host, "load"), 0.0F);
  play_and_wait(host, &least, &most);
  check_between(host_get(host, "load"), 0.5 * least, most);
  for (uint32_t i = 0; i < 5; ++i) { // Nothing but playing
    host_run_blocks(host, in, out, 12000, 1024);
  }
  check_between(host_get(host, "load"), 50.0F, 100.0F);
  host_free(host);
}

static void
bypass_is_exact(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_set(host, "enabled", 0.0F);
  host_run_blocks(host, in, out, n_frames, 64);
  assert_memory_equal(out, in, n_frames * sizeof(float));
  host_free(host);
}

static void
a_nan_is_counted_and_does_not_stay(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  choose(host, model_a);
  memcpy(expected, in, sizeof(in));
  expected[n_frames / 4] = NAN;
  host_run_blocks(host, expected, out, n_frames, 64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    assert_true(isfinite(out[i]));
  }
  check_equal(host_get(host, "guard_trips"), 1.0F);
  check_above(power_of(out + n_frames / 2, n_frames / 2), 1e-4);
  host_free(host);
}

static void
it_plays_without_worker_and_without_urid_map(void** const state)
{
  (void)state;
  const HostOptions poor[] = {{.sample_rate = RATE, .has_no_worker = true},
                              {.sample_rate = RATE, .has_no_map = true},
                              {.sample_rate = RATE, .has_no_map = true, .has_no_worker = true}};
  for (size_t i = 0; i < 3; ++i) {
    Host* const host = new_host(poor[i]);
    host_send_set(host, model_a);
    host_run_blocks(host, in, out, n_frames, 64);
    check_above(power_of(out, n_frames), 1e-3);
    host_free(host);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_port_is_found_by_its_symbol),
      cmocka_unit_test(every_port_says_what_it_is),
      cmocka_unit_test(it_sounds_at_the_first_insertion),
      cmocka_unit_test(the_plugin_plays_what_the_engine_plays),
      cmocka_unit_test(a_session_at_another_rate_plays_the_set_for_it),
      cmocka_unit_test(any_block_size_from_0_to_8192_gives_the_same_samples),
      cmocka_unit_test(in_place_buffers_give_the_same_samples),
      cmocka_unit_test(any_port_may_be_connected_to_nothing),
      cmocka_unit_test(stereo_plays_each_channel_as_mono_does),
      cmocka_unit_test(every_control_reaches_the_engine),
      cmocka_unit_test(every_knob_reaches_the_engine),
      cmocka_unit_test(the_cabinet_is_switched_and_levelled),
      cmocka_unit_test(meters_show_what_comes_in_and_goes_out),
      cmocka_unit_test(a_meter_shows_whether_the_gate_is_open),
      cmocka_unit_test(a_meter_shows_the_load),
      cmocka_unit_test(bypass_is_exact),
      cmocka_unit_test(a_nan_is_counted_and_does_not_stay),
      cmocka_unit_test(it_plays_without_worker_and_without_urid_map),
  };
  return cmocka_run_group_tests(tests, host_rig_set_up, NULL);
}

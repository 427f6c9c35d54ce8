// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The plugin as a host meets it, good hosts and bad ones.

#include "tests/fixtures.h"
#include "tests/host/lv2_host.h"

#include <limits.h>
#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/port-groups/port-groups.h>
#include <lv2/units/units.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FRAMES 24000U
#define RATE 48000.0

static const HostOptions usual = {.sample_rate = RATE};
static const EngineControls flat = ENGINE_DEFAULT_CONTROLS;

static EngineControls
levels(const float input_db, const float output_db)
{
  EngineControls controls = flat;
  controls.input_gain_db = input_db;
  controls.output_gain_db = output_db;
  return controls;
}

static uint32_t n_frames = MAX_FRAMES; ///< That a test plays
static float in[MAX_FRAMES];
static float out[MAX_FRAMES];
static float expected[MAX_FRAMES];

/// Paths of two models that differ, and of one that sounds like the second
static char model_a[PATH_MAX];
static char model_b[PATH_MAX];
static char twin_of_b[PATH_MAX];

static void
write_model(const char* const name, const CellType cell, const uint64_t seed, char* const path)
{
  ModelFile file = fixture_model_file(cell, 12, seed);
  fixture_path(name, path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

static int
set_up(void** const state)
{
  (void)state;
  write_model("a.json", CELL_GRU_RESET_AFTER, 21, model_a);
  write_model("b.json", CELL_GRU_RESET_BEFORE, 22, model_b);
  write_model("twin.json", CELL_GRU_RESET_BEFORE, 22, twin_of_b);
  n_frames = fixture_is_slow() ? 9600 : MAX_FRAMES;
  fixture_guitar(in, n_frames, 5);
  return 0;
}

static Host*
new_host(const HostOptions options)
{
  Host* const host = host_new(options);
  assert_non_null(host);
  return host;
}

/// What the engine alone plays with a model, from rest
static void
play_engine(const char* const path, const EngineControls* const controls, float* const y)
{
  ModelFile file = {0};
  Model* model = NULL;
  Engine* engine = NULL;
  assert_int_equal(model_file_read(path, &file, NULL), STATUS_OK);
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  assert_int_equal(engine_new(RATE, 1, &engine), STATUS_OK);
  assert_null(engine_change_model(engine, model));
  engine_reset(engine);
  engine_run(engine, controls, (const float* const[]){in}, (float* const[]){y}, n_frames);
  engine_free(engine);
  model_file_clear(&file);
}

/// Choose a model and let the change come to its end, then start anew
static void
choose(Host* const host, const char* const path)
{
  float silence[256] = {0};
  host_send_set(host, path);
  for (uint32_t i = 0; i < 40; ++i) {
    host_run(host, silence, silence, 256);
    (void)host_work(host);
    memset(silence, 0, sizeof(silence));
  }
  host_restart(host);
}

/// Play, with a worker that keeps up
static void
run_and_work(Host* const host, const uint32_t from, const uint32_t n)
{
  for (uint32_t i = from; i < from + n; i += 64) {
    host_run(host, in + i, out + i, 64);
    (void)host_work(host);
  }
}

static double
power_of(const float* const samples, const uint32_t n)
{
  double power = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    power += (double)samples[i] * (double)samples[i] / n;
  }
  return power;
}

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
      "cabinet_status", "input_peak",  "output_peak",     "guard_trips", "latency"};
  const uint32_t n_both = sizeof(both) / sizeof(both[0]);
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = k == 1});
    const uint32_t n_own = k ? 6 : 4;
    for (uint32_t i = 0; i < n_own; ++i) {
      assert_int_equal(host_port_index(host, k ? stereo[i] : mono[i]), i);
    }
    for (uint32_t i = 0; i < n_both; ++i) { // Symbols are for ever
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

/// A number that is no switch has a unit, a choice has names, and a default lies in its range
static void
check_control(Host* const host, const LilvPort* const port)
{
  const uint32_t i = lilv_port_get_index(host_plugin(host), port);
  static float least[HOST_MAX_PORTS];
  static float most[HOST_MAX_PORTS];
  static float usually[HOST_MAX_PORTS];
  lilv_plugin_get_port_ranges_float(host_plugin(host), least, most, usually);
  assert_true(least[i] < most[i] && usually[i] >= least[i] && usually[i] <= most[i]);
  assert_true(port_has(host, port, LV2_PORT_GROUPS__group));
  if (port_has_property(host, port, LV2_CORE__enumeration)) {
    LilvScalePoints* const points = lilv_port_get_scale_points(host_plugin(host), port);
    assert_int_equal(lilv_scale_points_size(points), (uint32_t)(most[i] - least[i]) + 1);
    lilv_scale_points_free(points);
  } else if (!port_has_property(host, port, LV2_CORE__toggled)) {
    assert_true(port_has(host, port, LV2_UNITS__unit));
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
  assert_true(host_get(host, "model_status") == 1.0F);
  assert_true(power_of(out, n_frames) > 1e-3);              // -30 dBFS at least
  assert_true(fixture_difference(in, out, n_frames) > 0.1); // And not the input
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  host_free(host);
}

/// A model whose second set has the weights of model b, for 44100 Hz
static void
write_two_sets(char* const path)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 12, 23);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_BEFORE, 12, 22);
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  fixture_path("two sets.json", path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file); // And with it the weights of the other
}

static void
a_session_at_another_rate_plays_the_set_for_it(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  write_two_sets(path);
  Host* host = new_host((HostOptions){.sample_rate = 44100.0});
  (void)host_take_log(host); // What it says of the factory model
  choose(host, path);
  assert_non_null(strstr(host_take_log(host), "its set for 44100 Hz"));
  host_run_blocks(host, in, out, n_frames, 256);
  host_free(host);
  play_engine(model_b, &flat,
              expected); // The same weights at their own rate; the DC blocker differs
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-3);
  host = new_host((HostOptions){.sample_rate = 44100.0});
  choose(host, model_b);
  assert_non_null(strstr(host_take_log(host), "plays between resamplers, at 48000 Hz"));
  host_run_blocks(host, in, out, n_frames, 256);
  assert_true(host_get(host, "latency") > 0.0F);
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
    assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
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
    assert_true(power_of(out, 64) < 100.0); // Finite
  }
  for (uint32_t port = 0; port < lilv_plugin_get_num_ports(host_plugin(host)); ++port) {
    host_connect(host, port, false);
  }
  host_run(host, in, out, 64);
  host_connect(host, host_port_index(host, "out"), true);
  host_run_blocks(host, in, out, n_frames, 512); // Silence in: silence out
  assert_true(power_of(out + n_frames / 2, n_frames / 2) < 1e-6);
  host_free(host);
}

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
  assert_true(fixture_difference(out, a, start) <= 1e-6);
  assert_true(fixture_difference(out + n_frames / 2, expected + n_frames / 2, n_frames / 4) <=
              0.02);
  assert_true(
      fixture_largest_step(out, n_frames / 64 * 64) <=
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

static void
restore_preset(Host* const host, const char* const label)
{
  LilvState* const preset = host_find_preset(host, label);
  assert_non_null(preset);
  host_restore(host, preset);
  lilv_state_free(preset);
}

/// Return where the model of a factory preset lies
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
  assert_string_equal(host_take_announced(host), ""); // Not unasked
  host_send_get(host);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), model_a);
  host_free(host);
}

static void
write_text(const char* const path, const char* const text)
{
  FILE* const file = fopen(path, "w");
  assert_non_null(file);
  (void)fputs(text, file);
  (void)fclose(file);
}

/// Try to load what can't be; the sound has to go on as if nothing had been
static void
check_failed_load(const char* const path)
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  assert_true(host_get(host, "model_status") == 2.0F);
  assert_non_null(strstr(host_take_log(host), path));
  char folder[PATH_MAX];
  fixture_path("failed", folder);
  (void)mkdir(folder, 0777);
  LilvState* const saved = host_save_state(host, folder);
  assert_non_null(strstr(host_state_model(host, saved), path)); // It is still what the user wants
  lilv_state_free(saved);
  host_send_set(host, model_b); // And a good one loads as ever
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 64);
  host_run(host, in, out, 64);
  assert_true(host_get(host, "model_status") == 1.0F);
  host_free(host);
}

static void
a_failed_load_keeps_the_old_sound_and_the_wanted_path(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  fixture_path("bad.json", bad);
  write_text(bad, "{\"layers\":[");
  check_failed_load("/nowhere/model.json");
  check_failed_load(bad);
}

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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  host_free(second);
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
  assert_true(host_get(host, "model_status") == 1.0F);
  host_run_blocks(host, in, out, n_frames, 64);
  assert_true(host_get(host, "model_status") == 1.0F);
  play_engine(model_a, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  host_free(host);
}

/// A session made by a later Grus, opened and saved by this one, has lost nothing
static void
what_a_state_holds_is_kept_though_it_can_not_be_played(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  char folder[PATH_MAX];
  char value[PATH_MAX + 64];
  fixture_path("later.json", bad);
  write_text(bad, "{\"layers\":[");
  fixture_path("of a later Grus", folder);
  assert_int_equal(mkdir(folder, 0777), 0);
  (void)snprintf(value, sizeof(value), "\"%s\"^^<" LV2_ATOM__Path ">", bad);
  Host* const host = new_host(usual);
  LilvState* const later = host_state_with(host, value);
  assert_non_null(later);
  host_restore(host, later);
  host_run(host, in, out, 64);
  assert_true(host_get(host, "model_status") == 2.0F);
  LilvState* const saved = host_save_state(host, folder);
  assert_true(host_state_has(host, saved, HOST_MODEL_URI "#hash"));
  assert_true(host_state_has(host, saved, HOST_MODEL_URI "#copy"));
  lilv_state_free(saved);
  lilv_state_free(later);
  host_free(host);
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
  assert_true(
      fixture_largest_step(out, n_frames) <=
      1.1 * fmax(fixture_largest_step(a, n_frames), fixture_largest_step(expected, n_frames)));
  fixture_guitar(in, n_frames, 5);
  lilv_state_free(saved);
  host_free(host);
  free(a);
}

/// Move a file away for the length of a test
static void
hide(const char* const path, const bool hides)
{
  char hidden[PATH_MAX + 8];
  (void)snprintf(hidden, sizeof(hidden), "%s.hidden", path);
  assert_int_equal(hides ? rename(path, hidden) : rename(hidden, path), 0);
}

/// Delete everything in a saved session that is not its text, so that only the copy inside is left
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  assert_true(host_get(host, "model_status") == 1.0F);
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
  hide(model_b, true);
  write_model("b.json", CELL_GRU_RESET_BEFORE, 99, model_b); // Another of the same name
  Host* const host = new_host(usual);
  LilvState* const loaded = host_load_state(host, moved);
  host_restore(host, loaded);
  assert_non_null(strstr(host_take_log(host), "from the copy in the session"));
  lilv_state_free(loaded);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  hide(model_b, false);
  play_engine(model_b, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
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

/// Lilv leaves a link to the model in the session; others, and who packs it, put the file there
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
  hide(model_b, true);
  put_file_for_link(folder);
  const char* const said = strstr(check_session(folder, log), "from the session");
  hide(model_b, false);
  assert_non_null(said);
}

/// A session that has lost every file keeps its copy however often it is saved
static void
a_session_without_any_file_can_be_saved_again(void** const state)
{
  (void)state;
  char folder[PATH_MAX];
  char log[8192];
  save_session("first", folder);
  hide(model_b, true);
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
  hide(model_b, false);
  assert_non_null(check_session(folder, log));
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  memcpy(expected_right, in, n_frames * sizeof(float));
  memcpy(in, right, n_frames * sizeof(float));
  play_engine(model_a, &flat, expected);
  memcpy(in, expected_right, n_frames * sizeof(float));
  assert_true(fixture_difference(out_right, expected, n_frames) <= 1e-6);
  host_free(host);
  free(right);
  free(out_right);
  free(expected_right);
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
  assert_true(host_get(host, "latency") == 0.0F);
  host_set(host, "quality", 1.0F);
  run_and_work(host, part, part);
  assert_true(host_get(host, "latency") == 35.0F);
  host_set(host, "quality", 2.0F);
  run_and_work(host, 2 * part, part);
  assert_true(host_get(host, "latency") == 42.0F);
  host_set(host, "quality", 0.0F);
  run_and_work(host, 3 * part, part);
  assert_true(host_get(host, "latency") == 0.0F);
  assert_int_equal(host_work(host), 0); // Nothing is asked for again and again
  play_engine(model_a, &flat, expected);
  assert_true(fixture_largest_step(out, 4 * part) <=
              1.1 * fixture_largest_step(expected, n_frames));
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
  assert_true(host_get(host, "latency") == 35.0F);
  assert_true(host_get(host, "model_status") == 2.0F); // What was chosen last is still missing
  assert_string_equal(host_take_announced(host), "");  // And no model is new
  host_free(host);
}

/// Write an impulse response of one tap
static void
write_cabinet(const char* const name, const float tap, char* const path)
{
  SF_INFO info = {
      .samplerate = (int)RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  fixture_path(name, path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_write_float(file, &tap, 1), 1);
  (void)sf_close(file);
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
  assert_true(host_get(host, "cabinet_status") == 1.0F);
  assert_string_equal(host_take_announced_cabinet(host), path);
  host_send_set_of(host, HOST_CABINET_URI, "/nowhere.wav"); // What is there stays
  run_and_work(host, 0, 640);
  assert_true(host_get(host, "cabinet_status") == 2.0F);
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-5);
  host_send_set_of(host, HOST_CABINET_URI, "");
  run_and_work(host, 0, 6400);
  assert_true(host_get(host, "cabinet_status") == 0.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-5);
  host_free(host);
}

/// Every control port does what the engine's control does
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  play_engine(model_a, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) > 0.01);
  assert_true(host_get(host, "input_peak") > -50.0F && host_get(host, "input_peak") < 0.0F);
  host_free(host);
}

static void
every_knob_reaches_the_engine(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  ModelFile file = {.sample_rate = RATE};
  EngineControls controls = flat;
  file.params = fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, 12, 5, false}, 31);
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
  play_engine(path, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) > 0.01);
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
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-5);
  host_set(host, "cabinet", 0.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  play_engine(model_a, &flat, expected);
  assert_true(fixture_difference(out, expected, n_frames) <= 1e-6);
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
  assert_true(fabsf(host_get(host, "input_peak") + 6.02F) < 0.1F);
  assert_true(fabsf(host_get(host, "output_peak") + 6.02F) < 0.1F);
  host_set(host, "enabled", 1.0F);
  host_set(host, "output_level", -48.0F);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  assert_true(fabsf(host_get(host, "input_peak") + 6.02F) < 0.1F);
  assert_true(host_get(host, "output_peak") < -40.0F);
  fixture_guitar(in, n_frames, 5);
  host_free(host);
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
  assert_true(host_get(host, "model_status") == 1.0F);
  assert_true(fixture_difference(out, expected, n_frames) > 0.01);
  assert_true(power_of(out, n_frames) > 1e-4);
  host_free(host);
}

/// What one preset turns, the next turns back
static void
a_preset_leaves_nothing_of_the_one_before(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  restore_preset(host, "Lead (2203 style)");
  assert_true(host_get(host, "gate") == -60.0F);
  restore_preset(host, "Clean (12AX7)");
  assert_true(host_get(host, "gate") == 0.0F);
  assert_true(host_get(host, "output_level") == 3.0F);
  restore_preset(host, "Drive (TS-9 style)");
  assert_true(host_get(host, "output_level") == 0.0F);
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
  assert_true(host_get(host, "guard_trips") == 1.0F);
  assert_true(power_of(out + n_frames / 2, n_frames / 2) > 1e-4);
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
    assert_true(power_of(out, n_frames) > 1e-3);
    host_free(host);
  }
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
  (void)state; // Valgrind sees what is lost
  Host* const host = new_host(usual);
  choose(host, model_a);
  host_send_set(host, model_b);
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_refuse_work(host, true); // What fades out now can't be freed
  host_run_blocks(host, in, out, n_frames, 64);
  host_send_set(host, "/nowhere/model.json");
  host_run(host, in, out, 64);
  host_send_set(host, model_a);
  host_run(host, in, out, 64);
  assert_true(host_get(host, "model_status") == 2.0F);
  host_refuse_work(host, false);
  host_run(host, in, out, 64);
  assert_int_equal(host_work(host), 2); // Now both can be: freed, and loaded
  run_and_work(host, 0, 6400);
  assert_true(host_get(host, "model_status") == 1.0F);
  assert_string_equal(host_take_announced(host), model_a);
  assert_null(strstr(host_take_log(host), "nowhere"));
  host_refuse_work(host, true);
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
  assert_true(host_get(host, "model_status") == 2.0F);
  host_send_set(host, "");
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_run(host, in, out, 64);
  assert_true(power_of(out, 64) < 100.0);
  free(long_path);
  host_free(host);
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
      cmocka_unit_test(a_change_of_model_is_heard_without_a_click),
      cmocka_unit_test(two_high_gain_amplifiers_change_without_a_click),
      cmocka_unit_test(patch_put_chooses_a_model_too),
      cmocka_unit_test(patch_get_is_answered_with_the_path),
      cmocka_unit_test(a_failed_load_keeps_the_old_sound_and_the_wanted_path),
      cmocka_unit_test(a_state_brings_the_model_and_the_ports_back),
      cmocka_unit_test(a_state_of_another_kind_changes_nothing),
      cmocka_unit_test(what_a_state_holds_is_kept_though_it_can_not_be_played),
      cmocka_unit_test(a_state_restored_while_playing_leaves_no_click),
      cmocka_unit_test(a_session_finds_its_model_wherever_it_is),
      cmocka_unit_test(a_moved_session_brings_its_own_file),
      cmocka_unit_test(a_session_without_any_file_can_be_saved_again),
      cmocka_unit_test(stereo_plays_each_channel_as_mono_does),
      cmocka_unit_test(quality_changes_without_a_click_and_tells_its_latency),
      cmocka_unit_test(quality_changes_after_a_failed_load_too),
      cmocka_unit_test(a_cabinet_is_chosen_kept_and_taken_away),
      cmocka_unit_test(every_control_reaches_the_engine),
      cmocka_unit_test(every_knob_reaches_the_engine),
      cmocka_unit_test(the_cabinet_is_switched_and_levelled),
      cmocka_unit_test(meters_show_what_comes_in_and_goes_out),
      cmocka_unit_test(factory_presets_are_listed_and_load),
      cmocka_unit_test(a_preset_leaves_nothing_of_the_one_before),
      cmocka_unit_test(bypass_is_exact),
      cmocka_unit_test(a_nan_is_counted_and_does_not_stay),
      cmocka_unit_test(it_plays_without_worker_and_without_urid_map),
      cmocka_unit_test(a_host_may_work_at_once),
      cmocka_unit_test(the_newest_request_wins),
      cmocka_unit_test(what_a_newer_request_replaces_is_not_loaded),
      cmocka_unit_test(a_host_that_loses_answers_still_plays_the_newest),
      cmocka_unit_test(another_property_is_left_alone),
      cmocka_unit_test(a_full_queue_loses_no_memory_and_no_request),
      cmocka_unit_test(absurd_messages_are_survived),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

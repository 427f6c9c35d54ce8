// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What single hosts do that others don't, as their sources and their bug reports say. Most of them
// can't be run in a test.

#include "tests/plugin/host_rig.h"
#include "tests/plugin/host_store.h"

#include "tests/checks.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// Check what the plugin says that it plays
static void
check_announces(Host* const host, const char* const path)
{
  host_send_get(host);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), path);
}

static void
make_folder(const char* const name, char folder[PATH_MAX])
{
  fixture_path(name, folder);
  assert_int_equal(mkdir(folder, 0777), 0);
}

/// Move a file away during a test, or back
static void
hide_file(const char* const path, const bool hides)
{
  char hidden[PATH_MAX + 8];
  (void)snprintf(hidden, sizeof(hidden), "%s.hidden", path);
  assert_int_equal(hides ? rename(path, hidden) : rename(hidden, path), 0);
}

/// Send a model's path, and let it load
static void
send_and_work(Host* const host, const HostMessage* const message)
{
  host_send(host, message);
  run_and_work(host, 0, 6400);
}

// Carla

/// It puts a flag of its own first, and ends paths twice
static void
carla_writes_a_flag_and_two_terminators(void** const state)
{
  (void)state;
  char path[PATH_MAX] = "";
  Host* const host = new_host(usual);
  (void)snprintf(path, sizeof(path), "%s", model_b);
  send_and_work(host, &(HostMessage){.property = HOST_MODEL_URI,
                                     .path = path,
                                     .size = (uint32_t)strlen(path) + 2,
                                     .has_flag = true});
  assert_string_equal(host_take_announced(host), model_b);
  check_plays(host, model_b);
  host_free(host);
}

/// It never takes a key out of its state: that of a cabinet stays when there is none any more
static void
carla_keeps_the_keys_of_earlier_saves(void** const state)
{
  (void)state;
  char cabinet[PATH_MAX];
  HostStore* const store = host_store_new((StoreOptions){.drops_terminators = true});
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  write_cabinet("earlier.wav", 0.5F, cabinet);
  choose(first, model_a);
  choose_cabinet(first, cabinet);
  assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
  choose_cabinet(first, "");
  choose(first, model_b);
  assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
  assert_int_equal(host_store_restore(store, second), LV2_STATE_SUCCESS);
  check_plays(second, model_b);
  check_equal(host_get(second, "cabinet_status"), 0.0F);
  host_free(first);
  host_free(second);
  host_store_free(store);
}

/// The wish of an earlier save stays, too, but nothing that is heard comes from it. The model is
/// where the user chose it, whatever link Carla made.
static void
carla_keeps_an_earlier_wish(void** const state)
{
  (void)state;
  char project[PATH_MAX];
  make_folder("project with a wish", project);
  HostStore* const store =
      host_store_new((StoreOptions){.drops_terminators = true, .folder = project});
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, model_a);
  choose(first, "/nowhere/wanted.json");
  assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
  choose(first, model_b);
  assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
  assert_int_equal(host_store_restore(store, second), LV2_STATE_SUCCESS);
  check_announces(second, model_b);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
  host_store_free(store);
}

/// It links files into the project by their last names, so that the second of two hides the first
static void
carla_links_files_by_their_last_names(void** const state)
{
  (void)state;
  char project[PATH_MAX];
  char folder[PATH_MAX];
  char wish[2 * PATH_MAX];
  make_folder("project of Carla", project);
  make_folder("other models", folder);
  (void)snprintf(wish, sizeof(wish), "%s/b.json", folder);
  fixture_write_text(wish, "{\"layers\":[");
  HostStore* const store =
      host_store_new((StoreOptions){.drops_terminators = true, .folder = project});
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, model_b);
  choose(first, wish);
  assert_int_equal(host_store_save(store, first), LV2_STATE_SUCCESS);
  hide_file(model_b, true); // What is left under its name is the wish
  assert_int_equal(host_store_restore(store, second), LV2_STATE_SUCCESS);
  hide_file(model_b, false);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
  host_store_free(store);
}

/// The links of a moved project lead nowhere; it is saved again and opened once more
static void
carla_moves_a_project_whose_files_are_gone(void** const state)
{
  (void)state;
  char projects[2][PATH_MAX];
  make_folder("first place", projects[0]);
  make_folder("second place", projects[1]);
  Host* hosts[3] = {new_host(usual), new_host(usual), new_host(usual)};
  HostStore* const store =
      host_store_new((StoreOptions){.drops_terminators = true, .folder = projects[0]});
  choose(hosts[0], model_b);
  assert_int_equal(host_store_save(store, hosts[0]), LV2_STATE_SUCCESS);
  hide_file(model_b, true);
  host_store_move(store, projects[1]);
  for (uint32_t i = 1; i < 3; ++i) {
    assert_int_equal(host_store_restore(store, hosts[i]), LV2_STATE_SUCCESS);
    assert_non_null(strstr(host_take_log(hosts[i]), "from the copy in the session"));
    assert_int_equal(host_store_save(store, hosts[i]), LV2_STATE_SUCCESS);
  }
  hide_file(model_b, false);
  check_plays(hosts[1], model_b);
  check_plays(hosts[2], model_b);
  for (uint32_t i = 0; i < 3; ++i) {
    host_free(hosts[i]);
  }
  host_store_free(store);
}

/// To learn the latency it runs two frames before anything is restored, and stops again; then it
/// restores the preset that was chosen last, and then the state
static void
carla_restores_a_preset_before_the_state(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, model_b);
  host_run(second, in, out, 2);
  host_deactivate(second);
  restore_preset(second, "Crunch (two 12AX7)");
  assert_int_equal(host_carry_over(first, second, false), LV2_STATE_SUCCESS);
  host_reset_ports(second); // The project has their values, too
  check_announces(second, model_b);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
}

/// It maps a preset to a link in the folder where it was started, though it may not write there
static void
carla_maps_presets_into_any_folder(void** const state)
{
  (void)state;
  HostStore* const store = host_store_new((StoreOptions){.folder = "/nowhere"});
  Host* const host = new_host(usual);
  host_store_put(store, HOST_MODEL_URI, model_b);
  assert_int_equal(host_store_restore(store, host), LV2_STATE_SUCCESS);
  check_announces(host, model_b);
  check_plays(host, model_b);
  host_free(host);
  host_store_free(store);
}

/// A state on its way into a host that plays
typedef struct {
  HostStore* store;
  Host* host;
  LV2_State_Status status;
} Restoring;

static void*
restore_beside(void* const data)
{
  Restoring* const restoring = (Restoring*)data;
  restoring->status = host_store_restore(restoring->store, restoring->host);
  return NULL;
}

static void
carla_restores_on_another_thread_while_playing(void** const state)
{
  (void)state;
  pthread_t thread;
  Restoring restoring = {host_store_new((StoreOptions){.drops_terminators = true}), new_host(usual),
                         LV2_STATE_ERR_UNKNOWN};
  Host* const first = new_host(usual);
  float* const a = (float*)calloc(n_frames, sizeof(float));
  const uint32_t half = n_frames / 128 * 64;
  choose(first, model_b);
  choose(restoring.host, model_a);
  assert_int_equal(host_store_save(restoring.store, first), LV2_STATE_SUCCESS);
  fixture_sine(in, n_frames, 220.0, 0.8, RATE);
  assert_int_equal(pthread_create(&thread, NULL, restore_beside, &restoring), 0);
  host_run_blocks(restoring.host, in, out, half, 64);
  (void)pthread_join(thread, NULL);
  host_run_blocks(restoring.host, in + half, out + half, half, 64);
  assert_int_equal(restoring.status, LV2_STATE_SUCCESS);
  play_engine(model_a, &flat, a);
  play_engine(model_b, &flat, expected);
  check_at_most(
      fixture_largest_step(out, 2 * half),
      1.1 * fmax(fixture_largest_step(a, n_frames), fixture_largest_step(expected, n_frames)));
  fixture_guitar(in, n_frames, 5);
  check_plays(restoring.host, model_b);
  host_free(first);
  host_free(restoring.host);
  host_store_free(restoring.store);
  free(a);
}

// mod-host

/// It numbers its messages, puts them at a block's last frame, and takes what carries that number
/// back for an echo of its own
static void
mod_host_numbers_its_messages(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  send_and_work(host, &(HostMessage){.property = HOST_MODEL_URI,
                                     .path = model_b,
                                     .size = (uint32_t)strlen(model_b) + 1,
                                     .time = 63,
                                     .has_number = true});
  assert_string_equal(host_take_announced(host), model_b);
  check_plays(host, model_b);
  host_free(host);
}

// PipeWire

/// Its filter chain names the files in its configuration. What it gives back has no type and no
/// terminator, before the ports are connected and the plugin is activated.
static void
pipewire_gives_texts_without_type_or_terminator(void** const state)
{
  (void)state;
  char cabinet[PATH_MAX];
  HostStore* const store =
      host_store_new((StoreOptions){.drops_terminators = true, .drops_types = true});
  Host* const host =
      new_host((HostOptions){.sample_rate = RATE, .is_inactive = true, .has_empty_atoms = true});
  write_cabinet("pipewire.wav", 1.0F, cabinet);
  host_store_put(store, HOST_MODEL_URI, model_b);
  host_store_put(store, HOST_CABINET_URI, cabinet);
  assert_int_equal(host_store_restore(store, host), LV2_STATE_SUCCESS);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "cabinet_status"), 1.0F);
  play_engine(model_b, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-5);
  host_free(host);
  host_store_free(store);
}

/// Without a configuration it restores all the same, and finds nothing. What was there at the start
/// stays, and this is no old session.
static void
pipewire_restores_nothing(void** const state)
{
  (void)state;
  HostStore* const store = host_store_new((StoreOptions){.drops_types = true});
  Host* const host =
      new_untouched_host((HostOptions){.sample_rate = RATE, .has_empty_atoms = true});
  host_run_blocks(host, in, expected, n_frames, 64);
  assert_int_equal(host_store_restore(store, host), LV2_STATE_SUCCESS);
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_set(host, "gate", -20.0F); // Where old sessions had it off
  fixture_sine(in, n_frames, 220.0, 0.01, RATE);
  host_restart(host);
  for (uint32_t i = 0; i < 3; ++i) { // Until the gate has closed
    host_run_blocks(host, in, out, n_frames, 64);
  }
  fixture_guitar(in, n_frames, 5);
  check_below(power_of(out, n_frames), 1e-12);
  host_free(host);
  host_store_free(store);
}

/// It resets the plugin while work is under way, and calls end_run() with a wrong instance
static void
pipewire_resets_while_a_model_loads(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  host_send_set(host, model_b);
  host_run(host, in, out, 64);
  host_end_run(host, host_instance(host));
  host_restart(host);
  (void)host_work(host);
  check_plays(host, model_b);
  host_free(host);
}

/// An output port for messages can be too small for any, and gets none then
static void
a_small_notify_port_is_not_overrun(void** const state)
{
  (void)state;
  const uint32_t step = fixture_is_slow() ? 400 : 32;
  for (uint32_t room = 16; room < 1024; room += step) {
    Host* const host = new_untouched_host((HostOptions){.sample_rate = RATE, .notify_room = room});
    host_send_get(host);
    host_run(host, in, out, 64);
    assert_false(host_has_overrun(host));
    host_free(host);
  }
}

// Qtractor

/// On a track with two channels it has two of the mono plugin. Messages reach only the first; what
/// that schedules, both are told to do.
static void
qtractor_gives_both_channels_the_work_of_one(void** const state)
{
  (void)state;
  Host* const left = new_host(usual);
  Host* const right = new_host(usual);
  host_make_twins(left, right);
  for (uint32_t k = 0; k < 3; ++k) { // Whichever requests there were before
    const char* const path = k % 2 ? model_a : model_b;
    host_send_set(left, path);
    for (uint32_t i = 0; i < 100; ++i) {
      host_run(left, in, out, 64);
      host_run(right, in, out, 64);
      (void)host_work(left);
      (void)host_work(right);
    }
    check_announces(right, path);
  }
  check_plays(left, model_b);
  check_plays(right, model_b);
  host_free(left);
  host_free(right);
}

/// Events of its interface stand behind the end of the block
static void
qtractor_puts_messages_behind_the_block(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  send_and_work(host, &(HostMessage){.property = HOST_MODEL_URI,
                                     .path = model_b,
                                     .size = (uint32_t)strlen(model_b) + 1,
                                     .time = 64});
  check_plays(host, model_b);
  host_free(host);
}

/// A session holds the state as a text, and two ways to map paths are passed: Qtractor's and lilv's
static void
qtractor_keeps_the_state_as_a_text(void** const state)
{
  (void)state;
  char session[PATH_MAX];
  make_folder("session of Qtractor", session);
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  choose(first, model_b);
  host_set(first, "gate", -50.0F);
  char* const text = host_save_text(first, session);
  assert_non_null(text);
  host_restore_text(second, text, session);
  check_equal(host_get(second, "gate"), -50.0F);
  host_reset_ports(second);
  check_announces(second, model_b);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
  free(text);
}

/// Its interface deactivates the plugin while the audio thread still runs it
static void
qtractor_runs_what_it_has_deactivated(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  const uint32_t half = n_frames / 128 * 64;
  choose(host, model_b);
  host_run_blocks(host, in, out, half, 64);
  host_deactivate(host);
  host_run_blocks(host, in + half, out + half, half, 64);
  play_engine(model_b, &flat, expected);
  check_at_most(fixture_difference(out, expected, 2 * half), 1e-6);
  host_free(host);
}

// REAPER

/// Before version 7.28 its paths had no terminator, in messages and in states
static void
reaper_ends_paths_without_terminator(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  Host* const host = new_host(usual);
  for (size_t i = 0; i < 8; ++i) { // With every length of padding
    char name[32];
    (void)snprintf(name, sizeof(name), "%.*s.json", (int)i + 1, "reaper-x");
    fixture_path(name, path);
    assert_int_equal(link(model_b, path), 0);
    host_send(host, &(HostMessage){
                        .property = HOST_MODEL_URI, .path = path, .size = (uint32_t)strlen(path)});
    run_and_work(host, 0, 640);
    assert_string_equal(host_take_announced(host), path);
  }
  host_free(host);
}

/// Its blocks are of any size, and the next is of another, with a cabinet as without
static void
reaper_varies_its_blocks(void** const state)
{
  (void)state;
  char cabinet[PATH_MAX];
  const uint32_t sizes[] = {192, 1, 1025, 64, 500, 2049, 7};
  Host* const hosts[2] = {new_host(usual), new_host(usual)};
  write_room("room.wav", cabinet);
  for (uint32_t k = 0; k < 2; ++k) {
    choose(hosts[k], model_b);
    choose_cabinet(hosts[k], cabinet);
    host_restart(hosts[k]);
  }
  host_run_blocks(hosts[0], in, expected, n_frames, 64);
  for (uint32_t i = 0, k = 0; i < n_frames; ++k) {
    const uint32_t size = sizes[k % 7] < n_frames - i ? sizes[k % 7] : n_frames - i;
    host_run(hosts[1], in + i, out + i, size);
    i += size;
  }
  check_above(power_of(out, n_frames), 1e-5);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
  host_free(hosts[0]);
  host_free(hosts[1]);
}

// Zrythm, and all that host with JUCE

/// For another sample rate it makes a new instance from the state of the old one, which still lives
static void
zrythm_makes_a_new_instance_for_a_new_rate(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second =
      new_untouched_host((HostOptions){.sample_rate = 96000.0, .is_inactive = true});
  choose(first, model_b);
  char* const text = host_save_text(first, NULL);
  host_restore_text(second, text, NULL);
  host_free(first);
  host_restart(second);
  check_announces(second, model_b);
  host_run_blocks(second, in, out, n_frames, 64);
  check_equal(host_get(second, "model_status"), 1.0F);
  check_above(power_of(out, n_frames), 1e-4);
  host_free(second);
  free(text);
}

/// It restores while the plugin plays, in place, in parts of a block
static void
zrythm_restores_into_what_plays_in_place(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  const uint32_t half = n_frames / 128 * 64;
  choose(first, model_b);
  choose(second, model_a);
  char* const text = host_save_text(first, NULL);
  memcpy(out, in, n_frames * sizeof(float));
  host_run_blocks(second, out, out, half, 37);
  host_restore_text(second, text, NULL);
  host_run_blocks(second, out + half, out + half, half, 37);
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(out, expected, half), 1e-6);
  check_plays(second, model_b);
  host_free(first);
  host_free(second);
  free(text);
}

/// Ardour connects pins as the user draws them: an output may have the buffer of the other input
static void
ardour_swaps_channels_in_place(void** const state)
{
  (void)state;
  static float right[MAX_FRAMES];
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = true});
  choose(host, model_a);
  memcpy(out, in, n_frames * sizeof(float));
  memset(right, 0, sizeof(right));
  for (uint32_t i = 0; i < n_frames; i += 64) {
    host_run_channels(host, (const float* const[]){out + i, right + i},
                      (float* const[]){right + i, out + i}, n_frames - i < 64 ? n_frames - i : 64);
  }
  play_engine(model_a, &flat, expected);
  check_at_most(fixture_difference(right, expected, n_frames), 1e-6);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(carla_writes_a_flag_and_two_terminators),
      cmocka_unit_test(carla_keeps_the_keys_of_earlier_saves),
      cmocka_unit_test(carla_keeps_an_earlier_wish),
      cmocka_unit_test(carla_links_files_by_their_last_names),
      cmocka_unit_test(carla_moves_a_project_whose_files_are_gone),
      cmocka_unit_test(carla_restores_a_preset_before_the_state),
      cmocka_unit_test(carla_maps_presets_into_any_folder),
      cmocka_unit_test(carla_restores_on_another_thread_while_playing),
      cmocka_unit_test(mod_host_numbers_its_messages),
      cmocka_unit_test(pipewire_gives_texts_without_type_or_terminator),
      cmocka_unit_test(pipewire_restores_nothing),
      cmocka_unit_test(pipewire_resets_while_a_model_loads),
      cmocka_unit_test(a_small_notify_port_is_not_overrun),
      cmocka_unit_test(qtractor_gives_both_channels_the_work_of_one),
      cmocka_unit_test(qtractor_puts_messages_behind_the_block),
      cmocka_unit_test(qtractor_keeps_the_state_as_a_text),
      cmocka_unit_test(qtractor_runs_what_it_has_deactivated),
      cmocka_unit_test(reaper_ends_paths_without_terminator),
      cmocka_unit_test(reaper_varies_its_blocks),
      cmocka_unit_test(zrythm_makes_a_new_instance_for_a_new_rate),
      cmocka_unit_test(zrythm_restores_into_what_plays_in_place),
      cmocka_unit_test(ardour_swaps_channels_in_place),
  };
  return cmocka_run_group_tests(tests, host_rig_set_up, NULL);
}

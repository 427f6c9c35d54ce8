// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the plugin tells of what plays and of why a choice failed, in parameters that hosts only
// read, and in the status ports.

#include "tests/plugin/host_rig.h"
#include "tests/plugin/host_store.h"

#include "core/format/model_file_io.h"
#include "tests/checks.h"

#include <lv2/atom/atom.h>
#include <stdio.h>
#include <string.h>

#define MODEL "urn:grus:model-"

/// Values of the status ports
enum { NONE, LOADED, FAILED, LOADING, MISSING };

/// All but the messages, and what is told of a model that says all
static const char* const parameters[] = {
    MODEL "name",   MODEL "maker",  MODEL "gear",   MODEL "accuracy", MODEL "kind",
    MODEL "knob-1", MODEL "knob-2", MODEL "knob-3", MODEL "knob-4",   MODEL "has-cabinet"};
static const char* const of_talker[] = {
    "Plexi", "A. Maker", "Lead 100", "ESR 0.0021", "GRU 12, 48 kHz, 400 taps",
    "Drive", "Tone",     "",         "",           "yes"};
#define N_PARAMETERS (sizeof(parameters) / sizeof(parameters[0]))

static char talker[PATH_MAX]; ///< A model that says all

static void
write_talker(void)
{
  ModelFile file = {.sample_rate = RATE, .stage_is_cabinet = true, .record.esr = 0.00214};
  file.params = fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, 12, 3, false, 400}, 7);
  fixture_skip_loudness(&file);
  (void)strcpy(file.name, "Plexi");
  (void)strcpy(file.author, "A. Maker");
  (void)strcpy(file.gear, "Lead 100");
  (void)strcpy(file.knobs[0], "Drive");
  (void)strcpy(file.knobs[1], "Tone");
  fixture_path("talker.json", talker);
  assert_int_equal(model_file_write(&file, talker, NULL), STATUS_OK);
  model_file_clear(&file);
}

static int
set_up(void** const state)
{
  const int failed = host_rig_set_up(state);
  write_talker();
  return failed;
}

static void
check_told(Host* const host, const char* const parameter, const char* const text)
{
  const char* const told = host_told(host, parameter);
  if (!told || strcmp(told, text) != 0) {
    fail_msg("%s is \"%s\", expected \"%s\"", parameter, told ? told : "(not told)", text);
  }
}

static void
check_talker(Host* const host)
{
  for (size_t i = 0; i < N_PARAMETERS; ++i) {
    check_told(host, parameters[i], of_talker[i]);
  }
}

/// Play until the worker has nothing to do
static void
run_all(Host* const host)
{
  run_and_work(host, 0, 640);
}

static void
send_and_work(Host* const host, const char* const parameter, const char* const path)
{
  host_send_set_of(host, parameter, path);
  run_all(host);
}

static void
a_model_says_what_it_is_when_it_is_loaded(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2; ++k) {
    Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = k == 1});
    send_and_work(host, HOST_MODEL_URI, talker);
    check_talker(host);
    check_told(host, HOST_MESSAGE_URI, "");
    host_forget_told(host);
    run_all(host);
    assert_null(host_told(host, MODEL "name")); // Only once
    send_and_work(host, HOST_MODEL_URI, model_a);
    check_told(host, MODEL "name", "Fixture");
    check_told(host, MODEL "maker", "Nobody");
    check_told(host, MODEL "accuracy", "");
    check_told(host, MODEL "knob-1", "");
    check_told(host, MODEL "has-cabinet", "no");
    host_free(host);
  }
}

static void
what_is_there_at_the_start_is_told_in_the_first_block(void** const state)
{
  (void)state;
  Host* const host = new_untouched_host(usual);
  host_run(host, in, out, 64);
  check_told(host, MODEL "name", "Tweed (whole amplifier)");
  check_told(host, HOST_MESSAGE_URI, "");
  check_told(host, HOST_CABINET_MESSAGE_URI, "");
  host_free(host);
}

static void
patch_get_asks_for_all_or_for_one(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  send_and_work(host, HOST_MODEL_URI, talker);
  host_forget_told(host);
  host_send_get(host);
  host_run(host, in, out, 64);
  check_talker(host);
  check_told(host, HOST_MESSAGE_URI, "");
  check_told(host, HOST_CABINET_MESSAGE_URI, "");
  for (size_t i = 0; i < N_PARAMETERS; ++i) {
    host_forget_told(host);
    host_send_get_of(host, parameters[i]);
    host_run(host, in, out, 64);
    check_told(host, parameters[i], of_talker[i]);
    assert_null(host_told(host, parameters[(i + 1) % N_PARAMETERS]));
    assert_string_equal(host_take_announced(host), i ? "" : talker);
  }
  host_forget_told(host);
  host_send_get_of(host, "urn:other:parameter");
  host_run(host, in, out, 64);
  assert_null(host_told(host, MODEL "name"));
  host_free(host);
}

static void
a_host_that_sets_what_it_only_reads_is_told_what_is_true(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  send_and_work(host, HOST_MODEL_URI, talker);
  for (size_t i = 0; i < N_PARAMETERS; ++i) {
    host_forget_told(host);
    host_send_set_of(host, parameters[i], "of yesterday");
    host_run(host, in, out, 64);
    check_told(host, parameters[i], of_talker[i]);
    assert_null(host_told(host, parameters[(i + 1) % N_PARAMETERS]));
  }
  host_send_set_of(host, HOST_MESSAGE_URI, "why it failed yesterday");
  host_run(host, in, out, 64);
  check_told(host, HOST_MESSAGE_URI, "");
  host_free(host);
}

/// Choose a file that can't be loaded; what plays stays as it is
static void
check_failure(Host* const host, const char* const path, const int status, const char* const reason)
{
  host_forget_told(host);
  send_and_work(host, HOST_MODEL_URI, path);
  check_equal(host_get(host, "model_status"), (float)status);
  const char* const told = host_told(host, HOST_MESSAGE_URI);
  if (!told || !strstr(told, reason)) {
    fail_msg("told \"%s\", expected \"%s\"", told ? told : "(nothing)", reason);
  }
  assert_null(host_told(host, MODEL "name"));
  host_send_get(host);
  host_run(host, in, out, 64);
  check_talker(host);
  assert_string_equal(host_take_announced(host), talker);
}

static void
a_choice_that_fails_says_why_and_what_to_do(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  char capture[PATH_MAX];
  char command[2 * PATH_MAX];
  Host* const host = new_host(usual);
  fixture_path("bad.json", bad);
  fixture_path("My Amp.nam", capture);
  fixture_write_text(bad, "{\"layers\":[");
  fixture_write_text(capture, "{\"architecture\":\"WaveNet\",\"config\":{},\"weights\":[]}");
  (void)snprintf(command, sizeof(command), "grus-train --teacher '%s' -o 'My Amp' --install",
                 capture);
  send_and_work(host, HOST_MODEL_URI, talker);
  check_failure(host, "/nowhere/model.json", MISSING, "/nowhere/model.json: no such file");
  check_failure(host, bad, FAILED, "bad.json: ");
  check_failure(host, capture, FAILED, command);
  check_failure(host, "/tmp", FAILED, "is a folder");
  check_failure(host, "", FAILED, "can't be taken out");
  send_and_work(host, HOST_MODEL_URI, talker);
  check_equal(host_get(host, "model_status"), (float)LOADED);
  check_told(host, HOST_MESSAGE_URI, "");
  host_free(host);
}

static void
a_cabinet_that_fails_says_why(void** const state)
{
  (void)state;
  char bad[PATH_MAX];
  char good[PATH_MAX];
  Host* const host = new_host(usual);
  fixture_path("bad.wav", bad);
  fixture_write_text(bad, "RIFF");
  write_cabinet("good.wav", 0.5F, good);
  send_and_work(host, HOST_CABINET_URI, "/nowhere/cab.wav");
  check_equal(host_get(host, "cabinet_status"), (float)MISSING);
  check_told(host, HOST_CABINET_MESSAGE_URI, "/nowhere/cab.wav: no such file");
  check_told(host, HOST_MESSAGE_URI, ""); // The model's is another
  send_and_work(host, HOST_CABINET_URI, bad);
  check_equal(host_get(host, "cabinet_status"), (float)FAILED);
  assert_non_null(strstr(host_told(host, HOST_CABINET_MESSAGE_URI), "bad.wav: "));
  send_and_work(host, HOST_CABINET_URI, good);
  check_equal(host_get(host, "cabinet_status"), (float)LOADED);
  check_told(host, HOST_CABINET_MESSAGE_URI, "");
  send_and_work(host, HOST_CABINET_URI, "");
  check_equal(host_get(host, "cabinet_status"), (float)NONE);
  host_free(host);
}

static void
a_choice_is_loading_until_the_worker_has_answered(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  host_refuse_work(host, true);
  host_send_set(host, talker);
  host_run(host, in, out, 64);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), (float)LOADING); // In a full queue, too
  check_equal(host_get(host, "cabinet_status"), (float)NONE);
  host_refuse_work(host, false);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), (float)LOADING);
  (void)host_work(host);
  host_run(host, in, out, 64);
  check_equal(host_get(host, "model_status"), (float)LOADED);
  host_send_set_of(host, HOST_CABINET_URI, "/nowhere/cab.wav");
  host_run(host, in, out, 64);
  check_equal(host_get(host, "cabinet_status"), (float)LOADING);
  check_equal(host_get(host, "model_status"), (float)LOADED);
  run_all(host);
  host_free(host);
}

static void
a_host_without_a_worker_is_told_that_it_needs_one(void** const state)
{
  (void)state;
  Host* const host = new_untouched_host((HostOptions){.sample_rate = RATE, .has_no_worker = true});
  send_and_work(host, HOST_MODEL_URI, talker);
  check_equal(host_get(host, "model_status"), (float)FAILED);
  assert_non_null(strstr(host_told(host, HOST_MESSAGE_URI), "no worker"));
  host_free(host);
}

static void
a_state_whose_file_is_missing_says_so(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  LilvState* const lost = host_state_with(host, "\"/nowhere/lost.json\"^^<" LV2_ATOM__Path ">");
  host_restore(host, lost);
  run_all(host);
  check_equal(host_get(host, "model_status"), (float)MISSING);
  check_told(host, HOST_MESSAGE_URI, "/nowhere/lost.json: no such file");
  lilv_state_free(lost);
  host_free(host);
}

/// Restoring brings what is told of the model, and takes an old failure away
static void
a_state_tells_what_it_brings(void** const state)
{
  (void)state;
  Host* const first = new_host(usual);
  Host* const second = new_host(usual);
  send_and_work(first, HOST_MODEL_URI, talker);
  send_and_work(second, HOST_MODEL_URI, "/nowhere/model.json");
  assert_int_equal(host_carry_over(first, second, false), LV2_STATE_SUCCESS);
  run_all(second);
  check_talker(second);
  check_told(second, HOST_MESSAGE_URI, "");
  check_equal(host_get(second, "model_status"), (float)LOADED);
  host_free(first);
  host_free(second);
}

static void
another_rate_of_the_model_is_told(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  fixture_path("no rate.json", path);
  fixture_write_guitarml(path, 0.0);
  Host* const host = new_host(usual);
  send_and_work(host, HOST_MODEL_URI, path);
  check_told(host, MODEL "kind", "GRU 8, 44.1 kHz");
  host_send_set_rate(host, LV2_ATOM__Float, 96000.0);
  run_all(host);
  check_told(host, MODEL "kind", "GRU 8, 96 kHz");
  host_free(host);
}

/// A file with two sets of weights is told as it plays
static void
the_weights_for_the_session_s_rate_are_told(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 1);
  ModelFile other = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 2);
  file.others[0] = (ModelSet){44100.0, other.params, other.record};
  file.n_others = 1;
  fixture_skip_loudness(&file);
  fixture_path("two sets.json", path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file); // Frees the weights of the other, too
  Host* const host = new_host((HostOptions){.sample_rate = 44100.0});
  send_and_work(host, HOST_MODEL_URI, path);
  check_told(host, MODEL "kind", "GRU 8, 44.1 kHz");
  host_free(host);
}

/// What has no room waits, and the rest isn't held up; nothing comes twice
static void
a_small_buffer_takes_several_blocks(void** const state)
{
  (void)state;
  for (uint32_t room = 256; room < 2048; room += 256) {
    Host* const host = new_untouched_host((HostOptions){.sample_rate = RATE, .notify_room = room});
    send_and_work(host, HOST_MODEL_URI, talker);
    host_run_blocks(host, in, out, 2048, 64);
    check_talker(host);
    host_forget_told(host);
    host_run_blocks(host, in, out, 2048, 64);
    assert_null(host_told(host, MODEL "name"));
    assert_false(host_has_overrun(host));
    host_free(host);
  }
}

static void
a_usual_buffer_takes_all_of_a_load_at_once(void** const state)
{
  (void)state;
  Host* const host = new_host(usual);
  host_send_set(host, talker);
  host_run(host, in, out, 64);
  (void)host_work(host);
  host_forget_told(host);
  (void)host_take_announced(host);
  host_run(host, in, out, 64);
  assert_string_equal(host_take_announced(host), talker);
  check_talker(host);
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_says_what_it_is_when_it_is_loaded),
      cmocka_unit_test(what_is_there_at_the_start_is_told_in_the_first_block),
      cmocka_unit_test(patch_get_asks_for_all_or_for_one),
      cmocka_unit_test(a_host_that_sets_what_it_only_reads_is_told_what_is_true),
      cmocka_unit_test(a_choice_that_fails_says_why_and_what_to_do),
      cmocka_unit_test(a_cabinet_that_fails_says_why),
      cmocka_unit_test(a_choice_is_loading_until_the_worker_has_answered),
      cmocka_unit_test(a_host_without_a_worker_is_told_that_it_needs_one),
      cmocka_unit_test(a_state_whose_file_is_missing_says_so),
      cmocka_unit_test(a_state_tells_what_it_brings),
      cmocka_unit_test(another_rate_of_the_model_is_told),
      cmocka_unit_test(the_weights_for_the_session_s_rate_are_told),
      cmocka_unit_test(a_small_buffer_takes_several_blocks),
      cmocka_unit_test(a_usual_buffer_takes_all_of_a_load_at_once),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

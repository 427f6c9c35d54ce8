// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The picture of the gates: does it come as often and as long as it should, is it the right one,
// and does nothing else change?

#include "tests/plugin/host_rig.h"

#include "core/format/model_file_io.h"
#include "tests/checks.h"

#include <lv2/atom/atom.h>
#include <stdio.h>
#include <string.h>

/// Pictures that came
typedef struct {
  uint32_t n;
  uint32_t last;     ///< Frame after the block of the last one
  uint32_t n_floats; ///< Of the last one
} Pictures;

/// Play `n` frames in blocks; count from frame 0
static Pictures
play(Host* const host, const uint32_t n, const uint32_t block)
{
  Pictures pictures = {0, 0, 0};
  for (uint32_t t = 0; t + block <= n; t += block) {
    uint32_t n_floats = 0;
    host_run(host, in + t % 8192, out, block);
    (void)host_work(host);
    if (host_gates(host, &n_floats)) {
      pictures = (Pictures){pictures.n + 1, t + block, n_floats};
    }
  }
  return pictures;
}

static void
write_sized_model(const char* const name, const uint32_t hidden_size, char* const path)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, hidden_size, 5);
  fixture_skip_loudness(&file);
  fixture_path(name, path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

/// Return a host that plays a model from rest
static Host*
host_with(const char* const path, const HostOptions options)
{
  Host* const host = new_host(options);
  choose(host, path);
  return host;
}

static void
nothing_comes_unless_someone_watches(void** const state)
{
  (void)state;
  Host* const host = host_with(model_a, usual);
  assert_int_equal(play(host, 9600, 64).n, 0);
  host_send_get(host); // Of all parameters, which it is none of
  assert_int_equal(play(host, 4800, 64).n, 0);
  host_send_watch(host, LV2_ATOM__Bool, false);
  assert_int_equal(play(host, 4800, 64).n, 0);
  host_send_watch(host, LV2_ATOM__Double, true);
  assert_int_equal(play(host, 4800, 64).n, 0);
  host_free(host);
}

static void
thirty_come_in_a_second_at_any_block_size(void** const state)
{
  (void)state;
  static const uint32_t blocks[] = {16, 60, 64, 441, 1000, 1600, 2000, 4096};
  const uint32_t n_seconds = fixture_is_slow() ? 1 : 4;
  Host* const host = host_with(model_a, usual);
  for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i += fixture_is_slow() ? 4 : 1) {
    const uint32_t block = blocks[i];
    host_send_watch(host, LV2_ATOM__Bool, true);
    (void)play(host, block, block);
    uint32_t n = 0;
    for (uint32_t k = 0; k < n_seconds; ++k) {
      host_send_watch(host, LV2_ATOM__Bool, true);
      n += play(host, 48000, block).n;
    }
    const double seconds = n_seconds * (48000 / block * block) / RATE;
    const double most = block > 1600 ? RATE / block : 30.0;
    check_near(n / seconds, most, 2.0 / n_seconds);
  }
  host_free(host);
}

static void
it_ends_after_two_seconds_or_when_told(void** const state)
{
  (void)state;
  Host* const host = host_with(model_a, usual);
  for (uint32_t block = fixture_is_slow() ? 1024 : 16; block <= 1024; block *= 8) {
    host_send_watch(host, LV2_ATOM__Bool, true);
    const Pictures pictures = play(host, 4 * 48000, block);
    check_between(pictures.n, 59, 62);
    check_between(pictures.last, 96000 - 1700, 96000 + 1024);
  }
  host_send_watch(host, LV2_ATOM__Bool, true);
  assert_true(play(host, 9600, 64).n >= 5);
  host_send_watch(host, LV2_ATOM__Bool, false);
  assert_int_equal(play(host, 9600, 64).n, 0);
  host_send_watch(host, LV2_ATOM__Bool, true);
  assert_int_equal(play(host, 64, 64).n, 1); // The first one comes at once
  host_free(host);
}

/// The same sound in an engine alone: r, z, n and h to the last bit
static void
it_shows_the_end_of_the_block(void** const state)
{
  (void)state;
  ModelFile file = {0};
  Model* model = NULL;
  Engine* engine = NULL;
  Host* const host = host_with(model_a, usual);
  const uint32_t size = 2500; // Several slices
  uint32_t n_floats = 0;
  float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
  assert_int_equal(model_file_read(model_a, &file, NULL), STATUS_OK);
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  assert_int_equal(engine_new(RATE, 1, &engine), STATUS_OK);
  assert_null(engine_change_model(engine, model));
  engine_reset(engine);
  engine_watch(engine, true);
  for (uint32_t k = 0; k < 3; ++k) {
    host_send_watch(host, LV2_ATOM__Bool, true);
    host_run(host, in + k * size, out, size);
    engine_run(engine, &flat, (const float* const[]){in + k * size}, (float* const[]){expected},
               size);
    const float* const shown = host_gates(host, &n_floats);
    assert_non_null(shown);
    assert_int_equal(n_floats, 4 * engine_gates(engine, gates));
    assert_int_equal(n_floats, 4 * file.params.shape.hidden_size);
    assert_memory_equal(shown, gates, n_floats * sizeof(float));
    assert_memory_equal(out, expected, size * sizeof(float));
  }
  engine_free(engine);
  model_file_clear(&file);
  host_free(host);
}

static void
the_sound_stays_the_same(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2; ++k) {
    const HostOptions options = {.sample_rate = k ? 44100.0 : RATE, .is_stereo = k == 1};
    Host* const watched = host_with(model_b, options);
    Host* const other = host_with(model_b, options);
    host_send_watch(watched, LV2_ATOM__Bool, true);
    for (uint32_t t = 0; t < n_frames; t += 64) {
      host_set(watched, "knob_1", (float)(t % 1000) / 1000.0F);
      host_set(other, "knob_1", (float)(t % 1000) / 1000.0F);
      host_run(watched, in + t, out + t, 64);
      host_run(other, in + t, expected + t, 64);
    }
    assert_memory_equal(out, expected, n_frames * sizeof(float));
    host_free(watched);
    host_free(other);
  }
}

static void
an_lstm_has_none(void** const state)
{
  (void)state;
  char lstm[PATH_MAX];
  write_model("lstm.json", CELL_LSTM, 3, lstm);
  Host* const host = host_with(lstm, usual);
  host_send_watch(host, LV2_ATOM__Bool, true);
  assert_int_equal(play(host, 9600, 64).n, 0);
  host_send_set(host, model_a);
  assert_true(play(host, 9600, 64).n >= 5); // The lease goes on
  host_free(host);
}

static void
another_model_may_have_another_size(void** const state)
{
  (void)state;
  char models[3][PATH_MAX];
  static const uint32_t sizes[] = {8, 20, PARAMS_MAX_HIDDEN_SIZE};
  const uint32_t n = fixture_is_slow() ? 2 : 3; // The last one is large
  Host* const host = new_host((HostOptions){.sample_rate = RATE, .is_stereo = true});
  for (uint32_t i = 0; i < n; ++i) {
    char name[16];
    (void)snprintf(name, sizeof(name), "%u.json", sizes[i]);
    write_sized_model(name, sizes[i], models[i]);
  }
  for (uint32_t k = 0; k < 2 * n; ++k) {
    host_send_set(host, models[k % n]);
    (void)play(host, 64, 64);
    host_send_watch(host, LV2_ATOM__Bool, true);
    const Pictures pictures = play(host, fixture_is_slow() ? 6400 : 12800, 64);
    check_at_least(pictures.n, 4);
    assert_int_equal(pictures.n_floats, 4 * sizes[k % n]);
  }
  host_free(host);
}

static void
what_has_no_room_is_left_out(void** const state)
{
  (void)state;
  char large[PATH_MAX];
  write_sized_model("large.json", 40, large);
  Host* const host = host_with(large, (HostOptions){.sample_rate = RATE, .notify_room = 400});
  (void)host_take_announced(host);
  host_send_watch(host, LV2_ATOM__Bool, true);
  assert_int_equal(play(host, 9600, 64).n, 0);
  host_send_get(host);
  (void)play(host, 6400, 64);
  assert_string_equal(host_take_announced(host), large);
  assert_false(host_has_overrun(host));
  host_free(host);
}

static void
runs_without_frames_show_nothing(void** const state)
{
  (void)state;
  uint32_t n_floats = 0;
  Host* const host = host_with(model_a, usual);
  host_send_watch(host, LV2_ATOM__Bool, true);
  host_run(host, in, out, 0);
  assert_null(host_gates(host, &n_floats));
  host_run(host, in, out, 16);
  assert_non_null(host_gates(host, &n_floats));
  host_run(host, in, out, 0);
  assert_null(host_gates(host, &n_floats));
  host_free(host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nothing_comes_unless_someone_watches),
      cmocka_unit_test(thirty_come_in_a_second_at_any_block_size),
      cmocka_unit_test(it_ends_after_two_seconds_or_when_told),
      cmocka_unit_test(it_shows_the_end_of_the_block),
      cmocka_unit_test(the_sound_stays_the_same),
      cmocka_unit_test(an_lstm_has_none),
      cmocka_unit_test(another_model_may_have_another_size),
      cmocka_unit_test(what_has_no_room_is_left_out),
      cmocka_unit_test(runs_without_frames_show_nothing),
  };
  return cmocka_run_group_tests(tests, host_rig_set_up, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Ten thousand random events: blocks of 0 to 8192 frames, ports turned to anything, good and bad
// models and cabinets, saved and restored states, restarts, a worker that lags, and invalid
// samples. Whatever comes in, what goes out is finite and limited. GRUS_SEED chooses the events,
// GRUS_EVENTS how many; with GRUS_SECONDS it goes on until so long after its start.

#include "core/clock.h"
#include "core/format/model_file_io.h"
#include "core/random.h"
#include "tests/checks.h"
#include "tests/fixtures.h"
#include "tests/plugin/lv2_host.h"

#include <limits.h>
#include <lv2/atom/atom.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RATE 48000.0
#define MAX_BLOCK 8192U
#define N_EVENTS 10000U
#define N_EVENTS_SLOWLY 200U
#define MAX_BLOCKS 4U ///< Between two events
#define MAX_BLOCKS_SLOWLY 2U
#define N_FILES 7U
#define LIMIT 3.9811F ///< +12 dBFS

/// What is played, and by what
typedef struct {
  Random random;
  Host* host;
  bool is_stereo;
  LilvState* saved;
  char folder[PATH_MAX];
  char models[N_FILES][PATH_MAX];
  char cabinets[N_FILES][PATH_MAX];
  float in[2][MAX_BLOCK];
  float out[2][MAX_BLOCK];
  uint64_t n_frames;
} Soak;

static uint32_t
pick(Soak* const h, const uint32_t n)
{
  return random_below(&h->random, n);
}

static void
write_model(const ParamsShape shape, const uint64_t seed, const double rate, const char* const path)
{
  ModelFile file = {.sample_rate = rate};
  fixture_skip_loudness(&file);
  file.params = fixture_params(shape, seed);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

static void
write_cabinet(Soak* const h, const uint32_t n_frames, const int rate, const char* const path)
{
  SF_INFO info = {.samplerate = rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float x = (float)(random_between(&h->random, -1.0, 1.0) * exp(-6.0 * i / n_frames));
    assert_int_equal(sf_write_float(file, &x, 1), 1);
  }
  (void)sf_close(file);
}

/// Good files and bad
static void
write_files(Soak* const h)
{
  char name[64];
  for (uint32_t i = 0; i < N_FILES; ++i) {
    (void)snprintf(name, sizeof(name), "model%u.json", i);
    fixture_path(name, h->models[i]);
    (void)snprintf(name, sizeof(name), "cabinet%u.wav", i);
    fixture_path(name, h->cabinets[i]);
  }
  write_model((ParamsShape){CELL_GRU_RESET_AFTER, fixture_size(12), 1, false, 0}, 1, 48000.0,
              h->models[0]);
  write_model((ParamsShape){CELL_GRU_RESET_BEFORE, fixture_size(8), 3, true, 0}, 2, 44100.0,
              h->models[1]);
  write_model((ParamsShape){CELL_LSTM, fixture_size(10), 1, false, 0}, 3, 96000.0, h->models[2]);
  fixture_write_text(h->models[3], "{\"in_shape\":[null,null,1],\"layers\":[");
  fixture_write_text(h->models[4], "");
  fixture_write_guitarml(h->models[5], 0.0);
  write_cabinet(h, 300, 44100, h->cabinets[0]);
  write_cabinet(h, 5000, 48000, h->cabinets[1]);
  fixture_write_text(h->cabinets[2], "no sound");
  h->cabinets[3][0] = '\0'; // None
}

/// Sound, or what a broken host may send
static void
fill_input(Soak* const h, const uint32_t n)
{
  static const float odd[] = {NAN, INFINITY, -INFINITY, 1e30F, -1e-40F, 1e9F};
  const uint32_t kind = pick(h, 12);
  for (uint32_t c = 0; c < 2; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      h->in[c][i] = kind < 2 ? 0.0F : (float)random_between(&h->random, -0.7, 0.7);
    }
    for (uint32_t i = 0; kind == 11 && n && i < 5; ++i) {
      h->in[c][pick(h, n)] = odd[pick(h, 6)];
    }
  }
}

static void
check_output(const Soak* const h, const uint32_t n)
{
  for (uint32_t c = 0; c < (h->is_stereo ? 2 : 1); ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      check_at_most(fabsf(h->out[c][i]), LIMIT); // False for NaN
    }
  }
}

static void
play_blocks(Soak* const h)
{
  static const uint32_t usual[] = {0, 1, 64, 128, 256, 1024, MAX_BLOCK};
  const uint32_t n_blocks = pick(h, fixture_is_slow() ? MAX_BLOCKS_SLOWLY : MAX_BLOCKS) + 1;
  for (uint32_t k = 0; k < n_blocks; ++k) {
    const uint32_t any = pick(h, 3) ? usual[pick(h, 7)] : pick(h, MAX_BLOCK + 1);
    const uint32_t n = fixture_is_slow() ? any / 8 : any;
    const bool in_place = pick(h, 2) == 0;
    fill_input(h, n);
    if (in_place) {
      memcpy(h->out, h->in, sizeof(h->in));
    }
    host_run_channels(h->host,
                      in_place ? (const float* const[]){h->out[0], h->out[1]}
                               : (const float* const[]){h->in[0], h->in[1]},
                      (float* const[]){h->out[0], h->out[1]}, n);
    check_output(h, n);
    h->n_frames += n;
  }
}

/// Turn any input port to anything, mostly within its range
static void
turn_port(Soak* const h)
{
  static const char* const symbols[] = {
      "input_level",  "knob_1",      "knob_2",          "knob_3",   "knob_4",  "gate",
      "bass",         "middle",      "treble",          "presence", "cabinet", "cabinet_level",
      "output_level", "level_match", "interface_level", "quality",  "enabled"};
  static const float odd[] = {NAN, INFINITY, -INFINITY, 1e30F, -1e30F, 0.0F};
  const char* const symbol = symbols[pick(h, sizeof(symbols) / sizeof(symbols[0]))];
  const float value =
      pick(h, 10) ? (float)random_between(&h->random, -24.0, 24.0) : odd[pick(h, 6)];
  host_set(h->host, symbol, pick(h, 3) ? value : (float)pick(h, 3));
}

static void
save_state(Soak* const h)
{
  lilv_state_free(h->saved);
  h->saved = host_save_state(h->host, h->folder);
  assert_non_null(h->saved);
}

static void
insert_again(Soak* const h)
{
  static const double rates[] = {44100.0, 48000.0, 88200.0, 96000.0};
  const bool is_first = !h->host;
  lilv_state_free(h->saved); // It belongs to the old host
  host_free(h->host);
  h->is_stereo = pick(h, 2) == 1;
  h->host = host_new((HostOptions){.sample_rate = rates[pick(h, 4)],
                                   .is_stereo = h->is_stereo,
                                   .works_at_once = pick(h, 4) == 0});
  assert_non_null(h->host);
  h->saved = is_first ? host_save_state(h->host, h->folder) : host_load_state(h->host, h->folder);
  assert_non_null(h->saved);
}

static void
cause_event(Soak* const h)
{
  switch (pick(h, 22)) {
  case 0:
  case 1:
    host_send_set(h->host, h->models[pick(h, N_FILES)]);
    break;
  case 2:
    host_send_set_of(h->host, HOST_CABINET_URI, h->cabinets[pick(h, N_FILES)]);
    break;
  case 3:
    host_send_put(h->host, h->models[pick(h, N_FILES)]);
    break;
  case 4:
    host_send_get(h->host);
    break;
  case 5:
    save_state(h);
    break;
  case 6:
    host_restore(h->host, h->saved);
    break;
  case 7:
    host_restart(h->host);
    break;
  case 8:
    host_refuse_work(h->host, pick(h, 2) == 0);
    break;
  case 9:
    if (pick(h, 20) == 0) {
      insert_again(h);
    }
    break;
  case 10:
  case 11:
  case 12:
    (void)host_work(h->host);
    break;
  case 13:
    host_send_set_rate(h->host, LV2_ATOM__Float, random_between(&h->random, -8000.0, 200000.0));
    break;
  case 14:
    host_send_put_rate(h->host, h->models[pick(h, N_FILES)], 48000.0 * pick(h, 3));
    break;
  default:
    turn_port(h);
  }
}

/// Return a number from the environment
static uint64_t
number_from_environment(const char* const name, const uint64_t fallback)
{
  const char* const text = getenv(name);
  return text ? strtoull(text, NULL, 10) : fallback;
}

/// Reset everything, and see that it plays
static void
check_it_still_plays(Soak* const h)
{
  double power = 0.0;
  host_refuse_work(h->host, false);
  host_reset_ports(h->host);
  host_send_set_of(h->host, HOST_MODEL_URI, h->models[0]);
  for (uint32_t k = 0; k < 8; ++k) { // Long enough for request, change and fade
    fixture_guitar(h->in[0], MAX_BLOCK, k);
    memcpy(h->in[1], h->in[0], sizeof(h->in[0]));
    host_run_channels(h->host, (const float* const[]){h->in[0], h->in[1]},
                      (float* const[]){h->out[0], h->out[1]}, MAX_BLOCK);
    (void)host_work(h->host);
  }
  check_output(h, MAX_BLOCK);
  for (uint32_t i = 0; i < MAX_BLOCK; ++i) {
    power += (double)h->out[0][i] * (double)h->out[0][i] / MAX_BLOCK;
  }
  check_equal(host_get(h->host, "model_status"), 1.0F);
  check_above(power, 1e-4);
}

static void
ten_thousand_events_leave_sound(void** const state)
{
  const uint64_t seed = number_from_environment("GRUS_SEED", 1);
  const uint32_t n_events = (uint32_t)number_from_environment(
      "GRUS_EVENTS", fixture_is_slow() ? N_EVENTS_SLOWLY : N_EVENTS);
  static Soak soak;
  (void)state;
  print_message("# seed %llu, at least %u events\n", (unsigned long long)seed, n_events);
  soak.random = random_for(seed, 1);
  fixture_path("soak", soak.folder);
  (void)mkdir(soak.folder, 0777);
  write_files(&soak);
  insert_again(&soak);
  const double end = clock_seconds() + (double)number_from_environment("GRUS_SECONDS", 0);
  uint32_t n = 0;
  for (; n < n_events || clock_seconds() < end; ++n) {
    cause_event(&soak);
    play_blocks(&soak);
  }
  check_it_still_plays(&soak);
  print_message("# %u events, %.0f s of sound\n", n, (double)soak.n_frames / RATE);
  lilv_state_free(soak.saved);
  host_free(soak.host);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(ten_thousand_events_leave_sound)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}

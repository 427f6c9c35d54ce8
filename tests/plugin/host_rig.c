// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/plugin/host_rig.h"
#include "core/format/model_file_io.h"
#include "tests/checks.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

uint32_t n_frames = MAX_FRAMES;
float in[MAX_FRAMES];
float out[MAX_FRAMES];
float expected[MAX_FRAMES];
char model_a[PATH_MAX];
char model_b[PATH_MAX];
char twin_of_b[PATH_MAX];

EngineControls
levels(const float input_db, const float output_db)
{
  EngineControls controls = flat;
  controls.input_gain_db = input_db;
  controls.output_gain_db = output_db;
  return controls;
}

void
write_model(const char* const name, const CellType cell, const uint64_t seed, char* const path)
{
  ModelFile file = fixture_model_file(cell, fixture_size(12), seed);
  fixture_skip_loudness(&file);
  fixture_path(name, path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

void
write_rig(const char* const name, const uint64_t seed, char* const path)
{
  ModelFile file = fixture_staged_file(fixture_size(12), 400, seed);
  file.stage_is_cabinet = true;
  fixture_skip_loudness(&file);
  fixture_path(name, path);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
}

int
host_rig_set_up(void** const state)
{
  (void)state;
  write_model("a.json", CELL_GRU_RESET_AFTER, 21, model_a);
  write_model("b.json", CELL_GRU_RESET_BEFORE, 22, model_b);
  write_model("twin.json", CELL_GRU_RESET_BEFORE, 22, twin_of_b);
  n_frames = fixture_is_slow() ? 9600 : MAX_FRAMES;
  fixture_guitar(in, n_frames, 5);
  return 0;
}

Host*
new_untouched_host(const HostOptions options)
{
  Host* const host = host_new(options);
  assert_non_null(host);
  return host;
}

Host*
new_host(const HostOptions options)
{
  Host* const host = new_untouched_host(options);
  if (!options.has_no_map && !options.has_no_worker) {
    choose_cabinet(host, "");
    (void)host_take_announced_cabinet(host);
  }
  return host;
}

void
choose_as(Host* const host, const char* const parameter, const char* const path)
{
  float silence[64] = {0};
  host_send_set_of(host, parameter, path);
  for (uint32_t i = 0; i < 3; ++i) { // It is requested, loaded, taken
    host_run(host, silence, silence, 64);
    (void)host_work(host);
    memset(silence, 0, sizeof(silence));
  }
  host_restart(host); // Without a fade
}

void
choose_cabinet(Host* const host, const char* const path)
{
  choose_as(host, HOST_CABINET_URI, path);
}

void
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

void
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

void
run_and_work(Host* const host, const uint32_t from, const uint32_t n)
{
  for (uint32_t i = from; i < from + n; i += 64) {
    host_run(host, in + i, out + i, 64);
    (void)host_work(host);
  }
}

double
power_of(const float* const samples, const uint32_t n)
{
  double power = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    power += (double)samples[i] * (double)samples[i] / n;
  }
  return power;
}

void
restore_preset(Host* const host, const char* const label)
{
  LilvState* const preset = host_find_preset(host, label);
  assert_non_null(preset);
  host_restore(host, preset);
  lilv_state_free(preset);
}

static void
write_impulse(const char* const name, const float* const samples, const uint32_t n,
              char* const path)
{
  SF_INFO info = {
      .samplerate = (int)RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  fixture_path(name, path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_write_float(file, samples, n), n);
  (void)sf_close(file);
}

void
write_room(const char* const name, char* const path)
{
  static float samples[9600];
  for (uint32_t i = 0; i < 9600; i += 61) {
    samples[i] = (i % 2 ? 0.3F : -0.3F) * expf((float)i / -3000.0F);
  }
  write_impulse(name, samples, 9600, path);
}

void
write_cabinet(const char* const name, const float tap, char* const path)
{
  write_impulse(name, &tap, 1, path);
}

void
check_plays(Host* const host, const char* const path)
{
  host_restart(host);
  host_run_blocks(host, in, out, n_frames, 64);
  check_equal(host_get(host, "model_status"), 1.0F);
  play_engine(path, &flat, expected);
  check_at_most(fixture_difference(out, expected, n_frames), 1e-6);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/random.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
fixture_is_slow(void)
{
  return getenv("GRUS_TEST_SLOWLY") != NULL;
}

uint32_t
fixture_size(const uint32_t hidden_size)
{
  return fixture_is_slow() && hidden_size > 4 ? 4 : hidden_size;
}

void
fixture_soft_clipper(const float* const in, float* const out, const uint32_t n)
{
  float low = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    low += 0.3F * (in[i] - low);
    out[i] = 0.5F * tanhf(4.0F * low);
  }
}

/// Make random taps decay by 43 dB, with an energy of 1
static void
shape_taps(const Params* const params)
{
  const uint32_t n_taps = params->shape.n_taps;
  float* const taps = params_values(params, PARAMS_TAPS);
  double energy = 0.0;
  for (uint32_t k = 0; k < n_taps; ++k) {
    taps[k] *= (float)exp(-5.0 * k / n_taps);
    energy += (double)taps[k] * (double)taps[k];
  }
  for (uint32_t k = 0; k < n_taps; ++k) {
    taps[k] = (float)((double)taps[k] / sqrt(energy));
  }
}

Params
fixture_params(const ParamsShape shape, const uint64_t seed)
{
  Params params = {.shape = shape};
  Random random = random_for(seed, 77);
  const double bound = 1.5 / sqrt((double)shape.hidden_size);
  assert_int_equal(params_init(&params, shape), STATUS_OK);
  for (size_t i = 0; i < params_count(shape); ++i) {
    params.values[i] = (float)random_between(&random, -bound, bound);
  }
  shape_taps(&params);
  return params;
}

/// Return a model file of any shape at 48 kHz
static ModelFile
make_model_file(const ParamsShape shape, const uint64_t seed)
{
  return (ModelFile){.params = fixture_params(shape, seed),
                     .sample_rate = 48000.0,
                     .name = "Fixture",
                     .author = "Nobody"};
}

ModelFile
fixture_model_file(const CellType cell, const uint32_t hidden_size, const uint64_t seed)
{
  return make_model_file((ParamsShape){cell, hidden_size, 1, false, 0}, seed);
}

ModelFile
fixture_staged_file(const uint32_t hidden_size, const uint32_t n_taps, const uint64_t seed)
{
  return make_model_file((ParamsShape){CELL_GRU_RESET_AFTER, hidden_size, 1, false, n_taps}, seed);
}

void
fixture_skip_loudness(ModelFile* const file)
{
  if (fixture_is_slow()) {
    file->loudness = (ModelFileLoudness){.middle = {true, -20.0}, .knobs = {.is_given = true}};
  }
}

Model*
fixture_model(const CellType cell, const uint32_t hidden_size, const uint64_t seed)
{
  ModelFile file = fixture_model_file(cell, hidden_size, seed);
  Model* model = NULL;
  assert_int_equal(model_new(&file, (ModelUse){file.sample_rate, 1, 1}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

void
fixture_guitar(float* const samples, const uint32_t n_frames, const uint64_t seed)
{
  Random random = random_for(seed, 78);
  double phase = 0.0;
  double level = 0.0;
  double hz = 110.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    if (i % 12000 == 0) {
      hz = 82.0 * pow(2.0, random_between(&random, 0.0, 2.0));
      level = random_between(&random, 0.1, 0.6);
    }
    phase += TAU * hz / 48000.0;
    level *= 0.9999;
    samples[i] = (float)(level * (sin(phase) + 0.3 * sin(2.0 * phase) + 0.1 * sin(5.0 * phase)) +
                         random_between(&random, -1e-3, 1e-3));
  }
}

void
fixture_sine(float* const samples, const uint32_t n_frames, const double hz, const double amplitude,
             const double sample_rate)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    samples[i] = (float)(amplitude * sin(TAU * hz * i / sample_rate));
  }
}

double
fixture_difference(const float* const a, const float* const b, const uint32_t n_frames)
{
  double largest = 0.0;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double difference = fabs((double)a[i] - (double)b[i]);
    if (isnan(difference)) {
      return difference;
    }
    largest = fmax(largest, difference);
  }
  return largest;
}

double
fixture_largest_step(const float* const samples, const uint32_t n_frames)
{
  return n_frames ? fixture_difference(samples, samples + 1, n_frames - 1) : 0.0;
}

/// Holds the files of one test program
static char folder[64] = "";

static int
remove_entry(const char* const path, const struct stat* const status, const int type,
             struct FTW* const place)
{
  (void)status;
  (void)type;
  (void)place;
  return remove(path);
}

static void
remove_folder(void)
{
  (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

void
fixture_path(const char* const name, char* const path)
{
  if (!folder[0]) {
    (void)snprintf(folder, sizeof(folder), "/tmp/grus-test-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)atexit(remove_folder);
  }
  (void)snprintf(path, 4096, "%s/%s", folder, name);
}

void
fixture_write_text(const char* const path, const char* const text)
{
  FILE* const file = fopen(path, "w");
  assert_non_null(file);
  (void)fputs(text, file);
  (void)fclose(file);
}

/// Rename the rate in a GuitarML file
static void
hide_rate(const char* const path)
{
  Content content = {NULL, 0};
  assert_int_equal(file_read_whole(path, FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, NULL),
                   STATUS_OK);
  char* const text = strndup(content.bytes, content.size);
  assert_non_null(text);
  memcpy(strstr(text, "samplerate"), "SAMPLERATE", 10);
  fixture_write_text(path, text);
  content_clear(&content);
  free(text);
}

void
fixture_write_guitarml(const char* const path, const double sample_rate)
{
  ModelFile file = fixture_model_file(CELL_GRU_RESET_AFTER, 8, 31);
  file.sample_rate = sample_rate > 0.0 ? sample_rate : 44100.0;
  assert_int_equal(model_file_write_guitarml(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
  if (sample_rate <= 0.0) {
    hide_rate(path);
  }
}

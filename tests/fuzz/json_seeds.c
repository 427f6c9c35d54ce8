// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Models of our own are written by the writer; those of others come from patterns, in which #6
// stands for six numbers separated by commas, and #6x2 for six lists of two.

#include "tests/fuzz/json_seeds.h"

#include "tests/fixtures.h"

#include "core/format/formats.h"
#include "core/format/model_file_io.h"
#include "core/random.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TEXT 65536U
#define MAX_FRAMES 8U ///< Of a test signal

/// A file of another program
typedef struct {
  const char* name;
  const char* pattern;
} Pattern;

static const Pattern models[] = {
    {"guitarml-gru",
     "{\"model_data\":{\"model\":\"SimpleRNN\",\"input_size\":2,\"skip\":1,\"output_size\":1,"
     "\"unit_type\":\"GRU\",\"num_layers\":1,\"hidden_size\":2,\"bias_fl\":true},\"samplerate\":"
     "48000,\"metadata\":{\"name\":\"Amp\",\"author\":\"N\",\"based\":\"G\"},\"state_dict\":{"
     "\"rec.weight_ih_l0\":[#6x2],\"rec.weight_hh_l0\":[#6x2],\"rec.bias_ih_l0\":[#6],"
     "\"rec.bias_hh_l0\":[#6],\"lin.weight\":[#1x2],\"lin.bias\":[#1]}}"},
    {"guitarml-lstm",
     "{\"model_data\":{\"model\":\"SimpleRNN\",\"input_size\":1,\"skip\":0,\"output_size\":1,"
     "\"unit_type\":\"LSTM\",\"num_layers\":2,\"hidden_size\":1,\"bias_fl\":true},"
     "\"state_dict\":{\"rec.weight_ih_l0\":[#4x1],\"rec.weight_hh_l0\":[#4x1],"
     "\"rec.bias_ih_l0\":[#4],\"rec.bias_hh_l0\":[#4],\"rec.weight_ih_l1\":[#4x1],"
     "\"rec.weight_hh_l1\":[#4x1],\"rec.bias_ih_l1\":[#4],\"rec.bias_hh_l1\":[#4],"
     "\"lin.weight\":[#1x1],\"lin.bias\":[#1]}}"},
    {"nam-lstm",
     "{\"version\":\"0.5.4\",\"architecture\":\"LSTM\",\"config\":{\"input_size\":1,"
     "\"hidden_size\":2,\"num_layers\":1},\"weights\":[#39],\"sample_rate\":48000,\"metadata\":{"
     "\"name\":\"Amp\",\"modeled_by\":\"N\",\"gear_make\":\"M\",\"gear_model\":\"G\",\"loudness\":"
     "-18.5,\"input_level_dbu\":12.2,\"output_level_dbu\":null}}"},
    {"rtneural-lstm",
     "{\"in_shape\":[null,null,1],\"in_skip\":0,\"in_gain\":3,\"out_gain\":-6,\"samplerate\":44100,"
     "\"metadata\":{\"name\":\"Amp\",\"samplerate\":44100},\"layers\":[{\"type\":\"lstm\","
     "\"activation\":\"tanh\",\"shape\":[null,null,1],\"weights\":[[#1x4],[#1x4],[#4]]},"
     "{\"type\":\"lstm\",\"activation\":\"tanh\",\"shape\":[null,null,1],\"weights\":[[#1x4],"
     "[#1x4],[#4]]},{\"type\":\"dense\",\"activation\":\"\",\"shape\":[null,null,1],\"weights\":["
     "[#1x1],[#1]]}]}"},
    {"rtneural-gru",
     "{\"in_shape\":[null,null,2],\"layers\":[{\"type\":\"time-distributed-dense\","
     "\"activation\":\"\",\"shape\":[null,null,3],\"weights\":[[#2x3],[#3]]},{\"type\":\"gru\","
     "\"activation\":\"tanh\",\"shape\":[null,null,1],\"weights\":[[#3x3],[#1x3],[#2x3]]},"
     "{\"type\":\"dense\",\"activation\":\"linear\",\"shape\":[null,null,1],\"weights\":[[#1x1],"
     "[#1]]}]}"},
};

static const Pattern captures[] = {
    {"nam-wavenet",
     "{\"version\":\"0.5.4\",\"architecture\":\"WaveNet\",\"config\":{\"layers\":[{\"input_size\":"
     "1,\"condition_size\":1,\"channels\":2,\"head_size\":1,\"kernel_size\":2,\"dilations\":[1,4],"
     "\"activation\":\"Tanh\",\"gated\":false,\"head_bias\":false}],\"head\":null,\"head_scale\":"
     "0.02},\"weights\":[#41],\"sample_rate\":48000,\"metadata\":{\"name\":\"Amp\",\"loudness\":"
     "-18.5,\"training\":{\"validation_esr\":0.01}}}"},
    {"nam-wavenet-gated",
     "{\"version\":\"0.7.0\",\"architecture\":\"WaveNet\",\"config\":{\"layers\":[{\"input_size\":"
     "1,\"condition_size\":1,\"channels\":2,\"head_size\":2,\"kernel_sizes\":[3,2],\"dilations\":"
     "[1,2],\"activation\":[\"ReLU\",{\"type\":\"LeakyReLU\",\"negative_slope\":0.1}],"
     "\"gating_mode\":\"gated\",\"head1x1\":{\"active\":true,\"out_channels\":2,\"groups\":1},"
     "\"conv_pre_film\":{\"active\":true,\"shift\":true,\"groups\":1},\"head_bias\":true}],"
     "\"head\":{\"channels\":2,\"num_layers\":1,\"out_channels\":1,\"kernel_sizes\":[1],"
     "\"activation\":\"Softsign\"},\"head_scale\":0.02},\"weights\":[#108],\"sample_rate\":48000}"},
    {"nam-convnet",
     "{\"version\":\"0.5.4\",\"architecture\":\"ConvNet\",\"config\":{\"channels\":2,\"dilations\":"
     "[1,2],\"batchnorm\":false,\"activation\":\"Tanh\"},\"weights\":[#19],\"sample_rate\":48000}"},
    {"nam-convnet-norm",
     "{\"version\":\"0.5.4\",\"architecture\":\"ConvNet\",\"config\":{\"channels\":2,\"dilations\":"
     "[1,2],\"batchnorm\":true,\"activation\":\"ReLU\"},\"weights\":[#4,#2,1,1,#4,0.001,#8,#2,1,1,"
     "#4,0.001,#3],\"sample_rate\":48000}"},
    {"nam-linear",
     "{\"version\":\"0.5.4\",\"architecture\":\"Linear\",\"config\":{\"receptive_field\":4,"
     "\"bias\":true},\"weights\":[#5],\"sample_rate\":48000}"},
    {"nam-container",
     "{\"version\":\"0.7.0\",\"architecture\":\"SlimmableContainer\",\"config\":{\"submodels\":[{"
     "\"max_value\":1,\"model\":{\"version\":\"0.5.4\",\"architecture\":\"Linear\",\"config\":{"
     "\"receptive_field\":2,\"bias\":false},\"weights\":[#2],\"sample_rate\":48000}}]},"
     "\"weights\":[],\"sample_rate\":48000}"},
    {"smartamp",
     "{\"activation\":\"gated\",\"output_channels\":1,\"input_channels\":1,\"residual_channels\":2,"
     "\"filter_width\":2,\"dilations\":[1,2],\"variables\":["
     "{\"layer_idx\":-1,\"name\":\"W\",\"data\":[#2]},"
     "{\"layer_idx\":-1,\"name\":\"b\",\"data\":[\"0.5\",\"-0.25\"]},"
     "{\"layer_idx\":0,\"name\":\"W_conv\",\"data\":[#16]},"
     "{\"layer_idx\":0,\"name\":\"b_conv\",\"data\":[#4]},"
     "{\"layer_idx\":0,\"name\":\"W_out\",\"data\":[#4]},"
     "{\"layer_idx\":0,\"name\":\"b_out\",\"data\":[#2]},"
     "{\"layer_idx\":1,\"name\":\"W_conv\",\"data\":[#16]},"
     "{\"layer_idx\":1,\"name\":\"b_conv\",\"data\":[#4]},"
     "{\"layer_idx\":1,\"name\":\"W_out\",\"data\":[#4]},"
     "{\"layer_idx\":1,\"name\":\"b_out\",\"data\":[#2]},"
     "{\"layer_idx\":2,\"name\":\"W\",\"data\":[#4]},"
     "{\"layer_idx\":2,\"name\":\"b\",\"data\":[#1]}]}"},
    {"rtneural-conv",
     "{\"in_shape\":[null,null,1],\"layers\":[{\"type\":\"conv1d\",\"activation\":\"elu\","
     "\"shape\":[null,null,2],\"kernel_size\":[2],\"dilation\":[2],\"groups\":1,\"weights\":[[[#1x2"
     "],[#1x2]],[#2]]},{\"type\":\"gru\",\"activation\":\"tanh\",\"shape\":[null,null,2],"
     "\"weights\":[[#2x6],[#2x6],[#2x6]]},{\"type\":\"dense\",\"activation\":\"sigmoid\",\"shape\":"
     "[null,null,1],\"weights\":[[#2x1],[#1]]}]}"},
};

/// A text that grows
typedef struct {
  char text[MAX_TEXT];
  size_t size;
  Random random;
} Draft;

static void
add_numbers(Draft* const d, const unsigned long n)
{
  for (unsigned long i = 0; i < n; ++i) {
    d->size += (size_t)snprintf(d->text + d->size, MAX_TEXT - d->size, "%s%.3f", i ? "," : "",
                                random_between(&d->random, -0.7, 0.7));
  }
}

static void
add_text(Draft* const d, const char* const text)
{
  d->size += (size_t)snprintf(d->text + d->size, MAX_TEXT - d->size, "%s", text);
}

/// Add what stands for numbers, behind its #; return how long that was
static size_t
expand_numbers(Draft* const d, const char* const pattern)
{
  char* end = NULL;
  const unsigned long n = strtoul(pattern, &end, 10);
  if (*end != 'x') {
    add_numbers(d, n);
    return (size_t)(end - pattern);
  }
  const unsigned long n_columns = strtoul(end + 1, &end, 10);
  for (unsigned long i = 0; i < n; ++i) {
    add_text(d, i ? ",[" : "[");
    add_numbers(d, n_columns);
    add_text(d, "]");
  }
  return (size_t)(end - pattern);
}

static void
give_pattern(const FuzzSeeds* const seeds, const Pattern* const pattern, const size_t n_before)
{
  static Draft draft;
  draft = (Draft){.size = n_before, .random = random_for(1, 1)};
  for (const char* c = pattern->pattern; *c; ++c) {
    if (*c == '#') {
      c += expand_numbers(&draft, c + 1);
    } else {
      add_text(&draft, (const char[]){*c, '\0'});
    }
  }
  fuzz_give(seeds, pattern->name, draft.text, draft.size);
}

/// Leave a few frames of the test signal beside a set of weights
static void
shorten_test(json_t* const set)
{
  static const char* const keys[] = {"input_batch", "output_batch"};
  for (size_t i = 0; i < 2; ++i) {
    json_t* const signal = json_object_get(set, keys[i]);
    while (json_array_size(signal) > MAX_FRAMES) {
      (void)json_array_remove(signal, MAX_FRAMES);
    }
  }
}

/// Give a model as our writer writes it, but with less of a test
static void
give_file(const FuzzSeeds* const seeds, const char* const name, ModelFile* const file,
          const size_t n_before)
{
  static char bytes[MAX_TEXT];
  char* text = NULL;
  size_t i = 0;
  json_t* set = NULL;
  fuzz_check(!model_json_encode(file, &text, NULL));
  json_t* const root = json_loads(text, 0, NULL);
  free(text);
  shorten_test(root);
  json_array_foreach(json_object_get(json_object_get(root, "grus"), "sets"), i, set)
  {
    shorten_test(set);
  }
  const size_t n = json_dumpb(root, bytes + n_before, MAX_TEXT - n_before,
                              JSON_COMPACT | JSON_REAL_PRECISION(9));
  fuzz_check(n_before + n <= MAX_TEXT);
  fuzz_give(seeds, name, bytes, n_before + n);
  json_decref(root);
  model_file_clear(file);
}

/// Make a model with everything that a file can say
static ModelFile
make_full_file(void)
{
  const ParamsShape shape = {CELL_GRU_RESET_BEFORE, 2, 3, true, 5};
  ModelFile file = {
      .params = fixture_params(shape, 3),
      .stage_is_cabinet = true,
      .sample_rate = 48000.0,
      .input_gain_db = 3.0,
      .output_gain_db = -6.0,
      .loudness = {{true, -20.0}, {true, {{-30.0, -18.0}, {-21.0, -19.0}}}},
      .input_dbu = {true, 12.5},
      .output_dbu = {true, 4.0},
      .name = "Amp",
      .author = "Nobody",
      .gear = "Gear",
      .license = "CC0-1.0",
      .knobs = {"gain", "tone"},
      .delay = 12.5,
      .drift = 1e-6,
      .held_out = 0.1,
      .clip_warmup = 100.0,
      .source_hash = "0123456789abcdef",
      .teacher = {"0123456789abcdef", "a.nam", "NAM capture (A1 WaveNet)", "Capture", 0.01},
      .record = {0.01, 0.02, 0.03, 0.04, 180.0, 1000.0, 1.0},
      .others = {{44100.0, fixture_params(shape, 4), {0.02, 0.03, 0.04, 0.05, 90.0, 500.0, 2.0}}},
      .n_others = 1,
  };
  return file;
}

void
fuzz_give_models(const FuzzSeeds* const seeds, const size_t n_before)
{
  ModelFile before = fixture_model_file(CELL_GRU_RESET_BEFORE, 2, 1);
  ModelFile after = fixture_model_file(CELL_GRU_RESET_AFTER, 3, 2);
  ModelFile full = make_full_file();
  give_file(seeds, "before", &before, n_before);
  give_file(seeds, "after", &after, n_before);
  give_file(seeds, "full", &full, n_before);
  for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); ++i) {
    give_pattern(seeds, &models[i], n_before);
  }
}

void
fuzz_give_captures(const FuzzSeeds* const seeds, const size_t n_before)
{
  for (size_t i = 0; i < sizeof(captures) / sizeof(captures[0]); ++i) {
    give_pattern(seeds, &captures[i], n_before);
  }
}

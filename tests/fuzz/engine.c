// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Model files, through to up to 4096 frames of sound, at odd rates, with controls as no player
// would turn them, changed while it plays: the output is finite and within the engine's limit.
//
// Input: HEADER_SIZE bytes that say how it is played, then the file.

#include "core/engine/controls.h"
#include "core/engine/load.h"
#include "core/random.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"

#include <math.h>
#include <string.h>

#define HEADER_SIZE 32U
#define MAX_FRAMES 4096U
#define MAX_BLOCK 512U

const size_t fuzz_json_begin = HEADER_SIZE;

/// How it is played
typedef struct {
  ModelUse use;
  double given_rate; ///< [Hz]
  bool measures;     ///< The loudness, which takes long
  uint32_t n_frames;
  Random random;
  FuzzBytes rest;
} Manner;

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_models(seeds, HEADER_SIZE);
}

static Manner
read_manner(FuzzBytes header)
{
  static const double rates[] = {48000.0, 44100.0, 8000.0,   11025.0,  22050.0, 96000.0,
                                 88200.0, 192e3,   384000.0, 768000.0, 47999.0, 1.0};
  Manner m = {.use.sample_rate = rates[fuzz_take_below(&header, 12)]};
  const uint32_t flags = fuzz_take(&header);
  m.use.n_channels = 1 + flags % 2;
  m.use.oversampling = 1U << (flags / 2 % 3);
  m.measures = flags / 8 % 16 == 15;
  m.given_rate = flags / 128 ? rates[fuzz_take_below(&header, 12)] : 0.0;
  m.n_frames = fuzz_take_below(&header, MAX_FRAMES + 1);
  m.random = random_for(fuzz_take(&header), 1);
  m.rest = header;
  return m;
}

static void
turn_controls(Manner* const m, EngineControls* const controls)
{
  for (uint32_t n = m->rest.size ? fuzz_take(&m->rest) % 4 : 0; n; --n) {
    const Control control = (Control)fuzz_take_below(&m->rest, N_CONTROLS);
    controls_set_raw(controls, control, fuzz_take_float(&m->rest));
  }
}

/// Fill a block with noise, and now and then with what no converter puts out
static void
fill_block(Manner* const m, float* const x, const uint32_t n)
{
  const bool is_odd = random_below(&m->random, 8) == 0;
  for (uint32_t i = 0; i < n; ++i) {
    x[i] = (float)random_between(&m->random, -1.0, 1.0);
  }
  if (is_odd && n) {
    const uint8_t which[2] = {(uint8_t)random_bits(&m->random), 0};
    x[random_below(&m->random, n)] = fuzz_take_float(&(FuzzBytes){which, 2});
  }
}

static void
check_block(const float* const x, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    fuzz_check(isfinite(x[i]) && fabsf(x[i]) <= ENGINE_OUTPUT_LIMIT);
  }
}

static void
play_engine(Manner* const m, Engine* const engine)
{
  static float x[ENGINE_MAX_CHANNELS][MAX_BLOCK];
  EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  for (uint32_t done = 0, n = 0; done < m->n_frames; done += n ? n : 1) {
    n = random_below(&m->random, MAX_BLOCK + 1);
    turn_controls(m, &controls);
    for (uint32_t c = 0; c < m->use.n_channels; ++c) {
      fill_block(m, x[c], n);
    }
    engine_run(engine, &controls, (const float* const[]){x[0], x[1]}, (float* const[]){x[0], x[1]},
               n);
    for (uint32_t c = 0; c < m->use.n_channels; ++c) {
      check_block(x[c], n);
    }
  }
}

/// Load a model, and hand it to an engine while that plays
static void
play_model(Manner* const m, Model* const model)
{
  Engine* engine = NULL;
  fuzz_check(!engine_new(m->use.sample_rate, m->use.n_channels, &engine));
  fuzz_check(!engine_change_model(engine, model));
  if (random_below(&m->random, 2)) {
    engine_reset(engine);
  }
  fuzz_check(isfinite(model_rest_output(model)));
  play_engine(m, engine);
  engine_free(engine);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  Manner m = read_manner(fuzz_take_piece(&input, HEADER_SIZE));
  Content content = {NULL, 0};
  Model* model = NULL;
  LoadRemarks remarks = {{""}, {""}, {.has_cabinet = false}};
  Message message = {""};
  fuzz_check(!content_copy(input.bytes, input.size, &content));
  const LoadSource source = {.content = &content,
                             .name = "input.json",
                             .loudness.middle = {!m.measures, -20.0},
                             .rate = {m.given_rate, "the port"}};
  const Status status = load_model(source, m.use, &model, &remarks, &message);
  content_clear(&content);
  if (status) {
    fuzz_check_message(&message);
    return 0;
  }
  fuzz_check_text(remarks.note.text);
  fuzz_check_text(remarks.warning.text);
  fuzz_check_text(remarks.about.name);
  fuzz_check_text(remarks.about.kind);
  play_model(&m, model);
  return 0;
}

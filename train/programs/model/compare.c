// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model compare: how far is one model's output from another's? Both play a recording as the
// plugin would, each ahead by its latency, so that they are scored sample by sample.

#include "cli/message.h"
#include "cli/terminal.h"
#include "core/engine/engine.h"
#include "core/format/model_file_io.h"
#include "train/audio/score.h"
#include "train/audio/wav.h"
#include "train/programs/common/score_text.h"
#include "train/programs/model/commands.h"

#include <stdio.h>
#include <string.h>

/// A model that plays a recording
typedef struct {
  WavReader reader;
  Engine* engine;
} ModelPlayer;

static const EngineControls controls = ENGINE_DEFAULT_CONTROLS;

static void
player_clear(ModelPlayer* const p)
{
  wav_reader_close(&p->reader);
  engine_free(p->engine);
}

/// Hand the model to the engine, at rest
static Status
load_model(ModelPlayer* const p, const char* const path, Message* const message)
{
  ModelFile file = {0};
  Model* model = NULL;
  Status status = model_file_read(path, &file, message);
  if (status) {
    return status;
  }
  if (file.warning.text[0]) {
    (void)cli_complain("grus-model", "%s", file.warning.text);
  }
  status = model_new(&file, (ModelUse){p->reader.sample_rate, 1, 1}, &model);
  model_file_clear(&file);
  if (status) {
    return status_fail(message, status, "%s: %s", path, status_text(status));
  }
  model_free(engine_change_model(p->engine, model));
  engine_reset(p->engine);
  return STATUS_OK;
}

/// Play `n` more frames, silence after the end; `n_read` are the recording's
static Status
play_block(ModelPlayer* const p, float* const block, const uint32_t n, uint32_t* const n_read,
           Message* const message)
{
  memset(block, 0, n * sizeof(float));
  const Status status = wav_reader_read(&p->reader, block, n, n_read, message);
  if (!status) {
    engine_run(p->engine, &controls, (const float* const[]){block}, (float* const[]){block}, n);
  }
  return status;
}

/// Play what the engine holds back, so that the sound begins with the recording
static Status
play_ahead(ModelPlayer* const p, Message* const message)
{
  Status status = STATUS_OK;
  for (uint32_t left = engine_latency(p->engine), n = 0; left && !status; left -= n) {
    float block[WAV_BLOCK];
    uint32_t n_read = 0;
    n = left < WAV_BLOCK ? left : WAV_BLOCK;
    status = play_block(p, block, n, &n_read, message);
  }
  return status;
}

static Status
player_init(ModelPlayer* const p, const char* const model, const char* const recording,
            Message* const message)
{
  Status status = wav_reader_open(&p->reader, recording, 1, message);
  if (status) {
    return status;
  }
  if (engine_new(p->reader.sample_rate, 1, &p->engine)) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%s: can't be played at %g Hz", recording,
                       p->reader.sample_rate);
  }
  status = load_model(p, model, message);
  return status ? status : play_ahead(p, message);
}

/// Score the second against the first, through all of the recording
static Status
score_all(ModelPlayer players[2], Score* const score, Message* const message)
{
  uint64_t left = players[0].reader.n_frames;
  Status status = STATUS_OK;
  while (left && !status) {
    float sound[2][WAV_BLOCK];
    const uint32_t n = left < WAV_BLOCK ? (uint32_t)left : WAV_BLOCK;
    uint32_t n_read = 0;
    if ((status = play_block(&players[0], sound[0], n, &n_read, message)) ||
        (status = play_block(&players[1], sound[1], n, &n_read, message))) {
      return status;
    }
    score_add(score, sound[1], sound[0], n);
    left -= n;
  }
  return status;
}

static Status
print_distance(ModelPlayer players[2], Score* const score, const char* const recording,
               Message* const message)
{
  ScoreResult result = {0};
  if (!players[0].reader.n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%s: has no frames; expected a recording",
                       recording);
  }
  const Status status = score_all(players, score, message);
  if (status) {
    return status;
  }
  if (score_result(score, &result)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  score_text_print("second model against first", &result, cli_terminal_columns());
  return STATUS_OK;
}

Status
model_command_compare(char* const* const arguments, const ModelOptions* const options,
                      Message* const message)
{
  ModelPlayer players[2] = {{.engine = NULL}, {.engine = NULL}};
  Score score;
  if (!options->on) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "compare: needs --on=FILE.wav, a recording to play through both");
  }
  Status status = player_init(&players[0], arguments[0], options->on, message);
  status = status ? status : player_init(&players[1], arguments[1], options->on, message);
  if (!status) {
    score_init(&score, players[0].reader.sample_rate);
    status = print_distance(players, &score, options->on, message);
    score_clear(&score);
  }
  player_clear(&players[0]);
  player_clear(&players[1]);
  return status;
}

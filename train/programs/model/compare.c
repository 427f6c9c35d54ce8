// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model compare: how far is one model's output from another's? Both play a recording as the
// plugin would, each ahead by its latency, so that they are scored sample by sample. A capture is
// rendered first, and its DC is removed as the plugin removes that of models.

#include "cli/json_output.h"
#include "cli/message.h"
#include "cli/terminal.h"
#include "core/dc_blocker.h"
#include "core/engine/engine.h"
#include "core/engine/load.h"
#include "train/audio/score.h"
#include "train/audio/wav.h"
#include "train/programs/common/capture_rate.h"
#include "train/programs/common/new_engine.h"
#include "train/programs/common/recording_note.h"
#include "train/programs/common/score_text.h"
#include "train/programs/model/commands.h"
#include "train/programs/model/either.h"
#include "train/teacher/play.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A model or a capture that plays a recording
typedef struct {
  const char* path; ///< Not owned
  WavReader reader;
  Engine* engine;
  float* rendered; ///< What a capture makes of the recording; NULL: a model
  uint64_t n_rendered;
  uint64_t n_played;    ///< Of these
  WavChannels channels; ///< Of the recording
  bool is_heard;        ///< The recording is not silent
} ModelPlayer;

static const EngineControls controls = ENGINE_DEFAULT_CONTROLS;

static void
player_clear(ModelPlayer* const p)
{
  wav_reader_close(&p->reader);
  engine_free(p->engine);
  free(p->rendered);
}

/// Subtract the running mean, which starts at the capture's level at rest
static Status
remove_dc(const Teacher* const teacher, const Wav* const recording, float* const sound,
          Message* const message)
{
  static const float silence[1];
  const Wav moment = {
      .samples = silence, .n_frames = 1, .sample_rate = teacher_info(teacher)->sample_rate};
  float rest = 0.0F;
  const Status status = teacher_play(teacher, &moment, &rest, message);
  double mean = (double)rest;
  if (!status) {
    dc_blocker_run(&mean, dc_blocker_coefficient(recording->sample_rate), sound,
                   (size_t)recording->n_frames);
  }
  return status;
}

/// Render all of the recording
static Status
render_capture(ModelPlayer* const p, const Teacher* const teacher, Message* const message)
{
  Wav wav = {0};
  Status status = wav_read(p->reader.path, p->reader.channel + 1, &wav, message);
  if (status) {
    return status;
  }
  p->n_rendered = wav.n_frames;
  p->channels = wav.channels;
  p->channels.is_chosen = p->reader.is_chosen;
  p->is_heard = !wav_is_silent(wav.samples, wav.n_frames);
  p->rendered = (float*)malloc(((size_t)wav.n_frames + 1) * sizeof(float));
  status = p->rendered ? teacher_play(teacher, &wav, p->rendered, message)
                       : status_fail(message, STATUS_NO_MEMORY, "out of memory");
  status = status ? status : remove_dc(teacher, &wav, p->rendered, message);
  wav_clear(&wav);
  return status;
}

/// Hand a model to the engine, at rest
static Status
insert_model(ModelPlayer* const p, const ModelFile* const file, Message* const message)
{
  Model* model = NULL;
  if (file->warning.text[0]) {
    (void)cli_complain("grus-model", "%s", file->warning.text);
  }
  const Status status = model_new(file, (ModelUse){p->reader.sample_rate, 1, 1}, &model);
  if (status) {
    return status_fail(message, status, "%s: %s", p->path, status_text(status));
  }
  model_free(engine_change_model(p->engine, model));
  engine_reset(p->engine);
  return STATUS_OK;
}

/// Give a file that has no rate this one [Hz], 0: none; return what should be known about it
static Message
give_rate(ModelOrCapture* const either, const char* const path, const double rate)
{
  Message note = {""};
  if (either->teacher) {
    return capture_rate_give(either->teacher, path, rate);
  }
  model_file_give_rate(&either->model, rate);
  load_note_given_rate(load_own_rate(&either->model), (LoadRate){rate, "--rate=HZ"}, path, &note);
  return note;
}

static void
print_note(const Message note)
{
  if (note.text[0]) {
    (void)cli_complain("grus-model", "%s", note.text);
  }
}

static Status
load_either(ModelPlayer* const p, const double rate, Message* const message)
{
  ModelOrCapture either = {.teacher = NULL};
  Status status = either_read(p->path, &either, message);
  if (!status) {
    print_note(give_rate(&either, p->path, rate));
    status = either.teacher ? render_capture(p, either.teacher, message)
                            : insert_model(p, &either.model, message);
  }
  either_clear(&either);
  return status;
}

/// Take `n` more frames of what was rendered, silence after the end
static void
play_rendered(ModelPlayer* const p, float* const block, const uint32_t n)
{
  const uint64_t left = p->n_rendered - p->n_played;
  const uint64_t n_taken = left < n ? left : n;
  memcpy(block, p->rendered + p->n_played, (size_t)n_taken * sizeof(float));
  p->n_played += n_taken;
}

/// Play `n` more frames, silence after the end; `n_read` are the recording's
static Status
play_block(ModelPlayer* const p, float* const block, const uint32_t n, uint32_t* const n_read,
           Message* const message)
{
  memset(block, 0, n * sizeof(float));
  if (p->rendered) {
    play_rendered(p, block, n);
    return STATUS_OK;
  }
  const Status status = wav_reader_read(&p->reader, block, n, n_read, message);
  if (!status) {
    p->channels = wav_reader_channels(&p->reader);
    p->is_heard = p->is_heard || !wav_is_silent(block, *n_read);
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
player_init(ModelPlayer* const p, const ModelOptions* const options, Message* const message)
{
  Status status = wav_reader_open(&p->reader, options->on, options->channel, message);
  if (status) {
    return status;
  }
  if ((status = new_engine_for(options->on, p->reader.sample_rate, &p->engine, message)) ||
      (status = load_either(p, options->rate, message))) {
    return status;
  }
  return play_ahead(p, message);
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

static void
print_notes(const ModelPlayer* const p)
{
  const WavReader* const reader = &p->reader;
  const Message notes[] = {recording_note_cut(reader->path, reader->cut),
                           recording_note_encoding(reader->path, reader->lossy),
                           recording_note_channel(reader->path, &p->channels, "channel")};
  for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); ++i) {
    if (notes[i].text[0]) {
      (void)cli_complain("grus-model", "%s", notes[i].text);
    }
  }
}

static void
add_distance(const ModelPlayer players[2], const ScoreResult* const result,
             const ModelOptions* const options)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "file", players[1].path);
  cli_json_set_text(object, "against", players[0].path);
  cli_json_set_text(object, "on", options->on);
  cli_json_set(object, "score", score_text_json(result));
  cli_json_append(options->found, object);
}

static Status
print_distance(ModelPlayer players[2], Score* const score, const ModelOptions* const options,
               Message* const message)
{
  ScoreResult result = {0};
  if (!players[0].reader.n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%s: has no frames; expected a recording",
                       options->on);
  }
  const Status status = score_all(players, score, message);
  if (status) {
    return status;
  }
  print_notes(&players[0]);
  if (!players[0].is_heard) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is silent; expected playing", options->on);
  }
  if (score_result(score, &result)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  if (!isfinite(result.esr)) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is silent while %s is played; expected sound",
                       players[0].path, options->on);
  }
  if (options->found) {
    add_distance(players, &result, options);
  } else {
    score_text_print("second model against first", &result, cli_terminal_columns());
  }
  return STATUS_OK;
}

Status
model_command_compare(char* const* const arguments, const ModelOptions* const options,
                      Message* const message)
{
  ModelPlayer players[2] = {{.path = arguments[0]}, {.path = arguments[1]}};
  Score score;
  if (!options->on) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "compare: needs --on=FILE.wav, a recording to play through both");
  }
  Status status = player_init(&players[0], options, message);
  status = status ? status : player_init(&players[1], options, message);
  if (!status) {
    score_init(&score, players[0].reader.sample_rate);
    status = print_distance(players, &score, options, message);
    score_clear(&score);
  }
  player_clear(&players[0]);
  player_clear(&players[1]);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Renders: reads, plays, scores and writes a block at a time.

#include "train/programs/render/render.h"

#include "core/clock.h"
#include "core/engine/load.h"
#include "core/format/model_file_io.h"
#include "core/model/convolver.h"
#include "core/text.h"
#include "train/audio/score.h"
#include "train/audio/wav.h"
#include "train/audio/wav_writer.h"
#include "train/programs/common/capture_rate.h"
#include "train/programs/common/new_engine.h"
#include "train/programs/common/output_file.h"
#include "train/programs/common/recording_note.h"
#include "train/programs/render/capture.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "grus-render"

/// Everything open while rendering
typedef struct {
  const RenderOptions* options;
  RenderResult* result;
  EngineControls controls; ///< With the knobs, which are the model's
  Engine* engine;
  WavReader input;
  CaptureSound capture;  ///< What the engine gets in place of the input; empty with a model
  uint64_t n_of_capture; ///< Frames of it that were read
  Target target;         ///< Zeroed: there is none
  WavWriter output;
  bool is_writing;
  uint64_t n_frames; ///< Rendered
  uint32_t n_ahead;  ///< Frames that were read but have not come out yet
} RenderRun;

/// Keep a note, unless it is empty
static void
add_note(RenderRun* const r, const Message note)
{
  if (note.text[0] && r->result->n_notes < RENDER_MAX_NOTES) {
    r->result->notes[r->result->n_notes++] = note;
  }
}

/// Refuse a knob that the model doesn't have
static Status
refuse_knob(const RenderRun* const r, const ModelFile* const file, const char* const text,
            Message* const message)
{
  const uint32_t n_knobs = file->params.shape.n_inputs - 1;
  char names[256] = "none";
  size_t n = 0;
  for (uint32_t k = 0; k < n_knobs && n < sizeof(names); ++k) {
    const char* const name = file->knobs[k][0] ? file->knobs[k] : "one without a name";
    n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", k ? ", " : "", name);
  }
  return status_fail(message, STATUS_BAD_ARGUMENT, "%s: no knob for --knob=%.60s; it has %s",
                     r->options->model, text, names);
}

/// Return the place of a name among the knobs, or their number
static uint32_t
find_knob(const ModelFile* const file, const RenderKnob given)
{
  const uint32_t n_knobs = file->params.shape.n_inputs - 1;
  uint32_t k = 0;
  while (k < n_knobs && (strlen(file->knobs[k]) != given.name_length ||
                         memcmp(file->knobs[k], given.text, given.name_length) != 0)) {
    ++k;
  }
  return k;
}

/// Turn the knobs to the requested positions
static Status
turn_knobs(RenderRun* const r, const ModelFile* const file, Message* const message)
{
  uint32_t next = 0;
  for (uint32_t i = 0; i < r->options->n_knobs; ++i) {
    const RenderKnob given = r->options->knobs[i];
    const uint32_t knob = given.name_length ? find_knob(file, given) : next++;
    if (knob + 1 >= file->params.shape.n_inputs) {
      return refuse_knob(r, file, given.text, message);
    }
    r->controls.knobs[knob] = given.value;
  }
  return STATUS_OK;
}

/// Note how a model's own cabinet is played, or that there is none to leave out
static void
note_cabinet(RenderRun* const r, const Model* const model)
{
  const RenderOptions* const o = r->options;
  const EngineCabinet heard = !o->controls.cabinet_enabled ? ENGINE_CABINET_WITHOUT
                              : o->cabinet                 ? ENGINE_CABINET_OWN
                                                           : ENGINE_CABINET_CAPTURED;
  Message way = {""};
  if (model_has_cabinet(model)) {
    message_set(&way, "captured with its cabinet; played: %s", engine_cabinet_text(heard));
  } else if (!o->controls.cabinet_enabled) {
    message_set(&way, "not captured with a cabinet; --no-cabinet changes nothing");
  }
  load_add_way(o->model, &way, &r->result->rate);
}

/// Render the whole recording through a capture; the engine only adds levels and cabinet
static Status
play_capture(RenderRun* const r, Teacher* const teacher, Message* const message)
{
  const RenderOptions* const o = r->options;
  if (o->n_knobs || o->oversampling > 1 || o->clip_frames || !o->controls.cabinet_enabled) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is a capture, for which there is no --knob, --quality, --no-cabinet or "
                       "--clip-frames",
                       o->model);
  }
  r->result->rate = capture_rate_give(teacher, o->model, o->rate);
  const Status status = capture_play(teacher, o->input, o->input_channel, &r->capture, message);
  load_add_way(o->model, &r->capture.note, &r->result->rate);
  r->result->engine_seconds += r->capture.seconds;
  return status;
}

static Status
insert_capture(RenderRun* const r, Message* const message)
{
  Teacher* teacher = NULL;
  Status status = teacher_read_unplayable(r->options->model, &teacher, message);
  status = status ? status : play_capture(r, teacher, message);
  teacher_free(teacher);
  return status;
}

static Status
insert_model(RenderRun* const r, Message* const message)
{
  ModelFile file = {0};
  Model* model = NULL;
  Status status = model_file_read(r->options->model, &file, message);
  if (status) {
    return status == STATUS_UNSUPPORTED ? insert_capture(r, message) : status;
  }
  add_note(r, file.warning);
  r->target.training = target_training(&file);
  model_file_give_rate(&file, r->options->rate);
  const ModelUse use = {r->input.sample_rate, 1, r->options->oversampling};
  status = turn_knobs(r, &file, message);
  if (!status && (status = model_new(&file, use, &model))) {
    (void)status_fail(message, status, "%s: %s", r->options->model, status_text(status));
  }
  if (!status) {
    load_note_rate(&file, model, (LoadRate){r->options->rate, "--rate=HZ"}, r->options->model,
                   &r->result->rate);
    note_cabinet(r, model);
  }
  model_file_clear(&file);
  if (status) {
    return status;
  }
  if (model_latency(model) && r->options->clip_frames) {
    model_free(model);
    return status_fail(
        message, STATUS_BAD_ARGUMENT,
        "--clip-frames needs a model without latency: one layer, recordings at its own "
        "rate, quality normal");
  }
  model_settle(model, r->controls.knobs);
  model_free(engine_change_model(r->engine, model));
  engine_reset(r->engine);
  return STATUS_OK;
}

static Status
insert_cabinet(RenderRun* const r, Message* const message)
{
  const char* const path = r->options->cabinet;
  Content content = {NULL, 0};
  Convolver* convolver = NULL;
  LoadRemarks remarks = {.warning = {""}};
  if (!path) {
    return STATUS_OK;
  }
  Status status = file_read_whole(path, FILE_SOUND, LOAD_MAX_CABINET_SIZE, &content, message);
  if (!status) {
    status = load_cabinet((LoadSource){.content = &content, .name = path},
                          (CabinetUse){r->input.sample_rate, 1}, &convolver, &remarks, message);
  }
  content_clear(&content);
  if (!status) {
    convolver_free(engine_change_cabinet(r->engine, convolver));
    engine_reset(r->engine);
  }
  add_note(r, remarks.warning);
  return status;
}

static Status
open_target(RenderRun* const r, Message* const message)
{
  const RenderOptions* const o = r->options;
  if (!o->target) {
    return STATUS_OK;
  }
  const TargetUse use = {.input = o->input,
                         .input_channel = o->input_channel,
                         .path = o->target,
                         .channel = o->target_channel,
                         .has_latency = o->has_latency,
                         .latency = o->latency,
                         .blocks_dc = !r->capture.samples && !wav_writer_wrote(o->target, PROGRAM),
                         .clips = {o->clip_frames, o->clip_warmup}};
  const Status status = target_open(&r->target, &use, message);
  const double rate = r->target.recorded.sample_rate;
  if (!status && rate != r->input.sample_rate) {
    char input[160];
    text_shorten_path(input, sizeof(input), o->input);
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: is at %g Hz; expected %g Hz, the rate of %s", o->target, rate,
                       r->input.sample_rate, input);
  }
  return status;
}

static Status
open_output(RenderRun* const r, Message* const message)
{
  const WavTarget target = {r->options->output, PROGRAM, (uint32_t)r->input.sample_rate, WAV_FLOAT};
  const Status status = wav_writer_open(&r->output, &target, message);
  r->is_writing = !status;
  output_file_guard(r->output.draft.temporary);
  return status;
}

/// Fail if the output can't be written, or if something would be lost
static Status
check_output(const RenderOptions* const o, Message* const message)
{
  const char* const inputs[] = {o->model, o->input, o->target, o->cabinet};
  const OutputFile output = {.path = o->output,
                             .kind = OUTPUT_SOUND,
                             .inputs = inputs,
                             .n_inputs = sizeof(inputs) / sizeof(inputs[0]),
                             .program = PROGRAM,
                             .is_own = wav_writer_wrote(o->output, PROGRAM),
                             .overwrites = o->overwrites};
  const Status status = output_file_check(&output, message);
  return status ? status : wav_writer_check_name(o->output, message);
}

static Status
open_all(RenderRun* const r, Message* const message)
{
  Status status = check_output(r->options, message);
  if (status) {
    return status;
  }
  status = wav_reader_open(&r->input, r->options->input, r->options->input_channel, message);
  if (status) {
    return status;
  }
  if ((status = new_engine_for(r->options->input, r->input.sample_rate, &r->engine, message)) ||
      (status = insert_model(r, message)) || (status = insert_cabinet(r, message)) ||
      (status = open_target(r, message))) {
    return status;
  }
  return open_output(r, message);
}

/// Make what was written the output
static Status
keep_output(RenderRun* const r, Message* const message)
{
  r->is_writing = false;
  r->result->n_clipped = r->output.n_clipped;
  return wav_writer_keep(&r->output, message);
}

static void
close_all(RenderRun* const r)
{
  if (r->is_writing) {
    wav_writer_discard(&r->output);
  }
  wav_reader_close(&r->input);
  capture_clear(&r->capture);
  target_clear(&r->target);
  engine_free(r->engine);
}

/// Frames until the next clip begins, at most `n`
static uint32_t
frames_to_boundary(const RenderRun* const r, const uint32_t n)
{
  const RenderOptions* const o = r->options;
  if (!o->clip_frames) {
    return n;
  }
  const uint32_t left = o->clip_frames - (uint32_t)(r->n_frames % o->clip_frames);
  return left < n ? left : n;
}

/// At the start of a clip: forget what was played
static void
begin_clip(RenderRun* const r)
{
  if (r->options->clip_frames && r->n_frames % r->options->clip_frames == 0) {
    engine_reset(r->engine);
  }
}

static void
play_block(RenderRun* const r, float* const block, const uint32_t n)
{
  const double start = clock_seconds();
  engine_run(r->engine, &r->controls, (const float* const[]){block}, (float* const[]){block}, n);
  r->result->engine_seconds += clock_seconds() - start;
}

/// Read what the engine gets
static Status
read_input(RenderRun* const r, float* const block, const uint32_t n, uint32_t* const n_read,
           Message* const message)
{
  const uint64_t n_left = r->capture.n_frames - r->n_of_capture;
  if (!r->capture.samples) {
    return wav_reader_read(&r->input, block, n, n_read, message);
  }
  *n_read = n_left < n ? (uint32_t)n_left : n;
  memcpy(block, r->capture.samples + r->n_of_capture, *n_read * sizeof(float));
  r->n_of_capture += *n_read;
  return STATUS_OK;
}

/// Play what the engine holds back, so that the output begins with the input
static Status
play_ahead(RenderRun* const r, Message* const message)
{
  for (uint32_t left = engine_latency(r->engine), n = 0; left; left -= n) {
    float block[WAV_BLOCK] = {0.0F};
    uint32_t n_read = 0;
    n = left < WAV_BLOCK ? left : WAV_BLOCK;
    const Status status = read_input(r, block, n, &n_read, message);
    if (status) {
      return status;
    }
    r->n_ahead += n_read;
    play_block(r, block, n);
  }
  return STATUS_OK;
}

/// Read a block; after the end, silence for what is held back
static Status
read_block(RenderRun* const r, float block[WAV_BLOCK], uint32_t* const n_read,
           Message* const message)
{
  const uint32_t n = frames_to_boundary(r, WAV_BLOCK);
  const Status status = read_input(r, block, n, n_read, message);
  if (!status && !*n_read) {
    *n_read = r->n_ahead < n ? r->n_ahead : n;
    r->n_ahead -= *n_read;
    memset(block, 0, *n_read * sizeof(float));
  }
  return status;
}

static Status
render_block(RenderRun* const r, uint32_t* const n_read, Message* const message)
{
  float block[WAV_BLOCK];
  Status status = read_block(r, block, n_read, message);
  if (status || !*n_read) {
    return status;
  }
  begin_clip(r);
  play_block(r, block, *n_read);
  status = wav_writer_add(&r->output, block, *n_read, message);
  if (!status && r->target.is_open) {
    status = target_add(&r->target, block, *n_read, message);
  }
  r->n_frames += *n_read;
  return status;
}

static Status
render_all(RenderRun* const r, Message* const message)
{
  uint32_t n_read = 0;
  Status status = play_ahead(r, message);
  do {
    status = status ? status : render_block(r, &n_read, message);
  } while (!status && n_read);
  if (!status && !r->n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%s: has no frames; expected a recording",
                       r->options->input);
  }
  return status;
}

/// What is known about a file that was read
typedef struct {
  const char* path;
  WavCut cut;
  const char* lossy;
  WavChannels channels;
  const char* option; ///< That chooses a channel
} FileFacts;

/// Note what is odd about a file, and which of its channels was read
static void
note_file(RenderRun* const r, const FileFacts* const f)
{
  add_note(r, recording_note_cut(f->path, f->cut));
  add_note(r, recording_note_encoding(f->path, f->lossy));
  add_note(r, recording_note_channel(f->path, &f->channels, f->option));
}

static void
note_files(RenderRun* const r)
{
  const RenderOptions* const o = r->options;
  const Wav* const target = &r->target.recorded;
  note_file(r,
            &(FileFacts){r->input.path, r->input.cut, r->input.lossy,
                         wav_reader_channels(&r->input), o->target ? "input-channel" : "channel"});
  if (r->target.is_open) {
    note_file(
        r, &(FileFacts){o->target, target->cut, target->lossy, target->channels, "target-channel"});
  }
}

/// Note that the guard muted what was not sound
static void
note_guard(RenderRun* const r)
{
  const uint32_t n = engine_guard_trips(r->engine);
  Message note = {""};
  if (n) {
    message_set(&note,
                "%s: the guard stopped the sound %u time%s: it ran away or was not finite; "
                "check the model and the levels",
                r->options->model, n, n == 1 ? "" : "s");
  }
  add_note(r, note);
}

/// Fill in the result
static Status
measure_result(RenderRun* const r, Message* const message)
{
  note_files(r);
  note_guard(r);
  r->result->seconds = (double)r->n_frames / r->input.sample_rate;
  r->result->is_scored = r->target.is_open;
  const Status status =
      r->target.is_open ? target_score(&r->target, &r->result->target, message) : STATUS_OK;
  add_note(r, r->result->target.note);
  return status;
}

Status
render_recording(const RenderOptions* const options, RenderResult* const result,
                 Message* const message)
{
  RenderRun r = {.options = options, .result = result, .controls = options->controls};
  Status status = open_all(&r, message);
  if (!status && !(status = render_all(&r, message)) && !(status = keep_output(&r, message))) {
    status = measure_result(&r, message);
  }
  close_all(&r);
  return status;
}

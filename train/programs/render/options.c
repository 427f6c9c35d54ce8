// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The command line of grus-render.

#include "train/programs/render/options.h"

#include "core/engine/level.h"
#include "core/engine/quality.h"
#include "core/format/model_file.h"
#include "train/programs/common/recording_note.h"

#include <string.h>

#define MAX_CLIP_FRAMES 100000000
#define MAX_LATENCY 1e7 ///< [frames]

/// Read [NAME=]VALUE
static bool
read_knob(const CliValue* const value, void* const options)
{
  RenderOptions* const o = (RenderOptions*)options;
  if (o->n_knobs == PARAMS_MAX_KNOBS) {
    return cli_refuse_value(value, "at most %u knobs", PARAMS_MAX_KNOBS);
  }
  char* const equals = strrchr(value->text, '=');
  const CliValue position = {value->program, value->option, equals ? equals + 1 : value->text};
  double number = 0.0;
  if (!cli_read_number(&position, 0.0, 1.0, &number)) {
    return false;
  }
  o->knobs[o->n_knobs++] =
      (RenderKnob){value->text, equals ? (size_t)(equals - value->text) : 0, (float)number};
  return true;
}

static bool
read_latency(const CliValue* const value, void* const options)
{
  RenderOptions* const o = (RenderOptions*)options;
  o->has_latency = true;
  return cli_read_number(value, -MAX_LATENCY, MAX_LATENCY, &o->latency);
}

static const CliChoice qualities[] = {{"normal", 1}, {"2x", 2}, {"4x", 4}, {NULL, 0}};

static const CliOption table[] = {
    {"target", 0, "FILE",
     "what came out of the real thing: print how far the model is from it, as error-to-signal "
     "ratio (ESR)",
     CLI_PATH, .to = offsetof(RenderOptions, target), .takes = CLI_TAKES_SOUND},
    {"input-level", 0, "DB", "level into the model (default 0)", CLI_FLOAT,
     .to = offsetof(RenderOptions, controls.input_gain_db), .least = (double)LEVEL_MIN_DB,
     .most = (double)LEVEL_MAX_DB},
    {"output-level", 0, "DB", "level after the model (default 0)", CLI_FLOAT,
     .to = offsetof(RenderOptions, controls.output_gain_db), .least = (double)LEVEL_MIN_DB,
     .most = (double)LEVEL_MAX_DB},
    {"knob", 0, "[NAME=]VALUE",
     "turn the knob called NAME, or the next one, to a position from 0 to 1 (default 0.5)",
     CLI_READ, .read = read_knob},
    {"quality", 0, "WHAT",
     QUALITY_WORDS ": run the model at so many times the rate, against aliasing", CLI_CHOICE,
     .to = offsetof(RenderOptions, oversampling), .choices = qualities},
    {"rate", 0, "HZ",
     "sample rate of the model, if its file gives none (default: 44100 for GuitarML, otherwise "
     "48000)",
     CLI_NUMBER, .to = offsetof(RenderOptions, rate), .least = MODEL_FILE_MIN_RATE,
     .most = MODEL_FILE_MAX_RATE},
    {"cabinet", 0, "FILE.wav",
     "loudspeaker after the model, an impulse response, in place of the model's own", CLI_PATH,
     .to = offsetof(RenderOptions, cabinet), .takes = CLI_TAKES_SOUND},
    {"no-cabinet", 0, NULL, "without the cabinet that the model was captured with", CLI_CLEAR,
     .to = offsetof(RenderOptions, controls.cabinet_enabled)},
    {"latency", 0, "FRAMES",
     "how late the target is (default: as MODEL.json says, otherwise it is found)", CLI_READ,
     .read = read_latency},
    {"channel", 0, "N", "channel to read, from 1 (default 1)", CLI_COUNT,
     .to = offsetof(RenderOptions, channel), .least = 1, .most = CHANNEL_MOST},
    {"input-channel", 0, "N", NULL, CLI_COUNT, .to = offsetof(RenderOptions, input_channel),
     .least = 1, .most = CHANNEL_MOST},
    {"target-channel", 0, "N", "the same for one of the files", CLI_COUNT,
     .to = offsetof(RenderOptions, target_channel), .least = 1, .most = CHANNEL_MOST},
    {"overwrite", 0, NULL, "replace OUT.wav even if grus-render did not write it", CLI_SET,
     .to = offsetof(RenderOptions, overwrites)},
    {"clip-frames", 0, "N", "the files are rows of independent clips of N frames", CLI_COUNT,
     .to = offsetof(RenderOptions, clip_frames), .least = 1, .most = MAX_CLIP_FRAMES},
    {"clip-warmup", 0, "N", "frames of each clip that are not scored", CLI_COUNT,
     .to = offsetof(RenderOptions, clip_warmup), .most = MAX_CLIP_FRAMES},
    {"json", 0, NULL, "print JSON, for other programs", CLI_SET,
     .to = offsetof(RenderOptions, is_json)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = "grus-render",
    .usage = {"[OPTION...] MODEL.json IN.wav OUT.wav"},
    .summary = "Play a recording through a model, as the Grus plugin does, into a float WAV file.",
    .options = table,
    .operands = {CLI_TAKES_MODEL, CLI_TAKES_SOUND, CLI_TAKES_SOUND},
    .closing = "Exit status: 0 rendered, 1 out of memory or OUT.wav could not be written, 2 bad "
               "arguments or files.",
};

CliResult
render_options_read(const int argc, char** const argv, RenderOptions* const options)
{
  RenderOptions o = {.oversampling = 1, .controls = ENGINE_DEFAULT_CONTROLS};
  CliOperands operands;
  const CliResult result = cli_read_options(&program, argc, argv, &o, &operands);
  if (result != CLI_RUN) {
    return result;
  }
  if (operands.n != 3) {
    return cli_refuse_usage(&program, "expected MODEL.json IN.wav OUT.wav");
  }
  if (o.has_latency && o.clip_frames) {
    return cli_refuse_usage(&program, "--latency can't be combined with --clip-frames: clips are "
                                      "scored where they are");
  }
  if (o.cabinet && !o.controls.cabinet_enabled) {
    return cli_refuse_usage(&program, "--cabinet can't be combined with --no-cabinet");
  }
  o.input_channel = o.input_channel ? o.input_channel : o.channel;
  o.target_channel = o.target_channel ? o.target_channel : o.channel;
  o.model = operands.items[0];
  o.input = operands.items[1];
  o.output = operands.items[2];
  *options = o;
  return CLI_RUN;
}

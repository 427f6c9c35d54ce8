// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-render: plays a recording through the plugin's engine, block by block, and scores it.

#include "core/clock.h"
#include "core/engine/convolver.h"
#include "core/engine/engine.h"
#include "core/engine/impulse.h"
#include "core/engine/quality.h"
#include "core/format/model_file.h"
#include "train/audio/score.h"
#include "train/audio/wav.h"
#include "train/audio/wav_writer.h"
#include "train/programs/common/option_values.h"
#include "train/programs/train/progress.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EXIT_BAD_INPUT 2

static const char help[] =
    "Usage: grus-render [OPTION...] MODEL.json IN.wav OUT.wav\n"
    "Play a recording through a model, as the Grus plugin does, into a float WAV file.\n"
    "\n"
    "      --target=FILE           what came out of the real thing: print how far the model is "
    "from\n"
    "                              it, as error-to-signal ratio (ESR)\n"
    "      --input-level=DB        level into the model (default 0)\n"
    "      --output-level=DB       level after the model (default 0)\n"
    "      --knob=[NAME=]VALUE     turn the knob called NAME, or the next one, to 0..1 (default "
    "0.5)\n"
    "      --quality=WHAT          normal, 2x or 4x: how many times the rate, against aliasing\n"
    "      --cabinet=FILE.wav      loudspeaker behind the model, an impulse response\n"
    "      --channel=N             channel to read, from 1 (default 1)\n"
    "      --clip-frames=N         the files are rows of independent clips of N frames\n"
    "      --clip-warmup=N         frames of each clip that are not scored\n"
    "  -h, --help                  print this and exit\n"
    "  -V, --version               print the version and exit\n"
    "\n"
    "Exit status: 0 rendered, 1 could not write, 2 bad arguments or files.\n";

typedef enum {
  KEY_TARGET = 256,
  KEY_INPUT_LEVEL,
  KEY_OUTPUT_LEVEL,
  KEY_KNOB,
  KEY_QUALITY,
  KEY_CABINET,
  KEY_CHANNEL,
  KEY_CLIP_FRAMES,
  KEY_CLIP_WARMUP,
} Key;

static const struct option long_options[] = {
    {"target", required_argument, NULL, KEY_TARGET},
    {"input-level", required_argument, NULL, KEY_INPUT_LEVEL},
    {"output-level", required_argument, NULL, KEY_OUTPUT_LEVEL},
    {"knob", required_argument, NULL, KEY_KNOB},
    {"quality", required_argument, NULL, KEY_QUALITY},
    {"cabinet", required_argument, NULL, KEY_CABINET},
    {"channel", required_argument, NULL, KEY_CHANNEL},
    {"clip-frames", required_argument, NULL, KEY_CLIP_FRAMES},
    {"clip-warmup", required_argument, NULL, KEY_CLIP_WARMUP},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/// A knob and where it is to stand
typedef struct {
  const char* text;   ///< As given, NAME=VALUE or VALUE
  size_t name_length; ///< 0: the next knob
  float value;
} Turn;

typedef struct {
  const char* model;
  const char* input;
  const char* output;
  const char* target; ///< NULL: none
  uint32_t channel;
  uint32_t clip_frames; ///< 0: one take
  uint32_t clip_warmup;
  Turn knobs[PARAMS_MAX_KNOBS];
  uint32_t n_knobs;
  const char* cabinet; ///< NULL: none
  uint32_t oversampling;
  EngineControls controls;
} Options;

/// Everything open while rendering
typedef struct {
  const Options* options;
  EngineControls controls; ///< With the knobs, which are the model's
  Engine* engine;
  WavReader input;
  WavReader target;
  WavWriter output;
  bool is_writing;
  Score score;
  uint64_t n_frames;     ///< Rendered
  uint32_t n_ahead;      ///< Frames that were read but have not come out yet
  double engine_seconds; ///< Spent in the engine [s]
} Render;

static bool
parse_level(const char* const option, const char* const text, float* const gain_db)
{
  double number = 0.0;
  if (!parse_number(option, text, (double)ENGINE_MIN_GAIN_DB, (double)ENGINE_MAX_GAIN_DB,
                    &number)) {
    return false;
  }
  *gain_db = (float)number;
  return true;
}

static bool
parse_quality(const char* const text, uint32_t* const oversampling)
{
  *oversampling = quality_oversampling(text);
  if (!*oversampling) {
    (void)fprintf(stderr, "--quality is \"%s\"; expected " QUALITY_WORDS "\n", text);
  }
  return *oversampling != 0;
}

static bool
add_knob(const char* const text, Options* const o)
{
  if (o->n_knobs == PARAMS_MAX_KNOBS) {
    (void)fprintf(stderr, "--knob: \"%s\" is one too many; a model has at most %u\n", text,
                  PARAMS_MAX_KNOBS);
    return false;
  }
  const char* const equals = strrchr(text, '=');
  double value = 0.0;
  if (!parse_number("--knob", equals ? equals + 1 : text, 0.0, 1.0, &value)) {
    return false;
  }
  o->knobs[o->n_knobs++] = (Turn){text, equals ? (size_t)(equals - text) : 0, (float)value};
  return true;
}

static bool
read_option(const int key, Options* const o)
{
  switch (key) {
  case KEY_TARGET:
    o->target = optarg;
    return true;
  case KEY_INPUT_LEVEL:
    return parse_level("--input-level", optarg, &o->controls.input_gain_db);
  case KEY_OUTPUT_LEVEL:
    return parse_level("--output-level", optarg, &o->controls.output_gain_db);
  case KEY_KNOB:
    return add_knob(optarg, o);
  case KEY_QUALITY:
    return parse_quality(optarg, &o->oversampling);
  case KEY_CABINET:
    o->cabinet = optarg;
    return true;
  case KEY_CHANNEL:
    return parse_count("--channel", optarg, 1, 1024, &o->channel);
  case KEY_CLIP_FRAMES:
    return parse_count("--clip-frames", optarg, 1, 100000000, &o->clip_frames);
  case KEY_CLIP_WARMUP:
    return parse_count("--clip-warmup", optarg, 0, 100000000, &o->clip_warmup);
  default:
    return false;
  }
}

/// Return a status for exit(), or -1 to go on
static int
read_options(const int argc, char** const argv, Options* const o)
{
  int key = 0;
  while ((key = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
    if (key == 'h') {
      (void)fputs(help, stdout);
      return EXIT_SUCCESS;
    }
    if (key == 'V') {
      (void)printf("grus-render %s\n", GRUS_VERSION);
      return EXIT_SUCCESS;
    }
    if (!read_option(key, o)) {
      return EXIT_BAD_INPUT;
    }
  }
  if (argc - optind != 3) {
    (void)fputs("grus-render: expected MODEL.json IN.wav OUT.wav\nTry 'grus-render --help'.\n",
                stderr);
    return EXIT_BAD_INPUT;
  }
  o->model = argv[optind];
  o->input = argv[optind + 1];
  o->output = argv[optind + 2];
  return -1;
}

/// Say which way the model takes to the recording's rate, unless it is the plain one
static void
tell_rate(const Render* const r, const ModelFile* const file, const Model* const model)
{
  static const char* const ways[] = {"playing its set for", "playing with its state delayed, from",
                                     "playing with its state interpolated, from",
                                     "playing between resamplers, at"};
  const RatePlan plan = model_rate_plan(model);
  if (plan.method != RATE_OWN || plan.own_rate != file->sample_rate ||
      file->sample_rate_is_assumed) {
    (void)printf("%s: %s %g Hz%s\n", r->options->model, ways[plan.method], plan.own_rate,
                 file->sample_rate_is_assumed ? " (assumed: the file does not say)" : "");
  }
}

/// Say which knobs there are
static Status
refuse_knob(const Render* const r, const ModelFile* const file, const char* const text,
            Message* const message)
{
  const uint32_t n_knobs = file->params.shape.n_inputs - 1;
  char names[256] = "none";
  size_t n = 0;
  for (uint32_t k = 0; k < n_knobs && n < sizeof(names); ++k) {
    const char* const name = file->knobs[k][0] ? file->knobs[k] : "one without name";
    n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", k ? ", " : "", name);
  }
  return status_fail(message, STATUS_BAD_ARGUMENT, "%.100s has no knob for --knob=%.60s; it has %s",
                     r->options->model, text, names);
}

/// Return the place of a name among the knobs, or their number
static uint32_t
find_knob(const ModelFile* const file, const Turn turn)
{
  const uint32_t n_knobs = file->params.shape.n_inputs - 1;
  uint32_t k = 0;
  while (k < n_knobs && (strlen(file->knobs[k]) != turn.name_length ||
                         memcmp(file->knobs[k], turn.text, turn.name_length) != 0)) {
    ++k;
  }
  return k;
}

/// Turn the knobs as asked for
static Status
turn_knobs(Render* const r, const ModelFile* const file, Message* const message)
{
  uint32_t next = 0;
  for (uint32_t i = 0; i < r->options->n_knobs; ++i) {
    const Turn turn = r->options->knobs[i];
    const uint32_t knob = turn.name_length ? find_knob(file, turn) : next++;
    if (knob + 1 >= file->params.shape.n_inputs) {
      return refuse_knob(r, file, turn.text, message);
    }
    r->controls.knobs[knob] = turn.value;
  }
  return STATUS_OK;
}

static Status
load_model(Render* const r, Message* const message)
{
  ModelFile file = {0};
  Model* model = NULL;
  Status status = model_file_read(r->options->model, &file, message);
  if (status) {
    return status;
  }
  if (file.warning.text[0]) {
    (void)fprintf(stderr, "grus-render: %s\n", file.warning.text);
  }
  const ModelUse use = {r->input.sample_rate, 1, r->options->oversampling};
  status = turn_knobs(r, &file, message);
  if (!status && (status = model_new(&file, use, &model))) {
    (void)status_fail(message, status, "%s: %s", r->options->model, status_text(status));
  }
  if (!status) {
    tell_rate(r, &file, model);
  }
  model_file_clear(&file);
  if (status) {
    return status;
  }
  if (model_latency(model) && r->options->clip_frames) {
    model_free(model);
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "--clip-frames wants a model without latency: recordings at its own rate, "
                       "quality normal");
  }
  model_settle(model, r->controls.knobs);
  model_free(engine_change_model(r->engine, model));
  engine_reset(r->engine);
  return STATUS_OK;
}

static Status
load_cabinet(Render* const r, Message* const message)
{
  Impulse impulse = {0};
  Convolver* convolver = NULL;
  if (!r->options->cabinet) {
    return STATUS_OK;
  }
  Status status = impulse_read(r->options->cabinet, r->input.sample_rate, &impulse, message);
  if (status) {
    return status;
  }
  if ((status = convolver_new(&impulse, 1, &convolver))) {
    (void)status_fail(message, status, "%s: %s", r->options->cabinet, status_text(status));
  } else {
    convolver_free(engine_change_cabinet(r->engine, convolver));
    engine_reset(r->engine);
  }
  impulse_clear(&impulse);
  return status;
}

static Status
open_target(Render* const r, Message* const message)
{
  const Options* const o = r->options;
  score_init(&r->score, r->input.sample_rate);
  if (!o->target) {
    return STATUS_OK;
  }
  const Status status = wav_reader_open(&r->target, o->target, o->channel, message);
  if (!status && r->target.sample_rate != r->input.sample_rate) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.150s is at %g Hz, %.150s at %g Hz; both should be at the same rate",
                       o->target, r->target.sample_rate, o->input, r->input.sample_rate);
  }
  return status;
}

static Status
open_output(Render* const r, Message* const message)
{
  const Status status = wav_writer_open(&r->output, r->options->output,
                                        (uint32_t)r->input.sample_rate, WAV_FLOAT, message);
  r->is_writing = !status;
  return status;
}

static Status
open_all(Render* const r, Message* const message)
{
  Status status = wav_reader_open(&r->input, r->options->input, r->options->channel, message);
  if (status) {
    return status;
  }
  if (engine_new(r->input.sample_rate, 1, &r->engine)) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "%.200s: can't be played at %g Hz",
                       r->options->input, r->input.sample_rate);
  }
  if ((status = load_model(r, message)) || (status = load_cabinet(r, message)) ||
      (status = open_target(r, message))) {
    return status;
  }
  return open_output(r, message);
}

/// Make what was written the output
static Status
keep_output(Render* const r, Message* const message)
{
  r->is_writing = false;
  return wav_writer_keep(&r->output, message);
}

static void
close_all(Render* const r)
{
  if (r->is_writing) {
    wav_writer_discard(&r->output);
  }
  wav_reader_close(&r->input);
  wav_reader_close(&r->target);
  engine_free(r->engine);
  score_clear(&r->score);
}

/// Frames until the next clip begins or its warm-up ends, at most `n`
static uint32_t
frames_to_boundary(const Render* const r, const uint32_t n)
{
  const Options* const o = r->options;
  if (!o->clip_frames) {
    return n;
  }
  const uint32_t at = (uint32_t)(r->n_frames % o->clip_frames);
  const uint32_t end =
      at < o->clip_warmup && o->clip_warmup < o->clip_frames ? o->clip_warmup : o->clip_frames;
  const uint32_t left = end - at;
  return left < n ? left : n;
}

/// At the start of a clip: forget what was played
static void
begin_clip(Render* const r)
{
  if (r->options->clip_frames && r->n_frames % r->options->clip_frames == 0) {
    engine_reset(r->engine);
    score_cut(&r->score);
  }
}

static bool
is_scored(const Render* const r)
{
  const Options* const o = r->options;
  return !o->clip_frames || r->n_frames % o->clip_frames >= o->clip_warmup;
}

/// Compare with the target as far as it goes
static Status
score(Render* const r, const float* const output, const uint32_t n, Message* const message)
{
  float target[WAV_BLOCK];
  uint32_t n_read = 0;
  if (!r->target.file) {
    return STATUS_OK;
  }
  const Status status = wav_reader_read(&r->target, target, n, &n_read, message);
  if (!status && is_scored(r)) {
    score_add(&r->score, output, target, n_read);
  }
  return status;
}

static void
play(Render* const r, float* const block, const uint32_t n)
{
  const double start = clock_seconds();
  engine_run(r->engine, &r->controls, (const float* const[]){block}, (float* const[]){block}, n);
  r->engine_seconds += clock_seconds() - start;
}

/// Play what the engine holds back, so that the output begins with the input
static Status
play_ahead(Render* const r, Message* const message)
{
  for (uint32_t left = engine_latency(r->engine), n = 0; left; left -= n) {
    float block[WAV_BLOCK] = {0.0F};
    uint32_t n_read = 0;
    n = left < WAV_BLOCK ? left : WAV_BLOCK;
    const Status status = wav_reader_read(&r->input, block, n, &n_read, message);
    if (status) {
      return status;
    }
    r->n_ahead += n_read;
    play(r, block, n);
  }
  return STATUS_OK;
}

/// Read a block, and silence behind the end for what is held back
static Status
read_block(Render* const r, float block[WAV_BLOCK], uint32_t* const n_read, Message* const message)
{
  const uint32_t n = frames_to_boundary(r, WAV_BLOCK);
  const Status status = wav_reader_read(&r->input, block, n, n_read, message);
  if (!status && !*n_read) {
    *n_read = r->n_ahead < n ? r->n_ahead : n;
    r->n_ahead -= *n_read;
    memset(block, 0, *n_read * sizeof(float));
  }
  return status;
}

static Status
render_block(Render* const r, uint32_t* const n_read, Message* const message)
{
  float block[WAV_BLOCK];
  Status status = read_block(r, block, n_read, message);
  if (status || !*n_read) {
    return status;
  }
  begin_clip(r);
  play(r, block, *n_read);
  status = wav_writer_add(&r->output, block, *n_read, message);
  status = status ? status : score(r, block, *n_read, message);
  r->n_frames += *n_read;
  return status;
}

static Status
render_all(Render* const r, Message* const message)
{
  uint32_t n_read = 0;
  Status status = play_ahead(r, message);
  do {
    status = status ? status : render_block(r, &n_read, message);
  } while (!status && n_read);
  if (!status && !r->n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%.200s: has no frames", r->options->input);
  }
  return status;
}

static Status
print_score(Render* const r, Message* const message)
{
  ScoreResult result = {0};
  if (!r->target.file) {
    return STATUS_OK;
  }
  if (score_result(&r->score, &result)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  report_score("output against target", &result);
  return STATUS_OK;
}

static void
print_result(const Render* const r)
{
  const double seconds = (double)r->n_frames / r->input.sample_rate;
  (void)printf("real-time factor: %.5f (%.0f times faster than real time), %.1f s of sound\n",
               r->engine_seconds / seconds, seconds / r->engine_seconds, seconds);
  (void)printf("sound: %s\n", r->options->output);
}

int
main(const int argc, char** const argv)
{
  Options options = {.oversampling = 1, .controls = ENGINE_DEFAULT_CONTROLS};
  Message message = {""};
  const int result = read_options(argc, argv, &options);
  if (result >= 0) {
    return result;
  }
  Render r = {.options = &options, .controls = options.controls};
  Status status = open_all(&r, &message);
  if (!status && !(status = render_all(&r, &message)) && !(status = keep_output(&r, &message)) &&
      !(status = print_score(&r, &message))) {
    print_result(&r);
  }
  close_all(&r);
  if (status) {
    (void)fprintf(stderr, "grus-render: %s\n", message.text);
  }
  return !status ? EXIT_SUCCESS : status == STATUS_CANNOT_WRITE ? EXIT_FAILURE : EXIT_BAD_INPUT;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plays a recording through the installed LV2 plugin, as a host does: blocks of 256 frames, the
// model chosen by message or preset.

#include "core/clock.h"
#include "tests/plugin/lv2_host.h"

#include "train/audio/score.h"
#include "train/audio/wav.h"
#include "train/programs/common/score_text.h"

#include <getopt.h>
#include <limits.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK 256U
#define FADE_SECONDS 0.1 ///< Longer than any fade in the plugin

static const char help[] =
    "Usage: lv2_play [--model FILE | --preset LABEL] [--target FILE] IN.wav OUT.wav\n"
    "Play a recording through the LV2 plugin " HOST_PLUGIN_URI ", as found in LV2_PATH.\n";

typedef struct {
  const char* model;
  const char* preset;
  const char* target;
  const char* input;
  const char* output;
} Options;

static bool
read_options(const int argc, char** const argv, Options* const o)
{
  static const struct option options[] = {{"model", required_argument, NULL, 'm'},
                                          {"preset", required_argument, NULL, 'p'},
                                          {"target", required_argument, NULL, 't'},
                                          {NULL, 0, NULL, 0}};
  int key = 0;
  while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
    const char** const place = key == 'm'   ? &o->model
                               : key == 'p' ? &o->preset
                               : key == 't' ? &o->target
                                            : NULL;
    if (!place) {
      return false;
    }
    *place = optarg;
  }
  if (argc - optind != 2) {
    return false;
  }
  o->input = argv[optind];
  o->output = argv[optind + 1];
  return true;
}

/// Play silence until messages, work and fades are finished
static void
settle(Host* const host, const double sample_rate)
{
  float silence[BLOCK];
  for (double t = 0.0; t < FADE_SECONDS * sample_rate; t += BLOCK) {
    memset(silence, 0, sizeof(silence));
    host_run(host, silence, silence, BLOCK);
    (void)host_work(host);
  }
  host_restart(host);
}

static bool
choose(Host* const host, const Options* const o, const double sample_rate)
{
  char path[PATH_MAX] = "";
  if (o->preset) {
    LilvState* const preset = host_find_preset(host, o->preset);
    if (!preset) {
      (void)fprintf(stderr, "lv2_play: no preset \"%s\"\n", o->preset);
      return false;
    }
    host_restore(host, preset);
    lilv_state_free(preset);
  }
  if (o->model) {
    if (!realpath(o->model, path)) {
      (void)fprintf(stderr, "lv2_play: %s: no such file\n", o->model);
      return false;
    }
    host_send_set(host, path);
  }
  settle(host, sample_rate);
  if (host_get(host, "model_status") != 1.0F) {
    (void)fprintf(stderr, "lv2_play: the plugin could not load the model: %s\n",
                  host_take_log(host));
    return false;
  }
  return true;
}

static void
tell_score(const Options* const o, const Wav* const wav)
{
  Score score;
  ScoreResult result = {0};
  Wav target = {0};
  Message message = {""};
  if (!o->target) {
    return;
  }
  if (wav_read(o->target, 0, &target, &message)) {
    (void)fprintf(stderr, "lv2_play: %s\n", message.text);
    return;
  }
  const uint64_t n = wav->n_frames < target.n_frames ? wav->n_frames : target.n_frames;
  score_init(&score, wav->sample_rate);
  score_add(&score, wav->samples, target.samples, (uint32_t)n);
  if (!score_result(&score, &result)) {
    score_text_print("plugin against target", &result, 0);
  }
  score_clear(&score);
  wav_clear(&target);
}

static bool
write_output(const Options* const o, const Wav* const wav)
{
  SF_INFO info = {.samplerate = (int)wav->sample_rate,
                  .channels = 1,
                  .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(o->output, SFM_WRITE, &info);
  if (!file) {
    (void)fprintf(stderr, "lv2_play: %s: %s\n", o->output, sf_strerror(NULL));
    return false;
  }
  const sf_count_t n = (sf_count_t)wav->n_frames;
  const bool is_written = sf_writef_float(file, wav->samples, n) == n;
  return !sf_close(file) && is_written;
}

static bool
play(Host* const host, const Options* const o, const Wav* const wav, float* const output)
{
  const Wav played = {
      .samples = output, .n_frames = wav->n_frames, .sample_rate = wav->sample_rate};
  if (!output || !choose(host, o, wav->sample_rate)) {
    return false;
  }
  const double start = clock_seconds();
  host_run_blocks(host, wav->samples, output, (uint32_t)wav->n_frames, BLOCK);
  const double spent = clock_seconds() - start;
  const double seconds = (double)wav->n_frames / wav->sample_rate;
  if (!write_output(o, &played)) {
    return false;
  }
  tell_score(o, &played);
  (void)printf("real-time factor: %.5f (%.0f times faster than real time), %.1f s of sound\n",
               spent / seconds, seconds / spent, seconds);
  (void)printf("sound: %s\n", o->output);
  return true;
}

int
main(const int argc, char** const argv)
{
  Options options = {0};
  Wav wav = {0};
  Message message = {""};
  if (!read_options(argc, argv, &options)) {
    (void)fputs(help, stderr);
    return 2;
  }
  if (wav_read(options.input, 0, &wav, &message)) {
    (void)fprintf(stderr, "lv2_play: %s\n", message.text);
    return 2;
  }
  Host* const host = host_new((HostOptions){.sample_rate = wav.sample_rate});
  float* const output = (float*)calloc((size_t)wav.n_frames + 1, sizeof(float));
  const bool played = host && play(host, &options, &wav, output);
  host_free(host);
  free(output);
  wav_clear(&wav);
  return played ? EXIT_SUCCESS : EXIT_FAILURE;
}

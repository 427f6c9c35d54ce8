// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-signal: writes the test signal to play through the gear.

#include "core/decibel.h"
#include "train/audio/resample.h"
#include "train/audio/wav.h"
#include "train/audio/wav_writer.h"
#include "train/capture/test_signal_layout.h"
#include "train/capture/test_signal_sound.h"
#include "train/programs/common/option_values.h"

#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define EXIT_BAD_INPUT 2

#define LEAST_LEVEL (-24.0) ///< [dBFS]
#define MOST_LEVEL (-0.1)   ///< [dBFS]

static const char help[] =
    "Usage: grus-signal [OPTION...] OUT.wav\n"
    "Write a test signal: play it through the gear, record what comes out, and give both files to\n"
    "grus-train. Prints what lies where in it.\n"
    "\n"
    "      --rate=HZ               44100, 48000 (default), 88200, 96000, 176400 or 192000\n"
    "      --format=FORMAT         16, 24 (default) or float: bits of a sample\n"
    "      --seconds=N             length, 60 to 600 (default 180)\n"
    "      --append=FILE.wav       add a recording of your own playing; it lasts longer by that\n"
    "      --level=DB              highest peak, -24 to -0.1 dBFS (default -1)\n"
    "      --seed=N                another seed, other notes (default 1)\n"
    "      --layout                only print what would lie where\n"
    "  -h, --help                  print this and exit\n"
    "  -V, --version               print the version and exit\n"
    "\n"
    "Exit status: 0 written, 1 could not write, 2 bad arguments or files.\n";

typedef enum {
  KEY_RATE = 256,
  KEY_FORMAT,
  KEY_SECONDS,
  KEY_APPEND,
  KEY_LEVEL,
  KEY_SEED,
  KEY_LAYOUT,
} Key;

static const struct option long_options[] = {
    {"rate", required_argument, NULL, KEY_RATE},
    {"format", required_argument, NULL, KEY_FORMAT},
    {"seconds", required_argument, NULL, KEY_SECONDS},
    {"append", required_argument, NULL, KEY_APPEND},
    {"level", required_argument, NULL, KEY_LEVEL},
    {"seed", required_argument, NULL, KEY_SEED},
    {"layout", no_argument, NULL, KEY_LAYOUT},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static const ParseChoice rates[] = {{"44100", 44100}, {"48000", 48000},   {"88200", 88200},
                                    {"96000", 96000}, {"176400", 176400}, {"192000", 192000},
                                    {NULL, 0}};

static const ParseChoice formats[] = {
    {"16", WAV_16_BIT}, {"24", WAV_24_BIT}, {"float", WAV_FLOAT}, {NULL, 0}};

typedef struct {
  const char* output;
  const char* append; ///< NULL: nothing
  int rate;           ///< [Hz]
  int format;         ///< A WavFormat
  uint32_t seconds;
  SignalSound sound;
  bool only_layout;
} Options;

/// The user's own playing
typedef struct {
  Wav recording;
  Resampled resampled;
  Wav playing; ///< Either of them
  float gain;  ///< That makes it no louder than the rest
} Own;

static bool
read_option(const int key, Options* const o)
{
  switch (key) {
  case KEY_RATE:
    return parse_choice("--rate", optarg, rates, &o->rate);
  case KEY_FORMAT:
    return parse_choice("--format", optarg, formats, &o->format);
  case KEY_SECONDS:
    return parse_count("--seconds", optarg, SIGNAL_MIN_SECONDS, SIGNAL_MAX_SECONDS, &o->seconds);
  case KEY_APPEND:
    o->append = optarg;
    return true;
  case KEY_LEVEL:
    return parse_number("--level", optarg, LEAST_LEVEL, MOST_LEVEL, &o->sound.level_db);
  case KEY_SEED:
    return parse_seed("--seed", optarg, &o->sound.seed);
  case KEY_LAYOUT:
    o->only_layout = true;
    return true;
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
      (void)printf("grus-signal %s\n", GRUS_VERSION);
      return EXIT_SUCCESS;
    }
    if (!read_option(key, o)) {
      return EXIT_BAD_INPUT;
    }
  }
  if (argc - optind != 1 && !(o->only_layout && argc == optind)) {
    (void)fputs("grus-signal: expected OUT.wav\nTry 'grus-signal --help'.\n", stderr);
    return EXIT_BAD_INPUT;
  }
  o->output = argv[optind];
  return -1;
}

static float
find_peak(const Wav* const wav)
{
  float peak = 0.0F;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    peak = fmaxf(peak, fabsf(wav->samples[i]));
  }
  return peak;
}

/// Return the gain that brings a peak down to the signal's
static float
gain_for(const float peak, const SignalSound* const sound)
{
  const double highest = decibel_to_gain(sound->level_db);
  return (double)peak > highest ? (float)(highest / (double)peak) : 1.0F;
}

/// Bring the recording to the signal's rate
static Status
convert_own(const Options* const o, Own* const own, Message* const message)
{
  own->playing = own->recording;
  if (own->recording.sample_rate == o->rate) {
    return STATUS_OK;
  }
  own->resampled = resample_begin(o->rate, 0);
  const Status status = resample_add(&own->resampled, &own->recording, message);
  if (!status) {
    own->playing = own->resampled.wavs[0];
  }
  return status;
}

static Status
read_own(const Options* const o, Own* const own, Message* const message)
{
  if (!o->append) {
    return STATUS_OK;
  }
  Status status = wav_read(o->append, 0, &own->recording, message);
  if (status) {
    return status;
  }
  if (!own->recording.n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%.200s: has no frames", o->append);
  }
  if ((status = convert_own(o, own, message))) {
    return status;
  }
  const float peak = find_peak(&own->playing);
  if (!(peak > 0.0F)) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%.200s: is silent in its first channel; there should be playing in it",
                       o->append);
  }
  own->gain = gain_for(peak, &o->sound);
  return STATUS_OK;
}

static void
clear_own(Own* const own)
{
  resample_clear(&own->resampled);
  wav_clear(&own->recording);
}

/// Refuse what no WAV file can hold
static Status
check_length(const Options* const o, const uint64_t n_own, Message* const message)
{
  const uint64_t most = wav_writer_most_frames((WavFormat)o->format);
  const uint64_t n_standard = (uint64_t)o->seconds * (uint64_t)o->rate;
  if (n_own > most - n_standard) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%.200s: lasts %.0f s, but a WAV file of this rate and format has room for "
                       "%.0f s of it",
                       o->append, (double)n_own / o->rate, (double)(most - n_standard) / o->rate);
  }
  return STATUS_OK;
}

/// Write the user's own playing
static Status
write_own(WavWriter* const writer, const Own* const own, Message* const message)
{
  float block[WAV_BLOCK];
  Status status = STATUS_OK;
  for (uint64_t i = 0; i < own->playing.n_frames && !status; i += WAV_BLOCK) {
    const uint64_t left = own->playing.n_frames - i;
    const uint32_t n = left < WAV_BLOCK ? (uint32_t)left : WAV_BLOCK;
    for (uint32_t k = 0; k < n; ++k) {
      block[k] = own->gain * own->playing.samples[i + k];
    }
    status = wav_writer_add(writer, block, n, message);
  }
  return status;
}

/// Make and write one segment
static Status
write_made(WavWriter* const writer, const SignalLayout* const layout, const uint32_t index,
           const SignalSound* const sound, Message* const message)
{
  const SignalSegment* const segment = &layout->segments[index];
  const uint64_t n_frames = segment->end - segment->begin;
  float* const samples = (float*)calloc((size_t)n_frames, sizeof(float));
  if (!samples || signal_render(layout, index, sound, samples)) {
    free(samples);
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = wav_writer_add(writer, samples, n_frames, message);
  free(samples);
  return status;
}

static Status
write_signal(const Options* const o, const SignalLayout* const layout, const Own* const own,
             Message* const message)
{
  WavWriter writer;
  Status status = wav_writer_open(&writer, o->output, layout->rate, (WavFormat)o->format, message);
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < layout->n_segments && !status; ++i) {
    status = layout->segments[i].kind == SIGNAL_OWN
                 ? write_own(&writer, own, message)
                 : write_made(&writer, layout, i, &o->sound, message);
  }
  if (status) {
    wav_writer_discard(&writer);
    return status;
  }
  return wav_writer_keep(&writer, message);
}

/// Return the peak of a segment [dBFS]
static double
peak_of(const SignalSegment* const segment, const SignalSound* const sound, const Own* const own)
{
  return segment->kind == SIGNAL_OWN
             ? decibel_of_gain((double)(own->gain * find_peak(&own->playing)))
             : sound->level_db + segment->level_db;
}

static void
print_layout(const SignalLayout* const layout, const SignalSound* const sound, const Own* const own)
{
  (void)printf("%-20s %9s %9s %13s\n", "what", "from [s]", "to [s]", "peak [dBFS]");
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const segment = &layout->segments[i];
    (void)printf("%-20s %9.2f %9.2f", signal_name(segment), (double)segment->begin / layout->rate,
                 (double)segment->end / layout->rate);
    if (segment->kind != SIGNAL_SILENCE) {
      (void)printf(" %13.1f", peak_of(segment, sound, own));
    }
    (void)putchar('\n');
  }
}

static void
print_result(const Options* const o, const SignalLayout* const layout, const Own* const own)
{
  print_layout(layout, &o->sound, own);
  if (o->append && own->gain < 1.0F) {
    (void)printf("%s: turned down by %.1f dB to be no louder than the rest\n", o->append,
                 -decibel_of_gain((double)own->gain));
  }
  if (!o->only_layout) {
    (void)printf("signal: %s, %.2f s at %u Hz\n", o->output,
                 (double)layout->n_frames / layout->rate, layout->rate);
  }
}

static Status
run(const Options* const o, Own* const own, Message* const message)
{
  SignalLayout layout;
  Status status = read_own(o, own, message);
  if (status || (status = check_length(o, own->playing.n_frames, message))) {
    return status;
  }
  signal_layout((uint32_t)o->rate, o->seconds, own->playing.n_frames, &layout);
  if (!o->only_layout && (status = write_signal(o, &layout, own, message))) {
    return status;
  }
  print_result(o, &layout, own);
  return STATUS_OK;
}

int
main(const int argc, char** const argv)
{
  Options options = {
      .rate = 48000, .format = WAV_24_BIT, .seconds = 180, .sound = {.level_db = -1.0, .seed = 1}};
  Message message = {""};
  const int result = read_options(argc, argv, &options);
  if (result >= 0) {
    return result;
  }
  Own own = {.gain = 1.0F};
  const Status status = run(&options, &own, &message);
  clear_own(&own);
  if (status) {
    (void)fprintf(stderr, "grus-signal: %s\n", message.text);
  }
  return !status ? EXIT_SUCCESS : status == STATUS_CANNOT_WRITE ? EXIT_FAILURE : EXIT_BAD_INPUT;
}

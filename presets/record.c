// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Makes a pair of recordings without a studio: what was played, and what a simulated circuit made
// of it. A program, offline, not installed.

#include "core/decibel.h"
#include "guitar/guitar.h"
#include "presets/circuits/circuits.h"

#include <getopt.h>
#include <math.h>
#include <sndfile.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_SECONDS 3600.0
#define MIN_RATE 8000.0
#define MAX_RATE 192000.0

enum { EXIT_USAGE = 2 };

/// What the command line asks for
typedef struct {
  size_t circuit;
  const char* input_path;
  const char* target_path;
  const char* played_path; ///< NULL: the synthesised guitar
  double seconds;
  double rate; ///< [Hz]
  double seed;
  double knob; ///< CIRCUITS_PRESET unless asked for
} Request;

/// One channel of sound in memory
typedef struct {
  double* samples;
  uint32_t n_frames;
  uint32_t rate; ///< [Hz]
} Sound;

__attribute__((format(printf, 1, 2))) static bool
complain(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)fputs("record: ", stderr);
  (void)vfprintf(stderr, format, args);
  (void)fputc('\n', stderr);
  va_end(args);
  return false;
}

static void
print_circuits(FILE* const stream)
{
  for (size_t i = 0; i < CIRCUITS_COUNT; ++i) {
    const CircuitInfo* const info = circuits_info(i);
    (void)fprintf(stream, "  %-10s %s%s%s\n", info->name, info->description,
                  info->knob ? "; knob: " : "", info->knob ? info->knob : "");
  }
}

static void
print_help(void)
{
  (void)puts("Usage: record [OPTION]... CIRCUIT INPUT.wav TARGET.wav\n"
             "Write what a guitar plays, and what a simulated circuit makes of it.\n\n"
             "  --seconds N    length of the synthesised guitar [180]\n"
             "  --rate HZ      its sample rate [48000]\n"
             "  --seed N       its seed: another seed, other notes [1]\n"
             "  --knob N       set the circuit's knob, from 0 to 1 [as in the preset]\n"
             "  --input FILE   use the first channel of this recording instead\n"
             "  --help         print this and exit\n\n"
             "Circuits:");
  print_circuits(stdout);
}

/// Read an option's number within its bounds
static bool
read_number(const char* const option, const double low, const double high, double* const value)
{
  char* end = NULL;
  const double number = strtod(optarg, &end);
  if (end == optarg || *end != '\0' || !(number >= low && number <= high)) {
    return complain("--%s=%s: expected a number from %.0f to %.0f", option, optarg, low, high);
  }
  *value = number;
  return true;
}

static bool
read_option(const int option, Request* const request)
{
  switch (option) {
  case 's':
    return read_number("seconds", 1.0, MAX_SECONDS, &request->seconds);
  case 'r':
    return read_number("rate", MIN_RATE, MAX_RATE, &request->rate);
  case 'e':
    return read_number("seed", 0.0, 1e9, &request->seed);
  case 'k':
    return read_number("knob", 0.0, 1.0, &request->knob);
  case 'i':
    request->played_path = optarg;
    return true;
  case 'h':
    print_help();
    exit(EXIT_SUCCESS);
  default:
    return false;
  }
}

static bool
read_operands(const int argc, char** const argv, Request* const request)
{
  if (argc != 3) {
    return complain("expected CIRCUIT INPUT.wav TARGET.wav; see --help");
  }
  request->circuit = circuits_find(argv[0]);
  if (request->circuit == CIRCUITS_COUNT) {
    (void)complain("%s: no such circuit; expected one of", argv[0]);
    print_circuits(stderr);
    return false;
  }
  if (request->knob >= 0.0 && !circuits_info(request->circuit)->knob) {
    return complain("--knob: %s has no knob; --help lists the circuits that have one", argv[0]);
  }
  request->input_path = argv[1];
  request->target_path = argv[2];
  return true;
}

static bool
read_command_line(const int argc, char** const argv, Request* const request)
{
  static const struct option options[] = {
      {"seconds", required_argument, NULL, 's'},
      {"rate", required_argument, NULL, 'r'},
      {"seed", required_argument, NULL, 'e'},
      {"input", required_argument, NULL, 'i'},
      {"knob", required_argument, NULL, 'k'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0},
  };
  for (int option = 0; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
    if (!read_option(option, request)) {
      return false;
    }
  }
  return read_operands(argc - optind, argv + optind, request);
}

static bool
allocate_sound(Sound* const sound, const uint32_t n_frames, const uint32_t rate)
{
  sound->samples = (double*)calloc((size_t)n_frames + 1U, sizeof(double));
  sound->n_frames = n_frames;
  sound->rate = rate;
  return sound->samples ? true : complain("out of memory");
}

/// Round to what a float WAV holds, so that the circuit gets exactly what the file holds
static void
round_to_float(const Sound* const sound)
{
  for (uint32_t i = 0; i < sound->n_frames; ++i) {
    sound->samples[i] = (double)(float)sound->samples[i];
  }
}

static bool
synthesise_guitar(const Request* const request, Sound* const sound)
{
  const uint32_t rate = (uint32_t)request->rate;
  if (!allocate_sound(sound, (uint32_t)(request->seconds * rate), rate)) {
    return false;
  }
  const GuitarSpec spec = {
      .sample_rate = rate,
      .n_frames = sound->n_frames,
      .seed = (uint64_t)request->seed,
  };
  return guitar_render(&spec, sound->samples) ? complain("out of memory") : true;
}

static bool
read_first_channel(SNDFILE* const file, const SF_INFO* const info, const char* const path,
                   const Sound* const sound)
{
  double* const frame = (double*)calloc((size_t)info->channels, sizeof(double));
  bool read = frame != NULL;
  for (uint32_t i = 0; i < sound->n_frames && read; ++i) {
    read = sf_readf_double(file, frame, 1) == 1;
    sound->samples[i] = frame[0];
    if (!read) {
      (void)complain("%s: ends at frame %u of %u", path, i, sound->n_frames);
    } else if (!isfinite(frame[0])) {
      read = complain("%s: frame %u is not finite", path, i);
    }
  }
  free(frame);
  return read;
}

static bool
load_sound(const char* const path, Sound* const sound)
{
  SF_INFO info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file) {
    return complain("%s: can't be read as sound: %s", path, sf_strerror(NULL));
  }
  bool loaded = false;
  if (info.frames < 1 || (double)info.frames > MAX_SECONDS * info.samplerate) {
    (void)complain("%s: expected up to %.0f seconds of sound", path, MAX_SECONDS);
  } else if (info.samplerate < MIN_RATE || info.samplerate > MAX_RATE) {
    (void)complain("%s: is at %d Hz; expected %.0f to %.0f", path, info.samplerate, MIN_RATE,
                   MAX_RATE);
  } else {
    loaded = allocate_sound(sound, (uint32_t)info.frames, (uint32_t)info.samplerate) &&
             read_first_channel(file, &info, path, sound);
  }
  (void)sf_close(file);
  return loaded;
}

/// Write a float WAV without time stamp, so that the same sound makes the same file
static bool
save_sound(const Sound* const sound, const char* const path)
{
  SF_INFO info = {
      .samplerate = (int)sound->rate,
      .channels = 1,
      .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT,
  };
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    return complain("%s: can't be written: %s", path, sf_strerror(NULL));
  }
  (void)sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  const sf_count_t n_frames = sound->n_frames;
  const bool written = sf_writef_double(file, sound->samples, n_frames) == n_frames;
  const bool closed = sf_close(file) == 0;
  return written && closed ? true : complain("%s: can't be written whole; is the disk full?", path);
}

static void
print_levels(const char* const path, const Sound* const sound)
{
  double peak = 0.0;
  double power = 0.0;
  for (uint32_t i = 0; i < sound->n_frames; ++i) {
    peak = fmax(peak, fabs(sound->samples[i]));
    power += sound->samples[i] * sound->samples[i] / sound->n_frames;
  }
  (void)printf("%s: %.1f s at %u Hz, peak %.1f dBFS, RMS %.1f dBFS\n", path,
               (double)sound->n_frames / sound->rate, sound->rate, decibel_of_gain(peak),
               decibel_of_power(power));
}

/// Put the sound through the circuit, in place
static bool
play_through_circuit(const Request* const request, const Sound* const sound)
{
  Circuit* circuit = NULL;
  if (circuit_new(request->circuit, request->knob, sound->rate, &circuit)) {
    return complain("out of memory");
  }
  circuit_run(circuit, sound->samples, sound->samples, sound->n_frames);
  const uint64_t n_failures = circuit_failures(circuit);
  circuit_free(circuit);
  return n_failures == 0 ? true
                         : complain("the simulation failed in %llu steps; expected none",
                                    (unsigned long long)n_failures);
}

static bool
record_pair(const Request* const request, Sound* const sound)
{
  if (!(request->played_path ? load_sound(request->played_path, sound)
                             : synthesise_guitar(request, sound))) {
    return false;
  }
  round_to_float(sound);
  if (!save_sound(sound, request->input_path)) {
    return false;
  }
  print_levels(request->input_path, sound);
  if (!play_through_circuit(request, sound) || !save_sound(sound, request->target_path)) {
    return false;
  }
  print_levels(request->target_path, sound);
  return true;
}

int
main(const int argc, char** const argv)
{
  Request request = {.seconds = 180.0, .rate = 48000.0, .seed = 1.0, .knob = CIRCUITS_PRESET};
  if (!read_command_line(argc, argv, &request)) {
    return EXIT_USAGE;
  }
  Sound sound = {0};
  const bool recorded = record_pair(&request, &sound);
  free(sound.samples);
  return recorded ? EXIT_SUCCESS : EXIT_FAILURE;
}

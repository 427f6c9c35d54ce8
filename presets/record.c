// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Makes a pair of recordings without a studio: what a guitar plays, and what a simulated circuit
// makes of it. A program, offline, not installed.

#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/options.h"
#include "core/decibel.h"
#include "guitar/guitar.h"
#include "presets/circuits/circuits.h"

#include <math.h>
#include <sndfile.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_SECONDS 3600.0
#define MIN_RATE 8000.0
#define MAX_RATE 192000.0

#define PROGRAM "record"

/// What the command line asks for
typedef struct {
  size_t circuit;
  const char* input_path;
  const char* target_path;
  const char* played_path; ///< NULL: the synthesised guitar
  double seconds;
  double rate; ///< [Hz]
  uint64_t seed;
  double knob; ///< CIRCUITS_PRESET unless given
} RecordRequest;

/// One channel of sound in memory
typedef struct {
  double* samples;
  uint32_t n_frames;
  uint32_t rate; ///< [Hz]
} MonoSound;

static void
print_circuits(FILE* const stream)
{
  (void)fputs("Circuits:\n", stream);
  for (size_t i = 0; i < CIRCUITS_COUNT; ++i) {
    const CircuitInfo* const info = circuits_info(i);
    char left[64];
    char text[256];
    (void)snprintf(left, sizeof(left), "  %s", info->name);
    (void)snprintf(text, sizeof(text), "%s%s%s", info->description, info->knob ? "; knob: " : "",
                   info->knob ? info->knob : "");
    cli_print_help_row(left, text, stream);
  }
}

static const CliOption table[] = {
    {"seconds", 0, "N", "length of the synthesised guitar (default 180)", CLI_NUMBER,
     .to = offsetof(RecordRequest, seconds), .least = 1, .most = MAX_SECONDS},
    {"rate", 0, "HZ", "its sample rate (default 48000)", CLI_NUMBER,
     .to = offsetof(RecordRequest, rate), .least = MIN_RATE, .most = MAX_RATE},
    {"seed", 0, "N", "random seed: other notes (default 1)", CLI_SEED,
     .to = offsetof(RecordRequest, seed)},
    {"knob", 0, "POSITION", "turn the circuit's knob, from 0 to 1 (default as in the preset)",
     CLI_NUMBER, .to = offsetof(RecordRequest, knob), .most = 1},
    {"input", 0, "FILE", "use the first channel of this recording instead", CLI_PATH,
     .to = offsetof(RecordRequest, played_path)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = PROGRAM,
    .usage = {"[OPTION...] CIRCUIT INPUT.wav TARGET.wav"},
    .summary = "Write what a guitar plays, and what a simulated circuit makes of it.",
    .options = table,
    .print_more = print_circuits,
};

static CliResult
read_operands(const CliOperands* const operands, RecordRequest* const request)
{
  if (operands->n != 3) {
    return cli_refuse_usage(&program, "expected CIRCUIT INPUT.wav TARGET.wav");
  }
  const char* const name = operands->items[0];
  request->circuit = circuits_find(name);
  if (request->circuit == CIRCUITS_COUNT) {
    (void)cli_refuse_usage(&program, "%s: no such circuit", name);
    print_circuits(stderr);
    return CLI_REFUSED;
  }
  if (request->knob >= 0.0 && !circuits_info(request->circuit)->knob) {
    return cli_refuse_usage(&program, "--knob: %s has no knob", name);
  }
  request->input_path = operands->items[1];
  request->target_path = operands->items[2];
  return CLI_RUN;
}

static CliResult
read_command_line(const int argc, char** const argv, RecordRequest* const request)
{
  CliOperands operands;
  const CliResult result = cli_read_options(&program, argc, argv, request, &operands);
  return result == CLI_RUN ? read_operands(&operands, request) : result;
}

static bool
allocate_sound(MonoSound* const sound, const uint32_t n_frames, const uint32_t rate)
{
  sound->samples = (double*)calloc((size_t)n_frames + 1U, sizeof(double));
  sound->n_frames = n_frames;
  sound->rate = rate;
  return sound->samples ? true : cli_complain(PROGRAM, "out of memory");
}

/// Round to what a float WAV holds, so that the circuit's input is what the file says
static void
round_to_float(const MonoSound* const sound)
{
  for (uint32_t i = 0; i < sound->n_frames; ++i) {
    sound->samples[i] = (double)(float)sound->samples[i];
  }
}

static bool
synthesise_guitar(const RecordRequest* const request, MonoSound* const sound)
{
  const uint32_t rate = (uint32_t)request->rate;
  if (!allocate_sound(sound, (uint32_t)(request->seconds * rate), rate)) {
    return false;
  }
  const GuitarSpec spec = {
      .sample_rate = rate,
      .n_frames = sound->n_frames,
      .seed = request->seed,
  };
  return guitar_render(&spec, sound->samples) ? cli_complain(PROGRAM, "out of memory") : true;
}

static bool
read_first_channel(SNDFILE* const file, const SF_INFO* const info, const char* const path,
                   const MonoSound* const sound)
{
  double* const frame = (double*)calloc((size_t)info->channels, sizeof(double));
  bool read = frame != NULL;
  for (uint32_t i = 0; i < sound->n_frames && read; ++i) {
    read = sf_readf_double(file, frame, 1) == 1;
    sound->samples[i] = frame[0];
    if (!read) {
      (void)cli_complain(PROGRAM, "%s: ends at frame %u; expected %u frames", path, i,
                         sound->n_frames);
    } else if (!isfinite(frame[0])) {
      read = cli_complain(PROGRAM, "%s: frame %u isn't a finite number", path, i);
    }
  }
  free(frame);
  return read;
}

static bool
load_sound(const char* const path, MonoSound* const sound)
{
  SF_INFO info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file) {
    return cli_complain(PROGRAM, "%s: %s", path, sf_strerror(NULL));
  }
  bool loaded = false;
  if (info.frames < 1 || (double)info.frames > MAX_SECONDS * info.samplerate) {
    (void)cli_complain(PROGRAM, "%s: lasts %.0f s; expected up to %.0f s", path,
                       (double)info.frames / info.samplerate, MAX_SECONDS);
  } else if (info.samplerate < MIN_RATE || info.samplerate > MAX_RATE) {
    (void)cli_complain(PROGRAM, "%s: is at %d Hz; expected %.0f to %.0f Hz", path, info.samplerate,
                       MIN_RATE, MAX_RATE);
  } else {
    loaded = allocate_sound(sound, (uint32_t)info.frames, (uint32_t)info.samplerate) &&
             read_first_channel(file, &info, path, sound);
  }
  (void)sf_close(file);
  return loaded;
}

/// Write a float WAV without time stamp, so that the same sound makes the same file
static bool
save_sound(const MonoSound* const sound, const char* const path)
{
  SF_INFO info = {
      .samplerate = (int)sound->rate,
      .channels = 1,
      .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT,
  };
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file) {
    return cli_complain(PROGRAM, "%s: %s", path, sf_strerror(NULL));
  }
  (void)sf_command(file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  const sf_count_t n_frames = sound->n_frames;
  const bool written = sf_writef_double(file, sound->samples, n_frames) == n_frames;
  const bool closed = sf_close(file) == 0;
  return written && closed
             ? true
             : cli_complain(PROGRAM, "%s: can't be written completely; is the disk full?", path);
}

static void
print_levels(const char* const path, const MonoSound* const sound)
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
play_through_circuit(const RecordRequest* const request, const MonoSound* const sound)
{
  Circuit* circuit = NULL;
  if (circuit_new(request->circuit, request->knob, sound->rate, &circuit)) {
    return cli_complain(PROGRAM, "out of memory");
  }
  circuit_run(circuit, sound->samples, sound->samples, sound->n_frames);
  const uint64_t n_failures = circuit_failures(circuit);
  circuit_free(circuit);
  return n_failures == 0
             ? true
             : cli_complain(PROGRAM,
                            "the simulation failed in %llu steps, which should never happen",
                            (unsigned long long)n_failures);
}

static bool
record_pair(const RecordRequest* const request, MonoSound* const sound)
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
  RecordRequest request = {.seconds = 180.0, .rate = 48000.0, .seed = 1, .knob = CIRCUITS_PRESET};
  const CliResult result = read_command_line(argc, argv, &request);
  if (result != CLI_RUN) {
    return cli_exit_result(result);
  }
  MonoSound sound = {0};
  const bool recorded = record_pair(&request, &sound);
  free(sound.samples);
  return recorded ? CLI_EXIT_DONE : CLI_EXIT_FAILED;
}

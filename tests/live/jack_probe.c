// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A guitarist with a foot switch, for tests: plays a recording into a JACK client, sends it program
// changes, records its output and prints one line of measurements.
//
// Usage: jack_probe CLIENT IN.wav SECONDS [--freewheel] [--every=PERIODS] [--programs=N]
//                   [--flood] [--stereo] [--press=BYTE,BYTE,BYTE]
//                   [--expected=OUT.wav] [--record=OUT.wav]
//
// Without --freewheel it runs in real time, where a busy machine loses blocks. --every sends
// program 0, 1 ... N - 1, 0 ... once in that many periods; --press sends one message at the start;
// --flood sends random messages, as many as fit. The recording is repeated. --stereo uses the right
// channel only, for input and output.
//
// "late" is the delay of the output behind the expected one [frames], "error" the largest
// difference from it, "step" the largest difference between neighbouring samples, "quietest" the
// lowest peak of 10 ms after the first second, "end" the peak in the last 3 ms before silence.

#include <jack/jack.h>
#include <jack/midiport.h>
#include <sndfile.h>

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N_REST_PERIODS 20U ///< Silence at the start, while connections are made
#define MAX_LATE 20000U
#define RECENT_FALL 0.98F ///< Per frame

typedef struct {
  float* samples;
  size_t n_frames;
} Sound;

typedef struct {
  const char* client;
  const char* expected;
  const char* record;
  double seconds;
  unsigned every; ///< Periods; 0: never
  unsigned n_programs;
  unsigned char press[3];
  bool presses;
  bool floods;
  bool is_stereo;
  bool freewheels;
} Options;

typedef struct {
  Options options;
  Sound in;
  Sound recorded; ///< As much as fits
  jack_client_t* jack;
  jack_port_t* audio_in;
  jack_port_t* audio_out;
  jack_port_t* midi_out;
  sem_t is_done;
  uint64_t n_frames; ///< To play
  uint64_t at;       ///< Next frame
  uint64_t window;   ///< 10 ms [frames]
  uint64_t n_periods;
  unsigned n_changes;
  float last;
  float step;
  float peak;
  float window_peak;
  float quietest;
  float recent; ///< Peak that dies away within 3 ms
  float end;
  bool is_finite;
  atomic_bool plays;
  atomic_uint n_xruns;
} Probe;

static void
give_up(const char* const text)
{
  (void)fprintf(stderr, "jack_probe: %s\n", text);
  exit(1);
}

static Sound
read_sound(const char* const path)
{
  SF_INFO info = {0};
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  if (!file || info.channels != 1) {
    give_up("cannot read a recording with one channel");
  }
  Sound sound = {(float*)calloc((size_t)info.frames, sizeof(float)), (size_t)info.frames};
  if (!sound.samples || sf_readf_float(file, sound.samples, info.frames) != info.frames) {
    give_up("cannot read all of a recording");
  }
  (void)sf_close(file);
  return sound;
}

static void
write_sound(const char* const path, const Sound sound, const int rate)
{
  SF_INFO info = {.samplerate = rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  if (!file || sf_writef_float(file, sound.samples, (sf_count_t)sound.n_frames) !=
                   (sf_count_t)sound.n_frames) {
    give_up("cannot write");
  }
  (void)sf_close(file);
}

// JACK's thread

/// Fill a period with random messages, valid or not
static void
write_flood(const Probe* const p, void* const midi)
{
  unsigned k = (unsigned)p->n_periods * 7919U;
  jack_midi_data_t message[3];
  while (jack_midi_max_event_size(midi) >= sizeof(message)) {
    k = k * 1664525U + 1013904223U;
    message[0] = (jack_midi_data_t)(0x80U | (k >> 24U));
    message[1] = (jack_midi_data_t)(k >> 16U & 0x7FU);
    message[2] = (jack_midi_data_t)(k >> 8U & 0x7FU);
    (void)jack_midi_event_write(midi, 0, message, 1 + (k >> 4U) % 3U);
  }
}

static void
press_switch(Probe* const p, void* const midi)
{
  const unsigned every = p->options.every;
  if (p->options.presses && p->n_periods == 0) {
    (void)jack_midi_event_write(midi, 0, p->options.press, sizeof(p->options.press));
  }
  if (p->options.floods) {
    write_flood(p, midi);
  }
  if (every && p->n_periods % every == every - 1) {
    const jack_midi_data_t message[] = {0xC0,
                                        (jack_midi_data_t)(++p->n_changes % p->options.n_programs)};
    (void)jack_midi_event_write(midi, 0, message, sizeof(message));
  }
  ++p->n_periods;
}

static void
measure_sample(Probe* const p, const float x)
{
  const float step = fabsf(x - p->last);
  p->step = step > p->step ? step : p->step;
  p->peak = fabsf(x) > p->peak ? fabsf(x) : p->peak;
  p->recent = fmaxf(fabsf(x), p->recent * RECENT_FALL);
  p->end = x != 0.0F ? p->recent : p->end;
  p->is_finite = p->is_finite && isfinite(x);
  p->last = x;
  p->window_peak = fabsf(x) > p->window_peak ? fabsf(x) : p->window_peak;
  if (p->at % p->window == p->window - 1) {
    p->quietest =
        p->window_peak < p->quietest && p->at >= 100U * p->window ? p->window_peak : p->quietest;
    p->window_peak = 0.0F;
  }
  if (p->at < p->recorded.n_frames) {
    p->recorded.samples[p->at] = x;
  }
}

static int
process_block(const jack_nframes_t n_frames, void* const data)
{
  Probe* const p = (Probe*)data;
  const float* const in = (const float*)jack_port_get_buffer(p->audio_in, n_frames);
  float* const out = (float*)jack_port_get_buffer(p->audio_out, n_frames);
  void* const midi = jack_port_get_buffer(p->midi_out, n_frames);
  jack_midi_clear_buffer(midi);
  memset(out, 0, n_frames * sizeof(float));
  if (!atomic_load(&p->plays) || p->at >= p->n_frames) {
    return 0;
  }
  press_switch(p, midi);
  for (jack_nframes_t i = 0; i < n_frames; ++i, ++p->at) {
    measure_sample(p, in[i]);
    out[i] = p->in.samples[p->at % p->in.n_frames];
  }
  if (p->at >= p->n_frames) {
    (void)sem_post(&p->is_done);
  }
  return 0;
}

static int
on_xrun(void* const data)
{
  atomic_fetch_add(&((Probe*)data)->n_xruns, 1);
  return 0;
}

// Main thread

/// Connect, unless the client already did: it restores connections to a probe that it knew before
static void
connect_ports(const Probe* const p, const char* const from, const char* const to)
{
  const int error = jack_connect(p->jack, from, to);
  if (error && error != EEXIST) {
    give_up("cannot connect");
  }
}

static void
open_client(Probe* const p)
{
  const char* const side = p->options.is_stereo ? "_right" : "";
  char name[100];
  p->jack = jack_client_open("probe", JackNoStartServer, NULL);
  if (!p->jack) {
    give_up("no server");
  }
  p->audio_in = jack_port_register(p->jack, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
  p->audio_out = jack_port_register(p->jack, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
  p->midi_out = jack_port_register(p->jack, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsOutput, 0);
  (void)jack_set_process_callback(p->jack, process_block, p);
  (void)jack_set_xrun_callback(p->jack, on_xrun, p);
  if (jack_activate(p->jack)) {
    give_up("cannot activate the client");
  }
  (void)snprintf(name, sizeof(name), "%.80s:in%s", p->options.client, side);
  connect_ports(p, jack_port_name(p->audio_out), name);
  (void)snprintf(name, sizeof(name), "%.80s:midi", p->options.client);
  connect_ports(p, jack_port_name(p->midi_out), name);
  (void)snprintf(name, sizeof(name), "%.80s:out%s", p->options.client, side);
  connect_ports(p, name, jack_port_name(p->audio_in));
}

static void
play_recording(Probe* const p)
{
  const double rate = jack_get_sample_rate(p->jack);
  const double rest = N_REST_PERIODS * jack_get_buffer_size(p->jack) / rate;
  p->n_frames = (uint64_t)(p->options.seconds * rate);
  p->window = (uint64_t)(0.01 * rate);
  (void)nanosleep(&(const struct timespec){0, (long)(1e9 * (rest < 0.9 ? rest : 0.9))}, NULL);
  if (p->options.freewheels && jack_set_freewheel(p->jack, 1)) {
    give_up("no freewheeling");
  }
  atomic_store(&p->plays, true);
  (void)sem_wait(&p->is_done);
  if (p->options.freewheels) {
    (void)jack_set_freewheel(p->jack, 0);
  }
}

/// Return the largest difference if the output is `late` frames behind the expected one
static double
error_at(const Probe* const p, const Sound expected, const size_t late)
{
  double largest = 0.0;
  for (size_t i = 0; i < expected.n_frames && i + late < p->recorded.n_frames; ++i) {
    const double error = fabs((double)p->recorded.samples[i + late] - (double)expected.samples[i]);
    largest = error > largest ? error : largest;
  }
  return largest;
}

static void
compare_with_expected(const Probe* const p)
{
  const Sound expected = read_sound(p->options.expected);
  const size_t period = jack_get_buffer_size(p->jack);
  double least = HUGE_VAL;
  size_t late = 0;
  for (size_t k = 0; k <= MAX_LATE; k += period) { // JACK is late by whole periods
    const double error = error_at(p, expected, k);
    if (error < least) {
      least = error;
      late = k;
    }
  }
  (void)printf("late %zu error %.9f ", late, least);
  free(expected.samples);
}

static bool
read_options(const int argc, char** const argv, Options* const o)
{
  static const struct option options[] = {{"freewheel", no_argument, NULL, 'f'},
                                          {"every", required_argument, NULL, 'e'},
                                          {"programs", required_argument, NULL, 'p'},
                                          {"expected", required_argument, NULL, 'x'},
                                          {"record", required_argument, NULL, 'r'},
                                          {"flood", no_argument, NULL, 'l'},
                                          {"stereo", no_argument, NULL, 's'},
                                          {"press", required_argument, NULL, 'm'},
                                          {NULL, 0, NULL, 0}};
  for (int key = 0; (key = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
    switch (key) {
    case 'f':
      o->freewheels = true;
      break;
    case 'e':
      o->every = (unsigned)strtoul(optarg, NULL, 10);
      break;
    case 'p':
      o->n_programs = (unsigned)strtoul(optarg, NULL, 10);
      break;
    case 'x':
      o->expected = optarg;
      break;
    case 'r':
      o->record = optarg;
      break;
    case 'l':
      o->floods = true;
      break;
    case 's':
      o->is_stereo = true;
      break;
    case 'm':
      o->presses = sscanf(optarg, "%hhu,%hhu,%hhu", &o->press[0], &o->press[1], &o->press[2]) == 3;
      break;
    default:
      return false;
    }
  }
  return argc == optind + 3;
}

int
main(const int argc, char** const argv)
{
  static Probe p = {.options = {.n_programs = 2}, .is_finite = true, .quietest = HUGE_VALF};
  if (!read_options(argc, argv, &p.options)) {
    give_up("expected CLIENT IN.wav SECONDS");
  }
  p.options.client = argv[optind];
  p.in = read_sound(argv[optind + 1]);
  p.options.seconds = strtod(argv[optind + 2], NULL);
  p.recorded.n_frames = p.in.n_frames + MAX_LATE;
  p.recorded.samples = (float*)calloc(p.recorded.n_frames, sizeof(float));
  (void)sem_init(&p.is_done, 0, 0);
  if (!p.recorded.samples || !p.in.n_frames) {
    give_up("no memory, or an empty recording");
  }
  open_client(&p);
  play_recording(&p);
  if (p.options.expected) {
    compare_with_expected(&p);
  }
  (void)printf("changes %u xruns %u step %.6f peak %.4f quietest %.4f end %.4f %s\n", p.n_changes,
               p.n_xruns, (double)p.step, (double)p.peak, (double)p.quietest, (double)p.end,
               p.is_finite ? "finite" : "not finite");
  if (p.options.record) {
    write_sound(p.options.record, p.recorded, (int)jack_get_sample_rate(p.jack));
  }
  (void)jack_client_close(p.jack);
  free(p.in.samples);
  free(p.recorded.samples);
  return 0;
}

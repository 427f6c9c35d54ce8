// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are recordings read as they were written, and is their length limited by the disk, not by memory?

#include "tests/fixtures.h"

#include "tests/checks.h"
#include "train/audio/wav.h"
#include "train/audio/wav_writer.h"
#include "train/learn/dataset.h"

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_FRAMES (16U << 20U) ///< 64 MiB of samples, almost six minutes
#define ROOM (8U << 20U)         ///< Memory that reading may take [bytes]

static float
sample_at(const uint64_t frame, const int channel)
{
  const int wrapped = (int)(frame * 2654435761U % 65536U) - 32768;
  return (float)(channel ? -wrapped / 2 : wrapped) / 32768.0F;
}

/// Write two channels of 16 bits
static void
write_recording(const char* const path, const uint32_t n_frames)
{
  SF_INFO info = {.samplerate = 48000, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  float block[2 * WAV_BLOCK];
  assert_non_null(file);
  for (uint32_t start = 0; start < n_frames;) {
    const uint32_t n = n_frames - start < WAV_BLOCK ? n_frames - start : WAV_BLOCK;
    for (uint32_t i = 0; i < n; ++i) {
      block[2 * i] = sample_at(start + i, 0);
      block[2 * i + 1] = sample_at(start + i, 1);
    }
    assert_int_equal(sf_writef_float(file, block, n), n);
    start += n;
  }
  assert_int_equal(sf_close(file), 0);
}

static void
every_sample_of_the_chosen_channel_arrives(void** const state)
{
  (void)state;
  const uint32_t lengths[] = {1, WAV_BLOCK - 1, WAV_BLOCK, 3 * WAV_BLOCK + 7};
  char path[4096];
  fixture_path("channels.wav", path);
  for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); ++k) {
    write_recording(path, lengths[k]);
    for (uint32_t channel = 1; channel <= 2; ++channel) {
      Wav wav = {0};
      assert_int_equal(wav_read(path, channel, &wav, NULL), STATUS_OK);
      assert_int_equal(wav.n_frames, lengths[k]);
      for (uint32_t i = 0; i < lengths[k]; ++i) {
        const float difference = wav.samples[i] - sample_at(i, (int)channel - 1);
        check_between(difference, -1e-4F, 1e-4F);
      }
      wav_clear(&wav);
    }
  }
}

static void
a_file_without_frames_is_read_as_empty(void** const state)
{
  (void)state;
  char path[4096];
  Wav wav = {0};
  fixture_path("empty.wav", path);
  write_recording(path, 0);
  assert_int_equal(wav_read(path, 1, &wav, NULL), STATUS_OK);
  assert_int_equal(wav.n_frames, 0);
  wav_clear(&wav);
}

/// Let the program allocate `room` more bytes; return the old limit
static struct rlimit
limit_memory(const size_t room)
{
  FILE* const status = fopen("/proc/self/status", "r");
  struct rlimit before = {0};
  char line[256];
  unsigned long kib = 0;
  assert_non_null(status);
  while (fgets(line, sizeof(line), status) && sscanf(line, "VmData: %lu", &kib) != 1) {
  }
  (void)fclose(status);
  check_above(kib, 0);
  assert_int_equal(getrlimit(RLIMIT_DATA, &before), 0);
  const struct rlimit limit = {(rlim_t)kib * 1024 + room, before.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
  return before;
}

/// Not under Valgrind, whose memory would count
static void
a_recording_longer_than_memory_is_cut_and_read(void** const state)
{
  (void)state;
  char path[4096];
  Wav wav[2] = {{0}, {0}};
  Dataset dataset = {0};
  if (fixture_is_slow()) {
    return;
  }
  fixture_path("long.wav", path);
  write_recording(path, LONG_FRAMES);
  const struct rlimit before = limit_memory(ROOM);
  void* const too_much = malloc(2 * ROOM);
  for (uint32_t i = 0; i < 2; ++i) {
    assert_int_equal(wav_read(path, i + 1, &wav[i], NULL), STATUS_OK);
  }
  Take take = {.name = path, .input = &wav[0], .target = &wav[1]};
  assert_int_equal(dataset_cut(&take, 1, (ClipLayout){0, 0}, &dataset, NULL), STATUS_OK);
  check_above(dataset_target_power(&dataset, 0.0), 0.0);
  assert_int_equal(setrlimit(RLIMIT_DATA, &before), 0);
  assert_null(too_much);
  assert_int_equal(wav[0].n_frames, LONG_FRAMES);
  dataset_clear(&dataset);
  wav_clear(&wav[0]);
  wav_clear(&wav[1]);
  (void)unlink(path);
}

static void
a_full_disk_is_reported_with_what_would_help(void** const state)
{
  (void)state;
  const struct rlimit limit = {4096, RLIM_INFINITY};
  struct rlimit before = {0};
  char path[4096];
  Message message = {""};
  Wav wav = {0};
  fixture_path("room.wav", path);
  write_recording(path, 3 * WAV_BLOCK);
  (void)signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const Status status = wav_read(path, 1, &wav, &message);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(status, STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, "TMPDIR"));
  assert_null(wav.samples);
}

static void
a_folder_without_permission_to_write_is_named(void** const state)
{
  (void)state;
  char path[4096];
  Message message = {""};
  Wav wav = {0};
  fixture_path("folder.wav", path);
  write_recording(path, 100);
  assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
  const Status status = wav_read(path, 1, &wav, &message);
  assert_int_equal(unsetenv("TMPDIR"), 0);
  assert_int_equal(status, STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, "/nowhere/at/all"));
}

/// Write a file of these bytes, under the name that fixture_path() gives
static void
write_bytes(const char* const name, const char* const bytes)
{
  char path[4096];
  fixture_path(name, path);
  FILE* const file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, strlen(bytes), file), strlen(bytes));
  assert_int_equal(fclose(file), 0);
}

/// Check that reading `name` fails with exactly `expected` after the path
static void
check_refusal(const char* const name, const uint32_t channel, const char* const expected)
{
  char path[4096];
  Message message = {""};
  Wav wav = {0};
  fixture_path(name, path);
  assert_int_not_equal(wav_read(path, channel, &wav, &message), STATUS_OK);
  assert_null(wav.samples);
  assert_memory_equal(message.text, path, strlen(path));
  assert_string_equal(message.text + strlen(path), expected);
}

static void
a_pipe_without_sound_is_explained(void** const state)
{
  (void)state;
  char path[64];
  int ends[2];
  Message message = {""};
  Wav wav = {0};
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], "no sound", 8), 8);
  assert_int_equal(close(ends[1]), 0);
  (void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
  assert_int_equal(wav_read(path, 0, &wav, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, "brings no sound that can be read from a pipe"));
  assert_int_equal(close(ends[0]), 0);
}

static void
a_file_that_cannot_be_read_is_explained(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("two.wav", path);
  write_recording(path, 100);
  write_bytes("no-bytes.wav", "");
  write_bytes("text.wav", "not a sound");
  write_bytes("model.json", "{\"layers\": []}");
  write_bytes("phone.m4a", "____ftypM4A ____");
  fixture_path("a-folder", path);
  (void)mkdir(path, 0777);
  check_refusal("nosuch.wav", 0, ": no such file");
  check_refusal("a-folder", 0, ": is a folder; expected a sound file");
  check_refusal("no-bytes.wav", 0, ": is empty (0 bytes); expected a sound file");
  check_refusal("text.wav", 0, ": is a text file; expected a sound file");
  check_refusal("model.json", 0, ": is a JSON file, such as a model; expected a sound file");
  check_refusal("phone.m4a", 0,
                ": is in MPEG-4/AAC, which Grus can't read; export it as WAV or FLAC");
  check_refusal("two.wav", 3, ": has 2 channels, so there is no channel 3");
}

/// Write a number into a file
static void
patch_file(const char* const path, const long at, const uint32_t number)
{
  const unsigned char bytes[4] = {
      (unsigned char)(number & 0xFFU), (unsigned char)(number >> 8U & 0xFFU),
      (unsigned char)(number >> 16U & 0xFFU), (unsigned char)(number >> 24U)};
  FILE* const file = fopen(path, "r+b");
  assert_non_null(file);
  assert_int_equal(fseek(file, at, SEEK_SET), 0);
  assert_int_equal(fwrite(bytes, 1, 4, file), 4);
  assert_int_equal(fclose(file), 0);
}

/// Return where the size of the data stands in a WAV file
static long
size_of_data_at(const char* const path)
{
  char bytes[8192];
  FILE* const file = fopen(path, "rb");
  assert_non_null(file);
  const size_t n = fread(bytes, 1, sizeof(bytes), file);
  assert_int_equal(fclose(file), 0);
  size_t at = 12;
  while (at + 8 < n && memcmp(bytes + at, "data", 4) != 0) {
    ++at;
  }
  return (long)at + 4;
}

/// Return a file's largest difference from a sine, infinity if it doesn't hold `n_frames`
static double
sine_error(const char* const path, const float* const sine, const uint32_t n_frames)
{
  Wav wav = {0};
  assert_int_equal(wav_read(path, 0, &wav, NULL), STATUS_OK);
  const double error =
      wav.n_frames == n_frames ? fixture_difference(wav.samples, sine, n_frames) : (double)INFINITY;
  wav_clear(&wav);
  return error;
}

static void
write_sine(const char* const path, const float* const sine, const uint32_t n,
           const WavFormat format)
{
  WavWriter writer;
  const WavTarget target = {path, "grus-test", 48000, format};
  assert_int_equal(wav_writer_open(&writer, &target, NULL), STATUS_OK);
  assert_int_equal(wav_writer_add(&writer, sine, n, NULL), STATUS_OK);
  assert_int_equal(wav_writer_keep(&writer, NULL), STATUS_OK);
}

/// Return how a file differs from its header
static WavCut
cut_of(const char* const path)
{
  Wav wav = {0};
  assert_int_equal(wav_read(path, 0, &wav, NULL), STATUS_OK);
  const WavCut cut = wav.cut;
  if (cut.held > 0.0) {
    check_near(cut.held, (double)wav.n_frames / wav.sample_rate, 1e-4);
  }
  wav_clear(&wav);
  return cut;
}

static void
a_header_that_says_less_or_more_than_there_is_is_noticed(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("header.wav", path);
  write_recording(path, 48000);
  check_equal(cut_of(path).said, 0.0);
  check_equal(cut_of(path).held, 0.0);
  const long at = size_of_data_at(path);
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  assert_int_equal(truncate(path, at + 4 + (info.st_size - at - 4) / 2), 0);
  const WavCut half = cut_of(path);
  check_near(half.held, 0.5, 1e-4);
  check_near(half.said, 1.0, 1e-4);
  patch_file(path, at, UINT32_MAX); // As programs write into pipes
  check_equal(cut_of(path).held, 0.0);
}

/// What a recorder leaves that crashes, by the format and what it writes before the sound
static const struct {
  int format;
  int chunk; ///< Bytes of a chunk "JUNK", as Apple's recorders write; 0: none
} unfinished[] = {{SF_FORMAT_WAV | SF_FORMAT_PCM_16, 0},
                  {SF_FORMAT_WAV | SF_FORMAT_PCM_24, 4000},
                  {SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 0},
                  {SF_FORMAT_WAV | SF_FORMAT_FLOAT, 28},
                  {SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 0}};

/// Write a sine into a file whose sizes are 0
static void
write_unfinished(const char* const path, const float* const sine, const uint32_t n,
                 const size_t kind)
{
  static const char zeros[4000];
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = unfinished[kind].format};
  SF_CHUNK_INFO chunk = {.id = "JUNK",
                         .id_size = 4,
                         .datalen = (unsigned)unfinished[kind].chunk,
                         .data = (void*)(uintptr_t)zeros};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_true(!chunk.datalen || !sf_set_chunk(file, &chunk));
  assert_int_equal(sf_writef_float(file, sine, n), n);
  assert_int_equal(sf_close(file), 0);
  const bool is_long = (unfinished[kind].format & SF_FORMAT_TYPEMASK) == SF_FORMAT_RF64;
  patch_file(path, 4, is_long ? UINT32_MAX : 0);
  patch_file(path, is_long ? 28 : size_of_data_at(path), 0);
}

static void
a_header_that_was_never_finished_is_finished_in_memory(void** const state)
{
  enum { N = 30000 };
  static float sine[N];
  char path[4096];
  (void)state;
  fixture_path("crashed.wav", path);
  fixture_sine(sine, N, 100.0, 0.9, 48000.0);
  for (size_t kind = 0; kind < sizeof(unfinished) / sizeof(unfinished[0]); ++kind) {
    write_unfinished(path, sine, N, kind);
    check_at_most(sine_error(path, sine, N), 1.5 * 0x1p-15);
    check_equal(cut_of(path).said, 0.0);
    check_near(cut_of(path).held, N / 48000.0, 1e-4);
  }
}

static void
a_header_that_says_less_than_there_is_is_finished_in_memory(void** const state)
{
  enum { N = 100000 };
  static float sine[N];
  char path[4096];
  (void)state;
  fixture_path("behind.wav", path);
  fixture_sine(sine, N, 100.0, 0.9, 48000.0);
  write_sine(path, sine, N, WAV_FLOAT);
  patch_file(path, size_of_data_at(path), 20001 * sizeof(float)); // As it was some time ago
  check_at_most(sine_error(path, sine, N), 1e-6);
  check_near(cut_of(path).said, 20001.0 / 48000.0, 1e-4);
  check_near(cut_of(path).held, N / 48000.0, 1e-4);
  patch_file(path, size_of_data_at(path), (N - 40000) * sizeof(float)); // Less than a second more
  check_equal(cut_of(path).held, 0.0);
}

static void
bw64_is_read(void** const state)
{
  enum { N = 30000 };
  static float sine[N];
  char path[4096];
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = SF_FORMAT_RF64 | SF_FORMAT_PCM_24};
  (void)state;
  fixture_path("bw64.wav", path);
  fixture_sine(sine, N, 100.0, 0.9, 48000.0);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, sine, N), N);
  assert_int_equal(sf_close(file), 0);
  patch_file(path, 0, 0x34365742); // "BW64"
  check_at_most(sine_error(path, sine, N), 1.5 * 0x1p-23);
  check_equal(cut_of(path).held, 0.0);
}

/// Write an MP3 file with a hole in the middle; false if libsndfile can't
static bool
write_damaged_mp3(const char* const path)
{
  enum { N = 96000 };
  static float sine[N];
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = 0x230000 | 0x82}; // MPEG, layer III
  fixture_sine(sine, N, 100.0, 0.9, 48000.0);
  SNDFILE* const file = sf_format_check(&info) ? sf_open(path, SFM_WRITE, &info) : NULL;
  if (!file) {
    return false;
  }
  assert_int_equal(sf_writef_float(file, sine, N), N);
  assert_int_equal(sf_close(file), 0);
  for (long at = 4000; at < 4400; at += 4) {
    patch_file(path, at, 0x12345678);
  }
  return true;
}

static void
a_damaged_mp3_prints_nothing(void** const state)
{
  char path[4096];
  char log_path[4096];
  Wav wav = {0};
  (void)state;
  fixture_path("damaged.mp3", path);
  fixture_path("stderr", log_path);
  if (!write_damaged_mp3(path)) {
    return;
  }
  const int kept = dup(STDERR_FILENO);
  const int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  assert_int_equal(dup2(log, STDERR_FILENO), STDERR_FILENO);
  const Status status = wav_read(path, 0, &wav, NULL);
  assert_int_equal(write(STDERR_FILENO, "x", 1), 1); // It can be written to again
  assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
  assert_int_equal(lseek(log, 0, SEEK_END), 1);
  assert_int_equal(close(log) || close(kept), 0);
  assert_true(!status || status == STATUS_CANNOT_READ);
  wav_clear(&wav);
}

static void
what_follows_no_sound_is_not_read_as_sound(void** const state)
{
  static const float one[1] = {0.5F};
  static const char text[] = "note\x08\0\0\0nothing";
  char path[4096];
  (void)state;
  fixture_path("empty.wav", path);
  write_sine(path, one, 0, WAV_FLOAT);
  FILE* const file = fopen(path, "ab");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, sizeof(text), file), sizeof(text));
  assert_int_equal(fclose(file), 0);
  check_at_most(sine_error(path, one, 0), 0.0);
  check_equal(cut_of(path).held, 0.0);
}

/// Return what a file of this format is called if it is lossy
static const char*
lossy_name_of(const int format)
{
  char path[4096];
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = format};
  static const float silence[1000] = {0.0F};
  Wav wav = {0};
  fixture_path("encoded", path);
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, silence, 1000), 1000);
  assert_int_equal(sf_close(file), 0);
  assert_int_equal(wav_read(path, 0, &wav, NULL), STATUS_OK);
  wav_clear(&wav);
  WavReader reader = {0};
  assert_int_equal(wav_reader_open(&reader, path, 0, NULL), STATUS_OK);
  const char* const name = reader.lossy;
  wav_reader_close(&reader);
  return name;
}

static void
lossy_encodings_are_known(void** const state)
{
  (void)state;
  assert_null(lossy_name_of(SF_FORMAT_WAV | SF_FORMAT_PCM_16));
  assert_null(lossy_name_of(SF_FORMAT_WAV | SF_FORMAT_FLOAT));
  assert_null(lossy_name_of(SF_FORMAT_AIFF | SF_FORMAT_PCM_24));
  assert_string_equal(lossy_name_of(SF_FORMAT_WAV | SF_FORMAT_ULAW), "µ-law");
  assert_string_equal(lossy_name_of(SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM), "ADPCM");
}

static void
a_file_appears_only_when_it_is_kept(void** const state)
{
  (void)state;
  static const double errors[] = {1.5 * 0x1p-15, 1.5 * 0x1p-23, 0.0};
  enum { N = 5000 };
  char path[4096];
  float sine[N];
  fixture_path("written.wav", path);
  for (int format = WAV_16_BIT; format <= WAV_FLOAT; ++format) {
    WavWriter writer;
    fixture_sine(sine, N, 100.0 * (format + 1), 0.9, 48000.0);
    assert_int_equal(
        wav_writer_open(&writer, &(WavTarget){path, "grus-test", 48000, (WavFormat)format}, NULL),
        STATUS_OK);
    assert_int_equal(wav_writer_add(&writer, sine, 3000, NULL), STATUS_OK);
    assert_int_equal(wav_writer_add(&writer, sine + 3000, N - 3000, NULL), STATUS_OK);
    if (format != WAV_16_BIT) {
      check_above(sine_error(path, sine, N), 1e-4);
    }
    assert_int_equal(wav_writer_keep(&writer, NULL), STATUS_OK);
    check_at_most(sine_error(path, sine, N), errors[format]);
  }
}

static void
a_discarded_file_leaves_only_the_old_one(void** const state)
{
  (void)state;
  char path[4096];
  float sine[100];
  WavWriter writer;
  fixture_path("discarded.wav", path);
  fixture_sine(sine, 100, 1000.0, 0.9, 48000.0);
  write_sine(path, sine, 100, WAV_FLOAT);
  const WavTarget target = {path, "grus-test", 48000, WAV_FLOAT};
  assert_int_equal(wav_writer_open(&writer, &target, NULL), STATUS_OK);
  assert_int_equal(wav_writer_add(&writer, sine, 50, NULL), STATUS_OK);
  wav_writer_discard(&writer);
  check_at_most(sine_error(path, sine, 100), 0.0);
}

static void
the_name_chooses_a_format_without_loss(void** const state)
{
  static const struct {
    const char* name;
    int container;
    double error; ///< Of samples that are meant to be floats
  } kinds[] = {{"kind.wav", SF_FORMAT_WAV, 0.0},
               {"kind.WAV", SF_FORMAT_WAV, 0.0},
               {"kind.aiff", SF_FORMAT_AIFF, 0.0},
               {"kind.aif", SF_FORMAT_AIFF, 0.0},
               {"kind.flac", SF_FORMAT_FLAC, 1.5 * 0x1p-23}};
  static const char* const others[] = {"kind.mp3", "kind.ogg", "kind", "wav", "-", "kind.json"};
  enum { N = 5000 };
  float sine[N];
  char path[4096];
  Message message = {""};
  (void)state;
  fixture_sine(sine, N, 100.0, 0.9, 48000.0);
  // Valgrind sees FLAC's own library use what it has not set
  const size_t n_kinds = sizeof(kinds) / sizeof(kinds[0]) - (fixture_is_slow() ? 1 : 0);
  for (size_t i = 0; i < n_kinds; ++i) {
    SF_INFO info = {0};
    fixture_path(kinds[i].name, path);
    assert_int_equal(wav_writer_check_name(path, NULL), STATUS_OK);
    write_sine(path, sine, N, WAV_FLOAT);
    check_at_most(sine_error(path, sine, N), kinds[i].error);
    SNDFILE* const file = sf_open(path, SFM_READ, &info);
    assert_non_null(file);
    assert_int_equal(info.format & SF_FORMAT_TYPEMASK, kinds[i].container);
    (void)sf_close(file);
    assert_true(wav_writer_wrote(path, "grus-test"));
    assert_false(wav_writer_wrote(path, "grus-tes"));
  }
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); ++i) {
    fixture_path(others[i], path);
    assert_int_equal(wav_writer_check_name(path, &message), STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(message.text, "expected a name that ends in .wav, .flac or .aiff"));
  }
}

/// It isn't wrapped around
static void
what_a_format_can_not_hold_is_clipped_and_counted(void** const state)
{
  static const float loud[] = {0.5F, 1.5F, -2.0F, 1.0F, -1.0F};
  static const double clipped[] = {0.5, 1.0, -1.0, 1.0, -1.0};
  char path[4096];
  Wav wav = {0};
  WavWriter writer;
  (void)state;
  fixture_path("loud.flac", path);
  const WavTarget target = {path, "grus-test", 48000, WAV_FLOAT};
  assert_int_equal(wav_writer_open(&writer, &target, NULL), STATUS_OK);
  assert_int_equal(wav_writer_add(&writer, loud, 5, NULL), STATUS_OK);
  assert_int_equal(writer.n_clipped, 2);
  assert_int_equal(wav_writer_keep(&writer, NULL), STATUS_OK);
  assert_int_equal(wav_read(path, 0, &wav, NULL), STATUS_OK);
  assert_int_equal(wav.n_frames, 5);
  for (size_t i = 0; i < 5; ++i) {
    check_at_most(fabs((double)wav.samples[i] - clipped[i]), 0x1p-22);
  }
  wav_clear(&wav);
}

/// Samples that 24 bits hold come back as they were
static void
whole_steps_are_written_exactly(void** const state)
{
  enum { N = 3000 };
  char path[4096];
  float steps[N];
  int read[N];
  SF_INFO info = {0};
  (void)state;
  fixture_path("steps.wav", path);
  for (int i = 0; i < N; ++i) {
    steps[i] = (float)((i - N / 2) * 5591) / 8388607.0F;
  }
  write_sine(path, steps, N, WAV_24_BIT);
  SNDFILE* const file = sf_open(path, SFM_READ, &info);
  assert_non_null(file);
  assert_int_equal(sf_readf_int(file, read, N), N);
  (void)sf_close(file);
  for (int i = 0; i < N; ++i) {
    assert_int_equal(read[i] / 256, (i - N / 2) * 5591);
  }
}

/// By the same name, by another one, and what others made
static void
a_program_knows_what_it_wrote(void** const state)
{
  char path[4096];
  float sine[100];
  (void)state;
  fixture_path("theirs.wav", path);
  fixture_sine(sine, 100, 1000.0, 0.9, 48000.0);
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  assert_non_null(file);
  assert_int_equal(sf_writef_float(file, sine, 100), 100);
  (void)sf_close(file);
  assert_false(wav_writer_wrote(path, "grus-test"));
  fixture_path("missing.wav", path);
  assert_false(wav_writer_wrote(path, "grus-test"));
  write_sine(path, sine, 100, WAV_24_BIT);
  assert_true(wav_writer_wrote(path, "grus-test"));
  assert_false(wav_writer_wrote(path, "grus-testing"));
}

static void
a_wav_file_has_room_for_four_gigabytes(void** const state)
{
  (void)state;
  assert_in_range(wav_writer_most_frames(WAV_16_BIT), 2147480000, 2147483647);
  assert_in_range(wav_writer_most_frames(WAV_FLOAT), 1073740000, 1073741823);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_sample_of_the_chosen_channel_arrives),
      cmocka_unit_test(a_file_without_frames_is_read_as_empty),
      cmocka_unit_test(a_file_that_cannot_be_read_is_explained),
      cmocka_unit_test(a_pipe_without_sound_is_explained),
      cmocka_unit_test(lossy_encodings_are_known),
      cmocka_unit_test(a_header_that_says_less_or_more_than_there_is_is_noticed),
      cmocka_unit_test(a_header_that_was_never_finished_is_finished_in_memory),
      cmocka_unit_test(a_header_that_says_less_than_there_is_is_finished_in_memory),
      cmocka_unit_test(bw64_is_read),
      cmocka_unit_test(a_damaged_mp3_prints_nothing),
      cmocka_unit_test(what_follows_no_sound_is_not_read_as_sound),
      cmocka_unit_test(a_recording_longer_than_memory_is_cut_and_read),
      cmocka_unit_test(a_full_disk_is_reported_with_what_would_help),
      cmocka_unit_test(a_folder_without_permission_to_write_is_named),
      cmocka_unit_test(a_file_appears_only_when_it_is_kept),
      cmocka_unit_test(a_discarded_file_leaves_only_the_old_one),
      cmocka_unit_test(the_name_chooses_a_format_without_loss),
      cmocka_unit_test(what_a_format_can_not_hold_is_clipped_and_counted),
      cmocka_unit_test(whole_steps_are_written_exactly),
      cmocka_unit_test(a_program_knows_what_it_wrote),
      cmocka_unit_test(a_wav_file_has_room_for_four_gigabytes),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

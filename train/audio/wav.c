// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads recordings through libsndfile and refuses what no model can learn from.

#include "train/audio/wav.h"

#include "core/file.h"
#include "core/tape.h"
#include "train/audio/spool.h"

#include <sndfile.h>

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/// A sample beyond this, +40 dBFS, is not sound
#define LOUDEST 100.0F

/// A channel is silent if its power is this much below another's, 80 dB
#define SILENT 1e-8
#define FAINTEST 1e-5F ///< That is not silence, -100 dBFS

/// Encodings that leave out some of the sound, by the numbers of libsndfile, whose older versions
/// don't name them all
static const struct {
  int number;
  const char* name;
} lossy_encodings[] = {
    {0x10, "µ-law"},  {0x11, "A-law"}, {0x12, "ADPCM"}, {0x13, "ADPCM"}, {0x20, "GSM"},
    {0x21, "ADPCM"},  {0x30, "ADPCM"}, {0x31, "ADPCM"}, {0x32, "ADPCM"}, {0x33, "ADPCM"},
    {0x60, "Vorbis"}, {0x64, "Opus"},  {0x80, "MP1"},   {0x81, "MP2"},   {0x82, "MP3"},
};

static const char*
find_lossy(const int format)
{
  const char* name = NULL;
  for (size_t i = 0; i < sizeof(lossy_encodings) / sizeof(lossy_encodings[0]); ++i) {
    name =
        (format & SF_FORMAT_SUBMASK) == lossy_encodings[i].number ? lossy_encodings[i].name : name;
  }
  return name;
}

static void
compare_channels(WavReader* const reader, const uint32_t n_frames)
{
  WavComparison* const c = &reader->compared;
  const uint32_t n = reader->n_channels < WAV_MAX_COMPARED ? reader->n_channels : WAV_MAX_COMPARED;
  for (uint32_t i = 0; i < n_frames; ++i) {
    const float* const frame = reader->block + (size_t)i * reader->n_channels;
    for (uint32_t k = 0; k < n; ++k) {
      c->power[k] += (double)frame[k] * (double)frame[k];
      c->differ = c->differ || frame[k] != frame[reader->channel];
    }
  }
}

/// Return how many bits a sample has that is a whole number, 0 for others
static uint32_t
count_bits(const int format)
{
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_S8:
  case SF_FORMAT_PCM_U8:
    return 8;
  case SF_FORMAT_PCM_16:
  case SF_FORMAT_ALAC_16:
    return 16;
  case SF_FORMAT_PCM_24:
    return 24;
  case SF_FORMAT_PCM_32:
    return 32;
  default:
    return 0;
  }
}

/// Return a tape of a plain file, whose `fd` the caller closes; -1 for anything else. A pipe can't
/// even be opened twice.
static Tape
load_tape(const char* const path)
{
  struct stat info;
  const bool is_plain = !stat(path, &info) && S_ISREG(info.st_mode);
  return (Tape){.fd = is_plain ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1,
                .size = is_plain ? (int64_t)info.st_size : 0};
}

static void
free_tape(Tape* const tape)
{
  if (tape) {
    (void)close(tape->fd);
    free(tape);
  }
}

/// Silence standard error, where libmpg123 writes what is wrong with a file, which the caller says
/// in its own words; return what unmute_errors() needs
static int
mute_errors(void)
{
  const int kept = dup(STDERR_FILENO);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (kept >= 0 && nothing >= 0) {
    (void)dup2(nothing, STDERR_FILENO);
  }
  (void)close(nothing);
  return kept;
}

static void
unmute_errors(const int kept)
{
  if (kept >= 0) {
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
  }
}

static SNDFILE*
open_quietly(const char* const path, SF_INFO* const info)
{
  const int kept = mute_errors();
  SNDFILE* const file = sf_open(path, SFM_READ, info);
  const int error = errno;
  unmute_errors(kept);
  errno = error;
  return file;
}

/// Open a WAV file through a tape if its header needs repair; all others on their own
static Status
open_sound(WavReader* const reader, SF_INFO* const info, Message* const message)
{
  Tape tape = load_tape(reader->path);
  errno = 0; // libsndfile doesn't say that memory ran out
  reader->cut = tape.fd < 0 ? (WavCut){0.0, 0.0} : wav_header_find_cut(&tape);
  if (tape.fd < 0 || !wav_header_repair(&tape, reader->cut)) {
    if (tape.fd >= 0) {
      (void)close(tape.fd);
    }
    reader->file = open_quietly(reader->path, info);
  } else if ((reader->tape = (Tape*)malloc(sizeof(Tape)))) {
    *reader->tape = tape;
    reader->file = tape_open(reader->tape, info);
  } else {
    (void)close(tape.fd);
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", reader->path);
  }
  if (!reader->file && errno == ENOMEM) {
    return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", reader->path);
  }
  return reader->file ? STATUS_OK : file_explain(reader->path, FILE_SOUND, message);
}

/// Choose the channel, and make room for a block
static Status
choose_channel(WavReader* const reader, const SF_INFO* const info, const uint32_t channel,
               Message* const message)
{
  if (info->channels > 1 && channel > (uint32_t)info->channels) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has %d channels, so there is no channel %u", reader->path,
                       info->channels, channel);
  }
  reader->n_channels = (uint32_t)info->channels;
  reader->channel = channel && info->channels > 1 ? channel - 1 : 0;
  reader->is_chosen = channel > 0;
  reader->block = (float*)calloc((size_t)WAV_BLOCK * (size_t)info->channels, sizeof(float));
  return reader->block ? STATUS_OK
                       : status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", reader->path);
}

Status
wav_reader_open(WavReader* const reader, const char* const path, const uint32_t channel,
                Message* const message)
{
  SF_INFO info = {0};
  WavReader fresh = {.path = path};
  Status status = open_sound(&fresh, &info, message);
  status = status ? status : choose_channel(&fresh, &info, channel, message);
  if (status) {
    wav_reader_close(&fresh);
    return status;
  }
  fresh.n_frames = info.frames > 0 ? (uint64_t)info.frames : 0;
  fresh.sample_rate = (double)info.samplerate;
  fresh.lossy = find_lossy(info.format);
  fresh.n_bits = count_bits(info.format);
  *reader = fresh;
  return STATUS_OK;
}

/// Read into the block, and let the decoder of a lossy encoding say nothing of damage
static sf_count_t
read_quietly(const WavReader* const reader, const uint32_t n_frames)
{
  const int kept = reader->lossy ? mute_errors() : -1;
  const sf_count_t n = sf_readf_float(reader->file, reader->block, (sf_count_t)n_frames);
  unmute_errors(kept);
  return n;
}

Status
wav_reader_read(WavReader* const reader, float* const samples, const uint32_t n_frames,
                uint32_t* const n_read, Message* const message)
{
  const sf_count_t n = read_quietly(reader, n_frames);
  if (sf_error(reader->file)) {
    return status_fail(message, STATUS_CANNOT_READ,
                       "%s: can't be read after frame %lld; export it again", reader->path,
                       (long long)sf_seek(reader->file, 0, SF_SEEK_CUR));
  }
  for (sf_count_t i = 0; i < n; ++i) {
    samples[i] = reader->block[(size_t)i * reader->n_channels + reader->channel];
    if (!(fabsf(samples[i]) <= LOUDEST)) { // False for NaN, too
      const sf_count_t end = sf_seek(reader->file, 0, SF_SEEK_CUR);
      return status_fail(message, STATUS_BAD_FILE,
                         "%s: frame %lld is %g; samples should lie between -1 and 1", reader->path,
                         (long long)(end - n + i), (double)samples[i]);
    }
  }
  compare_channels(reader, (uint32_t)n);
  *n_read = (uint32_t)n;
  return STATUS_OK;
}

void
wav_reader_close(WavReader* const reader)
{
  if (reader->file) {
    (void)sf_close(reader->file);
  }
  free_tape(reader->tape);
  free(reader->block);
  *reader = (WavReader){0};
}

bool
wav_is_silent(const float* const samples, const uint64_t n_frames)
{
  for (uint64_t i = 0; i < n_frames; ++i) {
    if (fabsf(samples[i]) > FAINTEST) {
      return false;
    }
  }
  return true;
}

WavChannels
wav_reader_channels(const WavReader* const reader)
{
  const double* const power = reader->compared.power;
  const uint32_t read = reader->channel;
  uint32_t loudest = read;
  for (uint32_t k = 0; k < reader->n_channels && k < WAV_MAX_COMPARED; ++k) {
    const double most = loudest < WAV_MAX_COMPARED ? power[loudest] : HUGE_VAL;
    loudest = power[k] > most ? k : loudest;
  }
  const bool is_silent = loudest != read && power[read] < SILENT * power[loudest];
  return (WavChannels){reader->n_channels,      read + 1,  loudest + 1,
                       reader->compared.differ, is_silent, reader->is_chosen};
}

/// Decode until the end, whatever the header says about the length
static Status
read_all(WavReader* const reader, Spool* const spool, Message* const message)
{
  float samples[WAV_BLOCK];
  uint32_t n_read = 0;
  Status status = STATUS_OK;
  do {
    status = wav_reader_read(reader, samples, WAV_BLOCK, &n_read, message);
    if (!status) {
      status = spool_add(spool, samples, n_read, message);
    }
  } while (!status && n_read);
  return status;
}

Status
wav_read(const char* const path, const uint32_t channel, Wav* const wav, Message* const message)
{
  WavReader reader = {0};
  Spool spool = {0};
  const float* samples = NULL;
  Status status = wav_reader_open(&reader, path, channel, message);
  if (status) {
    return status;
  }
  if (!(status = spool_open(&spool, message))) {
    status = read_all(&reader, &spool, message);
    status = status ? status : spool_map(&spool, &samples, message);
    if (!status) {
      *wav = (Wav){samples,    spool.n_samples, reader.sample_rate, wav_reader_channels(&reader),
                   reader.cut, reader.lossy,    reader.n_bits};
    }
    spool_close(&spool);
  }
  wav_reader_close(&reader);
  return status;
}

void
wav_clear(Wav* const wav)
{
  spool_unmap(wav->samples, wav->n_frames);
  *wav = (Wav){0};
}

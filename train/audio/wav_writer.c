// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes through libsndfile into a draft that takes the place of the file when it is complete. The
// draft is written by functions of its own, as libsndfile doesn't say when it could not write the
// header again, at the end.

#include "train/audio/wav_writer.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST_HEADER 4096U
#define CLIPPED_BLOCK 1024U ///< Frames clipped at a time
#define NAMES "a name that ends in .wav, .flac or .aiff"

static const struct {
  int subtype;
  uint32_t n_bytes; ///< Of a sample
} formats[] = {{SF_FORMAT_PCM_16, 2}, {SF_FORMAT_PCM_24, 3}, {SF_FORMAT_FLOAT, 4}};

/// Containers without loss by the end of a name
static const struct {
  const char* ending;
  int format;
} containers[] = {{".wav", SF_FORMAT_WAV},  {".wave", SF_FORMAT_WAV},  {".flac", SF_FORMAT_FLAC},
                  {".aif", SF_FORMAT_AIFF}, {".aiff", SF_FORMAT_AIFF}, {".aifc", SF_FORMAT_AIFF}};

/// Return libsndfile's container for a name; 0: there is none
static int
find_container(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const ending = strrchr(slash ? slash : path, '.');
  for (size_t i = 0; ending && i < sizeof(containers) / sizeof(containers[0]); ++i) {
    if (!strcasecmp(ending, containers[i].ending)) {
      return containers[i].format;
    }
  }
  return file_is_written_directly(path) ? SF_FORMAT_WAV : 0; // It has no name to choose by
}

Status
wav_writer_check_name(const char* const path, Message* const message)
{
  return find_container(path)
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT, "%s: expected " NAMES, path);
}

/// Return which of a file's texts names the program: libsndfile 1.2 reads AIFF's text for software
/// beyond its end
static int
choose_text(const int format)
{
  return (format & SF_FORMAT_TYPEMASK) == SF_FORMAT_AIFF ? SF_STR_COMMENT : SF_STR_SOFTWARE;
}

bool
wav_writer_wrote(const char* const path, const char* const program)
{
  SF_INFO info = {0};
  struct stat what;
  const bool is_file = !stat(path, &what) && S_ISREG(what.st_mode); // "-" would be standard input
  SNDFILE* const file = is_file ? sf_open(path, SFM_READ, &info) : NULL;
  const char* const software = file ? sf_get_string(file, choose_text(info.format)) : NULL;
  const size_t n = strlen(program);
  const bool is_same =
      software && !strncmp(software, program, n) && (!software[n] || software[n] == ' ');
  if (file) {
    (void)sf_close(file);
  }
  return is_same;
}

uint64_t
wav_writer_most_frames(const WavFormat format)
{
  return (UINT32_MAX - LARGEST_HEADER) / formats[format].n_bytes;
}

/// Return libsndfile's number for a container and the samples in it
static int
choose_format(const WavTarget* const target)
{
  const int container = find_container(target->path);
  const bool has_floats = container != SF_FORMAT_FLAC;
  return container | (has_floats || target->format != WAV_FLOAT ? formats[target->format].subtype
                                                                : SF_FORMAT_PCM_24);
}

static sf_count_t
find_length(void* const data)
{
  struct stat info;
  return fstat(((const WavWriter*)data)->draft.fd, &info) ? -1 : (sf_count_t)info.st_size;
}

static sf_count_t
seek_draft(const sf_count_t offset, const int whence, void* const data)
{
  return lseek(((const WavWriter*)data)->draft.fd, offset, whence);
}

static sf_count_t
find_place(void* const data)
{
  return seek_draft(0, SEEK_CUR, data);
}

static sf_count_t
write_draft(const void* const from, const sf_count_t n, void* const data)
{
  WavWriter* const writer = (WavWriter*)data;
  if (!file_write_all(writer->draft.fd, from, (size_t)n)) {
    writer->has_failed = true;
    return 0;
  }
  return n;
}

/// Open the draft; a pipe or a device by libsndfile's own means
static SNDFILE*
open_draft(WavWriter* const writer, SF_INFO* const info)
{
  SF_VIRTUAL_IO io = {find_length, seek_draft, NULL, write_draft, find_place};
  return writer->draft.target[0] ? sf_open_virtual(&io, SFM_WRITE, info, writer)
                                 : sf_open_fd(writer->draft.fd, SFM_WRITE, info, SF_FALSE);
}

Status
wav_writer_open(WavWriter* const writer, const WavTarget* const target, Message* const message)
{
  Status status = wav_writer_check_name(target->path, message);
  if (status || (status = file_begin(target->path, &writer->draft, message))) {
    return status;
  }
  SF_INFO info = {.samplerate = (int)target->rate, .channels = 1, .format = choose_format(target)};
  writer->is_float = (info.format & SF_FORMAT_SUBMASK) == SF_FORMAT_FLOAT;
  writer->n_clipped = 0;
  writer->has_failed = false;
  writer->file = open_draft(writer, &info);
  if (!writer->file) {
    file_discard(&writer->draft);
    return status_fail(message, STATUS_CANNOT_WRITE, "%s: can't be written at %d Hz", target->path,
                       info.samplerate);
  }
  (void)sf_command(writer->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE); // It has a time stamp
  if (target->program) {
    (void)sf_set_string(writer->file, choose_text(info.format), target->program);
  }
  return STATUS_OK;
}

/// Clip what the format can't hold, and count it; libsndfile's own clipping rounds differently
static void
clip_block(WavWriter* const writer, const float* const samples, const uint32_t n,
           float* const block)
{
  for (uint32_t i = 0; i < n; ++i) {
    block[i] = fminf(fmaxf(samples[i], -1.0F), 1.0F);
    writer->n_clipped += fabsf(samples[i]) > 1.0F;
  }
}

/// Write samples; false on failure
static bool
write_samples(WavWriter* const writer, const float* const samples, const uint64_t n_frames)
{
  if (writer->is_float) {
    return sf_writef_float(writer->file, samples, (sf_count_t)n_frames) == (sf_count_t)n_frames;
  }
  for (uint64_t i = 0; i < n_frames; i += CLIPPED_BLOCK) {
    float block[CLIPPED_BLOCK];
    const uint64_t left = n_frames - i;
    const uint32_t n = left < CLIPPED_BLOCK ? (uint32_t)left : CLIPPED_BLOCK;
    clip_block(writer, samples + i, n, block);
    if (sf_writef_float(writer->file, block, (sf_count_t)n) != (sf_count_t)n) {
      return false;
    }
  }
  return true;
}

Status
wav_writer_add(WavWriter* const writer, const float* const samples, const uint64_t n_frames,
               Message* const message)
{
  return write_samples(writer, samples, n_frames)
             ? STATUS_OK
             : status_fail(message, STATUS_CANNOT_WRITE, "%s: can't be written; is the disk full?",
                           writer->draft.path);
}

Status
wav_writer_keep(WavWriter* const writer, Message* const message)
{
  const bool is_whole = !sf_close(writer->file) && !writer->has_failed;
  writer->file = NULL;
  if (!is_whole) {
    file_discard(&writer->draft);
    return status_fail(message, STATUS_CANNOT_WRITE,
                       "%s: can't be written whole; is the disk full?", writer->draft.path);
  }
  return file_keep(&writer->draft, message);
}

void
wav_writer_discard(WavWriter* const writer)
{
  (void)sf_close(writer->file);
  file_discard(&writer->draft);
  writer->file = NULL;
}

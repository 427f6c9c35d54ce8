// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes through libsndfile into a draft that is renamed when it is complete.

#include "train/audio/wav_writer.h"

#include <stdbool.h>

#define LARGEST_HEADER 4096U

static const struct {
  int subtype;
  uint32_t n_bytes; ///< Of a sample
} formats[] = {{SF_FORMAT_PCM_16, 2}, {SF_FORMAT_PCM_24, 3}, {SF_FORMAT_FLOAT, 4}};

uint64_t
wav_writer_most_frames(const WavFormat format)
{
  return (UINT32_MAX - LARGEST_HEADER) / formats[format].n_bytes;
}

Status
wav_writer_open(WavWriter* const writer, const char* const path, const uint32_t rate,
                const WavFormat format, Message* const message)
{
  const Status status = file_begin(path, &writer->draft, message);
  if (status) {
    return status;
  }
  SF_INFO info = {
      .samplerate = (int)rate,
      .channels = 1,
      .format = SF_FORMAT_WAV | formats[format].subtype,
  };
  writer->file = sf_open_fd(writer->draft.fd, SFM_WRITE, &info, SF_FALSE);
  if (!writer->file) {
    file_discard(&writer->draft);
    return status_fail(message, STATUS_CANNOT_WRITE, "%s: can't be written as a WAV file at %d Hz",
                       path, info.samplerate);
  }
  (void)sf_command(writer->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE); // It has a time stamp
  return STATUS_OK;
}

Status
wav_writer_add(WavWriter* const writer, const float* const samples, const uint64_t n_frames,
               Message* const message)
{
  const sf_count_t n = (sf_count_t)n_frames;
  if (sf_writef_float(writer->file, samples, n) != n) {
    return status_fail(message, STATUS_CANNOT_WRITE, "%s: can't be written; is the disk full?",
                       writer->draft.path);
  }
  return STATUS_OK;
}

Status
wav_writer_keep(WavWriter* const writer, Message* const message)
{
  const bool is_whole = !sf_close(writer->file);
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

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does a sound get into a page? Packed by libsndfile, in memory. Main thread.

#include "train/report/player.h"

#include "train/report/html.h"

#include <sndfile.h>

#include <stdlib.h>
#include <string.h>

/// A file in memory
typedef struct {
  uint8_t* bytes;
  sf_count_t size;
  sf_count_t capacity;
  sf_count_t at;
} Memory;

static sf_count_t
memory_size(void* const data)
{
  return ((const Memory*)data)->size;
}

static sf_count_t
memory_tell(void* const data)
{
  return ((const Memory*)data)->at;
}

static sf_count_t
memory_seek(const sf_count_t offset, const int whence, void* const data)
{
  Memory* const m = (Memory*)data;
  m->at = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? m->at : m->size);
  return m->at;
}

static sf_count_t
memory_write(const void* const from, const sf_count_t n, void* const data)
{
  Memory* const m = (Memory*)data;
  if (m->at + n > m->capacity) {
    const sf_count_t capacity = 2 * (m->at + n);
    uint8_t* const bytes = (uint8_t*)realloc(m->bytes, (size_t)capacity);
    if (!bytes) {
      return 0;
    }
    m->bytes = bytes;
    m->capacity = capacity;
  }
  memcpy(m->bytes + m->at, from, (size_t)n);
  m->at += n;
  m->size = m->at > m->size ? m->at : m->size;
  return n;
}

static Status
pack(const float* const samples, const uint32_t n_frames, const double sample_rate,
     Memory* const memory)
{
  SF_VIRTUAL_IO io = {memory_size, memory_seek, NULL, memory_write, memory_tell};
  SF_INFO info = {
      .samplerate = (int)sample_rate, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  SNDFILE* const file = sf_open_virtual(&io, SFM_WRITE, &info, memory);
  if (!file) {
    return STATUS_UNSUPPORTED;
  }
  (void)sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  const sf_count_t n = sf_writef_float(file, samples, n_frames);
  return sf_close(file) || n != n_frames ? STATUS_NO_MEMORY : STATUS_OK;
}

Status
listen_write(FILE* const out, const float* const samples, const uint32_t n_frames,
             const double sample_rate, const double gain)
{
  Memory memory = {NULL, 0, 0, 0};
  float* const scaled = (float*)malloc(n_frames * sizeof(float));
  for (uint32_t i = 0; i < n_frames && scaled; ++i) {
    scaled[i] = (float)(gain * (double)samples[i]);
  }
  const Status status = scaled ? pack(scaled, n_frames, sample_rate, &memory) : STATUS_NO_MEMORY;
  if (!status) {
    (void)fputs("<audio controls preload=\"metadata\" src=\"", out);
    html_data(out, "audio/flac", memory.bytes, (size_t)memory.size);
    (void)fputs("\"></audio>\n", out);
  }
  free(scaled);
  free(memory.bytes);
  return status;
}

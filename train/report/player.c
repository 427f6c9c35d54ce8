// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does a sound get into a page? libsndfile packs it in memory. Main thread.

#include "train/report/player.h"

#include "train/report/html.h"

#include <sndfile.h>

#include <stdlib.h>
#include <string.h>

/// A file in memory, for libsndfile
typedef struct {
  uint8_t* bytes;
  sf_count_t size;
  sf_count_t capacity;
  sf_count_t at;
} FlacFile;

static sf_count_t
get_flac_size(void* const data)
{
  return ((const FlacFile*)data)->size;
}

static sf_count_t
get_flac_place(void* const data)
{
  return ((const FlacFile*)data)->at;
}

static sf_count_t
seek_flac(const sf_count_t offset, const int whence, void* const data)
{
  FlacFile* const f = (FlacFile*)data;
  f->at = offset + (whence == SEEK_SET ? 0 : whence == SEEK_CUR ? f->at : f->size);
  return f->at;
}

static sf_count_t
append_flac(const void* const from, const sf_count_t n, void* const data)
{
  FlacFile* const f = (FlacFile*)data;
  if (f->at + n > f->capacity) {
    const sf_count_t capacity = 2 * (f->at + n);
    uint8_t* const bytes = (uint8_t*)realloc(f->bytes, (size_t)capacity);
    if (!bytes) {
      return 0;
    }
    f->bytes = bytes;
    f->capacity = capacity;
  }
  memcpy(f->bytes + f->at, from, (size_t)n);
  f->at += n;
  f->size = f->at > f->size ? f->at : f->size;
  return n;
}

static Status
pack_flac(const float* const samples, const uint32_t n_frames, const double sample_rate,
          FlacFile* const flac)
{
  SF_VIRTUAL_IO io = {get_flac_size, seek_flac, NULL, append_flac, get_flac_place};
  SF_INFO info = {
      .samplerate = (int)sample_rate, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16};
  SNDFILE* const file = sf_open_virtual(&io, SFM_WRITE, &info, flac);
  if (!file) {
    return STATUS_UNSUPPORTED;
  }
  (void)sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  const sf_count_t n = sf_writef_float(file, samples, n_frames);
  return sf_close(file) || n != n_frames ? STATUS_NO_MEMORY : STATUS_OK;
}

Status
player_write(FILE* const out, const PlayerSound* const sound)
{
  FlacFile file = {NULL, 0, 0, 0};
  float* const scaled = (float*)malloc(sound->n_frames * sizeof(float));
  for (uint32_t i = 0; i < sound->n_frames && scaled; ++i) {
    scaled[i] = (float)(sound->gain * (double)sound->samples[i]);
  }
  const Status status =
      scaled ? pack_flac(scaled, sound->n_frames, sound->sample_rate, &file) : STATUS_NO_MEMORY;
  if (!status) {
    (void)fputs("<audio controls preload=\"metadata\" aria-label=\"", out);
    html_text(out, sound->label);
    (void)fputs("\" src=\"", out);
    html_data(out, "audio/flac", file.bytes, (size_t)file.size);
    (void)fputs("\"></audio>\n", out);
  }
  free(scaled);
  free(file.bytes);
  return status;
}

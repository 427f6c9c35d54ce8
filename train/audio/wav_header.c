// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Walks over the chunks of a RIFF file (Microsoft and IBM, Multimedia Programming Interface and
// Data Specifications 1.0, 1991), because libsndfile corrects the length without a word.

#include "train/audio/wav_header.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_HEADER 8
#define MAX_CHUNKS 1000U
#define STREAMED UINT32_MAX ///< As programs write that don't know the length yet

static uint32_t
little_endian(const unsigned char bytes[4])
{
  return bytes[0] | (uint32_t)bytes[1] << 8U | (uint32_t)bytes[2] << 16U |
         (uint32_t)bytes[3] << 24U;
}

static bool
read_at(const int fd, const off_t at, unsigned char* const bytes, const size_t size)
{
  return pread(fd, bytes, size, at) == (ssize_t)size;
}

/// Compare a data chunk that begins at `at`
static WavCut
compare_data(const off_t at, const uint32_t said, const off_t size, const uint32_t byte_rate)
{
  const double held = (double)(size - at);
  return byte_rate && said != STREAMED && (!said || said > held)
             ? (WavCut){said / (double)byte_rate, held / byte_rate}
             : (WavCut){0.0, 0.0};
}

static WavCut
walk_chunks(const int fd, const off_t size)
{
  unsigned char chunk[CHUNK_HEADER + 12];
  uint32_t byte_rate = 0;
  off_t at = 12;
  for (uint32_t i = 0; i < MAX_CHUNKS && read_at(fd, at, chunk, CHUNK_HEADER); ++i) {
    const uint32_t said = little_endian(chunk + 4);
    if (!memcmp(chunk, "data", 4)) {
      return compare_data(at + CHUNK_HEADER, said, size, byte_rate);
    }
    if (!memcmp(chunk, "fmt ", 4) && read_at(fd, at, chunk, sizeof(chunk))) {
      byte_rate = little_endian(chunk + CHUNK_HEADER + 8);
    }
    at += CHUNK_HEADER + (off_t)said + said % 2;
  }
  return (WavCut){0.0, 0.0};
}

WavCut
wav_header_find_cut(const char* const path)
{
  struct stat info;
  unsigned char riff[12];
  WavCut cut = {0.0, 0.0};
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return cut;
  }
  if (!fstat(fd, &info) && S_ISREG(info.st_mode) && read_at(fd, 0, riff, sizeof(riff)) &&
      !memcmp(riff, "RIFF", 4) && !memcmp(riff + 8, "WAVE", 4)) {
    cut = walk_chunks(fd, info.st_size);
  }
  (void)close(fd);
  return cut;
}

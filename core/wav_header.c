// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Walks over the chunks of a RIFF file (Microsoft and IBM, Multimedia Programming Interface and
// Data Specifications 1.0, 1991), because libsndfile corrects the length without a word. RF64 (EBU
// Tech 3306) is the same with a chunk for sizes of 64 bits. A recorder writes the sizes when it
// stops; one that crashes leaves them at 0, or as they were some time ago, and the sound behind
// them.

#include "core/wav_header.h"

#include <string.h>

#define CHUNK_HEADER 8
#define MAX_CHUNKS 1000U
#define STREAMED UINT32_MAX ///< As programs write that don't know the length yet
#define RIFF_SIZE_AT 4
#define RF64_MAGIC 0x34364652           ///< "RF64"
#define LEAST_REST 1                    ///< Of sound that a header leaves out [s]
#define DS64_DATA_AT (CHUNK_HEADER + 8) ///< Where the size of the data stands in a chunk "ds64"

/// What the chunks say
typedef struct {
  uint32_t byte_rate; ///< Bytes of a second
  int64_t ds64;       ///< Where that chunk begins; 0: there is none
  int64_t data;       ///< Where the sound begins; 0: there is none
  uint64_t said;      ///< Its bytes by the header
} Layout;

static uint32_t
little_endian(const unsigned char bytes[4])
{
  return bytes[0] | (uint32_t)bytes[1] << 8U | (uint32_t)bytes[2] << 16U |
         (uint32_t)bytes[3] << 24U;
}

/// Return the size that a "ds64" gives, or STREAMED without one
static uint64_t
read_long_size(const Tape* const tape, const int64_t ds64)
{
  unsigned char bytes[8];
  return ds64 && tape_read_at(tape, ds64 + DS64_DATA_AT, bytes, sizeof(bytes))
             ? little_endian(bytes) | (uint64_t)little_endian(bytes + 4) << 32U
             : STREAMED;
}

/// Note what a chunk that begins at `at` says
static void
read_chunk(const Tape* const tape, const int64_t at, const unsigned char chunk[CHUNK_HEADER],
           Layout* const layout)
{
  unsigned char format[CHUNK_HEADER + 12];
  const uint32_t size = little_endian(chunk + 4);
  if (!memcmp(chunk, "ds64", 4)) {
    layout->ds64 = at;
  } else if (!memcmp(chunk, "fmt ", 4) && tape_read_at(tape, at, format, sizeof(format))) {
    layout->byte_rate = little_endian(format + CHUNK_HEADER + 8);
  } else if (!memcmp(chunk, "data", 4)) {
    layout->data = at + CHUNK_HEADER;
    layout->said = size == STREAMED ? read_long_size(tape, layout->ds64) : size;
  }
}

/// Return true for the later name of RF64 (ITU-R BS.2088), which libsndfile doesn't know
static bool
is_bw64(const Tape* const tape)
{
  char name[4];
  return tape_read_at(tape, 0, name, sizeof(name)) && !memcmp(name, "BW64", sizeof(name));
}

/// Walk up to the sound
static Layout
read_layout(const Tape* const tape)
{
  unsigned char riff[12];
  unsigned char chunk[CHUNK_HEADER];
  Layout layout = {0};
  int64_t at = 12;
  if (!tape_read_at(tape, 0, riff, sizeof(riff)) || memcmp(riff + 8, "WAVE", 4) != 0 ||
      (memcmp(riff, "RIFF", 4) != 0 && memcmp(riff, "RF64", 4) != 0 && !is_bw64(tape))) {
    return layout;
  }
  for (uint32_t i = 0; i < MAX_CHUNKS && !layout.data; ++i) {
    if (!tape_read_at(tape, at, chunk, sizeof(chunk))) {
      return layout;
    }
    read_chunk(tape, at, chunk, &layout);
    const uint32_t size = little_endian(chunk + 4);
    at += CHUNK_HEADER + (int64_t)size + size % 2;
  }
  return layout;
}

static bool
is_name(const unsigned char bytes[4])
{
  bool is_printable = true;
  for (uint32_t i = 0; i < 4; ++i) {
    is_printable = is_printable && bytes[i] >= ' ' && bytes[i] <= '~';
  }
  return is_printable;
}

/// Return true if chunks follow each other from `at` to the end of the file: then it holds no sound
static bool
has_chunks_to_end(const Tape* const tape, int64_t at)
{
  unsigned char chunk[CHUNK_HEADER];
  for (uint32_t i = 0; i < MAX_CHUNKS && at < tape->size; ++i) {
    if (!tape_read_at(tape, at, chunk, sizeof(chunk)) || !is_name(chunk)) {
      return false;
    }
    const uint32_t size = little_endian(chunk + 4);
    at += CHUNK_HEADER + (int64_t)size + size % 2;
  }
  return at == tape->size || at == tape->size + 1; // The last pad byte may be missing
}

/// Return true if the sound goes on where the header says that it ends: there is more, and it is no
/// chunk, tag or padding
static bool
goes_on(const Tape* const tape, const Layout* const l)
{
  static const unsigned char zeros[CHUNK_HEADER];
  unsigned char next[CHUNK_HEADER];
  const int64_t rest = tape->size - l->data - (int64_t)l->said;
  return rest > LEAST_REST * (int64_t)l->byte_rate &&
         tape_read_at(tape, tape->size - rest + (int64_t)(l->said % 2), next, sizeof(next)) &&
         !is_name(next) && memcmp(next, "ID3", 3) != 0 && memcmp(next, zeros, sizeof(next)) != 0;
}

WavCut
wav_header_find_cut(const Tape* const tape)
{
  const Layout l = read_layout(tape);
  const uint64_t held = l.data ? (uint64_t)(tape->size - l.data) : 0;
  const bool is_whole = l.said == STREAMED || (l.said && l.said <= held && !goes_on(tape, &l)) ||
                        (!l.said && has_chunks_to_end(tape, l.data));
  return l.byte_rate && l.data && !is_whole
             ? (WavCut){(double)l.said / l.byte_rate, (double)held / l.byte_rate}
             : (WavCut){0.0, 0.0};
}

bool
wav_header_is_unfinished(const WavCut cut)
{
  return cut.held > cut.said;
}

/// Let an unfinished header say that the sound lasts until the file's end
static void
finish_header(Tape* const tape)
{
  const Layout l = read_layout(tape);
  const uint64_t held = (uint64_t)(tape->size - l.data);
  const uint64_t rest = (uint64_t)tape->size - CHUNK_HEADER;
  if (l.ds64) {
    tape_patch(tape, l.ds64 + DS64_DATA_AT, held, 8);
    return;
  }
  tape_patch(tape, RIFF_SIZE_AT, rest < STREAMED ? rest : STREAMED, 4);
  tape_patch(tape, l.data - 4, held < STREAMED ? held : STREAMED, 4);
}

bool
wav_header_repair(Tape* const tape, const WavCut cut)
{
  const bool is_unfinished = wav_header_is_unfinished(cut);
  const bool is_renamed = is_bw64(tape);
  if (is_unfinished) {
    finish_header(tape);
  }
  if (is_renamed) {
    tape_patch(tape, 0, RF64_MAGIC, 4);
  }
  return is_unfinished || is_renamed;
}

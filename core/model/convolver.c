// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Partitioned convolution (Gardner 1995). The first 128 taps are a plain sum, which needs no
// complete block. The others are convolved by multiplying spectra, overlap-save, on one or two
// levels:
//
//     taps      0 ... 127   128 ... 2047         2048 ...
//     level     head        blocks of 64         blocks of 1024 (long impulses only)
//
// A level's first tap is two blocks away, so a block's input first affects the output two blocks
// later, and the whole next block's time is there to process it. The work is cut into steps, which
// are done in proportion to the frames that have passed. Their order is fixed, so splitting a
// buffer changes no bit. Set-up first, then what runs on the audio thread.

#include "core/model/convolver.h"

#include "core/model/convolver_kernel.h"
#include "core/model/spectrum.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HEAD CONVOLVER_HEAD
#define SLICE 64U ///< Block of the first level [frames]
#define N_LEVELS 2U
#define N_STREAMS IMPULSE_MAX_CHANNELS
#define BAND SPECTRUM_BAND
#define BAND_FLOATS (2U * BAND) ///< Real parts, then imaginary parts

/// Where a second level begins, and the length from which it costs less than a longer first level
#define LONG_FIRST_TAP (2U * SPECTRUM_BAND * SLICE)
#define LONG_MIN_TAPS 6656U

/// The data of one stream in a level
typedef struct {
  float* input;       ///< (3, block): two whole blocks, then the incoming one
  float* spectra;     ///< (n_bands, n_partitions, BAND_FLOATS): of the input, a ring
  kiss_fft_cpx* rows; ///< (n_rows, SPECTRUM_STRIDE)
  float* heard;       ///< (block): the level's share of the output in this block
  float* next;        ///< (block): the same for the next block, in progress
} LevelStream;

/// Partitions of one size
typedef struct {
  ConvolverKernel kernel;
  Spectrum spectrum; ///< Of two blocks
  uint32_t block;    ///< [frames]
  uint32_t n_partitions;
  uint32_t n_steps;          ///< Steps that a block's work is cut into
  float* impulse[N_STREAMS]; ///< (n_bands, n_partitions, BAND_FLOATS); the second may be the first
  LevelStream streams[N_STREAMS];
  uint32_t position; ///< In the incoming block [frames]
  uint32_t n_done;   ///< Steps done for the block before
  uint32_t newest;   ///< Newest spectrum in the ring; older ones follow it
  uint32_t n_filled; ///< Spectra made since the reset
} Level;

struct ConvolverImpl {
  uint32_t n_channels;
  uint32_t n_levels;
  Level levels[N_LEVELS];
  float head[N_STREAMS][HEAD]; ///< Last tap first
};

/// Copy up to `n` taps starting with number `first`, then zeros
static void
copy_taps(const Impulse* const impulse, const uint32_t channel, const size_t first,
          const uint32_t n, float* const taps)
{
  const size_t left = first < impulse->n_frames ? impulse->n_frames - first : 0;
  const size_t n_copied = left < n ? left : n;
  memset(taps, 0, n * sizeof(float));
  memcpy(taps, impulse->samples[channel] + (n_copied ? first : 0), n_copied * sizeof(float));
}

static float*
new_floats(const size_t n)
{
  return (float*)calloc(n ? n : 1, sizeof(float));
}

static size_t
spectra_floats(const Level* const level)
{
  return (size_t)level->spectrum.n_bands * level->n_partitions * BAND_FLOATS;
}

static bool
init_stream(LevelStream* const s, const Level* const level)
{
  const size_t n_bins = (size_t)level->spectrum.n_rows * SPECTRUM_STRIDE;
  *s = (LevelStream){.input = new_floats(3 * (size_t)level->block),
                     .spectra = new_floats(spectra_floats(level)),
                     .rows = (kiss_fft_cpx*)calloc(n_bins, sizeof(kiss_fft_cpx)),
                     .heard = new_floats(level->block),
                     .next = new_floats(level->block)};
  return s->input && s->spectra && s->rows && s->heard && s->next;
}

/// Transform partition `p`, whose taps are in `frames`, followed by as many zeros
static void
make_partition(const Level* const level, const float* const frames, const uint32_t p,
               float* const impulse)
{
  const Spectrum* const spectrum = &level->spectrum;
  kiss_fft_cpx* const rows = level->streams[0].rows;
  const float scale = 1.0F / (2.0F * (float)level->block);
  for (uint32_t j = 0; j < spectrum->n_rows; ++j) {
    spectrum_make_row(spectrum, frames, j, rows);
  }
  for (uint32_t k = 0; k < spectrum->n_bands; ++k) {
    float* const band = impulse + ((size_t)k * level->n_partitions + p) * BAND_FLOATS;
    spectrum_make_band(spectrum, rows, k, band);
    for (uint32_t i = 0; i < BAND_FLOATS; ++i) {
      band[i] *= scale;
    }
  }
}

/// Return the spectra of a channel's partitions, NULL without memory
static float*
new_partitions(const Level* const level, const Impulse* const impulse, const uint32_t channel)
{
  float* const spectra = new_floats(spectra_floats(level));
  float* const frames = level->streams[0].input; // Still silent, and silent again after the reset
  for (uint32_t p = 0; spectra && p < level->n_partitions; ++p) {
    const size_t first = (2 + (size_t)p) * level->block;
    copy_taps(impulse, channel, first, level->block, frames);
    make_partition(level, frames, p, spectra);
  }
  return spectra;
}

static Status
init_level(Level* const level, const Impulse* const impulse, const uint32_t n_channels)
{
  const Spectrum* const spectrum = &level->spectrum;
  Status status = spectrum_init(&level->spectrum, level->block / SLICE);
  if (status) {
    return status;
  }
  level->n_steps = level->n_partitions ? 2 * spectrum->n_rows + spectrum->n_bands : 0;
  for (uint32_t c = 0; c < n_channels && !status; ++c) {
    status = init_stream(&level->streams[c], level) ? STATUS_OK : STATUS_NO_MEMORY;
  }
  for (uint32_t c = 0; c < n_channels && !status; ++c) {
    const bool is_own = c < impulse->n_channels;
    level->impulse[c] = is_own ? new_partitions(level, impulse, c) : level->impulse[0];
    status = level->impulse[c] ? STATUS_OK : STATUS_NO_MEMORY;
  }
  return status;
}

static void
clear_level(Level* const level)
{
  if (level->impulse[1] != level->impulse[0]) {
    free(level->impulse[1]);
  }
  free(level->impulse[0]);
  for (uint32_t c = 0; c < N_STREAMS; ++c) {
    const LevelStream* const s = &level->streams[c];
    free(s->input);
    free(s->spectra);
    free(s->rows);
    free(s->heard);
    free(s->next);
  }
  spectrum_clear(&level->spectrum);
}

/// Plan blocks of `block` frames for the taps from twice `block` to `end`
static Level
plan_level(const uint32_t block, const uint32_t end)
{
  const uint32_t first = 2 * block;
  return (Level){.kernel = convolver_kernel(convolver_kernel_count() - 1),
                 .block = block,
                 .n_partitions = end > first ? (end - first - 1) / block + 1 : 0};
}

static void
plan_levels(Convolver* const c, const uint32_t n_taps)
{
  const bool is_long = n_taps >= LONG_MIN_TAPS;
  c->n_levels = is_long ? 2 : 1;
  c->levels[0] = plan_level(SLICE, is_long ? LONG_FIRST_TAP : n_taps);
  if (is_long) {
    c->levels[1] = plan_level(LONG_FIRST_TAP / 2, n_taps);
  }
}

static void
init_head(Convolver* const c, const Impulse* const impulse)
{
  float taps[HEAD];
  for (uint32_t i = 0; i < c->n_channels; ++i) {
    copy_taps(impulse, i < impulse->n_channels ? i : 0, 0, HEAD, taps);
    for (uint32_t k = 0; k < HEAD; ++k) {
      c->head[i][HEAD - 1 - k] = taps[k];
    }
  }
}

/// Play silence until all memory has been written and every library function has been called once,
/// so that the audio thread meets neither page faults nor late binding
static void
touch_memory(Convolver* const c)
{
  const Level* const largest = &c->levels[c->n_levels - 1];
  const uint64_t n_frames = (largest->n_partitions + 2ULL) * largest->block;
  float silence[N_STREAMS][SLICE] = {{0.0F}};
  const float* const in[N_STREAMS] = {silence[0], silence[1]};
  float* const out[N_STREAMS] = {silence[0], silence[1]};
  for (uint64_t i = 0; i < n_frames; i += SLICE) {
    convolver_run(c, in, out, SLICE);
  }
}

Status
convolver_new(const Impulse* const impulse, const uint32_t n_channels, Convolver** const convolver)
{
  const bool is_mono_or_stereo =
      impulse->n_channels - 1U < N_STREAMS && n_channels - 1U < N_STREAMS;
  if (!is_mono_or_stereo || !impulse->n_frames) {
    return STATUS_BAD_ARGUMENT;
  }
  Convolver* const c = (Convolver*)calloc(1, sizeof(Convolver));
  if (!c) {
    return STATUS_NO_MEMORY;
  }
  Status status = STATUS_OK;
  c->n_channels = n_channels;
  plan_levels(c, impulse->n_frames);
  init_head(c, impulse);
  for (uint32_t i = 0; i < c->n_levels && !status; ++i) {
    status = init_level(&c->levels[i], impulse, n_channels);
  }
  if (status) {
    convolver_free(c);
    return status;
  }
  convolver_reset(c);
  touch_memory(c);
  convolver_reset(c);
  *convolver = c;
  return STATUS_OK;
}

void
convolver_free(Convolver* const convolver)
{
  if (convolver) {
    for (uint32_t i = 0; i < N_LEVELS; ++i) {
      clear_level(&convolver->levels[i]);
    }
    free(convolver);
  }
}

// Audio thread from here

static void
reset_level(Level* const level, const uint32_t n_channels) RT
{
  for (uint32_t c = 0; c < n_channels; ++c) {
    memset(level->streams[c].input, 0, 2 * (size_t)level->block * sizeof(float));
    memset(level->streams[c].heard, 0, level->block * sizeof(float));
    memset(level->streams[c].next, 0, level->block * sizeof(float));
  }
  level->position = 0;
  level->n_done = 0;
  level->newest = 0;
  level->n_filled = 1; // The silence before the first block
}

void
convolver_reset(Convolver* const convolver) RT
{
  for (uint32_t i = 0; i < convolver->n_levels; ++i) {
    reset_level(&convolver->levels[i], convolver->n_channels);
  }
}

static uint32_t
min_of(const uint32_t a, const uint32_t b) RT
{
  return a < b ? a : b;
}

/// Multiply band `k` of the input with the impulse's, and sum over the partitions
static void
run_band(const Level* const level, const LevelStream* const s, const float* const impulse,
         const uint32_t k) RT
{
  const size_t first = (size_t)k * level->n_partitions * BAND_FLOATS;
  const uint32_t n = min_of(level->n_filled, level->n_partitions);
  const uint32_t n_to_end = min_of(n, level->n_partitions - level->newest);
  float* const ring = s->spectra + first;
  float* const newest = ring + (size_t)level->newest * BAND_FLOATS;
  const float* const h = impulse + first;
  float sum[BAND_FLOATS] = {0.0F};
  spectrum_make_band(&level->spectrum, s->rows, k, newest);
  level->kernel.add_products(newest, h, n_to_end, sum);
  level->kernel.add_products(ring, h + (size_t)n_to_end * BAND_FLOATS, n - n_to_end, sum);
  spectrum_take_band(&level->spectrum, sum, k, s->rows);
}

/// Do one of the steps from the last two blocks to the next output
static void
run_step(const Level* const level, const uint32_t stream, const uint32_t step) RT
{
  const Spectrum* const spectrum = &level->spectrum;
  const LevelStream* const s = &level->streams[stream];
  const uint32_t first_out = spectrum->n_rows + spectrum->n_bands;
  if (step < spectrum->n_rows) {
    spectrum_make_row(spectrum, s->input, step, s->rows);
  } else if (step < first_out) {
    run_band(level, s, level->impulse[stream], step - spectrum->n_rows);
  } else {
    spectrum_take_row(spectrum, s->rows, step - first_out, s->next);
  }
}

/// Do the steps that are due, in proportion to the frames that have passed
static void
run_due_steps(Level* const level, const uint32_t n_channels) RT
{
  const uint32_t n_due = (level->n_steps * level->position + level->block - 1) / level->block;
  for (; level->n_done < n_due; ++level->n_done) {
    for (uint32_t c = 0; c < n_channels; ++c) {
      run_step(level, c, level->n_done);
    }
  }
}

/// Begin a new block
static void
begin_block(Level* const level, const uint32_t n_channels) RT
{
  for (uint32_t c = 0; c < n_channels; ++c) {
    LevelStream* const s = &level->streams[c];
    float* const heard = s->next;
    s->next = s->heard;
    s->heard = heard;
    memmove(s->input, s->input + level->block, 2 * (size_t)level->block * sizeof(float));
  }
  level->position = 0;
  level->n_done = 0;
  if (level->n_partitions) {
    level->newest = (level->newest ? level->newest : level->n_partitions) - 1;
    level->n_filled = min_of(level->n_filled + 1, level->n_partitions);
  }
}

static void
advance_level(Level* const level, const uint32_t n_channels, const uint32_t n) RT
{
  level->position += n;
  run_due_steps(level, n_channels);
  if (level->position == level->block) {
    begin_block(level, n_channels);
  }
}

/// Output `n` frames of one stream at the levels' current positions
static void
run_stream(const Convolver* const c, const uint32_t stream, float* const out, const uint32_t n) RT
{
  const Level* const first = &c->levels[0];
  const float* const x = first->streams[stream].input + 2 * SLICE + first->position - (HEAD - 1);
  first->kernel.run_head(c->head[stream], x, out, n);
  for (uint32_t l = 0; l < c->n_levels; ++l) {
    const float* const heard = c->levels[l].streams[stream].heard + c->levels[l].position;
    for (uint32_t i = 0; i < n; ++i) {
      out[i] += heard[i];
    }
  }
}

static void
take_input(const Level* const level, const uint32_t stream, const float* const in,
           const uint32_t n) RT
{
  memcpy(level->streams[stream].input + 2 * (size_t)level->block + level->position, in,
         n * sizeof(float));
}

void
convolver_run(Convolver* const convolver, const float* const in[], float* const out[],
              const uint32_t n_frames) RT
{
  Convolver* const c = convolver;
  for (uint32_t done = 0, n = 0; done < n_frames; done += n) {
    n = min_of(n_frames - done, SLICE - c->levels[0].position);
    for (uint32_t i = 0; i < c->n_channels * c->n_levels; ++i) {
      const uint32_t stream = i / c->n_levels;
      take_input(&c->levels[i % c->n_levels], stream, in[stream] + done, n);
    }
    for (uint32_t i = 0; i < c->n_channels; ++i) {
      run_stream(c, i, out[i] + done, n);
    }
    for (uint32_t i = 0; i < c->n_levels; ++i) {
      advance_level(&c->levels[i], c->n_channels, n);
    }
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How far the short-time spectra of output and target are apart in magnitude, at several
/// resolutions, and the gradient of that with respect to the output. Offline threads.
///
/// For each size N and each bin k from 1 to N/2 − 1 of each window, with spectra Y and T, the
/// signal's mean power P and the window's energy W = Σ w²:
///
///     m = √(|Y|² + ε)   M = √(|T|² + ε)   ε = 10⁻⁶ P W           60 dB below the mean bin
///     (m − M)² / (P W)  +  √(ln²(m / M) + δ²) − δ                δ = 0.1, just under 1 dB
///
/// Their mean over bins and windows, and over the sizes at work, is the term of one lane. Source:
/// Yamamoto, Song and Kim, "Parallel WaveGAN", ICASSP 2020, but its ratio of norms has a constant
/// denominator, and its absolute value is smooth.
///
/// A chunk is usually shorter than a window. So windows end in the chunk and reach back over what
/// was played before it, which is kept and has no gradient: the same truncation in time as the
/// network's gradient has. A window rises over three quarters and falls over the last, so that the
/// last quarter has its share of the weight. A size is used for chunks of at least a quarter of it,
/// with a window for every half size: with 64 frames only 256, from 256 on 1024, from 512 on all.

#ifndef GRUS_TRAIN_LEARN_LOSS_SPECTRAL_H
#define GRUS_TRAIN_LEARN_LOSS_SPECTRAL_H

#include "core/status.h"

#include <stdint.h>

#define SPECTRAL_SIZES 3U
#define SPECTRAL_MAX_SIZE 2048U

/// Shortest chunk that has a spectral term
#define SPECTRAL_MIN_CHUNK 64U

struct kiss_fft_state;

/// The transform of one size; not changed by use, so threads share it
typedef struct {
  uint32_t n_frames;
  float unit;    ///< P W
  float* window; ///< (n_frames)
  struct kiss_fft_state* plan;
} SpectralSize;

typedef struct {
  double weight; ///< Against the rest of the loss; 0: there is no spectral term
  SpectralSize sizes[SPECTRAL_SIZES];
} Spectral;

/// The output and target of a group's lanes: at least the last SPECTRAL_MAX_SIZE frames before
/// `end`
typedef struct {
  float* output;     ///< (G, capacity)
  float* target;     ///< (G, capacity)
  uint32_t capacity; ///< Frames; 0: nothing is kept
  uint32_t end;
} SpectralMemory;

/// One chunk of a group, already in the memory
typedef struct {
  uint32_t n_frames;
  uint32_t n_clips;  ///< Of the whole batch
  const float* mask; ///< (G) 0 for a lane without clip
} SpectralChunk;

/// Prepare the term for targets of this mean power; weight 0 takes no memory
NODISCARD Status spectral_init(Spectral* spectral, double weight, double power);

/// Legal on a zeroed struct
void spectral_clear(Spectral* spectral);

/// Allocate for chunks of up to `max_frames`, and reset
NODISCARD Status spectral_memory_init(SpectralMemory* memory, uint32_t max_frames);

/// Legal on a zeroed struct
void spectral_memory_clear(SpectralMemory* memory);

/// Before the first frame there was silence; legal on a zeroed struct
void spectral_memory_reset(SpectralMemory* memory);

/// Append output and target; arrays are (n_frames, G)
void spectral_remember(SpectralMemory* memory, const float* output, const float* target,
                       uint32_t n_frames);

/// Add the gradient of the weighted term to `dy` (n_frames, G); return this group's share of it
double spectral_add_gradient(const Spectral* spectral, const SpectralMemory* memory,
                             const SpectralChunk* chunk, float* dy);

#endif

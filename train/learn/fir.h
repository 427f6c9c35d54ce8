// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The linear stage behind the network and its gradient, for a group of sequences at once. Offline
/// threads.
///
///     y'[t]    = Σ_k taps[k] y[t − k]
///     dy[t]    = Σ_k taps[k] dy'[t + k]
///     dtaps[k] = Σ_t dy'[t] y[t − k]
///
/// All three are products of spectra. A transform takes the past and a chunk of a group at once:
/// the first half of its sequences are the real parts, the second half the imaginary parts of
/// complex signals, which a real filter keeps apart. Shapes: T frames, K taps, G = BPTT_GROUP
/// sequences.
///
/// Source: Stockham, "High-speed convolution and correlation", AFIPS 1966.

#ifndef GRUS_TRAIN_LEARN_FIR_H
#define GRUS_TRAIN_LEARN_FIR_H

#include "core/status.h"
#include "train/learn/bptt.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct FirKernel FirKernel;

/// What all threads use: the spectrum of the taps
typedef struct {
  const FirKernel* kernel;
  uint32_t n_taps;
  uint32_t max_size; ///< Of a transform
  uint32_t size;     ///< For the work at hand
  float* turns;      ///< e^(−2πik/max_size) (max_size, 2)
  float* spectrum;   ///< (size, 2), in the order of a transform
} FirTaps;

/// Scratch memory of one thread
typedef struct {
  float* sound; ///< Spectrum of what the network played (size, G)
  float* work;  ///< (size, G)
} FirScratch;

/// Transforms for one instruction set, (size, G) in place: from frames to bins in an order of its
/// own, and back, times `size`
struct FirKernel {
  const char* isa;
  void (*to_bins)(const FirTaps* taps, float* x);
  void (*to_frames)(const FirTaps* taps, float* x);

  /// out = in times the spectrum of the taps or, for the gradient, its conjugate; over `size`
  void (*multiply)(const FirTaps* taps, bool conjugates, const float* in, float* out);

  /// Correlate: first pair of sequences of `out` = Σ_G conj(a) b over `size`, the others zero
  void (*correlate)(const FirTaps* taps, const float* a, const float* b, float* out);
};

/// Return the number of compiled instruction sets that this machine runs; 0 is base, the last best
uint32_t fir_n_kernels(void);

const FirKernel* fir_kernel(uint32_t isa);

/// Make room for `n_taps` and chunks of up to `max_frames`, with the best kernel
NODISCARD Status fir_taps_init(FirTaps* taps, uint32_t n_taps, uint32_t max_frames);

/// Legal on a zeroed struct
void fir_taps_clear(FirTaps* taps);

/// Transform `values` (K) for chunks of up to `n_frames`
void fir_taps_set(FirTaps* taps, const FirScratch* scratch, const float* values, uint32_t n_frames);

NODISCARD Status fir_scratch_init(FirScratch* scratch, const FirTaps* taps);

/// Legal on a zeroed struct
void fir_scratch_clear(FirScratch* scratch);

/// Frames of a group that are filtered at once
typedef struct {
  uint32_t n_frames;
  uint32_t n_kept; ///< The first of them, before the next chunk begins
} FirChunk;

/// Replace what the network played, y (n_frames, G), by what the stage makes of it; `past`
/// (K − 1, G), what the network played before, moves on by `n_kept`
void fir_play(const FirTaps* taps, const FirScratch* scratch, float* past, float* y,
              FirChunk chunk);

/// After fir_play() of the same chunk: replace the gradient of the loss w.r.t. the stage's output,
/// dy (n_frames, G), by that w.r.t. its input, without what lies after the chunk, and fill the
/// gradient of the taps (K)
void fir_gradient(const FirTaps* taps, const FirScratch* scratch, float* dy, uint32_t n_frames,
                  float* gradient);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The loss that is minimised, and its gradient with respect to the output. Offline threads.
///
///     LOSS_ESR         0.75 mean(e_pre²) / P_pre + 0.25 mean((Σ_t e / T)²) / P   ESR and DC
///     LOSS_MSE         mean(e²) / P
///     LOSS_A_WEIGHTED  0.75 mean(e_A²) / P_A + 0.25 mean((Σ_t e / T)²) / P
///     LOSS_MIXED       0.6 mean(e_A²) / P_A + 0.15 mean(e²) / P + 0.25 mean((Σ_t e / T)²) / P
///
/// and, with a weight, the spectral term of train/learn/loss_spectral.h on top of any of them.
///
/// e is output − target, e_pre its pre-emphasis, e_A its A-weighting; P, P_pre and P_A are the mean
/// power of the whole target, unfiltered and after the same filters: constants, so that a quiet
/// chunk does not weigh as much as a loud one. Filters run on from chunk to chunk; a gradient ends
/// with its chunk. Source: Wright and Välimäki, "Perceptual loss function for neural modelling of
/// audio systems", ICASSP 2020.

#ifndef GRUS_TRAIN_LEARN_LOSS_H
#define GRUS_TRAIN_LEARN_LOSS_H

#include "core/status.h"
#include "train/audio/a_weighting.h"
#include "train/learn/bptt.h"
#include "train/learn/dataset.h"
#include "train/learn/loss_spectral.h"
#include "train/learn/loss_weighting.h"

#include <stdint.h>

typedef enum {
  LOSS_ESR,
  LOSS_MSE,
  LOSS_A_WEIGHTED,
  LOSS_MIXED,
} LossType;

typedef struct {
  LossType type;
  double power;              ///< P
  double power_pre_emphasis; ///< P_pre
  double power_a_weighted;   ///< P_A
  Weighting weighting;
  Spectral spectral;
} Loss;

/// What the losses of a group keep from earlier chunks
typedef struct {
  WeightingLanes error; ///< Pre-emphasis uses its first row, the last error
  SpectralMemory spectral;
} LossMemory;

/// One group's share in a chunk of `n_frames`; arrays are (n_frames, G) or (G)
typedef struct {
  uint32_t n_frames;
  uint32_t n_kept;     ///< The first of them, before the next chunk begins; usually all
  uint32_t n_clips;    ///< Of the whole batch
  const float* target; ///< (n_frames, G)
  const float* mask;   ///< (G) Factor of a lane's errors, usually 1; 0 without clip
  LossMemory* memory;  ///< In: of the frames before; out: of `n_kept` more
} LossChunk;

/// Return the name that users choose it by
const char* loss_name(LossType type);

/// Prepare a loss for the targets of `dataset` times `gain`; `spectral` is the weight of the
/// spectral term
NODISCARD Status loss_init(Loss* loss, LossType type, double spectral, const Dataset* dataset,
                           double gain);

/// Legal on a zeroed struct
void loss_clear(Loss* loss);

/// Allocate what `loss` keeps, for chunks of up to `max_frames`, and reset
NODISCARD Status loss_memory_init(LossMemory* memory, const Loss* loss, uint32_t max_frames);

/// Legal on a zeroed struct
void loss_memory_clear(LossMemory* memory);

/// Before the first frame there was silence, and no error
void loss_memory_reset(LossMemory* memory);

/// Pass over a chunk that is not learned from; `errors` (n_frames, G) is overwritten
void loss_remember(const Loss* loss, const LossChunk* chunk, const float* y, float* errors);

/// Fill `dy` (n_frames, G) from `y`; return this group's share of the loss. The spectral term is
/// that of the first `n_kept` frames.
double loss_gradient(const Loss* loss, const LossChunk* chunk, const float* y, float* dy);

#endif

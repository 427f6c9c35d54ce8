// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is minimised, and its gradient by the output.
///
///     LOSS_ESR  0.75 mean(e_pre²) / P_pre + 0.25 mean((Σ_t e / T)²) / P     the field's ESR + DC
///     LOSS_MSE  mean(e²) / P
///
/// e is output − target, e_pre its pre-emphasis, P and P_pre the mean power of the whole target and
/// of its pre-emphasis: constants, so that a quiet chunk does not weigh as much as a loud one.
/// Source: Wright and Välimäki, "Perceptual loss function for neural modelling of audio systems",
/// ICASSP 2020.

#ifndef GRUS_TRAIN_LOSS_H
#define GRUS_TRAIN_LOSS_H

#include "train/bptt.h"

#include <stdint.h>

typedef enum {
  LOSS_ESR,
  LOSS_MSE,
} LossType;

typedef struct {
  LossType type;
  double power;              ///< P
  double power_pre_emphasis; ///< P_pre
} Loss;

/// One group's share in a chunk of `n_frames`; arrays are (n_frames, G) or (G)
typedef struct {
  uint32_t n_frames;
  uint32_t n_clips;    ///< Of the whole batch
  const float* target; ///< (n_frames, G)
  const float* mask;   ///< (G) 1, or 0 for a lane without clip
  float* last_error;   ///< (G) Of the frame before; replaced by the last of this chunk
} LossChunk;

/// Fill `dy` (n_frames, G) from `y`; return this group's share of the loss
double loss_gradient(const Loss* loss, const LossChunk* chunk, const float* y, float* dy);

#endif

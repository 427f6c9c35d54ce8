// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From a gradient to better weights: Adam, and plain gradient descent.
///
/// Adam: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.

#ifndef GRUS_TRAIN_OPTIMISER_H
#define GRUS_TRAIN_OPTIMISER_H

#include "core/status.h"

#include <stddef.h>

typedef enum {
  OPTIMISER_ADAM,
  OPTIMISER_SGD,
} OptimiserType;

typedef struct {
  OptimiserType type;
  size_t count;
  float* mean;      ///< First moments (count)
  float* variance;  ///< Second moments (count)
  double mean_left; ///< β1 to the number of steps: how much of the moments is still zero
  double variance_left;
} Optimiser;

NODISCARD Status optimiser_init(Optimiser* optimiser, OptimiserType type, size_t count);

/// Free the moments; legal on a zeroed struct
void optimiser_clear(Optimiser* optimiser);

/// Forget the moments
void optimiser_reset(Optimiser* optimiser);

/// Scale the gradient down to a norm of at most `max_norm`; return the norm it had
double optimiser_clip(float* gradient, size_t count, double max_norm);

/// Move `values` (count) along the gradient
void optimiser_step(Optimiser* optimiser, const float* gradient, double learning_rate,
                    float* values);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From a gradient to better weights: SOAP (train/learn/soap.h), Adam, and plain gradient descent.
///
/// Adam: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.

#ifndef GRUS_TRAIN_LEARN_OPTIMISER_H
#define GRUS_TRAIN_LEARN_OPTIMISER_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/fir_step.h"
#include "train/learn/soap.h"

#include <stddef.h>
#include <stdint.h>

typedef enum {
  OPTIMISER_SOAP,
  OPTIMISER_ADAM,
  OPTIMISER_SGD,
} OptimiserType;

typedef struct {
  OptimiserType type;
  size_t count; ///< Of weights
  uint64_t steps;
  float* state; ///< Everything kept from step to step (state_size)
  size_t state_size;
  Soap* soap;         ///< Owns the state, unless NULL
  FirStep* stage;     ///< For the taps behind the weights, by Adam; NULL without a stage
  float* stage_state; ///< What that keeps (stage_state_size)
  size_t stage_state_size;
} Optimiser;

NODISCARD Status optimiser_init(Optimiser* optimiser, OptimiserType type, ParamsShape shape);

/// Free the state; legal on a zeroed struct
void optimiser_clear(Optimiser* optimiser);

/// Forget the state
void optimiser_reset(Optimiser* optimiser);

/// Scale the gradient down to a norm of at most `max_norm`; return the norm it had
double optimiser_clip(float* gradient, size_t count, double max_norm);

/// Move `values` (count) along the gradient
void optimiser_step(Optimiser* optimiser, const float* gradient, double learning_rate,
                    float* values);

#endif

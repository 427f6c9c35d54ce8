// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Adam, for each matrix of the model in the basis in which the entries of its gradient are
/// least correlated. Offline thread.
///
/// A matrix W (m, n) with gradient G keeps L = E[G Gᵀ] and R = E[Gᵀ G] and their eigenvectors U and
/// V. Adam's moments are those of Uᵀ G V, and its step is rotated back by U … Vᵀ. The units of a
/// state are alike, so a step along one weight is undone by its neighbours; along the eigenvectors
/// they separate. Source: Vyas et al., "SOAP: Improving and Stabilizing Shampoo using Adam", ICLR
/// 2025, algorithm 3.

#ifndef GRUS_TRAIN_LEARN_SOAP_H
#define GRUS_TRAIN_LEARN_SOAP_H

#include "core/params.h"
#include "core/status.h"

#include <stddef.h>
#include <stdint.h>

typedef struct SoapImpl Soap;

NODISCARD Status soap_new(ParamsShape shape, Soap** soap);

/// NULL is legal
void soap_free(Soap* soap);

/// Return the number of floats that hold all statistics of the gradients
size_t soap_state_size(const Soap* soap);

/// Return those floats (soap_state_size())
float* soap_state(Soap* soap);

/// Forget all statistics
void soap_reset(Soap* soap);

/// Move `values` (params_count()) along the gradient; `step` counts from 1; step 1 only gathers
/// statistics
void soap_step(Soap* soap, uint64_t step, const float* gradient, double learning_rate,
               float* values);

#endif

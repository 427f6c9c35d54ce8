// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The weights that a training run starts from. Any thread.

#ifndef GRUS_TRAIN_LEARN_FIRST_WEIGHTS_H
#define GRUS_TRAIN_LEARN_FIRST_WEIGHTS_H

#include "core/params.h"

#include <stdint.h>

/// Fill `params` with weights that are random, except for units that begin as filters of the input;
/// the same seed gives the same weights
void first_weights_draw(const Params* params, uint64_t seed);

#endif

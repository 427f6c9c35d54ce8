// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The levels that a network learns at, so that how loud a recording is doesn't decide how well it
/// is learned. Offline threads.
///
/// Sound is multiplied on its way into the network, x' = g_i x, until its peak is SCALE_INPUT_PEAK,
/// and the target too, y' = g_t y, until it has SCALE_TARGET_LEVEL: √(Σ y⁴ / Σ y²), the level where
/// most of its energy is. Then what was learned is folded into the weights:
///
///     w_i = g_i w_i' (of the audio)    w_o = w_o' / g_t    b_o = b_o' / g_t
///
/// A skip connection adds the audio as it is, which no weight can undo: there the gains are those
/// of the model's file.

#ifndef GRUS_TRAIN_LEARN_SCALE_H
#define GRUS_TRAIN_LEARN_SCALE_H

#include "core/params.h"
#include "train/learn/dataset.h"

#define SCALE_INPUT_PEAK 0.9   ///< -1 dBFS
#define SCALE_TARGET_LEVEL 0.4 ///< -8 dBFS

/// Gains, which are never zero
typedef struct {
  float input;
  float target;
} Scale;

#define SCALE_NONE ((Scale){1.0F, 1.0F})

/// Return the gains that bring a set to the levels to learn at
Scale scale_find(const Dataset* dataset);

/// Turn weights for sound as it is into those for scaled sound
void scale_enter(const Params* params, Scale scale);

/// Turn weights for scaled sound into those for sound as it is
void scale_leave(const Params* params, Scale scale);

#endif

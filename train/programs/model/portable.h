// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What has to change in a model so that other players can load it, and sound the same? Any one
/// thread.
///
/// All of them play reset-after GRUs and LSTMs of some sizes, without gains and skip connection. A
/// skip connection becomes a unit of its own, whose state is ε x: n = tanh(ε x) and z = σ(-20) of a
/// GRU, g = tanh(ε x), i = o = σ(20) and f = σ(-20) of an LSTM; its weight in the head is 1/ε. With
/// ε = 0.002 the error at full scale is -117 dB (GRU) and -111 dB (LSTM) of the input, and falls
/// with the cube of the level. With a smaller ε, the error of a player's tanh would count for more.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_PORTABLE_H
#define GRUS_TRAIN_PROGRAMS_MODEL_PORTABLE_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

/// What the other players need
typedef struct {
  bool without_skip; ///< No skip connection
  /// A hidden size that players have a kernel for: 8, 12, 16, 20, 24, 32, 40, 64, 80
  bool in_known_size;
} PortableNeeds;

/// Move gains into the weights of all sets, and change what `needs` says. STATUS_UNSUPPORTED, with
/// a reason that begins with `name`, for a reset-before cell or if there is no size large enough;
/// the file may have changed then.
NODISCARD Status portable_make(ModelFile* file, PortableNeeds needs, const char* name,
                               Message* message);

#endif

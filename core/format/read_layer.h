// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads the weights of one of RTNeural's layers to where they belong. Private to core/format; any
/// thread but the audio thread.

#ifndef GRUS_CORE_FORMAT_READ_LAYER_H
#define GRUS_CORE_FORMAT_READ_LAYER_H

#include "core/format/layer_stack.h"
#include "core/format/read_values.h"

#include <jansson.h>

/// A layer of the file
typedef struct {
  const DecodeSource* source;
  const json_t* object;
  uint32_t index; ///< In the file, for messages
} FileLayer;

/// A dense layer without activation before a recurrent one: y = Kᵀ x + b. It becomes part of that
/// one's input weights: W_i (Kᵀ x + b) = (W_i Kᵀ) x + W_i b.
typedef struct {
  uint32_t n_in;
  uint32_t n_out; ///< 0: there is none
  float kernel[1 + PARAMS_MAX_KNOBS][PARAMS_MAX_HIDDEN_SIZE];
  float bias[PARAMS_MAX_HIDDEN_SIZE];
} DenseBefore;

/// Read a dense layer whose `n_in` and `n_out` are set
NODISCARD Status decode_dense_before(const FileLayer* file, DenseBefore* dense);

/// Read a GRU or an LSTM behind `before`
NODISCARD Status decode_recurrent(const FileLayer* file, const DenseBefore* before,
                                  StackedLayer layer);

/// Read the dense layer behind `n_layers` recurrent ones
NODISCARD Status decode_head(const FileLayer* file, const Params* params, uint32_t n_layers);

#endif

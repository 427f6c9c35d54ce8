// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The order of a cell's gates in RTNeural's files. Private to readers and writers.

#ifndef GRUS_CORE_FORMAT_GATE_ORDER_H
#define GRUS_CORE_FORMAT_GATE_ORDER_H

#include "core/params.h"

#include <stdint.h>

/// Return our number (core/params.h) of a gate in the file. The file has a GRU's gates as Keras
/// does, z, r, n, and an LSTM's in our order.
static inline uint32_t
gate_of_file(const CellType cell, const uint32_t in_file)
{
  static const uint32_t gru_gates[3] = {1, 0, 2};
  return cell == CELL_LSTM ? in_file : gru_gates[in_file];
}

#endif

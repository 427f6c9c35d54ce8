// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// In which order RTNeural's files have the gates of a cell. Private to core/format.

#ifndef GRUS_CORE_FORMAT_GATE_ORDER_H
#define GRUS_CORE_FORMAT_GATE_ORDER_H

#include "core/params.h"

#include <stdint.h>

/// Return our gate (core/params.h) for the file's: a GRU's are z, r, n, as in Keras; an LSTM's are ours
static inline uint32_t
gate_of_file(const CellType cell, const uint32_t in_file)
{
  static const uint32_t gru_gates[3] = {1, 0, 2};
  return cell == CELL_LSTM ? in_file : gru_gates[in_file];
}

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Numbers as colours: rows over time. Main thread.

#ifndef GRUS_TRAIN_REPORT_HEAT_MAP_H
#define GRUS_TRAIN_REPORT_HEAT_MAP_H

#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

typedef struct {
  const char* name;        ///< Beside the picture
  const char* top;         ///< Beside its first row; NULL: no label
  const char* bottom;      ///< Beside its last row, where `top` is given
  const char* description; ///< What it shows, for those who can't see it
  const float* values;     ///< (n_rows, n_columns), 0 dark to 1 bright, clamped
  uint32_t n_rows;         ///< The first on top
  uint32_t n_columns;
  uint32_t height; ///< On the page [px]
} HeatMap;

/// Write the picture, a PNG inside the page
NODISCARD Status heat_map_write(FILE* out, const HeatMap* map);

/// Write the times [s] at both ends of the pictures above, in `unit` s or ms
void heat_map_write_times(FILE* out, double begin, double end, const char* unit);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Numbers as colours: a picture of rows over time. Main thread.

#ifndef GRUS_TRAIN_REPORT_HEAT_MAP_H
#define GRUS_TRAIN_REPORT_HEAT_MAP_H

#include "core/status.h"

#include <stdint.h>
#include <stdio.h>

typedef struct {
  const char* name;    ///< Beside the picture
  const char* caption; ///< What it shows, for those who can't see it
  const float*
      values;      ///< (n_rows, n_columns), 0 dark to 1 bright; others are taken for the nearest
  uint32_t n_rows; ///< The first on top
  uint32_t n_columns;
  uint32_t height; ///< On the page [px]
} HeatMap;

/// Write the picture, a PNG inside of the page
NODISCARD Status heat_map_write(FILE* out, const HeatMap* map);

#endif

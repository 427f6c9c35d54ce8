// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The rows of a comparison: how far each model is from its gear, and what it costs. One thread.

#ifndef GRUS_BENCH_TRUTH_TABLE_H
#define GRUS_BENCH_TRUTH_TABLE_H

#include "bench/model_gauge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
  const char* gear;
  const char* path;      ///< Of the model or capture
  bool is_target;        ///< This capture is what the others are compared with
  double esr;            ///< Ratio of power
  double esr_a_weighted; ///< The same after A-weighting
  double seconds;        ///< Spent on training [s]; 0: unknown
  bool is_bare;          ///< Without the linear stage that others of the gear have
  double own_load;       ///< Share of a core that a capture's own player takes; 0: unknown
  ModelGauge gauge;
} TruthRow;

typedef struct {
  TruthRow* rows; ///< Those of a gear follow each other
  size_t n;
} TruthTable;

/// Return the share of a core that a row costs whoever plays it
static inline double
truth_row_load(const TruthRow* const row)
{
  return row->own_load > 0.0 ? row->own_load : model_gauge_load(&row->gauge);
}

/// Write a chart of error against cost, both logarithmic: an SVG for light and dark pages
void truth_chart_write(FILE* out, const TruthTable* table);

#endif

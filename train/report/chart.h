// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Lines over two axes: the lines as SVG, which stretches with the page, their labels as HTML,
/// which stays legible on a phone. Main thread.

#ifndef GRUS_TRAIN_REPORT_CHART_H
#define GRUS_TRAIN_REPORT_CHART_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CHART_MAX_LINES 8U

typedef struct {
  const char* label; ///< With its unit, as in "time [s]"
  double low;
  double high;
  bool is_log;
} ChartAxis;

/// Where a point is not finite, the line has a gap
typedef struct {
  const char* name;
  const double* x; ///< (n); NULL: spread evenly over the axis
  const double* y; ///< (n)
  uint32_t n;
  uint32_t colour; ///< 0 recording, 1 model, 2 difference, 3 to 7 others
} ChartLine;

typedef struct {
  const char* caption; ///< What the chart shows, in one sentence
  ChartAxis x;
  ChartAxis y;
  ChartLine lines[CHART_MAX_LINES];
  uint32_t n_lines;
  double height; ///< Of the area between the axes, relative to its width; 0: default
} Chart;

/// Write a figure with legend and caption
void chart_write(FILE* out, const Chart* chart);

#endif

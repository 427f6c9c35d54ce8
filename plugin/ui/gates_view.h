// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The GRU at work: reset gate, update gate, candidate and state of every unit, as pictures of the
/// last seconds, newest at the right.

#ifndef GRUS_PLUGIN_UI_GATES_VIEW_H
#define GRUS_PLUGIN_UI_GATES_VIEW_H

#include "plugin/ui/widget.h"

#include <stdbool.h>
#include <stdint.h>

#define GATES_VIEW_ROWS 4U     ///< r, z, n, h
#define GATES_VIEW_UNITS 256U  ///< At most
#define GATES_VIEW_MOMENTS 90U ///< Three seconds

typedef struct {
  Widget base;
  uint32_t n_units; ///< 0: nothing to show yet
  uint32_t newest;  ///< Moment
  uint32_t n_moments;
  const char* remark; ///< In place of the picture; not owned
  float values[GATES_VIEW_MOMENTS][GATES_VIEW_ROWS][GATES_VIEW_UNITS];
} GatesView;

void gates_view_init(GatesView* view);

/// Add a moment: `values` holds (4, n_units)
void gates_view_add(GatesView* view, const float* values, uint32_t n_units);

/// Forget all and show a remark
void gates_view_clear(GatesView* view, const char* remark);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A level meter: the peak that the plugin measures, held for a while, and a lamp that stays on
/// after clipping until it is clicked. It is drawn only when it moves by a pixel.

#ifndef GRUS_PLUGIN_UI_METER_H
#define GRUS_PLUGIN_UI_METER_H

#include "plugin/ui/widget.h"

typedef struct {
  Widget base;
  const char* label; ///< Not owned
  double db;         ///< Of the plugin [dBFS]
  double held_db;    ///< The highest of the last moments [dBFS]
  double held_since; ///< [s]
  double mark_db;    ///< Of a threshold; below the scale there is none [dBFS]
  bool has_clipped;
} Meter;

void meter_init(Meter* meter, const char* label);

/// Show a new level
void meter_set(Meter* meter, double db, double now);

/// Let the held peak go when its time is over
void meter_pass_time(Meter* meter, double now);

/// Mark a threshold
void meter_mark(Meter* meter, double db);

#endif

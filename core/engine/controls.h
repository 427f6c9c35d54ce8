// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The controls of the engine by the names that the plugin's ports have. Any thread.

#ifndef GRUS_CORE_ENGINE_CONTROLS_H
#define GRUS_CORE_ENGINE_CONTROLS_H

#include "core/engine/engine.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
  CONTROL_INPUT_LEVEL,
  CONTROL_KNOB_1,
  CONTROL_KNOB_2,
  CONTROL_KNOB_3,
  CONTROL_KNOB_4,
  CONTROL_GATE,
  CONTROL_BASS,
  CONTROL_MIDDLE,
  CONTROL_TREBLE,
  CONTROL_PRESENCE,
  CONTROL_CABINET,
  CONTROL_CABINET_LEVEL,
  CONTROL_OUTPUT_LEVEL,
  CONTROL_LEVEL_MATCH,
  CONTROL_INTERFACE_LEVEL,
  CONTROL_ENABLED,
  N_CONTROLS,
} Control;

/// What a control can be set to
typedef struct {
  const char* name;
  float low;
  float high;
  const char* meaning; ///< In a few words, with the unit
} ControlRange;

ControlRange controls_range(Control control) RT;

/// Find a control by its name, or by "gain", which is input_level; false if there is none
bool controls_find_name(const char* name, Control* control);

/// The same, or by a name that begins like no other; false if there is none
bool controls_find(const char* name, Control* control);

/// Set a control; what is out of range goes to its end, NaN changes nothing
void controls_set(EngineControls* controls, Control control, float value) RT;

float controls_get(const EngineControls* controls, Control control) RT;

#endif

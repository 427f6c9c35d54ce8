// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The controls of the engine, by the symbols of the plugin's ports. Any thread.

#ifndef GRUS_CORE_ENGINE_CONTROLS_H
#define GRUS_CORE_ENGINE_CONTROLS_H

#include "core/engine/engine.h"
#include "core/realtime.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
#define CONTROL(id, ...) CONTROL_##id,
#include "core/engine/controls.def"
  N_CONTROLS,
} Control;

typedef enum {
  CONTROL_KIND_DB,
  CONTROL_KIND_DBFS,
  CONTROL_KIND_DBU,
  CONTROL_KIND_RATIO,  ///< Fraction of a knob's range
  CONTROL_KIND_SWITCH, ///< 0 or 1
  CONTROL_KIND_CHOICE, ///< One of several, by number
} ControlKind;

/// Values that a control can have
typedef struct {
  const char* name; ///< Symbol of the plugin's port
  ControlKind kind;
  float low;
  float high;
  float initial;
  const char* points; ///< Values with a name, such as "0 is off, 1 is on"; "" if there are none
} ControlRange;

/// Room for the longest text of controls_expected()
#define CONTROLS_EXPECTED_SIZE 64U

ControlRange controls_range(Control control) RT;

/// Return the names of all controls, separated by commas
const char* controls_names(void);

/// Return the unit with a space before it, or "" without a unit
const char* controls_unit(ControlKind kind);

/// Write the values a control can have, such as "-90 to 0 dBFS (0 is off)"; return `text`
const char* controls_expected(Control control, char text[CONTROLS_EXPECTED_SIZE]);

/// Find a control by its name, or by "gain" for input_level; false if there is none
bool controls_find_name(const char* name, Control* control);

/// The same, or by the beginning of exactly one name; false if there is none
bool controls_find(const char* name, Control* control);

/// Return a value as it is meant today: the gate was once off at 0 dBFS
float controls_translate(Control control, float value) RT;

/// Set a control; a value out of range is clamped, NaN changes nothing
void controls_set(EngineControls* controls, Control control, float value) RT;

/// Set a control without checking its range, as hosts may do: engine_run() copes with any value. A
/// switch is on above 0; a choice becomes the nearest one, or the first for NaN.
void controls_set_raw(EngineControls* controls, Control control, float value) RT;

float controls_get(const EngineControls* controls, Control control) RT;

#endif

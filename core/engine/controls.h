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
  CONTROL_KIND_RATIO,  ///< Of the whole turn of a knob
  CONTROL_KIND_SWITCH, ///< 0 or 1
  CONTROL_KIND_CHOICE, ///< One of several, by number
} ControlKind;

/// What a control can be set to
typedef struct {
  const char* name; ///< Symbol of the plugin's port
  ControlKind kind;
  float low;
  float high;
  float initial;
  const char* points; ///< Values that have a name, as "0 is off, 1 is on"; "" without
} ControlRange;

/// Room for the longest text of controls_expected()
#define CONTROLS_EXPECTED_SIZE 64U

ControlRange controls_range(Control control) RT;

/// Return the names of all controls, with commas
const char* controls_names(void);

/// Write what a control can be set to, as "-90 to 0 dBFS (0 is off)"; return `text`
const char* controls_expected(Control control, char text[CONTROLS_EXPECTED_SIZE]);

/// Find a control by its name, or by "gain", which is input_level; false if there is none
bool controls_find_name(const char* name, Control* control);

/// The same, or by the start of a name that no other name has; false if there is none
bool controls_find(const char* name, Control* control);

/// Set a control; a value out of range is moved to the nearest end, NaN changes nothing
void controls_set(EngineControls* controls, Control control, float value) RT;

/// Set a control without looking at its range, as hosts may: engine_run() copes with any value.
/// A switch is on above 0; a choice is the nearest one, the first for NaN.
void controls_set_raw(EngineControls* controls, Control control, float value) RT;

float controls_get(const EngineControls* controls, Control control) RT;

#endif

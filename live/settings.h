// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which control does a musician mean, and which value? A control's own name, the beginning of
/// one, or the name that the playing model gives to a knob; a number or a word. Main thread.

#ifndef GRUS_LIVE_SETTINGS_H
#define GRUS_LIVE_SETTINGS_H

#include "core/engine/controls.h"
#include "core/format/model_file.h"
#include "core/status.h"

#include <stdbool.h>

/// Room for settings_write_value()
#define SETTINGS_VALUE_SIZE 32U

/// A control and its new value
typedef struct {
  Control control;
  float value;
} Setting;

/// Find a control; `model` names knobs, NULL: none. Controls come before knobs of the same name. On
/// failure `message` says what there is.
NODISCARD Status settings_find(const char* name, const ModelFile* model, Control* control,
                               Message* message);

/// Read a number, or a word such as on, off or matched; return false if the control can't be that
bool settings_read_value(const char* text, Control control, float* value);

/// Read "NAME VALUE" or "NAME=VALUE". On failure `message` says what would be right.
NODISCARD Status settings_parse(const char* text, const ModelFile* model, Setting* setting,
                                Message* message);

/// Write a value with its unit or as a word, such as "-60 dBFS" or "matched"; return `text`
const char* settings_write_value(Control control, float value, char text[SETTINGS_VALUE_SIZE]);

/// Write the word for a value, such as "matched"; return false if it has none
bool settings_find_word(Control control, float value, char text[SETTINGS_VALUE_SIZE]);

/// Return the model's name of a knob; NULL if the control is no knob or has no name
const char* settings_knob_name(Control control, const ModelFile* model);

/// Return false if the control is a knob that the model doesn't have
bool settings_has_control(Control control, const ModelFile* model);

#endif

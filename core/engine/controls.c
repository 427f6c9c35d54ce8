// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One table of names and ranges, one place per control.

#include "core/engine/controls.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const ControlRange ranges[N_CONTROLS] = {
    {"input_level", -24.0F, 24.0F, "dB into the model"},
    {"knob_1", 0.0F, 1.0F, "the model's first knob"},
    {"knob_2", 0.0F, 1.0F, "the model's second knob"},
    {"knob_3", 0.0F, 1.0F, "the model's third knob"},
    {"knob_4", 0.0F, 1.0F, "the model's fourth knob"},
    {"gate", -90.0F, 0.0F, "dBFS; 0 is off"},
    {"bass", -12.0F, 12.0F, "dB"},
    {"middle", -12.0F, 12.0F, "dB"},
    {"treble", -12.0F, 12.0F, "dB"},
    {"presence", -12.0F, 12.0F, "dB"},
    {"cabinet", 0.0F, 1.0F, "0 off, 1 on"},
    {"cabinet_level", -24.0F, 24.0F, "dB"},
    {"output_level", -48.0F, 24.0F, "dB"},
    {"level_match", 0.0F, 2.0F, "0 raw, 1 matched, 2 calibrated"},
    {"interface_level", -12.0F, 36.0F, "dBu at 0 dBFS"},
    {"enabled", 0.0F, 1.0F, "0 bypass, 1 on"},
};

bool
controls_find_name(const char* const name, Control* const control)
{
  const char* const full = strcmp(name, "gain") ? name : ranges[CONTROL_INPUT_LEVEL].name;
  for (int i = 0; i < N_CONTROLS; ++i) {
    if (!strcmp(ranges[i].name, full)) {
      *control = (Control)i;
      return true;
    }
  }
  return false;
}

bool
controls_find(const char* const name, Control* const control)
{
  const size_t length = strlen(name);
  uint32_t n_alike = 0;
  if (controls_find_name(name, control)) {
    return true;
  }
  for (int i = 0; length && i < N_CONTROLS; ++i) {
    if (!strncmp(ranges[i].name, name, length)) {
      *control = (Control)i;
      ++n_alike;
    }
  }
  return n_alike == 1;
}

// Audio thread from here

ControlRange
controls_range(const Control control) RT
{
  return ranges[control];
}

/// Return where a control that is a plain number lives, or NULL
static float*
place_of(EngineControls* const c, const Control control) RT
{
  switch (control) {
  case CONTROL_INPUT_LEVEL:
    return &c->input_gain_db;
  case CONTROL_KNOB_1:
  case CONTROL_KNOB_2:
  case CONTROL_KNOB_3:
  case CONTROL_KNOB_4:
    return &c->knobs[control - CONTROL_KNOB_1];
  case CONTROL_GATE:
    return &c->gate_db;
  case CONTROL_BASS:
    return &c->tone.bass_db;
  case CONTROL_MIDDLE:
    return &c->tone.middle_db;
  case CONTROL_TREBLE:
    return &c->tone.treble_db;
  case CONTROL_PRESENCE:
    return &c->tone.presence_db;
  case CONTROL_CABINET_LEVEL:
    return &c->cabinet_gain_db;
  case CONTROL_OUTPUT_LEVEL:
    return &c->output_gain_db;
  case CONTROL_INTERFACE_LEVEL:
    return &c->levels.interface_dbu;
  case CONTROL_CABINET:
  case CONTROL_LEVEL_MATCH:
  case CONTROL_ENABLED:
  case N_CONTROLS:
    break;
  }
  return NULL;
}

void
controls_set(EngineControls* const controls, const Control control, const float value) RT
{
  const float limited = fmaxf(fminf(value, ranges[control].high), ranges[control].low);
  float* const place = place_of(controls, control);
  if (isnan(value)) {
    return;
  }
  if (place) {
    *place = limited;
  } else if (control == CONTROL_CABINET) {
    controls->cabinet_enabled = limited >= 0.5F;
  } else if (control == CONTROL_LEVEL_MATCH) {
    controls->levels.match = (LevelMatch)(limited + 0.5F);
  } else {
    controls->enabled = limited >= 0.5F;
  }
}

float
controls_get(const EngineControls* const controls, const Control control) RT
{
  EngineControls copy = *controls;
  const float* const place = place_of(&copy, control);
  if (place) {
    return *place;
  }
  return control == CONTROL_CABINET       ? (float)controls->cabinet_enabled
         : control == CONTROL_LEVEL_MATCH ? (float)controls->levels.match
                                          : (float)controls->enabled;
}

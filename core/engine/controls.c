// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Makes tables from controls.def, with each control's place in EngineControls.

#include "core/engine/controls.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const ControlRange ranges[N_CONTROLS] = {
#define CONTROL(id, symbol, name, short_name, kind, low, high, initial, group, points, ...)        \
  {symbol, CONTROL_KIND_##kind, low, high, initial, points},
#include "core/engine/controls.def"
};

/// Place of each control in EngineControls: a bool, a LevelMatch or a float, by its kind
static const size_t offsets[N_CONTROLS] = {
#define CONTROL(id, symbol, name, short_name, kind, low, high, initial, group, points, member,     \
                comment)                                                                           \
  offsetof(EngineControls, member),
#include "core/engine/controls.def"
};

static const char names[] = ""
#define CONTROL(id, symbol, ...) ", " symbol
#include "core/engine/controls.def"
    ;

const char*
controls_names(void)
{
  return names + strlen(", ");
}

const char*
controls_unit(const ControlKind kind)
{
  switch (kind) {
  case CONTROL_KIND_DB:
    return " dB";
  case CONTROL_KIND_DBFS:
    return " dBFS";
  case CONTROL_KIND_DBU:
    return " dBu";
  case CONTROL_KIND_RATIO:
  case CONTROL_KIND_SWITCH:
  case CONTROL_KIND_CHOICE:
    break;
  }
  return "";
}

const char*
controls_expected(const Control control, char text[CONTROLS_EXPECTED_SIZE])
{
  const ControlRange* const r = &ranges[control];
  const bool has_points = r->points[0] != '\0';
  (void)snprintf(text, CONTROLS_EXPECTED_SIZE, "%g to %g%s%s%s%s", (double)r->low, (double)r->high,
                 controls_unit(r->kind), has_points ? " (" : "", r->points, has_points ? ")" : "");
  return text;
}

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

float
controls_translate(const Control control, const float value) RT
{
  return control == CONTROL_GATE && value == 0.0F ? GATE_OFF_DB : value;
}

void
controls_set_raw(EngineControls* const controls, const Control control, const float value) RT
{
  void* const place = (char*)controls + offsets[control];
  const float high = ranges[control].high;
  switch (ranges[control].kind) {
  case CONTROL_KIND_SWITCH:
    *(bool*)place = value > 0.0F;
    break;
  case CONTROL_KIND_CHOICE:
    *(LevelMatch*)place = (LevelMatch)(value >= 0.5F ? fminf(value + 0.5F, high) : 0.0F);
    break;
  case CONTROL_KIND_DB:
  case CONTROL_KIND_DBFS:
  case CONTROL_KIND_DBU:
  case CONTROL_KIND_RATIO:
    *(float*)place = value;
    break;
  }
}

void
controls_set(EngineControls* const controls, const Control control, const float value) RT
{
  const ControlRange* const r = &ranges[control];
  const float limited = fmaxf(fminf(value, r->high), r->low);
  if (isnan(value)) {
    return;
  }
  const bool is_switch = r->kind == CONTROL_KIND_SWITCH;
  controls_set_raw(controls, control, is_switch ? (float)(limited >= 0.5F) : limited);
}

float
controls_get(const EngineControls* const controls, const Control control) RT
{
  const void* const place = (const char*)controls + offsets[control];
  switch (ranges[control].kind) {
  case CONTROL_KIND_SWITCH:
    return *(const bool*)place ? 1.0F : 0.0F;
  case CONTROL_KIND_CHOICE:
    return (float)*(const LevelMatch*)place;
  case CONTROL_KIND_DB:
  case CONTROL_KIND_DBFS:
  case CONTROL_KIND_DBU:
  case CONTROL_KIND_RATIO:
    break;
  }
  return *(const float*)place;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Words come from the points of the table of controls: "0 is raw, 1 is matched".

#include "live/settings.h"

#include "cli/similar.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_NAME 128U ///< Of a control or knob, with its end

static uint32_t
n_knobs_of(const ModelFile* const model)
{
  return model ? model->params.shape.n_inputs - 1U : 0;
}

static bool
is_knob(const Control control)
{
  return control >= CONTROL_KNOB_1 && control <= CONTROL_KNOB_4;
}

const char*
settings_knob_name(const Control control, const ModelFile* const model)
{
  const uint32_t k = (uint32_t)control - (uint32_t)CONTROL_KNOB_1;
  return is_knob(control) && k < n_knobs_of(model) && model->knobs[k][0] ? model->knobs[k] : NULL;
}

bool
settings_has_control(const Control control, const ModelFile* const model)
{
  return !is_knob(control) || (uint32_t)control - (uint32_t)CONTROL_KNOB_1 < n_knobs_of(model);
}

/// Find a knob by the name its model gives it, in any case of letters
static bool
find_knob(const char* const name, const ModelFile* const model, Control* const control)
{
  for (uint32_t k = 0; k < n_knobs_of(model); ++k) {
    if (model->knobs[k][0] && !strcasecmp(model->knobs[k], name)) {
      *control = (Control)((uint32_t)CONTROL_KNOB_1 + k);
      return true;
    }
  }
  return false;
}

/// The name that is most like the one that was typed
typedef struct {
  const char* typed;
  const char* name; ///< NULL: none is near
  size_t distance;
} Nearest;

/// Copy a word with small letters, of ASCII
static void
copy_lower(char to[MAX_NAME], const char* const from)
{
  text_copy(to, MAX_NAME, from);
  for (char* c = to; *c; ++c) {
    *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
  }
}

static void
consider_name(Nearest* const nearest, const char* const name)
{
  char typed[MAX_NAME];
  char lower[MAX_NAME];
  copy_lower(typed, nearest->typed);
  copy_lower(lower, name);
  const size_t distance = cli_word_distance(typed, lower);
  if (name[0] && cli_is_near(nearest->typed, distance) &&
      (!nearest->name || distance < nearest->distance)) {
    nearest->name = name;
    nearest->distance = distance;
  }
}

static const char*
find_nearest(const char* const typed, const ModelFile* const model)
{
  Nearest nearest = {typed, NULL, 0};
  for (int i = 0; i < N_CONTROLS; ++i) {
    consider_name(&nearest, controls_range((Control)i).name);
  }
  for (uint32_t k = 0; k < n_knobs_of(model); ++k) {
    consider_name(&nearest, model->knobs[k]);
  }
  return nearest.name;
}

/// Write " and this model's drive, tone", or nothing if it has no named knobs
static void
list_knobs(const ModelFile* const model, char* const text, const size_t size)
{
  size_t n = 0;
  text[0] = '\0';
  for (uint32_t k = 0; k < n_knobs_of(model) && n < size; ++k) {
    if (model->knobs[k][0]) {
      n += (size_t)snprintf(text + n, size - n, "%s%.40s", n ? ", " : " and this model's ",
                            model->knobs[k]);
    }
  }
}

static Status
fail_finding(const char* const name, const ModelFile* const model, Message* const message)
{
  char knobs[200];
  const char* const nearest = find_nearest(name, model);
  if (nearest) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "there is no control \"%.60s\"; did you mean \"%s\"?", name, nearest);
  }
  list_knobs(model, knobs, sizeof(knobs));
  return status_fail(message, STATUS_BAD_ARGUMENT, "there is no control \"%.60s\"; there are %s%s",
                     name, controls_names(), knobs);
}

Status
settings_find(const char* const name, const ModelFile* const model, Control* const control,
              Message* const message)
{
  return controls_find_name(name, control) || find_knob(name, model, control) ||
                 controls_find(name, control)
             ? STATUS_OK
             : fail_finding(name, model, message);
}

/// Return the place after "VALUE is " in one of the points, and the value
static const char*
read_point(const char* const point, float* const value)
{
  char* end = NULL;
  *value = strtof(point, &end);
  return !strncmp(end, " is ", 4) ? end + 4 : NULL;
}

static const char*
next_point(const char* const point)
{
  const char* const comma = strchr(point, ',');
  return comma ? comma + 1 + strspn(comma + 1, " ") : NULL;
}

/// Find a word among the points
static bool
read_word(const char* const text, const ControlRange range, float* const value)
{
  const size_t n = strlen(text);
  for (const char* p = range.points; n && p; p = next_point(p)) {
    float of_point = 0.0F;
    const char* const word = read_point(p, &of_point);
    if (word && !strncasecmp(word, text, n) && (!word[n] || word[n] == ',')) {
      *value = of_point;
      return true;
    }
  }
  return false;
}

bool
settings_find_word(const Control control, const float value, char text[SETTINGS_VALUE_SIZE])
{
  for (const char* p = controls_range(control).points; p; p = next_point(p)) {
    float of_point = 0.0F;
    const char* const word = read_point(p, &of_point);
    if (word && of_point == value) {
      (void)snprintf(text, SETTINGS_VALUE_SIZE, "%.*s", (int)strcspn(word, ","), word);
      return true;
    }
  }
  return false;
}

/// Read what stands for 0 or 1
static bool
read_switch(const char* const text, float* const value)
{
  static const char* const words[] = {"off", "on", "false", "true"};
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i) {
    if (!strcasecmp(text, words[i])) {
      *value = i % 2 ? 1.0F : 0.0F;
      return true;
    }
  }
  return false;
}

bool
settings_read_value(const char* const text, const Control control, float* const value)
{
  const ControlRange range = controls_range(control);
  float read = 0.0F;
  char* end = NULL;
  if (!read_word(text, range, &read) && !read_switch(text, &read)) {
    read = strtof(text, &end);
  }
  read = controls_translate(control, read);
  if (end == text || (end && *end) || !isfinite(read) || read < range.low || read > range.high) {
    return false;
  }
  *value = read;
  return true;
}

/// Split "NAME VALUE" before the last word, as a knob's name may have spaces; return the value, or
/// NULL
static const char*
split_setting(const char* const text, char name[MAX_NAME])
{
  size_t n = strlen(text);
  while (n && !strchr(" \t=", text[n - 1])) {
    --n;
  }
  const char* const value = text + n;
  while (n && strchr(" \t=", text[n - 1])) {
    --n;
  }
  (void)snprintf(name, MAX_NAME, "%.*s", (int)n, text);
  return *value && n && n < MAX_NAME ? value : NULL;
}

Status
settings_parse(const char* const text, const ModelFile* const model, Setting* const setting,
               Message* const message)
{
  char name[MAX_NAME];
  char expected[CONTROLS_EXPECTED_SIZE];
  Setting read = {CONTROL_ENABLED, 0.0F};
  const char* const value = split_setting(text, name);
  if (!value) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "expected a control and its value, such as gate=-60");
  }
  const Status status = settings_find(name, model, &read.control, message);
  if (status) {
    return status;
  }
  if (!settings_read_value(value, read.control, &read.value)) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "expected %s",
                       controls_expected(read.control, expected));
  }
  *setting = read;
  return STATUS_OK;
}

const char*
settings_write_value(const Control control, const float value, char text[SETTINGS_VALUE_SIZE])
{
  if (!settings_find_word(control, value, text)) {
    (void)snprintf(text, SETTINGS_VALUE_SIZE, "%.4g%s", (double)value,
                   controls_unit(controls_range(control).kind));
  }
  return text;
}

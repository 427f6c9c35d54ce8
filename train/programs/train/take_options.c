// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cuts the texts of takes into settings and paths. Messages are those of grus-train.

#include "train/programs/train/take_options.h"

#include "cli/message.h"
#include "core/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "grus-train"
#define KNOBS_TEXT_SIZE 640U ///< Of the names of all knobs
#define SETTINGS_TEXT_SIZE 64U

bool
takes_add_knob(const CliValue* const value, TakeKnobs* const knobs)
{
  const char* const name = value->text;
  if (!cli_check_text(value, MODEL_FILE_TEXT_SIZE - 1)) {
    return false;
  }
  if (!*name || strchr(name, '=')) {
    return cli_refuse_value(value, "a name without '='");
  }
  for (uint32_t k = 0; k < knobs->n; ++k) {
    if (!strcmp(name, knobs->names[k])) {
      return cli_refuse_value(value, "a different name for each knob");
    }
  }
  if (knobs->n == PARAMS_MAX_KNOBS) {
    return cli_refuse_value(value, "at most %u knobs", PARAMS_MAX_KNOBS);
  }
  knobs->names[knobs->n++] = name;
  return true;
}

/// Read numbers separated by commas; false if they aren't, or if there are too many
static bool
read_settings(const char* text, const char* const end, TakeFiles* const take)
{
  char* next = NULL;
  for (; text <= end; text = next + 1) {
    const double setting = strtod(text, &next);
    if (next == text || (next != end && *next != ',') || !(setting >= 0.0 && setting <= 1.0) ||
        take->n_knobs == PARAMS_MAX_KNOBS) {
      return false;
    }
    take->knobs[take->n_knobs++] = (float)setting;
  }
  return true;
}

static bool
is_file(const char* const path)
{
  return !access(path, F_OK);
}

/// Cut INPUT:TARGET at the colon that the header describes
static void
read_paths(char* const text, TakeFiles* const take)
{
  char* const first = strchr(text, ':');
  take->target = text;
  if (!first || is_file(text)) {
    return;
  }
  for (char* colon = first; colon; colon = strchr(colon + 1, ':')) {
    *colon = '\0';
    if (is_file(text)) {
      take->input = text;
      take->target = colon + 1;
      return;
    }
    *colon = ':';
  }
  *first = '\0';
  take->input = text;
  take->target = first + 1;
}

bool
takes_add(const CliValue* const value, TakeList* const list)
{
  TakeFiles take = {0};
  char* const equals = strchr(value->text, '=');
  if (list->n == TAKES_MAX) {
    return cli_refuse_value(value, "at most %u takes", TAKES_MAX);
  }
  if (!equals || !equals[1]) {
    return cli_refuse_value(value, "SETTING=TARGET.wav, as in 0.25=gain25.wav");
  }
  if (!read_settings(value->text, equals, &take)) {
    return cli_refuse_value(value,
                            "up to %u settings from 0 to 1 before the '=', as in 0.25 or "
                            "0,0.5",
                            PARAMS_MAX_KNOBS);
  }
  read_paths(equals + 1, &take);
  list->takes[list->n++] = take;
  return true;
}

/// Write "0" or "2 (drive, tone)"
static void
describe_knobs(const TakeKnobs* const knobs, char text[KNOBS_TEXT_SIZE])
{
  size_t n = (size_t)snprintf(text, KNOBS_TEXT_SIZE, "%u", knobs->n);
  for (uint32_t k = 0; k < knobs->n && n < KNOBS_TEXT_SIZE; ++k) {
    n += (size_t)snprintf(text + n, KNOBS_TEXT_SIZE - n, "%s%s%s", k ? ", " : " (", knobs->names[k],
                          k + 1 == knobs->n ? ")" : "");
  }
}

/// Make the two recordings that were given separately the only take
static bool
add_pair(TakeList* const list, const TakeKnobs* const knobs)
{
  const TakeFiles pair = list->pair;
  if (!pair.input && !pair.target) {
    return true;
  }
  if (list->n || knobs->n) {
    return cli_complain(PROGRAM,
                        "--%s: two recordings alone don't say where the knobs stood; give them as "
                        "--%s=SETTING=INPUT.wav:TARGET.wav",
                        list->option, list->option);
  }
  if (!pair.input || !pair.target) {
    return cli_complain(PROGRAM,
                        "a validation or test recording needs both its input and its target");
  }
  list->takes[list->n++] = pair;
  return true;
}

static bool
finish_take(const TakeList* const list, TakeFiles* const take, const char* const input,
            const TakeKnobs* const knobs)
{
  if (take->n_knobs != knobs->n) {
    char expected[KNOBS_TEXT_SIZE];
    describe_knobs(knobs, expected);
    return cli_complain(
        PROGRAM, "--%s: %s has %u setting%s; expected as many as there are knobs, %s", list->option,
        take->target, take->n_knobs, take->n_knobs == 1 ? "" : "s", expected);
  }
  if (!take->input && !input) {
    return cli_complain(PROGRAM,
                        "--%s: %s needs an input; give INPUT.wav for all takes, or "
                        "SETTING=INPUT.wav:TARGET.wav",
                        list->option, take->target);
  }
  take->input = take->input ? take->input : input;
  return true;
}

static bool
have_same_settings(const TakeFiles* const a, const TakeFiles* const b)
{
  bool are_same = true;
  for (uint32_t k = 0; k < a->n_knobs; ++k) {
    are_same = are_same && !(a->knobs[k] < b->knobs[k] || a->knobs[k] > b->knobs[k]);
  }
  return are_same;
}

/// Write "0.25" or "0,0.5"
static void
describe_settings(const TakeFiles* const take, char text[SETTINGS_TEXT_SIZE])
{
  size_t n = 0;
  for (uint32_t k = 0; k < take->n_knobs && n < SETTINGS_TEXT_SIZE; ++k) {
    n += (size_t)snprintf(text + n, SETTINGS_TEXT_SIZE - n, "%s%g", k ? "," : "",
                          (double)take->knobs[k]);
  }
}

/// Refuse two takes that can't both be right
static bool
check_two(const char* const option, const TakeFiles* const a, const TakeFiles* const b)
{
  char settings[2][SETTINGS_TEXT_SIZE] = {"", ""};
  const bool are_at_one = have_same_settings(a, b);
  describe_settings(a, settings[0]);
  describe_settings(b, settings[1]);
  if (file_is_same(a->target, b->target) && !are_at_one) {
    return cli_complain(PROGRAM,
                        "--%s: %s is given for two settings, %s and %s; expected a recording of "
                        "its own for each",
                        option, b->target, settings[0], settings[1]);
  }
  return !are_at_one || !file_is_same(a->input, b->input) ||
         cli_complain(PROGRAM,
                      "--%s: %s and %s are both for the setting %s and the input %s; expected "
                      "different settings, or another input",
                      option, a->target, b->target, settings[0], a->input);
}

/// Compare each take with those before it
static bool
check_apart(const TakeList* const list)
{
  bool is_good = true;
  for (uint32_t i = 0; i < list->n; ++i) {
    for (uint32_t k = 0; k < i && is_good; ++k) {
      is_good = check_two(list->option, &list->takes[k], &list->takes[i]);
    }
  }
  return is_good;
}

bool
takes_finish(TakeList* const list, const char* const input, const TakeKnobs* const knobs)
{
  bool is_good = add_pair(list, knobs);
  for (uint32_t i = 0; i < list->n && is_good; ++i) {
    is_good = finish_take(list, &list->takes[i], input, knobs);
  }
  return is_good && check_apart(list);
}

/// Return true if some take has a knob elsewhere than the first
static bool
is_turned(const TakeList* const list, const uint32_t knob)
{
  for (uint32_t i = 1; i < list->n; ++i) {
    if (list->takes[i].knobs[knob] > list->takes[0].knobs[knob] ||
        list->takes[i].knobs[knob] < list->takes[0].knobs[knob]) {
      return true;
    }
  }
  return false;
}

bool
takes_turn_all(const TakeList* const list, const TakeKnobs* const knobs)
{
  for (uint32_t k = 0; k < knobs->n; ++k) {
    if (!is_turned(list, k)) {
      return cli_complain(PROGRAM,
                          "--%s: the knob %s stands at %g in all takes; expected two or more "
                          "different settings",
                          list->option, knobs->names[k], (double)list->takes[0].knobs[k]);
    }
  }
  return true;
}

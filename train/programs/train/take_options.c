// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Cuts the texts of takes into settings and paths.

#include "train/programs/train/take_options.h"

#include "train/programs/common/option_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
takes_add_knob(const char* const name, Knobs* const knobs)
{
  if (!parse_text("--knob", name)) {
    return false;
  }
  if (!*name || strchr(name, '=')) {
    (void)fprintf(stderr, "--knob: \"%s\" should be a name without '='\n", name);
    return false;
  }
  for (uint32_t k = 0; k < knobs->n; ++k) {
    if (!strcmp(name, knobs->names[k])) {
      (void)fprintf(stderr, "--knob: \"%s\" is given twice; each should have a name of its own\n",
                    name);
      return false;
    }
  }
  if (knobs->n == PARAMS_MAX_KNOBS) {
    (void)fprintf(stderr, "--knob: \"%s\" is one too many; a model has at most %u\n", name,
                  PARAMS_MAX_KNOBS);
    return false;
  }
  knobs->names[knobs->n++] = name;
  return true;
}

/// Numbers separated by commas; false if they are not, or there are too many
static bool
read_settings(const char* text, TakeFiles* const take)
{
  char* end = NULL;
  do {
    const double setting = strtod(text, &end);
    if (end == text || (*end && *end != ',') || !(setting >= 0.0 && setting <= 1.0) ||
        take->n_knobs == PARAMS_MAX_KNOBS) {
      return false;
    }
    take->knobs[take->n_knobs++] = (float)setting;
    text = end + 1;
  } while (*end);
  return true;
}

static bool
is_file(const char* const path)
{
  return !access(path, F_OK);
}

/// Cut INPUT:TARGET at the colon that the header says
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
takes_add(char* const text, TakeList* const list)
{
  TakeFiles take = {0};
  char* const equals = strchr(text, '=');
  if (list->n == TAKES_MAX) {
    (void)fprintf(stderr, "%s: \"%s\" is one too many; there are at most %u takes\n", list->option,
                  text, TAKES_MAX);
    return false;
  }
  if (!equals || !equals[1]) {
    (void)fprintf(stderr, "%s: \"%s\" should be SETTING=TARGET.wav, as in 0.25=gain25.wav\n",
                  list->option, text);
    return false;
  }
  *equals = '\0';
  if (!read_settings(text, &take)) {
    (void)fprintf(stderr,
                  "%s: \"%s\" of %s should be up to %u numbers from 0 to 1, as in 0.25 or 0,0.5\n",
                  list->option, text, equals + 1, PARAMS_MAX_KNOBS);
    return false;
  }
  read_paths(equals + 1, &take);
  list->takes[list->n++] = take;
  return true;
}

static void
print_names(const Knobs* const knobs)
{
  for (uint32_t k = 0; k < knobs->n; ++k) {
    (void)fprintf(stderr, "%s%s", k ? ", " : " (", knobs->names[k]);
  }
  (void)fputs(knobs->n ? ")\n" : "\n", stderr);
}

static bool
take_pair(TakeList* const list, const Knobs* const knobs)
{
  const TakeFiles pair = list->pair;
  if (!pair.input && !pair.target) {
    return true;
  }
  if (list->n || knobs->n) {
    (void)fprintf(stderr,
                  "%s: two recordings alone don't say where the knobs stood; give them as "
                  "%s=SETTING=INPUT.wav:TARGET.wav\n",
                  list->option, list->option);
    return false;
  }
  if (!pair.input || !pair.target) {
    (void)fputs("grus-train: a validation or test recording needs both its input and its target\n",
                stderr);
    return false;
  }
  list->takes[list->n++] = pair;
  return true;
}

static bool
finish_take(const TakeList* const list, TakeFiles* const take, const char* const input,
            const Knobs* const knobs)
{
  if (take->n_knobs != knobs->n) {
    (void)fprintf(stderr, "%s: %s has %u setting(s), but there are %u knob(s)", list->option,
                  take->target, take->n_knobs, knobs->n);
    print_names(knobs);
    return false;
  }
  if (!take->input && !input) {
    (void)fprintf(stderr,
                  "%s: %s needs an input; give INPUT.wav for all takes, or "
                  "SETTING=INPUT.wav:TARGET.wav\n",
                  list->option, take->target);
    return false;
  }
  take->input = take->input ? take->input : input;
  return true;
}

bool
takes_finish(TakeList* const list, const char* const input, const Knobs* const knobs)
{
  bool is_good = take_pair(list, knobs);
  for (uint32_t i = 0; i < list->n && is_good; ++i) {
    is_good = finish_take(list, &list->takes[i], input, knobs);
  }
  return is_good;
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
takes_turn_all(const TakeList* const list, const Knobs* const knobs)
{
  for (uint32_t k = 0; k < knobs->n; ++k) {
    if (!is_turned(list, k)) {
      (void)fprintf(stderr,
                    "%s: the knob %s stands at %g in all takes; to be learned it should stand at "
                    "two places or more\n",
                    list->option, knobs->names[k], (double)list->takes[0].knobs[k]);
      return false;
    }
  }
  return true;
}

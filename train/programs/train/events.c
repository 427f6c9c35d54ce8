// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Remembers whether text or JSON was chosen.

#include "train/programs/train/events.h"

#include "cli/json_output.h"

#include <stdarg.h>
#include <stdio.h>

#define LONGEST_NOTE 8192U ///< A path and some words

static bool is_json = false;

void
events_choose_json(const bool as_json)
{
  is_json = as_json;
}

bool
events_are_json(void)
{
  return is_json;
}

json_t*
events_begin(const char* const event)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "event", event);
  return object;
}

void
events_print(json_t* const event)
{
  cli_json_print_line(event);
}

void
events_note(const char* const format, ...)
{
  char text[LONGEST_NOTE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  if (is_json) {
    json_t* const event = events_begin("note");
    cli_json_set_text(event, "text", text);
    events_print(event);
  } else {
    (void)printf("note: %s\n", text);
  }
}

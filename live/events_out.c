// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints line by line, so that a program behind a pipe hears of things as they happen.

#include "live/events_out.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

static bool is_json;

void
tell_as_json(const bool as_json)
{
  is_json = as_json;
}

static json_t*
number_of(const double number)
{
  return number == floor(number) && fabs(number) < 1e15 ? json_integer((json_int_t)number)
                                                        : json_real(number);
}

static void
print_json(const char* const event, const TellField* fields)
{
  json_t* const object = json_pack("{ss}", "event", event);
  for (; object && fields->name; ++fields) {
    json_t* value = fields->text ? json_string(fields->text) : number_of(fields->number);
    value = value ? value : json_string("(not UTF-8)");
    (void)json_object_set_new(object, fields->name, value);
  }
  (void)json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  (void)fputc('\n', stdout);
  (void)fflush(stdout);
  json_decref(object);
}

static void
print_text(const char* const event, const TellField* fields)
{
  (void)printf("%s", event);
  for (const char* separator = ": "; fields->name; ++fields, separator = ", ") {
    if (fields->text) {
      (void)printf("%s%s %s", separator, fields->name, fields->text);
    } else {
      (void)printf("%s%s %.6g", separator, fields->name, fields->number);
    }
  }
  (void)fputc('\n', stdout);
  (void)fflush(stdout);
}

void
tell_event(const char* const event, const TellField* const fields)
{
  if (is_json) {
    print_json(event, fields);
  } else {
    print_text(event, fields);
  }
}

static void
tell_text(const char* const event, const char* const text)
{
  if (is_json) {
    print_json(event, (const TellField[]){{"text", text, 0.0}, {NULL, NULL, 0.0}});
  } else {
    (void)fprintf(stderr, "grus-live: %s\n", text);
  }
}

void
tell_error(const char* const text)
{
  tell_text("error", text);
}

void
tell_note(const char* const text)
{
  tell_text("note", text);
}

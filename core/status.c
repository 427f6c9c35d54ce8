// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Texts for errors, and the functions that format messages.

#include "core/status.h"

#include "core/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/// Room for the file that a message is about: any name, perhaps with folders
#define NAME_SIZE 264U

const char*
status_text(const Status status) RT
{
  switch (status) {
  case STATUS_OK:
    return "success";
  case STATUS_NO_MEMORY:
    return "out of memory";
  case STATUS_BAD_ARGUMENT:
    return "bad argument";
  case STATUS_MISSING:
    return "no such file";
  case STATUS_CANNOT_READ:
    return "cannot read";
  case STATUS_CANNOT_WRITE:
    return "cannot write";
  case STATUS_BAD_FILE:
    return "damaged or unexpected file";
  case STATUS_UNSUPPORTED:
    return "unsupported kind of file";
  }
  return "unknown error";
}

/// Write the name of a file; return its size
static size_t
format_name(Message* const message, const char* const name)
{
  char shown[NAME_SIZE];
  text_shorten_path(shown, sizeof(shown), name);
  const int n = snprintf(message->text, sizeof(message->text), "%s: ", shown);
  return n < 0 ? 0 : (size_t)n;
}

static void
format_message(Message* const message, const char* const format, va_list args)
{
  static const char named[] = "%s: ";
  if (!message) {
    return;
  }
  const bool is_named = !strncmp(format, named, strlen(named));
  const size_t n = is_named ? format_name(message, va_arg(args, const char*)) : 0;
  const size_t room = sizeof(message->text) - n;
  const int wanted =
      vsnprintf(message->text + n, room, format + (is_named ? strlen(named) : 0), args);
  if (wanted >= (int)room) {
    text_mark_cut(message->text, sizeof(message->text));
  }
  text_repair(message->text); // A precision such as %.200s counts bytes
}

void
message_set(Message* const message, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  format_message(message, format, args);
  va_end(args);
}

Status
status_fail(Message* const message, const Status status, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  format_message(message, format, args);
  va_end(args);
  return status;
}

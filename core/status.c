// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Texts for errors, and the functions that format messages.

#include "core/status.h"

#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>

const char*
status_text(const Status status)
{
  switch (status) {
  case STATUS_OK:
    return "success";
  case STATUS_NO_MEMORY:
    return "out of memory";
  case STATUS_BAD_ARGUMENT:
    return "bad argument";
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

static void
format_message(Message* const message, const char* const format, va_list args)
{
  if (message) {
    (void)vsnprintf(message->text, sizeof(message->text), format, args);
    text_repair(message->text); // A precision such as %.200s counts bytes
  }
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

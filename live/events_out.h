// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the rig tells: sentences for people, or JSON lines for other programs. Any thread but the audio
/// thread.

#ifndef GRUS_LIVE_EVENTS_OUT_H
#define GRUS_LIVE_EVENTS_OUT_H

#include <stdbool.h>

/// Choose JSON lines instead of sentences
void tell_as_json(bool as_json);

/// Something went wrong, or is worth knowing: to standard error, or {"event":"error","text":…}
void tell_error(const char* text);
void tell_note(const char* text);

/// One piece of an event
typedef struct {
  const char* name;
  const char* text; ///< NULL: the number counts
  double number;
} TellField;

/// Something happened: "event name: value, name: value", or a JSON object; `fields` end with a NULL name
void tell_event(const char* event, const TellField* fields);

#endif

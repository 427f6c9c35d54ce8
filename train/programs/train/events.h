// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a run reports on standard output: as text, or with --json as one object a line, each with
/// its "event". Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_EVENTS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_EVENTS_H

#include <jansson.h>

#include <stdbool.h>

/// Choose JSON, before anything is reported
void events_choose_json(bool as_json);

/// Return true if JSON was chosen
bool events_are_json(void);

/// Return the beginning of an event, for events_print()
json_t* events_begin(const char* event);

/// Print an event, and free it
void events_print(json_t* event);

/// Report what should be known: "note: TEXT", or the event "note"
void events_note(const char* format, ...) __attribute__((format(printf, 1, 2)));

#endif

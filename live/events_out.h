// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the rig reports: sentences for people or JSON lines for other programs on standard output,
/// and answers to whoever gave the command. Main thread.

#ifndef GRUS_LIVE_EVENTS_OUT_H
#define GRUS_LIVE_EVENTS_OUT_H

#include "live/client.h"
#include "live/event_field.h"
#include "live/player.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/// Choose JSON lines instead of sentences
void events_print_json(bool as_json);

/// Print everything to a file instead of standard output and error
void events_print_to(FILE* file);

/// Sends an event to whoever asked
typedef void (*EventAnswer)(uint32_t asker, const char* event, const EventField* fields,
                            void* data);

/// Set what sends answers; NULL: nothing does. As many messages of askers are printed as at first.
void events_answer_by(EventAnswer answer, void* data);

/// From now on, what is printed also answers `asker`; 0: nobody
void events_answer_to(uint32_t asker);

/// Print what went wrong, or what is worth knowing: to standard error, or as
/// {"event":"error","text":…}
void events_print_error(const char* text);
void events_print_note(const char* text);

/// A server was found and the sound is on
void events_print_playing(double sample_rate, uint32_t block_size, uint32_t n_entries);

/// The connections have changed: "in ← system:capture_1; …"
void events_print_connections(const char* text);

/// An entry was selected
void events_print_selected(uint32_t index, const char* name);

/// A control was set; `knob` is the model's name for it, or NULL
void events_print_setting(Control control, float value, const char* knob);

/// A control's value, as was asked
void events_print_control(Control control, float value, const char* knob);

/// Another cabinet is heard now
void events_print_cabinet(EngineCabinet cabinet);

/// An entry's model has got a rate for when its file gives none [Hz]; 0: the usual one
void events_print_model_rate(uint32_t index, const char* name, double rate);

/// The controls of an entry were kept, in the file (may be NULL)
void events_print_saved(uint32_t index, const char* name, const char* path);

/// A MIDI control change was mapped to a control; `before` is what it did, or NULL
void events_print_learned(uint32_t cc, const char* control, const char* before);

/// One entry of the list; `reason` says why it can't be played, or is ""
void events_print_entry(uint32_t index, const SetlistSound* sound, bool is_current);

/// What plays now
typedef struct {
  uint32_t entry;
  const char* name;
  double sample_rate; ///< [Hz]
  uint32_t block_size;
  PlayerState player;
  ClientLoad load;
} RigStatus;

void events_print_status(const RigStatus* status);

/// Nothing plays, as there is no server
void events_print_no_status(void);

/// The result of a measurement
void events_print_measured(const ClientLoad* load);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the rig prints: sentences for people, or JSON lines for other programs. Any thread except
/// the audio thread.

#ifndef GRUS_LIVE_EVENTS_OUT_H
#define GRUS_LIVE_EVENTS_OUT_H

#include "live/client.h"
#include "live/player.h"

#include <stdbool.h>
#include <stdint.h>

/// Choose JSON lines instead of sentences
void print_events_as_json(bool as_json);

/// Print what went wrong, or what is worth knowing: to standard error, or as
/// {"event":"error","text":…}
void print_error(const char* text);
void print_note(const char* text);

/// A server was found and the sound is on
void print_playing(double sample_rate, uint32_t block_size, uint32_t n_entries);

/// An entry was selected
void print_selected(uint32_t index, const char* name);

/// A control was set
void print_setting(const char* control, float value);

/// A MIDI control change was mapped to a control
void print_learned(uint32_t cc, const char* control);

/// One entry of the list
void print_entry(uint32_t index, const char* name, const char* model, bool is_current);

/// What plays now
typedef struct {
  uint32_t entry;
  const char* name;
  double sample_rate; ///< [Hz]
  uint32_t block_size;
  PlayerState player;
  ClientLoad load;
} RigStatus;

void print_status(const RigStatus* status);

/// Nothing plays, as there is no server
void print_no_status(void);

/// The result of a measurement
void print_measured(const ClientLoad* load);

#endif

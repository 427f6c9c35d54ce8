// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Connections by name. What is remembered outlives the client, as it is for the next one. Main thread.

#include "live/connections.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_REMEMBERED 64U
#define MAX_NAME 320U

/// A connection between one of our ports and another's
typedef struct {
  char ours[MAX_NAME]; ///< Short name
  char theirs[MAX_NAME];
  bool is_made; ///< It is, or was when the server went
} Remembered;

static Remembered remembered[MAX_REMEMBERED];
static uint32_t n_remembered;

void
connections_forget(void)
{
  n_remembered = 0;
}

void
connections_lose(void)
{
  for (uint32_t i = 0; i < n_remembered; ++i) {
    remembered[i].is_made = false;
  }
}

static bool
is_ours(const Remembered* const r, const ConnectionsPort port)
{
  return !strcmp(r->ours, jack_port_short_name(port.port));
}

static bool
any_is_remembered(const ConnectionsPort port)
{
  for (uint32_t i = 0; i < n_remembered; ++i) {
    if (is_ours(&remembered[i], port)) {
      return true;
    }
  }
  return false;
}

/// Connect to another's port in the direction that ours has
static void
connect_to(const ConnectionsPort port, const char* const theirs)
{
  const char* const ours = jack_port_name(port.port);
  if (jack_port_flags(port.port) & JackPortIsInput) {
    (void)jack_connect(port.jack, theirs, ours);
  } else {
    (void)jack_connect(port.jack, ours, theirs);
  }
}

void
connections_make(const ConnectionsPort port)
{
  const bool is_input = (jack_port_flags(port.port) & JackPortIsInput) != 0;
  const unsigned long flags = (is_input ? JackPortIsOutput : JackPortIsInput) |
                              (port.pattern ? 0 : (unsigned long)JackPortIsPhysical);
  if (any_is_remembered(port)) {
    return;
  }
  const char** const theirs =
      jack_get_ports(port.jack, port.pattern, jack_port_type(port.port), flags);
  const bool is_midi = strcmp(jack_port_type(port.port), JACK_DEFAULT_AUDIO_TYPE) != 0;
  const bool is_mono_output = !is_input && port.n_channels == 1;
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    if (is_midi || i == port.channel || (is_mono_output && i < 2)) {
      connect_to(port, theirs[i]);
    }
  }
  jack_free((void*)theirs);
}

static void
remember(const ConnectionsPort port, const char* const theirs)
{
  const char* const ours = jack_port_short_name(port.port);
  for (uint32_t i = 0; i < n_remembered; ++i) {
    if (is_ours(&remembered[i], port) && !strcmp(remembered[i].theirs, theirs)) {
      remembered[i].is_made = true;
      return;
    }
  }
  if (n_remembered < MAX_REMEMBERED) {
    Remembered* const r = &remembered[n_remembered++];
    (void)snprintf(r->ours, MAX_NAME, "%s", ours);
    (void)snprintf(r->theirs, MAX_NAME, "%s", theirs);
    r->is_made = true;
  }
}

/// A connection that was made and is no longer, while its other end is still there, was taken away
static void
forget_removed(const ConnectionsPort port)
{
  for (uint32_t i = 0; i < n_remembered;) {
    Remembered* const r = &remembered[i];
    if (is_ours(r, port) && r->is_made && jack_port_by_name(port.jack, r->theirs) &&
        !jack_port_connected_to(port.port, r->theirs)) {
      *r = remembered[--n_remembered];
    } else {
      ++i;
    }
  }
}

/// Connect to what was away and is there again
static void
make_missing(const ConnectionsPort port)
{
  for (uint32_t i = 0; i < n_remembered; ++i) {
    Remembered* const r = &remembered[i];
    const bool is_there = jack_port_by_name(port.jack, r->theirs) != NULL;
    if (is_ours(r, port) && !is_there) {
      r->is_made = false;
    } else if (is_ours(r, port) && !r->is_made) {
      connect_to(port, r->theirs);
    }
  }
}

void
connections_follow(const ConnectionsPort port)
{
  forget_removed(port);
  make_missing(port);
  const char** const theirs = jack_port_get_all_connections(port.jack, port.port);
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    remember(port, theirs[i]);
  }
  jack_free((void*)theirs);
}

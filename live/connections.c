// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A connection that was made and is gone was removed by somebody if the other port is still there;
// if the port is gone, too, the connection is made again when it returns.

#include "live/connections.h"

#include <stdio.h>
#include <string.h>

static bool
is_input(const ConnectionsPort port)
{
  return (jack_port_flags(port.port) & JackPortIsInput) != 0;
}

static bool
belongs_to(const Connection* const c, const ConnectionsPort port)
{
  return !strcmp(c->ours, jack_port_short_name(port.port));
}

static bool
has_connections(const Connections* const connections, const ConnectionsPort port)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    if (belongs_to(&connections->list[i], port)) {
      return true;
    }
  }
  return false;
}

/// Connect to another client's port, in the direction that ours has
static void
connect_to(const ConnectionsPort port, const char* const theirs)
{
  const char* const ours = jack_port_name(port.port);
  if (is_input(port)) {
    (void)jack_connect(port.jack, theirs, ours);
  } else {
    (void)jack_connect(port.jack, ours, theirs);
  }
}

void
connections_make_first(const Connections* const connections, const ConnectionsPort port)
{
  const unsigned long flags = (is_input(port) ? JackPortIsOutput : JackPortIsInput) |
                              (port.pattern ? 0 : (unsigned long)JackPortIsPhysical);
  if (has_connections(connections, port)) {
    return;
  }
  const char** const theirs =
      jack_get_ports(port.jack, port.pattern, jack_port_type(port.port), flags);
  const bool is_midi = strcmp(jack_port_type(port.port), JACK_DEFAULT_AUDIO_TYPE) != 0;
  const bool is_mono_output = !is_input(port) && port.n_channels == 1;
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    if (is_midi || i == port.channel || (is_mono_output && i < 2)) {
      connect_to(port, theirs[i]);
    }
  }
  jack_free((void*)theirs);
}

static void
remember_connection(Connections* const connections, const ConnectionsPort port,
                    const char* const theirs)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    Connection* const c = &connections->list[i];
    if (belongs_to(c, port) && !strcmp(c->theirs, theirs)) {
      c->is_made = true;
      return;
    }
  }
  if (connections->n < CONNECTIONS_MAX) {
    Connection* const c = &connections->list[connections->n++];
    (void)snprintf(c->ours, sizeof(c->ours), "%s", jack_port_short_name(port.port));
    (void)snprintf(c->theirs, sizeof(c->theirs), "%s", theirs);
    c->is_made = true;
  }
}

static void
forget_removed(Connections* const connections, const ConnectionsPort port)
{
  for (uint32_t i = 0; i < connections->n;) {
    Connection* const c = &connections->list[i];
    if (belongs_to(c, port) && c->is_made && jack_port_by_name(port.jack, c->theirs) &&
        !jack_port_connected_to(port.port, c->theirs)) {
      *c = connections->list[--connections->n];
    } else {
      ++i;
    }
  }
}

/// Connect to ports that were gone and are back
static void
make_missing(Connections* const connections, const ConnectionsPort port)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    Connection* const c = &connections->list[i];
    const bool is_there = jack_port_by_name(port.jack, c->theirs) != NULL;
    if (belongs_to(c, port) && !is_there) {
      c->is_made = false;
    } else if (belongs_to(c, port) && !c->is_made) {
      connect_to(port, c->theirs);
    }
  }
}

void
connections_follow(Connections* const connections, const ConnectionsPort port)
{
  forget_removed(connections, port);
  make_missing(connections, port);
  const char** const theirs = jack_port_get_all_connections(port.jack, port.port);
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    remember_connection(connections, port, theirs[i]);
  }
  jack_free((void*)theirs);
}

void
connections_mark_lost(Connections* const connections)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    connections->list[i].is_made = false;
  }
}

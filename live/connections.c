// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A connection that was made and is gone was removed by somebody if the other port is still there;
// if the port is gone, too, the connection is made again when it returns. A client that ends
// disconnects its ports before it removes them, so what looks removed may be about to go: a port
// that is registered again is a new one.

#include "live/connections.h"

#include <errno.h>
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

/// Return the connection of two ports, or NULL
static Connection*
find_connection(Connections* const connections, const ConnectionsPort port,
                const char* const theirs)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    Connection* const c = &connections->list[i];
    if (belongs_to(c, port) && !strcmp(c->theirs, theirs)) {
      return c;
    }
  }
  return NULL;
}

/// Connect to another client's port, in the direction that ours has
static void
connect_to(Connections* const connections, const ConnectionsPort port, const char* const theirs)
{
  const char* const ours = jack_port_name(port.port);
  const int error = is_input(port) ? jack_connect(port.jack, theirs, ours)
                                   : jack_connect(port.jack, ours, theirs);
  connections->must_retry = connections->must_retry || (error && error != EEXIST);
}

static void
remember_connection(Connections* const connections, const ConnectionsPort port,
                    const char* const theirs)
{
  Connection* const known = find_connection(connections, port, theirs);
  if (known) {
    known->state = CONNECTION_MADE;
  } else if (connections->n < CONNECTIONS_MAX) {
    Connection* const c = &connections->list[connections->n++];
    (void)snprintf(c->ours, sizeof(c->ours), "%s", jack_port_short_name(port.port));
    (void)snprintf(c->theirs, sizeof(c->theirs), "%s", theirs);
    c->state = CONNECTION_MADE;
  }
}

/// Note what happened to a connection
static void
update_connection(Connections* const connections, Connection* const c, const ConnectionsPort port)
{
  const bool is_there = jack_port_by_name(port.jack, c->theirs) != NULL;
  if (c->state == CONNECTION_MADE && !is_there) {
    c->state = CONNECTION_LOST;
  } else if (c->state == CONNECTION_MADE && !jack_port_connected_to(port.port, c->theirs)) {
    c->state = CONNECTION_REMOVED;
  } else if (c->state == CONNECTION_LOST && is_there) {
    connect_to(connections, port, c->theirs);
  }
}

void
connections_follow(Connections* const connections, const ConnectionsPort port)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    if (belongs_to(&connections->list[i], port)) {
      update_connection(connections, &connections->list[i], port);
    }
  }
  const char** const theirs = jack_port_get_all_connections(port.jack, port.port);
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    remember_connection(connections, port, theirs[i]);
  }
  jack_free((void*)theirs);
}

void
connections_note_registered(Connections* const connections, const char* const theirs)
{
  for (uint32_t i = 0; i < connections->n;) {
    Connection* const c = &connections->list[i];
    if (c->state == CONNECTION_REMOVED && !strcmp(c->theirs, theirs)) {
      *c = connections->list[--connections->n];
    } else {
      ++i;
    }
  }
}

/// Return how many connections a port has, or waits for
static uint32_t
count_connections(const Connections* const connections, const ConnectionsPort port)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < connections->n; ++i) {
    const Connection* const c = &connections->list[i];
    n += belongs_to(c, port) && c->state != CONNECTION_REMOVED;
  }
  return n;
}

/// Which of the ports that match does one of ours want?
typedef struct {
  uint32_t first;
  uint32_t n;
} Wish;

static Wish
wish_of(const ConnectionsPort port)
{
  const bool is_midi = strcmp(jack_port_type(port.port), JACK_DEFAULT_AUDIO_TYPE) != 0;
  const bool is_mono_output = !is_input(port) && port.n_channels == 1;
  return is_midi ? (Wish){0, CONNECTIONS_MAX} : (Wish){port.channel, is_mono_output ? 2 : 1};
}

void
connections_make_new(Connections* const connections, const ConnectionsPort port)
{
  const unsigned long flags = (is_input(port) ? JackPortIsOutput : JackPortIsInput) |
                              (port.pattern ? 0 : (unsigned long)JackPortIsPhysical);
  const Wish wish = wish_of(port);
  uint32_t n = count_connections(connections, port);
  const char** const theirs =
      jack_get_ports(port.jack, port.pattern, jack_port_type(port.port), flags);
  for (uint32_t i = 0; theirs && theirs[i]; ++i) {
    if (i - wish.first < wish.n && n < wish.n && !find_connection(connections, port, theirs[i])) {
      connect_to(connections, port, theirs[i]);
      ++n;
    }
  }
  jack_free((void*)theirs);
}

uint32_t
connections_describe(const Connections* const connections, const ConnectionsPort port,
                     char* const text, const size_t size)
{
  uint32_t n = 0;
  for (uint32_t i = 0; i < connections->n; ++i) {
    const Connection* const c = &connections->list[i];
    const size_t length = strlen(text);
    if (!belongs_to(c, port) || c->state != CONNECTION_MADE) {
      continue;
    }
    if (n++) {
      (void)snprintf(text + length, size - length, ", %s", c->theirs);
    } else {
      (void)snprintf(text + length, size - length, "%s%s %s %s", length ? "; " : "", c->ours,
                     is_input(port) ? "←" : "→", c->theirs);
    }
  }
  return n;
}

void
connections_mark_lost(Connections* const connections)
{
  for (uint32_t i = 0; i < connections->n; ++i) {
    Connection* const c = &connections->list[i];
    c->state = c->state == CONNECTION_MADE ? CONNECTION_LOST : c->state;
  }
}

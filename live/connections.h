// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which ports are connected to ours, which are to be when they appear, and which must be connected
/// again when they come back? Main thread.

#ifndef GRUS_LIVE_CONNECTIONS_H
#define GRUS_LIVE_CONNECTIONS_H

#include <jack/jack.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONNECTIONS_MAX 128U
#define CONNECTIONS_NAME_SIZE 320U ///< Of a port [bytes]

typedef enum {
  CONNECTION_MADE,
  CONNECTION_LOST,    ///< The other port went away: connect it when it comes back
  CONNECTION_REMOVED, ///< Somebody disconnected it: leave it until the other port is new
} ConnectionState;

/// A connection between one of our ports and another client's
typedef struct {
  char ours[CONNECTIONS_NAME_SIZE]; ///< Short name
  char theirs[CONNECTIONS_NAME_SIZE];
  ConnectionState state;
} Connection;

/// Connections by name, so that they outlive the client and its server. Zeroed, there are none.
typedef struct {
  Connection list[CONNECTIONS_MAX];
  uint32_t n;
  bool must_retry; ///< A connection failed: the other client may not be active yet
} Connections;

/// One of our ports
typedef struct {
  jack_client_t* jack;
  jack_port_t* port;
  uint32_t channel; ///< 0 or 1
  uint32_t n_channels;
  const char* pattern; ///< Regular expression of other clients' ports; NULL: physical ports
} ConnectionsPort;

/// Bring everything up to date after the graph has changed: connect ports that came back; remember
/// what others connected, and what they disconnected
void connections_follow(Connections* connections, ConnectionsPort port);

/// Note that another client's port was registered: whoever disconnected one of this name before did
/// not mean this one
void connections_note_registered(Connections* connections, const char* theirs);

/// Connect ports that match the pattern and were not connected before: an input to the one for its
/// channel; an output to the one for its channel or, in mono, to the first two; MIDI to all. A port
/// that has enough connections, or waits for them to come back, gets no more.
void connections_make_new(Connections* connections, ConnectionsPort port);

/// Append "NAME ← theirs, theirs" or "NAME → …" to a text; nothing if there are no connections.
/// Return how many there are.
uint32_t connections_describe(const Connections* connections, ConnectionsPort port, char* text,
                              size_t size);

/// Note that the client is about to close: what is connected now is made again by the next client
void connections_mark_lost(Connections* connections);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which ports are connected to ours, and which must be connected again when they come back? Main
/// thread.

#ifndef GRUS_LIVE_CONNECTIONS_H
#define GRUS_LIVE_CONNECTIONS_H

#include <jack/jack.h>

#include <stdbool.h>
#include <stdint.h>

#define CONNECTIONS_MAX 64U
#define CONNECTIONS_NAME_SIZE 320U ///< Of a port [bytes]

/// A connection between one of our ports and another client's
typedef struct {
  char ours[CONNECTIONS_NAME_SIZE]; ///< Short name
  char theirs[CONNECTIONS_NAME_SIZE];
  bool is_made; ///< false: make it as soon as the other port is there
} Connection;

/// Connections by name, so that they outlive the client and its server. Zeroed, there are none.
typedef struct {
  Connection list[CONNECTIONS_MAX];
  uint32_t n;
} Connections;

/// One of our ports
typedef struct {
  jack_client_t* jack;
  jack_port_t* port;
  uint32_t channel; ///< 0 or 1
  uint32_t n_channels;
  const char* pattern; ///< Regular expression of other clients' ports; NULL: physical ports
} ConnectionsPort;

/// Connect a port that has no remembered connections to the ports that match its pattern: an input
/// to the one for its channel; an output to the one for its channel or, in mono, to the first two;
/// MIDI to all
void connections_make_first(const Connections* connections, ConnectionsPort port);

/// Make remembered connections whose other port has appeared; remember those that others made;
/// forget those that others removed
void connections_follow(Connections* connections, ConnectionsPort port);

/// Note that the client is about to close: what is connected now is made again by the next client
void connections_mark_lost(Connections* connections);

#endif

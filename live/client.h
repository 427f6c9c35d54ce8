// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The JACK client for as long as one server runs: ports, connections, time spent. Main thread,
/// except for JACK's callbacks inside.

#ifndef GRUS_LIVE_CLIENT_H
#define GRUS_LIVE_CLIENT_H

#include "core/status.h"
#include "live/connections.h"
#include "live/player.h"

#include <stdbool.h>
#include <stdint.h>

/// Patterns are regular expressions of the names of ports; NULL: physical ports
typedef struct {
  const char* name;           ///< Of the client
  const char* server;         ///< NULL: the default server
  uint32_t n_channels;        ///< 1 or 2
  bool connects;              ///< false: make no connections at first
  const char* input_pattern;  ///< Ports that the sound comes from
  const char* output_pattern; ///< Ports that the sound goes to
  const char* midi_pattern;   ///< Ports that MIDI comes from
} ClientOptions;

/// Measured since the client started, the block size changed, or client_reset_load()
typedef struct {
  uint64_t n_blocks;
  uint64_t n_xruns;
  double load;          ///< Mean time spent on a block, divided by the block's length
  double worst_load;    ///< The same of the slowest block
  double server_load;   ///< Of all clients, as the server reports it
  double worst_seconds; ///< Time spent on the slowest block [s]
  double period;        ///< Length of a block [s]
} ClientLoad;

typedef struct ClientImpl Client;

/// Open a client on a running server; don't wait for one. STATUS_CANNOT_READ if there is none.
/// `connections` are restored and followed. `wake` is an eventfd, written to when the loop has
/// something to do.
NODISCARD Status client_open(const ClientOptions* options, Connections* connections, int wake,
                             Client** client, Message* message);

double client_sample_rate(const Client* client);

uint32_t client_block_size(const Client* client);

/// Start playing with `player`, and connect
NODISCARD Status client_start(Client* client, Player* player, Message* message);

/// Return true if the server stopped or changed its rate: close the client, and open a new one
bool client_is_lost(const Client* client);

/// Make missing connections to ports that have appeared, and remember what others connected. Called
/// when `wake` was written to. Return true if connections have changed.
bool client_follow_connections(Client* client);

/// Return true if a connection could not be made yet: follow connections again in a moment. No call
/// of JACK says when another client becomes active.
bool client_must_follow_again(const Client* client);

#define CLIENT_CONNECTIONS_SIZE 2048U

/// Which sides of the rig are connected?
typedef struct {
  char text[CLIENT_CONNECTIONS_SIZE]; ///< "in ← system:capture_1; out → system:playback_1"
  uint32_t n_inputs;
  uint32_t n_outputs;
  uint32_t n_midi;
} ClientConnections;

ClientConnections client_connections(const Client* client);

ClientLoad client_load(const Client* client);

void client_reset_load(Client* client);

/// Stop and leave the server. NULL is legal.
void client_close(Client* client);

#endif

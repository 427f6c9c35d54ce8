// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// One life of the JACK client, from the server's coming to its going: ports, connections, time. Main
/// thread, but for JACK's callbacks inside.

#ifndef GRUS_LIVE_CLIENT_H
#define GRUS_LIVE_CLIENT_H

#include "core/status.h"
#include "live/player.h"

#include <stdbool.h>
#include <stdint.h>

/// What to connect to
typedef struct {
  const char* name;    ///< Of the client
  const char* server;  ///< NULL: the default one
  uint32_t n_channels; ///< 1 or 2
  bool connects;       ///< At all
  const char*
      input_pattern; ///< Regular expression of ports that sound comes from; NULL: physical ones
  const char* output_pattern;
  const char* midi_pattern; ///< NULL: physical ones
} ClientOptions;

/// Measured since the client began, the block size changed, or client_reset_load()
typedef struct {
  uint64_t n_blocks;
  uint64_t n_xruns;
  double load;          ///< Mean time of a block over its length
  double worst_load;    ///< The same of the worst block
  double server_load;   ///< As the server says, of all its clients
  double worst_seconds; ///< [s]
  double period;        ///< Length of a block [s]
} ClientLoad;

typedef struct ClientImpl Client;

/// Wait for nothing: open a client on a running server. STATUS_CANNOT_READ if there is none. `wake` is a
/// file descriptor (eventfd) that is written to when something happens.
NODISCARD Status client_open(const ClientOptions* options, int wake, Client** client,
                             Message* message);

double client_sample_rate(const Client* client);

uint32_t client_block_size(const Client* client);

/// Play with `player` from now on, and connect
NODISCARD Status client_start(Client* client, Player* player, Message* message);

/// Return true if the server went, or runs at another rate: close then, and open anew
bool client_is_lost(const Client* client);

/// Connect what is to be connected and is there; note what others connected. Called when woken.
void client_follow_connections(Client* client);

ClientLoad client_load(const Client* client);

void client_reset_load(Client* client);

/// Stop and leave; connections are remembered for the next client_open(). NULL is legal.
void client_close(Client* client);

/// Forget remembered connections
void client_forget(void);

#endif

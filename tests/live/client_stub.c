// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/live/client_stub.h"

#include "live/client.h"

#include <stdlib.h>

struct ClientImpl {
  double sample_rate;
  unsigned session; ///< Of the server
};

static double server_rate;
static unsigned n_sessions;
static Player* running;

void
stub_set_server(const double sample_rate)
{
  server_rate = sample_rate;
  ++n_sessions;
}

Player*
stub_player(void)
{
  return running;
}

Status
client_open(const ClientOptions* const options, Connections* const connections, const int wake,
            Client** const client, Message* const message)
{
  (void)options;
  (void)connections;
  (void)wake;
  if (server_rate <= 0.0) {
    return status_fail(message, STATUS_CANNOT_READ, "no JACK server is running");
  }
  Client* const c = (Client*)calloc(1, sizeof(Client));
  if (!c) {
    return STATUS_NO_MEMORY;
  }
  *c = (Client){server_rate, n_sessions};
  *client = c;
  return STATUS_OK;
}

double
client_sample_rate(const Client* const client)
{
  return client->sample_rate;
}

uint32_t
client_block_size(const Client* const client)
{
  (void)client;
  return STUB_BLOCK;
}

Status
client_start(Client* const client, Player* const player, Message* const message)
{
  (void)client;
  (void)message;
  running = player;
  return STATUS_OK;
}

bool
client_is_lost(const Client* const client)
{
  return client->session != n_sessions;
}

bool
client_follow_connections(Client* const client)
{
  (void)client;
  return false;
}

bool
client_must_follow_again(const Client* const client)
{
  (void)client;
  return false;
}

ClientConnections
client_connections(const Client* const client)
{
  (void)client;
  return (ClientConnections){"in ← stub:out; out → stub:in", 1, 1, 0};
}

ClientLoad
client_load(const Client* const client)
{
  return (ClientLoad){.period = STUB_BLOCK / client->sample_rate};
}

void
client_reset_load(Client* const client)
{
  (void)client;
}

void
client_close(Client* const client)
{
  running = NULL;
  free(client);
}

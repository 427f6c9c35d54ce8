// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/live/client_stub.h"

#include "live/client.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct ClientImpl {
  double sample_rate;
  unsigned session; ///< Of the server
  Player* player;
  pthread_t thread;
  atomic_bool is_playing;
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

void
stub_settle_rig(Rig* const rig)
{
  do {
    while (rig->loader && !loader_is_done(rig->loader)) {
      (void)sched_yield();
    }
    rig_step(rig);
  } while (rig->loader || rig->n_requests);
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
  *c = (Client){.sample_rate = server_rate, .session = n_sessions};
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

#ifdef STUB_THREAD

/// Play silence, and send program and control changes in turn
static void*
play_all_the_time(void* const data)
{
  Client* const c = (Client*)data;
  for (uint8_t n = 0; atomic_load(&c->is_playing); ++n) {
    const uint8_t midi[] = {n % 4 ? 0xB0 : 0xC0, (uint8_t)(n % 4 ? 16 + n % 64 : n % 8), n & 0x7FU};
    float x[STUB_BLOCK] = {0.0F};
    if (!(n % 8)) {
      player_midi(c->player, midi, n % 4 ? 3 : 2);
    }
    player_run(c->player, (const float* const[]){x}, (float* const[]){x}, STUB_BLOCK);
    (void)sched_yield();
  }
  return NULL;
}

static void
start_thread(Client* const c)
{
  atomic_store(&c->is_playing, true);
  if (pthread_create(&c->thread, NULL, play_all_the_time, c)) {
    abort();
  }
}

static void
stop_thread(Client* const c)
{
  if (atomic_exchange(&c->is_playing, false)) {
    (void)pthread_join(c->thread, NULL);
  }
}

#else

static void
start_thread(Client* const c)
{
  (void)c;
}

static void
stop_thread(Client* const c)
{
  (void)c;
}

#endif

Status
client_start(Client* const client, Player* const player, Message* const message)
{
  (void)message;
  running = player;
  client->player = player;
  start_thread(client);
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
  if (client) {
    stop_thread(client);
    free(client);
  }
}

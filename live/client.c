// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Ports and connections on JACK2 or PipeWire's JACK. JACK's threads set flags and write to the
// wake-up descriptor; everything else happens on the main thread.
//
// Connections survive the server: whenever the graph changes, the ports connected to ours are noted
// by name, and when the server is back, each is connected again as soon as it appears. So are ports
// that match a pattern and appear for the first time.

#include "live/client.h"

#include "core/text.h"
#include "live/ring.h"

#include <jack/jack.h>
#include <jack/midiport.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_CHANNELS ENGINE_MAX_CHANNELS
#define MAX_REGISTERED 256U ///< Ports between two looks at them

struct ClientImpl {
  ClientOptions options;
  Connections* connections;
  jack_client_t* jack;
  jack_port_t* in[MAX_CHANNELS];
  jack_port_t* out[MAX_CHANNELS];
  jack_port_t* midi;
  Player* player;
  int wake;
  Ring registered; ///< Numbers of new ports, from JACK's thread of notifications
  bool is_started;
  char described[CLIENT_CONNECTIONS_SIZE]; ///< Connections when they were last followed
  jack_nframes_t sample_rate;
  _Atomic(bool) is_lost;
  _Atomic(uint32_t) block_size;
  _Atomic(uint64_t) n_blocks;
  _Atomic(uint64_t) n_xruns;
  _Atomic(uint64_t) sum_microseconds;
  _Atomic(uint64_t) worst_microseconds;
};

/// Wake the main thread, from any thread except the audio thread
static void
wake_up(const Client* const c)
{
  const uint64_t one = 1;
  (void)!write(c->wake, &one, sizeof(one));
}

static void
on_shutdown(void* const data)
{
  Client* const c = (Client*)data;
  atomic_store(&c->is_lost, true);
  wake_up(c);
}

static int
on_sample_rate(const jack_nframes_t rate, void* const data)
{
  Client* const c = (Client*)data;
  if (rate != c->sample_rate) {
    atomic_store(&c->is_lost, true);
    wake_up(c);
  }
  return 0;
}

static int
on_block_size(const jack_nframes_t n_frames, void* const data)
{
  Client* const c = (Client*)data;
  atomic_store(&c->block_size, n_frames);
  client_reset_load(c); // Loads of blocks of different lengths have no mean
  wake_up(c);
  return 0;
}

static int
on_xrun(void* const data)
{
  Client* const c = (Client*)data;
  atomic_fetch_add(&c->n_xruns, 1);
  return 0;
}

static void
on_registration(const jack_port_id_t port, const int is_new, void* const data)
{
  Client* const c = (Client*)data;
  if (is_new) {
    (void)ring_push(&c->registered, &port);
  }
  wake_up(c);
}

static void
on_connection(const jack_port_id_t a, const jack_port_id_t b, const int is_made, void* const data)
{
  (void)a;
  (void)b;
  (void)is_made;
  wake_up((Client*)data);
}

// JACK's audio thread

static void
read_midi(const Client* const c, const jack_nframes_t n_frames) RT
{
  void* const buffer = jack_port_get_buffer(c->midi, n_frames);
  const uint32_t n = jack_midi_get_event_count(buffer);
  for (uint32_t i = 0; i < n; ++i) {
    jack_midi_event_t event;
    if (!jack_midi_event_get(&event, buffer, i)) {
      player_midi(c->player, event.buffer, event.size);
    }
  }
}

static void
record_block_time(Client* const c, const uint64_t microseconds) RT
{
  atomic_fetch_add(&c->n_blocks, 1);
  atomic_fetch_add(&c->sum_microseconds, microseconds);
  if (microseconds > atomic_load(&c->worst_microseconds)) {
    atomic_store(&c->worst_microseconds, microseconds);
  }
}

static int
process_block(const jack_nframes_t n_frames, void* const data) RT
{
  Client* const c = (Client*)data;
  const float* in[MAX_CHANNELS] = {NULL};
  float* out[MAX_CHANNELS] = {NULL};
  const jack_time_t begin = jack_get_time();
  for (uint32_t k = 0; k < c->options.n_channels; ++k) {
    in[k] = (const float*)jack_port_get_buffer(c->in[k], n_frames);
    out[k] = (float*)jack_port_get_buffer(c->out[k], n_frames);
  }
  read_midi(c, n_frames);
  player_run(c->player, in, out, n_frames);
  record_block_time(c, jack_get_time() - begin);
  return 0;
}

/// Report how many frames the output lags behind the input
static void
on_latency(const jack_latency_callback_mode_t mode, void* const data)
{
  Client* const c = (Client*)data;
  const uint32_t latency = c->player ? player_state(c->player).latency : 0;
  for (uint32_t k = 0; k < c->options.n_channels; ++k) {
    jack_latency_range_t range = {0, 0};
    jack_port_get_latency_range(mode == JackCaptureLatency ? c->in[k] : c->out[k], mode, &range);
    range.min += latency;
    range.max += latency;
    jack_port_set_latency_range(mode == JackCaptureLatency ? c->out[k] : c->in[k], mode, &range);
  }
}

// Main thread

static Status
register_ports(Client* const c, Message* const message)
{
  static const char* const ins[][MAX_CHANNELS] = {{"in", NULL}, {"in_left", "in_right"}};
  static const char* const outs[][MAX_CHANNELS] = {{"out", NULL}, {"out_left", "out_right"}};
  const uint32_t n = c->options.n_channels;
  for (uint32_t k = 0; k < n; ++k) {
    c->in[k] =
        jack_port_register(c->jack, ins[n - 1][k], JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
    c->out[k] =
        jack_port_register(c->jack, outs[n - 1][k], JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
    if (!c->in[k] || !c->out[k]) {
      return status_fail(message, STATUS_CANNOT_WRITE, "no free JACK port");
    }
  }
  c->midi = jack_port_register(c->jack, "midi", JACK_DEFAULT_MIDI_TYPE, JackPortIsInput, 0);
  return c->midi ? STATUS_OK
                 : status_fail(message, STATUS_CANNOT_WRITE, "no free JACK port for MIDI");
}

static void
set_callbacks(Client* const c)
{
  jack_on_shutdown(c->jack, on_shutdown, c); // PipeWire ignores jack_on_info_shutdown()
  (void)jack_set_process_callback(c->jack, process_block, c);
  (void)jack_set_sample_rate_callback(c->jack, on_sample_rate, c);
  (void)jack_set_buffer_size_callback(c->jack, on_block_size, c);
  (void)jack_set_xrun_callback(c->jack, on_xrun, c);
  (void)jack_set_port_registration_callback(c->jack, on_registration, c);
  (void)jack_set_port_connect_callback(c->jack, on_connection, c);
  (void)jack_set_latency_callback(c->jack, on_latency, c);
}

static jack_client_t*
open_jack(const ClientOptions* const options)
{
  jack_status_t status = (jack_status_t)0;
  return options->server ? jack_client_open(options->name, JackNoStartServer | JackServerName,
                                            &status, options->server)
                         : jack_client_open(options->name, JackNoStartServer, &status);
}

Status
client_open(const ClientOptions* const options, Connections* const connections, const int wake,
            Client** const client, Message* const message)
{
  Client* const c = (Client*)calloc(1, sizeof(Client));
  if (!c || ring_init(&c->registered, MAX_REGISTERED, sizeof(jack_port_id_t))) {
    free(c);
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  c->options = *options;
  c->connections = connections;
  c->wake = wake;
  c->jack = open_jack(options);
  if (!c->jack) {
    ring_clear(&c->registered);
    free(c);
    return options->server ? status_fail(message, STATUS_CANNOT_READ,
                                         "no JACK server \"%.100s\" is running", options->server)
                           : status_fail(message, STATUS_CANNOT_READ, "no JACK server is running");
  }
  c->sample_rate = jack_get_sample_rate(c->jack);
  atomic_store(&c->block_size, jack_get_buffer_size(c->jack));
  set_callbacks(c);
  const Status status = register_ports(c, message);
  if (status) {
    client_close(c);
    return status;
  }
  *client = c;
  return STATUS_OK;
}

double
client_sample_rate(const Client* const client)
{
  return (double)client->sample_rate;
}

uint32_t
client_block_size(const Client* const client)
{
  return atomic_load(&client->block_size);
}

static ConnectionsPort
describe_port(const Client* const c, jack_port_t* const port, const uint32_t channel)
{
  const bool is_input = (jack_port_flags(port) & JackPortIsInput) != 0;
  const char* const pattern = port == c->midi ? c->options.midi_pattern
                              : is_input      ? c->options.input_pattern
                                              : c->options.output_pattern;
  return (ConnectionsPort){c->jack, port, channel, c->options.n_channels, pattern};
}

/// Our ports, one after another
static ConnectionsPort
port_number(const Client* const c, const uint32_t number)
{
  const uint32_t n = c->options.n_channels;
  return number < n       ? describe_port(c, c->in[number], number)
         : number < 2 * n ? describe_port(c, c->out[number - n], number - n)
                          : describe_port(c, c->midi, 0);
}

static uint32_t
count_ports(const Client* const c)
{
  return 2 * c->options.n_channels + 1;
}

ClientConnections
client_connections(const Client* const client)
{
  const uint32_t n = client->options.n_channels;
  ClientConnections found = {{""}, 0, 0, 0};
  for (uint32_t i = 0; i < count_ports(client); ++i) {
    uint32_t* const count = i < n ? &found.n_inputs : i < 2 * n ? &found.n_outputs : &found.n_midi;
    *count += connections_describe(client->connections, port_number(client, i), found.text,
                                   sizeof(found.text));
  }
  text_repair(found.text);
  return found;
}

static void
note_registered(Client* const c)
{
  jack_port_id_t id = 0;
  while (ring_take(&c->registered, &id)) {
    jack_port_t* const port = jack_port_by_id(c->jack, id);
    const char* const name = port ? jack_port_name(port) : NULL;
    if (name) {
      connections_note_registered(c->connections, name);
    }
  }
}

bool
client_follow_connections(Client* const client)
{
  if (atomic_load(&client->is_lost) || !client->is_started) {
    return false;
  }
  client->connections->must_retry = false;
  note_registered(client);
  for (uint32_t i = 0; i < count_ports(client); ++i) {
    const ConnectionsPort port = port_number(client, i);
    connections_follow(client->connections, port);
    if (client->options.connects) {
      connections_make_new(client->connections, port);
    }
    connections_follow(client->connections, port);
  }
  const ClientConnections now = client_connections(client);
  const bool has_changed = strcmp(now.text, client->described) != 0;
  memcpy(client->described, now.text, sizeof(client->described));
  return has_changed;
}

bool
client_must_follow_again(const Client* const client)
{
  return client->connections->must_retry;
}

Status
client_start(Client* const client, Player* const player, Message* const message)
{
  client->player = player;
  if (jack_activate(client->jack)) {
    return status_fail(message, STATUS_CANNOT_WRITE, "JACK refused to activate the client");
  }
  client->is_started = true;
  (void)client_follow_connections(client);
  return STATUS_OK;
}

bool
client_is_lost(const Client* const client)
{
  return atomic_load(&client->is_lost);
}

ClientLoad
client_load(const Client* const client)
{
  const uint64_t n = atomic_load(&client->n_blocks);
  const double period = (double)client_block_size(client) / (double)client->sample_rate;
  const double mean = n ? 1e-6 * (double)atomic_load(&client->sum_microseconds) / (double)n : 0.0;
  const double worst = 1e-6 * (double)atomic_load(&client->worst_microseconds);
  const double of_server =
      client_is_lost(client) ? 0.0 : (double)jack_cpu_load(client->jack) / 100.0;
  return (ClientLoad){
      n, atomic_load(&client->n_xruns), mean / period, worst / period, of_server, worst, period};
}

void
client_reset_load(Client* const client)
{
  atomic_store(&client->n_blocks, 0);
  atomic_store(&client->sum_microseconds, 0);
  atomic_store(&client->worst_microseconds, 0);
}

/// How long a server that is stopping may still send messages. jack_client_close() cancels the
/// thread that receives them wherever it is, and hangs for good if that thread holds libjack's lock
/// (JACK 1.9.21).
static const struct timespec last_messages = {0, 300000000};

void
client_close(Client* const client)
{
  if (client) {
    connections_mark_lost(client->connections);
    if (client_is_lost(client)) {
      (void)nanosleep(&last_messages, NULL);
    }
    (void)jack_client_close(client->jack);
    ring_clear(&client->registered);
    free(client);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A server may come, go and change its rate at any time. Then everything is as it was on the server
// before: entry, controls, bypass, learned controllers, connections.

#include "live/rig_server.h"

#include "core/text.h"
#include "live/events_out.h"
#include "live/rig_events.h"
#include "live/rig_loading.h"
#include "live/service.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define FADE_OUT_MS 20       ///< Of the engine
#define MAX_RETRY_STEPS 63U  ///< Between attempts to make a connection: some seconds
#define FADE_OUT_PERIODS 3.0 ///< Until the fade starts, and until its end leaves the machine

/// Report once why nothing plays
static void
report_wait(Rig* const rig, const char* const reason)
{
  if (!strcmp(rig->waits_for, reason)) {
    return;
  }
  text_copy(rig->waits_for, sizeof(rig->waits_for), reason);
  events_print_note(reason);
  if (rig->options->measure_seconds <= 0.0) {
    events_print_note("waiting for a JACK server");
    service_status("waiting for a JACK server");
    service_ready(); // Everything else is done
  }
}

static void
open_client(Rig* const rig)
{
  Message message = {""};
  if (client_open(&rig->options->client, &rig->connections, rig->wake, &rig->client, &message)) {
    report_wait(rig, message.text);
    return;
  }
  rig->sample_rate = client_sample_rate(rig->client);
  if (rig->sample_rate == rig->failed_rate || !rig_load_for_server(rig)) {
    rig_leave_server(rig);
  }
}

void
rig_follow_server(Rig* const rig)
{
  if (rig->client && client_is_lost(rig->client)) {
    events_print_note("the JACK server stopped or changed its rate");
    rig_leave_server(rig);
  }
  if (rig->client && !rig->player && !rig->loader) { // Nothing could be loaded for it
    char reason[100];
    (void)snprintf(reason, sizeof(reason), "nothing can be played at %.6g Hz", rig->sample_rate);
    rig->failed_rate = rig->sample_rate;
    rig_leave_server(rig);
    report_wait(rig, reason);
    return;
  }
  if (!rig->client && rig->sounds && !rig->loader && !rig->n_requests) {
    open_client(rig);
  }
}

/// Report a side of the rig that is not connected, and a pattern that matches nothing
static void
warn_of_side(const uint32_t n, const char* const side, const char* const option,
             const char* const pattern)
{
  Message message = {""};
  if (n) {
    return;
  }
  if (pattern) {
    message_set(&message, "%s=%.200s matches no port; one is connected when it appears", option,
                pattern);
  } else if (strcmp(side, "MIDI") != 0) {
    message_set(&message,
                "the %s is connected to nothing; a physical port is connected when it "
                "appears",
                side);
  }
  if (message.text[0]) {
    events_print_note(message.text);
  }
}

static void
report_connections(const Rig* const rig)
{
  const ClientOptions* const options = &rig->options->client;
  const ClientConnections now = client_connections(rig->client);
  events_print_connections(now.text[0] ? now.text : "connected to nothing");
  if (options->connects) {
    warn_of_side(now.n_inputs, "input", "--connect-input", options->input_pattern);
    warn_of_side(now.n_outputs, "output", "--connect", options->output_pattern);
    warn_of_side(now.n_midi, "MIDI", "--connect-midi", options->midi_pattern);
  }
}

void
rig_follow_connections(Rig* const rig)
{
  const bool is_due = rig->retry_in && !--rig->retry_in;
  if (!rig->player || !(rig->has_woken || is_due)) {
    return;
  }
  if (client_follow_connections(rig->client)) {
    report_connections(rig);
  }
  const bool must_retry = client_must_follow_again(rig->client);
  rig->retry_wait = !must_retry                         ? 0
                    : rig->retry_wait < MAX_RETRY_STEPS ? 2 * rig->retry_wait + 1
                                                        : rig->retry_wait;
  rig->retry_in = rig->retry_wait;
  rig->has_woken = false;
}

static Status
start_client(Rig* const rig, Sounds* const sounds)
{
  Message message = {""};
  const PlayerStart start = {rig->sample_rate, rig->options->client.n_channels, rig->current,
                             rig->has_controls ? &rig->controls : NULL};
  Status status = player_new(start, sounds, &rig->player);
  if (status) {
    sounds_free(sounds);
    events_print_error(status_text(status));
    return status;
  }
  status = client_start(rig->client, rig->player, &message);
  if (status) {
    events_print_error(message.text);
  }
  return status;
}

void
rig_start_playing(Rig* const rig, Sounds* const sounds)
{
  if (start_client(rig, sounds)) {
    rig_leave_server(rig);
    return;
  }
  rig->waits_for[0] = '\0';
  rig->failed_rate = 0.0;
  events_print_playing(rig->sample_rate, client_block_size(rig->client), rig->setlist.n_entries);
  rig_report_selected(rig, player_state(rig->player).current);
  report_connections(rig);
  rig->has_woken = true; // Some connections may not have been possible yet
  service_ready();
}

void
rig_leave_server(Rig* const rig)
{
  rig_stop_loading_for_server(rig);
  client_close(rig->client);
  rig->client = NULL;
  if (rig->player) {
    rig->controls = player_finish(rig->player);
    rig->has_controls = true;
    rig_take_events(rig);
    rig->current = player_state(rig->player).current;
  }
  player_free(rig->player);
  rig->player = NULL;
}

void
rig_fade_out(Rig* const rig)
{
  if (rig->player && !client_is_lost(rig->client) &&
      player_order(rig->player, &(const Order){.kind = ORDER_QUIET})) {
    const double seconds = 0.001 * FADE_OUT_MS + FADE_OUT_PERIODS * client_load(rig->client).period;
    (void)nanosleep(&(const struct timespec){(time_t)seconds, (long)(1e9 * fmod(seconds, 1.0))},
                    NULL);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sounds are loaded here and handed to the JACK thread ready to play. If no model of a set list
// loads, the current sound keeps playing.

#include "live/rig.h"

#include "core/file.h"
#include "live/commands.h"
#include "live/events_out.h"
#include "live/service.h"
#include "live/sounds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FADE_OUT_MS 20       ///< Of the engine
#define FADE_OUT_PERIODS 3.0 ///< Until the fade starts, and until its end leaves the machine

static const char*
current_name(const Rig* const rig)
{
  return rig->current < rig->setlist.n_entries ? rig->setlist.entries[rig->current].name : "";
}

static void
send_order(Rig* const rig, const Order order)
{
  if (!rig->player) {
    print_error("no JACK server is running; command dropped");
  } else if (!player_order(rig->player, &order)) {
    print_error("too many commands at once; command dropped");
  }
}

// Set lists

static void
report_loading(const bool is_error, const char* const text)
{
  if (is_error) {
    print_error(text);
  } else {
    print_note(text);
  }
}

static bool
load_sounds(const Rig* const rig, const Setlist* const setlist, Sounds** const sounds)
{
  const Status status = sounds_load(setlist, rig->sample_rate, rig->options->client.n_channels,
                                    report_loading, sounds);
  if (status) {
    print_error(status == STATUS_BAD_FILE ? "no model could be loaded" : status_text(status));
  }
  return !status;
}

static void
replace_setlist(Rig* const rig, const Setlist* const setlist)
{
  setlist_clear(&rig->setlist);
  rig->setlist = *setlist;
}

/// Load a set list and play entry `index` or, if it has none, the successor of the current entry;
/// return false if the sounds stay as they are
static bool
play_setlist(Rig* const rig, const Setlist* const setlist, const uint32_t index)
{
  Sounds* sounds = NULL;
  if (!load_sounds(rig, setlist, &sounds)) {
    return false;
  }
  sounds_find_successors(sounds, &rig->setlist);
  const uint32_t next = index < setlist->n_entries ? index : sounds->successors[rig->current];
  if (!player_order(rig->player,
                    &(const Order){.kind = ORDER_SOUNDS, .index = index, .sounds = sounds})) {
    print_error("too many commands at once; command dropped");
    sounds_free(sounds);
    return false;
  }
  rig->current = next;
  rig->is_reloading = true;
  return true;
}

/// Take over a set list and play it, or free it
static void
change_setlist(Rig* const rig, Setlist* const setlist, const uint32_t index)
{
  if (!rig->player || play_setlist(rig, setlist, index)) {
    replace_setlist(rig, setlist);
  } else {
    setlist_clear(setlist);
  }
}

void
rig_reload(Rig* const rig)
{
  Setlist setlist = {0};
  Message message = {""};
  rig->must_reload_again = rig->is_reloading;
  if (rig->is_reloading) {
    return;
  }
  if (options_setlist(rig->options, &setlist, &message)) {
    print_error(message.text);
    return;
  }
  change_setlist(rig, &setlist, UINT32_MAX);
}

/// Copy the set list with a model at its end, in place of entries of the same name
static Status
extend_setlist(const Rig* const rig, const char* const path, Setlist* const longer,
               Message* const message)
{
  SetlistEntry entry = {.controls = rig->options->controls};
  Status status = STATUS_OK;
  *longer = (Setlist){.oversampling = rig->setlist.oversampling, .midi = rig->setlist.midi};
  (void)snprintf(entry.model, sizeof(entry.model), "%s", path);
  file_stem(path, entry.name, sizeof(entry.name));
  for (uint32_t i = 0; !status && i < rig->setlist.n_entries; ++i) {
    if (strcmp(rig->setlist.entries[i].name, entry.name) != 0) {
      status = setlist_add(longer, &rig->setlist.entries[i], message);
    }
  }
  return status ? status : setlist_add(longer, &entry, message);
}

static void
load_file(Rig* const rig, const char* const path)
{
  Setlist longer;
  Message message = {""};
  if (rig->is_reloading) {
    print_error("still loading; try again");
  } else if (extend_setlist(rig, path, &longer, &message)) {
    print_error(message.text);
    setlist_clear(&longer);
  } else {
    change_setlist(rig, &longer, longer.n_entries - 1);
  }
}

// Commands

/// Return the number of an entry given by number or name, or UINT32_MAX
static uint32_t
find_entry(const Setlist* const setlist, const char* const text)
{
  char* end = NULL;
  const unsigned long number = strtoul(text, &end, 10);
  if (!*end && number < setlist->n_entries) {
    return (uint32_t)number;
  }
  for (uint32_t i = 0; i < setlist->n_entries; ++i) {
    if (!strcmp(setlist->entries[i].name, text)) {
      return i;
    }
  }
  return UINT32_MAX;
}

static void
select_entry(Rig* const rig, const char* const text)
{
  const uint32_t index = find_entry(&rig->setlist, text);
  if (index == UINT32_MAX) {
    Message message = {""};
    (void)status_fail(&message, STATUS_BAD_ARGUMENT,
                      "entry %.60s: expected a number from 0 to %u, or a name; try list", text,
                      rig->setlist.n_entries - 1);
    print_error(message.text);
    return;
  }
  send_order(rig, (Order){.kind = ORDER_SELECT, .index = index});
}

static void
report_status(const Rig* const rig)
{
  if (!rig->client || !rig->player) {
    print_no_status();
    return;
  }
  const RigStatus status = {rig->current,
                            current_name(rig),
                            rig->sample_rate,
                            client_block_size(rig->client),
                            player_state(rig->player),
                            client_load(rig->client)};
  print_status(&status);
}

static void
list_entries(const Rig* const rig)
{
  for (uint32_t i = 0; i < rig->setlist.n_entries; ++i) {
    const SetlistEntry* const entry = &rig->setlist.entries[i];
    print_entry(i, entry->name, entry->model, i == rig->current);
  }
}

static void
run_command(Rig* const rig, const Command* const command)
{
  switch (command->kind) {
  case COMMAND_NOTHING:
    break;
  case COMMAND_NEXT:
    send_order(rig, (Order){.kind = ORDER_NEXT});
    break;
  case COMMAND_PREV:
    send_order(rig, (Order){.kind = ORDER_PREV});
    break;
  case COMMAND_ENTRY:
    select_entry(rig, command->text);
    break;
  case COMMAND_LOAD:
    load_file(rig, command->text);
    break;
  case COMMAND_SET:
    send_order(rig, (Order){.kind = ORDER_SET,
                            .control = command->setting.control,
                            .value = command->setting.value});
    break;
  case COMMAND_BYPASS:
    send_order(rig, (Order){.kind = ORDER_BYPASS});
    break;
  case COMMAND_LEARN:
    send_order(rig, (Order){.kind = ORDER_LEARN, .control = command->setting.control});
    break;
  case COMMAND_STATUS:
    report_status(rig);
    break;
  case COMMAND_LIST:
    list_entries(rig);
    break;
  case COMMAND_RELOAD:
    rig_reload(rig);
    break;
  case COMMAND_HELP:
    commands_print_help(stdout);
    (void)fflush(stdout);
    break;
  case COMMAND_QUIT:
    rig->is_leaving = true;
    break;
  }
}

void
rig_run_line(Rig* const rig, const char* const line)
{
  Command command;
  Message message = {""};
  if (!line) {
    print_error("a line is too long to be a command");
  } else if (commands_parse(line, &command, &message)) {
    print_error(message.text);
  } else {
    run_command(rig, &command);
  }
}

// Events of the JACK thread

static void
report_selected(Rig* const rig, const uint32_t index)
{
  rig->current = index;
  print_selected(index, current_name(rig));
  service_status(current_name(rig));
}

static void
report_refused(const uint32_t index)
{
  Message message = {""};
  (void)status_fail(&message, STATUS_BAD_ARGUMENT,
                    "entry %u does not exist or could not be loaded; keeping the current sound",
                    index);
  print_error(message.text);
}

/// Keep a learned control change for the next server and, in the set list, for the next start
static void
keep_learned(Rig* const rig, const uint32_t cc, const Control control)
{
  const char* const path = options_setlist_path(rig->options);
  Message message = {""};
  rig->setlist.midi.ccs[cc] = midi_map_whole_range(control);
  print_learned(cc, controls_range(control).name);
  if (path && setlist_write_map(path, &rig->setlist.midi, &message)) {
    print_error(message.text);
  }
}

static void
handle_event(Rig* const rig, const Event* const event)
{
  switch (event->kind) {
  case EVENT_SELECTED:
    report_selected(rig, event->index);
    break;
  case EVENT_REFUSED:
    report_refused(event->index);
    break;
  case EVENT_SET:
    print_setting(controls_range(event->control).name, event->value);
    break;
  case EVENT_LEARNED:
    keep_learned(rig, event->index, event->control);
    break;
  case EVENT_FREED:
    sounds_free(event->sounds);
    rig->is_reloading = false;
    break;
  }
}

static void
drain_player_events(Rig* const rig)
{
  Event event;
  while (rig->player && player_take_event(rig->player, &event)) {
    handle_event(rig, &event);
  }
}

void
rig_drain_events(Rig* const rig)
{
  drain_player_events(rig);
  if (rig->must_reload_again && !rig->is_reloading) {
    rig_reload(rig);
  }
}

// Servers

/// Load the set list for the server's rate and make a player of it
static bool
make_player(Rig* const rig)
{
  Sounds* sounds = NULL;
  rig->sample_rate = client_sample_rate(rig->client);
  if (!load_sounds(rig, &rig->setlist, &sounds)) {
    return false;
  }
  const Status status = player_new(rig->sample_rate, rig->options->client.n_channels, sounds,
                                   rig->current, &rig->player);
  if (status) {
    print_error(status_text(status));
    sounds_free(sounds);
    return false;
  }
  return true;
}

static void
close_client(Rig* const rig)
{
  client_close(rig->client);
  rig->client = NULL;
  drain_player_events(rig);
  player_free(rig->player);
  rig->player = NULL;
  rig->is_reloading = false;
}

/// Report once that there is no server
static void
report_wait(Rig* const rig, const char* const reason)
{
  if (rig->has_reported_wait) {
    return;
  }
  print_note(reason[0] ? reason : "no JACK server is running");
  if (rig->options->measure_seconds <= 0.0) {
    print_note("waiting for a JACK server");
  }
  rig->has_reported_wait = true;
}

static void
report_playing(Rig* const rig)
{
  print_playing(rig->sample_rate, client_block_size(rig->client), rig->setlist.n_entries);
  report_selected(rig, player_state(rig->player).current);
  service_ready();
}

/// Look for a server and play on it; return false if no sound can be loaded for it
static bool
open_client(Rig* const rig)
{
  Message message = {""};
  if (client_open(&rig->options->client, &rig->connections, rig->wake, &rig->client, &message)) {
    report_wait(rig, message.text);
    return true;
  }
  rig->has_reported_wait = false;
  if (!make_player(rig)) {
    close_client(rig);
    return false;
  }
  if (client_start(rig->client, rig->player, &message)) {
    print_error(message.text);
    close_client(rig);
    return true;
  }
  report_playing(rig);
  return true;
}

bool
rig_follow_server(Rig* const rig)
{
  if (rig->client && client_is_lost(rig->client)) {
    print_note("the JACK server stopped or changed its rate");
    close_client(rig);
  }
  return rig->client || open_client(rig);
}

void
rig_fade_out(Rig* const rig)
{
  if (rig->client && !client_is_lost(rig->client) &&
      player_order(rig->player, &(const Order){.kind = ORDER_QUIET})) {
    const double seconds = 0.001 * FADE_OUT_MS + FADE_OUT_PERIODS * client_load(rig->client).period;
    (void)nanosleep(&(const struct timespec){(time_t)seconds, (long)(1e9 * fmod(seconds, 1.0))},
                    NULL);
  }
}

Status
rig_init(Rig* const rig, const LiveOptions* const options, const int wake, Message* const message)
{
  *rig = (Rig){.options = options, .wake = wake};
  return options_setlist(options, &rig->setlist, message);
}

void
rig_clear(Rig* const rig)
{
  close_client(rig);
  setlist_clear(&rig->setlist);
}

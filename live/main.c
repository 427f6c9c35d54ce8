// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-live: a rig that starts by itself and survives the night. One loop on the main thread waits for
// whatever comes: a line, a packet, a signal, the server, time. Sounds are loaded here and handed to the
// JACK thread ready to play.

#include "core/clock.h"
#include "core/decibel.h"
#include "core/file.h"
#include "live/client.h"
#include "live/commands.h"
#include "live/events_out.h"
#include "live/options.h"
#include "live/osc.h"
#include "live/player.h"
#include "live/service.h"
#include "live/sounds.h"

#include <errno.h>
#include <jack/jack.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define RETRY_MS 1000        ///< Between looks for a server
#define TICK_MS 50           ///< Between looks at what the JACK thread has to tell
#define FADE_OUT_MS 20       ///< The engine's
#define FADE_OUT_PERIODS 3.0 ///< Until it begins, and until its end is heard

typedef struct {
  const Options* options;
  Setlist setlist; ///< Of what is loaded, and of what was added by hand
  Client* client;  ///< NULL: no server
  Player* player;  ///< NULL until there is a server
  double sample_rate;
  uint32_t current; ///< Entry, kept while there is no server
  int wake;         ///< eventfd
  int signals;      ///< signalfd
  int osc;          ///< -1: none
  bool reads_input;
  bool is_leaving;
  bool is_reloading;    ///< Sounds are on their way to the JACK thread
  bool is_to_reload;    ///< And more were asked for since
  bool has_told_server; ///< That there is none
  CommandLines lines;
} Rig;

static void
tell_load(const bool is_error, const char* const text)
{
  if (is_error) {
    tell_error(text);
  } else {
    tell_note(text);
  }
}

static void
order(Rig* const rig, const Order what)
{
  if (!rig->player) {
    tell_error("no JACK server is running yet");
  } else if (!player_order(rig->player, &what)) {
    tell_error("too many commands at once; this one is lost");
  }
}

/// Load what the set list names; on failure the old sounds go on
static bool
load_sounds(Rig* const rig, const Setlist* const setlist, Sounds** const sounds)
{
  const Status status =
      sounds_load(setlist, rig->sample_rate, rig->options->client.n_channels, tell_load, sounds);
  if (status) {
    tell_error(status == STATUS_BAD_FILE ? "no model could be loaded" : status_text(status));
  }
  return !status;
}

/// Put a new set list in the place of the old one, at an entry or at the successor of the current one
static void
change_setlist(Rig* const rig, Setlist* const setlist, const uint32_t index)
{
  Sounds* sounds = NULL;
  if (!rig->player) {
    setlist_clear(&rig->setlist);
    rig->setlist = *setlist;
    return;
  }
  if (!load_sounds(rig, setlist, &sounds)) {
    setlist_clear(setlist);
    return;
  }
  const Order change = {.kind = ORDER_SOUNDS, .index = index, .sounds = sounds};
  sounds_succeed(sounds, &rig->setlist);
  if (!player_order(rig->player, &change)) {
    tell_error("too many commands at once; this one is lost");
    sounds_free(sounds);
    setlist_clear(setlist);
    return;
  }
  rig->current = index < setlist->n_entries ? index : sounds->successors[rig->current];
  setlist_clear(&rig->setlist);
  rig->setlist = *setlist;
  rig->is_reloading = true;
}

static const char*
current_name(const Rig* const rig)
{
  return rig->current < rig->setlist.n_entries ? rig->setlist.entries[rig->current].name : "";
}

static void
reload(Rig* const rig)
{
  Setlist setlist = {0};
  Message message = {""};
  rig->is_to_reload = rig->is_reloading;
  if (rig->is_reloading) {
    return; // When the sounds before have left
  }
  if (options_setlist(rig->options, &setlist, &message)) {
    tell_error(message.text);
    return;
  }
  change_setlist(rig, &setlist, UINT32_MAX);
}

/// Add a model behind the set list and play it
static void
load_file(Rig* const rig, const char* const path)
{
  Setlist longer = {.oversampling = rig->setlist.oversampling, .midi = rig->setlist.midi};
  SetlistEntry entry = {.controls = rig->options->controls};
  Message message = {""};
  Status status = STATUS_OK;
  if (rig->is_reloading) {
    tell_error("still loading; try again");
    return;
  }
  (void)snprintf(entry.model, sizeof(entry.model), "%s", path);
  file_stem(path, entry.name, sizeof(entry.name));
  for (uint32_t i = 0; !status && i < rig->setlist.n_entries; ++i) {
    if (strcmp(rig->setlist.entries[i].name, entry.name) != 0) {
      status = setlist_add(&longer, &rig->setlist.entries[i], &message);
    }
  }
  status = status ? status : setlist_add(&longer, &entry, &message);
  if (status) {
    tell_error(message.text);
    setlist_clear(&longer);
    return;
  }
  change_setlist(rig, &longer, longer.n_entries - 1);
}

static void
select_entry(Rig* const rig, const char* const text)
{
  char* end = NULL;
  const unsigned long number = strtoul(text, &end, 10);
  uint32_t index = *end || number >= rig->setlist.n_entries ? UINT32_MAX : (uint32_t)number;
  for (uint32_t i = 0; index == UINT32_MAX && i < rig->setlist.n_entries; ++i) {
    if (!strcmp(rig->setlist.entries[i].name, text)) {
      index = i;
    }
  }
  if (index == UINT32_MAX) {
    Message message = {""};
    (void)status_fail(&message, STATUS_BAD_ARGUMENT,
                      "there is no entry \"%.60s\"; there are 0 to %u, try list", text,
                      rig->setlist.n_entries - 1);
    tell_error(message.text);
    return;
  }
  order(rig, (Order){.kind = ORDER_SELECT, .index = index});
}

static double
db_of(const float peak)
{
  return peak > 1e-9F ? decibel_of_gain((double)peak) : -180.0;
}

static void
tell_status(const Rig* const rig)
{
  if (!rig->client || !rig->player) {
    tell_event("status", (const TellField[]){{"server", "none", 0.0}, {NULL, NULL, 0.0}});
    return;
  }
  const PlayerState state = player_state(rig->player);
  const ClientLoad load = client_load(rig->client);
  tell_event("status", (const TellField[]){{"entry", NULL, (double)rig->current},
                                           {"name", current_name(rig), 0.0},
                                           {"rate", NULL, rig->sample_rate},
                                           {"period", NULL, (double)client_block_size(rig->client)},
                                           {"latency", NULL, (double)state.latency},
                                           {"load_percent", NULL, 100.0 * load.load},
                                           {"worst_percent", NULL, 100.0 * load.worst_load},
                                           {"server_percent", NULL, 100.0 * load.server_load},
                                           {"xruns", NULL, (double)load.n_xruns},
                                           {"guard_trips", NULL, (double)state.guard_trips},
                                           {"input_peak_dbfs", NULL, db_of(state.input_peak)},
                                           {"output_peak_dbfs", NULL, db_of(state.output_peak)},
                                           {NULL, NULL, 0.0}});
}

static void
tell_list(const Rig* const rig)
{
  for (uint32_t i = 0; i < rig->setlist.n_entries; ++i) {
    const SetlistEntry* const entry = &rig->setlist.entries[i];
    tell_event(i == rig->current ? "current" : "entry",
               (const TellField[]){{"number", NULL, (double)i},
                                   {"name", entry->name, 0.0},
                                   {"model", entry->model, 0.0},
                                   {NULL, NULL, 0.0}});
  }
}

static void
obey(Rig* const rig, const Command* const command)
{
  switch (command->kind) {
  case COMMAND_NOTHING:
    break;
  case COMMAND_NEXT:
    order(rig, (Order){.kind = ORDER_NEXT});
    break;
  case COMMAND_PREV:
    order(rig, (Order){.kind = ORDER_PREV});
    break;
  case COMMAND_ENTRY:
    select_entry(rig, command->text);
    break;
  case COMMAND_LOAD:
    load_file(rig, command->text);
    break;
  case COMMAND_SET:
    order(rig, (Order){.kind = ORDER_SET, .control = command->control, .value = command->value});
    break;
  case COMMAND_BYPASS:
    order(rig, (Order){.kind = ORDER_BYPASS});
    break;
  case COMMAND_LEARN:
    order(rig, (Order){.kind = ORDER_LEARN, .control = command->control});
    break;
  case COMMAND_STATUS:
    tell_status(rig);
    break;
  case COMMAND_LIST:
    tell_list(rig);
    break;
  case COMMAND_RELOAD:
    reload(rig);
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

static void
take_line(const char* const line, void* const data)
{
  Rig* const rig = (Rig*)data;
  Command command;
  Message message = {""};
  if (!line) {
    tell_error("a line is too long to be a command");
  } else if (commands_parse(line, &command, &message)) {
    tell_error(message.text);
  } else {
    obey(rig, &command);
  }
}

static void
read_input(Rig* const rig)
{
  char bytes[4096];
  const ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
  if (n > 0) {
    commands_feed(&rig->lines, bytes, (size_t)n, take_line, rig);
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    rig->reads_input = false; // Nobody there; the rig plays on
  }
}

static void
read_osc(Rig* const rig)
{
  char line[PATH_MAX];
  Message message = {""};
  if (osc_receive(rig->osc, line, sizeof(line), &message)) {
    tell_error(message.text);
  } else {
    take_line(line, rig);
  }
}

static void
read_signal(Rig* const rig)
{
  struct signalfd_siginfo info;
  if (read(rig->signals, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
    return;
  }
  if (info.ssi_signo == SIGHUP) {
    reload(rig);
  } else {
    rig->is_leaving = true;
  }
}

static void
tell_selected(Rig* const rig, const uint32_t index)
{
  rig->current = index;
  tell_event("selected", (const TellField[]){{"entry", NULL, (double)index},
                                             {"name", current_name(rig), 0.0},
                                             {NULL, NULL, 0.0}});
  service_status(current_name(rig));
}

/// Keep what was learned, for the next server and, in the set list, for the next start
static void
keep_learned(Rig* const rig, const uint32_t cc, const Control control)
{
  const ControlRange range = controls_range(control);
  const char* const path = options_setlist_path(rig->options);
  Message message = {""};
  rig->setlist.midi.ccs[cc] = (MapEntry){MAP_CONTROL, control, range.low, range.high};
  tell_event("learned", (const TellField[]){{"cc", NULL, (double)cc},
                                            {"control", range.name, 0.0},
                                            {NULL, NULL, 0.0}});
  if (path && setlist_write_map(path, &rig->setlist.midi, &message)) {
    tell_error(message.text);
  }
}

static void
take_event(Rig* const rig, const Event* const event)
{
  const char* const control = controls_range(event->control).name;
  switch (event->kind) {
  case EVENT_SELECTED:
    tell_selected(rig, event->index);
    break;
  case EVENT_REFUSED:
    tell_error("there is no such entry, or it could not be loaded; what was heard goes on");
    break;
  case EVENT_SET:
    tell_event("set",
               (const TellField[]){{control, NULL, (double)event->value}, {NULL, NULL, 0.0}});
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
hear_player(Rig* const rig)
{
  Event event;
  while (rig->player && player_take_event(rig->player, &event)) {
    take_event(rig, &event);
  }
}

static void
take_events(Rig* const rig)
{
  hear_player(rig);
  if (rig->is_to_reload && !rig->is_reloading) {
    reload(rig);
  }
}

/// Make the player that goes with the server that came
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
    tell_error(status_text(status));
    sounds_free(sounds);
    return false;
  }
  return true;
}

static void
lose_server(Rig* const rig)
{
  client_close(rig->client);
  rig->client = NULL;
  hear_player(rig);
  player_free(rig->player);
  rig->player = NULL;
  rig->is_reloading = false;
}

/// Look for a server; return false if nothing can ever be played
static bool
find_server(Rig* const rig)
{
  Message message = {""};
  if (client_open(&rig->options->client, rig->wake, &rig->client, &message)) {
    if (!rig->has_told_server) {
      tell_note(message.text[0] ? message.text : "no JACK server is running");
      if (rig->options->measure_seconds <= 0.0) {
        tell_note("waiting for one");
      }
      rig->has_told_server = true;
    }
    return true;
  }
  rig->has_told_server = false;
  if (!make_player(rig)) {
    lose_server(rig);
    return false;
  }
  if (client_start(rig->client, rig->player, &message)) {
    tell_error(message.text);
    lose_server(rig);
    return true;
  }
  tell_event("playing",
             (const TellField[]){{"rate", NULL, rig->sample_rate},
                                 {"period", NULL, (double)client_block_size(rig->client)},
                                 {"entries", NULL, (double)rig->setlist.n_entries},
                                 {NULL, NULL, 0.0}});
  tell_selected(rig, player_state(rig->player).current);
  service_ready();
  return true;
}

/// Wait for something, for at most `timeout_ms`, and see to it
static void
wait_and_serve(Rig* const rig, const int timeout_ms)
{
  struct pollfd fds[] = {{rig->signals, POLLIN, 0},
                         {rig->wake, POLLIN, 0},
                         {rig->osc, POLLIN, 0},
                         {rig->reads_input ? STDIN_FILENO : -1, POLLIN, 0}};
  uint64_t count = 0;
  if (poll(fds, 4, timeout_ms) <= 0) {
    return;
  }
  if (fds[0].revents) {
    read_signal(rig);
  }
  if (fds[1].revents && read(rig->wake, &count, sizeof(count)) > 0 && rig->client) {
    client_follow_connections(rig->client);
  }
  if (fds[2].revents) {
    read_osc(rig);
  }
  if (fds[3].revents) {
    read_input(rig);
  }
}

/// Play until the end; return a status for exit()
static int
play(Rig* const rig)
{
  while (!rig->is_leaving) {
    if (rig->client && client_is_lost(rig->client)) {
      tell_note("the JACK server went, or runs at another rate");
      lose_server(rig);
    }
    if (!rig->client && !find_server(rig)) {
      return OPTIONS_EXIT_BAD_INPUT;
    }
    const int alive = service_alive();
    const int tick = rig->client ? TICK_MS : RETRY_MS;
    wait_and_serve(rig, alive >= 0 && alive < tick ? alive : tick);
    take_events(rig);
  }
  return EXIT_SUCCESS;
}

/// Play for a while, unless told to leave
static void
play_for(Rig* const rig, const double seconds)
{
  const double end = clock_seconds() + seconds;
  for (double left = seconds; left > 0.0 && !rig->is_leaving; left = end - clock_seconds()) {
    wait_and_serve(rig, left < 0.001 * TICK_MS ? (int)ceil(1000.0 * left) : TICK_MS);
    take_events(rig);
  }
}

/// Play for a while and say what that took
static int
measure(Rig* const rig)
{
  if (!find_server(rig) || !rig->client) {
    return OPTIONS_EXIT_BAD_INPUT;
  }
  play_for(rig, 0.2); // Caches fill, connections settle
  client_reset_load(rig->client);
  play_for(rig, rig->options->measure_seconds);
  const ClientLoad load = client_load(rig->client);
  tell_event("measured", (const TellField[]){
                             {"blocks", NULL, (double)load.n_blocks},
                             {"period_us", NULL, 1e6 * load.period},
                             {"load_percent", NULL, 100.0 * load.load},
                             {"block_us", NULL, 1e6 * load.load * load.period},
                             {"worst_us", NULL, 1e6 * load.worst_seconds},
                             {"xruns", NULL, (double)load.n_xruns},
                             {"such_models", NULL, load.load > 0.0 ? floor(0.8 / load.load) : 0.0},
                             {NULL, NULL, 0.0}});
  return load.n_blocks ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void
fade_out(Rig* const rig)
{
  service_stopping();
  if (rig->client && !client_is_lost(rig->client) &&
      player_order(rig->player, &(const Order){.kind = ORDER_QUIET})) {
    const double seconds = 0.001 * FADE_OUT_MS + FADE_OUT_PERIODS * client_load(rig->client).period;
    (void)nanosleep(&(const struct timespec){(time_t)seconds, (long)(1e9 * fmod(seconds, 1.0))},
                    NULL);
  }
}

static bool
open_ears(Rig* const rig)
{
  sigset_t set;
  Message message = {""};
  (void)sigemptyset(&set);
  (void)sigaddset(&set, SIGTERM);
  (void)sigaddset(&set, SIGINT);
  (void)sigaddset(&set, SIGHUP);
  (void)sigprocmask(SIG_BLOCK, &set, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
  rig->signals = signalfd(-1, &set, SFD_CLOEXEC);
  rig->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  rig->osc = -1;
  if (rig->options->osc_port &&
      osc_listen(rig->options->osc_host, rig->options->osc_port, &rig->osc, &message)) {
    tell_error(message.text);
    return false;
  }
  return rig->signals >= 0 && rig->wake >= 0;
}

/// JACK's own words about servers that are not there
static void
hush(const char* const text)
{
  (void)text;
}

int
main(const int argc, char** const argv)
{
  Options options;
  Message message = {""};
  int result = options_read(argc, argv, &options);
  if (result >= 0) {
    return result;
  }
  Rig rig = {.options = &options, .reads_input = true};
  tell_as_json(options.is_json);
  jack_set_error_function(hush);
  jack_set_info_function(hush);
  result = OPTIONS_EXIT_BAD_INPUT;
  if (!open_ears(&rig)) {
    return result;
  }
  if (options_setlist(&options, &rig.setlist, &message)) {
    tell_error(message.text);
    return result;
  }
  result = options.measure_seconds > 0.0 ? measure(&rig) : play(&rig);
  fade_out(&rig);
  lose_server(&rig);
  setlist_clear(&rig.setlist);
  return result;
}

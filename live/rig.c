// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Commands, and the order of the steps.

#include "live/rig.h"

#include "core/text.h"
#include "live/commands.h"
#include "live/events_out.h"
#include "live/rig_events.h"
#include "live/rig_loading.h"
#include "live/rig_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
send_order(Rig* const rig, const Order order)
{
  if (!rig->player) {
    events_print_error("no JACK server is running; command dropped");
  } else if (!player_order(rig->player, &order)) {
    events_print_error("too many commands at once; command dropped");
  }
}

// Commands

/// Return the number of an entry given by number or name, or UINT32_MAX
static uint32_t
find_entry(const Setlist* const setlist, const char* const text)
{
  char* end = NULL;
  char name[SETLIST_NAME_SIZE];
  const unsigned long number = strtoul(text, &end, 10);
  text_copy(name, sizeof(name), text); // As the names of the entries were cut
  if (!*end && number < setlist->n_entries) {
    return (uint32_t)number;
  }
  for (uint32_t i = 0; i < setlist->n_entries; ++i) {
    if (!strcmp(setlist->entries[i].name, name)) {
      return i;
    }
  }
  return UINT32_MAX;
}

static void
select_entry(Rig* const rig, const char* const text, const uint32_t asker)
{
  const uint32_t index = find_entry(&rig->setlist, text);
  Message message = {""};
  if (index == UINT32_MAX) {
    (void)status_fail(&message, STATUS_BAD_ARGUMENT,
                      "entry %.200s: expected a number from 0 to %u, or a name; try list", text,
                      rig->setlist.n_entries ? rig->setlist.n_entries - 1 : 0);
    events_print_error(message.text);
    return;
  }
  send_order(rig, (Order){.kind = ORDER_SELECT, .index = index, .asker = asker});
}

/// Say what to do, and listen to controllers
static void
learn_control(Rig* const rig, const Control control, const uint32_t asker)
{
  Message message = {""};
  send_order(rig, (Order){.kind = ORDER_LEARN, .control = control, .asker = asker});
  if (rig->player) {
    message_set(&message, "learn %s: move the pedal or knob within 10 s",
                controls_range(control).name);
    events_print_note(message.text);
  }
}

static void
report_status(const Rig* const rig)
{
  if (!rig->player) {
    events_print_no_status();
    return;
  }
  const RigStatus status = {rig->current,
                            rig_entry_name(rig, rig->current),
                            rig->sample_rate,
                            client_block_size(rig->client),
                            player_state(rig->player),
                            client_load(rig->client)};
  events_print_status(&status);
}

static void
list_entries(const Rig* const rig)
{
  for (uint32_t i = 0; rig->sounds && i < rig->sounds->n_sounds; ++i) {
    events_print_entry(i, &rig->sounds->sounds[i], i == rig->current);
  }
}

static void
run_command(Rig* const rig, const Command* const command, const uint32_t asker)
{
  const Setting setting = command->setting;
  switch (command->kind) {
  case COMMAND_NOTHING:
    break;
  case COMMAND_NEXT:
    send_order(rig, (Order){.kind = ORDER_NEXT, .asker = asker});
    break;
  case COMMAND_PREV:
    send_order(rig, (Order){.kind = ORDER_PREV, .asker = asker});
    break;
  case COMMAND_ENTRY:
    select_entry(rig, command->text, asker);
    break;
  case COMMAND_LOAD:
    rig_request(rig, LOAD_FILE, command->text, asker);
    break;
  case COMMAND_MODEL_NEXT:
    send_order(rig, (Order){.kind = ORDER_STEP, .n_steps = 1, .asker = asker});
    break;
  case COMMAND_MODEL_PREV:
    send_order(rig, (Order){.kind = ORDER_STEP, .n_steps = -1, .asker = asker});
    break;
  case COMMAND_SET:
    send_order(rig, (Order){.kind = ORDER_SET,
                            .control = setting.control,
                            .value = setting.value,
                            .asker = asker});
    break;
  case COMMAND_MODEL_RATE:
    rig_request_rate(rig, command->rate, asker);
    break;
  case COMMAND_GET:
    send_order(rig, (Order){.kind = ORDER_GET, .control = setting.control, .asker = asker});
    break;
  case COMMAND_SAVE:
    send_order(rig, (Order){.kind = ORDER_SAVE, .asker = asker});
    break;
  case COMMAND_BYPASS:
    send_order(rig, (Order){.kind = ORDER_BYPASS, .asker = asker});
    break;
  case COMMAND_LEARN:
    learn_control(rig, setting.control, asker);
    break;
  case COMMAND_STATUS:
    report_status(rig);
    break;
  case COMMAND_LIST:
    list_entries(rig);
    break;
  case COMMAND_RELOAD:
    rig_request(rig, LOAD_LIST, "", asker);
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

/// Return true if a command may be given; over the network, that depends on --osc-allow
static bool
check_allowed(const Rig* const rig, const Command* const command, const uint32_t asker)
{
  if (!asker || rig->options->osc_allow == OSC_ALLOW_ALL || commands_only_plays(command->kind)) {
    return true;
  }
  events_print_error(
      "OSC: only commands that play are taken; start grus-live with --osc-allow=all for "
      "load, model_rate, save, learn, reload and quit");
  return false;
}

bool
rig_is_ready(const Rig* const rig)
{
  return rig->player || (rig->waits_for[0] && !rig->client);
}

void
rig_run_line(Rig* const rig, const char* const line, const uint32_t asker)
{
  Command command;
  Message message = {""};
  events_answer_to(asker);
  if (!line) {
    events_print_error("a line is too long to be a command");
  } else if (commands_parse(line, rig_current_model(rig), &command, &message)) {
    events_print_error(message.text);
  } else if (check_allowed(rig, &command, asker)) {
    run_command(rig, &command, asker);
  }
  events_answer_to(0);
}

void
rig_reload(Rig* const rig)
{
  rig_request(rig, LOAD_LIST, "", 0);
}

// Steps

void
rig_step(Rig* const rig)
{
  Sounds* sounds = NULL;
  if (rig_take_loaded(rig, &sounds)) {
    rig_start_playing(rig, sounds);
  }
  rig_take_events(rig);
  rig_start_request(rig);
  rig_follow_server(rig);
  rig_follow_connections(rig);
}

void
rig_init(Rig* const rig, const LiveOptions* const options, const int wake)
{
  *rig = (Rig){.options = options, .wake = wake};
  rig_request(rig, LOAD_START, "", 0);
}

void
rig_clear(Rig* const rig)
{
  rig_stop_loading(rig);
  rig_leave_server(rig);
  sounds_free(rig->sounds);
  setlist_clear(&rig->setlist);
}

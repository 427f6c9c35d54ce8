// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A load that fails changes nothing: neither what is heard nor the list. Entries of the set list
// keep their numbers; what the command load adds stays behind them.

#include "live/rig_loading.h"

#include "core/file.h"
#include "core/step.h"
#include "core/text.h"
#include "live/events_out.h"
#include "live/setlist_edit.h"

#include <stdlib.h>
#include <string.h>

static void
report_remark(const bool is_error, const char* const text)
{
  if (is_error) {
    events_print_error(text);
  } else {
    events_print_note(text);
  }
}

// Requests

static bool
is_requested(const Rig* const rig, const LoadKind kind)
{
  for (uint32_t i = 0; i < rig->n_requests; ++i) {
    if (rig->requests[i].kind == kind) {
      return true;
    }
  }
  return false;
}

/// Queue a request; return it to be filled in, or NULL if the queue is full
static LoadRequest*
add_request(Rig* const rig, const LoadKind kind, const uint32_t asker)
{
  if (rig->n_requests == RIG_MAX_REQUESTS) {
    events_print_error("still loading; try again");
    return NULL;
  }
  LoadRequest* const request = &rig->requests[rig->n_requests++];
  *request = (LoadRequest){.kind = kind, .asker = asker};
  return request;
}

void
rig_request(Rig* const rig, const LoadKind kind, const char* const path, const uint32_t asker)
{
  if (kind == LOAD_LIST && is_requested(rig, kind)) {
    return; // It is going to be read anyway
  }
  LoadRequest* const request = add_request(rig, kind, asker);
  if (request) {
    text_copy(request->path, sizeof(request->path), path);
  }
}

void
rig_request_rate(Rig* const rig, const double rate, const uint32_t asker)
{
  LoadRequest* const request = add_request(rig, LOAD_RATE, asker);
  if (request) {
    request->rate = rate;
  }
}

void
rig_request_step(Rig* const rig, const int32_t n_steps, const uint32_t asker)
{
  LoadRequest* const last = rig->n_requests ? &rig->requests[rig->n_requests - 1] : NULL;
  const bool is_more = last && last->kind == LOAD_STEP && !last->path[0];
  LoadRequest* const request = is_more ? last : add_request(rig, LOAD_STEP, asker);
  if (request) {
    request->n_steps += n_steps;
    request->asker = asker;
  }
}

/// Step over a model that can't be played, before anything else is loaded
static void
step_over(Rig* const rig)
{
  LoadRequest* const request = add_request(rig, LOAD_STEP, rig->loading.asker);
  if (request) {
    const size_t n_before = rig->n_requests - 1U;
    memmove(&rig->requests[1], &rig->requests[0], n_before * sizeof(rig->requests[0]));
    rig->requests[0] = rig->loading;
    rig->requests[0].n_steps = rig->loading.n_steps < 0 ? -1 : 1;
    if (!rig->loading.until[0]) {
      text_copy(rig->requests[0].until, PATH_MAX, rig->loading.path);
    }
  }
}

static LoadRequest
take_request(Rig* const rig)
{
  const LoadRequest first = rig->requests[0];
  --rig->n_requests;
  memmove(&rig->requests[0], &rig->requests[1], rig->n_requests * sizeof(rig->requests[0]));
  return first;
}

// Set lists to load

/// Read the set list or the models that the command line names
static Status
read_setlist(const Rig* const rig, Setlist* const setlist, Message* const message)
{
  const char* const path = options_setlist_path(rig->options);
  const Status status = options_setlist(rig->options, setlist, message);
  Message note = {""};
  if (!status && path) {
    setlist_note(setlist, path, &note);
  }
  if (note.text[0]) {
    events_print_note(note.text);
  }
  return status;
}

static Status
copy_setlist(const Setlist* const from, Setlist* const to)
{
  const size_t size = from->n_entries * sizeof(SetlistEntry);
  SetlistEntry* const entries = (SetlistEntry*)malloc(size);
  if (!entries) {
    return STATUS_NO_MEMORY;
  }
  memcpy(entries, from->entries, size);
  *to = *from;
  to->entries = entries;
  return STATUS_OK;
}

/// The set list again, and the loaded entries behind it
static Status
reread_setlist(const Rig* const rig, Setlist* const setlist, Message* const message)
{
  if (!options_setlist_path(rig->options)) { // There is no file that could have changed anything
    return copy_setlist(&rig->setlist, setlist);
  }
  Status status = read_setlist(rig, setlist, message);
  for (uint32_t i = 0; !status && i < rig->setlist.n_entries; ++i) {
    if (rig->setlist.entries[i].is_loaded && setlist->n_entries < SETLIST_MAX_ENTRIES) {
      status = setlist_add(setlist, &rig->setlist.entries[i], message);
    }
  }
  if (status) {
    setlist_clear(setlist);
  }
  return status;
}

/// Return the number of the entry that a file was loaded to before, or that of a new one
static uint32_t
find_loaded(const Setlist* const setlist, const char* const path)
{
  uint32_t i = 0;
  while (i < setlist->n_entries &&
         !(setlist->entries[i].is_loaded && !strcmp(setlist->entries[i].model, path))) {
    ++i;
  }
  return i;
}

/// Write a whole entry, or add it behind the others
static Status
put_entry(Setlist* const setlist, const uint32_t index, const SetlistEntry* const entry,
          Message* const message)
{
  if (index == setlist->n_entries) {
    return setlist_add(setlist, entry, message);
  }
  setlist->entries[index] = *entry;
  return STATUS_OK;
}

/// The set list with a model behind it, or in the place where the same file was loaded to before
static Status
extend_setlist(Rig* const rig, const char* const path, Setlist* const longer,
               Message* const message)
{
  SetlistEntry entry = {.controls = rig->options->controls,
                        .model_rate = rig->options->model_rate,
                        .is_loaded = true};
  text_copy(entry.model, sizeof(entry.model), path);
  file_stem(path, entry.name, sizeof(entry.name));
  Status status = copy_setlist(&rig->setlist, longer);
  if (status) {
    return status_fail(message, status, "out of memory");
  }
  rig->next_index = find_loaded(longer, path);
  status = put_entry(longer, rig->next_index, &entry, message);
  if (status) {
    setlist_clear(longer);
  }
  return status;
}

/// Find the file that a step leads to; return false, perhaps with a message, if there is none
static bool
find_step(const LoadRequest* const request, const char* const playing, char path[PATH_MAX],
          Message* const message)
{
  const char* const from = request->path[0] ? request->path : playing;
  if (!request->n_steps || step_find(FOLDER_MODELS, from, request->n_steps, path, message)) {
    return false;
  }
  const bool is_round = !strcmp(path, playing) || !strcmp(path, request->until);
  if (is_round && request->path[0]) {
    (void)status_fail(message, STATUS_BAD_FILE,
                      "%s: plays on, after steps over models that can't be played", playing);
  }
  return !is_round;
}

/// Return the entry that steps lead to: there is one, or it is going to be the last
static uint32_t
find_stepped(const Setlist* const setlist)
{
  uint32_t i = 0;
  while (i < setlist->n_entries && !setlist->entries[i].is_stepped) {
    ++i;
  }
  return i;
}

/// The set list with another model of the same folder behind it, which plays as the entry that
/// plays now does: with its cabinet and its controls
static Status
step_setlist(Rig* const rig, Setlist* const longer, Message* const message)
{
  if (rig->current >= rig->setlist.n_entries) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "model_next, model_prev: no entry plays");
  }
  SetlistEntry entry = rig->setlist.entries[rig->current];
  char path[PATH_MAX];
  if (!find_step(&rig->loading, entry.model, path, message)) {
    return STATUS_MISSING;
  }
  text_copy(rig->loading.path, sizeof(rig->loading.path), path);
  text_copy(entry.model, sizeof(entry.model), path);
  file_stem(path, entry.name, sizeof(entry.name));
  entry.model_rate = rig->options->model_rate;
  entry.is_loaded = true;
  entry.is_stepped = true;
  if (copy_setlist(&rig->setlist, longer)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  rig->next_index = find_stepped(longer);
  const Status status = put_entry(longer, rig->next_index, &entry, message);
  if (status) {
    setlist_clear(longer);
  }
  return status;
}

/// The set list with another rate for the model that plays
static Status
rate_setlist(Rig* const rig, const double rate, Setlist* const rated, Message* const message)
{
  if (rig->current >= rig->setlist.n_entries) {
    return status_fail(message, STATUS_BAD_ARGUMENT, "model_rate: no entry plays");
  }
  if (copy_setlist(&rig->setlist, rated)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  rig->rated = rig->current;
  rated->entries[rig->rated].model_rate = rate;
  return STATUS_OK;
}

// Starting

static Status
start_loader(Rig* const rig, const double sample_rate, const uint32_t first, const uint32_t n)
{
  const LoaderTask task = {
      &rig->next, rig->sounds, sample_rate, rig->options->client.n_channels, first, n};
  const Status status = loader_start(&task, rig->wake, &rig->loader);
  if (status) {
    events_print_error(status_text(status));
    setlist_clear(&rig->next);
  }
  return status;
}

/// Find out which set list is to be loaded, and start
static Status
start_loading(Rig* const rig, Message* const message)
{
  const double sample_rate = rig->player ? rig->sample_rate : 0.0;
  const LoadRequest* const request = &rig->loading;
  Status status = STATUS_OK;
  rig->next_index = UINT32_MAX;
  switch (request->kind) {
  case LOAD_START:
    status = read_setlist(rig, &rig->next, message);
    return status ? status : start_loader(rig, 0.0, 0, rig->next.n_entries);
  case LOAD_SERVER:
    status = copy_setlist(&rig->setlist, &rig->next);
    return status ? status : start_loader(rig, rig->sample_rate, 0, 0);
  case LOAD_LIST:
    status = reread_setlist(rig, &rig->next, message);
    return status ? status : start_loader(rig, sample_rate, 0, rig->next.n_entries);
  case LOAD_FILE:
    status = extend_setlist(rig, request->path, &rig->next, message);
    return status ? status : start_loader(rig, sample_rate, rig->next_index, 1);
  case LOAD_STEP:
    status = step_setlist(rig, &rig->next, message);
    return status ? status : start_loader(rig, sample_rate, rig->next_index, 1);
  case LOAD_RATE:
    status = rate_setlist(rig, request->rate, &rig->next, message);
    return status ? status : start_loader(rig, sample_rate, rig->rated, 1);
  }
  return status;
}

void
rig_start_request(Rig* const rig)
{
  Message message = {""};
  if (rig->loader || !rig->n_requests || (rig->client && !rig->player)) {
    return;
  }
  rig->loading = take_request(rig);
  events_answer_to(rig->loading.asker);
  if (start_loading(rig, &message)) {
    if (message.text[0]) {
      events_print_error(message.text);
    }
    rig->has_failed = rig->loading.kind == LOAD_START;
  }
  events_answer_to(0);
}

bool
rig_load_for_server(Rig* const rig)
{
  Message message = {""};
  rig->loading = (LoadRequest){.kind = LOAD_SERVER};
  return !start_loading(rig, &message);
}

// Taking

/// Take over what has changed since the loading began: it was kept for a set list as it was then
static void
update_loaded(const Rig* const rig, Sounds* const sounds)
{
  if (rig->loading.kind == LOAD_LIST || rig->loading.kind == LOAD_START) {
    return;
  }
  sounds->midi = rig->setlist.midi;
  for (uint32_t i = 0; i < rig->setlist.n_entries; ++i) {
    if (i != rig->next_index) {
      sounds->sounds[i].entry.controls = rig->setlist.entries[i].controls;
    }
  }
}

/// Report the rate that an entry's model has got, and keep it in the file of the set list, if the
/// entry is in one
static void
keep_rate(const Rig* const rig, const uint32_t index)
{
  const char* const path = options_setlist_path(rig->options);
  const SetlistEntry* const entry = &rig->setlist.entries[index];
  Message message = {""};
  events_print_model_rate(index, entry->name, entry->model_rate);
  if (path && !entry->is_loaded &&
      setlist_write_model_rate(path, index, entry->model_rate, &message)) {
    events_print_error(message.text);
  }
}

/// Make the set list, and the rig's copy of the sounds, those that were loaded; those of the player
/// belong to the JACK thread from now on
static void
adopt_loaded(Rig* const rig, Sounds* const sounds)
{
  setlist_clear(&rig->setlist);
  rig->setlist = rig->next;
  rig->next = (Setlist){0};
  rig->setlist.midi = sounds->midi;
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    rig->setlist.entries[i] = sounds->sounds[i].entry; // As it was, where its files are broken
  }
  rig->current =
      rig->next_index < sounds->n_sounds ? rig->next_index : sounds->successors[rig->current];
  sounds_free(rig->sounds);
  rig->sounds = sounds;
  if (rig->loading.kind == LOAD_RATE) {
    keep_rate(rig, rig->rated);
  }
}

/// Hand sounds over to the player; return false if the rig must stay as it is
static bool
send_sounds(Rig* const rig, Sounds* const sounds)
{
  const Order order = {.kind = ORDER_SOUNDS,
                       .index = rig->next_index,
                       .sounds = sounds,
                       .keeps_controls = rig->loading.kind == LOAD_STEP,
                       .asker = rig->loading.asker};
  if (!player_order(rig->player, &order)) {
    events_print_error("too many commands at once; nothing was loaded");
    return false;
  }
  return true;
}

/// Play what was loaded; return true if a player is to be made of `sounds`
static bool
use_loaded(Rig* const rig, Sounds* const sounds)
{
  const bool is_for_server = rig->loading.kind == LOAD_SERVER;
  update_loaded(rig, sounds);
  sounds->generation = ++rig->generation;
  if (rig->sounds) {
    sounds_find_successors(sounds, rig->sounds);
  }
  Sounds* const copy = sounds_copy(sounds);
  if (!copy || (rig->player && !is_for_server && !send_sounds(rig, sounds))) {
    sounds_free(copy);
    sounds_free(sounds);
    return false;
  }
  adopt_loaded(rig, copy);
  rig->failed_rate = 0.0;
  if (!rig->player && !is_for_server) {
    sounds_free(sounds); // Nothing plays: the copy is all that is needed
  }
  return is_for_server;
}

/// Return true if the one file that was to be loaded is broken
static bool
is_file_broken(const Rig* const rig, const Sounds* const sounds)
{
  const LoadKind kind = rig->loading.kind;
  if (kind != LOAD_FILE && kind != LOAD_STEP && kind != LOAD_RATE) {
    return false;
  }
  const SetlistSound* const slot =
      &sounds->sounds[kind == LOAD_RATE ? rig->rated : rig->next_index];
  return slot->is_kept || !slot->files || (rig->player && !slot->sound);
}

static void
report_failure(Rig* const rig, const Status status)
{
  if (status != STATUS_BAD_FILE) {
    events_print_error(status_text(status));
  } else if (rig->loading.kind != LOAD_FILE && rig->loading.kind != LOAD_STEP) {
    events_print_error("no model could be loaded");
  }
  rig->has_failed = rig->loading.kind == LOAD_START;
}

bool
rig_take_loaded(Rig* const rig, Sounds** const sounds)
{
  bool is_for_server = false;
  if (!rig->loader || !loader_is_done(rig->loader)) {
    return false;
  }
  events_answer_to(rig->loading.asker);
  const Status status = loader_finish(rig->loader, report_remark, sounds);
  rig->loader = NULL;
  if (status) {
    report_failure(rig, status);
  } else if (is_file_broken(rig, *sounds)) {
    sounds_free(*sounds);
    if (rig->loading.kind == LOAD_STEP) {
      step_over(rig);
    }
  } else {
    is_for_server = use_loaded(rig, *sounds);
  }
  setlist_clear(&rig->next);
  events_answer_to(0);
  return is_for_server;
}

void
rig_stop_loading_for_server(Rig* const rig)
{
  if (rig->loader && rig->loading.kind == LOAD_SERVER) {
    rig_stop_loading(rig);
  }
}

void
rig_stop_loading(Rig* const rig)
{
  loader_cancel(rig->loader);
  rig->loader = NULL;
  setlist_clear(&rig->next);
}

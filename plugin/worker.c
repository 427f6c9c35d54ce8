// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the audio thread requests from the worker thread: to load and to free. A host that isn't in
// real time may call handle_request() from within schedule_work(). mod-host's worker can have a
// stack of 16 KB, so a thread with a larger one does what takes more.

#include "plugin/plugin.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

/// What a player is told who chooses a file there
static const char no_worker[] = "this host has no worker for plugins, so only its presets and "
                                "sessions bring models and cabinets";

#define STACK_SIZE ((size_t)1 << 20U) ///< Reading a model takes 64 KB, more if its JSON is nested

/// Load a file, unless a newer request has replaced this one
static bool
load_requested_file(Plugin* const p, const Request* const request)
{
  const uint32_t number =
      request->sender == p ? request->number : plugin_new_request(p, request->slot);
  return number != atomic_load(&p->newest[request->slot]) ||
         plugin_load(p, (Task){request->slot, number}, (Origin){request->path, NULL, false});
}

/// Step through the folder, unless a newer request has replaced this one. Each of Qtractor's twins
/// sees the trigger itself.
static bool
step_in_folder(Plugin* const p, const Request* const request)
{
  return request->sender != p || request->number != atomic_load(&p->newest[request->slot]) ||
         plugin_step(p, (Task){request->slot, request->number}, request->n_steps);
}

/// On a stereo track, Qtractor gives the messages to the left mono plugin only, but its work to the
/// right one, too
static bool
perform_request(Plugin* const p, const Request* const request)
{
  if (request->sender != p) {
    atomic_store(&p->model_rate, request->rate);
  }
  switch (request->kind) {
  case REQUEST_FREE:
    break;
  case REQUEST_LOAD:
    return load_requested_file(p, request);
  case REQUEST_STEP:
    return step_in_folder(p, request);
  case REQUEST_REBUILD:
    return plugin_rebuild(p, request->slot);
  }
  return true;
}

/// A request on its way through a thread
typedef struct {
  Plugin* plugin;
  const Request* request;
  bool is_answered;
} Work;

static void*
do_work(void* const data)
{
  Work* const work = (Work*)data;
  work->is_answered = perform_request(work->plugin, work->request);
  return NULL;
}

/// Perform a request on a large stack, or on the caller's if there can't be another
static bool
perform_with_room(Plugin* const p, const Request* const request)
{
  Work work = {p, request, false};
  pthread_attr_t attributes;
  pthread_t thread;
  bool is_running = false;
  if (!pthread_attr_init(&attributes)) {
    is_running = !pthread_attr_setstacksize(&attributes, STACK_SIZE) &&
                 !pthread_create(&thread, &attributes, do_work, &work);
    (void)pthread_attr_destroy(&attributes);
  }
  if (is_running) {
    (void)pthread_join(thread, NULL);
  } else {
    (void)do_work(&work);
  }
  return work.is_answered;
}

/// LV2_Worker_Interface.work. The audio thread finds the answer by itself: JUCE would deliver it in
/// the thread that happens to run another plugin.
static LV2_Worker_Status
handle_request(const LV2_Handle instance, const LV2_Worker_Respond_Function respond,
               const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  Plugin* const p = (Plugin*)instance;
  Request request = {.kind = REQUEST_FREE};
  (void)respond;
  (void)handle;
  if (size < offsetof(Request, path) || size > sizeof(Request)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&request, data, size);
  plugin_free_list(atomic_exchange(&p->garbage, NULL));
  if (request.kind != REQUEST_FREE && !perform_with_room(p, &request)) {
    lv2_log_error(&p->logger, "Grus: %s: out of memory\n",
                  request.kind == REQUEST_LOAD   ? request.path
                  : request.kind == REQUEST_STEP ? "stepping to another model"
                                                 : "rebuilding the model");
    return LV2_WORKER_ERR_NO_SPACE;
  }
  return LV2_WORKER_SUCCESS;
}

void
plugin_repeat_requests(Plugin* const plugin)
{
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    Slot* const s = &plugin->slots[slot];
    s->has_pending = s->has_pending || (plugin_is_loading(plugin, (SlotId)slot) &&
                                        s->pending.number == atomic_load(&plugin->newest[slot]));
    s->rebuilt_oversampling = 0;
  }
}

// Audio thread from here

/// LV2_Worker_Interface.work_response, which must be there
static LV2_Worker_Status
handle_response(const LV2_Handle instance, const uint32_t size, const void* const body) RT
{
  (void)instance;
  (void)size;
  (void)body;
  return LV2_WORKER_SUCCESS;
}

const LV2_Worker_Interface plugin_worker = {handle_request, handle_response, NULL};

/// Send a request with as much of its path as there is; return false while the queue is full
static bool
send_request(const Plugin* const p, const Request* const request, const size_t path_size) RT
{
  return p->schedule && p->schedule->schedule_work(p->schedule->handle,
                                                   (uint32_t)(offsetof(Request, path) + path_size),
                                                   request) == LV2_WORKER_SUCCESS;
}

uint32_t
plugin_new_request(Plugin* const plugin, const SlotId slot) RT
{
  return atomic_fetch_add(&plugin->newest[slot], 1) + 1;
}

/// Queue a request of the instance, replacing one not yet sent
static void
queue_request(Plugin* const p, const SlotId id, const RequestKind kind) RT
{
  Request* const request = &p->slots[id].pending;
  request->sender = p;
  request->kind = kind;
  request->slot = id;
  request->number = plugin_new_request(p, id);
  request->path[0] = '\0';
  p->slots[id].has_pending = true;
}

void
plugin_request_file(Plugin* const plugin, const SlotId id, const char* const path,
                    const size_t length) RT
{
  Slot* const slot = &plugin->slots[id];
  Request* const request = &slot->pending;
  if (!plugin->schedule) {
    plugin_refuse_choice(plugin, id, no_worker);
    return;
  }
  if (length >= PATH_MAX) {
    plugin_refuse_choice(plugin, id, "the path of the file is too long; move it to a shorter one");
    return;
  }
  queue_request(plugin, id, REQUEST_LOAD);
  memcpy(request->path, path, length);
  request->path[length] = '\0';
  if (id == SLOT_MODEL) {
    plugin->steps.n_queued = 0; // They were meant for the choice before
  }
}

void
plugin_request_step(Plugin* const plugin, const int32_t n_steps) RT
{
  if (!plugin->schedule) {
    plugin_tell_message(plugin, SLOT_MODEL, no_worker);
    return;
  }
  queue_request(plugin, SLOT_MODEL, REQUEST_STEP);
  plugin->slots[SLOT_MODEL].pending.n_steps = n_steps;
}

/// While the queue is full, the request waits
static void
send_pending(const Plugin* const p, Slot* const slot) RT
{
  slot->pending.rate = atomic_load(&p->model_rate);
  slot->has_pending = !send_request(p, &slot->pending, strlen(slot->pending.path) + 1);
}

void
plugin_send_requests(Plugin* const plugin) RT
{
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    if (plugin->slots[slot].has_pending) {
      send_pending(plugin, &plugin->slots[slot]);
    }
  }
}

bool
plugin_request_rebuild(Plugin* const plugin, const SlotId id) RT
{
  const float rate = atomic_load(&plugin->model_rate);
  const Request request = {.sender = plugin, .kind = REQUEST_REBUILD, .slot = id, .rate = rate};
  return send_request(plugin, &request, 0);
}

void
plugin_empty_trash(Plugin* const plugin) RT
{
  Loaded* none = NULL;
  if (plugin->trash && atomic_compare_exchange_strong(&plugin->garbage, &none, plugin->trash)) {
    plugin->trash = NULL;
    plugin->must_wake_worker = true;
  }
  if (plugin->must_wake_worker && plugin->schedule) {
    const Request request = {.sender = plugin, .kind = REQUEST_FREE};
    plugin->must_wake_worker = !send_request(plugin, &request, 0);
  }
}

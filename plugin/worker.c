// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the worker thread does for the audio thread: load and free. A host may call work() from within
// schedule_work() when it does not run in real time.

#include "plugin/plugin.h"

#include <stddef.h>
#include <string.h>

/// A request that a newer one has replaced has nobody waiting for it
static bool
load(Plugin* const p, const Work* const work)
{
  return work->request != atomic_load(&p->newest[work->part]) ||
         plugin_load(p, (Task){work->part, work->request}, (Origin){work->path, NULL});
}

static bool
perform(Plugin* const p, const Work* const work)
{
  switch (work->kind) {
  case WORK_FREE:
    break;
  case WORK_LOAD:
    return load(p, work);
  case WORK_REBUILD:
    return plugin_rebuild(p, work->part);
  }
  return true;
}

static LV2_Worker_Status
work(const LV2_Handle instance, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  Plugin* const p = (Plugin*)instance;
  Work work = {WORK_FREE, URI_PART_MODEL, 0, ""};
  if (size <= offsetof(Work, path) || size > sizeof(Work)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&work, data, size);
  plugin_free_list(atomic_exchange(&p->garbage, NULL));
  if (!perform(p, &work)) {
    lv2_log_error(&p->logger, "Grus: %s: out of memory\n", work.path);
    return LV2_WORKER_ERR_NO_SPACE;
  }
  if (work.kind != WORK_FREE) {
    (void)respond(handle, sizeof(work.request), &work.request); // If it is lost, run() looks anyway
  }
  return LV2_WORKER_SUCCESS;
}

// Audio thread from here

static LV2_Worker_Status
work_response(const LV2_Handle instance, const uint32_t size, const void* const body) RT
{
  (void)size;
  (void)body;
  plugin_take_answers((Plugin*)instance);
  return LV2_WORKER_SUCCESS;
}

const LV2_Worker_Interface plugin_worker = {work, work_response, NULL};

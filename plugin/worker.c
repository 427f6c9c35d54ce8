// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the worker thread does for the audio thread: load models and free them. A host may call
// work() from within schedule_work() when it does not run in real time.

#include "plugin/plugin.h"

#include <stddef.h>
#include <string.h>

/// Add to the answers, while the audio thread may take them
static void
answer(Plugin* const p, Loaded* const loaded)
{
  loaded->next = atomic_load(&p->answers);
  while (!atomic_compare_exchange_weak(&p->answers, &loaded->next, loaded)) {
  }
}

static LV2_Worker_Status
load(Plugin* const p, const Work* const work)
{
  plugin_set_wanted(p, work->path, work->request);
  Loaded* const loaded = plugin_load(p, work->path, work->request);
  if (!loaded) {
    lv2_log_error(&p->logger, "Grus: %s: out of memory\n", work->path);
    return LV2_WORKER_ERR_NO_SPACE;
  }
  answer(p, loaded);
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
work(const LV2_Handle instance, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  Plugin* const p = (Plugin*)instance;
  Work work = {0, ""};
  if (size < offsetof(Work, path) || size >= sizeof(Work)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&work, data, size);
  plugin_free_list(atomic_exchange(&p->garbage, NULL));
  if (!work.path[0]) {
    return LV2_WORKER_SUCCESS;
  }
  const LV2_Worker_Status status = load(p, &work);
  (void)respond(handle, sizeof(work.request), &work.request); // If it is lost, run() looks anyway
  return status;
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

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What the worker thread does for the audio thread: load models and free them. A host may call
// work() from within schedule_work() when it does not run in real time.

#include "plugin/plugin.h"

#include <stddef.h>
#include <string.h>

static LV2_Worker_Status
load(Plugin* const p, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle handle, const Work* const work)
{
  plugin_set_wanted(p, work->path, work->request);
  Loaded* const loaded = plugin_load(p, work->path, work->request);
  if (!loaded) {
    lv2_log_error(&p->logger, "Grus: %s: out of memory\n", work->path);
    return LV2_WORKER_ERR_NO_SPACE;
  }
  const LV2_Worker_Status status = respond(handle, sizeof(Loaded*), (const void*)&loaded);
  if (status != LV2_WORKER_SUCCESS) {
    lv2_log_error(&p->logger, "Grus: %s: the host has no room for the answer; choose it again\n",
                  work->path);
    plugin_free_list(loaded);
  }
  return status;
}

static LV2_Worker_Status
work(const LV2_Handle instance, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  Work work = {WORK_LOAD, 0, NULL, ""};
  if (size < offsetof(Work, path) || size > sizeof(Work)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&work, data, size);
  if (work.type == WORK_FREE) {
    plugin_free_list(work.list);
    return LV2_WORKER_SUCCESS;
  }
  work.path[sizeof(work.path) - 1] = '\0';
  return load((Plugin*)instance, respond, handle, &work);
}

// Audio thread from here

static LV2_Worker_Status
work_response(const LV2_Handle instance, const uint32_t size, const void* const body) RT
{
  Loaded* loaded = NULL;
  if (size != sizeof(loaded)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&loaded, body, sizeof(loaded));
  plugin_take((Plugin*)instance, loaded);
  return LV2_WORKER_SUCCESS;
}

const LV2_Worker_Interface plugin_worker = {work, work_response, NULL};

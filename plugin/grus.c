// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How a host makes, connects and ends an instance. Only this file's lv2_descriptor() is visible.

#include "plugin/plugin.h"

#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void*
feature(const LV2_Feature* const* const features, const char* const uri)
{
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    if (!strcmp((*f)->URI, uri)) {
      return (*f)->data;
    }
  }
  return NULL;
}

static void
take_features(Plugin* const p, const LV2_Feature* const* const features)
{
  p->map = (LV2_URID_Map*)feature(features, LV2_URID__map);
  p->schedule = p->map ? (LV2_Worker_Schedule*)feature(features, LV2_WORKER__schedule) : NULL;
  p->uris = uris_map(p->map);
  p->logger = (LV2_Log_Logger){NULL, 0, 0, 0, 0};
  if (p->map) {
    lv2_log_logger_init(&p->logger, p->map, (LV2_Log_Log*)feature(features, LV2_LOG__log));
    lv2_atom_forge_init(&p->forge, p->map);
  }
}

/// What sounds at the first insertion: no host should have to choose before it hears something
static void
load_default(Plugin* const p, const char* const bundle)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s%s" GRUS_DEFAULT_MODEL, bundle,
                 *bundle && bundle[strlen(bundle) - 1] == '/' ? "" : "/");
  plugin_set_wanted(p, path, p->request);
  Loaded* const loaded = plugin_load(p, path, p->request);
  if (loaded) {
    plugin_take(p, loaded);
  }
  plugin_settle(p);
}

static LV2_Handle
instantiate(const LV2_Descriptor* const descriptor, const double sample_rate,
            const char* const bundle, const LV2_Feature* const* const features)
{
  (void)descriptor;
  Plugin* const p = (Plugin*)calloc(1, sizeof(Plugin));
  if (!p || engine_new(sample_rate, &p->engine)) {
    free(p);
    return NULL;
  }
  pthread_mutex_init(&p->mutex, NULL);
  p->sample_rate = sample_rate;
  take_features(p, features);
  load_default(p, bundle);
  return p;
}

static void
connect_port(const LV2_Handle instance, const uint32_t port, void* const data) RT
{
  if (port < N_PORTS) {
    ((Plugin*)instance)->ports[port] = data;
  }
}

static void
activate(const LV2_Handle instance)
{
  plugin_settle((Plugin*)instance);
}

static void
cleanup(const LV2_Handle instance)
{
  Plugin* const p = (Plugin*)instance;
  plugin_settle(p);
  plugin_free_list(atomic_exchange(&p->answers, NULL));
  free(p->held); // Its model is the engine's
  engine_free(p->engine);
  pthread_mutex_destroy(&p->mutex);
  free(p);
}

static const void*
extension_data(const char* const uri)
{
  if (!strcmp(uri, LV2_WORKER__interface)) {
    return &plugin_worker;
  }
  return strcmp(uri, LV2_STATE__interface) ? NULL : plugin_state_interface();
}

static const LV2_Descriptor descriptor = {GRUS_MONO_URI, instantiate, connect_port, activate,
                                          plugin_run,    NULL,        cleanup,      extension_data};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  return index == 0 ? &descriptor : NULL;
}

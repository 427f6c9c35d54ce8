// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How a host makes, connects and frees an instance, mono or stereo. Hosts see only
// lv2_descriptor().

#include "plugin/plugin.h"

#include <lv2/state/state.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void*
find_feature(const LV2_Feature* const* const features, const char* const uri)
{
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    if ((*f)->URI && !strcmp((*f)->URI, uri)) { // lv2file passes a feature without URI
      return (*f)->data;
    }
  }
  return NULL;
}

static void
take_features(Plugin* const p, const LV2_Feature* const* const features)
{
  p->map = (LV2_URID_Map*)find_feature(features, LV2_URID__map);
  p->schedule = p->map ? (LV2_Worker_Schedule*)find_feature(features, LV2_WORKER__schedule) : NULL;
  p->uris = uris_map(p->map);
  p->logger = (LV2_Log_Logger){NULL, 0, 0, 0, 0};
  if (p->map) {
    lv2_log_logger_init(&p->logger, p->map, (LV2_Log_Log*)find_feature(features, LV2_LOG__log));
    lv2_atom_forge_init(&p->forge, p->map);
  }
}

/// Load what plays before the user chooses: a whole amplifier
static void
load_defaults(Plugin* const p, const char* const bundle)
{
  static const char* const names[N_SLOTS] = {
      [SLOT_MODEL] = GRUS_DEFAULT_MODEL,
      [SLOT_CABINET] = GRUS_DEFAULT_CABINET,
  };
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s%s%s", bundle,
                   *bundle && bundle[strlen(bundle) - 1] == '/' ? "" : "/", names[slot]);
    (void)plugin_load(p, (Task){(SlotId)slot, 0}, (Origin){path, NULL, true});
  }
  plugin_settle(p);
}

static LV2_Handle
instantiate_plugin(const LV2_Descriptor* const descriptor, const double sample_rate,
                   const char* const bundle, const LV2_Feature* const* const features)
{
  const uint32_t n_channels = strcmp(descriptor->URI, GRUS_STEREO_URI) ? 1 : 2;
  Plugin* const p = (Plugin*)calloc(1, sizeof(Plugin));
  if (!p || engine_new(sample_rate, n_channels, &p->engine)) {
    free(p);
    return NULL;
  }
  pthread_mutex_init(&p->mutex, NULL);
  p->sample_rate = sample_rate;
  p->n_channels = n_channels;
  p->cpu_share = cpu_share_at(sample_rate);
  p->watch.sample_rate = sample_rate;
  atomic_store(&p->oversampling, 1);
  take_features(p, features);
  plugin_tell_parameter(p, 0); // All
  load_defaults(p, bundle);
  return p;
}

static void
connect_port(const LV2_Handle instance, const uint32_t port, void* const data) RT
{
  Plugin* const p = (Plugin*)instance;
  const Port which = ports_at(port, p->n_channels);
  if (which < N_PORTS) {
    p->ports[which] = data;
  }
}

static void
activate_plugin(const LV2_Handle instance)
{
  plugin_settle((Plugin*)instance);
  plugin_repeat_requests((Plugin*)instance);
}

static void
free_plugin(const LV2_Handle instance)
{
  Plugin* const p = (Plugin*)instance;
  plugin_clear_slots(p);
  plugin_clear_choices(p);
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

static const LV2_Descriptor descriptors[] = {
    {GRUS_MONO_URI, instantiate_plugin, connect_port, activate_plugin, plugin_run, NULL,
     free_plugin, extension_data},
    {GRUS_STEREO_URI, instantiate_plugin, connect_port, activate_plugin, plugin_run, NULL,
     free_plugin, extension_data},
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  return index < sizeof(descriptors) / sizeof(descriptors[0]) ? &descriptors[index] : NULL;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The life of a model in the plugin: loaded on any thread but the audio thread, held while it is
// heard, then trash, freed where it was loaded.

#include "plugin/plugin.h"

#include "core/model_file.h"

#include <stdio.h>
#include <stdlib.h>

/// Say what a user should know of a model that was loaded
static void
log_remarks(Plugin* const p, const ModelFile* const file, const char* const path)
{
  if (file->warning.text[0]) {
    lv2_log_warning(&p->logger, "Grus: %s\n", file->warning.text);
  }
  if (file->sample_rate_is_assumed) {
    lv2_log_note(&p->logger, "Grus: %s does not say its sample rate; assuming 48000 Hz\n", path);
  }
  const double rate = model_file_set_for(file, p->sample_rate).sample_rate;
  if (rate != p->sample_rate) {
    lv2_log_warning(&p->logger,
                    "Grus: %s learned at %g Hz, this session is at %g Hz: it will not sound as "
                    "recorded\n",
                    path, rate, p->sample_rate);
  }
}

Loaded*
plugin_load(Plugin* const plugin, const char* const path, const uint32_t request)
{
  Loaded* const loaded = (Loaded*)calloc(1, sizeof(Loaded));
  Message message = {""};
  ModelFile file = {0};
  if (!loaded) {
    return NULL;
  }
  loaded->request = request;
  (void)snprintf(loaded->path, sizeof(loaded->path), "%s", path);
  if (model_file_read(path, &file, &message)) {
    lv2_log_error(&plugin->logger, "Grus: %s\n", message.text);
    return loaded;
  }
  if (model_new(&file, (ModelUse){plugin->sample_rate, 1, 1}, &loaded->model)) {
    lv2_log_error(&plugin->logger, "Grus: %s: out of memory\n", path);
  } else {
    log_remarks(plugin, &file, path);
  }
  model_file_clear(&file);
  return loaded;
}

void
plugin_free_list(Loaded* list)
{
  while (list) {
    Loaded* const next = list->next;
    model_free(list->model);
    free(list);
    list = next;
  }
}

void
plugin_set_wanted(Plugin* const plugin, const char* const path, const uint32_t request)
{
  pthread_mutex_lock(&plugin->mutex);
  if (request >= plugin->wanted_request) {
    (void)snprintf(plugin->wanted, sizeof(plugin->wanted), "%s", path);
    plugin->wanted_request = request;
  }
  pthread_mutex_unlock(&plugin->mutex);
}

void
plugin_settle(Plugin* const plugin)
{
  plugin_collect(plugin);
  engine_reset(plugin->engine); // Frees the models that are not heard any more
  Loaded* list = plugin->held;
  plugin->held = NULL;
  while (list) {
    Loaded* const next = list->next;
    if (list->model == engine_model(plugin->engine)) {
      list->next = NULL;
      plugin->held = list;
    } else {
      free(list);
    }
    list = next;
  }
  plugin_free_list(plugin->trash);
  plugin->trash = NULL;
  plugin_free_list(atomic_exchange(&plugin->garbage, NULL));
}

// Audio thread from here

static void
push(Loaded** const list, Loaded* const loaded) RT
{
  loaded->next = *list;
  *list = loaded;
}

/// Move the one that holds `model`, which the engine gave back, to the trash
static void
discard(Plugin* const p, const Model* const model) RT
{
  for (Loaded** link = &p->held; model && *link; link = &(*link)->next) {
    if ((*link)->model == model) {
      Loaded* const found = *link;
      *link = found->next;
      push(&p->trash, found);
      return;
    }
  }
}

void
plugin_collect(Plugin* const plugin) RT
{
  discard(plugin, engine_take_retired(plugin->engine));
}

void
plugin_take(Plugin* const plugin, Loaded* const loaded) RT
{
  if (loaded->request != plugin->request) { // A newer request is on its way
    push(&plugin->trash, loaded);
    return;
  }
  plugin->status = loaded->model ? MODEL_STATUS_LOADED : MODEL_STATUS_FAILED;
  plugin->is_to_announce = true;
  if (!loaded->model) {
    push(&plugin->trash, loaded);
    return;
  }
  push(&plugin->held, loaded);
  discard(plugin, engine_change_model(plugin->engine, loaded->model));
}

void
plugin_take_answers(Plugin* const plugin) RT
{
  Loaded* list = atomic_exchange(&plugin->answers, NULL);
  while (list) {
    Loaded* const next = list->next;
    plugin_take(plugin, list);
    list = next;
  }
}

const Loaded*
plugin_current(const Plugin* const plugin) RT
{
  return plugin->held; // The newest is the first
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The life of a model or cabinet in the plugin: loaded on any thread but the audio thread, held while
// it is heard, then trash, freed where it was loaded.

#include "plugin/plugin.h"

#include "core/engine/load.h"
#include "core/format/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
free_thing(const UriPart part, void* const thing)
{
  if (part == URI_PART_MODEL) {
    model_free((Model*)thing);
  } else {
    convolver_free((Convolver*)thing);
  }
}

void
plugin_free_list(Loaded* list)
{
  while (list) {
    Loaded* const next = list->next;
    free_thing(list->part, list->thing);
    free(list);
    list = next;
  }
}

static void
log_remarks(Plugin* const p, const LoadRemarks* const remarks)
{
  if (remarks->warning.text[0]) {
    lv2_log_warning(&p->logger, "Grus: %s\n", remarks->warning.text);
  }
  if (remarks->note.text[0]) {
    lv2_log_note(&p->logger, "Grus: %s\n", remarks->note.text);
  }
}

/// Make a model or a cabinet from its bytes
static Status
build(Plugin* const p, Loaded* const loaded, const Content* const content)
{
  const ModelUse use = {p->sample_rate, p->n_channels, loaded->oversampling};
  const LoadSource source = {content, loaded->path, loaded->loudness};
  LoadRemarks remarks = {{""}, {""}};
  Message message = {""};
  Model* model = NULL;
  Convolver* cabinet = NULL;
  const Status status = loaded->part == URI_PART_MODEL
                            ? load_model(source, use, &model, &remarks, &message)
                            : load_cabinet(source, use, &cabinet, &remarks, &message);
  if (status) {
    lv2_log_error(&p->logger, "Grus: %s\n", message.text);
    return status;
  }
  if (model) {
    loaded->loudness = (ModelFileLevel){true, model_levels(model).loudness};
  }
  log_remarks(p, &remarks);
  loaded->thing = loaded->part == URI_PART_MODEL ? (void*)model : (void*)cabinet;
  return STATUS_OK;
}

static void
set_choice(Choice* const choice, const char* const path, const Content content)
{
  content_clear(&choice->content);
  (void)snprintf(choice->path, sizeof(choice->path), "%s", path);
  choice->content = content;
}

/// Return a copy, or none if there is no memory for one
static Content
copy_of(const Content* const content)
{
  Content copy = {NULL, 0};
  return content->size && !content_copy(content->bytes, content->size, &copy) ? copy
                                                                              : (Content){NULL, 0};
}

/// Remember what was chosen, unless a newer request has spoken; takes `content`
static void
remember(Plugin* const p, const Loaded* const loaded, Content content)
{
  Choices* const choices = &p->choices[loaded->part];
  pthread_mutex_lock(&p->mutex);
  if (loaded->request >= choices->request) {
    choices->request = loaded->request;
    if (!loaded->is_failed) {
      set_choice(&choices->heard, loaded->path, copy_of(&content));
      choices->heard_request = loaded->request;
      choices->heard_loudness = loaded->loudness;
    }
    set_choice(&choices->wanted, loaded->path, content);
    content = (Content){NULL, 0};
  }
  pthread_mutex_unlock(&p->mutex);
  content_clear(&content);
}

/// Add to the answers, while the audio thread may take them
static void
answer(Plugin* const p, Loaded* const loaded)
{
  loaded->next = atomic_load(&p->answers);
  while (!atomic_compare_exchange_weak(&p->answers, &loaded->next, loaded)) {
  }
}

static Loaded*
new_loaded(Plugin* const p, const Task task, const char* const path)
{
  Loaded* const loaded = (Loaded*)calloc(1, sizeof(Loaded));
  if (loaded) {
    loaded->part = task.part;
    loaded->request = task.request;
    loaded->oversampling = atomic_load(&p->oversampling);
    (void)snprintf(loaded->path, sizeof(loaded->path), "%s", path);
  }
  return loaded;
}

/// Get the bytes of a file, or a copy of those that are there
static Status
get_content(Plugin* const p, const UriPart part, const Origin origin, Content* const content)
{
  const size_t limit = part == URI_PART_MODEL ? MODEL_FILE_MAX_SIZE : LOAD_MAX_CABINET_SIZE;
  Message message = {""};
  if (origin.content) {
    return content_copy(origin.content->bytes, origin.content->size, content);
  }
  const Status status = content_read(origin.path, limit, content, &message);
  if (status) {
    lv2_log_error(&p->logger, "Grus: %s\n", message.text);
  }
  return status;
}

bool
plugin_load(Plugin* const plugin, const Task task, const Origin origin)
{
  Content content = {NULL, 0};
  Loaded* const loaded = new_loaded(plugin, task, origin.path);
  const bool is_nothing = task.part == URI_PART_CABINET && !origin.path[0];
  if (!loaded) {
    return false;
  }
  if (!is_nothing) {
    loaded->is_failed =
        get_content(plugin, task.part, origin, &content) || build(plugin, loaded, &content);
  }
  if (loaded->is_failed && !origin.content) { // What a state brought, the next one keeps
    content_clear(&content);
  }
  remember(plugin, loaded, content);
  answer(plugin, loaded);
  return true;
}

bool
plugin_rebuild(Plugin* const plugin, const UriPart part)
{
  Choices* const choices = &plugin->choices[part];
  pthread_mutex_lock(&plugin->mutex);
  Content content = copy_of(&choices->heard.content);
  Loaded* const loaded =
      new_loaded(plugin, (Task){part, choices->heard_request}, choices->heard.path);
  const ModelFileLevel loudness = choices->heard_loudness;
  pthread_mutex_unlock(&plugin->mutex);
  if (loaded) {
    loaded->loudness = loudness;
    loaded->is_rebuilt = true;
    loaded->is_failed = !content.size || build(plugin, loaded, &content);
    answer(plugin, loaded);
  }
  content_clear(&content);
  return loaded != NULL;
}

void
plugin_clear_choices(Plugin* const plugin)
{
  for (int part = 0; part < N_URI_PARTS; ++part) {
    content_clear(&plugin->choices[part].wanted.content);
    content_clear(&plugin->choices[part].heard.content);
  }
}

/// Return what the engine has of a part
static const void*
heard_thing(const Plugin* const p, const UriPart part) RT
{
  return part == URI_PART_MODEL ? (const void*)engine_model(p->engine)
                                : (const void*)engine_cabinet(p->engine);
}

void
plugin_settle(Plugin* const plugin)
{
  plugin_take_answers(plugin);
  plugin_collect(plugin);
  engine_reset(plugin->engine); // Frees what is not heard any more
  for (int part = 0; part < N_URI_PARTS; ++part) {
    Loaded* list = plugin->parts[part].held;
    plugin->parts[part].held = NULL;
    while (list) {
      Loaded* const next = list->next;
      if (!plugin->parts[part].held && list->thing == heard_thing(plugin, (UriPart)part)) {
        list->next = NULL;
        plugin->parts[part].held = list;
      } else {
        free(list);
      }
      list = next;
    }
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

/// Move the one that holds `thing`, which the engine gave back, to the trash
static void
discard(Plugin* const p, const UriPart part, const void* const thing) RT
{
  for (Loaded** link = &p->parts[part].held; thing && *link; link = &(*link)->next) {
    if ((*link)->thing == thing) {
      Loaded* const found = *link;
      *link = found->next;
      push(&p->trash, found);
      return;
    }
  }
}

/// Move those that hold nothing, other than the newest, to the trash: the engine does not give them
/// back
static void
discard_empty(Plugin* const p, const UriPart part) RT
{
  Loaded** link = p->parts[part].held ? &p->parts[part].held->next : &p->parts[part].held;
  while (*link) {
    if (!(*link)->thing) {
      Loaded* const found = *link;
      *link = found->next;
      push(&p->trash, found);
    } else {
      link = &(*link)->next;
    }
  }
}

void
plugin_collect(Plugin* const plugin) RT
{
  discard(plugin, URI_PART_MODEL, engine_take_retired(plugin->engine));
  discard(plugin, URI_PART_CABINET, engine_take_retired_cabinet(plugin->engine));
  discard_empty(plugin, URI_PART_CABINET);
}

/// Give what was loaded to the engine; return what it never played
static const void*
hand_over(Plugin* const p, const Loaded* const loaded) RT
{
  return loaded->part == URI_PART_MODEL
             ? (const void*)engine_change_model(p->engine, (Model*)loaded->thing)
             : (const void*)engine_change_cabinet(p->engine, (Convolver*)loaded->thing);
}

/// Whether a newer one is on its way; what was made anew, whether something else is heard by now
static bool
is_outdated(const Plugin* const p, const Loaded* const loaded) RT
{
  const Loaded* const held = p->parts[loaded->part].held;
  return loaded->is_rebuilt ? !held || held->request != loaded->request
                            : loaded->request != atomic_load(&p->newest[loaded->part]);
}

/// What is to be shown once an answer has come
static PartStatus
status_of(const Loaded* const loaded, const PartStatus before) RT
{
  return loaded->is_failed    ? PART_STATUS_FAILED
         : loaded->is_rebuilt ? before
         : loaded->path[0]    ? PART_STATUS_LOADED
                              : PART_STATUS_NONE;
}

/// Take over what was loaded, or note that it was not
static void
take(Plugin* const p, Loaded* const loaded) RT
{
  Part* const part = &p->parts[loaded->part];
  if (is_outdated(p, loaded)) {
    push(&p->trash, loaded);
    return;
  }
  part->status = status_of(loaded, part->status);
  part->is_to_announce = part->is_to_announce || !loaded->is_rebuilt;
  if (loaded->is_failed) {
    push(&p->trash, loaded);
    return;
  }
  if (loaded->part == URI_PART_MODEL) {
    p->rebuilt_oversampling = 0; // Whether it is as wished for is looked at anew
  }
  push(&part->held, loaded);
  discard(p, loaded->part, hand_over(p, loaded));
}

/// Turn a list round
static Loaded*
reverse(Loaded* list) RT
{
  Loaded* reversed = NULL;
  while (list) {
    Loaded* const next = list->next;
    push(&reversed, list);
    list = next;
  }
  return reversed;
}

void
plugin_take_answers(Plugin* const plugin) RT
{
  Loaded* list = reverse(atomic_exchange(&plugin->answers, NULL));
  while (list) {
    Loaded* const next = list->next;
    take(plugin, list);
    list = next;
  }
}

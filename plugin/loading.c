// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// From a path or a state's bytes to an answer for the audio thread. Any thread but the audio
// thread.

#include "plugin/plugin.h"

#include "core/engine/load.h"
#include "core/file.h"
#include "core/step.h"
#include "plugin/slot_kinds.h"

#include <stdlib.h>

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

/// Make a model or a cabinet from its bytes; on failure, write why
static Status
build_object(Plugin* const p, Loaded* const loaded)
{
  const ModelUse use = {p->sample_rate, p->n_channels, loaded->oversampling};
  const LoadRate rate = {(double)loaded->rate, "the parameter \"Model rate\""};
  const LoadSource source = {&loaded->choice->content, loaded->choice->path, loaded->loudness,
                             rate};
  LoadRemarks remarks = {.warning = {""}};
  const Status status =
      slot_kinds[loaded->slot].load(source, use, loaded, &remarks, &loaded->message);
  if (!status) {
    loaded->about = remarks.about;
    log_remarks(p, &remarks);
  }
  return status;
}

/// Read the bytes of a file, or copy those that a state brought; on failure, write why
static Status
read_content(const Origin origin, Loaded* const loaded)
{
  const SlotKind* const kind = &slot_kinds[loaded->slot];
  Content* const content = &loaded->choice->content;
  if (!origin.content) {
    return file_read_whole(origin.path, kind->file_kind, kind->max_file_size, content,
                           &loaded->message);
  }
  const Status status = content_copy(origin.content->bytes, origin.content->size, content);
  return status ? status_fail(&loaded->message, status, "%s: %s", origin.path, status_text(status))
                : STATUS_OK;
}

static void
replace_choice(Choice** const place, Choice* const choice)
{
  choice_release(*place);
  *place = choice_share(choice);
}

/// Note what is built; return false if it is the same as before. The mutex is locked.
static bool
note_build(Choices* const choices, const Loaded* const loaded)
{
  const bool is_new = choices->built_request != loaded->request ||
                      choices->built_oversampling != loaded->oversampling ||
                      choices->built_rate != loaded->rate;
  choices->built_request = loaded->request;
  choices->built_oversampling = loaded->oversampling;
  choices->built_rate = loaded->rate;
  return is_new;
}

/// Remember what was chosen, unless it belongs to an older request than the last one
static void
remember_choice(Plugin* const p, const Loaded* const loaded)
{
  Choices* const choices = &p->choices[loaded->slot];
  pthread_mutex_lock(&p->mutex);
  if (loaded->request >= choices->wanted_request) {
    replace_choice(&choices->wanted, loaded->choice);
    choices->wanted_request = loaded->request;
    if (!loaded->status) {
      replace_choice(&choices->playing, loaded->choice);
      choices->playing_request = loaded->request;
      choices->playing_loudness = loaded->loudness;
      choices->playing_rate = loaded->rate;
      (void)note_build(choices, loaded);
    }
  }
  pthread_mutex_unlock(&p->mutex);
}

void
plugin_wish(Plugin* const plugin, const SlotId slot, Choice* const wish)
{
  if (wish) {
    pthread_mutex_lock(&plugin->mutex);
    replace_choice(&plugin->choices[slot].wanted, wish);
    pthread_mutex_unlock(&plugin->mutex);
  }
}

static void
log_failure(Plugin* const p, const Loaded* const loaded)
{
  if (loaded->status) {
    lv2_log_error(&p->logger, "Grus: %s\n", loaded->message.text);
  }
}

/// Add to the answers, while the audio thread may take them
static void
push_answer(Plugin* const p, Loaded* const loaded)
{
  loaded->next = atomic_load(&p->answers);
  while (!atomic_compare_exchange_weak(&p->answers, &loaded->next, loaded)) {
  }
}

/// Make an answer without an object; it takes over the caller's use of `choice`
static Loaded*
new_loaded(Plugin* const p, const Task task, Choice* const choice)
{
  Loaded* const loaded = choice ? (Loaded*)calloc(1, sizeof(Loaded)) : NULL;
  if (!loaded) {
    choice_release(choice);
    return NULL;
  }
  loaded->slot = task.slot;
  loaded->request = task.request;
  loaded->choice = choice;
  loaded->oversampling = atomic_load(&p->oversampling);
  loaded->rate = atomic_load(&p->model_rate);
  return loaded;
}

bool
plugin_load(Plugin* const plugin, const Task task, const Origin origin)
{
  Loaded* const loaded = new_loaded(plugin, task, choice_new(origin.path));
  if (!loaded) {
    atomic_store(&plugin->lost[task.slot], task.request);
    return false;
  }
  loaded->choice->is_given = origin.is_given;
  if (origin.path[0] || !slot_kinds[task.slot].can_be_empty) {
    loaded->status = read_content(origin, loaded);
    loaded->status = loaded->status ? loaded->status : build_object(plugin, loaded);
    log_failure(plugin, loaded);
  }
  if (loaded->status && !origin.content) { // What a state brought, the next one keeps
    content_clear(&loaded->choice->content);
  }
  remember_choice(plugin, loaded);
  push_answer(plugin, loaded);
  return true;
}

/// Answer that there is nothing to load
static bool
answer_unchanged(Plugin* const p, const Task task, Choice* const choice, const Status status,
                 const Message* const message)
{
  Loaded* const loaded = new_loaded(p, task, choice_share(choice));
  if (!loaded) {
    atomic_store(&p->lost[task.slot], task.request);
    return false;
  }
  loaded->status = status;
  loaded->message = *message;
  loaded->is_unchanged = true;
  log_failure(p, loaded);
  push_answer(p, loaded);
  return true;
}

/// Find the file to step to: from the last choice, or else, if that leads nowhere, from what plays
static Status
find_step(const Choice* const wanted, const Choice* const playing, const int32_t n_steps,
          char path[PATH_MAX], Message* const message)
{
  const Status status =
      wanted ? step_find(FOLDER_MODELS, wanted->path, n_steps, path, message) : STATUS_NO_MEMORY;
  return status && playing && !step_find(FOLDER_MODELS, playing->path, n_steps, path, NULL)
             ? STATUS_OK
             : status;
}

/// Return true if a request was performed before: it may have been sent again
static bool
is_done(Plugin* const p, const Task task)
{
  pthread_mutex_lock(&p->mutex);
  const bool is_last = p->choices[task.slot].wanted_request == task.request;
  pthread_mutex_unlock(&p->mutex);
  return is_last;
}

bool
plugin_step(Plugin* const plugin, const Task task, const int32_t n_steps)
{
  const Choices* const choices = &plugin->choices[task.slot];
  char path[PATH_MAX];
  Message message = {""};
  if (is_done(plugin, task)) {
    return true;
  }
  pthread_mutex_lock(&plugin->mutex);
  Choice* const wanted = choice_share(choices->wanted);
  Choice* const playing = choice_share(choices->playing);
  pthread_mutex_unlock(&plugin->mutex);
  const Status status = find_step(wanted, playing, n_steps, path, &message);
  const bool is_answered = status ? answer_unchanged(plugin, task, wanted, status, &message)
                                  : plugin_load(plugin, task, (Origin){path, NULL, false});
  choice_release(wanted);
  choice_release(playing);
  return is_answered;
}

/// Return false if the last build had the same settings: of many requests in a row, the first one
/// that is performed has the newest
static bool
must_build(Plugin* const p, const Loaded* const loaded)
{
  pthread_mutex_lock(&p->mutex);
  const bool is_new = note_build(&p->choices[loaded->slot], loaded);
  pthread_mutex_unlock(&p->mutex);
  return is_new;
}

bool
plugin_rebuild(Plugin* const plugin, const SlotId slot)
{
  Choices* const choices = &plugin->choices[slot];
  pthread_mutex_lock(&plugin->mutex);
  Choice* const choice = choice_share(choices->playing);
  const Task task = {slot, choices->playing_request};
  const ModelFileLoudness loudness = choices->playing_loudness;
  const float rate = choices->playing_rate;
  pthread_mutex_unlock(&plugin->mutex);
  Loaded* const loaded = new_loaded(plugin, task, choice);
  if (!loaded) {
    return !choice; // Without a choice there is nothing to rebuild
  }
  if (!must_build(plugin, loaded)) {
    plugin_free_list(loaded);
    return true;
  }
  loaded->loudness = loaded->rate == rate ? loudness : (ModelFileLoudness){.middle = {false, 0.0}};
  loaded->is_rebuilt = true;
  loaded->status = build_object(plugin, loaded);
  log_failure(plugin, loaded);
  push_answer(plugin, loaded);
  return true;
}

void
plugin_clear_choices(Plugin* const plugin)
{
  for (int slot = 0; slot < N_SLOTS; ++slot) {
    choice_release(plugin->choices[slot].wanted);
    choice_release(plugin->choices[slot].playing);
  }
}

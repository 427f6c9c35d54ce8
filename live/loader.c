// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// As many threads as there are processors take one entry after another. An entry is first read,
// then made ready to play; where either fails, its predecessor steps in.

#include "live/loader.h"

#include "core/engine/impulse_file.h"
#include "core/engine/load.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/hash.h"
#include "core/model/model_loudness.h"
#include "core/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 8U
#define MAX_REPORTS (4U * SETLIST_MAX_ENTRIES)
#define REASON_SIZE (STATUS_MESSAGE_SIZE - 64U) ///< Of a message in another
#define CHECK_RATE 48000.0 ///< At which cabinets are checked while there is no server [Hz]

typedef struct {
  bool is_error;
  Message message;
} Remark;

struct LoaderImpl {
  Sounds* sounds;
  Sounds* previous; ///< NULL: there are none
  uint32_t predecessors[SETLIST_MAX_ENTRIES];
  ModelUse use; ///< Rate 0: don't build anything
  uint32_t first_read;
  uint32_t n_read;
  int wake;
  pthread_t thread;
  atomic_uint next; ///< First entry that no thread has taken
  atomic_bool is_cancelled;
  atomic_bool is_done;
  pthread_mutex_t mutex; ///< Around the remarks
  Remark* remarks;       ///< (MAX_REPORTS)
  uint32_t n_remarks;
};

static void
add_remark(Loader* const l, const bool is_error, const Message* const message)
{
  pthread_mutex_lock(&l->mutex);
  if (message->text[0] && l->n_remarks < MAX_REPORTS) {
    l->remarks[l->n_remarks++] = (Remark){is_error, *message};
  }
  pthread_mutex_unlock(&l->mutex);
}

// Reading

/// Read and check a model's file, and measure its loudness if it doesn't say it
static Status
read_model(const SetlistEntry* const entry, SoundFiles* const files, Message* const message)
{
  Content content = {NULL, 0};
  Status status = file_read_whole(entry->model, FILE_MODEL, MODEL_FILE_MAX_SIZE, &content, message);
  if (status) {
    return status;
  }
  files->hash = hash_add(files->hash, content.bytes, content.size);
  files->hash = hash_add(files->hash, &entry->model_rate, sizeof(entry->model_rate));
  status = model_file_parse(content.bytes, content.size, entry->model, &files->model, message);
  content_clear(&content);
  if (!status) {
    model_file_give_rate(&files->model, entry->model_rate);
  }
  if (!status && (status = model_loudness_find(&files->model))) {
    (void)status_fail(message, status, "%s: %s", entry->model, status_text(status));
  }
  return status;
}

static Status
check_cabinet(const SetlistEntry* const entry, const Content* const content, Message* const message)
{
  const ImpulseBytes bytes = {content->bytes, content->size, entry->cabinet};
  Impulse impulse = {0};
  Message warning = {""};
  const Status status = impulse_parse(bytes, CHECK_RATE, &impulse, &warning);
  if (status) {
    *message = warning;
    return status;
  }
  impulse_clear(&impulse);
  return STATUS_OK;
}

static Status
read_cabinet(const SetlistEntry* const entry, SoundFiles* const files, Message* const message)
{
  if (!entry->cabinet[0]) {
    return STATUS_OK;
  }
  const Status status =
      file_read_whole(entry->cabinet, FILE_SOUND, LOAD_MAX_CABINET_SIZE, &files->cabinet, message);
  if (status) {
    return status;
  }
  files->hash = hash_add(files->hash, files->cabinet.bytes, files->cabinet.size);
  return check_cabinet(entry, &files->cabinet, message);
}

static Status
read_files(const SetlistEntry* const entry, SoundFiles** const files, Message* const message)
{
  SoundFiles* const read = (SoundFiles*)calloc(1, sizeof(SoundFiles));
  if (!read) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  atomic_init(&read->n_users, 1);
  read->hash = hash_fnv1a("", 0);
  Status status = read_model(entry, read, message);
  if (status || (status = read_cabinet(entry, read, message))) {
    sounds_release_files(read);
    return status;
  }
  *files = read;
  return STATUS_OK;
}

// Building

static Status
build_model(const SetlistSound* const slot, const ModelUse use, Sound* const sound,
            Message* const message)
{
  const Status status = model_new(&slot->files->model, use, &sound->model);
  if (status) {
    return status_fail(message, status, "%s: %s", slot->entry.model, status_text(status));
  }
  if (model_n_knobs(sound->model)) { // Others were settled by model_new()
    model_settle(sound->model, slot->entry.controls.knobs);
  }
  return STATUS_OK;
}

static Status
build_cabinet(Loader* const l, const SetlistSound* const slot, Sound* const sound,
              Message* const message)
{
  LoadRemarks remarks = {.warning = {""}};
  if (!slot->files->cabinet.bytes) {
    return STATUS_OK;
  }
  const Status status = load_cabinet(
      (LoadSource){.content = &slot->files->cabinet, .name = slot->entry.cabinet},
      (CabinetUse){l->use.sample_rate, l->use.n_channels}, &sound->cabinet, &remarks, message);
  if (!status) {
    add_remark(l, false, &remarks.warning);
  }
  return status;
}

static Status
build_sound(Loader* const l, const SetlistSound* const slot, Sound** const sound,
            Message* const message)
{
  Sound* const built = (Sound*)calloc(1, sizeof(Sound));
  if (!built) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  atomic_init(&built->n_users, 1);
  built->use = l->use;
  Status status = build_model(slot, l->use, built, message);
  if (status || (status = build_cabinet(l, slot, built, message))) {
    sounds_release(built);
    return status;
  }
  add_remark(l, false, &slot->files->model.warning);
  *sound = built;
  return STATUS_OK;
}

static bool
is_same_use(const ModelUse a, const ModelUse b)
{
  return a.sample_rate == b.sample_rate && a.n_channels == b.n_channels &&
         a.oversampling == b.oversampling;
}

/// Return true if knobs, for which a model is settled, are as they were
static bool
has_same_knobs(const SetlistSound* const slot, const SetlistSound* const previous)
{
  const size_t n = slot->files->model.params.shape.n_inputs - 1U;
  return !n || !memcmp(slot->entry.controls.knobs, previous->entry.controls.knobs,
                       n * sizeof(slot->entry.controls.knobs[0]));
}

/// Return the predecessor's sound if it is what would be built
static Sound*
find_built(const Loader* const l, const SetlistSound* const slot,
           const SetlistSound* const previous)
{
  return previous && previous->sound && previous->files == slot->files &&
                 is_same_use(previous->sound->use, l->use) && has_same_knobs(slot, previous)
             ? previous->sound
             : NULL;
}

// One entry

static const SetlistSound*
predecessor_of(const Loader* const l, const uint32_t index)
{
  const uint32_t k = l->predecessors[index];
  return k == UINT32_MAX ? NULL : &l->previous->sounds[k];
}

/// Play on as before, although the entry is broken now
static void
keep_previous(Loader* const l, SetlistSound* const slot, const SetlistSound* const previous,
              const Message* const why)
{
  SetlistEntry entry = previous->entry;
  Message message = {""};
  char shown[REASON_SIZE];
  memcpy(entry.name, slot->entry.name, sizeof(entry.name));
  entry.is_loaded = slot->entry.is_loaded;
  slot->entry = entry;
  slot->is_kept = true;
  text_shorten(shown, sizeof(shown), why->text);
  (void)status_fail(&message, STATUS_BAD_FILE, "%s; the entry plays on as it was", shown);
  add_remark(l, true, &message);
}

/// Report which rate a model is played for if its file gives none
static void
note_rate(Loader* const l, const SetlistSound* const slot)
{
  const LoadRate rate = {slot->entry.model_rate, "model_rate"};
  Message note = {""};
  load_note_given_rate(load_own_rate(&slot->files->model), rate, slot->entry.model, &note);
  add_remark(l, false, &note);
}

/// Find the files: those on disk if they are to be read and whole, or else the predecessor's
static void
find_files(Loader* const l, const uint32_t index)
{
  SetlistSound* const slot = &l->sounds->sounds[index];
  const SetlistSound* const previous = predecessor_of(l, index);
  SoundFiles* const known = previous ? previous->files : NULL;
  if (index - l->first_read >= l->n_read) {
    slot->files = sounds_share_files(known);
    slot->reason = previous ? previous->reason : slot->reason;
    return;
  }
  if (read_files(&slot->entry, &slot->files, &slot->reason)) {
    slot->files = sounds_share_files(known);
    if (known) {
      keep_previous(l, slot, previous, &slot->reason);
    } else {
      add_remark(l, true, &slot->reason);
    }
  } else if (known && known->hash == slot->files->hash) {
    sounds_release_files(slot->files);
    slot->files = sounds_share_files(known);
  } else {
    note_rate(l, slot);
  }
}

/// Take the predecessor's sound in place of one that can't be built
static void
fall_back(Loader* const l, SetlistSound* const slot, const SetlistSound* const previous)
{
  if (previous && previous->sound && is_same_use(previous->sound->use, l->use)) {
    keep_previous(l, slot, previous, &slot->reason);
    sounds_release_files(slot->files);
    slot->files = sounds_share_files(previous->files);
    slot->sound = sounds_share(previous->sound);
  } else {
    add_remark(l, true, &slot->reason);
  }
}

static void
load_entry(Loader* const l, const uint32_t index)
{
  SetlistSound* const slot = &l->sounds->sounds[index];
  const SetlistSound* const previous = predecessor_of(l, index);
  find_files(l, index);
  if (l->use.sample_rate <= 0.0 || !slot->files) {
    return;
  }
  slot->sound = sounds_share(find_built(l, slot, previous));
  if (!slot->sound && build_sound(l, slot, &slot->sound, &slot->reason)) {
    fall_back(l, slot, previous);
  }
}

// All entries

/// Load entries until none is left
static void*
load_entries(void* const data)
{
  Loader* const l = (Loader*)data;
  for (uint32_t i = 0; (i = atomic_fetch_add(&l->next, 1)) < l->sounds->n_sounds &&
                       !atomic_load(&l->is_cancelled);) {
    load_entry(l, i);
  }
  return NULL;
}

/// Load everything on all processors, and wake the main thread
static void*
load_all(void* const data)
{
  Loader* const l = (Loader*)data;
  pthread_t threads[MAX_THREADS];
  const long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
  const uint64_t one = 1;
  uint32_t n = 0;
  while (n < MAX_THREADS && (long)n + 1 < n_processors && n + 1 < l->sounds->n_sounds &&
         !pthread_create(&threads[n], NULL, load_entries, l)) {
    ++n;
  }
  (void)load_entries(l);
  while (n) {
    (void)pthread_join(threads[--n], NULL);
  }
  atomic_store(&l->is_done, true);
  if (l->wake >= 0) {
    (void)!write(l->wake, &one, sizeof(one));
  }
  return NULL;
}

// Main thread

static void
free_loader(Loader* const l)
{
  sounds_free(l->sounds);
  sounds_free(l->previous);
  (void)pthread_mutex_destroy(&l->mutex);
  free(l->remarks);
  free(l);
}

static Loader*
new_loader(const LoaderTask* const task, const int wake)
{
  Loader* const l = (Loader*)calloc(1, sizeof(Loader));
  if (!l) {
    return NULL;
  }
  (void)pthread_mutex_init(&l->mutex, NULL);
  l->use = (ModelUse){task->sample_rate, task->n_channels, task->setlist->oversampling};
  l->first_read = task->first_read;
  l->n_read = task->n_read;
  l->wake = wake;
  l->remarks = (Remark*)calloc(MAX_REPORTS, sizeof(Remark));
  l->sounds = sounds_new(task->setlist);
  l->previous = task->previous ? sounds_copy(task->previous) : NULL;
  if (!l->remarks || !l->sounds || (task->previous && !l->previous)) {
    free_loader(l);
    return NULL;
  }
  sounds_find_predecessors(l->sounds, l->previous, l->predecessors);
  return l;
}

Status
loader_start(const LoaderTask* const task, const int wake, Loader** const loader)
{
  Loader* const l = new_loader(task, wake);
  if (!l) {
    return STATUS_NO_MEMORY;
  }
  if (pthread_create(&l->thread, NULL, load_all, l)) {
    free_loader(l);
    return STATUS_NO_MEMORY;
  }
  *loader = l;
  return STATUS_OK;
}

bool
loader_is_done(const Loader* const loader)
{
  return atomic_load(&loader->is_done);
}

static bool
has_any(const Loader* const l)
{
  for (uint32_t i = 0; i < l->sounds->n_sounds; ++i) {
    const SetlistSound* const slot = &l->sounds->sounds[i];
    if (l->use.sample_rate > 0.0 ? slot->sound != NULL : slot->files != NULL) {
      return true;
    }
  }
  return false;
}

Status
loader_finish(Loader* const loader, const LoaderReport report, Sounds** const sounds)
{
  (void)pthread_join(loader->thread, NULL);
  for (uint32_t i = 0; i < loader->n_remarks; ++i) {
    report(loader->remarks[i].is_error, loader->remarks[i].message.text);
  }
  const Status status = has_any(loader) ? STATUS_OK : STATUS_BAD_FILE;
  if (!status) {
    *sounds = loader->sounds;
    loader->sounds = NULL;
  }
  free_loader(loader);
  return status;
}

void
loader_cancel(Loader* const loader)
{
  if (loader) {
    atomic_store(&loader->is_cancelled, true);
    (void)pthread_join(loader->thread, NULL);
    free_loader(loader);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Loads set lists on as many threads as there are processors, to be ready to play soon.

#include "live/sounds.h"

#include "core/content.h"
#include "core/engine/load.h"
#include "core/file.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_THREADS 8U

/// What all threads share
typedef struct {
  Sounds* sounds;
  ModelUse use;
  SoundsReport report;
  pthread_mutex_t mutex; ///< Around report()
  atomic_uint next;      ///< First entry that no thread has taken
} Job;

static void
report_entry(Job* const job, const bool is_error, const char* const text)
{
  if (text[0]) {
    pthread_mutex_lock(&job->mutex);
    job->report(is_error, text);
    pthread_mutex_unlock(&job->mutex);
  }
}

static Status
load_one_model(Job* const job, SetlistSound* const sound, Message* const message)
{
  Content content = {NULL, 0};
  LoadRemarks remarks = {{""}, {""}};
  Status status =
      file_read_whole(sound->entry.model, FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, message);
  if (!status) {
    status = load_model((LoadSource){.content = &content, .name = sound->entry.model}, job->use,
                        &sound->model, &remarks, message);
  }
  content_clear(&content);
  if (!status) {
    report_entry(job, false, remarks.warning.text);
  }
  if (!status && model_n_knobs(sound->model)) { // Others were settled by load_model()
    model_settle(sound->model, sound->entry.controls.knobs);
  }
  return status;
}

static Status
load_one_cabinet(Job* const job, SetlistSound* const sound, Message* const message)
{
  Content content = {NULL, 0};
  LoadRemarks remarks = {{""}, {""}};
  if (!sound->entry.cabinet[0]) {
    return STATUS_OK;
  }
  Status status =
      file_read_whole(sound->entry.cabinet, FILE_PLAIN, LOAD_MAX_CABINET_SIZE, &content, message);
  if (!status) {
    status = load_cabinet((LoadSource){.content = &content, .name = sound->entry.cabinet},
                          (CabinetUse){job->use.sample_rate, job->use.n_channels}, &sound->cabinet,
                          &remarks, message);
  }
  content_clear(&content);
  report_entry(job, false, remarks.warning.text);
  return status;
}

/// Load entries until none is left
static void*
load_entries(void* const data)
{
  Job* const job = (Job*)data;
  for (uint32_t i = 0; (i = atomic_fetch_add(&job->next, 1)) < job->sounds->n_sounds;) {
    SetlistSound* const sound = &job->sounds->sounds[i];
    Message message = {""};
    if (load_one_model(job, sound, &message) || load_one_cabinet(job, sound, &message)) {
      model_free(sound->model);
      sound->model = NULL;
      report_entry(job, true, message.text);
    }
  }
  return NULL;
}

static void
load_all(Job* const job)
{
  pthread_t threads[MAX_THREADS];
  const long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
  uint32_t n = 0;
  while (n < MAX_THREADS && (long)n + 1 < n_processors && n + 1 < job->sounds->n_sounds &&
         !pthread_create(&threads[n], NULL, load_entries, job)) {
    ++n;
  }
  (void)load_entries(job);
  while (n) {
    (void)pthread_join(threads[--n], NULL);
  }
}

static Sounds*
new_sounds(const Setlist* const setlist)
{
  Sounds* const sounds = (Sounds*)calloc(1, sizeof(Sounds));
  if (!sounds ||
      !(sounds->sounds = (SetlistSound*)calloc(setlist->n_entries, sizeof(SetlistSound)))) {
    free(sounds);
    return NULL;
  }
  sounds->n_sounds = setlist->n_entries;
  sounds->midi = setlist->midi;
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    sounds->sounds[i].entry = setlist->entries[i];
  }
  return sounds;
}

static bool
any_is_loaded(const Sounds* const sounds)
{
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    if (sounds->sounds[i].model) {
      return true;
    }
  }
  return false;
}

Status
sounds_load(const Setlist* const setlist, const double sample_rate, const uint32_t n_channels,
            const SoundsReport report, Sounds** const sounds)
{
  Job job = {new_sounds(setlist),
             {sample_rate, n_channels, setlist->oversampling},
             report,
             PTHREAD_MUTEX_INITIALIZER,
             0};
  if (!job.sounds) {
    return STATUS_NO_MEMORY;
  }
  load_all(&job);
  if (!any_is_loaded(job.sounds)) {
    sounds_free(job.sounds);
    return STATUS_BAD_FILE;
  }
  *sounds = job.sounds;
  return STATUS_OK;
}

void
sounds_free(Sounds* const sounds)
{
  for (uint32_t i = 0; sounds && i < sounds->n_sounds; ++i) {
    model_free(sounds->sounds[i].model);
    convolver_free(sounds->sounds[i].cabinet);
  }
  if (sounds) {
    free(sounds->sounds);
    free(sounds);
  }
}

/// Return the number of the entry with this name, or 0
static uint32_t
find_named(const Sounds* const sounds, const char* const name)
{
  uint32_t i = 0;
  while (i < sounds->n_sounds && strcmp(sounds->sounds[i].entry.name, name) != 0) {
    ++i;
  }
  return i < sounds->n_sounds ? i : 0;
}

void
sounds_find_successors(Sounds* const sounds, const Setlist* const previous)
{
  for (uint32_t i = 0; i < previous->n_entries; ++i) {
    sounds->successors[i] = find_named(sounds, previous->entries[i].name);
  }
}

uint32_t
sounds_next(const Sounds* const sounds, const uint32_t from, const bool goes_up)
{
  const uint32_t n = sounds->n_sounds;
  uint32_t i = from % n;
  for (uint32_t k = 0; k < n && !sounds->sounds[i].model; ++k) {
    i = (goes_up ? i + 1 : i + n - 1) % n;
  }
  return i;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Counts the users of shared parts. Loader threads share, too, so the counts are atomic.

#include "live/sounds.h"

#include <stdlib.h>
#include <string.h>

SoundFiles*
sounds_share_files(SoundFiles* const files)
{
  if (files) {
    atomic_fetch_add(&files->n_users, 1);
  }
  return files;
}

Sound*
sounds_share(Sound* const sound)
{
  if (sound) {
    atomic_fetch_add(&sound->n_users, 1);
  }
  return sound;
}

void
sounds_release_files(SoundFiles* const files)
{
  if (files && atomic_fetch_sub(&files->n_users, 1) == 1) {
    model_file_clear(&files->model);
    content_clear(&files->cabinet);
    free(files);
  }
}

void
sounds_release(Sound* const sound)
{
  if (sound && atomic_fetch_sub(&sound->n_users, 1) == 1) {
    model_free(sound->model);
    convolver_free(sound->cabinet);
    free(sound);
  }
}

static Sounds*
allocate_sounds(const uint32_t n)
{
  Sounds* const sounds = (Sounds*)calloc(1, sizeof(Sounds));
  if (!sounds || !(sounds->sounds = (SetlistSound*)calloc(n, sizeof(SetlistSound)))) {
    free(sounds);
    return NULL;
  }
  sounds->n_sounds = n;
  return sounds;
}

Sounds*
sounds_new(const Setlist* const setlist)
{
  Sounds* const sounds = allocate_sounds(setlist->n_entries);
  if (!sounds) {
    return NULL;
  }
  sounds->midi = setlist->midi;
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    sounds->sounds[i].entry = setlist->entries[i];
  }
  return sounds;
}

Sounds*
sounds_copy(const Sounds* const sounds)
{
  Sounds* const copy = allocate_sounds(sounds->n_sounds);
  if (!copy) {
    return NULL;
  }
  copy->midi = sounds->midi;
  copy->generation = sounds->generation;
  memcpy(copy->successors, sounds->successors, sizeof(copy->successors));
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    copy->sounds[i] = sounds->sounds[i];
    (void)sounds_share_files(copy->sounds[i].files);
    (void)sounds_share(copy->sounds[i].sound);
  }
  return copy;
}

void
sounds_free(Sounds* const sounds)
{
  for (uint32_t i = 0; sounds && i < sounds->n_sounds; ++i) {
    sounds_release_files(sounds->sounds[i].files);
    sounds_release(sounds->sounds[i].sound);
  }
  if (sounds) {
    free(sounds->sounds);
    free(sounds);
  }
}

static bool
have_same_name(const SetlistEntry* const a, const SetlistEntry* const b)
{
  return a->is_loaded == b->is_loaded && !strcmp(a->name, b->name);
}

static bool
have_same_files(const SetlistEntry* const a, const SetlistEntry* const b)
{
  return !strcmp(a->model, b->model) && !strcmp(a->cabinet, b->cabinet);
}

/// Which entries of the previous sounds already have a successor?
typedef struct {
  const Sounds* previous;
  bool is_taken[SETLIST_MAX_ENTRIES];
} Matching;

/// Return the first entry that is free and alike, or UINT32_MAX
static uint32_t
take_match(Matching* const m, const SetlistEntry* const entry,
           bool (*const is_alike)(const SetlistEntry* a, const SetlistEntry* b))
{
  for (uint32_t i = 0; i < m->previous->n_sounds; ++i) {
    if (!m->is_taken[i] && is_alike(entry, &m->previous->sounds[i].entry)) {
      m->is_taken[i] = true;
      return i;
    }
  }
  return UINT32_MAX;
}

void
sounds_find_predecessors(const Sounds* const sounds, const Sounds* const previous,
                         uint32_t predecessors[SETLIST_MAX_ENTRIES])
{
  Matching m = {previous, {false}};
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    predecessors[i] =
        previous ? take_match(&m, &sounds->sounds[i].entry, have_same_name) : UINT32_MAX;
  }
  for (uint32_t i = 0; previous && i < sounds->n_sounds; ++i) {
    if (predecessors[i] == UINT32_MAX) {
      predecessors[i] = take_match(&m, &sounds->sounds[i].entry, have_same_files);
    }
  }
}

static bool
have_same_controls(const EngineControls* const a, const EngineControls* const b)
{
  for (int i = 0; i < N_CONTROLS; ++i) {
    const float difference = controls_get(a, (Control)i) - controls_get(b, (Control)i);
    if (difference < 0.0F || difference > 0.0F) {
      return false;
    }
  }
  return true;
}

void
sounds_find_successors(Sounds* const sounds, const Sounds* const previous)
{
  uint32_t predecessors[SETLIST_MAX_ENTRIES];
  memset(sounds->successors, 0, sizeof(sounds->successors));
  memset(sounds->keeps_controls, 0, sizeof(sounds->keeps_controls));
  sounds_find_predecessors(sounds, previous, predecessors);
  for (uint32_t i = 0; i < sounds->n_sounds; ++i) {
    const uint32_t k = predecessors[i];
    if (k != UINT32_MAX) {
      sounds->successors[k] = i;
      sounds->keeps_controls[k] = have_same_controls(&sounds->sounds[i].entry.controls,
                                                     &previous->sounds[k].entry.controls);
    }
  }
}

uint32_t
sounds_next(const Sounds* const sounds, const uint32_t from, const bool goes_up) RT
{
  const uint32_t n = sounds->n_sounds;
  uint32_t i = from % n;
  for (uint32_t k = 0; k < n && !sounds->sounds[i].sound; ++k) {
    i = (goes_up ? i + 1 : i + n - 1) % n;
  }
  return i;
}

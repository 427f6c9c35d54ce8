// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a user chooses comes first, so that a message names it rather than what follows from it.

#include "train/learn/run_traits.h"

#include "core/hash.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HASHED_FRAMES 64U ///< Of each clip, to identify a recording

/// Traits that are being collected
typedef struct {
  CheckpointTrait* traits;
  uint32_t n;
} TraitList;

static void __attribute__((format(printf, 3, 4)))
add_trait(TraitList* const list, const char* const name, const char* const format, ...)
{
  CheckpointTrait* const trait = &list->traits[list->n++];
  va_list args;
  va_start(args, format);
  (void)snprintf(trait->name, sizeof(trait->name), "%s", name);
  (void)vsnprintf(trait->value, sizeof(trait->value), format, args);
  va_end(args);
}

CheckpointTrait
run_trait_of_rate(const uint32_t further_rate)
{
  CheckpointTrait trait = {.name = "weights for "};
  if (further_rate) {
    (void)snprintf(trait.value, sizeof(trait.value), "%u Hz", further_rate);
  } else {
    (void)snprintf(trait.value, sizeof(trait.value), "the recorded rate");
  }
  return trait;
}

/// Return a hash of the beginning of each clip, and of where the knobs stood
static uint64_t
hash_clips(const Dataset* const d)
{
  const uint64_t numbers[] = {d->n_clips, d->warmup, d->length};
  const uint32_t n_frames = d->length < HASHED_FRAMES ? d->length : HASHED_FRAMES;
  uint64_t hash = hash_add(0, numbers, sizeof(numbers));
  for (uint32_t i = 0; i < d->n_clips; ++i) {
    const Clip* const clip = &d->clips[i];
    hash = hash_add(hash, clip->input, n_frames * sizeof(float));
    hash = hash_add(hash, clip->target, n_frames * sizeof(float));
    hash = hash_add(hash, clip->take->knobs, sizeof(clip->take->knobs));
  }
  return hash;
}

static const char*
optimiser_name(const OptimiserType optimiser)
{
  switch (optimiser) {
  case OPTIMISER_SOAP:
    return "soap";
  case OPTIMISER_ADAM:
    return "adam";
  case OPTIMISER_SGD:
    return "sgd";
  }
  return "unknown";
}

void
run_traits_collect(const TrainerConfig* const c, const Dataset* const train,
                   const Params* const start, CheckpointTrait traits[RUN_TRAITS])
{
  TraitList list = {traits, 0};
  memset(traits, 0, RUN_TRAITS * sizeof(traits[0]));
  add_trait(&list, "--hidden-size=", "%u", start->shape.hidden_size);
  add_trait(&list, "--cell=", "%s", params_cell_name(start->shape.cell));
  add_trait(&list, "a number of knobs of ", "%u", start->shape.n_inputs - 1);
  add_trait(&list, "--skip: ", "%s", start->shape.skip ? "yes" : "no");
  add_trait(&list, "--linear=", "%u", start->shape.n_taps);
  add_trait(&list, "--loss=", "%s", loss_name(c->loss));
  add_trait(&list, "--spectral=", "%.9g", c->spectral);
  add_trait(&list, "--optimizer=", "%s", optimiser_name(c->optimiser));
  add_trait(&list, "--learning-rate=", "%.9g", c->learning_rate);
  add_trait(&list, "--clip-norm=", "%.9g", c->max_norm);
  add_trait(&list, "a batch of ", "%u", c->batch);
  add_trait(&list, "--chunk=", "%u", c->chunk);
  add_trait(&list, "--starts=", "%u", c->n_starts);
  add_trait(&list, "--seed=", "%llu", (unsigned long long)c->seed);
  list.traits[list.n++] = run_trait_of_rate(c->further_rate);
  add_trait(&list, "gains of ", "%.9g and %.9g", c->scale ? (double)c->scale->input : 1.0,
            c->scale ? (double)c->scale->target : 1.0);
  add_trait(&list, "recordings or clips", "[%016llx]", (unsigned long long)hash_clips(train));
  add_trait(
      &list, "first weights", "[%016llx]",
      (unsigned long long)hash_add(0, start->values, params_count(start->shape) * sizeof(float)));
  assert(list.n <= RUN_TRAITS);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Compares versions and instruction sets by name, longer data by its hash. The first weights stand
// for the seed, the model of --from, and the mathematical functions of the C library.

#include "train/programs/train/team_check.h"

#include "core/hash.h"
#include "train/learn/bptt.h"
#include "train/learn/team.h"

#include <stdio.h>

#define HASH_TEXT_SIZE 17U

static void
write_hash(char text[HASH_TEXT_SIZE], const uint64_t hash)
{
  (void)snprintf(text, HASH_TEXT_SIZE, "%016llx", (unsigned long long)hash);
}

static uint64_t
hash_wav(const uint64_t before, const Wav* const wav)
{
  const uint64_t hash = hash_add(before, &wav->sample_rate, sizeof(wav->sample_rate));
  return hash_add(hash, wav->samples, (size_t)wav->n_frames * sizeof(float));
}

static uint64_t
hash_recordings(const TeamCheck* const m)
{
  uint64_t hash = 0;
  for (size_t i = 0; i < TEAM_CHECK_RECORDINGS; ++i) {
    for (uint32_t k = 0; k < m->recordings[i]->n_wavs; ++k) {
      hash = hash_wav(hash, &m->recordings[i]->wavs[k]);
    }
  }
  return hash;
}

static uint64_t
hash_params(const Params* const p)
{
  const uint64_t hash = hash_add(0, &p->shape.cell, sizeof(p->shape.cell));
  return hash_add(hash, p->values, params_count(p->shape) * sizeof(float));
}

Status
team_check_all(const TeamCheck* const check, Message* const message)
{
  if (team_size() == 1) {
    return STATUS_OK;
  }
  char arguments[HASH_TEXT_SIZE];
  char recordings[HASH_TEXT_SIZE];
  char weights[HASH_TEXT_SIZE];
  write_hash(arguments, check->arguments);
  write_hash(recordings, hash_recordings(check));
  write_hash(weights, hash_params(check->params));
  const TeamTrait traits[] = {
      {"version", check->version, "install the same version everywhere"},
      {"arguments", arguments, "all should be given the same"},
      {"instruction set", bptt_kernel(bptt_n_kernels() - 1)->isa,
       "results differ in the last bits, so use machines of one type"},
      {"recordings", recordings, "all should read the same files"},
      {"first weights", weights, "all should have the same --from and C library"},
  };
  for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); ++i) {
    const Status status = team_compare(traits[i], message);
    if (status) {
      return status;
    }
  }
  return STATUS_OK;
}

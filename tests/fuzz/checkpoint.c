// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checkpoints: one that is read fills all parts, any other changes none. Without a right hash
// nothing gets far, so most altered inputs are given one.

#include "train/learn/checkpoint.h"
#include "core/hash.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HASH_SIZE sizeof(uint64_t)

/// What a run keeps
typedef struct {
  double numbers[3];
  float weights[6];
} Kept;

static const CheckpointTrait traits[2] = {{"--seed=", "7"}, {"recordings", "[1f]"}};

static Checkpoint
checkpoint_of(Kept* const kept, CheckpointPart parts[3])
{
  parts[0] = (CheckpointPart){kept->numbers, sizeof(kept->numbers)};
  parts[1] = (CheckpointPart){NULL, 0};
  parts[2] = (CheckpointPart){kept->weights, sizeof(kept->weights)};
  return (Checkpoint){parts, 3, traits, 2};
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  Kept kept = {{1.0, -0.0, 1e300}, {1.0F, 0.5F, -2.0F, 1e-40F, 3.0F, 0.0F}};
  CheckpointPart parts[3];
  char path[128];
  char bytes[1024];
  const Checkpoint checkpoint = checkpoint_of(&kept, parts);
  (void)snprintf(path, sizeof(path), "%s/run.checkpoint", fuzz_folder());
  fuzz_check(!checkpoint_write(&checkpoint, path, NULL));
  FILE* const file = fopen(path, "rbe");
  fuzz_check(file != NULL);
  const size_t size = fread(bytes, 1, sizeof(bytes), file);
  fuzz_check(!fclose(file));
  fuzz_give(seeds, "whole", bytes, size);
}

size_t
LLVMFuzzerCustomMutator(uint8_t* const data, size_t size, const size_t most, const unsigned seed)
{
  size = LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, most) : size;
  if (seed % 4 && size >= HASH_SIZE) {
    const uint64_t hash = hash_add(0, data, size - HASH_SIZE);
    memcpy(data + size - HASH_SIZE, &hash, HASH_SIZE);
  }
  return size;
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static const Kept before = {{5.0}, {5.0F}};
  Kept kept = before;
  CheckpointPart parts[3];
  Message message = {""};
  const Checkpoint checkpoint = checkpoint_of(&kept, parts);
  const char* const path = fuzz_file(data, size);
  const bool is_there = checkpoint_is_there(path);
  const bool has_trait = checkpoint_has_trait(path, &traits[1]);
  if (checkpoint_read(&checkpoint, path, &message)) {
    fuzz_check_message(&message);
    fuzz_check(!memcmp(&kept, &before, sizeof(kept)));
  } else {
    fuzz_check(is_there && has_trait);
    fuzz_check(!memcmp(&kept, data + size - HASH_SIZE - sizeof(kept), sizeof(kept)));
  }
  return 0;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Runs a target without a fuzzer: its first inputs, those that a fuzzer found once, and first
// inputs that were altered a little, always the same. Prints TAP.
//
//     replay_TARGET N [FOLDER]        alter N inputs; FOLDER has those that were found
//     replay_TARGET --write FOLDER    write the first inputs

#include "tests/fuzz/fuzz.h"

#include "core/file.h"
#include "core/random.h"
#include "tests/fixtures.h"

#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_SEEDS 64U
#define MAX_SIZE 65536U ///< Of an altered input [bytes]
#define CRASH "/replay-crash"

typedef struct {
  size_t size;
  uint8_t* bytes;
} Seed;

static Seed seed_list[MAX_SEEDS];
static uint32_t n_seeds;
static Random randomness;
static const uint8_t* current; ///< What is being tried, for a crash
static size_t current_size;
static FILE* tap;
static char crash_path[PATH_MAX]; ///< Where it is kept

static void
note_seed(const char* const name, const void* const bytes, const size_t size, void* const context)
{
  (void)name;
  (void)context;
  fuzz_check(n_seeds < MAX_SEEDS);
  uint8_t* const copy = (uint8_t*)malloc(size ? size : 1);
  fuzz_check(copy != NULL);
  memcpy(copy, bytes, size);
  seed_list[n_seeds++] = (Seed){size, copy};
}

static void
write_seed(const char* const name, const void* const bytes, const size_t size, void* const context)
{
  char path[4096];
  (void)snprintf(path, sizeof(path), "%s/%s", (const char*)context, name);
  FILE* const file = fopen(path, "wbe");
  fuzz_check(file && fwrite(bytes, 1, size, file) == size && !fclose(file));
}

/// Keep the input that a signal came from
static void
keep_crash(const int number)
{
  FILE* const file = fopen(crash_path, "wbe");
  if (file) {
    (void)fwrite(current, 1, current_size, file);
    (void)fclose(file);
  }
  (void)fprintf(tap, "not ok - signal %d; the input is in %s\n", number, crash_path);
  (void)fflush(tap);
  (void)signal(number, SIG_DFL);
  (void)raise(number);
}

/// Try an input whose buffer ends where it does
static void
try_input(const uint8_t* const bytes, const size_t size)
{
  uint8_t* const copy = (uint8_t*)malloc(size ? size : 1);
  fuzz_check(copy != NULL);
  memcpy(copy, bytes, size);
  current = copy;
  current_size = size;
  (void)LLVMFuzzerTestOneInput(copy, size);
  free(copy);
}

// Altering

/// Alter some bytes, as libFuzzer does
size_t
LLVMFuzzerMutate(uint8_t* const data, const size_t size, const size_t most)
{
  const size_t at = size ? random_below(&randomness, (uint32_t)size) : 0;
  const size_t n = 1 + random_below(&randomness, 8);
  const uint32_t way = random_below(&randomness, 4);
  if (way == 0 && size + n <= most) {
    memmove(data + at + n, data + at, size - at);
    memset(data + at, (int)random_below(&randomness, 256), n);
    return size + n;
  }
  if (way == 1 && at + n < size) {
    memmove(data + at, data + at + n, size - at - n);
    return size - n;
  }
  for (size_t i = at; i < size && i < at + n; ++i) {
    data[i] = way == 2 ? (uint8_t)random_bits(&randomness)
                       : (uint8_t)(data[i] ^ 1U << random_below(&randomness, 8));
  }
  return size;
}

static size_t
alter_input(uint8_t* const data, const size_t size)
{
  return LLVMFuzzerCustomMutator
             ? LLVMFuzzerCustomMutator(data, size, MAX_SIZE, (unsigned)random_bits(&randomness))
             : LLVMFuzzerMutate(data, size, MAX_SIZE);
}

static void
try_altered(const uint32_t n)
{
  static uint8_t data[MAX_SIZE];
  for (uint32_t i = 0; i < n; ++i) {
    const Seed* const seed = &seed_list[random_below(&randomness, n_seeds)];
    size_t size = seed->size < MAX_SIZE ? seed->size : MAX_SIZE;
    memcpy(data, seed->bytes, size);
    for (uint32_t k = random_below(&randomness, 4) + 1; k; --k) {
      size = alter_input(data, size);
    }
    try_input(data, size);
  }
}

// What was found

static void
try_file(const char* const path)
{
  Content content = {NULL, 0};
  fuzz_check(!file_read_whole(path, FILE_PLAIN, MODEL_FILE_MAX_SIZE, &content, NULL));
  try_input((const uint8_t*)content.bytes, content.size);
  content_clear(&content);
}

/// Try the files of a folder; return their number. Without the folder there are none.
static uint32_t
try_folder(const char* const folder)
{
  uint32_t n = 0;
  DIR* const dir = folder ? opendir(folder) : NULL;
  for (const struct dirent* entry = NULL; dir && (entry = readdir(dir));) {
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
    if (entry->d_name[0] != '.') {
      try_file(path);
      ++n;
    }
  }
  if (dir) {
    (void)closedir(dir);
  }
  return n;
}

static void
try_seeds(void)
{
  for (uint32_t i = 0; i < n_seeds; ++i) {
    try_input(seed_list[i].bytes, seed_list[i].size);
    for (size_t size = 0; size < seed_list[i].size; size += 1 + seed_list[i].size / 16) {
      try_input(seed_list[i].bytes, size);
    }
  }
}

static void
replay_inputs(const uint32_t n_altered, const char* const folder)
{
  (void)fprintf(tap, "1..3\n");
  try_seeds();
  (void)fprintf(tap, "ok 1 - %u first inputs, whole and cut\n", n_seeds);
  (void)fprintf(tap, "ok 2 - %u inputs that were found\n", try_folder(folder));
  try_altered(n_altered);
  (void)fprintf(tap, "ok 3 - %u altered inputs\n", n_altered);
  for (uint32_t i = 0; i < n_seeds; ++i) {
    free(seed_list[i].bytes);
  }
}

int
main(const int argc, char** const argv)
{
  if (argc == 3 && !strcmp(argv[1], "--write")) {
    fuzz_make_seeds(&(FuzzSeeds){write_seed, argv[2]});
    return 0;
  }
  if (argc < 2) {
    (void)fprintf(stderr, "usage: replay N [FOLDER] | replay --write FOLDER\n");
    return 2;
  }
  const uint32_t n = (uint32_t)strtoul(argv[1], NULL, 10);
  tap = stdout;
  fuzz_check(getcwd(crash_path, sizeof(crash_path) - sizeof(CRASH)) != NULL);
  (void)strcat(crash_path, CRASH);
  randomness = random_for(1, 2);
  (void)signal(SIGABRT, keep_crash);
  (void)signal(SIGSEGV, keep_crash);
  fuzz_make_seeds(&(FuzzSeeds){note_seed, NULL});
  replay_inputs(fixture_is_slow() ? n / 20 : n, argc > 2 ? argv[2] : NULL);
  return 0;
}

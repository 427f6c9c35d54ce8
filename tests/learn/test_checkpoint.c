// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a checkpoint return what was written, and a damaged one nothing?

#include "tests/fixtures.h"

#include "core/hash.h"
#include "train/learn/checkpoint.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH "test_checkpoint.checkpoint"
#define MOST_BYTES 512U

/// Two values to keep
typedef struct {
  double numbers[3];
  float weights[6]; ///< So many that the structure has no gap with random bytes
  CheckpointPart parts[3];
  CheckpointTrait traits[2];
} Kept;

static Kept
kept_from(const float first)
{
  return (Kept){.numbers = {1.0 / 3.0, -0.0, 1e300},
                .weights = {first, 0.1F, -2.0F, 1e-40F, 3.0F, 0.0F}};
}

static Checkpoint
checkpoint_of(Kept* const k, const unsigned run, const unsigned recordings)
{
  k->parts[0] = (CheckpointPart){k->numbers, sizeof(k->numbers)};
  k->parts[1] = (CheckpointPart){NULL, 0}; // As the moments of plain gradient descent
  k->parts[2] = (CheckpointPart){k->weights, sizeof(k->weights)};
  memset(k->traits, 0, sizeof(k->traits));
  (void)snprintf(k->traits[0].name, CHECKPOINT_TEXT_SIZE, "--seed=");
  (void)snprintf(k->traits[0].value, CHECKPOINT_TEXT_SIZE, "%u", run);
  (void)snprintf(k->traits[1].name, CHECKPOINT_TEXT_SIZE, "recordings");
  (void)snprintf(k->traits[1].value, CHECKPOINT_TEXT_SIZE, "[%x]", recordings);
  return (Checkpoint){k->parts, 3, k->traits, 2};
}

/// Write a file of `size` bytes
static void
write_bytes(const char* const bytes, const size_t size)
{
  FILE* const stream = fopen(PATH, "wb");
  assert_non_null(stream);
  assert_int_equal(fwrite(bytes, 1, size, stream), size);
  assert_int_equal(fclose(stream), 0);
}

/// Write a good checkpoint of run 7; return its size
static size_t
write_good(char bytes[MOST_BYTES])
{
  Kept k = kept_from(1.5F);
  const Checkpoint c = checkpoint_of(&k, 7, 1);
  assert_int_equal(checkpoint_write(&c, PATH, NULL), STATUS_OK);
  FILE* const stream = fopen(PATH, "rb");
  assert_non_null(stream);
  const size_t size = fread(bytes, 1, MOST_BYTES, stream);
  assert_int_equal(fclose(stream), 0);
  return size;
}

/// Reading must fail and leave everything as it was
static void
check_refused_for(const unsigned run, const unsigned recordings, const Status status,
                  const char* const text)
{
  Kept k = kept_from(0.25F);
  const Checkpoint c = checkpoint_of(&k, run, recordings);
  const Kept before = k;
  Message message = {""};
  assert_int_equal(checkpoint_read(&c, PATH, &message), status);
  assert_non_null(strstr(message.text, text));
  assert_memory_equal(&k, &before, sizeof(k));
}

static void
check_refused(const Status status, const char* const text)
{
  check_refused_for(7, 1, status, text);
}

static void
every_bit_comes_back(void** const state)
{
  (void)state;
  char bytes[MOST_BYTES] = {0};
  Kept wanted = kept_from(1.5F);
  Kept k = {{0.0}, {0.0F}, {{NULL, 0}}, {{"", ""}}};
  const Checkpoint c = checkpoint_of(&k, 7, 1);
  (void)write_good(bytes);
  assert_int_equal(checkpoint_read(&c, PATH, NULL), STATUS_OK);
  assert_memory_equal(k.numbers, wanted.numbers, sizeof(k.numbers));
  assert_memory_equal(k.weights, wanted.weights, sizeof(k.weights));
  (void)remove(PATH);
}

static void
a_damaged_checkpoint_changes_nothing(void** const state)
{
  (void)state;
  char bytes[MOST_BYTES] = {0};
  const size_t size = write_good(bytes);
  for (size_t n = 0; n < size; ++n) {
    write_bytes(bytes, n);
    check_refused(STATUS_BAD_FILE, "is damaged");
  }
  write_bytes(bytes, size + 1);
  check_refused(STATUS_BAD_FILE, "is damaged");
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = (char)(bytes[i] ^ 0x10);
    write_bytes(bytes, size);
    check_refused(STATUS_BAD_FILE, "is damaged");
    bytes[i] = (char)(bytes[i] ^ 0x10);
  }
  (void)remove(PATH);
}

static void
a_missing_checkpoint_or_one_of_another_run_is_refused(void** const state)
{
  (void)state;
  char bytes[MOST_BYTES] = {0};
  (void)write_good(bytes);
  check_refused_for(8, 1, STATUS_BAD_ARGUMENT,
                    "was made by a different run, with --seed=7, not 8;");
  check_refused_for(7, 2, STATUS_BAD_ARGUMENT,
                    "was made by a different run, with other recordings; resume with the same");
  (void)remove(PATH);
  check_refused(STATUS_MISSING, PATH ": no such file");
}

/// Its hash is right, so it is no accident
static void
a_forged_checkpoint_without_the_end_of_a_text_is_refused(void** const state)
{
  (void)state;
  char bytes[MOST_BYTES] = {0};
  const size_t size = write_good(bytes);
  char* const seed = (char*)memmem(bytes, size, "--seed=", strlen("--seed="));
  assert_non_null(seed);
  memset(seed + CHECKPOINT_TEXT_SIZE, 'x', CHECKPOINT_TEXT_SIZE); // The value
  const uint64_t hash = hash_add(0, bytes, size - sizeof(uint64_t));
  memcpy(bytes + size - sizeof(hash), &hash, sizeof(hash));
  write_bytes(bytes, size);
  check_refused(STATUS_BAD_FILE, "is damaged");
  (void)remove(PATH);
}

static void
a_named_pipe_is_refused_without_waiting(void** const state)
{
  (void)state;
  assert_int_equal(mkfifo(PATH, 0600), 0);
  check_refused(STATUS_CANNOT_READ, PATH ": is a named pipe (FIFO); expected a checkpoint");
  (void)remove(PATH);
}

/// A common name in machine learning
static void
a_file_of_others_is_neither_replaced_nor_removed(void** const state)
{
  static const char* const theirs[] = {"mine", "", "grus-checkpoints of mine, in a text"};
  (void)state;
  for (size_t i = 0; i < 3; ++i) {
    char bytes[64] = "";
    Message message = {""};
    Kept k = kept_from(1.5F);
    const Checkpoint c = checkpoint_of(&k, 7, 1);
    write_bytes(theirs[i], strlen(theirs[i]));
    assert_false(checkpoint_is_there(PATH));
    assert_int_equal(checkpoint_write(&c, PATH, &message), STATUS_CANNOT_WRITE);
    assert_non_null(strstr(message.text, "is not a checkpoint"));
    checkpoint_remove(PATH);
    FILE* const stream = fopen(PATH, "rb");
    assert_non_null(stream);
    assert_int_equal(fread(bytes, 1, sizeof(bytes), stream), strlen(theirs[i]));
    assert_string_equal(bytes, theirs[i]);
    assert_int_equal(fclose(stream), 0);
    (void)remove(PATH);
  }
}

static void
a_checkpoint_is_replaced_and_removed(void** const state)
{
  (void)state;
  char bytes[MOST_BYTES] = {0};
  assert_false(checkpoint_is_there(PATH));
  (void)write_good(bytes);
  (void)write_good(bytes);
  assert_true(checkpoint_is_there(PATH));
  checkpoint_remove(PATH);
  assert_int_equal(access(PATH, F_OK), -1);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_bit_comes_back),
      cmocka_unit_test(a_damaged_checkpoint_changes_nothing),
      cmocka_unit_test(a_missing_checkpoint_or_one_of_another_run_is_refused),
      cmocka_unit_test(a_file_of_others_is_neither_replaced_nor_removed),
      cmocka_unit_test(a_checkpoint_is_replaced_and_removed),
      cmocka_unit_test(a_forged_checkpoint_without_the_end_of_a_text_is_refused),
      cmocka_unit_test(a_named_pipe_is_refused_without_waiting),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

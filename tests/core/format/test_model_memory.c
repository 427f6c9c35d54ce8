// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are models written and read whole or not at all, whichever allocation fails?

#include "tests/fixtures.h"

#include "core/file.h"
#include "core/format/formats.h"
#include "core/format/model_file_io.h"
#include "core/model/loudness.h"
#include "tests/allocation.h"
#include "tests/checks.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#define LARGEST ((size_t)1 << 20U)
#define OLD "old"

typedef Status (*WriteModel)(const ModelFile* file, const char* path, Message* message);

/// A model that has every optional part but a linear stage, or that, too; the caller clears
static ModelFile
full_model(const CellType cell, const uint32_t n_taps)
{
  ModelFile file = {.params = fixture_params((ParamsShape){cell, 1, 2, true, n_taps}, 1),
                    .sample_rate = 48000.0,
                    .loudness = {.middle = {true, -20.0}},
                    .input_dbu = {true, 12.0},
                    .output_dbu = {true, 6.0},
                    .name = "Plexi",
                    .knobs = {"drive"},
                    .delay = 1.5,
                    .source_hash = "abc",
                    .record = {.esr = 0.01}};
  return file;
}

/// Check that a file has these bytes
static void
check_bytes(const char* const path, const Content expected)
{
  Content content = {NULL, 0};
  assert_int_equal(file_read_whole(path, FILE_PLAIN, LARGEST, &content, NULL), STATUS_OK);
  assert_int_equal(content.size, expected.size);
  assert_memory_equal(content.bytes, expected.bytes, expected.size);
  content_clear(&content);
}

/// Write over an old file while allocation `k`, and perhaps all after it, fails; return true if one
/// did
static bool
write_failing(const WriteModel write, const ModelFile* const file,
              const AllocationFailures failures, const Content whole)
{
  char path[FILE_MAX_PATH];
  Message message = {""};
  fixture_path("failing.json", path);
  fixture_write_text(path, OLD);
  allocation_count(failures);
  const Status status = write(file, path, &message);
  const AllocationCounts counts = allocation_stop();
  assert_int_equal(counts.n_held, 0);
  assert_true(status == STATUS_OK || (status == STATUS_NO_MEMORY && message.text[0]));
  check_bytes(path, status ? (Content){(char[]){OLD}, strlen(OLD)} : whole);
  return counts.has_failed;
}

/// Return the next allocation to fail: each of the first and last ones, which are the texts and
/// matrices, and some of the thousands of the test signal
static long
next_of(const long k, const long n_all)
{
  return k < 150 || k > n_all - 150 ? k + 1 : k + 29;
}

/// Let one allocation after another fail
static void
check_writing(const WriteModel write, const CellType cell, const uint32_t n_taps,
              const bool and_later)
{
  char path[FILE_MAX_PATH];
  Content whole = {NULL, 0};
  ModelFile file = full_model(cell, n_taps);
  if (allocation_is_trapped()) {
    fixture_path("whole.json", path);
    allocation_count((AllocationFailures){.first = ALLOCATION_NEVER});
    assert_int_equal(write(&file, path, NULL), STATUS_OK);
    const long n_all = allocation_stop().n_requested;
    assert_int_equal(file_read_whole(path, FILE_PLAIN, LARGEST, &whole, NULL), STATUS_OK);
    long k = 0;
    while (write_failing(write, &file, (AllocationFailures){k, and_later, false}, whole)) {
      k = next_of(k, n_all);
    }
    check_at_least(k, n_all);
    check_above(n_all, 50);
    content_clear(&whole);
  }
  model_file_clear(&file);
}

static void
a_model_is_written_whole_or_not_at_all(void** const state)
{
  (void)state;
  check_writing(model_file_write, CELL_GRU_RESET_AFTER, 0, false);
  check_writing(model_file_write, CELL_GRU_RESET_BEFORE, 3, false);
  check_writing(model_file_write, CELL_LSTM, 0, true);
}

static void
a_guitarml_model_is_written_whole_or_not_at_all(void** const state)
{
  (void)state;
  check_writing(model_file_write_guitarml, CELL_LSTM, 0, false);
  check_writing(model_file_write_guitarml, CELL_GRU_RESET_AFTER, 0, true);
}

/// Return the JSON that `write` makes of a model, with a short test signal instead of its long one;
/// the caller frees
static char*
short_text(const WriteModel write, const CellType cell, const uint32_t n_taps)
{
  char path[FILE_MAX_PATH];
  ModelFile file = full_model(cell, n_taps);
  fixture_path("short.json", path);
  assert_int_equal(write(&file, path, NULL), STATUS_OK);
  model_file_clear(&file);
  json_t* const root = json_load_file(path, 0, NULL);
  assert_non_null(root);
  if (json_object_get(root, "input_batch")) {
    assert_int_equal(json_object_set_new(root, "input_batch", json_pack("[f]", 0.0)), 0);
    assert_int_equal(json_object_set_new(root, "output_batch", json_pack("[f]", 0.0)), 0);
  }
  char* const text = json_dumps(root, 0);
  json_decref(root);
  return text;
}

static uint32_t n_misleading; ///< Failures that were taken for a mistake in the text

/// Read while allocation `k` fails; `whole` is what writing the model again gives. Return true if
/// the allocation failed.
static bool
read_failing(const char* const text, const long k, const char* const whole)
{
  ModelFile file = {0};
  Message message = {""};
  char* written = NULL;
  allocation_count((AllocationFailures){.first = k});
  const Status status = model_json_decode(text, strlen(text), "m.json", &file, &message);
  const bool has_failed = allocation_stop().has_failed;
  if (status) {
    // jansson forgets digits that it could not store, and then stumbles over the number
    assert_true(status == STATUS_NO_MEMORY || status == STATUS_BAD_FILE);
    n_misleading += status == STATUS_BAD_FILE;
    assert_memory_equal(message.text, "m.json: ", 8);
    assert_null(file.params.values);
  } else {
    assert_int_equal(model_json_encode(&file, &written, NULL), STATUS_OK);
    assert_string_equal(written, whole);
  }
  free(written);
  model_file_clear(&file);
  return has_failed;
}

static void
check_reading(const WriteModel write, const CellType cell, const uint32_t n_taps)
{
  char* const text = short_text(write, cell, n_taps);
  ModelFile file = {0};
  char* whole = NULL;
  if (allocation_is_trapped()) {
    assert_int_equal(model_json_decode(text, strlen(text), "m.json", &file, NULL), STATUS_OK);
    assert_int_equal(model_json_encode(&file, &whole, NULL), STATUS_OK);
    long k = 0;
    n_misleading = 0;
    while (read_failing(text, k, whole)) {
      ++k;
    }
    check_above(k, 50);
    check_below(n_misleading, 0.1 * (double)k);
    model_file_clear(&file);
  }
  free(whole);
  free(text);
}

static void
a_model_is_read_whole_or_not_at_all(void** const state)
{
  (void)state;
  check_reading(model_file_write, CELL_GRU_RESET_AFTER, 0);
  check_reading(model_file_write, CELL_GRU_RESET_AFTER, 3);
  check_reading(model_file_write, CELL_GRU_RESET_BEFORE, 0);
  check_reading(model_file_write_guitarml, CELL_LSTM, 0);
}

/// Refuse a text of `n` times the same part, which is to cost no memory
static void
check_costs_nothing(const char* const part, const size_t n)
{
  static const char begin[] = "{\"layers\":[[";
  const size_t size = strlen(begin) + n * strlen(part);
  char* const text = (char*)malloc(size + 1);
  Message message = {""};
  ModelFile file = {0};
  (void)strcpy(text, begin);
  for (size_t i = 0; i < n; ++i) {
    memcpy(text + strlen(begin) + i * strlen(part), part, strlen(part));
  }
  allocation_count((AllocationFailures){.first = ALLOCATION_NEVER});
  assert_int_equal(model_json_decode(text, size, "m.json", &file, &message), STATUS_BAD_FILE);
  assert_int_equal(allocation_stop().n_requested, 0);
  assert_non_null(strstr(message.text, "m.json: has "));
  free(text);
}

static void
a_file_of_countless_values_costs_no_memory(void** const state)
{
  (void)state;
  check_costs_nothing("0,", 1600000);
  check_costs_nothing("[],", 20000);
  check_costs_nothing("{}", 20000);
}

static void
a_loudness_without_memory_is_an_error(void** const state)
{
  (void)state;
  static float samples[8000];
  double expected = 0.0;
  bool has_failed = allocation_is_trapped();
  loudness_phrase(8000.0, samples, 8000);
  assert_int_equal(loudness_measure(8000.0, samples, 8000, &expected), STATUS_OK);
  for (long k = 0; has_failed; ++k) {
    double lufs = 0.0;
    allocation_count((AllocationFailures){.first = k});
    const Status status = loudness_measure(8000.0, samples, 8000, &lufs);
    has_failed = allocation_stop().has_failed;
    assert_int_equal(status, has_failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(lufs == (has_failed ? 0.0 : expected));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_is_written_whole_or_not_at_all),
      cmocka_unit_test(a_guitarml_model_is_written_whole_or_not_at_all),
      cmocka_unit_test(a_model_is_read_whole_or_not_at_all),
      cmocka_unit_test(a_file_of_countless_values_costs_no_memory),
      cmocka_unit_test(a_loudness_without_memory_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

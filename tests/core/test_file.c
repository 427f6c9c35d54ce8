// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Files replaced at once: who may read a new one, and what is left when one can't be written. The
// process's umask is never changed, which other threads' new files would suffer from: umask() here
// counts its calls.

#include "core/file.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned n_umask_calls;

/// The C library's, counted
mode_t
umask(const mode_t mask)
{
  ++n_umask_calls;
  return (mode_t)syscall(SYS_umask, mask);
}

static mode_t
mode_of(const char* const path)
{
  struct stat info;
  assert_int_equal(stat(path, &info), 0);
  return info.st_mode & 0777;
}

/// Check that a file holds this text
static void
check_text(const char* const path, const char* const text)
{
  Content content = {NULL, 0};
  assert_int_equal(file_read_whole(path, FILE_PLAIN, 100, &content, NULL), STATUS_OK);
  assert_int_equal(content.size, strlen(text));
  assert_memory_equal(content.bytes, text, strlen(text));
  content_clear(&content);
}

static void
a_new_file_has_the_permissions_that_the_umask_leaves(void** const state)
{
  static const mode_t masks[] = {0022, 0077, 0002};
  (void)state;
  for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); ++i) {
    char path[FILE_MAX_PATH];
    char name[32];
    (void)snprintf(name, sizeof(name), "mask%zu", i);
    fixture_path(name, path);
    const mode_t before = (mode_t)syscall(SYS_umask, masks[i]);
    const unsigned calls = n_umask_calls;
    assert_int_equal(file_replace(path, "new", 3, NULL), STATUS_OK);
    (void)syscall(SYS_umask, before);
    assert_int_equal(n_umask_calls, calls);
    assert_int_equal(mode_of(path), 0666 & ~masks[i]);
    check_text(path, "new");
  }
}

static void
a_file_is_the_old_one_until_the_new_one_is_whole(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  FileDraft draft;
  fixture_path("kept", path);
  assert_int_equal(file_replace(path, "old", 3, NULL), STATUS_OK);
  assert_int_equal(file_begin(path, &draft, NULL), STATUS_OK);
  assert_true(file_write_all(draft.fd, "newer", 5));
  check_text(path, "old");
  assert_int_equal(access(draft.temporary, F_OK), 0);
  assert_int_equal(file_keep(&draft, NULL), STATUS_OK);
  check_text(path, "newer");
  assert_int_equal(access(draft.temporary, F_OK), -1);
}

static void
a_discarded_draft_leaves_nothing(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  FileDraft draft;
  fixture_path("discarded", path);
  assert_int_equal(file_begin(path, &draft, NULL), STATUS_OK);
  file_discard(&draft);
  assert_int_equal(access(draft.temporary, F_OK), -1);
  assert_int_equal(access(path, F_OK), -1);
}

static void
drafts_of_one_file_have_names_of_their_own(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  FileDraft drafts[8];
  fixture_path("shared", path);
  for (size_t i = 0; i < 8; ++i) {
    assert_int_equal(file_begin(path, &drafts[i], NULL), STATUS_OK);
    for (size_t j = 0; j < i; ++j) {
      assert_string_not_equal(drafts[i].temporary, drafts[j].temporary);
    }
  }
  for (size_t i = 0; i < 8; ++i) {
    file_discard(&drafts[i]);
  }
}

static void
a_file_that_can_not_be_written_says_why(void** const state)
{
  (void)state;
  Message message = {""};
  char path[2 * FILE_MAX_PATH];
  assert_int_equal(file_replace("/nowhere/at/all", "x", 1, &message), STATUS_CANNOT_WRITE);
  assert_string_equal(message.text, "/nowhere/at/all: No such file or directory");
  memset(path, 'p', sizeof(path) - 1);
  path[sizeof(path) - 1] = '\0';
  assert_int_equal(file_replace(path, "x", 1, &message), STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, "too long"));
}

static void
a_stem_has_whole_characters(void** const state)
{
  (void)state;
  static const struct {
    const char* path;
    size_t size;
    const char* expected;
  } cases[] = {
      {"/amps/plexi.json", 16, "plexi"},
      {"plexi", 16, "plexi"},
      {".plexi", 16, ".plexi"},
      {"Größe.nam", 5, "Grö"},
      {"Größe.nam", 4, "Gr"},
      {"M\xFCller.nam", 16, "Mller"}, // Latin-1
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char stem[16];
    file_stem(cases[i].path, stem, cases[i].size);
    assert_string_equal(stem, cases[i].expected);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_file_has_the_permissions_that_the_umask_leaves),
      cmocka_unit_test(a_file_is_the_old_one_until_the_new_one_is_whole),
      cmocka_unit_test(a_discarded_draft_leaves_nothing),
      cmocka_unit_test(drafts_of_one_file_have_names_of_their_own),
      cmocka_unit_test(a_file_that_can_not_be_written_says_why),
      cmocka_unit_test(a_stem_has_whole_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Files replaced at once: who may read a new one, and what is left when one can't be written. The
// process's umask is never changed, which other threads' new files would suffer from: umask() here
// counts its calls. open() here can refuse O_TMPFILE, as some file systems do.

#include "core/file.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned n_umask_calls;
static bool only_named; ///< Files without a name can't be opened

/// The C library's, counted
mode_t
umask(const mode_t mask)
{
  ++n_umask_calls;
  return (mode_t)syscall(SYS_umask, mask);
}

/// The C library's, without O_TMPFILE at times
int
open(const char* const path, const int flags, ...)
{
  va_list args;
  va_start(args, flags);
  const bool is_unnamed = (flags & O_TMPFILE) == O_TMPFILE;
  const mode_t mode = is_unnamed || flags & O_CREAT ? va_arg(args, mode_t) : 0;
  va_end(args);
  if (is_unnamed && only_named) {
    errno = EOPNOTSUPP;
    return -1;
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
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

/// Return how many files a folder has
static unsigned
count_files(const char* const path)
{
  unsigned n = 0;
  DIR* const folder = opendir(path);
  assert_non_null(folder);
  for (const struct dirent* entry = readdir(folder); entry; entry = readdir(folder)) {
    n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  }
  (void)closedir(folder);
  return n;
}

/// Make a folder of the fixture's and name a file in it
static void
make_folder(const char* const name, char folder[FILE_MAX_PATH], char path[FILE_MAX_PATH])
{
  char file[64];
  fixture_path(name, folder);
  assert_int_equal(mkdir(folder, 0777), 0);
  (void)snprintf(file, sizeof(file), "%s/file", name);
  fixture_path(file, path);
}

static void
a_file_is_the_old_one_until_the_new_one_is_whole(void** const state)
{
  static const char* const names[] = {"unnamed", "named"};
  (void)state;
  for (int i = 0; i < 2; ++i) {
    char folder[FILE_MAX_PATH];
    char path[FILE_MAX_PATH];
    FileDraft draft;
    only_named = i == 1;
    make_folder(names[i], folder, path);
    assert_int_equal(file_replace(path, "old", 3, NULL), STATUS_OK);
    assert_int_equal(file_begin(path, &draft, NULL), STATUS_OK);
    assert_true(file_write_all(draft.fd, "newer", 5));
    check_text(path, "old");
    assert_int_equal(count_files(folder), only_named ? 2 : 1); // A kill would leave them
    assert_int_equal(file_keep(&draft, NULL), STATUS_OK);
    check_text(path, "newer");
    assert_int_equal(count_files(folder), 1);
  }
  only_named = false;
}

static void
a_discarded_draft_leaves_nothing(void** const state)
{
  static const char* const names[] = {"discarded", "discarded-named"};
  (void)state;
  for (int i = 0; i < 2; ++i) {
    char folder[FILE_MAX_PATH];
    char path[FILE_MAX_PATH];
    FileDraft draft;
    only_named = i == 1;
    make_folder(names[i], folder, path);
    assert_int_equal(file_begin(path, &draft, NULL), STATUS_OK);
    file_discard(&draft);
    assert_int_equal(count_files(folder), 0);
  }
  only_named = false;
}

static void
drafts_of_one_file_have_names_of_their_own(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  FileDraft drafts[8];
  fixture_path("shared", path);
  only_named = true;
  for (size_t i = 0; i < 8; ++i) {
    assert_int_equal(file_begin(path, &drafts[i], NULL), STATUS_OK);
    for (size_t j = 0; j < i; ++j) {
      assert_string_not_equal(drafts[i].temporary, drafts[j].temporary);
    }
  }
  for (size_t i = 0; i < 8; ++i) {
    file_discard(&drafts[i]);
  }
  only_named = false;
}

/// As a settings folder that is kept elsewhere has it
static void
a_link_stays_one_and_the_file_behind_it_is_replaced(void** const state)
{
  static const char* const links[] = {"linked/relative", "linked/absolute", "linked/twice"};
  char folder[FILE_MAX_PATH];
  char file[FILE_MAX_PATH];
  char path[FILE_MAX_PATH];
  struct stat info;
  (void)state;
  make_folder("linked", folder, file);
  for (size_t i = 0; i < 3; ++i) {
    (void)unlink(file);
    fixture_path(links[i], path);
    assert_int_equal(symlink(i == 0 ? "file" : i == 1 ? file : "relative", path), 0);
    for (int round = 0; round < 2; ++round) { // It leads nowhere, then to a file
      assert_int_equal(file_replace(path, round ? "second" : "first", round ? 6 : 5, NULL),
                       STATUS_OK);
      check_text(file, round ? "second" : "first");
      assert_int_equal(lstat(path, &info), 0);
      assert_true(S_ISLNK(info.st_mode));
    }
  }
  fixture_path("linked/circle", path);
  assert_int_equal(symlink("circle", path), 0);
  Message message = {""};
  assert_int_equal(file_replace(path, "x", 1, &message), STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, strerror(ELOOP)));
}

static void
a_replaced_file_keeps_its_permissions(void** const state)
{
  static const mode_t modes[] = {0600, 0644, 0664, 0751};
  char path[FILE_MAX_PATH];
  (void)state;
  fixture_path("private", path);
  for (size_t i = 0; i < 4; ++i) {
    assert_int_equal(file_replace(path, "old", 3, NULL), STATUS_OK);
    assert_int_equal(chmod(path, modes[i]), 0);
    assert_int_equal(file_replace(path, "new", 3, NULL), STATUS_OK);
    assert_int_equal(mode_of(path), modes[i]);
    check_text(path, "new");
  }
}

/// Exit with 0 if a write-protected file is refused to somebody who isn't root
static void
replace_as_nobody(const char* const path)
{
  Message message = {""};
  const bool is_root = !geteuid();
  const bool is_somebody = !is_root || !setuid(65534);
  const Status status = file_replace(path, "new", 3, &message);
  _exit(is_somebody && status == STATUS_CANNOT_WRITE && strstr(message.text, strerror(EACCES)) ? 0
                                                                                               : 1);
}

static void
a_write_protected_file_stays(void** const state)
{
  char folder[FILE_MAX_PATH];
  char path[FILE_MAX_PATH];
  int status = 0;
  (void)state;
  fixture_path(".", folder);
  assert_int_equal(chmod(folder, 0755), 0); // For everybody to look into
  make_folder("protected", folder, path);
  assert_int_equal(chmod(folder, 0777), 0);
  assert_int_equal(file_replace(path, "old", 3, NULL), STATUS_OK);
  assert_int_equal(chmod(path, 0444), 0);
  const pid_t child = fork();
  if (!child) {
    replace_as_nobody(path);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  check_text(path, "old");
}

/// With a name as long as a name can be, too
static void
the_longest_name_is_replaced(void** const state)
{
  char name[256];
  char path[FILE_MAX_PATH];
  (void)state;
  memset(name, 'n', 255);
  name[255] = '\0';
  fixture_path(name, path);
  for (int i = 0; i < 4; ++i) {
    only_named = i > 1;
    assert_int_equal(file_replace(path, "new", 3, NULL), STATUS_OK);
  }
  only_named = false;
}

static void
a_file_that_can_not_be_written_says_why(void** const state)
{
  (void)state;
  Message message = {""};
  char path[2 * FILE_MAX_PATH];
  assert_int_equal(file_replace("/nowhere/at/all", "x", 1, &message), STATUS_CANNOT_WRITE);
  assert_string_equal(
      message.text,
      "/nowhere/at/all: there is no folder /nowhere; make it first, or choose another");
  memset(path, 'p', sizeof(path) - 1);
  path[sizeof(path) - 1] = '\0';
  assert_int_equal(file_replace(path, "x", 1, &message), STATUS_CANNOT_WRITE);
  assert_non_null(strstr(message.text, "too long"));
}

/// Check that reading a file fails with this message after its name, and takes no time
static void
check_refused(const char* const path, const FileKind kind, const Status status,
              const char* const expected)
{
  Content content = {NULL, 0};
  Message message = {""};
  assert_int_equal(file_read_whole(path, kind, 1000, &content, &message), status);
  assert_null(content.bytes);
  assert_memory_equal(message.text, path, strlen(path));
  assert_string_equal(message.text + strlen(path), expected);
}

static void
check_unreadable(const char* const path, const FileKind kind, const char* const expected)
{
  check_refused(path, kind, STATUS_CANNOT_READ, expected);
}

static void
a_missing_file_names_what_may_be_meant(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  fixture_path("bright.nam", path);
  assert_int_equal(file_replace(path, "x", 1, NULL), STATUS_OK);
  path[strlen(path) - 4] = '\0';
  check_refused(path, FILE_MODEL, STATUS_MISSING, ": no such file; did you mean bright.nam?");
  path[strlen(path) - 1] = '\0';
  check_refused(path, FILE_MODEL, STATUS_MISSING, ": no such file");
  check_refused("~/nowhere.wav", FILE_PLAIN, STATUS_MISSING,
                ": no such file; only a shell knows ~, so write the folder's name");
}

static void
what_is_no_file_on_disk_is_refused_without_waiting(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  check_refused("/nowhere/x", FILE_PLAIN, STATUS_MISSING, ": no such file");
  check_refused("/dev/null/x", FILE_PLAIN, STATUS_MISSING, ": no such file");
  check_unreadable("/tmp", FILE_MODEL, ": is a folder; expected a model (JSON)");
  check_unreadable("/tmp", FILE_MODEL_OR_PIPE, ": is a folder; expected a model (JSON)");
  check_unreadable("/dev/zero", FILE_SOUND, ": is a device; expected a sound file");
  fixture_path("pipe", path);
  assert_int_equal(mkfifo(path, 0600), 0);
  check_unreadable(path, FILE_MODEL, ": is a named pipe (FIFO); expected a model (JSON)");
  check_unreadable(path, FILE_SETLIST,
                   ": is a named pipe (FIFO); expected a set list or a model (JSON)");
  check_unreadable(path, FILE_SOUND, ": is a named pipe (FIFO); expected a sound file");
  check_unreadable(path, FILE_CHECKPOINT, ": is a named pipe (FIFO); expected a checkpoint");
  check_unreadable(path, FILE_PLAIN, ": is a named pipe (FIFO); expected a file");
  fixture_path("socket", path);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  (void)strcpy(address.sun_path, path);
  assert_int_equal(bind(fd, (const struct sockaddr*)&address, sizeof(address)), 0);
  check_unreadable(path, FILE_PLAIN, ": No such device or address"); // open() refuses sockets
  assert_int_equal(close(fd), 0);
}

static void
a_file_too_large_is_named_for_what_it_is(void** const state)
{
  (void)state;
  char path[FILE_MAX_PATH];
  Content content = {NULL, 0};
  Message message = {""};
  fixture_path("large", path);
  fixture_write_text(path, "RIFF____WAVEfmt ");
  assert_int_equal(truncate(path, 2000), 0);
  assert_int_equal(file_read_whole(path, FILE_MODEL, 1000, &content, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, ": is a sound file (WAV); expected a model (JSON)"));
  fixture_write_text(path, "{");
  assert_int_equal(truncate(path, 2000), 0);
  assert_int_equal(file_read_whole(path, FILE_MODEL, 1000, &content, &message), STATUS_BAD_FILE);
  assert_non_null(strstr(message.text, ": is too large; expected at most"));
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
      cmocka_unit_test(a_link_stays_one_and_the_file_behind_it_is_replaced),
      cmocka_unit_test(a_replaced_file_keeps_its_permissions),
      cmocka_unit_test(a_write_protected_file_stays),
      cmocka_unit_test(the_longest_name_is_replaced),
      cmocka_unit_test(a_file_that_can_not_be_written_says_why),
      cmocka_unit_test(a_missing_file_names_what_may_be_meant),
      cmocka_unit_test(what_is_no_file_on_disk_is_refused_without_waiting),
      cmocka_unit_test(a_file_too_large_is_named_for_what_it_is),
      cmocka_unit_test(a_stem_has_whole_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

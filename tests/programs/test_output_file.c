// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a program may replace, and what it leaves when a signal ends it.

#include "tests/fixtures.h"

#include "core/file.h"
#include "train/programs/common/output_file.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/// The files of the tests, and how messages call a kind
static char mine[FILE_MAX_PATH];
static char theirs[FILE_MAX_PATH];
static char link_to_theirs[FILE_MAX_PATH];
static char folder[FILE_MAX_PATH];
static char missing[FILE_MAX_PATH];

static int
set_up(void** const state)
{
  (void)state;
  fixture_path("mine.json", mine);
  fixture_path("theirs.json", theirs);
  fixture_path("link.json", link_to_theirs);
  fixture_path("folder.json", folder);
  fixture_path("missing.json", missing);
  fixture_write_text(mine, "mine");
  fixture_write_text(theirs, "theirs");
  return symlink("theirs.json", link_to_theirs) || mkdir(folder, 0777);
}

static void
a_program_replaces_only_what_it_wrote(void** const state)
{
  const char* const inputs[] = {NULL, theirs};
  const struct {
    OutputFile output;
    Status status;
    const char* text; ///< In the message
  } cases[] = {
      {{.path = missing}, STATUS_OK, ""},
      {{.path = mine, .is_own = true}, STATUS_OK, ""},
      {{.path = theirs}, STATUS_BAD_ARGUMENT, "exists; choose another name"},
      {{.path = theirs, .program = "grus-x"}, STATUS_BAD_ARGUMENT, "but grus-x did not write it"},
      {{.path = theirs, .overwrites = true}, STATUS_OK, ""},
      {{.path = link_to_theirs, .inputs = inputs, .n_inputs = 2, .overwrites = true},
       STATUS_BAD_ARGUMENT,
       "is an input file"},
      {{.path = theirs, .inputs = inputs, .n_inputs = 2, .is_own = true},
       STATUS_BAD_ARGUMENT,
       "is an input file"},
      {{.path = mine, .inputs = inputs, .n_inputs = 2, .is_own = true}, STATUS_OK, ""},
      {{.path = folder, .overwrites = true}, STATUS_BAD_ARGUMENT, "is a folder"},
      {{.path = "a/"}, STATUS_BAD_ARGUMENT, "names a folder; expected a/NAME.json"},
      {{.path = "-"}, STATUS_BAD_ARGUMENT, "expected the name of a model"},
      {{.path = ""}, STATUS_BAD_ARGUMENT, "expected the name of a model"},
      {{.path = "a.WAV", .overwrites = true},
       STATUS_BAD_ARGUMENT,
       "is the name of a sound file; expected that of a model, such as NAME.json"},
      {{.path = "a.nam", .overwrites = true},
       STATUS_BAD_ARGUMENT,
       "is the name of a capture; expected that of a model, such as NAME.json"},
      {{.path = "/nowhere/a.aidax"}, STATUS_CANNOT_WRITE, "there is no folder /nowhere"},
      {{.path = "/nowhere/a.json"},
       STATUS_CANNOT_WRITE,
       "/nowhere/a.json: there is no folder /nowhere; make it first, or choose another"},
      {{.path = "/dev/null"}, STATUS_OK, ""},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Message message = {""};
    OutputFile output = cases[i].output;
    output.kind = OUTPUT_MODEL;
    assert_int_equal(output_file_check(&output, &message), cases[i].status);
    assert_non_null(strstr(message.text, cases[i].text));
  }
}

/// In another process, by each signal; one that is ignored, as under nohup, stays so
static void
a_signal_removes_an_unfinished_file(void** const state)
{
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  char path[FILE_MAX_PATH];
  (void)state;
  fixture_path("unfinished", path);
  for (size_t i = 0; i < 3; ++i) {
    int status = 0;
    fixture_write_text(path, "half");
    const pid_t child = fork();
    if (!child) {
      (void)signal(SIGHUP, SIG_IGN);
      output_file_guard(path);
      (void)raise(signals[i]);
      _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (signals[i] == SIGHUP) {
      assert_int_equal(status, 0);
      assert_int_equal(access(path, F_OK), 0);
    } else {
      assert_true(WIFSIGNALED(status));
      assert_int_equal(WTERMSIG(status), signals[i]);
      assert_int_equal(access(path, F_OK), -1);
    }
  }
}

static void
what_belongs_to_a_model_is_named_after_it(void** const state)
{
  static const char* const cases[][3] = {
      {"plexi", ".checkpoint", "plexi.checkpoint"},
      {"a/plexi.json", ".checkpoint", "a/plexi.checkpoint"},
      {"plexi.json", "-2.json", "plexi-2.json"},
      {"plexi.JSON", ".json", "plexi.json"},
      {"a.json/plexi.aidax", ".html", "a.json/plexi.html"},
      {"plexi.v2", ".html", "plexi.v2.html"},
      {".json", ".json", ".json.json"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char path[FILE_MAX_PATH];
    output_file_name(cases[i][0], cases[i][1], path, sizeof(path));
    assert_string_equal(path, cases[i][2]);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_program_replaces_only_what_it_wrote),
      cmocka_unit_test(a_signal_removes_an_unfinished_file),
      cmocka_unit_test(what_belongs_to_a_model_is_named_after_it),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Steps among cabinets; those among models, and over installed presets, are tested in the plugin
// (tests/plugin/test_plugin_steps.c).

#include "tests/fixtures.h"

#include "core/step.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/// Make a folder with cabinets 1.wav to `n`.wav in it, and write the path of the first
static void
make_cabinets(const char* const name, const int n, char first[PATH_MAX])
{
  char folder[PATH_MAX / 2];
  char path[PATH_MAX];
  fixture_path(name, folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  for (int i = 1; i <= n; ++i) {
    (void)snprintf(path, sizeof(path), "%s/%d.wav", folder, i);
    fixture_write_text(path, "");
  }
  (void)snprintf(first, PATH_MAX, "%s/1.wav", folder);
}

static void
check_step(const char* const path, const int32_t n_steps, const char* const name)
{
  char found[PATH_MAX] = "";
  assert_int_equal(step_find(FOLDER_CABINETS, path, n_steps, found, NULL), STATUS_OK);
  assert_string_equal(strrchr(found, '/') + 1, name);
}

static void
steps_go_round(void** const state)
{
  char first[PATH_MAX];
  (void)state;
  make_cabinets("round", 3, first);
  check_step(first, 1, "2.wav");
  check_step(first, -1, "3.wav");
  check_step(first, 7, "2.wav");
}

static void
the_only_cabinet_has_no_neighbour(void** const state)
{
  char first[PATH_MAX];
  char found[PATH_MAX] = "";
  Message message = {""};
  (void)state;
  make_cabinets("only", 1, first);
  assert_int_equal(step_find(FOLDER_CABINETS, first, 1, found, &message), STATUS_MISSING);
  assert_non_null(strstr(message.text, "there is no other cabinet in this folder"));
  assert_string_equal(found, "");
}

static void
a_path_too_long_is_refused(void** const state)
{
  char path[2 * PATH_MAX];
  char found[PATH_MAX] = "";
  Message message = {""};
  (void)state;
  memset(path, 'x', sizeof(path) - 1);
  path[0] = '/';
  path[sizeof(path) - 3] = '/';
  path[sizeof(path) - 1] = '\0';
  assert_int_equal(step_find(FOLDER_CABINETS, path, 1, found, &message), STATUS_BAD_ARGUMENT);
  assert_non_null(strstr(message.text, "the path is too long"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steps_go_round),
      cmocka_unit_test(the_only_cabinet_has_no_neighbour),
      cmocka_unit_test(a_path_too_long_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

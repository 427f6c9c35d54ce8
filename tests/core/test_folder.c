// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Folders as people have them: many files, names in any script, links in circles, other files.

#include "core/folder.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/// A new folder, which the next call replaces
static const char*
make_folder(const char* const name)
{
  static char path[256];
  (void)snprintf(path, sizeof(path), "/tmp/grus-folder-%ld-%s", (long)getpid(), name);
  assert_int_equal(mkdir(path, 0700), 0);
  return path;
}

static const char*
path_in(const char* const folder, const char* const name)
{
  static char path[512];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  return path;
}

static void
make_file(const char* const folder, const char* const name)
{
  FILE* const file = fopen(path_in(folder, name), "w");
  assert_non_null(file);
  (void)fclose(file);
}

static void
remove_folder(const char* const folder)
{
  char command[300];
  (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
  assert_int_equal(system(command), 0);
}

static Folder
read_models(const char* const path)
{
  Folder folder = {NULL, 0, 0};
  assert_int_equal(folder_read(path, FOLDER_MODELS, &folder, NULL), STATUS_OK);
  return folder;
}

static void
folders_come_first_and_numbers_count(void** state)
{
  static const char* const files[] = {"amp 10.json", "Amp 2.json", "b.NAM", "a.aidax",
                                      "amp 02.json"};
  static const char* const order[] = {"sub",         "a.aidax",     "Amp 2.json",
                                      "amp 02.json", "amp 10.json", "b.NAM"};
  const char* const path = make_folder("order");
  (void)state;
  for (size_t i = 0; i < 5; ++i) {
    make_file(path, files[i]);
  }
  assert_int_equal(mkdir(path_in(path, "sub"), 0700), 0);
  Folder folder = read_models(path);
  assert_int_equal(folder.n_entries, 6);
  assert_int_equal(folder.n_folders, 1);
  for (size_t i = 0; i < 6; ++i) {
    assert_string_equal(folder.entries[i].name, order[i]);
  }
  folder_clear(&folder);
  remove_folder(path);
}

static void
what_cannot_be_played_is_left_out(void** state)
{
  const char* const path = make_folder("odd");
  (void)state;
  make_file(path, "good.json");
  make_file(path, ".hidden.json");
  make_file(path, "notes.txt");
  make_file(path, "json");
  assert_int_equal(mkfifo(path_in(path, "pipe.json"), 0600), 0);
  assert_int_equal(symlink("nowhere.json", path_in(path, "broken.json")), 0);
  assert_int_equal(symlink("circle.json", path_in(path, "circle.json")), 0);
  assert_int_equal(symlink(".", path_in(path, "loop")), 0);
  assert_int_equal(symlink("good.json", path_in(path, "link.json")), 0);
  Folder folder = read_models(path);
  assert_int_equal(folder.n_entries, 3);
  assert_string_equal(folder.entries[0].name, "loop");
  assert_true(folder.entries[0].is_folder);
  assert_string_equal(folder.entries[1].name, "good.json");
  assert_string_equal(folder.entries[2].name, "link.json");
  folder_clear(&folder);
  remove_folder(path);
}

static void
ten_thousand_files_in_any_script_are_one_order(void** state)
{
  const char* const path = make_folder("many");
  (void)state;
  for (int i = 0; i < 10000; ++i) {
    char name[64];
    (void)snprintf(name, sizeof(name), "%s %d.json", i % 2 ? "アンプ" : "Усилитель", 9999 - i);
    make_file(path, name);
  }
  Folder folder = read_models(path);
  assert_int_equal(folder.n_entries, 10000);
  for (size_t i = 1; i < folder.n_entries; ++i) {
    assert_true(folder_compare(folder.entries[i - 1].name, folder.entries[i].name) < 0);
  }
  assert_int_equal(folder_find(&folder, folder.entries[4321].name), 4321);
  folder_clear(&folder);
  remove_folder(path);
}

static void
steps_go_round_and_over_folders(void** state)
{
  const char* const path = make_folder("steps");
  (void)state;
  assert_int_equal(mkdir(path_in(path, "zz"), 0700), 0);
  make_file(path, "a.json");
  make_file(path, "c.json");
  make_file(path, "e.json");
  Folder folder = read_models(path);
  assert_int_equal(folder_step(&folder, "a.json", 1), 2);
  assert_int_equal(folder_step(&folder, "e.json", 1), 1);
  assert_int_equal(folder_step(&folder, "a.json", -1), 3);
  assert_int_equal(folder_step(&folder, "c.json", -8), 3);
  assert_int_equal(folder_step(&folder, "d.json", 1), 3); // It was deleted
  assert_int_equal(folder_step(&folder, "d.json", -1), 2);
  assert_int_equal(folder_step(&folder, "z.json", 1), 1);
  assert_int_equal(folder_find(&folder, "d.json"), folder.n_entries);
  folder_clear(&folder);
  remove_folder(path);
}

static void
an_empty_folder_has_no_step_and_a_missing_one_is_named(void** state)
{
  const char* const path = make_folder("empty");
  Message message = {""};
  (void)state;
  Folder folder = read_models(path);
  assert_int_equal(folder.n_entries, 0);
  assert_int_equal(folder_step(&folder, "a.json", 1), 0);
  remove_folder(path);
  assert_int_equal(folder_read(path, FOLDER_CABINETS, &folder, &message), STATUS_CANNOT_READ);
  assert_non_null(strstr(message.text, path));
  assert_non_null(strstr(message.text, "doesn't exist"));
}

static void
bundles_of_presets_are_told_by_their_names(void** state)
{
  (void)state;
  assert_true(folder_is_bundle("grus-plexi.lv2"));
  assert_false(folder_is_bundle("grus-.lv2"));
  assert_false(folder_is_bundle("grus.lv2"));
  assert_false(folder_is_bundle("grus-plexi"));
  assert_false(folder_is_bundle("my-grus-plexi.lv2"));
}

static void
kinds_are_told_by_their_names(void** state)
{
  (void)state;
  assert_true(folder_fits(FOLDER_MODELS, "A.JSON"));
  assert_true(folder_fits(FOLDER_CABINETS, "4x12.v30.wav"));
  assert_false(folder_fits(FOLDER_CABINETS, "A.json"));
  assert_false(folder_fits(FOLDER_MODELS, "A.wav"));
  assert_false(folder_fits(FOLDER_MODELS, "wav"));
}

static void
paths_are_split_as_they_are_joined(void** state)
{
  static const char* const paths[][3] = {
      {"/a/b.json", "/a", "b.json"}, {"/b.json", "/", "b.json"}, {"b.json", ".", "b.json"}};
  char folder[PATH_MAX];
  char path[PATH_MAX];
  char longest[PATH_MAX];
  const char* name = NULL;
  (void)state;
  for (size_t i = 0; i < 3; ++i) {
    assert_true(folder_split(paths[i][0], folder, &name));
    assert_string_equal(folder, paths[i][1]);
    assert_string_equal(name, paths[i][2]);
    assert_true(folder_join(folder, name, path));
    assert_string_equal(path, i < 2 ? paths[i][0] : "./b.json");
  }
  assert_true(folder_join("/a/", "", path));
  assert_string_equal(path, "/a/");
  memset(longest, 'a', sizeof(longest) - 1);
  longest[sizeof(longest) - 1] = '\0';
  assert_false(folder_join(longest, "b", path));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(folders_come_first_and_numbers_count),
      cmocka_unit_test(what_cannot_be_played_is_left_out),
      cmocka_unit_test(ten_thousand_files_in_any_script_are_one_order),
      cmocka_unit_test(steps_go_round_and_over_folders),
      cmocka_unit_test(an_empty_folder_has_no_step_and_a_missing_one_is_named),
      cmocka_unit_test(bundles_of_presets_are_told_by_their_names),
      cmocka_unit_test(kinds_are_told_by_their_names),
      cmocka_unit_test(paths_are_split_as_they_are_joined),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

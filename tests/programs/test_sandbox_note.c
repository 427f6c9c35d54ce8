// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which hosts from Flatpak find a preset, by the permissions that Flatpak's files give them.

#include "tests/fixtures.h"

#include "train/programs/common/sandbox_note.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOST "[Extension org.freedesktop.LinuxAudio.Plugins]\nversion=25.08\n"

/// Flatpak's folder of the user, and the application in it
static char flatpak[PATH_MAX];
static const char application[] = "org.example.Host";

/// Make a folder and those above it, below `flatpak`
static void
make_folders(const char* const path)
{
  char part[PATH_MAX];
  (void)snprintf(part, sizeof(part), "%s", path);
  for (char* slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    (void)mkdir(part, 0777);
    *slash = '/';
  }
  (void)mkdir(part, 0777);
}

/// Write a file below `flatpak`
static void
write_below(const char* const folder, const char* const name, const char* const text)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%.2000s/%.1000s", flatpak, folder);
  make_folders(path);
  (void)snprintf(path, sizeof(path), "%.2000s/%.1000s/%.255s", flatpak, folder, name);
  fixture_write_text(path, text);
}

static int
set_up(void** const state)
{
  (void)state;
  char nothing[PATH_MAX];
  fixture_path("flatpak", flatpak);
  fixture_path("nothing", nothing);
  return setenv("FLATPAK_USER_DIR", flatpak, 1) || setenv("FLATPAK_SYSTEM_DIR", nothing, 1) ||
         setenv("HOME", "/home/ann", 1);
}

/// Return what is noted of an application with this metadata and these overrides
static Message
note_of(const char* const metadata, const char* const overrides)
{
  write_below("app/org.example.Host/current/active", "metadata", metadata);
  write_below("overrides", application, overrides);
  return sandbox_note("/home/ann/.lv2");
}

static void
a_host_that_may_read_the_folder_finds_presets(void** const state)
{
  (void)state;
  const char* const finding[] = {
      "[Context]\nshared=ipc;\nfilesystems=xdg-run/pipewire-0;home;\n" HOST,
      "[Context]\nfilesystems=host\n" HOST,
      "[Context]\nfilesystems=~/.lv2:ro;\n" HOST,
      "[Context]\nfilesystems=/home/ann/.lv2;\n" HOST,
      "[Context]\nfilesystems=/home:ro;\n" HOST,
      "[Context]\nfilesystems=~;\n[Environment]\nLV2_PATH=/app/lv2:/home/ann/.lv2\n" HOST,
      "[Context]\nfilesystems=xdg-music;\n", // No host
  };
  for (size_t i = 0; i < sizeof(finding) / sizeof(*finding); ++i) {
    assert_string_equal(note_of(finding[i], "").text, "");
  }
}

static void
one_that_may_not_is_named_with_the_command_that_lets_it(void** const state)
{
  (void)state;
  const char* const missing[] = {
      HOST,
      "[Context]\nfilesystems=xdg-music;~/.lv;/home/an;~/.lv2x;hostile;homes;\n" HOST,
      "[Context]\nfilesystems=home;\n[Environment]\nLV2_PATH=/app/lib/lv2\n" HOST,
  };
  for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); ++i) {
    const Message note = note_of(missing[i], "");
    assert_non_null(strstr(note.text, "in /home/ann/.lv2: org.example.Host. "));
    assert_non_null(strstr(note.text, "flatpak override --user --filesystem=/home/ann/.lv2:ro "
                                      "--env=LV2_PATH=/app/extensions/Plugins/lv2:/home/ann/.lv2 "
                                      "org.example.Host"));
  }
}

static void
what_that_command_writes_is_enough(void** const state)
{
  (void)state;
  const Message note =
      note_of("[Context]\nfilesystems=xdg-music;\n[Environment]\nLV2_PATH=/app/lib/lv2\n" HOST,
              "[Context]\nfilesystems=/home/ann/.lv2:ro;\n\n[Environment]\n"
              "LV2_PATH=/app/extensions/Plugins/lv2:/home/ann/.lv2\n");
  assert_string_equal(note.text, "");
}

static void
many_hosts_fit(void** const state)
{
  (void)state;
  for (int i = 0; i < 30; ++i) {
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof(folder), "app/org.example.Many%02d/current/active", i);
    write_below(folder, "metadata", HOST);
  }
  const Message note = note_of("", "");
  assert_non_null(strstr(note.text, "org.example.Many00, org.example.Many01"));
  assert_non_null(strstr(note.text, "/.lv2 org.example.Many00"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_host_that_may_read_the_folder_finds_presets),
      cmocka_unit_test(one_that_may_not_is_named_with_the_command_that_lets_it),
      cmocka_unit_test(what_that_command_writes_is_enough),
      cmocka_unit_test(many_hosts_fit),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

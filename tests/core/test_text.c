// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Texts that don't fit are cut between characters, in any script.

#include "tests/fixtures.h"

#include "core/status.h"
#include "core/text.h"

#include <string.h>

static void
a_text_is_cut_between_characters(void** const state)
{
  (void)state;
  static const struct {
    const char* text;
    size_t size;
    const char* expected;
  } cases[] = {
      {"plexi", 6, "plexi"},    {"plexi", 5, "plex"},  {"plexi", 1, ""}, {"", 1, ""},
      {"Größe", 4, "Gr"},                                              // ö takes two bytes
      {"Größe", 5, "Grö"},      {"真空管", 9, "真空"},                 // Three bytes each
      {"真空管", 10, "真空管"}, {"真空管", 3, ""},     {"🎸🎸", 8, "🎸"}, // Four
      {"🎸🎸", 9, "🎸🎸"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char copy[32];
    text_copy(copy, cases[i].size, cases[i].text);
    assert_string_equal(copy, cases[i].expected);
    assert_int_equal(text_fitting(cases[i].text, cases[i].size), strlen(cases[i].expected));
  }
}

static void
cut_characters_are_removed(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {"真空管", "真空管"},   {"真\xE7\xA9: no", "真: no"}, {"\xB7 no", " no"},
      {"no \xF0\x9F", "no "}, {"plain", "plain"},           {"", ""},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char text[64];
    (void)strcpy(text, cases[i][0]);
    text_repair(text);
    assert_string_equal(text, cases[i][1]);
  }
}

static void
messages_have_whole_characters(void** const state)
{
  (void)state;
  Message message = {""};
  (void)status_fail(&message, STATUS_BAD_FILE, "%.4s: no", "真空管");
  assert_string_equal(message.text, "真: no");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_is_cut_between_characters),
      cmocka_unit_test(cut_characters_are_removed),
      cmocka_unit_test(messages_have_whole_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

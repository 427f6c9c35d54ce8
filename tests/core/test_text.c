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

/// RFC 3629; jansson refuses texts with any of these
static void
what_only_looks_like_a_character_is_removed(void** const state)
{
  (void)state;
  static const char* const cases[] = {
      "a\xFF\xBF\xBF\xBFz", // No first byte
      "a\xF5\x80\x80\x80z", // Beyond U+10FFFF
      "a\xF4\x90\x80\x80z", // The same
      "a\xC0\xAFz",         // Longer than it needs to be, as the next three
      "a\xC1\xBFz",         "a\xE0\x9F\xBFz", "a\xF0\x8F\xBF\xBFz",
      "a\xED\xA0\x80z", // A half of UTF-16
  };
  static const char good[] = "\xC2\xA0\xE0\xA0\x80\xED\x9F\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  char text[64];
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    (void)strcpy(text, cases[i]);
    text_repair(text);
    assert_string_equal(text, "az");
  }
  (void)strcpy(text, good);
  text_repair(text);
  assert_string_equal(text, good);
}

static void
control_characters_become_spaces(void** const state)
{
  (void)state;
  static const char* const cases[][2] = {
      {"two\nlines", "two lines"},
      {"\x1B[2Jplexi\r", " [2Jplexi "},
      {"a\x01z\x1Fz\x7Fz", "a z z z"},
      {"\xC2\x9B"
       "2J\xC2\x80\xC2\x9F",
       " 2J  "}, // U+009B begins a sequence as well
      {"\xC2\xA0\xC2\xB5 \xC3\x9B ~", "\xC2\xA0\xC2\xB5 \xC3\x9B ~"},
      {"cut \xC2", "cut "},
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

static void
a_long_path_loses_its_first_folders(void** const state)
{
  (void)state;
  static const struct {
    const char* path;
    size_t size;
    const char* expected;
  } cases[] = {
      {"/amps/plexi.json", 17, "/amps/plexi.json"},
      {"/amps/plexi.json", 16, "plexi.json"},
      {"/music/amps/plexi.json", 18, "amps/plexi.json"},
      {"/music/amps/plexi.json", 15, "plexi.json"},
      {"/amps/plexi.json", 5, "json"},
      {"größe", 5, "ße"}, // ö and ß take two bytes each
      {"/amps/folder/", 8, "folder/"},
      {"", 5, ""},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    assert_string_equal(text_path_end(cases[i].path, cases[i].size), cases[i].expected);
  }
}

/// Make a message about a file in `n_folders` folders
static Message
message_about(const size_t n_folders, const char* const name)
{
  char path[4096] = "";
  Message message = {""};
  for (size_t i = 0; i < n_folders; ++i) {
    (void)strcat(path, "/真空管");
  }
  (void)strcat(path, "/");
  (void)strcat(path, name);
  (void)status_fail(&message, STATUS_BAD_FILE, "%s: has %d layers; expected %s", path, 3, "2");
  return message;
}

static void
messages_keep_the_name_of_a_file(void** const state)
{
  (void)state;
  char longest[256] = "";
  memset(longest, 'n', 255);
  assert_string_equal(message_about(1, "plexi.json").text,
                      "/真空管/plexi.json: has 3 layers; expected 2");
  for (size_t n = 30; n < 50; ++n) {
    const Message message = message_about(n, "plexi.json");
    assert_memory_equal(message.text, "…/真空管/", strlen("…/真空管/"));
    assert_non_null(strstr(message.text, "/真空管/plexi.json: has 3 layers; expected 2"));
  }
  const Message message = message_about(100, longest);
  assert_memory_equal(message.text, "…/", strlen("…/"));
  assert_memory_equal(message.text + strlen("…/"), longest, 255);
  assert_string_equal(message.text + strlen("…/") + 255, ": has 3 layers; expected 2");
}

static void
messages_show_where_a_name_is_not_utf_8(void** const state)
{
  (void)state;
  char broken[301] = "";
  Message message = {""};
  (void)status_fail(&message, STATUS_BAD_FILE, "%s: no", "caf\xE9 \xE7\xA9.nam");
  assert_string_equal(message.text, "caf\xEF\xBF\xBD \xEF\xBF\xBD.nam: no");
  memset(broken, '\xE9', 300); // Three times as long when it is shown
  (void)status_fail(&message, STATUS_BAD_FILE, "%s: no", broken);
  assert_memory_equal(message.text, "…/\xEF\xBF\xBD", strlen("…/\xEF\xBF\xBD"));
  assert_non_null(strstr(message.text, "\xEF\xBF\xBD: no"));
}

static void
what_is_cut_ends_or_begins_with_a_mark(void** const state)
{
  (void)state;
  char shown[16];
  text_shorten(shown, 10, "plexi");
  assert_string_equal(shown, "plexi");
  text_shorten(shown, 6, "plexi");
  assert_string_equal(shown, "plexi");
  text_shorten(shown, 8, "plexiglas");
  assert_string_equal(shown, "plex…");
  text_shorten(shown, 9, "真空管真空管"); // Three bytes each
  assert_string_equal(shown, "真…");
  text_shorten_path(shown, 16, "/amps/plexi.nam");
  assert_string_equal(shown, "/amps/plexi.nam");
  text_shorten_path(shown, 15, "/amps/plexi.nam");
  assert_string_equal(shown, "…/plexi.nam");
}

static void
a_message_that_is_too_long_ends_with_a_mark(void** const state)
{
  (void)state;
  for (size_t n = STATUS_MESSAGE_SIZE - 20; n < STATUS_MESSAGE_SIZE + 20; ++n) {
    char text[STATUS_MESSAGE_SIZE + 20] = "";
    Message message = {""};
    memset(text, 'x', n);
    text[n] = '\0';
    (void)status_fail(&message, STATUS_BAD_FILE, "%s: %s", "a.nam", text);
    const size_t length = strlen(message.text);
    const bool is_cut = n + strlen("a.nam: ") >= STATUS_MESSAGE_SIZE;
    assert_int_equal(length, is_cut ? STATUS_MESSAGE_SIZE - 1 : n + strlen("a.nam: "));
    assert_int_equal(!strcmp(message.text + length - strlen("…"), "…"), is_cut);
  }
}

static void
a_text_becomes_one_word_of_a_shell(void** const state)
{
  (void)state;
  static const struct {
    const char* text;
    const char* quoted; ///< NULL: it can't be
  } cases[] = {
      {"plexi.nam", "plexi.nam"},
      {"/amps/ac-30_v1.0.nam", "/amps/ac-30_v1.0.nam"},
      {"", "''"},
      {"Deluxe Reverb.nam", "'Deluxe Reverb.nam'"},
      {"Tudor [Mesa 2x12]", "'Tudor [Mesa 2x12]'"},
      {"it's", "'it'\\''s'"},
      {"$HOME", "'$HOME'"},
      {"~/x", "'~/x'"},
      {"a\"b\\c", "'a\"b\\c'"},
      {"真空管", "'真空管'"},
      {"two\nlines", NULL},
      {"bell\x07", NULL},
      {"sequence\xC2\x9B", NULL},
      {"not \xF0 UTF-8", NULL},
      {"much too long for a line", NULL},
      {"-x.nam", "./-x.nam"}, // No option
      {"--install", "./--install"},
      {"-my amp.nam", "./'-my amp.nam'"},
      {"a-b", "a-b"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    char word[24];
    assert_int_equal(text_quote_path(word, sizeof(word), cases[i].text), cases[i].quoted != NULL);
    if (cases[i].quoted) {
      assert_string_equal(word, cases[i].quoted);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_is_cut_between_characters),
      cmocka_unit_test(cut_characters_are_removed),
      cmocka_unit_test(what_only_looks_like_a_character_is_removed),
      cmocka_unit_test(control_characters_become_spaces),
      cmocka_unit_test(messages_have_whole_characters),
      cmocka_unit_test(a_long_path_loses_its_first_folders),
      cmocka_unit_test(messages_keep_the_name_of_a_file),
      cmocka_unit_test(messages_show_where_a_name_is_not_utf_8),
      cmocka_unit_test(what_is_cut_ends_or_begins_with_a_mark),
      cmocka_unit_test(a_message_that_is_too_long_ends_with_a_mark),
      cmocka_unit_test(a_text_becomes_one_word_of_a_shell),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

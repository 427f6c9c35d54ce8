// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are takes on a command line read right, with any file name, and mistakes refused?

#include "tests/fixtures.h"

#include "tests/checks.h"
#include "train/programs/train/take_options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const TakeKnobs drive = {{"drive"}, 1};

/// A list of takes; parsing cuts its texts, so each is a copy
typedef struct {
  TakeList list;
  char texts[4][256];
} Given;

static bool
add_take(Given* const g, const char* const text)
{
  char* const copy = g->texts[g->list.n];
  g->list.option = "take";
  (void)snprintf(copy, sizeof(g->texts[0]), "%s", text);
  return takes_add(&(CliValue){"grus-train", "take", copy}, &g->list);
}

/// Add a name, of which the knobs keep only the pointer
static bool
add_knob(char* const name, TakeKnobs* const knobs)
{
  return takes_add_knob(&(CliValue){"grus-train", "knob", name}, knobs);
}

static void
create_file(const char* const name)
{
  FILE* const file = fopen(name, "w");
  assert_non_null(file);
  assert_int_equal(fclose(file), 0);
}

static void
settings_end_at_the_first_equals_sign(void** const state)
{
  (void)state;
  Given g = {0};
  assert_true(add_take(&g, "0=a.wav"));
  assert_true(add_take(&g, "0.25,1,0.5,0.125=a=b=c.wav"));
  assert_int_equal(g.list.n, 2);
  assert_int_equal(g.list.takes[0].n_knobs, 1);
  check_equal(g.list.takes[0].knobs[0], 0.0F);
  assert_null(g.list.takes[0].input);
  assert_string_equal(g.list.takes[1].target, "a=b=c.wav");
  assert_int_equal(g.list.takes[1].n_knobs, 4);
  check_equal(g.list.takes[1].knobs[0], 0.25F);
  check_equal(g.list.takes[1].knobs[3], 0.125F);
}

static void
bad_settings_are_refused(void** const state)
{
  (void)state;
  static const char* const bad[] = {
      "a.wav",          "=a.wav",    "0.5",      "0.5=",     "x=a.wav",    "1.1=a.wav",
      "-0.1=a.wav",     "nan=a.wav", "0,=a.wav", ",0=a.wav", "0.5x=a.wav", "0 0=a.wav",
      "0,0,0,0,0=a.wav"};
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    Given g = {0};
    assert_false(add_take(&g, bad[i]));
    assert_int_equal(g.list.n, 0);
  }
}

static void
a_colon_divides_input_from_target(void** const state)
{
  (void)state;
  Given g = {0};
  assert_true(add_take(&g, "0.5=in.wav:out.wav"));
  assert_string_equal(g.list.takes[0].input, "in.wav");
  assert_string_equal(g.list.takes[0].target, "out.wav");
}

static void
colons_in_the_names_of_files_are_kept(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("", path);
  assert_int_equal(chdir(path), 0);
  create_file("12:30.wav");
  create_file("plain.wav");
  Given g = {0};
  assert_true(add_take(&g, "0.5=12:30.wav"));
  assert_true(add_take(&g, "0.5=12:30.wav:a:b.wav"));
  assert_true(add_take(&g, "0.5=plain.wav:12:30.wav"));
  assert_null(g.list.takes[0].input);
  assert_string_equal(g.list.takes[0].target, "12:30.wav");
  assert_string_equal(g.list.takes[1].input, "12:30.wav");
  assert_string_equal(g.list.takes[1].target, "a:b.wav");
  assert_string_equal(g.list.takes[2].input, "plain.wav");
  assert_string_equal(g.list.takes[2].target, "12:30.wav");
}

static void
takes_without_input_use_that_of_the_run(void** const state)
{
  (void)state;
  Given g = {0};
  assert_true(add_take(&g, "0=a.wav"));
  assert_true(add_take(&g, "1=own.wav:b.wav"));
  assert_false(takes_finish(&g.list, NULL, &drive));
  assert_true(takes_finish(&g.list, "dry.wav", &drive));
  assert_string_equal(g.list.takes[0].input, "dry.wav");
  assert_string_equal(g.list.takes[1].input, "own.wav");
}

static void
takes_need_a_setting_for_each_knob(void** const state)
{
  (void)state;
  const TakeKnobs two = {{"drive", "tone"}, 2};
  Given g = {0};
  assert_true(add_take(&g, "0.5,0=a.wav"));
  assert_false(takes_finish(&g.list, "dry.wav", &drive));
  assert_true(takes_finish(&g.list, "dry.wav", &two));
  assert_true(add_take(&g, "0.5=a.wav"));
  assert_false(takes_finish(&g.list, "dry.wav", &two));
}

static void
a_knob_that_never_turns_is_refused(void** const state)
{
  (void)state;
  const TakeKnobs two = {{"drive", "tone"}, 2};
  Given g = {0};
  assert_true(add_take(&g, "0.5,0=a.wav"));
  assert_true(add_take(&g, "0.5,1=b.wav"));
  assert_false(takes_turn_all(&g.list, &two));
  assert_true(add_take(&g, "0.6,0=c.wav"));
  assert_true(takes_turn_all(&g.list, &two));
}

static bool
finishes(const char* const first, const char* const second)
{
  Given g = {0};
  assert_true(add_take(&g, first));
  assert_true(add_take(&g, second));
  return takes_finish(&g.list, "in.wav", &drive);
}

static void
takes_that_contradict_each_other_are_refused(void** const state)
{
  (void)state;
  static const char* const names[] = {"in.wav", "in2.wav", "a.wav", "b.wav", "as-a.wav"};
  for (size_t i = 0; i < 4; ++i) {
    create_file(names[i]);
  }
  assert_int_equal(link("a.wav", "as-a.wav"), 0);
  assert_false(finishes("0.25=a.wav", "0.5=a.wav"));
  assert_false(finishes("0.25=a.wav", "0.5=./as-a.wav"));
  assert_false(finishes("0.25=in.wav:a.wav", "0.5=in2.wav:a.wav"));
  assert_false(finishes("0.25=a.wav", "0.25=b.wav"));
  assert_false(finishes("0.25=a.wav", "0.25=./in.wav:b.wav"));
  assert_true(finishes("0.25=a.wav", "0.5=b.wav"));
  assert_true(finishes("0.25=a.wav", "0.25=in2.wav:b.wav")); // More of the same setting
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    assert_int_equal(unlink(names[i]), 0);
  }
}

static void
a_pair_is_the_only_take_and_has_no_settings(void** const state)
{
  (void)state;
  const TakeKnobs none = {{NULL}, 0};
  TakeList list = {.option = "test-take", .pair = {.input = "in.wav", .target = "out.wav"}};
  assert_false(takes_finish(&list, NULL, &drive));
  assert_true(takes_finish(&list, NULL, &none));
  assert_int_equal(list.n, 1);
  assert_string_equal(list.takes[0].target, "out.wav");
  Given g = {.list.pair.target = "out.wav"};
  assert_false(takes_finish(&g.list, "dry.wav", &none)); // Half of a pair
}

static void
names_of_knobs_must_differ(void** const state)
{
  (void)state;
  TakeKnobs knobs = {{NULL}, 0};
  assert_true(add_knob("drive", &knobs));
  assert_false(add_knob("drive", &knobs));
  assert_false(add_knob("", &knobs));
  assert_false(add_knob("a=b", &knobs));
  assert_true(add_knob("tone", &knobs));
  assert_true(add_knob("level", &knobs));
  assert_true(add_knob("presence", &knobs));
  assert_false(add_knob("fifth", &knobs));
  assert_int_equal(knobs.n, 4);
  char longest[MODEL_FILE_TEXT_SIZE + 1];
  memset(longest, 'a', sizeof(longest));
  longest[MODEL_FILE_TEXT_SIZE] = '\0';
  knobs.n = 0;
  assert_false(add_knob(longest, &knobs));
  longest[MODEL_FILE_TEXT_SIZE - 1] = '\0';
  assert_true(add_knob(longest, &knobs));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(settings_end_at_the_first_equals_sign),
      cmocka_unit_test(bad_settings_are_refused),
      cmocka_unit_test(a_colon_divides_input_from_target),
      cmocka_unit_test(colons_in_the_names_of_files_are_kept),
      cmocka_unit_test(takes_without_input_use_that_of_the_run),
      cmocka_unit_test(takes_need_a_setting_for_each_knob),
      cmocka_unit_test(a_knob_that_never_turns_is_refused),
      cmocka_unit_test(takes_that_contradict_each_other_are_refused),
      cmocka_unit_test(a_pair_is_the_only_take_and_has_no_settings),
      cmocka_unit_test(names_of_knobs_must_differ),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

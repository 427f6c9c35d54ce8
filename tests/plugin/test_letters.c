// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Names are found by letters of any case, in every script that has cases, whatever the locale.

#include "tests/fixtures.h"

#include "plugin/ui/letters.h"

static void
letters_are_found_in_any_case(void** state)
{
  (void)state;
  assert_true(letters_stand_in("JCM 800.json", "jcm 8"));
  assert_true(letters_stand_in("plexi.json", "PLEXI"));
  assert_true(letters_stand_in("Größe.json", "GRÖ"));
  assert_true(letters_stand_in("Żaba i łoś.nam", "żaba I ŁOŚ"));
  assert_true(letters_stand_in("Боб и Ёж.json", "боб И ёж"));
  assert_true(letters_stand_in("Ενισχυτής.nam", "ΕΝΙΣΧ"));
  assert_true(letters_stand_in("漢字アンプ.nam", "字ア"));
  assert_true(letters_stand_in("anything", ""));
  assert_true(letters_stand_in("", ""));
}

static void
other_letters_are_not(void** state)
{
  (void)state;
  assert_false(letters_stand_in("plexi", "plexis"));
  assert_false(letters_stand_in("a×b", "a÷b")); // As far from each other as a letter's cases
  assert_false(letters_stand_in("漢字", "字漢"));
  assert_false(letters_stand_in("", "a"));
}

static void
bytes_that_are_no_text_mean_themselves(void** state)
{
  (void)state;
  assert_true(letters_stand_in("a\xff\xd0", "\xff\xd0"));
  assert_false(letters_stand_in("a\xd0", "\xd0\xb1"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(letters_are_found_in_any_case),
      cmocka_unit_test(other_letters_are_not),
      cmocka_unit_test(bytes_that_are_no_text_mean_themselves),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

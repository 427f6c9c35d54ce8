// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does every result have a text that a person can tell from the others?

#include "tests/fixtures.h"

#include "core/status.h"

#include <ctype.h>
#include <string.h>

#define N_RESULTS (STATUS_UNSUPPORTED + 1)

static void
every_result_has_a_text_of_its_own(void** const state)
{
  (void)state;
  for (int i = 0; i < N_RESULTS; ++i) {
    const char* const text = status_text((Status)i);
    assert_true(islower((unsigned char)text[0])); // A part of a sentence
    assert_string_not_equal(text, status_text((Status)N_RESULTS));
    for (int k = 0; k < i; ++k) {
      assert_string_not_equal(text, status_text((Status)k));
    }
  }
}

static void
who_wants_no_message_gets_the_status(void** const state)
{
  (void)state;
  Message message = {""};
  assert_int_equal(status_fail(NULL, STATUS_BAD_FILE, "%s: is empty", "a.json"), STATUS_BAD_FILE);
  assert_int_equal(status_fail(&message, STATUS_BAD_FILE, "%s: is empty", "a.json"),
                   STATUS_BAD_FILE);
  assert_string_equal(message.text, "a.json: is empty");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_result_has_a_text_of_its_own),
      cmocka_unit_test(who_wants_no_message_gets_the_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

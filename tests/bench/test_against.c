// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Figures of another program are read, or it is said which line is wrong.

#include "tests/fixtures.h"

#include "bench/against.h"

#include <string.h>

static bool
read_text(const char* const text, Against* const against, char fault[AGAINST_FAULT_SIZE])
{
  FILE* const file = tmpfile();
  assert_non_null(file);
  assert_true(fputs(text, file) >= 0);
  rewind(file);
  const bool is_read = against_read(file, against, fault);
  assert_int_equal(fclose(file), 0);
  return is_read;
}

static void
sizes_and_nanoseconds_are_read(void** const state)
{
  (void)state;
  Against a;
  char fault[AGAINST_FAULT_SIZE];
  assert_true(read_text("# GRU\n8 36.5\n\n  64\t4.5e2 # two blocks\r\n", &a, fault));
  assert_int_equal(a.n, 2);
  assert_int_equal(a.figures[0].hidden_size, 8);
  assert_true(a.figures[0].ns == 36.5);
  assert_int_equal(a.figures[1].hidden_size, 64);
  assert_true(a.figures[1].ns == 450.0);
}

static void
a_wrong_line_is_named(void** const state)
{
  (void)state;
  static const struct {
    const char* text;
    const char* fault;
  } cases[] = {
      {"", "no figures"},
      {"# nothing\n", "no figures"},
      {"8 36.5\nsixteen 51\n", "line 2: expected SIZE NANOSECONDS"},
      {"8\n", "line 1: expected SIZE NANOSECONDS"},
      {"8 36.5 ns\n", "line 1: expected SIZE NANOSECONDS"},
      {"8 -1\n", "line 1: expected SIZE NANOSECONDS"},
      {"8 0\n", "line 1: expected SIZE NANOSECONDS"},
      {"8 nan\n", "line 1: expected SIZE NANOSECONDS"},
      {"8 inf\n", "line 1: expected SIZE NANOSECONDS"},
      {"0 1\n", "line 1: no such hidden size"},
      {"100000 1\n", "line 1: no such hidden size"},
      {"8 1\n8 2\n", "line 2: the same size again"},
      {"1 1\n2 1\n3 1\n4 1\n5 1\n6 1\n7 1\n8 1\n9 1\n10 1\n11 1\n12 1\n13 1\n14 1\n15 1\n16 1\n17 "
       "1\n",
       "line 17: too many sizes"},
  };
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    Against a;
    char fault[AGAINST_FAULT_SIZE];
    assert_false(read_text(cases[i].text, &a, fault));
    assert_non_null(strstr(fault, cases[i].fault));
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sizes_and_nanoseconds_are_read),
      cmocka_unit_test(a_wrong_line_is_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

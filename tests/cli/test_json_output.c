// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// JSON on standard output: valid whatever is in it, or nothing at all.

#include "tests/fixtures.h"

#include "cli/exit_status.h"
#include "cli/json_output.h"
#include "cli/standard_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_TEXT 4096U

/// Print in a process of its own, which exits with success; return its exit status, and what it
/// wrote to standard output
static int
print_apart(void (*const print)(void), char text[MAX_TEXT])
{
  int ends[2];
  (void)fflush(NULL);
  assert_int_equal(pipe(ends), 0);
  const pid_t pid = fork();
  if (!pid) {
    (void)dup2(ends[1], STDOUT_FILENO);
    (void)close(STDERR_FILENO);
    cli_watch_output("grus-test");
    print();
    exit(CLI_EXIT_DONE);
  }
  (void)close(ends[1]);
  size_t n = 0;
  for (ssize_t got = 0; (got = read(ends[0], text + n, MAX_TEXT - 1 - n)) > 0;) {
    n += (size_t)got;
  }
  text[n] = '\0';
  (void)close(ends[0]);
  int status = 0;
  assert_int_equal(waitpid(pid, &status, 0), pid);
  assert_true(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void
print_numbers(void)
{
  json_t* const object = json_object();
  cli_json_set_number(object, "none", (double)NAN);
  cli_json_set_number(object, "most", (double)INFINITY);
  cli_json_set_number(object, "whole", 48000.0);
  cli_json_set_number(object, "part", 0.1);
  cli_json_set_number(object, "large", 1e300);
  cli_json_print_line(object);
}

static void
what_is_no_number_is_left_out(void** const state)
{
  (void)state;
  char text[MAX_TEXT];
  assert_int_equal(print_apart(print_numbers, text), CLI_EXIT_DONE);
  assert_string_equal(text, "{\"whole\":48000,\"part\":0.1,\"large\":1e300}\n");
}

static void
print_texts(void)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "empty", "");
  cli_json_set_text(object, "missing", NULL);
  cli_json_set_text(object, "quoted", "a \"b\"\n");
  cli_json_set_text(object, "latin", "caf\xE9");
  cli_json_set_bool(object, "is_set", true);
  cli_json_print_line(object);
}

static void
bytes_that_are_not_utf8_are_replaced(void** const state)
{
  (void)state;
  char text[MAX_TEXT];
  assert_int_equal(print_apart(print_texts, text), CLI_EXIT_DONE);
  assert_string_equal(
      text, "{\"quoted\":\"a \\\"b\\\"\\n\",\"latin\":\"caf\xEF\xBF\xBD\",\"is_set\":true}\n");
}

static void
print_document(void)
{
  json_t* const array = json_array();
  cli_json_append(array, cli_json_text("a"));
  cli_json_append(array, json_object());
  cli_json_print(array);
}

static void
a_document_ends_in_one_newline(void** const state)
{
  (void)state;
  char text[MAX_TEXT];
  assert_int_equal(print_apart(print_document, text), CLI_EXIT_DONE);
  assert_string_equal(text, "[\n  \"a\",\n  {}\n]\n");
}

static unsigned n_left; ///< Allocations until one fails

static void*
allocate_some(const size_t size)
{
  return n_left && n_left-- ? malloc(size) : NULL;
}

static void
print_without_memory(void)
{
  json_set_alloc_funcs(allocate_some, free);
  json_t* const array = json_array();
  json_t* const object = json_object();
  cli_json_set_text(object, "file", "plexi.json");
  cli_json_set_number(object, "esr", 0.01);
  cli_json_append(array, object);
  cli_json_print(array);
}

/// Whichever allocation fails, half a document never looks like a whole one
static void
without_memory_nothing_is_printed_and_the_program_fails(void** const state)
{
  (void)state;
  char text[MAX_TEXT];
  unsigned n_failures = 0;
  for (n_left = 0; n_left < 100 && print_apart(print_without_memory, text) != CLI_EXIT_DONE;
       ++n_left) {
    assert_string_equal(text, "");
    ++n_failures;
  }
  assert_in_range(n_failures, 5, 99);
  assert_non_null(strstr(text, "\"esr\": 0.01"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_no_number_is_left_out),
      cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
      cmocka_unit_test(a_document_ends_in_one_newline),
      cmocka_unit_test(without_memory_nothing_is_printed_and_the_program_fails),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

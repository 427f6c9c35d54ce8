// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The command line: what a table of options prints, reads and refuses, to the letter.

#include "tests/fixtures.h"

#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/similar.h"
#include "cli/values.h"
#include "cli/wrap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_TEXT 8192U
#define MAX_WORDS 8U

/// What the options of the test's program say
typedef struct {
  const char* output;
  const char* title;
  uint32_t batch;
  double rate;
  float level;
  double seconds;
  uint64_t seed;
  int cell;
  bool is_quiet;
  bool fixes;
  const char* folder;
} Settings;

static bool
read_folder(const CliValue* const value, void* const options)
{
  ((Settings*)options)->folder = value->text ? value->text : "default";
  return true;
}

static const CliChoice cells[] = {{"before", 1}, {"after", 2}, {"lstm", 3}, {NULL, 0}};

static const CliOption table[] = {
    {"output", 'o', "NAME", "where to write", .kind = CLI_PATH, .to = offsetof(Settings, output)},
    {"title", 0, "TEXT", NULL, CLI_TEXT, .to = offsetof(Settings, title), .most = 8},
    {"subtitle", 0, "TEXT", "kept in the file", CLI_TEXT, .to = offsetof(Settings, title),
     .most = 8},
    {.kind = CLI_HEADING, .help = "Learning"},
    {"batch", 'b', "N", "clips", CLI_COUNT, .to = offsetof(Settings, batch), .least = 1,
     .most = 4096},
    {"rate", 0, "RATE",
     "a description that is so long that it takes more than one line, which it can be without a "
     "program having to count its columns by hand",
     CLI_NUMBER, .to = offsetof(Settings, rate), .least = 0.5, .most = 2},
    {.name = "rate", .argument = "ANOTHER-WAY-TO-SAY-IT", .help = "the same", .kind = CLI_FORM},
    {"level", 0, "DB", "level", CLI_FLOAT, .to = offsetof(Settings, level), .least = -20,
     .most = 20},
    {"time", 't', "[UNIT=]TIME", "time", CLI_TIME, .to = offsetof(Settings, seconds)},
    {"seed", 0, "N", "random seed", CLI_SEED, .to = offsetof(Settings, seed)},
    {"cell", 'c', "CELL", "cell", CLI_CHOICE, .to = offsetof(Settings, cell), .choices = cells},
    {"folder", 0, "[FOLDER]", "folder", CLI_READ, .read = read_folder},
    {"no-fix", 0, NULL, "leave it", CLI_CLEAR, .to = offsetof(Settings, fixes)},
    {"no-mend", .kind = CLI_ALIAS, .alias = "no-fix"},
    {.kind = CLI_HEADING, .help = ""},
    {"quiet", 'q', NULL, "say less", CLI_SET, .to = offsetof(Settings, is_quiet)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = "grus-test",
    .usage = {"[OPTION...] FILE", "--batch=N [OPTION...] A-RATHER-LONG-OPERAND ANOTHER-LONG-OPERAND"
                                  " AND-ONE-MORE..."},
    .summary = "Do nothing, but with a description that is longer than one line of a terminal has "
               "room for.",
    .options = table,
    .closing = "The end.",
};

/// What was printed on a stream since capture_begin()
typedef struct {
  FILE* file;
  int stream; ///< The descriptor in its place
  int saved;
} Capture;

static Capture
capture_begin(const int stream)
{
  const Capture c = {tmpfile(), stream, dup(stream)};
  assert_non_null(c.file);
  (void)fflush(NULL);
  assert_int_equal(dup2(fileno(c.file), stream), stream);
  return c;
}

static void
capture_end(const Capture c, char text[MAX_TEXT])
{
  (void)fflush(NULL);
  assert_int_equal(dup2(c.saved, c.stream), c.stream);
  (void)close(c.saved);
  rewind(c.file);
  text[fread(text, 1, MAX_TEXT - 1, c.file)] = '\0';
  (void)fclose(c.file);
}

/// Read a command line, words separated by spaces; `printed` is what that left on standard error
static CliResult
read_line(const char* const words, Settings* const settings, CliOperands* const operands,
          char printed[MAX_TEXT])
{
  static char copy[256];
  static char* argv[MAX_WORDS + 2];
  int argc = 1;
  argv[0] = copy; // Of no interest
  (void)snprintf(copy, sizeof(copy), "%s", words);
  for (char* word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
    argv[argc++] = word;
  }
  argv[argc] = NULL;
  const Capture c = capture_begin(STDERR_FILENO);
  const CliResult result = cli_read_options(&program, argc, argv, settings, operands);
  capture_end(c, printed);
  return result;
}

static void
assert_reads(const char* const words, Settings* const settings)
{
  char printed[MAX_TEXT];
  CliOperands operands = {NULL, 0};
  assert_int_equal(read_line(words, settings, &operands, printed), CLI_RUN);
  assert_string_equal(printed, "");
}

static void
assert_refuses(const char* const words, const char* const expected)
{
  char printed[MAX_TEXT];
  CliOperands operands = {NULL, 0};
  Settings settings = {.fixes = true};
  const Settings before = settings;
  assert_int_equal(read_line(words, &settings, &operands, printed), CLI_REFUSED);
  assert_string_equal(printed, expected);
  assert_memory_equal(&settings, &before, sizeof(settings));
}

static void
every_kind_of_value_lands_in_its_member(void** const state)
{
  (void)state;
  Settings s = {.fixes = true};
  assert_reads("--output=a.json --subtitle=Ü --batch=4096 --rate=0.5", &s);
  assert_string_equal(s.output, "a.json");
  assert_string_equal(s.title, "Ü");
  assert_reads("--level=-20 --time=3m --seed=18446744073709551615 --cell=lstm", &s);
  assert_reads("--no-fix -q --folder", &s);
  assert_int_equal(s.batch, 4096);
  assert_true(s.rate == 0.5 && s.level == -20.0F && s.seconds == 180.0);
  assert_true(s.seed == UINT64_MAX);
  assert_int_equal(s.cell, 3);
  assert_reads("-t 1h0m30.5s", &s);
  assert_true(s.seconds == 3630.5);
  assert_reads("-t 1.5h", &s);
  assert_true(s.seconds == 5400.0);
  assert_true(s.is_quiet && !s.fixes);
  assert_string_equal(s.folder, "default");
  assert_reads("--folder=here", &s);
  assert_string_equal(s.folder, "here");
}

static void
letters_abbreviations_and_old_spellings_are_read(void** const state)
{
  (void)state;
  Settings s = {.fixes = true};
  assert_reads("-qb 7 -oname", &s);
  assert_true(s.is_quiet);
  assert_int_equal(s.batch, 7);
  assert_string_equal(s.output, "name");
  assert_reads("--bat 8 --no-mend", &s);
  assert_int_equal(s.batch, 8);
  assert_false(s.fixes);
}

static void
operands_are_what_is_no_option(void** const state)
{
  (void)state;
  char printed[MAX_TEXT];
  CliOperands operands = {NULL, 0};
  Settings s = {0};
  assert_int_equal(read_line("a -q b -- --batch", &s, &operands, printed), CLI_RUN);
  assert_int_equal(operands.n, 3);
  assert_string_equal(operands.items[0], "a");
  assert_string_equal(operands.items[2], "--batch");
  assert_null(operands.items[3]);
}

static void
unknown_options_are_refused_with_the_nearest(void** const state)
{
  (void)state;
  assert_refuses("--ouput=x", "grus-test: --ouput: unknown option; did you mean --output? "
                              "Try 'grus-test --help'.\n");
  assert_refuses("--bacth 3", "grus-test: --bacth: unknown option; did you mean --batch? "
                              "Try 'grus-test --help'.\n");
  assert_refuses("--wobble", "grus-test: --wobble: unknown option. Try 'grus-test --help'.\n");
  assert_refuses("--no-mendd", "grus-test: --no-mendd: unknown option. Try 'grus-test --help'.\n");
  assert_refuses("-x", "grus-test: -x: unknown option. Try 'grus-test --help'.\n");
}

static void
a_file_that_begins_with_a_dash_is_recognised(void** const state)
{
  (void)state;
  static const char name[] = "-xylophone.wav";
  const int file = open(name, O_CREAT | O_WRONLY, 0600);
  assert_true(file >= 0);
  assert_refuses("-xylophone.wav", "grus-test: -xylophone.wav: is taken for options; expected "
                                   "./-xylophone.wav for the file. Try 'grus-test --help'.\n");
  assert_refuses("a -xylophone.wav b",
                 "grus-test: -xylophone.wav: is taken for options; expected ./-xylophone.wav for "
                 "the file. Try 'grus-test --help'.\n");
  assert_int_equal(close(file), 0);
  assert_int_equal(unlink(name), 0);
  assert_refuses("-xylophone.wav", "grus-test: -x: unknown option. Try 'grus-test --help'.\n");
}

static void
arguments_that_are_missing_or_too_many_are_refused(void** const state)
{
  (void)state;
  assert_refuses("--output", "grus-test: --output: needs an argument, --output=NAME. "
                             "Try 'grus-test --help'.\n");
  assert_refuses("-b", "grus-test: -b: needs an argument, -b N. Try 'grus-test --help'.\n");
  assert_refuses("--time", "grus-test: --time: needs an argument, --time=[UNIT=]TIME. "
                           "Try 'grus-test --help'.\n");
  assert_refuses("--quiet=yes",
                 "grus-test: --quiet=yes: takes no argument. Try 'grus-test --help'.\n");
  assert_refuses("--t=3", "grus-test: --t: ambiguous; it could be --title, --time. "
                          "Try 'grus-test --help'.\n");
}

static void
values_are_refused_with_what_would_be_right(void** const state)
{
  (void)state;
  assert_refuses("-b x", "grus-test: --batch=x: expected a whole number from 1 to 4096\n");
  assert_refuses("-b 0", "grus-test: --batch=0: expected a whole number from 1 to 4096\n");
  assert_refuses("-b 4097", "grus-test: --batch=4097: expected a whole number from 1 to 4096\n");
  assert_refuses("-b 1.5", "grus-test: --batch=1.5: expected a whole number from 1 to 4096\n");
  assert_refuses("--rate=nan", "grus-test: --rate=nan: expected a number from 0.5 to 2\n");
  assert_refuses("--level=-21", "grus-test: --level=-21: expected a number from -20 to 20\n");
  assert_refuses("-t soon", "grus-test: --time=soon: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 0", "grus-test: --time=0: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 1m30", "grus-test: --time=1m30: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 3s2m", "grus-test: --time=3s2m: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 1h-5m", "grus-test: --time=1h-5m: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 0m", "grus-test: --time=0m: expected a time such as 45s, 3m or 1h30m\n");
  assert_refuses("-t 31", "grus-test: --time=31: expected 31s, or 31m for minutes\n");
  assert_refuses("-t 3", "grus-test: --time=3: expected 3s, or 3m for minutes\n");
  assert_refuses("-t 1.5", "grus-test: --time=1.5: expected 1.5s, or 1.5m for minutes\n");
  assert_refuses("--seed=-1", "grus-test: --seed=-1: expected a whole number, 0 or more\n");
  assert_refuses("-c gru", "grus-test: --cell=gru: expected before, after or lstm\n");
  assert_refuses("--title=123456789",
                 "grus-test: --title=123456789: expected UTF-8 text of at most 8 bytes\n");
}

static void
texts_are_utf_8(void** const state)
{
  (void)state;
  static const char* const good[] = {"plexi", "Ü", "真空", "\xF0\x9F\x8E\xB8"};
  static const char* const bad[] = {
      "a\xFF", "\xC3",         "\xC0\x80",         "\xED\xA0\x80",
      "\x80",  "\xE0\x80\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80"};
  char line[64];
  for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); ++i) {
    Settings s = {0};
    (void)snprintf(line, sizeof(line), "--title=%s", good[i]);
    assert_reads(line, &s);
    assert_string_equal(s.title, good[i]);
  }
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    char message[128];
    (void)snprintf(line, sizeof(line), "--title=%s", bad[i]);
    (void)snprintf(message, sizeof(message),
                   "grus-test: %s: expected UTF-8 text of at most 8 bytes\n", line);
    assert_refuses(line, message);
  }
}

static void
help_is_made_from_the_table(void** const state)
{
  (void)state;
  char text[MAX_TEXT] = "";
  FILE* const stream = fmemopen(text, sizeof(text), "w");
  assert_non_null(stream);
  cli_print_help(&program, stream);
  (void)fclose(stream);
  assert_string_equal(
      text, "Usage: grus-test [OPTION...] FILE\n"
            "       grus-test --batch=N [OPTION...] A-RATHER-LONG-OPERAND\n"
            "         ANOTHER-LONG-OPERAND AND-ONE-MORE...\n"
            "Do nothing, but with a description that is longer than one line of a terminal\n"
            "has room for.\n"
            "\n"
            "  -o, --output=NAME         where to write\n"
            "      --title, --subtitle=TEXT\n"
            "                            kept in the file\n"
            "\n"
            "Learning:\n"
            "  -b, --batch=N             clips\n"
            "      --rate=RATE           a description that is so long that it takes more\n"
            "                            than one line, which it can be without a program\n"
            "                            having to count its columns by hand\n"
            "      --rate=ANOTHER-WAY-TO-SAY-IT\n"
            "                            the same\n"
            "      --level=DB            level\n"
            "  -t, --time=[UNIT=]TIME    time\n"
            "      --seed=N              random seed\n"
            "  -c, --cell=CELL           cell\n"
            "      --folder[=FOLDER]     folder\n"
            "      --no-fix              leave it\n"
            "\n"
            "  -q, --quiet               say less\n"
            "  -h, --help                print this and exit\n"
            "  -V, --version             print the version and exit\n"
            "\n"
            "The end.\n"
            "\n"
            "ISC licence: you may use, change and share it; there is no warranty.\n");
}

static void
help_and_version_are_printed_on_standard_output(void** const state)
{
  (void)state;
  static const char* const lines[] = {"--help --batch=x", "-V"};
  static const char* const starts[] = {"Usage: grus-test ", "grus-test "};
  for (size_t i = 0; i < 2; ++i) {
    char text[MAX_TEXT];
    char errors[MAX_TEXT];
    Settings s = {0};
    CliOperands operands = {NULL, 0};
    const Capture c = capture_begin(STDOUT_FILENO);
    const CliResult result = read_line(lines[i], &s, &operands, errors);
    capture_end(c, text);
    assert_int_equal(result, CLI_DONE);
    assert_int_equal(strncmp(text, starts[i], strlen(starts[i])), 0);
    assert_non_null(strstr(text, "ISC licence"));
    assert_string_equal(errors, "");
  }
}

static void
lines_break_between_pieces_at_any_width(void** const state)
{
  (void)state;
  for (unsigned width = 12; width <= 40; ++width) {
    char text[MAX_TEXT] = "";
    FILE* const stream = fmemopen(text, sizeof(text), "w");
    CliLine line = {.stream = stream, .width = width, .indent = 3};
    cli_line_add(&line, "one piece,");
    cli_line_add_words(&line, "and Wörter one by one,\nand a new line");
    cli_line_end(&line);
    (void)fclose(stream);
    assert_non_null(strstr(text, "one piece,"));
    assert_non_null(strstr(text, "\n   and a"));
    for (char* row = strtok(text, "\n"); row; row = strtok(NULL, "\n")) {
      assert_int_equal(strncmp(row, "   ", 3), 0);
      assert_in_range(cli_columns_of(row), 4, width < 13 ? 13 : width);
    }
  }
}

static void
words_differ_by_their_edits(void** const state)
{
  (void)state;
  assert_int_equal(cli_word_distance("output", "output"), 0);
  assert_int_equal(cli_word_distance("ouput", "output"), 1);
  assert_int_equal(cli_word_distance("outputt", "output"), 1);
  assert_int_equal(cli_word_distance("autput", "output"), 1);
  assert_int_equal(cli_word_distance("otuput", "output"), 1);
  assert_int_equal(cli_word_distance("", "abc"), 3);
  assert_int_equal(cli_word_distance("kitten", "sitting"), 3);
}

static void
messages_and_statuses_have_one_form(void** const state)
{
  (void)state;
  char text[MAX_TEXT];
  const Capture c = capture_begin(STDERR_FILENO);
  assert_false(cli_complain("grus-test", "%s: no such file", "a.wav"));
  capture_end(c, text);
  assert_string_equal(text, "grus-test: a.wav: no such file\n");
  assert_int_equal(cli_exit_status(STATUS_OK), 0);
  assert_int_equal(cli_exit_status(STATUS_CANNOT_WRITE), 1);
  assert_int_equal(cli_exit_status(STATUS_NO_MEMORY), 1);
  assert_int_equal(cli_exit_status(STATUS_CANNOT_READ), 2);
  assert_int_equal(cli_exit_status(STATUS_BAD_ARGUMENT), 2);
  assert_int_equal(cli_exit_result(CLI_REFUSED), 2);
  assert_int_equal(cli_exit_result(CLI_DONE), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kind_of_value_lands_in_its_member),
      cmocka_unit_test(letters_abbreviations_and_old_spellings_are_read),
      cmocka_unit_test(operands_are_what_is_no_option),
      cmocka_unit_test(unknown_options_are_refused_with_the_nearest),
      cmocka_unit_test(a_file_that_begins_with_a_dash_is_recognised),
      cmocka_unit_test(arguments_that_are_missing_or_too_many_are_refused),
      cmocka_unit_test(values_are_refused_with_what_would_be_right),
      cmocka_unit_test(texts_are_utf_8),
      cmocka_unit_test(help_is_made_from_the_table),
      cmocka_unit_test(help_and_version_are_printed_on_standard_output),
      cmocka_unit_test(lines_break_between_pieces_at_any_width),
      cmocka_unit_test(words_differ_by_their_edits),
      cmocka_unit_test(messages_and_statuses_have_one_form),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

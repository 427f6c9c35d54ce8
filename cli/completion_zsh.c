// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The script for zsh, whose _arguments does the rest.

#include "cli/completion.h"

/// Print a text inside '[...]', which is inside quotes
static void
print_help(const char* const text, FILE* const stream)
{
  (void)fputc('[', stream);
  for (const char* c = text; *c; ++c) {
    const char one[2] = {*c, '\0'};
    if (*c == '\'') {
      (void)fputs("'\\''", stream);
    } else {
      cli_print_escaped(one, "[]:\\", "\\", stream);
    }
  }
  (void)fputc(']', stream);
}

/// Print what completes a value or an operand
static void
print_action(const CliTakes takes, FILE* const stream)
{
  const char* const endings = cli_takes_endings(takes);
  if (takes == CLI_TAKES_TAKE) {
    (void)fprintf(stream, "{compset -P \"*[=\\:]\" && _files -g \"*.(#i)(%s)\"}", endings);
  } else if (endings) {
    (void)fprintf(stream, "_files -g \"*.(#i)(%s)\"", endings);
  } else if (takes == CLI_TAKES_FOLDER) {
    (void)fputs("_files -/", stream);
  } else if (takes == CLI_TAKES_PRESET) {
    (void)fputs("{local -a names; names=(${(f)\"$($service list 2>/dev/null | cut -f 1)\"}); "
                "compadd -a names}",
                stream);
  }
}

static void
print_value(const CliOption* const o, FILE* const stream)
{
  if (!o->argument) {
    return;
  }
  (void)fputs(cli_argument_is_optional(o) ? "::" : ":", stream);
  cli_print_escaped(o->argument, ":", "\\", stream);
  (void)fputc(':', stream);
  if (o->choices) {
    (void)fputc('(', stream);
    cli_print_choices(o->choices, stream);
    (void)fputc(')', stream);
  } else {
    print_action(o->takes, stream);
  }
}

/// Print one name of an option
static void
print_name(const CliOption* const o, const char* const dashes, const char* const name,
           FILE* const stream)
{
  const bool is_long = dashes[1] != '\0';
  const char* const end = !o->argument                  ? ""
                          : !is_long                    ? "+"
                          : cli_argument_is_optional(o) ? "=-"
                                                        : "=";
  (void)fprintf(stream, " \\\n    '%s%s%s%s", o->kind == CLI_READ ? "*" : "", dashes, name, end);
  print_help(cli_option_help(o), stream);
  print_value(o, stream);
  (void)fputc('\'', stream);
}

static void
print_options(const CliProgram* const program, FILE* const stream)
{
  for (const CliOption* o = program->options; o->kind != CLI_END; ++o) {
    if (!cli_is_shown_option(o)) {
      continue;
    }
    print_name(o, "--", o->name, stream);
    if (o->letter) {
      print_name(o, "-", (const char[2]){o->letter, '\0'}, stream);
    }
  }
}

static void
print_operands(const CliProgram* const program, FILE* const stream)
{
  const CliTakes* const operands = program->operands;
  for (size_t i = 0; i < CLI_MAX_TAKES && operands[i]; ++i) {
    const bool repeats = i + 1 < CLI_MAX_TAKES && operands[i + 1] == CLI_TAKES_MORE;
    if (operands[i] != CLI_TAKES_MORE) {
      (void)fprintf(stream, " \\\n    '%s:argument:", repeats ? "*" : "");
      print_action(operands[i], stream);
      (void)fputc('\'', stream);
    }
  }
}

static void
print_arguments(const CliProgram* const program, FILE* const stream)
{
  (void)fputs("_arguments -s -S", stream);
  print_options(program, stream);
  print_operands(program, stream);
  (void)fputc('\n', stream);
}

/// Print what completes a command and its arguments
static void
print_commands(const CliProgram* const program, FILE* const stream)
{
  (void)fputs("local context state state_descr line\ntypeset -A opt_args\n_arguments -C -S",
              stream);
  print_options(program, stream);
  (void)fputs(" \\\n    '1:command:->command' \\\n    '*::argument:->argument' && return\n"
              "if [[ $state == command ]]; then\n  local -a commands\n  commands=(",
              stream);
  for (size_t i = 0; program->command_at(i); ++i) {
    const CliProgram* const command = program->command_at(i);
    (void)fprintf(stream, "\n    '%s:", command->command);
    cli_print_escaped(command->summary, "'", "'\\'", stream);
    (void)fputc('\'', stream);
  }
  (void)fputs(")\n  _describe command commands\n  return\nfi\ncase $words[1] in\n", stream);
  for (size_t i = 0; program->command_at(i); ++i) {
    (void)fprintf(stream, "%s)\n  ", program->command_at(i)->command);
    print_arguments(program->command_at(i), stream);
    (void)fputs("  ;;\n", stream);
  }
  (void)fputs("esac\n", stream);
}

void
cli_print_zsh_completion(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(stream, "#compdef %s\n# Completes %s in zsh. Made from its table of options.\n\n",
                program->name, program->name);
  if (program->command_at) {
    print_commands(program, stream);
  } else {
    print_arguments(program, stream);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The script for bash. A function of each program has the tables: for the command, which options
// there are, which take the next word, and what it can be; two functions that are the same in all
// scripts do the rest. What to complete is a list of words, or "@" and what it is, as in @sound.

#include "cli/completion.h"

/// Put the words together again that bash has cut at '=' and ':'
static const char read_words[] =
    "_grus_read_words() {\n"
    "  local word i is_open=''\n"
    "  for ((i = 1; i <= COMP_CWORD; ++i)); do\n"
    "    word=${COMP_WORDS[i]}\n"
    "    if [[ ${#words[@]} -gt 0 && ($word == [=:]* || -n $is_open) ]]; then\n"
    "      words[-1]+=$word\n"
    "    else\n"
    "      words+=(\"$word\")\n"
    "    fi\n"
    "    is_open=''\n"
    "    [[ $word == *[=:] ]] && is_open=1\n"
    "  done\n"
    "  last=${words[-1]} option='' value=${words[-1]}\n"
    "  unset 'words[-1]'\n"
    "  if [[ $last == --*=* ]]; then\n"
    "    option=${last%%=*}= value=${last#*=}\n"
    "  elif ((${#words[@]})); then\n"
    "    option=${words[-1]}\n"
    "  fi\n"
    "}\n";

/// Find the operand that is completed
static const char find_operand[] = "_grus_find_operand() {\n"
                                   "  local word n=0 is_value=''\n"
                                   "  [[ -n $commands ]] && n=-1\n"
                                   "  for word in \"${words[@]}\"; do\n"
                                   "    if [[ -n $is_value ]]; then\n"
                                   "      is_value=''\n"
                                   "    elif [[ \" $takers \" == *\" $word \"* ]]; then\n"
                                   "      is_value=1\n"
                                   "    elif [[ $word != -* ]]; then\n"
                                   "      n=$((n + 1))\n"
                                   "    fi\n"
                                   "  done\n"
                                   "  set -- none $operands\n"
                                   "  [[ ${!#} == @more ]] && n=$((n < $# - 2 ? n : $# - 3))\n"
                                   "  shift \"$((n + 1 < $# ? n + 1 : $#))\"\n"
                                   "  rule=${1-@none}\n"
                                   "}\n";

/// Print each file, or what else can be given, on a line
static const char list_matches[] = "_grus_list() {\n"
                                   "  local word endings=''\n"
                                   "  case $rule in\n"
                                   "  @none) ;;\n"
                                   "  @model) endings='" CLI_MODEL_ENDINGS "' ;;\n"
                                   "  @sound | @take) endings='" CLI_SOUND_ENDINGS "' ;;\n"
                                   "  @page) endings='" CLI_PAGE_ENDINGS "' ;;\n"
                                   "  @folder) compgen -d -- \"$value\" ;;\n"
                                   "  @preset) \"${COMP_WORDS[0]}\" list "
                                   "${folder:+\"--folder=$folder\"} 2>/dev/null | cut -f 1 ;;\n"
                                   "  *) printf '%s\\n' $rule ;;\n"
                                   "  esac\n"
                                   "  [[ -n $endings ]] || return\n"
                                   "  compgen -f -- \"$value\" | while IFS= read -r word; do\n"
                                   "    [[ -d ${word/#\\~\\//$HOME/} || ${word,,} =~ "
                                   "\\.($endings)$ ]] && printf '%s\\n' \"$word\"\n"
                                   "  done\n"
                                   "}\n";

/// Fill COMPREPLY with what fits, without the part of the word that bash has cut off
static const char reply[] =
    "_grus_reply() {\n"
    "  local word raw=${COMP_WORDS[COMP_CWORD]} before\n"
    "  if [[ -z $rule && $last == -* ]]; then\n"
    "    rule=$options\n"
    "  elif [[ -z $rule && -n $commands && -z $command ]]; then\n"
    "    rule=$commands\n"
    "  elif [[ -z $rule ]]; then\n"
    "    _grus_find_operand\n"
    "  fi\n"
    "  [[ $raw == [=:]* ]] && raw=''\n"
    "  [[ $rule == @take && $value != *=* ]] && rule=@none\n"
    "  [[ $rule == @take ]] && value=${value##*[=:]}\n"
    "  before=${last:0:${#last}-${#value}}\n"
    "  [[ $rule == @* ]] && value=${value//\\\\/} && value=${value#[\\'\\\"]}\n"
    "  while IFS= read -r word; do\n"
    "    [[ $word == \"$value\"* ]] || continue\n"
    "    word=$before$word\n"
    "    COMPREPLY+=(\"${word:${#last}-${#raw}}\")\n"
    "  done < <(_grus_list)\n"
    "  [[ $rule == @* ]] && compopt -o filenames 2>/dev/null\n"
    "  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null\n"
    "  return 0\n"
    "}\n";

static const char*
name_takes(const CliTakes takes)
{
  static const char* const names[] = {
      [CLI_TAKES_TEXT] = "",          [CLI_TAKES_MODEL] = "@model", [CLI_TAKES_SOUND] = "@sound",
      [CLI_TAKES_TAKE] = "@take",     [CLI_TAKES_PAGE] = "@page",   [CLI_TAKES_FOLDER] = "@folder",
      [CLI_TAKES_PRESET] = "@preset", [CLI_TAKES_MORE] = "@more"};
  return names[takes];
}

/// Print all options as words; "--option=" wants a value, and "--option=" beside "--option" can do
/// without
static void
print_options(const CliOption* const options, FILE* const stream)
{
  (void)fputs("    options='", stream);
  for (const CliOption* o = options; o->kind != CLI_END; ++o) {
    if (!cli_is_shown_option(o)) {
      continue;
    }
    if (!o->argument || cli_argument_is_optional(o)) {
      (void)fprintf(stream, "--%s ", o->name);
    }
    if (o->argument) {
      (void)fprintf(stream, "--%s= ", o->name);
    }
    if (o->letter) {
      (void)fprintf(stream, "-%c ", o->letter);
    }
  }
  (void)fputs("'\n", stream);
}

/// Return true if the word behind an option is its value
static bool
takes_next_word(const CliOption* const o)
{
  return cli_is_shown_option(o) && o->argument && !cli_argument_is_optional(o);
}

static void
print_takers(const CliOption* const options, FILE* const stream)
{
  (void)fputs("    takers='", stream);
  for (const CliOption* o = options; o->kind != CLI_END; ++o) {
    if (takes_next_word(o)) {
      (void)fprintf(stream, "--%s ", o->name);
      if (o->letter) {
        (void)fprintf(stream, "-%c ", o->letter);
      }
    }
  }
  (void)fputs("'\n", stream);
}

/// Print what the value of an option can be; "@none" if a shell can't know
static void
print_value(const CliOption* const o, FILE* const stream)
{
  (void)fprintf(stream, "    --%s=", o->name);
  if (takes_next_word(o)) {
    (void)fprintf(stream, " | --%s", o->name);
    if (o->letter) {
      (void)fprintf(stream, " | -%c", o->letter);
    }
  }
  (void)fputs(") rule='", stream);
  if (o->choices) {
    cli_print_choices(o->choices, stream);
  } else {
    (void)fputs(o->takes ? name_takes(o->takes) : "@none", stream);
  }
  (void)fputs("' ;;\n", stream);
}

static void
print_operands(const CliProgram* const program, FILE* const stream)
{
  (void)fputs("    operands='", stream);
  for (size_t i = 0; i < CLI_MAX_TAKES && program->operands[i]; ++i) {
    (void)fprintf(stream, "%s%s", i ? " " : "", name_takes(program->operands[i]));
  }
  (void)fputs("'\n", stream);
}

/// Print the tables of a program or of a command
static void
print_tables(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(stream, "  '%s')\n", program->command ? program->command : "");
  print_options(program->options, stream);
  print_takers(program->options, stream);
  print_operands(program, stream);
  (void)fputs("    case $option in\n", stream);
  for (const CliOption* o = program->options; o->kind != CLI_END; ++o) {
    if (cli_is_shown_option(o) && o->argument) {
      print_value(o, stream);
    }
  }
  (void)fputs("    esac\n    ;;\n", stream);
}

/// Print the names of the commands
static void
print_commands(const CliProgram* const program, FILE* const stream)
{
  (void)fputs("  local commands='", stream);
  for (size_t i = 0; program->command_at && program->command_at(i); ++i) {
    (void)fprintf(stream, "%s%s", i ? " " : "", program->command_at(i)->command);
  }
  (void)fputs("'\n", stream);
}

static void
print_function(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(
      stream,
      "_complete_%s() {\n"
      "  local IFS=$' \\t\\n' words=() last option value command='' rule='' folder='' word\n"
      "  local options takers operands\n",
      program->name);
  print_commands(program, stream);
  (void)fputs("  COMPREPLY=()\n"
              "  _grus_read_words\n"
              "  for word in \"${words[@]}\"; do\n"
              "    [[ $word == --folder=* ]] && folder=${word#*=}\n"
              "    [[ -z $command && \" $commands \" == *\" $word \"* ]] && command=$word\n"
              "  done\n"
              "  case $command in\n",
              stream);
  print_tables(program, stream);
  for (size_t i = 0; program->command_at && program->command_at(i); ++i) {
    print_tables(program->command_at(i), stream);
  }
  (void)fprintf(stream, "  esac\n  _grus_reply\n}\ncomplete -F _complete_%s %s\n", program->name,
                program->name);
}

void
cli_print_bash_completion(const CliProgram* const program, FILE* const stream)
{
  (void)fprintf(stream,
                "# Completes %s in bash. Made from its table of options.\n"
                "# shellcheck shell=bash disable=SC2034,SC2086,SC2154\n\n%s\n%s\n%s\n%s\n",
                program->name, read_words, find_operand, list_matches, reply);
  print_function(program, stream);
}

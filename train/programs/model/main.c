// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model: what is in a model file, whether it is sound, the same in another format, and which
// are installed as presets.

#include "train/programs/common/option_values.h"
#include "train/programs/model/commands.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_BAD_INPUT 2

static const char help[] =
    "Usage: grus-model COMMAND [OPTION...] [ARGUMENT...]\n"
    "Look at model files, convert them, and install them as presets. Files of AIDA-X, GuitarML "
    "and\n"
    "NAM (LSTM) are read as well as those of Grus.\n"
    "\n"
    "  info FILE...            print what is in model files\n"
    "  check FILE...           read model files, run the test inside them, and play them\n"
    "  convert FILE OUT        write a model in another format\n"
    "      --to=FORMAT         grus (default), aida-x or guitarml\n"
    "      --rate=HZ           sample rate: of a file that does not say, or which weights of "
    "several\n"
    "  compare A B             print how far model B is from model A\n"
    "      --on=FILE.wav       recording to play through both\n"
    "  gates MODEL IN.wav      write a page that shows the gates of a model while a recording "
    "plays\n"
    "      --output=FILE.html  page to write (default MODEL-gates.html, in this folder)\n"
    "  install FILE...         add models to the presets that hosts list\n"
    "  uninstall NAME...       remove presets\n"
    "  list                    print the presets that are installed\n"
    "      --folder=FOLDER     LV2 folder of presets (default ~/.lv2)\n"
    "\n"
    "  -h, --help              print this and exit\n"
    "  -V, --version           print the version and exit\n"
    "\n"
    "Exit status: 0 done, 1 could not write, 2 bad arguments or files.\n";

static const struct option long_options[] = {
    {"folder", required_argument, NULL, 'f'}, {"on", required_argument, NULL, 'o'},
    {"output", required_argument, NULL, 'p'}, {"rate", required_argument, NULL, 'r'},
    {"to", required_argument, NULL, 't'},     {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},      {NULL, 0, NULL, 0}};

typedef struct {
  const char* name;
  Status (*run)(char* const* arguments, const ModelOptions* options, Message* message);
  int n_arguments;      ///< -1: any number but none, one after another
  const char* options;  ///< Keys of those it takes
  const char* expected; ///< Arguments, in words
} Command;

static const Command commands[] = {
    {"info", model_command_info, -1, "", "info FILE..."},
    {"check", model_command_check, -1, "", "check FILE..."},
    {"convert", model_command_convert, 2, "rt", "convert FILE OUT"},
    {"compare", model_command_compare, 2, "o", "compare A B --on=FILE.wav"},
    {"gates", model_command_gates, 2, "p", "gates MODEL IN.wav"},
    {"install", model_command_install, -1, "f", "install FILE..."},
    {"uninstall", model_command_uninstall, -1, "f", "uninstall NAME..."},
    {"list", model_command_list, 0, "f", "list"},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/// The command line, read
typedef struct {
  ModelOptions options;
  bool is_given[128]; ///< By key
} Line;

static int
fail(const Status status, const Message* const message)
{
  (void)fprintf(stderr, "grus-model: %s\n", message->text);
  return status == STATUS_CANNOT_WRITE ? EXIT_FAILURE : EXIT_BAD_INPUT;
}

static int
refuse_line(const char* const what, const char* const expected)
{
  (void)fprintf(stderr, "grus-model: \"%s\": expected %s\nTry 'grus-model --help'.\n", what,
                expected);
  return EXIT_BAD_INPUT;
}

/// Return the command called `name`, or NULL
static const Command*
find_command(const char* const name)
{
  for (size_t i = 0; i < N_COMMANDS; ++i) {
    if (!strcmp(commands[i].name, name)) {
      return &commands[i];
    }
  }
  return NULL;
}

/// Return an option that was given and is not the command's, or NULL
static const char*
stray_option(const Command* const command, const Line* const line)
{
  for (const struct option* o = long_options; o->name; ++o) {
    if (line->is_given[o->val] && !strchr(command->options, o->val)) {
      return o->name;
    }
  }
  return NULL;
}

/// Go through all arguments, whatever becomes of one
static int
run_each(const Command* const command, char* const* const arguments, const Line* const line)
{
  int result = EXIT_SUCCESS;
  for (char* const* argument = arguments; *argument; ++argument) {
    Message message = {""};
    const Status status = command->run(argument, &line->options, &message);
    result = status ? fail(status, &message) : result;
  }
  return result;
}

static int
run(const char* const name, const int n, char* const* const arguments, const Line* const line)
{
  const Command* const command = find_command(name);
  Message message = {""};
  if (!command) {
    return refuse_line(name, "info, check, convert, compare, gates, install, uninstall or list");
  }
  const char* const stray = stray_option(command, line);
  if (stray) {
    (void)fprintf(stderr, "grus-model: --%s is not for %s\nTry 'grus-model --help'.\n", stray,
                  name);
    return EXIT_BAD_INPUT;
  }
  if (command->n_arguments < 0 ? !n : n != command->n_arguments) {
    return refuse_line(name, command->expected);
  }
  if (command->n_arguments < 0) {
    return run_each(command, arguments, line);
  }
  const Status status = command->run(arguments, &line->options, &message);
  return status ? fail(status, &message) : EXIT_SUCCESS;
}

static bool
read_option(const int key, Line* const line)
{
  static const ParseChoice formats[] = {{"grus", MODEL_TO_GRUS},
                                        {"aida-x", MODEL_TO_AIDA_X},
                                        {"guitarml", MODEL_TO_GUITARML},
                                        {NULL, 0}};
  int value = 0;
  line->is_given[key] = true;
  switch (key) {
  case 'f':
    line->options.folder = optarg;
    return true;
  case 'o':
    line->options.on = optarg;
    return true;
  case 'p':
    line->options.output = optarg;
    return true;
  case 'r':
    return parse_number("--rate", optarg, 8000.0, 768000.0, &line->options.rate);
  case 't':
    if (!parse_choice("--to", optarg, formats, &value)) {
      return false;
    }
    line->options.to = (ModelTo)value;
    return true;
  default:
    return false;
  }
}

int
main(const int argc, char** const argv)
{
  Line line = {.options = {.folder = ""}};
  int key = 0;
  while ((key = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
    if (key == 'h') {
      (void)fputs(help, stdout);
      return EXIT_SUCCESS;
    }
    if (key == 'V') {
      (void)printf("grus-model %s\n", GRUS_VERSION);
      return EXIT_SUCCESS;
    }
    if (!read_option(key, &line)) {
      return EXIT_BAD_INPUT;
    }
  }
  if (optind == argc) {
    (void)fputs(help, stderr);
    return EXIT_BAD_INPUT;
  }
  return run(argv[optind], argc - optind - 1, argv + optind + 1, &line);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model: prints, checks, converts and compares model files, and installs them as presets. Each
// command has options of its own.

#include "cli/exit_status.h"
#include "cli/help.h"
#include "cli/json_output.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/similar.h"
#include "core/format/model_file.h"
#include "core/params.h"
#include "train/programs/common/recording_note.h"
#include "train/programs/model/commands.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const CliChoice formats[] = {{"grus", MODEL_TO_GRUS},
                                    {"aida-x", MODEL_TO_AIDA_X},
                                    {"guitarml", MODEL_TO_GUITARML},
                                    {NULL, 0}};

static const CliChoice automatic[] = {{"auto", 0}, {NULL, 0}};

static bool
read_install(const CliValue* const value, void* const options)
{
  ((ModelOptions*)options)->install = value->text ? value->text : "";
  return true;
}

static bool
read_ir(const CliValue* const value, void* const options)
{
  ((ModelOptions*)options)->ir = value->text ? value->text : "";
  return true;
}

/// Check a size that grus-train is given
static bool
read_hidden_size(const CliValue* const value, void* const options)
{
  uint32_t size = 0;
  ((ModelOptions*)options)->hidden_size = value->text;
  return !strcmp(value->text, "auto") || cli_read_count(value, 1, PARAMS_MAX_HIDDEN_SIZE, &size);
}

/// Check a linear stage that grus-train is given
static bool
read_linear(const CliValue* const value, void* const options)
{
  uint32_t n_taps = 0;
  ((ModelOptions*)options)->linear = value->text;
  return !strcmp(value->text, "auto") || cli_read_count(value, 0, PARAMS_MAX_TAPS, &n_taps);
}

#define JSON_OPTION                                                                                \
  {                                                                                                \
    "json", 0, NULL, "print JSON, for other programs", CLI_SET,                                    \
        .to = offsetof(ModelOptions, is_json)                                                      \
  }

static const CliOption file_options[] = {
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliOption convert_options[] = {
    {"to", 0, "FORMAT",
     "grus (default), aida-x or guitarml; they get a loudspeaker or load in OUT.wav beside OUT",
     CLI_CHOICE, .to = offsetof(ModelOptions, to), .choices = formats},
    {"rate", 0, "HZ",
     "sample rate of a file that doesn't say it, or the rate to choose among several sets of "
     "weights",
     CLI_NUMBER, .to = offsetof(ModelOptions, rate), .least = MODEL_FILE_MIN_RATE,
     .most = MODEL_FILE_MAX_RATE},
    {"ir", 0, "[FILE.wav]",
     "impulse response behind FILE, which becomes part of it: a loudspeaker (default: FILE's name, "
     "ending in .wav)",
     CLI_READ, .read = read_ir, .takes = CLI_TAKES_SOUND},
    {"no-cabinet", 0, NULL, "it is an amplifier's tone or load, no loudspeaker", CLI_SET,
     .to = offsetof(ModelOptions, has_no_cabinet)},
    {"overwrite", 0, NULL, "replace OUT if it exists", CLI_SET,
     .to = offsetof(ModelOptions, overwrites)},
    {"install", 0, "[FOLDER]", "also write an LV2 preset that hosts list (default ~/.lv2)",
     CLI_READ, .read = read_install, .takes = CLI_TAKES_FOLDER},
    {.kind = CLI_HEADING, .help = "Captures, from which grus-train learns"},
    {"time", 't', "TIME", "time to spend on each: 45s, 3m, 1h (default 3m)", CLI_TIME,
     .to = offsetof(ModelOptions, seconds)},
    {"hidden-size", 'H', "N", "units, 1 to 256 (default 16), or auto", CLI_READ,
     .read = read_hidden_size, .choices = automatic},
    {"linear", 0, "auto|TAPS",
     "linear stage behind the network, up to 2048 taps, or 0: none (default auto: if it pays; for "
     "aida-x 0)",
     CLI_READ, .read = read_linear, .choices = automatic},
    {"rates", 0, "HZ,HZ...", "sample rates to sound right at, such as 44100,48000", CLI_PATH,
     .to = offsetof(ModelOptions, rates)},
    {"no-report", 0, NULL, "don't write reports, OUT.html", CLI_SET,
     .to = offsetof(ModelOptions, has_no_report)},
    {.kind = CLI_HEADING, .help = ""},
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliOption compare_options[] = {
    {"on", 0, "FILE.wav", "recording to play through both", CLI_PATH,
     .to = offsetof(ModelOptions, on), .takes = CLI_TAKES_SOUND},
    {"rate", 0, "HZ", "sample rate of a file that doesn't say it", CLI_NUMBER,
     .to = offsetof(ModelOptions, rate), .least = MODEL_FILE_MIN_RATE, .most = MODEL_FILE_MAX_RATE},
    {"channel", 0, "N", "channel to read, from 1 (default 1)", CLI_COUNT,
     .to = offsetof(ModelOptions, channel), .least = 1, .most = CHANNEL_MOST},
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliOption gates_options[] = {
    {"output", 0, "FILE.html", "page to write (default MODEL-gates.html, in this folder)", CLI_PATH,
     .to = offsetof(ModelOptions, output), .takes = CLI_TAKES_PAGE},
    {"overwrite", 0, NULL, "replace it even if it is not a page of Grus", CLI_SET,
     .to = offsetof(ModelOptions, overwrites)},
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliOption install_options[] = {
    {"rate", 0, "HZ", "sample rate of a file that doesn't say it", CLI_NUMBER,
     .to = offsetof(ModelOptions, rate), .least = MODEL_FILE_MIN_RATE, .most = MODEL_FILE_MAX_RATE},
    {"folder", 0, "FOLDER", "LV2 folder of presets (default ~/.lv2)", CLI_PATH,
     .to = offsetof(ModelOptions, folder), .takes = CLI_TAKES_FOLDER},
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliOption preset_options[] = {
    {"folder", 0, "FOLDER", "LV2 folder of presets (default ~/.lv2)", CLI_PATH,
     .to = offsetof(ModelOptions, folder), .takes = CLI_TAKES_FOLDER},
    JSON_OPTION,
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

typedef struct {
  CliProgram program;
  const char* operands; ///< As the list of commands shows them
  int n_operands;       ///< -1: one or more, run one after another; -2: two or more, for one run
  Status (*run)(char* const* operands, const ModelOptions* options, Message* message);
} ModelCommand;

static const ModelCommand commands[] = {
    {{.name = "grus-model",
      .command = "info",
      .usage = {"FILE..."},
      .summary = "Print what is in model files.",
      .options = file_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_MORE}},
     "FILE...",
     -1,
     model_command_info},
    {{.name = "grus-model",
      .command = "check",
      .usage = {"FILE..."},
      .summary = "Read model files, run the test inside them, and play them.",
      .options = file_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_MORE}},
     "FILE...",
     -1,
     model_command_check},
    {{.name = "grus-model",
      .command = "convert",
      .usage = {"[OPTION...] FILE OUT", "[OPTION...] FILE... FOLDER/"},
      .summary = "Write a model in another format, or learn a model from a capture; or convert "
                 "many files into a folder.",
      .options = convert_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_MORE}},
     "FILE... OUT",
     -2,
     model_command_convert},
    {{.name = "grus-model",
      .command = "compare",
      .usage = {"[OPTION...] A B --on=FILE.wav"},
      .summary = "Print how far model B is from model A.",
      .options = compare_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_MODEL}},
     "A B",
     2,
     model_command_compare},
    {{.name = "grus-model",
      .command = "gates",
      .usage = {"[OPTION...] MODEL IN.wav"},
      .summary = "Write a page that shows the gates of a model while a recording plays.",
      .options = gates_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_SOUND}},
     "MODEL IN.wav",
     2,
     model_command_gates},
    {{.name = "grus-model",
      .command = "install",
      .usage = {"[OPTION...] FILE..."},
      .summary = "Add models to the presets that hosts list.",
      .options = install_options,
      .operands = {CLI_TAKES_MODEL, CLI_TAKES_MORE}},
     "FILE...",
     -1,
     model_command_install},
    {{.name = "grus-model",
      .command = "uninstall",
      .usage = {"[OPTION...] NAME..."},
      .summary = "Remove presets.",
      .options = preset_options,
      .operands = {CLI_TAKES_PRESET, CLI_TAKES_MORE}},
     "NAME...",
     -1,
     model_command_uninstall},
    {{.name = "grus-model",
      .command = "list",
      .usage = {"[OPTION...]"},
      .summary = "Print the presets that are installed.",
      .options = preset_options},
     "",
     0,
     model_command_list},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_commands(FILE* const stream)
{
  (void)fputs("Commands ('grus-model COMMAND --help' lists their options):\n", stream);
  for (size_t i = 0; i < N_COMMANDS; ++i) {
    const CliProgram* const p = &commands[i].program;
    char left[64];
    (void)snprintf(left, sizeof(left), "  %s %s", p->command, commands[i].operands);
    cli_print_help_row(left, p->summary, stream);
  }
}

static const CliOption main_options[] = {
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram*
command_at(const size_t index)
{
  return index < N_COMMANDS ? &commands[index].program : NULL;
}

static const CliProgram program = {
    .name = "grus-model",
    .usage = {"COMMAND [OPTION...] [ARGUMENT...]"},
    .summary = "Print, check, convert and compare model files, and install them as presets. Reads "
               "files of AIDA-X, GuitarML and NAM (LSTM) as well as those of Grus.",
    .options = main_options,
    .print_more = print_commands,
    .command_at = command_at,
    .closing = "Exit status: 0 done, 1 out of memory or a file could not be written, 2 bad "
               "arguments or files.",
};

/// Return the command called `name`, or NULL
static const ModelCommand*
find_command(const char* const name)
{
  for (size_t i = 0; i < N_COMMANDS; ++i) {
    if (!strcmp(commands[i].program.command, name)) {
      return &commands[i];
    }
  }
  return NULL;
}

/// Return the place of the command among the arguments: the first one, or the first that names a
/// command if options come first; `argc` if there is none
static int
find_command_place(const int argc, char* const* const argv)
{
  int place = 1;
  while (place < argc && argv[place][0] == '-') {
    ++place;
  }
  for (int i = 1; i < argc && place > 1; ++i) {
    if (find_command(argv[i])) {
      return i;
    }
  }
  return place;
}

static CliResult
refuse_command(const char* const typed)
{
  const char* nearest = NULL;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < N_COMMANDS; ++i) {
    const size_t distance = cli_word_distance(typed, commands[i].program.command);
    if (distance < least) {
      least = distance;
      nearest = commands[i].program.command;
    }
  }
  return cli_is_near(typed, least)
             ? cli_refuse_usage(&program, "%s: unknown command; did you mean %s?", typed, nearest)
             : cli_refuse_usage(&program, "%s: unknown command", typed);
}

/// Add what is wrong to the JSON
static void
add_error(const ModelCommand* const command, const char* const operand,
          const ModelOptions* const options, const Message* const message)
{
  if (options->found) {
    const bool is_preset = command->program.operands[0] == CLI_TAKES_PRESET;
    json_t* const object = json_object();
    if (command->n_operands < 0) {
      cli_json_set_text(object, is_preset ? "preset" : "file", operand);
    }
    cli_json_set_text(object, "error", message->text);
    cli_json_append(options->found, object);
  }
}

/// Print all that was found; of a command on two files, what there is to say of both
static void
print_found(const ModelCommand* const command, json_t* const found)
{
  if (command->n_operands == 2) {
    cli_json_print(json_incref(json_array_get(found, 0)));
    json_decref(found);
  } else {
    cli_json_print(found);
  }
}

/// Run a command for one group of operands; return the exit status
static int
run_once(const ModelCommand* const command, char* const* const operands,
         const ModelOptions* const options)
{
  Message message = {""};
  const Status status = command->run(operands, options, &message);
  if (status && message.text[0]) {
    (void)cli_complain("grus-model", "%s", message.text);
    add_error(command, operands[0], options, &message);
  }
  return cli_exit_status(status);
}

/// Run a command for each operand, even if others fail; return the last exit status that is not
/// zero
static int
run_each(const ModelCommand* const command, char* const* const operands,
         const ModelOptions* const options)
{
  int result = CLI_EXIT_DONE;
  for (char* const* operand = operands; *operand; ++operand) {
    const int status = run_once(command, operand, options);
    result = status ? status : result;
  }
  return result;
}

/// Return true if a command can run with `n` operands
static bool
takes_operands(const ModelCommand* const command, const int n)
{
  const int wanted = command->n_operands;
  return wanted < 0 ? n >= -wanted : n == wanted;
}

/// Read the arguments of a command, and run it
static int
run_command(const ModelCommand* const command, const int argc, char** const argv)
{
  ModelOptions options = {.folder = ""};
  CliOperands operands;
  CliResult result = cli_read_options(&command->program, argc, argv, &options, &operands);
  const bool is_each = command->n_operands == -1;
  if (result == CLI_RUN && !takes_operands(command, operands.n)) {
    result = cli_refuse_usage(&command->program, "expected '%s %s'", command->program.command,
                              command->program.usage[0]);
  }
  if (result != CLI_RUN) {
    return cli_exit_result(result);
  }
  options.found = options.is_json ? json_array() : NULL;
  const int status = is_each ? run_each(command, operands.items, &options)
                             : run_once(command, operands.items, &options);
  if (options.is_json) {
    print_found(command, options.found);
  }
  return status;
}

/// Read a command line without a command
static int
run_without_command(const int argc, char** const argv)
{
  CliOperands operands;
  const CliResult result = cli_read_options(&program, argc, argv, NULL, &operands);
  if (result != CLI_RUN) {
    return cli_exit_result(result);
  }
  cli_print_help(&program, stderr);
  return CLI_EXIT_BAD_INPUT;
}

int
main(const int argc, char** const argv)
{
  const int place = find_command_place(argc, argv);
  if (place == argc) {
    return run_without_command(argc, argv);
  }
  const ModelCommand* const command = find_command(argv[place]);
  if (!command) {
    return cli_exit_result(refuse_command(argv[place]));
  }
  memmove(argv + place, argv + place + 1, (size_t)(argc - place) * sizeof(argv[0]));
  return run_command(command, argc - 1, argv);
}

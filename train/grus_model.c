// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model: what is in a model file, whether it is sound, and which are installed as presets.

#include "core/model_file.h"
#include "train/install.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_BAD_INPUT 2

static const char help[] =
    "Usage: grus-model COMMAND [OPTION...] [ARGUMENT...]\n"
    "Look at model files, and install them as presets.\n"
    "\n"
    "  info FILE...            print what is in model files\n"
    "  check FILE...           read model files and run the test inside them\n"
    "  install FILE...         add models to the presets that hosts list\n"
    "  uninstall NAME...       remove presets\n"
    "  list                    print the presets that are installed\n"
    "\n"
    "      --folder=FOLDER     LV2 folder of presets (default ~/.lv2)\n"
    "  -h, --help              print this and exit\n"
    "  -V, --version           print the version and exit\n"
    "\n"
    "Exit status: 0 done, 1 could not write, 2 bad arguments or files.\n";

static const struct option long_options[] = {{"folder", required_argument, NULL, 'f'},
                                             {"help", no_argument, NULL, 'h'},
                                             {"version", no_argument, NULL, 'V'},
                                             {NULL, 0, NULL, 0}};

/// Does one argument; return false, with a message on stderr, if that fails
typedef Status (*Command)(const char* argument, const char* folder, Message* message);

static void
print_text(const char* const label, const char* const text)
{
  if (text[0]) {
    (void)printf("  %-12s %s\n", label, text);
  }
}

static void
print_level(const char* const label, const ModelFileLevel level, const char* const unit)
{
  if (level.is_given) {
    (void)printf("  %-12s %.1f %s\n", label, level.value, unit);
  }
}

static void
print_set(const double rate, const ModelRecord* const record)
{
  (void)printf("  %-12s %g Hz", "weights for", rate);
  if (record->esr > 0.0) {
    (void)printf(", ESR %.5f", record->esr);
  }
  (void)printf("\n");
}

static Status
info(const char* const path, const char* const folder, Message* const message)
{
  ModelFile file = {0};
  (void)folder;
  const Status status = model_file_read(path, &file, message);
  if (status) {
    return status;
  }
  const ParamsShape shape = file.params.shape;
  (void)printf("%s\n", path);
  print_text("name", file.name);
  print_text("author", file.author);
  print_text("gear", file.gear);
  print_text("license", file.license);
  (void)printf("  %-12s %s, hidden size %u, %zu weights%s\n", "network",
               params_cell_name(shape.cell), shape.hidden_size, params_count(shape),
               shape.skip ? ", skip connection" : "");
  for (uint32_t k = 0; k + 1 < shape.n_inputs; ++k) {
    (void)printf("  knob %-7u %s\n", k + 1, file.knobs[k][0] ? file.knobs[k] : "(no name)");
  }
  print_set(file.sample_rate, &file.record);
  for (uint32_t i = 0; i < file.n_others; ++i) {
    print_set(file.others[i].sample_rate, &file.others[i].record);
  }
  print_level("loudness", file.loudness, "LUFS");
  print_level("input", file.input_dbu, "dBu at full scale");
  print_level("output", file.output_dbu, "dBu at full scale");
  print_text("warning", file.warning.text);
  model_file_clear(&file);
  return STATUS_OK;
}

/// Reading runs the self-test of the file
static Status
check(const char* const path, const char* const folder, Message* const message)
{
  ModelFile file = {0};
  (void)folder;
  const Status status = model_file_read(path, &file, message);
  if (status) {
    return status;
  }
  const bool is_odd = file.warning.text[0] != '\0';
  (void)printf("%s\n", is_odd ? file.warning.text : path);
  (void)printf("%s: %s\n", path, is_odd ? "odd" : "sound");
  model_file_clear(&file);
  return is_odd ? status_fail(message, STATUS_BAD_FILE, "%.300s: does not pass its own test", path)
                : STATUS_OK;
}

static Status
install(const char* const path, const char* const folder, Message* const message)
{
  char bundle[PATH_MAX];
  ModelFile file = {0};
  Status status = model_file_read(path, &file, message);
  if (status) {
    return status;
  }
  if (!file.name[0]) {
    const char* const slash = strrchr(path, '/');
    (void)snprintf(file.name, sizeof(file.name), "%.100s", slash ? slash + 1 : path);
  }
  status = install_preset(&file, folder, bundle, message);
  if (!status) {
    (void)printf("%s: installed as \"%s\" in %s\n", path, file.name, bundle);
  }
  model_file_clear(&file);
  return status;
}

static Status
uninstall(const char* const name, const char* const folder, Message* const message)
{
  char bundle[PATH_MAX];
  const Status status = install_remove(name, folder, bundle, message);
  if (!status) {
    (void)printf("removed %s\n", bundle);
  }
  return status;
}

static void
print_preset(const char* const name, const char* const bundle)
{
  (void)printf("%s\t%s\n", name, bundle);
}

static int
exit_status(const Status status)
{
  return !status ? EXIT_SUCCESS : status == STATUS_CANNOT_WRITE ? EXIT_FAILURE : EXIT_BAD_INPUT;
}

static int
fail(const Status status, const Message* const message)
{
  (void)fprintf(stderr, "grus-model: %s\n", message->text);
  return exit_status(status);
}

static Command
find_command(const char* const name)
{
  static const struct {
    const char* name;
    Command command;
  } commands[] = {{"info", info}, {"check", check}, {"install", install}, {"uninstall", uninstall}};
  for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); ++i) {
    if (!strcmp(commands[i].name, name)) {
      return commands[i].command;
    }
  }
  return NULL;
}

/// Go through all arguments, whatever becomes of one
static int
run(const char* const name, char* const* const arguments, const char* const folder)
{
  const Command command = find_command(name);
  Message message = {""};
  int result = EXIT_SUCCESS;
  if (!strcmp(name, "list") && !*arguments) {
    const Status status = install_list(folder, print_preset, &message);
    return status ? fail(status, &message) : EXIT_SUCCESS;
  }
  if (!command || !*arguments) {
    (void)fprintf(
        stderr,
        "grus-model: \"%s\": expected info, check, install or uninstall with arguments, or "
        "list\nTry 'grus-model --help'.\n",
        name);
    return EXIT_BAD_INPUT;
  }
  for (char* const* argument = arguments; *argument; ++argument) {
    const Status status = command(*argument, folder, &message);
    result = status ? fail(status, &message) : result;
  }
  return result;
}

int
main(const int argc, char** const argv)
{
  const char* folder = "";
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
    if (key != 'f') {
      return EXIT_BAD_INPUT;
    }
    folder = optarg;
  }
  if (optind == argc) {
    (void)fputs(help, stderr);
    return EXIT_BAD_INPUT;
  }
  return run(argv[optind], argv + optind + 1, folder);
}

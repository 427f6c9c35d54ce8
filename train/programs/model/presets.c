// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model install, uninstall, list: which models are presets?

#include "cli/json_output.h"
#include "cli/message.h"
#include "core/engine/load.h"
#include "core/format/model_file_io.h"
#include "train/programs/common/model_name.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/common/sandbox_note.h"
#include "train/programs/model/commands.h"

#include <stdio.h>

/// Print what is odd about a model, and which rate its preset says that it is for
static void
print_notes(const ModelFile* const file, const char* const path, const double rate)
{
  Message note = {""};
  load_note_given_rate(load_own_rate(file), (LoadRate){rate, "--rate=HZ"}, path, &note);
  if (file->warning.text[0]) {
    (void)cli_complain("grus-model", "%s", file->warning.text);
  }
  if (note.text[0]) {
    (void)cli_complain("grus-model", "%s", note.text);
  }
}

Status
model_command_install(char* const* const arguments, const ModelOptions* const options,
                      Message* const message)
{
  PresetPlace place;
  ModelFile file = {0};
  Status status = model_file_read(*arguments, &file, message);
  if (status) {
    return status;
  }
  model_file_give_rate(&file, options->rate);
  print_notes(&file, *arguments, options->rate);
  naming_after_path(&file, *arguments);
  status = preset_bundle_install(&file, options->folder, &place, message);
  if (!status && options->found) {
    json_t* const object = json_object();
    cli_json_set_text(object, "file", *arguments);
    cli_json_set(object, "preset", preset_bundle_json(&place, file.name));
    cli_json_append(options->found, object);
  } else if (!status) {
    (void)printf("%s: %s \"%s\" in %s\n", *arguments,
                 place.replaces ? "replaced the preset" : "installed as", file.name, place.bundle);
    sandbox_note_print(place.bundle);
  }
  model_file_clear(&file);
  return status;
}

/// Add a preset to an array
static void
add_preset(void* const found, const char* const name, const char* const bundle)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "preset", name);
  cli_json_set_text(object, "bundle", bundle);
  cli_json_append((json_t*)found, object);
}

Status
model_command_uninstall(char* const* const arguments, const ModelOptions* const options,
                        Message* const message)
{
  char bundle[PATH_MAX];
  const Status status = preset_bundle_remove(*arguments, options->folder, bundle, message);
  if (!status && options->found) {
    add_preset(options->found, *arguments, bundle);
  } else if (!status) {
    (void)printf("%s: removed\n", bundle);
  }
  return status;
}

static void
print_preset(void* const context, const char* const name, const char* const bundle)
{
  (void)context;
  (void)printf("%s\t%s\n", name, bundle);
}

Status
model_command_list(char* const* const arguments, const ModelOptions* const options,
                   Message* const message)
{
  (void)arguments;
  return preset_bundle_list(options->folder, options->found ? add_preset : print_preset,
                            options->found, message);
}

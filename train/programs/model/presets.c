// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model install, uninstall, list: which models are presets?

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
  if (!status) {
    (void)printf("%s: %s \"%s\" in %s\n", *arguments,
                 place.replaces ? "replaced the preset" : "installed as", file.name, place.bundle);
    sandbox_note_print(place.bundle);
  }
  model_file_clear(&file);
  return status;
}

Status
model_command_uninstall(char* const* const arguments, const ModelOptions* const options,
                        Message* const message)
{
  char bundle[PATH_MAX];
  const Status status = preset_bundle_remove(*arguments, options->folder, bundle, message);
  if (!status) {
    (void)printf("%s: removed\n", bundle);
  }
  return status;
}

static void
print_preset(const char* const name, const char* const bundle)
{
  (void)printf("%s\t%s\n", name, bundle);
}

Status
model_command_list(char* const* const arguments, const ModelOptions* const options,
                   Message* const message)
{
  (void)arguments;
  return preset_bundle_list(options->folder, print_preset, message);
}

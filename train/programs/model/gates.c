// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model gates: what do the units of a model do while a recording plays? A page of heat maps.

#include "cli/json_output.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "train/audio/wav.h"
#include "train/programs/common/output_file.h"
#include "train/programs/model/commands.h"
#include "train/report/page.h"

#include <limits.h>
#include <stdio.h>

/// Name the page after the model, in the current folder
static void
name_page(const char* const model, char path[PATH_MAX])
{
  char name[NAME_MAX];
  file_stem(model, name, sizeof(name));
  (void)snprintf(path, PATH_MAX, "%s-gates.html", name);
}

static void
print_written(const char* const model, const char* const page, const ModelOptions* const options)
{
  if (options->found) {
    json_t* const object = json_object();
    cli_json_set_text(object, "file", model);
    cli_json_set_text(object, "page", page);
    cli_json_append(options->found, object);
  } else {
    (void)printf("gates: %s\n", page);
  }
}

Status
model_command_gates(char* const* const arguments, const ModelOptions* const options,
                    Message* const message)
{
  ModelFile model = {0};
  Wav input = {0};
  char path[PATH_MAX];
  name_page(arguments[0], path);
  if (options->output) {
    (void)snprintf(path, sizeof(path), "%s", options->output);
  }
  const OutputFile output = {.path = path,
                             .kind = OUTPUT_PAGE,
                             .inputs = (const char* const*)arguments,
                             .n_inputs = 2,
                             .program = "Grus",
                             .is_own = page_is_ours(path),
                             .overwrites = options->overwrites};
  Status status = output_file_check(&output, message);
  if (status || (status = model_file_read(arguments[0], &model, message))) {
    return status;
  }
  status = wav_read(arguments[1], 0, &input, message);
  if (!status && !input.n_frames) {
    status = status_fail(message, STATUS_BAD_FILE, "%s: has no frames; expected a recording",
                         arguments[1]);
  }
  if (!status && !(status = page_write_gates(&model, &input, path, message))) {
    print_written(arguments[0], path, options);
  }
  wav_clear(&input);
  model_file_clear(&model);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model gates: what do the units of a model do while a recording plays? A page of heat maps.

#include "core/format/model_file.h"
#include "train/audio/wav.h"
#include "train/programs/model/commands.h"
#include "train/report/page.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/// Name the page after the model, in the folder at hand
static void
name_page(const char* const model, char path[PATH_MAX])
{
  char copy[PATH_MAX];
  (void)snprintf(copy, sizeof(copy), "%s", model);
  const char* const name = basename(copy);
  const char* const suffix = strrchr(name, '.');
  const size_t length = suffix && suffix != name ? (size_t)(suffix - name) : strlen(name);
  (void)snprintf(path, PATH_MAX, "%.*s-gates.html", (int)length, name);
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
  Status status = model_file_read(arguments[0], &model, message);
  if (status) {
    return status;
  }
  status = wav_read(arguments[1], 0, &input, message);
  if (!status && !input.n_frames) {
    status = status_fail(message, STATUS_BAD_FILE, "%.200s: holds no sound", arguments[1]);
  }
  if (!status && !(status = page_write_gates(&model, &input, path, message))) {
    (void)printf("gates: %s\n", path);
  }
  wav_clear(&input);
  model_file_clear(&model);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the model where the user wants it, and checkpoints beside it until they are no longer
// needed.

#include "train/programs/train/output.h"

#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"
#include "core/params.h"
#include "train/learn/team.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/train/report_input.h"
#include "train/report/page.h"

#include <errno.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// Turn NAME or NAME.json into NAME followed by `suffix`
static void
make_path(const char* const output, const char* const suffix, char path[PATH_MAX])
{
  const size_t n = strlen(output);
  const bool has_suffix = n > 5 && !strcmp(output + n - 5, ".json");
  (void)snprintf(path, PATH_MAX, "%.*s%s", (int)(has_suffix ? n - 5 : n), output, suffix);
}

void
output_name_model(const TrainOptions* const o, char path[PATH_MAX])
{
  make_path(o->output, ".json", path);
}

/// Write NAME.checkpoint, or NAME-SUFFIX.checkpoint
static void
make_checkpoint_path(const TrainOptions* const o, const char* const suffix, char path[PATH_MAX])
{
  char ending[64];
  (void)snprintf(ending, sizeof(ending), "%s%s.checkpoint", *suffix ? "-" : "", suffix);
  make_path(o->output, ending, path);
}

void
output_name_checkpoint(const TrainOptions* const o, const Session* const s, const uint32_t index,
                       char path[PATH_MAX])
{
  char rate[32] = "";
  if (index) {
    (void)snprintf(rate, sizeof(rate), "%g", session_material(s, index).sample_rate);
  }
  make_checkpoint_path(o, rate, path);
}

void
output_name_trial(void* const options, const uint32_t hidden_size, char* const path)
{
  char size[32];
  (void)snprintf(size, sizeof(size), "size-%u", hidden_size);
  make_checkpoint_path((const TrainOptions*)options, size, path);
}

/// Remove what a run that ended as planned no longer needs; an interrupted one can be resumed
static void
remove_checkpoints(const TrainOptions* const o, const Session* const s,
                   const volatile sig_atomic_t* const interrupt)
{
  for (uint32_t i = 0; i <= s->n_resampled && !*interrupt; ++i) {
    char path[PATH_MAX];
    output_name_checkpoint(o, s, i, path);
    (void)unlink(path);
  }
  for (uint32_t size = 1; o->auto_size && size <= PARAMS_MAX_HIDDEN_SIZE && !*interrupt; ++size) {
    char path[PATH_MAX];
    output_name_trial((void*)(uintptr_t)o, size, path);
    (void)unlink(path);
  }
}

/// Write the model with its loudness, so that players needn't measure it; `file` becomes what is
/// written and belongs to the session
static Status
write_model(const Session* const s, const char* const path, ModelFile* const file,
            Message* const message)
{
  *file = s->model;
  return model_loudness_find(file) ? status_fail(message, STATUS_NO_MEMORY, "out of memory")
                                   : model_file_write(file, path, message);
}

Status
output_write_model(const TrainOptions* const o, const Session* const s,
                   const volatile sig_atomic_t* const interrupt, Message* const message)
{
  char path[PATH_MAX];
  ModelFile file = {0};
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  output_name_model(o, path);
  Status status = write_model(s, path, &file, message);
  if (status) {
    return status;
  }
  remove_checkpoints(o, s, interrupt);
  (void)printf("model: %s\n", path);
  if (o->install) {
    PresetPlace place;
    status = preset_bundle_install(&file, o->install, &place, message);
    if (!status) {
      (void)printf("preset \"%s\"%s: %s\n", file.name, place.replaces ? " replaced" : "",
                   place.bundle);
    }
  }
  return status;
}

Status
output_write_early(const TrainOptions* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  ModelFile file = {0};
  output_name_model(o, path);
  const bool writes = team_is_leader() && s->n_resampled;
  return team_agree(writes ? write_model(s, path, &file, message) : STATUS_OK, message);
}

Status
output_write_page(const TrainOptions* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  if (!team_is_leader() || o->has_no_report) {
    return STATUS_OK;
  }
  make_path(o->output, ".html", path);
  ReportTake takes[REPORT_INPUT_MAX_TAKES];
  const ReportInput input = report_input_collect(o, s, takes);
  const Status status = page_write(&input, path, message);
  if (!status) {
    (void)printf("report: %s\n", path);
  }
  return status;
}

Status
output_check_folder(const TrainOptions* const o, Message* const message)
{
  char path[PATH_MAX];
  char folder[PATH_MAX];
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  output_name_model(o, path);
  (void)snprintf(folder, sizeof(folder), "%s", path);
  return access(dirname(folder), W_OK)
             ? status_fail(message, STATUS_CANNOT_WRITE, "%.200s: %s", folder, strerror(errno))
             : STATUS_OK;
}

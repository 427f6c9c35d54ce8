// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Asks for each file of a run. Two runs under one name are told apart by a socket in Linux'
// abstract namespace, which ends with its process, however that ends.

#include "train/programs/train/output_check.h"

#include "core/decibel.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/hash.h"
#include "core/params.h"
#include "train/learn/checkpoint.h"
#include "train/learn/team.h"
#include "train/programs/common/output_file.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/train/events.h"
#include "train/programs/train/output.h"
#include "train/report/page.h"

#include <errno.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_INPUTS (6 * TAKES_MAX + 1)

/// Everything that a run reads
typedef struct {
  const char* paths[MAX_INPUTS];
  size_t n;
} InputPaths;

static void
add_takes(InputPaths* const inputs, const TakeList* const list)
{
  for (uint32_t i = 0; i < list->n; ++i) {
    inputs->paths[inputs->n++] = list->takes[i].input;
    inputs->paths[inputs->n++] = list->takes[i].target;
  }
}

static InputPaths
collect_inputs(const TrainOptions* const o)
{
  InputPaths inputs = {.n = 0};
  add_takes(&inputs, &o->recording);
  add_takes(&inputs, &o->validation);
  add_takes(&inputs, &o->test);
  inputs.paths[inputs.n++] = o->from;
  return inputs;
}

/// Return true if a file is a model that Grus reads
static bool
is_model(const char* const path)
{
  ModelFile file = {0};
  const bool is_good = !access(path, F_OK) && !model_file_read(path, &file, NULL);
  model_file_clear(&file);
  return is_good;
}

/// Check one of the files that a run leaves
static Status
check_output(const TrainOptions* const o, const InputPaths* const inputs, const OutputKind kind,
             const char* const path, const bool is_own, Message* const message)
{
  const OutputFile output = {.path = path,
                             .kind = kind,
                             .inputs = inputs->paths,
                             .n_inputs = inputs->n,
                             .program = "Grus",
                             .is_own = is_own,
                             .overwrites = o->overwrites};
  return output_file_check(&output, message);
}

static Status
check_model(const TrainOptions* const o, const InputPaths* const inputs, Message* const message)
{
  char path[PATH_MAX];
  output_name_model(o, path);
  return check_output(o, inputs, OUTPUT_MODEL, path, is_model(path), message);
}

static Status
check_page(const TrainOptions* const o, const InputPaths* const inputs, Message* const message)
{
  char path[PATH_MAX];
  output_name_page(o, path);
  return o->has_no_report ? STATUS_OK
                          : check_output(o, inputs, OUTPUT_PAGE, path, page_is_ours(path), message);
}

/// Fail unless a checkpoint may be written at a path
static Status
check_checkpoint(const TrainOptions* const o, const char* const path, Message* const message)
{
  if (access(path, F_OK)) {
    return STATUS_OK;
  }
  if (!checkpoint_is_there(path)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: exists, but is not a checkpoint; choose another name", path);
  }
  return o->resumes || o->overwrites
             ? STATUS_OK
             : status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: is what an interrupted run left; continue it with --resume, or "
                           "start again with --overwrite",
                           path);
}

static Status
check_checkpoints(const TrainOptions* const o, Message* const message)
{
  char path[PATH_MAX];
  Status status = STATUS_OK;
  for (uint32_t i = 0; i <= o->rates.n && !status; ++i) {
    output_name_checkpoint_for(o, i ? (double)o->rates.hz[i - 1] : 0.0, path);
    status = check_checkpoint(o, path, message);
  }
  for (uint32_t size = 1; o->auto_size && size <= PARAMS_MAX_HIDDEN_SIZE && !status; ++size) {
    output_name_trial((void*)(uintptr_t)o, size, path);
    status = check_checkpoint(o, path, message);
  }
  return status;
}

static Status
check_preset(const TrainOptions* const o, Message* const message)
{
  char path[PATH_MAX];
  char name[MODEL_FILE_TEXT_SIZE];
  PresetPlace place;
  output_name_model(o, path);
  file_stem(path, name, sizeof(name));
  return o->install
             ? preset_bundle_find_place(o->name ? o->name : name, o->install, &place, message)
             : STATUS_OK;
}

/// Return a hash of the model's absolute path
static uint64_t
hash_path(const char* const path)
{
  char copy[PATH_MAX];
  char folder[PATH_MAX] = "";
  (void)snprintf(copy, sizeof(copy), "%s", path);
  if (!realpath(dirname(copy), folder)) {
    return 0;
  }
  (void)snprintf(copy, sizeof(copy), "%s", path);
  const char* const name = basename(copy);
  return hash_add(hash_add(0, folder, strlen(folder)), name, strlen(name));
}

/// Fail if another process trains under this name; the socket stays open until this one ends
static Status
claim_name(const TrainOptions* const o, Message* const message)
{
  char path[PATH_MAX];
  struct sockaddr_un address = {.sun_family = AF_UNIX}; // A name that begins with 0 is abstract
  output_name_model(o, path);
  const int n = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "grus-train-%016llx",
                         (unsigned long long)hash_path(path));
  const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return fd >= 0 && bind(fd, (const struct sockaddr*)&address, size) && errno == EADDRINUSE
             ? status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: another grus-train is about to write it; choose another name", path)
             : STATUS_OK;
}

Status
output_check_files(const TrainOptions* const o, Message* const message)
{
  const InputPaths inputs = collect_inputs(o);
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  Status status = output_file_check_name(o->output, OUTPUT_MODEL, message);
  if (status || (status = check_model(o, &inputs, message)) ||
      (status = check_page(o, &inputs, message)) || (status = check_checkpoints(o, message)) ||
      (status = check_preset(o, message))) {
    return status;
  }
  return claim_name(o, message);
}

/// Return true if two models were learned from the same takes, so that their ESRs can be compared
static bool
is_comparable(const ModelFile* const a, const ModelFile* const b)
{
  return a->source_hash[0] && !strcmp(a->source_hash, b->source_hash) &&
         a->params.shape.n_inputs == b->params.shape.n_inputs && a->sample_rate == b->sample_rate &&
         a->record.esr > 0.0;
}

static void
print_plan(const char* const path, const ModelFile* const older, const bool overwrites)
{
  events_note("%s exists, ESR %.5f (%.1f dB); %s", path, older->record.esr,
              decibel_of_power(older->record.esr),
              overwrites ? "it will be replaced"
                         : "it stays if the new model is worse, which gets another name then");
  (void)fflush(stdout);
}

/// Fail unless the preset of a model that is named by its capture can be written
static Status
check_preset_of(const TrainOptions* const o, const ModelFile* const model, Message* const message)
{
  PresetPlace place;
  return o->install ? preset_bundle_find_place(model->name, o->install, &place, message)
                    : STATUS_OK;
}

Status
output_check_older(const TrainOptions* const o, Session* const s, Message* const message)
{
  char path[PATH_MAX];
  ModelFile older = {0};
  output_name_model(o, path);
  if (!team_is_leader()) {
    return STATUS_OK;
  }
  Status status = check_preset_of(o, &s->model, message);
  if (status || access(path, F_OK) || model_file_read(path, &older, NULL)) {
    return status;
  }
  if (o->overwrites || is_comparable(&older, &s->model)) {
    print_plan(path, &older, o->overwrites);
    s->older_esr = o->overwrites ? 0.0 : older.record.esr;
  } else {
    status = status_fail(
        message, STATUS_BAD_ARGUMENT,
        "%s: is a model of %s; choose another name, or replace it with --overwrite", path,
        o->teacher || model_file_has_teacher(&older) ? "something else" : "other recordings");
  }
  model_file_clear(&older);
  return status;
}

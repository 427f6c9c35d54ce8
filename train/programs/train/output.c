// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the model where the user wants it, and checkpoints beside it until they are no longer
// needed.

#include "train/programs/train/output.h"

#include "cli/json_output.h"
#include "core/decibel.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"
#include "core/params.h"
#include "core/text.h"
#include "train/learn/checkpoint.h"
#include "train/learn/run_traits.h"
#include "train/learn/team.h"
#include "train/programs/common/output_file.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/common/sandbox_note.h"
#include "train/programs/train/events.h"
#include "train/programs/train/report_input.h"
#include "train/report/page.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAME_ESR 1.000001 ///< Ratio up to which two are the same: a file has nine digits

/// Turn NAME into NAME followed by "-EDITION", unless that is 0, and `suffix`
static void
make_edition_path(const TrainOptions* const o, const unsigned edition, const char* const suffix,
                  char path[PATH_MAX])
{
  char ending[64];
  (void)snprintf(ending, sizeof(ending), "-%u%s", edition, suffix);
  output_file_name(o->output, edition ? ending : suffix, path, PATH_MAX);
}

void
output_name_model(const TrainOptions* const o, char path[PATH_MAX])
{
  output_file_name(o->output, ".json", path, PATH_MAX);
}

void
output_name_page(const TrainOptions* const o, char path[PATH_MAX])
{
  output_file_name(o->output, ".html", path, PATH_MAX);
}

/// Write NAME.checkpoint, or NAME-SUFFIX.checkpoint
static void
make_checkpoint_path(const TrainOptions* const o, const char* const suffix, char path[PATH_MAX])
{
  char ending[64];
  (void)snprintf(ending, sizeof(ending), "%s%s.checkpoint", *suffix ? "-" : "", suffix);
  output_file_name(o->output, ending, path, PATH_MAX);
}

void
output_name_checkpoint_for(const TrainOptions* const o, const double rate, char path[PATH_MAX])
{
  char suffix[32] = "";
  if (rate > 0.0) {
    (void)snprintf(suffix, sizeof(suffix), "%g", rate);
  }
  make_checkpoint_path(o, suffix, path);
}

void
output_name_checkpoint(const TrainOptions* const o, const Session* const s, const uint32_t index,
                       char path[PATH_MAX])
{
  output_name_checkpoint_for(o, index ? session_material(s, index).sample_rate : 0.0, path);
}

void
output_name_trial(void* const options, const uint32_t hidden_size, char* const path)
{
  char size[32];
  (void)snprintf(size, sizeof(size), "size-%u", hidden_size);
  make_checkpoint_path((const TrainOptions*)options, size, path);
}

void
output_name_stage_trials(const TrainOptions* const o, StageSearchPaths* const paths)
{
  make_checkpoint_path(o, "linear-off", paths->bare);
  make_checkpoint_path(o, "linear-on", paths->staged);
}

/// Remove the checkpoints of trials
static void
remove_trials(const TrainOptions* const o)
{
  char path[PATH_MAX];
  for (uint32_t size = 1; o->auto_size && size <= PARAMS_MAX_HIDDEN_SIZE; ++size) {
    output_name_trial((void*)(uintptr_t)o, size, path);
    checkpoint_remove(path);
  }
  StageSearchPaths paths;
  output_name_stage_trials(o, &paths);
  checkpoint_remove(paths.bare);
  checkpoint_remove(paths.staged);
}

/// Return which further rate a file's name is of the checkpoint for: STEM, which ends in "-", RATE
/// and ".checkpoint"; 0: another file
static uint32_t
read_further_rate(const char* const name, const char* const stem)
{
  const char* const rate = name + strlen(stem);
  char* end = NULL;
  if (strncmp(name, stem, strlen(stem)) != 0 || !isdigit((unsigned char)*rate)) {
    return 0;
  }
  const unsigned long hz = strtoul(rate, &end, 10);
  return !strcmp(end, ".checkpoint") && hz <= UINT32_MAX ? (uint32_t)hz : 0;
}

/// Remove the checkpoints of further sets for whatever rates: an earlier run under this name may
/// have had others. A run whose own name ends in a rate has a checkpoint that looks the same.
static void
remove_further_sets(const TrainOptions* const o)
{
  char folder[PATH_MAX];
  char start[PATH_MAX];
  char path[PATH_MAX];
  output_file_name(o->output, "-", start, PATH_MAX);
  const char* const slash = strrchr(start, '/');
  const int size = slash ? (int)(slash + 1 - start) : 0;
  (void)snprintf(folder, PATH_MAX, "%.*s", size ? size : 1, size ? start : ".");
  DIR* const stream = opendir(folder);
  if (!stream) {
    return;
  }
  for (const struct dirent* entry = readdir(stream); entry; entry = readdir(stream)) {
    const uint32_t hz = read_further_rate(entry->d_name, start + size);
    const CheckpointTrait trait = run_trait_of_rate(hz);
    output_name_checkpoint_for(o, hz, path);
    if (hz && checkpoint_has_trait(path, &trait)) {
      checkpoint_remove(path);
    }
  }
  (void)closedir(stream);
}

/// Remove what a run that ended as planned no longer needs; an interrupted one can be resumed
static void
remove_checkpoints(const TrainOptions* const o, const Session* const s,
                   const volatile sig_atomic_t* const interrupt)
{
  for (uint32_t i = 0; i <= s->n_resampled && !*interrupt; ++i) {
    char path[PATH_MAX];
    output_name_checkpoint(o, s, i, path);
    checkpoint_remove(path);
  }
  if (!*interrupt) {
    remove_further_sets(o);
    remove_trials(o);
  }
}

/// Return true if an edition has neither a model nor a report yet
static bool
is_free(const TrainOptions* const o, const unsigned edition)
{
  char model[PATH_MAX];
  char page[PATH_MAX];
  make_edition_path(o, edition, ".json", model);
  make_edition_path(o, edition, ".html", page);
  return access(model, F_OK) && access(page, F_OK);
}

/// Let the model's name end in "-EDITION", as its file does
static void
rename_model(char name[MODEL_FILE_TEXT_SIZE], const unsigned edition)
{
  char ending[16];
  char shortened[MODEL_FILE_TEXT_SIZE];
  const int n = snprintf(ending, sizeof(ending), "-%u", edition);
  text_copy(shortened, MODEL_FILE_TEXT_SIZE - (size_t)n, name);
  text_copy(name, MODEL_FILE_TEXT_SIZE, shortened);
  memcpy(name + strlen(name), ending, (size_t)n + 1);
}

/// Return true if the model that is there is better, or has come there during the training
static bool
older_stays(const TrainOptions* const o, const Session* const s, const char* const path)
{
  if (s->older_esr > 0.0) {
    return s->model.record.esr > s->older_esr * SAME_ESR;
  }
  return !o->overwrites && !file_is_written_directly(path) && !access(path, F_OK);
}

/// Print how the model that stays becomes a preset: only the new one is installed
static void
print_other_preset(const char* const path)
{
  char quoted[FILE_MAX_PATH];
  events_note("grus-model install %s makes the better one a preset",
              text_quote_path(quoted, sizeof(quoted), path) ? quoted : "FILE");
}

void
output_choose_edition(const TrainOptions* const o, Session* const s, const bool is_interrupted)
{
  char path[PATH_MAX];
  output_name_model(o, path);
  if (!team_is_leader() || !older_stays(o, s, path)) {
    return;
  }
  if (is_interrupted && o->resumes && s->older_esr > 0.0) {
    events_note("%s stays, its ESR of %.5f (%.1f dB) is better so far", path, s->older_esr,
                decibel_of_power(s->older_esr));
    s->is_dropped = true;
    return;
  }
  s->edition = 2;
  while (!is_free(o, s->edition)) {
    ++s->edition;
  }
  rename_model(s->model.name, s->edition);
  if (s->older_esr > 0.0) {
    events_note("%s stays, its ESR of %.5f (%.1f dB) is better", path, s->older_esr,
                decibel_of_power(s->older_esr));
    if (o->install) {
      print_other_preset(path);
    }
  } else {
    events_note("%s was not there at the start, and stays", path);
  }
}

/// Write a model that can't be written where it should be into the folder for temporary files, and
/// add to the message where it is
static void
rescue_model(const ModelFile* const file, Message* const message)
{
  const char* const given = getenv("TMPDIR");
  const Message reason = *message;
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s/grus-XXXXXX.json", given && *given ? given : "/var/tmp");
  const int fd = mkstemps(path, (int)sizeof(".json") - 1);
  if (fd < 0) {
    return;
  }
  (void)close(fd);
  if (model_file_write(file, path, NULL)) {
    (void)unlink(path);
  } else {
    message_set(message, "%s; the model is in %s instead", reason.text, path);
  }
}

/// Write the model with its loudness, so that players needn't measure it; `file` becomes what is
/// written and belongs to the session
static Status
write_model(const Session* const s, const char* const path, ModelFile* const file,
            Message* const message)
{
  *file = s->model;
  if (model_loudness_find(file)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = model_file_write(file, path, message);
  if (status == STATUS_CANNOT_WRITE) {
    rescue_model(file, message);
  }
  return status;
}

/// Print the path of a file that was written, and what to know of it
static void
print_file(const char* const what, const char* const path, const char* const end)
{
  if (events_are_json()) {
    json_t* const event = events_begin(what);
    cli_json_set_text(event, "file", path);
    events_print(event);
  } else {
    (void)printf("%s: %s%s\n", what, path, end);
  }
}

/// Make the model a preset, and print where it is
static Status
install_preset(const ModelFile* const file, const char* const folder, Message* const message)
{
  PresetPlace place;
  const Status status = preset_bundle_install(file, folder, &place, message);
  if (!status && events_are_json()) {
    json_t* const event = events_begin("preset");
    cli_json_set(event, "preset", preset_bundle_json(&place, file->name));
    events_print(event);
  } else if (!status) {
    (void)printf("preset \"%s\"%s: %s\n", file->name, place.replaces ? " replaced" : "",
                 place.bundle);
    sandbox_note_print(place.bundle);
  }
  return status;
}

/// Print what an interrupted run can be continued from; programs that ask for quiet know
static void
print_checkpoint(const TrainOptions* const o)
{
  char path[PATH_MAX];
  output_name_checkpoint_for(o, 0.0, path);
  if (!o->is_quiet && checkpoint_is_there(path)) {
    print_file("checkpoint", path, "; the same command with --resume continues");
  }
}

Status
output_write_model(const TrainOptions* const o, const Session* const s,
                   const volatile sig_atomic_t* const interrupt, Message* const message)
{
  char path[PATH_MAX];
  ModelFile file = {0};
  if (team_is_leader() && *interrupt) {
    print_checkpoint(o);
  }
  if (!team_is_leader() || s->is_dropped) {
    return STATUS_OK;
  }
  make_edition_path(o, s->edition, ".json", path);
  Status status = write_model(s, path, &file, message);
  if (status) {
    return status;
  }
  remove_checkpoints(o, s, interrupt);
  print_file("model", path, "");
  return o->install ? install_preset(&file, o->install, message) : STATUS_OK;
}

Status
output_write_early(const TrainOptions* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  ModelFile file = {0};
  make_edition_path(o, s->edition, ".json", path);
  const bool writes = team_is_leader() && s->n_resampled && !s->is_dropped;
  return team_agree(writes ? write_model(s, path, &file, message) : STATUS_OK, message);
}

Status
output_write_page(const TrainOptions* const o, const Session* const s, Message* const message)
{
  char path[PATH_MAX];
  if (!team_is_leader() || o->has_no_report || s->is_dropped) {
    return STATUS_OK;
  }
  make_edition_path(o, s->edition, ".html", path);
  ReportTake takes[REPORT_INPUT_MAX_TAKES];
  const ReportInput input = report_input_collect(o, s, takes);
  const Status status = page_write(&input, path, message);
  if (!status) {
    print_file("report", path, "");
  }
  return status;
}

/// Print a command on one of the files of a run
static void
print_command(const char* const what, const char* const path, const char* const end)
{
  char quoted[FILE_MAX_PATH];
  if (text_quote_path(quoted, sizeof(quoted), path)) {
    (void)printf("%s %s%s\n", what, quoted, end);
  }
}

void
output_print_next_step(const TrainOptions* const o, const Session* const s)
{
  char path[PATH_MAX];
  if (!team_is_leader() || o->is_quiet || o->is_json) {
    return;
  }
  if (o->install) {
    (void)printf("In your host: Grus, preset \"%s\" (restart the host to see it)\n", s->model.name);
    return;
  }
  make_edition_path(o, s->edition, ".json", path);
  print_command("Play it: grus-render", path, " in.wav out.wav");
  if (!o->has_no_report) {
    make_edition_path(o, s->edition, ".html", path);
    print_command("Look:    xdg-open", path, "");
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is there already is known by the hash of its teacher, or by its weights, so that a row that
// was interrupted can be started again: what is complete is skipped, what has a checkpoint is
// continued.

#include "train/programs/model/convert_row.h"

#include "cli/json_output.h"
#include "cli/message.h"
#include "cli/terminal.h"
#include "core/clock.h"
#include "core/decibel.h"
#include "core/file.h"
#include "core/text.h"
#include "train/audio/esr.h"
#include "train/programs/common/output_file.h"
#include "train/programs/model/convert_model.h"
#include "train/programs/model/either.h"
#include "train/programs/model/learn.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LEAST_SHARE 0.5   ///< Of the time, for a model that was learned to the end
#define EXTRA_SECONDS 8.0 ///< Of a capture beside its training, before one was measured [s]

/// What becomes of a file
typedef enum {
  ROW_CONVERTED,
  ROW_SKIPPED, ///< It was converted before
  ROW_FAILED,
  ROW_INTERRUPTED, ///< The best so far was written, and it can be continued
  ROW_N_ENDS,
} RowEnd;

/// What is where an output goes
typedef enum {
  ROW_NONE,     ///< Nothing that has to stay
  ROW_COMPLETE, ///< What would be written
  ROW_PARTIAL,  ///< What a run that was interrupted has learned from the same capture
  ROW_OTHER,
} RowOutput;

typedef struct {
  char* const* inputs;
  size_t n;
  const char* folder;
  const ModelOptions* options;
  size_t index;          ///< Of the one that is being converted
  const char* input;     ///< That one
  char output[PATH_MAX]; ///< Where it goes
  RowOutput is;          ///< What is there already
  size_t n_ends[ROW_N_ENDS];
  char (*names)[MODEL_FILE_TEXT_SIZE]; ///< Of all so far, as they say (n)
  size_t n_assumed;     ///< Captures that were learned from at a rate that their files don't give
  double extra_seconds; ///< Of a capture beside its training [s]
} Row;

static ConvertPaths
paths_of(const Row* const r)
{
  return (ConvertPaths){r->input, r->output, r->inputs, r->n};
}

/// Return the time to learn from a capture [s]
static double
wanted_seconds(const Row* const r)
{
  return r->options->seconds > 0.0 ? r->options->seconds : LEARN_SECONDS;
}

/// Write FOLDER/NAME.json
static void
name_output(const Row* const r, const size_t index, char path[PATH_MAX])
{
  const size_t n = strlen(r->folder);
  char name[NAME_MAX];
  file_stem(r->inputs[index], name, sizeof(name));
  (void)snprintf(path, PATH_MAX, "%s%s%s.json", r->folder, n && r->folder[n - 1] == '/' ? "" : "/",
                 name);
}

/// Fail if a file before this one gets the same name
static Status
check_name(const Row* const r, Message* const message)
{
  for (size_t i = 0; i < r->index; ++i) {
    char other[PATH_MAX];
    name_output(r, i, other);
    if (!strcmp(other, r->output)) {
      return status_fail(message, STATUS_BAD_ARGUMENT,
                         "%s: would become %s, as %s does; rename one of them", r->input, r->output,
                         r->inputs[i]);
    }
  }
  return STATUS_OK;
}

/// Return the time that a model was trained for, all sets together [s]
static double
sum_seconds(const ModelFile* const file)
{
  double seconds = file->record.seconds;
  for (uint32_t i = 0; i < file->n_others; ++i) {
    seconds += file->others[i].record.seconds;
  }
  return seconds;
}

/// Look at what is there already: is it learned from this capture, and to the end?
static RowOutput
look_at_learned(const Row* const r, const TeacherInfo* const info)
{
  ModelFile file = {0};
  RowOutput is = ROW_OTHER;
  if (!model_file_read(r->output, &file, NULL) && !strcmp(file.teacher.hash, info->hash)) {
    const bool is_short = sum_seconds(&file) < LEAST_SHARE * wanted_seconds(r);
    is = is_short || learn_has_checkpoint(r->output) ? ROW_PARTIAL : ROW_COMPLETE;
  }
  model_file_clear(&file);
  return is;
}

/// Look at what is where the output goes
static RowOutput
look_at_output(const Row* const r, const ModelOrCapture* const either)
{
  if (r->options->overwrites || access(r->output, F_OK)) {
    return ROW_NONE;
  }
  if (either->teacher) {
    return look_at_learned(r, teacher_info(either->teacher));
  }
  return convert_model_is_done(paths_of(r), r->options) ? ROW_COMPLETE : ROW_OTHER;
}

/// Fail unless the output can be written and nothing is lost by it
static Status
check_output(const Row* const r, Message* const message)
{
  const OutputFile file = {.path = r->output,
                           .kind = OUTPUT_MODEL,
                           .inputs = (const char* const*)r->inputs,
                           .n_inputs = r->n,
                           .is_own = r->is == ROW_PARTIAL,
                           .overwrites = r->options->overwrites};
  return output_file_check(&file, message);
}

/// Return how many captures may follow this one
static size_t
count_left(const Row* const r)
{
  size_t n = 0;
  for (size_t i = r->index + 1; i < r->n; ++i) {
    char output[PATH_MAX];
    name_output(r, i, output);
    n += r->options->overwrites || access(output, F_OK);
  }
  return n;
}

/// Print which file is converted, and the time that is left, on a line that is overwritten
static void
print_progress(void* const row, const double seconds)
{
  const Row* const r = (const Row*)row;
  const double each = wanted_seconds(r) + r->extra_seconds;
  const double left = each > seconds ? each - seconds : 0.0;
  const unsigned all = (unsigned)(left + each * (double)count_left(r) + 0.5);
  char line[512];
  (void)snprintf(line, sizeof(line), "%zu of %zu: %s, %u:%02u left, for all about %u min",
                 r->index + 1, r->n, r->input, (unsigned)left / 60, (unsigned)left % 60,
                 (all + 59) / 60);
  cli_terminal_overwrite(line);
}

/// Print what became of a file that nothing was written for, or add it to the JSON
static void
print_end(const Row* const r, const char* const result, const char* const text)
{
  if (r->options->found) {
    (void)convert_add_result(paths_of(r), result, NULL, r->options);
  } else {
    (void)printf("%s: %s\n", r->input, text);
  }
}

/// Print how a capture was learned, from what its model says
static RowEnd
print_learned(const Row* const r, const TeacherInfo* const info)
{
  ModelFile file = {0};
  Message message = {""};
  const bool is_partial = learn_is_interrupted();
  if (model_file_read(r->output, &file, &message)) {
    (void)cli_complain("grus-model", "%s", message.text);
    return ROW_FAILED;
  }
  if (r->options->found) {
    (void)convert_add_result(paths_of(r), is_partial ? "interrupted" : "converted", &file,
                             r->options);
    model_file_clear(&file);
    return is_partial ? ROW_INTERRUPTED : ROW_CONVERTED;
  }
  (void)printf("%s: %s, %s in %.0f s, ESR %.5f (%.1f dB) against the capture%s: %s\n", r->input,
               info->kind, is_partial ? "interrupted; learned" : "learned", file.record.seconds,
               file.record.esr, decibel_of_power(file.record.esr),
               file.record.esr > METRICS_CLOSE_ESR ? ", which is not close" : "", r->output);
  model_file_clear(&file);
  return is_partial ? ROW_INTERRUPTED : ROW_CONVERTED;
}

/// Return true if a file before this one has the same name: as presets, one would replace the other
static bool
is_name_taken(const Row* const r)
{
  const char* const name = r->names[r->index];
  bool is_taken = false;
  for (size_t i = 0; i < r->index && *name; ++i) {
    is_taken = is_taken || !strcmp(r->names[i], name);
  }
  return is_taken;
}

static Status
learn(Row* const r, const TeacherInfo* const info, RowEnd* const end, Message* const message)
{
  ModelOptions options = *r->options;
  r->n_assumed += info->sample_rate_is_assumed && options.rate <= 0.0;
  options.overwrites =
      options.overwrites || (r->is == ROW_PARTIAL && !learn_has_checkpoint(r->output));
  char stem[MODEL_FILE_TEXT_SIZE];
  file_stem(r->input, stem, sizeof(stem));
  const LearnTask task = {.capture = r->input,
                          .output = r->output,
                          .name = is_name_taken(r) ? stem : NULL,
                          .options = &options,
                          .watch = r->options->found ? NULL : print_progress,
                          .context = r};
  const double start = clock_seconds();
  char* said = NULL;
  const Status status = learn_run(&task, &said, message);
  const double extra_seconds = clock_seconds() - start - wanted_seconds(r);
  r->extra_seconds = extra_seconds > 0.0 ? extra_seconds : r->extra_seconds; // Else continued
  free(said);
  if (!r->options->found) {
    cli_terminal_overwrite("");
  }
  if (status && learn_is_interrupted()) {
    print_end(r, "interrupted", "interrupted");
    *end = ROW_INTERRUPTED;
    return STATUS_OK;
  }
  *end = status ? ROW_FAILED : print_learned(r, info);
  return status;
}

static Status
write_model(const Row* const r, ModelFile* const file, RowEnd* const end, Message* const message)
{
  const ModelFormat format = file->format;
  if (is_name_taken(r)) {
    file_stem(r->input, file->name, sizeof(file->name));
  }
  const Status status = convert_model(file, paths_of(r), r->options, message);
  if (!status && !r->options->found) {
    (void)printf("%s: %s, written for %g Hz: %s\n", r->input, model_file_format_name(format),
                 file->sample_rate, r->output);
  }
  *end = status ? ROW_FAILED : ROW_CONVERTED;
  return status;
}

static Status
convert_either(Row* const r, ModelOrCapture* const either, RowEnd* const end,
               Message* const message)
{
  char text[PATH_MAX + 64];
  text_copy(r->names[r->index], sizeof(r->names[0]),
            either->teacher ? teacher_info(either->teacher)->name : either->model.name);
  r->is = look_at_output(r, either);
  if (r->is == ROW_COMPLETE) {
    (void)snprintf(text, sizeof(text), "skipped, %s was made from it before", r->output);
    print_end(r, "skipped", text);
    *end = ROW_SKIPPED;
    return STATUS_OK;
  }
  const Status status = check_output(r, message);
  if (status) {
    return status;
  }
  return either->teacher ? learn(r, teacher_info(either->teacher), end, message)
                         : write_model(r, &either->model, end, message);
}

static void
add_failed(const Row* const r, const Message* const message)
{
  if (r->options->found) {
    json_t* const object = json_object();
    cli_json_set_text(object, "file", r->input);
    cli_json_set_text(object, "error", message->text);
    cli_json_append(r->options->found, object);
  }
}

static RowEnd
convert_next(Row* const r)
{
  ModelOrCapture either = {.teacher = NULL};
  Message message = {""};
  RowEnd end = ROW_FAILED;
  r->input = r->inputs[r->index];
  name_output(r, r->index, r->output);
  Status status = check_name(r, &message);
  if (!status && !(status = either_read(r->input, &either, &message))) {
    status = convert_either(r, &either, &end, &message);
  }
  if (status) {
    (void)fflush(stdout);
    (void)cli_complain("grus-model", "%s", message.text);
    add_failed(r, &message);
  }
  either_clear(&either);
  return end;
}

static void
print_summary(const Row* const r)
{
  const size_t* const n = r->n_ends;
  (void)printf("%zu converted, %zu failed, %zu skipped", n[ROW_CONVERTED], n[ROW_FAILED],
               n[ROW_SKIPPED]);
  if (learn_is_interrupted()) {
    (void)printf(", %zu interrupted, %zu not begun; the same command continues", n[ROW_INTERRUPTED],
                 r->n - r->index);
  }
  (void)putchar('\n');
  if (r->n_assumed) {
    const bool is_one = r->n_assumed == 1;
    (void)printf("note: %zu capture%s no sample rate, the usual one of %s format is assumed; "
                 "--rate=HZ sets another\n",
                 r->n_assumed, is_one ? " gives" : "s give", is_one ? "its" : "their");
  }
}

/// Make the folder if it is missing; return in `is_new` whether it was
static Status
make_folder(const char* const folder, bool* const is_new, Message* const message)
{
  struct stat info;
  const int error = mkdir(folder, 0777) ? errno : 0;
  *is_new = !error;
  if (!error || (!stat(folder, &info) && S_ISDIR(info.st_mode))) {
    return STATUS_OK;
  }
  errno = error;
  return error == EEXIST || error == ENOTDIR
             ? status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: is not a folder; expected one, or a name that nothing has yet",
                           folder)
             : file_fail_writing(folder, message);
}

Status
convert_row(char* const* const inputs, const size_t n, const char* const folder,
            const ModelOptions* const options, Message* const message)
{
  Row r = {inputs, n, folder, options, .extra_seconds = EXTRA_SECONDS};
  bool is_new = false;
  const Status status = make_folder(folder, &is_new, message);
  if (status) {
    return status;
  }
  r.names = calloc(n, sizeof(r.names[0]));
  if (!r.names) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  learn_catch_signals();
  for (r.index = 0; r.index < n && !learn_is_interrupted(); ++r.index) {
    ++r.n_ends[convert_next(&r)];
    (void)fflush(stdout);
  }
  if (!options->found) {
    print_summary(&r);
  }
  free(r.names);
  if (is_new) {
    (void)rmdir(folder); // If nothing came into it
  }
  return r.n_ends[ROW_FAILED] || learn_is_interrupted() ? STATUS_CANNOT_WRITE : STATUS_OK;
}

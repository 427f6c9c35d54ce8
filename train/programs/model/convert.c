// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model convert: a model in another format, or one that learned from a capture; or many.

#include "cli/message.h"
#include "cli/terminal.h"
#include "train/programs/common/capture_rate.h"
#include "train/programs/common/output_file.h"
#include "train/programs/model/commands.h"
#include "train/programs/model/convert_model.h"
#include "train/programs/model/convert_row.h"
#include "train/programs/model/either.h"
#include "train/programs/model/learn.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/// Return true if a path names a folder, which may have to be made
static bool
is_folder(const char* const path)
{
  struct stat info;
  const size_t n = strlen(path);
  return (n && path[n - 1] == '/') || (!stat(path, &info) && S_ISDIR(info.st_mode));
}

static Status
write_model(ModelFile* const file, const ConvertPaths paths, const ModelOptions* const options,
            Message* const message)
{
  const OutputFile output = {.path = paths.output,
                             .kind = OUTPUT_MODEL,
                             .inputs = &paths.input,
                             .n_inputs = 1,
                             .overwrites = options->overwrites};
  Status status = output_file_check(&output, message);
  status = status ? status : convert_model(file, paths, options, message);
  if (!status && !options->found) {
    (void)printf("%s: written for %g Hz\n", paths.output, file->sample_rate);
  }
  return status;
}

/// Print the time that is left, on a line that is overwritten
static void
print_progress(void* const task, const double seconds)
{
  const LearnTask* const t = (const LearnTask*)task;
  const double all = t->options->seconds > 0.0 ? t->options->seconds : LEARN_SECONDS;
  const unsigned left = all > seconds ? (unsigned)(all - seconds + 0.5) : 0;
  char line[512];
  (void)snprintf(line, sizeof(line), "%s: learning, %u:%02u left", t->capture, left / 60,
                 left % 60);
  cli_terminal_overwrite(line);
}

/// Add a model that was learned to the JSON
static void
add_learned(const ConvertPaths paths, const ModelOptions* const options)
{
  ModelFile made = {0};
  const bool is_read = !model_file_read(paths.output, &made, NULL);
  (void)convert_add_result(paths, learn_is_interrupted() ? "interrupted" : "converted",
                           is_read ? &made : NULL, options);
  model_file_clear(&made);
}

/// Learn from one capture, and print what grus-train says
static Status
learn(Teacher* const teacher, const ConvertPaths paths, const ModelOptions* const options,
      Message* const message)
{
  const TeacherInfo* const info = teacher_info(teacher);
  const Message note = capture_rate_give(teacher, paths.input, options->rate);
  LearnTask task = {
      paths.input, paths.output, NULL, options, options->found ? NULL : print_progress, NULL};
  char* said = NULL;
  task.context = &task;
  if (note.text[0]) {
    (void)cli_complain("grus-model", "%s", note.text);
  }
  if (!cli_terminal_columns() && !options->found) {
    (void)printf("%s: is %s %s; learning from it\n", paths.input,
                 model_file_kind_article(info->kind), info->kind);
    (void)fflush(stdout);
  }
  const Status status = learn_run(&task, &said, message);
  if (!options->found) {
    cli_terminal_overwrite("");
  }
  if (!status && options->found) {
    add_learned(paths, options);
  } else if (!status) {
    (void)fputs(said, stdout);
  }
  free(said);
  return status;
}

/// Fail for the name of a capture, such as the second of FILE.nam FILE.nam: none is ever written
static Status
check_output_name(const char* const path, Message* const message)
{
  const char* const ending = strrchr(path, '.');
  return ending && !strcasecmp(ending, ".nam")
             ? status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: is the name of a capture; expected NAME.json, or a folder "
                           "(models/) for several",
                           path)
             : STATUS_OK;
}

static Status
convert_one(const ConvertPaths paths, const ModelOptions* const options, Message* const message)
{
  ModelOrCapture either = {.teacher = NULL};
  Status status = check_output_name(paths.output, message);
  if (!status && !(status = either_read(paths.input, &either, message))) {
    status = either.teacher ? learn(either.teacher, paths, options, message)
                            : write_model(&either.model, paths, options, message);
  }
  either_clear(&either);
  return status;
}

Status
model_command_convert(char* const* const arguments, const ModelOptions* const options,
                      Message* const message)
{
  size_t n = 0;
  while (arguments[n + 1]) {
    ++n;
  }
  const char* const last = arguments[n];
  if (options->has_no_cabinet && !options->ir) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "--no-cabinet: is about an impulse response; expected --ir, too");
  }
  if (is_folder(last)) {
    return convert_row(arguments, n, last, options, message);
  }
  return n > 1
             ? status_fail(message, STATUS_BAD_ARGUMENT,
                           "%s: expected a folder for %zu models; one whose name ends in / is "
                           "made if it is missing",
                           last, n)
             : convert_one((ConvertPaths){.input = arguments[0], .output = last}, options, message);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model info: what is in a model file, or in a capture?

#include "cli/json_output.h"
#include "cli/terminal.h"
#include "cli/wrap.h"
#include "core/decibel.h"
#include "core/file.h"
#include "core/text.h"
#include "train/audio/esr.h"
#include "train/programs/model/commands.h"
#include "train/programs/model/either.h"
#include "train/programs/model/info_json.h"

#include <stdbool.h>
#include <stdio.h>

#define LABEL_COLUMNS 14U

/// Begin a row; what follows the label is wrapped to the terminal
static CliLine
begin_row(const char* const label)
{
  const unsigned columns = cli_terminal_columns();
  (void)printf("  %-12s", label);
  return (CliLine){stdout, columns ? columns - 1 : 0, LABEL_COLUMNS + 1, LABEL_COLUMNS};
}

static void
print_row(const char* const label, const char* const text)
{
  CliLine line = begin_row(label);
  cli_line_add_words(&line, text);
  cli_line_end(&line);
}

static void
print_text(const char* const label, const char* const text)
{
  if (text[0]) {
    print_row(label, text);
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
print_gain(const char* const label, const double gain_db)
{
  if (gain_db != 0.0) {
    (void)printf("  %-12s %.2f dB\n", label, gain_db);
  }
}

/// Print the comma between two pieces
static void
end_piece(CliLine* const line)
{
  (void)putchar(',');
  ++line->column;
}

/// Add what a record knows; the ratios are against a capture if that was learned from
static void
add_record(CliLine* const line, const ModelRecord* const r, const bool is_taught)
{
  const struct {
    const char* what;
    double value;
  } ratios[] = {{is_taught ? "ESR against the capture" : "ESR", r->esr},
                {"pre-emphasised", r->esr_pre_emphasis},
                {"A-weighted", r->esr_a_weighted},
                {"worst 5 %", r->esr_worst}};
  for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); ++i) {
    if (ratios[i].value > 0.0) {
      end_piece(line);
      cli_line_format(line, "%s %.5f (%.1f dB)", ratios[i].what, ratios[i].value,
                      decibel_of_power(ratios[i].value));
    }
  }
  if (r->updates > 0.0) {
    end_piece(line);
    cli_line_format(line, "%.0f updates in %.0f s,", r->updates, r->seconds);
    cli_line_format(line, "seed %.0f", r->seed);
  }
}

static void
print_set(const ModelSet* const set, const ModelFile* const file)
{
  const bool is_assumed = file->sample_rate_is_assumed && set->sample_rate == file->sample_rate;
  CliLine line = begin_row("weights for");
  cli_line_format(&line, "%g Hz%s", set->sample_rate,
                  is_assumed ? " (assumed: the file doesn't say)" : "");
  add_record(&line, &set->record, model_file_has_teacher(file));
  cli_line_end(&line);
}

/// Describe the cells: those of a file with several layers are one here, whose output lags
static void
print_cells(const ModelFile* const file)
{
  const ParamsShape shape = file->params.shape;
  const uint32_t n_layers = file->lag + 1;
  char size[64];
  char text[256];
  (void)snprintf(size, sizeof(size), "hidden size %u", shape.hidden_size);
  if (file->lag && shape.hidden_size % n_layers == 0) {
    (void)snprintf(size, sizeof(size), "%u layers of %u", n_layers, shape.hidden_size / n_layers);
  }
  (void)snprintf(text, sizeof(text), "%s, %s, %zu weights%s", params_cell_name(shape.cell), size,
                 params_count(shape) - shape.n_taps, shape.skip ? ", skip connection" : "");
  print_row("network", text);
  model_file_describe_stage(file, text);
  print_text("linear stage", text);
  if (file->lag) {
    (void)printf("  %-12s %u frame%s\n", "latency", file->lag, file->lag == 1 ? "" : "s");
  }
}

static void
print_network(const ModelFile* const file)
{
  const ParamsShape shape = file->params.shape;
  print_cells(file);
  for (uint32_t k = 0; k + 1 < shape.n_inputs; ++k) {
    (void)printf("  knob %-7u %s\n", k + 1, file->knobs[k][0] ? file->knobs[k] : "(no name)");
  }
  print_set(&(ModelSet){file->sample_rate, file->params, file->record}, file);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    print_set(&file->others[i], file);
  }
}

/// Print how close a capture says that it is to its gear
static void
print_gear_esr(const char* const label, const double esr)
{
  if (esr > 0.0) {
    char text[128];
    (void)snprintf(text, sizeof(text), "ESR %.5f (%.1f dB), as the capture says", esr,
                   decibel_of_power(esr));
    print_row(label, text);
  }
}

static void
print_teacher(const ModelFileTeacher* const t)
{
  CliLine line = begin_row("learned from");
  cli_line_format(&line, "%s,", t->kind);
  if (t->name[0]) {
    cli_line_format(&line, "\"%s\",", t->name);
  }
  cli_line_format(&line, "%s,", t->file);
  cli_line_format(&line, "hash %s", t->hash);
  cli_line_end(&line);
  print_gear_esr("to its gear", t->gear_esr);
}

/// Print what a model was learned from
static void
print_source(const ModelFile* const file)
{
  if (model_file_has_teacher(file)) {
    print_teacher(&file->teacher);
  } else if (*file->source_hash) {
    char text[256];
    const int n = snprintf(text, sizeof(text), "hash %s, latency removed: %.2f frames",
                           file->source_hash, file->delay);
    if (file->drift != 0.0) {
      (void)snprintf(text + n, sizeof(text) - (size_t)n, ", clock drift: %+.1f ppm",
                     1e6 * file->drift);
    }
    print_row("recordings", text);
  }
}

static void
print_file(const ModelFile* const file)
{
  print_text("name", file->name);
  print_text("author", file->author);
  print_text("gear", file->gear);
  print_text("license", file->license);
  print_text("format", model_file_format_name(file->format));
  print_source(file);
  print_network(file);
  print_gain("input gain", file->input_gain_db);
  print_gain("output gain", file->output_gain_db);
  print_level("loudness", file->loudness.middle, "LUFS");
  print_level("input", file->input_dbu, "dBu at full scale");
  print_level("output", file->output_dbu, "dBu at full scale");
  print_text("warning", file->warning.text);
}

/// Print a capture that is only rendered offline
static void
print_capture(const char* const path, const TeacherInfo* const info)
{
  char quoted[FILE_MAX_PATH];
  char text[FILE_MAX_PATH + 128];
  print_text("name", info->name);
  print_text("author", info->author);
  print_text("gear", info->gear);
  print_text("license", info->license);
  print_row("format", info->kind);
  (void)snprintf(text, sizeof(text),
                 info->is_recurrent ? "%u weights, recurrent"
                                    : "%u weights, hears the last %u frames",
                 info->n_weights, info->receptive_field);
  print_row("network", text);
  (void)snprintf(text, sizeof(text), "%g Hz%s", info->sample_rate,
                 info->sample_rate_is_assumed ? " (assumed: the file doesn't say)" : "");
  print_row("made for", text);
  print_level("input", info->input_dbu, "dBu at full scale");
  print_level("output", info->output_dbu, "dBu at full scale");
  print_level("loudness", info->loudness, "dB, as the capture says");
  print_gear_esr("to its gear", info->gear_esr);
  print_text("hash", info->hash);
  print_row("played by", "grus-render; the plugin and grus-live can't");
  (void)snprintf(text, sizeof(text), "grus-model convert %s NAME.json --install",
                 text_quote_path(quoted, sizeof(quoted), path) ? quoted : "FILE");
  print_row("to play it", text);
}

static void
print_either(const char* const path, const ModelOrCapture* const either)
{
  (void)printf("%s\n", path);
  if (either->teacher) {
    print_capture(path, teacher_info(either->teacher));
  } else {
    print_file(&either->model);
  }
}

Status
model_command_info(char* const* const arguments, const ModelOptions* const options,
                   Message* const message)
{
  ModelOrCapture either = {.teacher = NULL};
  const Status status = either_read(*arguments, &either, message);
  if (status) {
    return status;
  }
  if (options->found) {
    cli_json_append(options->found,
                    either.teacher ? info_capture_json(*arguments, teacher_info(either.teacher))
                                   : info_model_json(*arguments, &either.model));
  } else {
    print_either(*arguments, &either);
  }
  either_clear(&either);
  return STATUS_OK;
}

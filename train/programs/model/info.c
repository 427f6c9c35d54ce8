// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-model info: what is in a model file?

#include "core/decibel.h"
#include "core/format/model_file.h"
#include "train/audio/esr.h"
#include "train/programs/model/commands.h"

#include <stdbool.h>
#include <stdio.h>

static void
print_text(const char* const label, const char* const text)
{
  if (text[0]) {
    (void)printf("  %-12s %s\n", label, text);
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

/// Print what a record knows, in a row
static void
print_record(const ModelRecord* const r)
{
  const struct {
    const char* what;
    double value;
  } ratios[] = {{"ESR", r->esr},
                {"pre-emphasised", r->esr_pre_emphasis},
                {"A-weighted", r->esr_a_weighted},
                {"worst 5 %", r->esr_worst}};
  for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); ++i) {
    if (ratios[i].value > 0.0) {
      (void)printf(", %s %.5f (%.1f dB)", ratios[i].what, ratios[i].value,
                   decibel_of_power(ratios[i].value));
    }
  }
  if (r->updates > 0.0) {
    (void)printf(", %.0f updates in %.0f s, seed %.0f", r->updates, r->seconds, r->seed);
  }
}

static void
print_set(const double rate, const bool is_assumed, const ModelRecord* const record)
{
  (void)printf("  %-12s %g Hz%s", "weights for", rate,
               is_assumed ? " (assumed: the file does not say)" : "");
  print_record(record);
  (void)printf("\n");
}

static void
print_network(const ModelFile* const file)
{
  const ParamsShape shape = file->params.shape;
  (void)printf("  %-12s %s, hidden size %u, %zu weights%s\n", "network",
               params_cell_name(shape.cell), shape.hidden_size, params_count(shape),
               shape.skip ? ", skip connection" : "");
  for (uint32_t k = 0; k + 1 < shape.n_inputs; ++k) {
    (void)printf("  knob %-7u %s\n", k + 1, file->knobs[k][0] ? file->knobs[k] : "(no name)");
  }
  print_set(file->sample_rate, file->sample_rate_is_assumed, &file->record);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    print_set(file->others[i].sample_rate, false, &file->others[i].record);
  }
}

Status
model_command_info(char* const* const arguments, const ModelOptions* const options,
                   Message* const message)
{
  ModelFile file = {0};
  (void)options;
  const Status status = model_file_read(*arguments, &file, message);
  if (status) {
    return status;
  }
  (void)printf("%s\n", *arguments);
  print_text("name", file.name);
  print_text("author", file.author);
  print_text("gear", file.gear);
  print_text("license", file.license);
  print_text("format", model_file_format_name(file.format));
  print_network(&file);
  print_gain("input gain", file.input_gain_db);
  print_gain("output gain", file.output_gain_db);
  print_level("loudness", file.loudness, "LUFS");
  print_level("input", file.input_dbu, "dBu at full scale");
  print_level("output", file.output_dbu, "dBu at full scale");
  if (*file.source_hash) {
    (void)printf("  %-12s %s, %.2f frames late\n", "recordings", file.source_hash, file.delay);
  }
  print_text("warning", file.warning.text);
  model_file_clear(&file);
  return STATUS_OK;
}

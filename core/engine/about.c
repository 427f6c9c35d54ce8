// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Only what helps to choose among models fits on a plugin's face; grus-model info has the rest.

#include "core/engine/about.h"

#include "core/file.h"
#include "core/text.h"

#include <stdio.h>

/// Copy a text of the file, which may hold anything
static void
copy_text(char to[MODEL_FILE_TEXT_SIZE], const char* const from)
{
  text_copy(to, MODEL_FILE_TEXT_SIZE, from);
  text_repair(to);
}

/// Write an error-to-signal ratio with its first digits, however small it is
static void
format_esr(char text[MODEL_FILE_TEXT_SIZE], const double esr)
{
  (void)snprintf(text, MODEL_FILE_TEXT_SIZE, "ESR %.*f", esr < 0.001 ? 6 : 4, esr);
}

/// Write how close the model is to what it learned from; for a capture, also how close that is to
/// its gear
static void
describe_accuracy(const ModelFile* const file, const ModelRecord* const record,
                  char text[MODEL_FILE_TEXT_SIZE])
{
  char own[MODEL_FILE_TEXT_SIZE];
  char teacher[MODEL_FILE_TEXT_SIZE] = "";
  if (record->esr <= 0.0) {
    return;
  }
  format_esr(own, record->esr);
  if (file->teacher.gear_esr > 0.0) {
    format_esr(teacher, file->teacher.gear_esr);
  }
  (void)snprintf(text, MODEL_FILE_TEXT_SIZE, "%.40s%s%s%.40s", own,
                 model_file_has_teacher(file) ? " of a capture" : "", *teacher ? " with " : "",
                 teacher);
}

/// Write what the network is; a file with several layers is one network here, whose output lags
static void
describe_kind(const ModelFile* const file, const ModelSet* const set,
              char text[MODEL_FILE_TEXT_SIZE])
{
  const ParamsShape shape = set->params.shape;
  const uint32_t n_layers = file->lag + 1;
  const bool has_layers = file->lag && shape.hidden_size % n_layers == 0;
  int n = snprintf(text, MODEL_FILE_TEXT_SIZE, "%s ", shape.cell == CELL_LSTM ? "LSTM" : "GRU");
  if (has_layers) {
    n += snprintf(text + n, MODEL_FILE_TEXT_SIZE - (size_t)n, "%u x ", n_layers);
  }
  n += snprintf(text + n, MODEL_FILE_TEXT_SIZE - (size_t)n, "%u, %g kHz",
                shape.hidden_size / (has_layers ? n_layers : 1), set->sample_rate / 1000.0);
  if (shape.n_taps) {
    (void)snprintf(text + n, MODEL_FILE_TEXT_SIZE - (size_t)n, ", %u tap%s", shape.n_taps,
                   shape.n_taps == 1 ? "" : "s");
  }
}

/// Copy the names of the knobs; one that the file doesn't name is called after its number
static void
name_knobs(const ModelFile* const file, ModelAbout* const about)
{
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    copy_text(about->knobs[k], file->knobs[k]);
    if (!about->knobs[k][0]) {
      (void)snprintf(about->knobs[k], MODEL_FILE_TEXT_SIZE, "Knob %u", k + 1);
    }
  }
}

void
about_model(const ModelFile* const file, const char* const path, const double own_rate,
            ModelAbout* const about)
{
  const ModelSet set = model_file_set_for(file, own_rate);
  *about = (ModelAbout){.has_cabinet = file->stage_is_cabinet && set.params.shape.n_taps};
  copy_text(about->name, file->name);
  if (!about->name[0]) {
    file_stem(path, about->name, MODEL_FILE_TEXT_SIZE);
  }
  copy_text(about->maker, file->author);
  copy_text(about->gear, file->gear);
  describe_accuracy(file, &set.record, about->accuracy);
  describe_kind(file, &set, about->kind);
  name_knobs(file, about);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints what a format can't say.

#include "train/programs/model/convert_model.h"

#include "cli/message.h"
#include "core/engine/load.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"
#include "train/programs/common/model_name.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/model/portable.h"

#include <stdio.h>
#include <string.h>

/// Rate at which players of GuitarML run, whatever a file is for [Hz]
#define GUITARML_RATE 44100.0

/// Make the set for a rate the main one; the main one takes its place
static bool
swap_sets(ModelFile* const file, const double rate)
{
  for (uint32_t i = 0; i < file->n_others; ++i) {
    const ModelSet other = file->others[i];
    if (other.sample_rate == rate) {
      file->others[i] = (ModelSet){file->sample_rate, file->params, file->record};
      file->sample_rate = other.sample_rate;
      file->params = other.params;
      file->record = other.record;
      return true;
    }
  }
  return false;
}

/// Make the file one for the requested rate, if it can be
static Status
choose_rate(ModelFile* const file, const char* const path, const double rate,
            Message* const message)
{
  model_file_give_rate(file, rate);
  if (rate <= 0.0 || rate == file->sample_rate || swap_sets(file, rate)) {
    file->sample_rate_is_assumed = false;
    return STATUS_OK;
  }
  return status_fail(message, STATUS_BAD_ARGUMENT,
                     "%s: has weights for %g Hz, not for --rate=%g; train it with "
                     "grus-train --rates",
                     path, file->sample_rate, rate);
}

static void
print_note(const char* const path, const char* const text)
{
  (void)cli_complain("grus-model", "%s: %s", path, text);
}

/// Print what had to change so that other players can load the network
static void
print_changes(const char* const path, const ModelFile* const file, const ParamsShape before,
              const bool had_gains)
{
  const ParamsShape after = file->params.shape;
  char text[128];
  if (had_gains) {
    print_note(path, "its gains became part of the weights");
  }
  if (before.skip && !after.skip) {
    print_note(path, "its skip connection became a unit, with an error 110 dB below its input");
  }
  if (before.hidden_size != after.hidden_size) {
    (void)snprintf(text, sizeof(text), "its hidden size is %u now, not %u, with silent units",
                   after.hidden_size, before.hidden_size);
    print_note(path, text);
  }
  if (file->lag) {
    (void)snprintf(text, sizeof(text), "its %u layers became one, %u frame%s late in other players",
                   file->lag + 1, file->lag, file->lag == 1 ? "" : "s");
    print_note(path, text);
  }
}

/// Print what GuitarML has no place for
static void
print_losses(const char* const path, const ModelFile* const file)
{
  bool has_knobs = false;
  for (uint32_t k = 0; k + 1 < file->params.shape.n_inputs; ++k) {
    has_knobs = has_knobs || file->knobs[k][0];
  }
  if (has_knobs) {
    print_note(path, "the names of its knobs are left out");
  }
  if (file->n_others) {
    print_note(path, "its weights for other rates are left out; --rate=HZ chooses which are kept");
  }
  if (file->record.esr > 0.0 || file->input_dbu.is_given || file->output_dbu.is_given) {
    print_note(path, "its levels and its training record are left out");
  }
  if (file->sample_rate != GUITARML_RATE) {
    char text[128];
    (void)snprintf(text, sizeof(text), "is for %g Hz; players of GuitarML may take it for 44100 Hz",
                   file->sample_rate);
    print_note(path, text);
  }
}

/// Change the network into one that the format can express
static Status
make_fit(ModelFile* const file, const char* const path, const ModelTo to, Message* const message)
{
  const bool is_guitarml = to == MODEL_TO_GUITARML;
  const PortableNeeds needs = {!is_guitarml, !is_guitarml};
  return to == MODEL_TO_GRUS ? STATUS_OK : portable_make(file, needs, path, message);
}

static Status
write_as(ModelFile* const file, const char* const path, const ModelTo to, Message* const message)
{
  if (to == MODEL_TO_GRUS) { // So that players need not measure it
    return model_loudness_find(file) ? status_fail(message, STATUS_NO_MEMORY, "out of memory")
                                     : model_file_write(file, path, message);
  }
  return to == MODEL_TO_GUITARML ? model_file_write_guitarml(file, path, message)
                                 : model_file_write(file, path, message);
}

static Status
install_preset(const ModelFile* const file, const char* const folder, Message* const message)
{
  PresetPlace place;
  const Status status = preset_bundle_install(file, folder, &place, message);
  if (!status) {
    (void)printf("preset \"%s\"%s: %s\n", file->name, place.replaces ? " replaced" : "",
                 place.bundle);
  }
  return status;
}

Status
convert_model(ModelFile* const file, const ConvertPaths paths, const ModelOptions* const options,
              Message* const message)
{
  if (file->warning.text[0]) {
    (void)cli_complain("grus-model", "%s", file->warning.text);
  }
  if (file->sample_rate_is_assumed && options->rate <= 0.0) {
    Message note = {""};
    load_note_given_rate(load_own_rate(file), (LoadRate){0.0, "--rate=HZ"}, paths.input, &note);
    (void)cli_complain("grus-model", "%s", note.text);
  }
  Status status = choose_rate(file, paths.input, options->rate, message);
  const ParamsShape before = file->params.shape;
  const bool had_gains = file->input_gain_db != 0.0 || file->output_gain_db != 0.0;
  naming_after_path(file, paths.input);
  if (status || (status = make_fit(file, paths.input, options->to, message)) ||
      (status = write_as(file, paths.output, options->to, message))) {
    return status;
  }
  print_changes(paths.output, file, before, had_gains);
  if (options->to == MODEL_TO_GUITARML) {
    print_losses(paths.output, file);
  }
  return options->install ? install_preset(file, options->install, message) : STATUS_OK;
}

/// Return true if the main sets of two files have the same weights for the same rate
static bool
are_same(const ModelFile* const a, const ModelFile* const b)
{
  return params_shapes_are_equal(a->params.shape, b->params.shape) &&
         a->sample_rate == b->sample_rate &&
         !memcmp(a->params.values, b->params.values,
                 params_count(a->params.shape) * sizeof(a->params.values[0]));
}

bool
convert_model_is_done(const ConvertPaths paths, const ModelOptions* const options)
{
  ModelFile made = {0};
  ModelFile there = {0};
  const bool is_done =
      !model_file_read(paths.output, &there, NULL) &&
      (there.format == MODEL_FORMAT_GUITARML) == (options->to == MODEL_TO_GUITARML) &&
      !model_file_read(paths.input, &made, NULL) &&
      !choose_rate(&made, paths.input, options->rate, NULL) &&
      !make_fit(&made, paths.output, options->to, NULL) && are_same(&made, &there);
  model_file_clear(&made);
  model_file_clear(&there);
  return is_done;
}

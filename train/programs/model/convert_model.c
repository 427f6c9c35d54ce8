// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints what a format can't say.

#include "train/programs/model/convert_model.h"

#include "cli/json_output.h"
#include "cli/message.h"
#include "core/engine/load.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"
#include "train/programs/common/model_name.h"
#include "train/programs/common/output_file.h"
#include "train/programs/common/preset_bundle.h"
#include "train/programs/common/sandbox_note.h"
#include "train/programs/model/portable.h"
#include "train/programs/model/stage_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/// A model on its way from one file to another
typedef struct {
  ModelFile* file;
  ConvertPaths paths;
  const ModelOptions* options;
  LooseStage stage; ///< That goes beside it
  char wav[PATH_MAX];
} Conversion;

/// Return the impulse response that becomes part of the model; NULL: there is none
static const char*
find_ir(const Conversion* const c, char beside[PATH_MAX])
{
  const char* const given = c->options->ir;
  output_file_name(c->paths.input, ".wav", beside, PATH_MAX);
  return given && !*given ? beside : given;
}

/// Make an impulse response the model's linear stage
static Status
add_ir(const Conversion* const c, Message* const message)
{
  char beside[PATH_MAX];
  const char* const ir = find_ir(c, beside);
  if (!ir) {
    return STATUS_OK;
  }
  if (c->file->params.shape.n_taps) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has a linear stage; --ir is for models without one", c->paths.input);
  }
  return stage_file_add(c->file, ir, !c->options->has_no_cabinet, message);
}

/// Change the model into one that the format can express: what it has no place for goes into the
/// stage beside it
static Status
make_portable(Conversion* const c, Message* const message)
{
  const bool is_guitarml = c->options->to == MODEL_TO_GUITARML;
  stage_file_take(c->file, &c->stage);
  const float gain = stage_file_gain(&c->stage);
  const PortableNeeds needs = {!is_guitarml || gain != 1.0F, !is_guitarml};
  if (c->stage.n_taps && c->options->install) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has a linear stage, and a preset needs all of it; install it without "
                       "--to",
                       c->paths.input);
  }
  const Status status = portable_make(c->file, needs, c->paths.input, message);
  if (!status && gain != 1.0F) {
    stage_file_move_gain(c->file, &c->stage, gain);
  }
  return status;
}

/// Change the model into what is written
static Status
change_model(Conversion* const c, Message* const message)
{
  Status status = choose_rate(c->file, c->paths.input, c->options->rate, message);
  status = status ? status : add_ir(c, message);
  c->stage.n_taps = 0;
  output_file_name(c->paths.output, ".wav", c->wav, sizeof(c->wav));
  return status || c->options->to == MODEL_TO_GRUS ? status : make_portable(c, message);
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

/// Fail unless the impulse response can be written and nothing is lost by it
static Status
check_wav(const Conversion* const c, Message* const message)
{
  char beside[PATH_MAX];
  const char* const read[] = {c->paths.input, find_ir(c, beside)};
  const OutputFile output = {.path = c->wav,
                             .kind = OUTPUT_SOUND,
                             .inputs = read,
                             .n_inputs = 2,
                             .overwrites = c->options->overwrites};
  if (file_is_written_directly(c->paths.output)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has no place beside it for the impulse response; expected NAME.json",
                       c->paths.output);
  }
  Status status = output_file_check(&output, message);
  for (size_t i = 0; i < c->paths.n_others && !status; ++i) {
    status = file_check_apart(c->wav, c->paths.others[i], message);
  }
  return status;
}

/// Write model and impulse response, both or none of them
static Status
write_pair(const Conversion* const c, Message* const message)
{
  const bool is_new = access(c->paths.output, F_OK) != 0;
  WavWriter writer;
  Status status = check_wav(c, message);
  if (status || (status = stage_file_begin(&c->stage, c->wav, &writer, message))) {
    return status;
  }
  if ((status = write_as(c->file, c->paths.output, c->options->to, message))) {
    wav_writer_discard(&writer);
    return status;
  }
  status = wav_writer_keep(&writer, message);
  if (status && is_new) {
    (void)unlink(c->paths.output);
  }
  return status;
}

static Status
write_all(const Conversion* const c, Message* const message)
{
  return c->stage.n_taps ? write_pair(c, message)
                         : write_as(c->file, c->paths.output, c->options->to, message);
}

/// Print what else a player needs
static void
print_stage(const Conversion* const c, const uint32_t n_others)
{
  if (!c->stage.n_taps) {
    return;
  }
  if (n_others) {
    print_note(c->paths.output,
               "its weights for other rates are left out; --rate=HZ chooses which are kept");
  }
  if (c->options->found) {
    return;
  }
  (void)printf("%s: load %s behind it as its impulse response, %s; either alone is half of the "
               "sound\n",
               c->paths.output, c->wav, model_file_stage_kind(c->stage.is_cabinet));
}

json_t*
convert_add_result(const ConvertPaths paths, const char* const result, const ModelFile* const made,
                   const ModelOptions* const options)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "file", paths.input);
  cli_json_set_text(object, "result", result);
  cli_json_set_text(object, "output", paths.output);
  if (made) {
    cli_json_set_number(object, "sample_rate", made->sample_rate);
  }
  if (made && model_file_has_teacher(made) && made->record.esr > 0.0) {
    cli_json_set_number(object, "esr", made->record.esr);
    cli_json_set_number(object, "seconds", made->record.seconds);
  }
  cli_json_append(options->found, object);
  return object;
}

/// Add what was written to the JSON
static json_t*
add_conversion(const Conversion* const c)
{
  if (!c->options->found) {
    return NULL;
  }
  json_t* const object = convert_add_result(c->paths, "converted", c->file, c->options);
  if (c->stage.n_taps) {
    cli_json_set_text(object, "impulse_response", c->wav);
  }
  return object;
}

/// Install a preset, and print it, or add it to `object`
static Status
install_preset(const ModelFile* const file, const char* const folder, json_t* const object,
               Message* const message)
{
  PresetPlace place;
  const Status status = preset_bundle_install(file, folder, &place, message);
  if (!status && object) {
    cli_json_set(object, "preset", preset_bundle_json(&place, file->name));
  } else if (!status) {
    (void)printf("preset \"%s\"%s: %s\n", file->name, place.replaces ? " replaced" : "",
                 place.bundle);
    sandbox_note_print(place.bundle);
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
  Conversion c = {file, paths, options, .wav = ""};
  const ParamsShape before = file->params.shape;
  const uint32_t n_others = file->n_others;
  const bool had_gains = file->input_gain_db != 0.0 || file->output_gain_db != 0.0;
  naming_after_path(file, paths.input);
  Status status = change_model(&c, message);
  if (status || (status = write_all(&c, message))) {
    return status;
  }
  print_changes(paths.output, file, before, had_gains);
  if (options->to == MODEL_TO_GUITARML) {
    print_losses(paths.output, file);
  }
  print_stage(&c, n_others);
  json_t* const object = add_conversion(&c);
  return options->install ? install_preset(file, options->install, object, message) : STATUS_OK;
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
  Conversion c = {&made, paths, options, .wav = ""};
  const bool is_done =
      !model_file_read(paths.output, &there, NULL) &&
      (there.format == MODEL_FORMAT_GUITARML) == (options->to == MODEL_TO_GUITARML) &&
      !model_file_read(paths.input, &made, NULL) && !change_model(&c, NULL) &&
      are_same(&made, &there) && (!c.stage.n_taps || stage_file_holds(c.wav, &c.stage));
  model_file_clear(&made);
  model_file_clear(&there);
  return is_done;
}

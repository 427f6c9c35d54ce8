// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Recognises a file's format by its content, whatever its name. Any thread but the audio thread.

#include "core/format/formats.h"
#include "core/format/json_fault.h"
#include "core/format/read_values.h"
#include "core/kind.h"
#include "core/text.h"

#include <stddef.h>

/// More than four sets of the largest cell have, each with its test signal
#define MAX_VALUES 1500000U
#define MAX_BRACKETS 16384U

/// A format and the two members that identify it
typedef struct {
  const char* members[2];
  Status (*decode)(const DecodeSource* source, const json_t* root, ModelFile* file);
} Format;

/// Fail for a WaveNet, which only a teacher can be
static Status
refuse_smartamp(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  (void)root;
  (void)file;
  return decode_refuse(source, 1, "is a " DECODE_SMARTAMP_KIND ", which Grus can't play directly");
}

/// Fail for a network that hears a window of its own for each sample; nothing here plays that
static Status
refuse_smartamp_pro(const DecodeSource* const source, const json_t* const root,
                    ModelFile* const file)
{
  (void)root;
  (void)file;
  return decode_fail(source, STATUS_UNSUPPORTED,
                     "is a GuitarML SmartAmpPro model, which Grus can't play; record what its "
                     "player makes of a sound, and train a model from that");
}

static const Format formats[] = {
    {{"layers", "in_shape"}, decode_rtneural},
    {{"grus", "in_shape"}, decode_rtneural},
    {{"model_data", "state_dict"}, decode_guitarml},
    {{"architecture", "weights"}, decode_nam},
    {{"residual_channels", "variables"}, refuse_smartamp},
    {{"conv1d_stride", "lstm"}, refuse_smartamp_pro},
};

static Status
decode_root(const DecodeSource* const source, const json_t* const root, ModelFile* const file)
{
  for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); ++i) {
    if (json_object_get(root, formats[i].members[0]) &&
        json_object_get(root, formats[i].members[1])) {
      return formats[i].decode(source, root, file);
    }
  }
  if (json_object_get(root, "entries")) {
    return decode_fail(source, STATUS_BAD_FILE, "is a set list of grus-live; expected a model");
  }
  return decode_fail(source, STATUS_BAD_FILE,
                     "is not a model file: expected \"layers\" and \"in_shape\" (AIDA-X, "
                     "RTNeural), \"model_data\" and \"state_dict\" (GuitarML), or "
                     "\"architecture\" and \"weights\" (NAM)");
}

/// Fail for a text that would take much more memory than any model does: a value of JSON takes up
/// to a hundred times as much as its text
static Status
check_size(const DecodeSource* const source, const char* const text, const size_t size)
{
  size_t n_values = 0;
  size_t n_brackets = 0;
  for (size_t i = 0; i < size; ++i) {
    n_values += text[i] == ',';
    n_brackets += text[i] == '[' || text[i] == '{';
  }
  if (size > MODEL_FILE_MAX_SIZE) {
    return decode_fail(source, STATUS_BAD_FILE, "is too large; expected at most %.4g MiB",
                       (double)MODEL_FILE_MAX_SIZE / 1048576.0);
  }
  return n_values <= MAX_VALUES && n_brackets <= MAX_BRACKETS
             ? STATUS_OK
             : decode_fail(source, STATUS_BAD_FILE,
                           "has %zu values in %zu arrays or objects; no model has more than %u in "
                           "%u",
                           n_values, n_brackets, MAX_VALUES, MAX_BRACKETS);
}

/// Parse JSON in which a key may stand twice, as every other player reads it: the last one counts.
/// `error` says why it can't be parsed, or that a key stands twice.
static json_t*
parse_text(const char* const text, const size_t size, json_error_t* const error)
{
  json_error_t again;
  json_t* root = json_fault_parse(text, size, JSON_REJECT_DUPLICATES, error);
  if (!root && json_error_code(error) == json_error_duplicate_key &&
      !(root = json_fault_parse(text, size, 0, &again))) {
    *error = again;
  }
  return root;
}

Status
model_json_decode(const char* const text, const size_t size, const char* const name,
                  ModelFile* const file, Message* const message)
{
  const DecodeSource source = {name, "", message};
  json_error_t error;
  Status status = kind_check(FILE_MODEL, (KindStart){name, text, size}, message);
  if (status || (status = check_size(&source, text, size))) {
    return status;
  }
  const size_t skipped = text_mark_size(text, size);
  json_t* const root = parse_text(text + skipped, size - skipped, &error);
  if (!root) {
    return json_fault_report((KindStart){name, text + skipped, size - skipped}, &error, "a model",
                             message);
  }
  ModelFile read = {0};
  if (error.text[0]) {
    message_set(&read.warning, "%s: line %d, column %d: %s; the last one counts", name, error.line,
                error.column, error.text);
  }
  status = decode_root(&source, root, &read);
  if (status) {
    model_file_clear(&read);
  } else {
    *file = read;
  }
  json_decref(root);
  return status;
}

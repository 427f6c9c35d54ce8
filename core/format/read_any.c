// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Recognises a file's format by its content, whatever its name. Any thread but the audio thread.

#include "core/format/formats.h"
#include "core/format/read_values.h"
#include "core/kind.h"
#include "core/text.h"

#include <stddef.h>

/// A format and the two members that identify it
typedef struct {
  const char* members[2];
  Status (*decode)(const DecodeSource* source, const json_t* root, ModelFile* file);
} Format;

static const Format formats[] = {
    {{"layers", "in_shape"}, decode_rtneural},
    {{"model_data", "state_dict"}, decode_guitarml},
    {{"architecture", "weights"}, decode_nam},
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
  return decode_fail(source, STATUS_BAD_FILE,
                     "is not a model file: expected \"layers\" and \"in_shape\" (AIDA-X, "
                     "RTNeural), \"model_data\" and \"state_dict\" (GuitarML), or "
                     "\"architecture\" and \"weights\" (NAM)");
}

/// Say why a text is not JSON; without a reason, jansson ran out of memory
static Status
fail_to_parse(const DecodeSource* const source, const json_error_t* const error)
{
  return error->text[0] ? decode_fail(source, STATUS_BAD_FILE,
                                      "line %d, column %d: %s; expected a model in JSON",
                                      error->line, error->column, error->text)
                        : decode_fail(source, STATUS_NO_MEMORY, "out of memory");
}

Status
model_json_decode(const char* const text, const size_t size, const char* const name,
                  ModelFile* const file, Message* const message)
{
  const DecodeSource source = {name, "", message};
  json_error_t error;
  const Status is_other = kind_check(FILE_MODEL, (KindStart){name, text, size}, message);
  if (is_other) {
    return is_other;
  }
  const size_t skipped = text_mark_size(text, size);
  json_t* const root = json_loadb(text + skipped, size - skipped, JSON_REJECT_DUPLICATES, &error);
  if (!root) {
    return fail_to_parse(&source, &error);
  }
  ModelFile read = {0};
  const Status status = decode_root(&source, root, &read);
  if (status) {
    model_file_clear(&read);
  } else {
    *file = read;
  }
  json_decref(root);
  return status;
}

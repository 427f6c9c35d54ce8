// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads and writes model files.

#include "core/format/model_file_io.h"

#include "core/file.h"
#include "core/format/formats.h"

#include <stdlib.h>
#include <string.h>

Status
model_file_read(const char* const path, ModelFile* const file, Message* const message)
{
  Content content = {NULL, 0};
  Status status = file_read_whole(path, FILE_MODEL_OR_PIPE, MODEL_FILE_MAX_SIZE, &content, message);
  if (!status) {
    status = model_json_decode(content.bytes, content.size, path, file, message);
  }
  content_clear(&content);
  return status;
}

Status
model_file_parse(const char* const text, const size_t size, const char* const name,
                 ModelFile* const file, Message* const message)
{
  return model_json_decode(text, size, name, file, message);
}

/// Write and free `text`, unless encoding it failed
static Status
write_text(char* const text, const Status encoded, const char* const path, Message* const message)
{
  const Status status = encoded ? encoded : file_replace(path, text, strlen(text), message);
  free(text);
  return status;
}

Status
model_file_write(const ModelFile* const file, const char* const path, Message* const message)
{
  char* text = NULL;
  const Status encoded = model_json_encode(file, &text, message);
  return write_text(text, encoded, path, message);
}

Status
model_file_write_guitarml(const ModelFile* const file, const char* const path,
                          Message* const message)
{
  char* text = NULL;
  const Status encoded = model_json_encode_guitarml(file, &text, message);
  return write_text(text, encoded, path, message);
}

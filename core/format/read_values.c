// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks the types, sizes and numbers of JSON values, for all formats. Any thread but the audio
// thread.

#include "core/format/read_values.h"

#include "core/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Status
decode_fail(const DecodeSource* const source, const Status status, const char* const format, ...)
{
  char text[384];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  return status_fail(source->message, status, "%s: %s%s", source->name, source->part, text);
}

bool
decode_is_absent(const json_t* const value)
{
  return !value || json_is_null(value);
}

const char*
decode_text(const json_t* const object, const char* const key)
{
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

void
decode_copy_text(char* const text, const json_t* const object, const char* const key)
{
  text_copy(text, MODEL_FILE_TEXT_SIZE, decode_text(object, key));
}

Status
decode_number(const DecodeSource* const source, const json_t* const object, const char* const key,
              double* const number)
{
  const json_t* const value = json_object_get(object, key);
  if (decode_is_absent(value)) {
    return STATUS_OK;
  }
  if (!json_is_number(value)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"%s\" should be a number", key);
  }
  *number = json_number_value(value);
  return STATUS_OK;
}

Status
decode_count(const DecodeSource* const source, const json_t* const object, const DecodeCount range,
             uint32_t* const count)
{
  const json_t* const value = json_object_get(object, range.key);
  const json_int_t number = json_integer_value(value);
  if (!json_is_integer(value) || number < range.least || number > range.most) {
    return decode_fail(source, STATUS_UNSUPPORTED, "\"%s\" should be a whole number, %u to %u",
                       range.key, range.least, range.most);
  }
  *count = (uint32_t)number;
  return STATUS_OK;
}

Status
decode_level(const DecodeSource* const source, const json_t* const object, const char* const key,
             ModelFileLevel* const level)
{
  level->is_given = !decode_is_absent(json_object_get(object, key));
  return decode_number(source, object, key, &level->value);
}

Status
decode_value(const DecodeSource* const source, const json_t* const value, const DecodeBlock block,
             float* const out)
{
  if (!json_is_number(value)) {
    return decode_fail(source, STATUS_BAD_FILE, "%s hold something that is not a number",
                       block.what);
  }
  *out = (float)json_number_value(value);
  if (!isfinite(*out)) {
    return decode_fail(source, STATUS_BAD_FILE, "%s hold a number too large for a weight",
                       block.what);
  }
  return STATUS_OK;
}

Status
decode_row(const DecodeSource* const source, const json_t* const row, const DecodeBlock block,
           float* const out)
{
  if (!json_is_array(row) || json_array_size(row) != block.cols) {
    return decode_fail(source, STATUS_BAD_FILE, "%s have a row of %zu numbers, shape says %u",
                       block.what, json_array_size(row), block.cols);
  }
  Status status = STATUS_OK;
  for (uint32_t c = 0; c < block.cols && !status; ++c) {
    status = decode_value(source, json_array_get(row, c), block, &out[c]);
  }
  return status;
}

Status
decode_block(const DecodeSource* const source, const json_t* const rows, const DecodeBlock block,
             float* const out)
{
  if (!json_is_array(rows) || json_array_size(rows) != block.rows) {
    return decode_fail(source, STATUS_BAD_FILE, "%s are %zu x %zu, shape says %u x %u", block.what,
                       json_array_size(rows), json_array_size(json_array_get(rows, 0)), block.rows,
                       block.cols);
  }
  Status status = STATUS_OK;
  for (uint32_t r = 0; r < block.rows && !status; ++r) {
    status = decode_row(source, json_array_get(rows, r), block, out + (size_t)r * block.cols);
  }
  return status;
}

/// Read digits, perhaps with a decimal point, in any locale; false if there is anything else
static bool
parse_digits(const char* const text, double* const number)
{
  const size_t n_whole = strspn(text, "0123456789");
  const char* const point = text + n_whole;
  const size_t n_decimals = *point == '.' ? 1 + strspn(point + 1, "0123456789") : 0;
  *number = (double)strtoul(text, NULL, 10);
  return n_whole && !point[n_decimals];
}

/// Read a number, or a number in quotes; false if it is neither
static bool
parse_rate(const json_t* const value, double* const rate)
{
  if (json_is_string(value)) {
    return parse_digits(json_string_value(value), rate);
  }
  *rate = json_number_value(value);
  return json_is_number(value);
}

Status
decode_rate(const DecodeSource* const source, const json_t* const value, double* const rate)
{
  if (!parse_rate(value, rate)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"samplerate\" should be a number");
  }
  if (!(*rate >= 8000.0 && *rate <= 768000.0)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"samplerate\" should be 8000 to 768000 [Hz]");
  }
  return STATUS_OK;
}

Status
decode_sample_rate(const DecodeSource* const source, const json_t* const root,
                   const double convention, ModelFile* const file)
{
  const json_t* value = json_object_get(root, "samplerate");
  if (decode_is_absent(value)) {
    value = json_object_get(json_object_get(root, "metadata"), "samplerate");
  }
  file->sample_rate_is_assumed = decode_is_absent(value);
  file->sample_rate = convention;
  return decode_is_absent(value) ? STATUS_OK : decode_rate(source, value, &file->sample_rate);
}

void
decode_metadata(const json_t* const metadata, ModelFile* const file)
{
  decode_copy_text(file->name, metadata, "name");
  decode_copy_text(file->author, metadata, "author");
  decode_copy_text(file->gear, metadata, "based");
  decode_copy_text(file->license, metadata, "license");
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Checks the types, sizes and numbers of JSON values, for all formats. Any thread but the audio
// thread.

#include "core/format/read_values.h"

#include "core/file.h"
#include "core/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// With the file and the name of what is learned from it
#define COMMAND "grus-train --teacher %s -o %s --install"
#define COMMAND_SIZE 480U ///< Beside it, the file's name and a sentence fit into a message

Status
decode_fail(const DecodeSource* const source, const Status status, const char* const format, ...)
{
  char text[STATUS_MESSAGE_SIZE];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  return status_fail(source->message, status, "%s: %s%s", source->name, source->part, text);
}

/// Write the command that learns from the file, without its name if that is too long for a line
static void
write_command(const char* const path, char command[COMMAND_SIZE])
{
  char stem[COMMAND_SIZE / 2];
  char file[COMMAND_SIZE / 2];
  char name[COMMAND_SIZE / 2];
  file_stem(path, stem, sizeof(stem));
  const bool is_good =
      text_quote_path(file, sizeof(file), path) && text_quote_path(name, sizeof(name), stem);
  const int n =
      snprintf(command, COMMAND_SIZE, COMMAND, is_good ? file : "FILE", is_good ? name : "NAME");
  if (n < 0 || n >= (int)COMMAND_SIZE) {
    (void)snprintf(command, COMMAND_SIZE, COMMAND, "FILE", "NAME");
  }
}

Status
decode_refuse(const DecodeSource* const source, const uint32_t n_inputs, const char* const format,
              ...)
{
  char text[256];
  char command[COMMAND_SIZE] = "";
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  if (n_inputs == 1) {
    write_command(source->name, command);
  }
  return decode_fail(source, STATUS_UNSUPPORTED, "%s%s%s", text,
                     command[0] ? "; to play it, learn from it: " : "", command);
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
  text_repair(text);
}

void
decode_nam_gear(char* const text, const json_t* const metadata)
{
  const char* const make = decode_text(metadata, "gear_make");
  const char* const model = decode_text(metadata, "gear_model");
  (void)snprintf(text, MODEL_FILE_TEXT_SIZE, "%s%s%s", make, *make && *model ? " " : "", model);
  text_repair(text);
}

uint32_t
decode_last(const json_t* const shape)
{
  const size_t n = json_array_size(shape);
  const json_int_t last = n ? json_integer_value(json_array_get(shape, n - 1)) : 0;
  return last > 0 && last < UINT32_MAX ? (uint32_t)last : 0;
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
  const bool is_flag = json_is_boolean(value) && range.most == 1;
  const json_int_t number = is_flag ? json_is_true(value) : json_integer_value(value);
  if (!(is_flag || json_is_integer(value)) || number < range.least || number > range.most) {
    return decode_fail(source, STATUS_UNSUPPORTED, "\"%s\" should be a whole number, %u to %u",
                       range.key, range.least, range.most);
  }
  *count = (uint32_t)number;
  return STATUS_OK;
}

Status
decode_check_knobs(const DecodeSource* const source, const json_int_t n_inputs)
{
  return n_inputs <= 1 + (json_int_t)PARAMS_MAX_KNOBS
             ? STATUS_OK
             : decode_fail(source, STATUS_UNSUPPORTED,
                           "has %lld knobs; Grus plays models with %u at most",
                           (long long)(n_inputs - 1), PARAMS_MAX_KNOBS);
}

Status
decode_count_or(const DecodeSource* const source, const json_t* const object,
                const DecodeCount range, const uint32_t otherwise, uint32_t* const count)
{
  *count = otherwise;
  return decode_is_absent(json_object_get(object, range.key))
             ? STATUS_OK
             : decode_count(source, object, range, count);
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
decode_check_rows(const DecodeSource* const source, const json_t* const rows,
                  const DecodeBlock block)
{
  if (!json_is_array(rows) || json_array_size(rows) != block.rows) {
    return decode_fail(source, STATUS_BAD_FILE, "%s are %zu x %zu, shape says %u x %u", block.what,
                       json_array_size(rows), json_array_size(json_array_get(rows, 0)), block.rows,
                       block.cols);
  }
  return STATUS_OK;
}

Status
decode_block(const DecodeSource* const source, const json_t* const rows, const DecodeBlock block,
             float* const out)
{
  Status status = decode_check_rows(source, rows, block);
  for (uint32_t r = 0; r < block.rows && !status; ++r) {
    status = decode_row(source, json_array_get(rows, r), block, out + (size_t)r * block.cols);
  }
  return status;
}

/// Read digits, perhaps with a decimal point, in any locale; return what follows, or NULL if there
/// are none
static const char*
parse_decimal(const char* const text, double* const number)
{
  static const char digits[] = "0123456789";
  const char* c = text + strspn(text, digits);
  double place = 0.1;
  if (c == text) {
    return NULL;
  }
  *number = (double)strtoul(text, NULL, 10);
  if (*c == '.') {
    for (++c; *c && strchr(digits, *c); ++c, place *= 0.1) {
      *number += place * (*c - '0');
    }
  }
  return c;
}

/// Read a rate that a person may have written: "48000", "48000 Hz", "44.1kHz", "48k"; false if it
/// is anything else
static bool
parse_written_rate(const char* const text, double* const rate)
{
  double number = 0.0;
  const char* unit = parse_decimal(text + strspn(text, " "), &number);
  if (!unit) {
    return false;
  }
  unit += strspn(unit, " ");
  const bool has_kilo = *unit == 'k' || *unit == 'K';
  unit += has_kilo ? 1 : 0;
  unit += !strncasecmp(unit, "Hz", 2) ? 2 : 0;
  *rate = round(has_kilo ? 1000.0 * number : number);
  return !unit[strspn(unit, " ")];
}

static bool
is_rate(const double rate)
{
  return rate >= MODEL_FILE_MIN_RATE && rate <= MODEL_FILE_MAX_RATE;
}

Status
decode_rate(const DecodeSource* const source, const json_t* const value, double* const rate)
{
  double read = json_number_value(value);
  if (json_is_string(value) ? !parse_written_rate(json_string_value(value), &read)
                            : !json_is_number(value)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"samplerate\" should be a number");
  }
  if (!is_rate(read)) {
    return decode_fail(source, STATUS_BAD_FILE, "\"samplerate\" should be %.0f to %.0f [Hz]",
                       MODEL_FILE_MIN_RATE, MODEL_FILE_MAX_RATE);
  }
  *rate = read;
  return STATUS_OK;
}

/// Return true if a value gives no rate: AIDA-X ignores texts, NAM writes -1 if it doesn't know it
static bool
says_nothing(const json_t* const value)
{
  const double number = json_number_value(value);
  double rate = 0.0;
  if (json_is_string(value)) {
    return !parse_written_rate(json_string_value(value), &rate) || !is_rate(rate);
  }
  return decode_is_absent(value) || (json_is_number(value) && (number == 0.0 || number == -1.0));
}

Status
decode_sample_rate(const DecodeSource* const source, const json_t* const root, double* const rate,
                   bool* const is_assumed)
{
  const json_t* const metadata = json_object_get(root, "metadata");
  const json_t* const data = json_object_get(root, "model_data"); // Where BYOD looks
  const json_t* const places[] = {
      json_object_get(root, "samplerate"), json_object_get(root, "sample_rate"),
      json_object_get(metadata, "samplerate"), json_object_get(data, "sample_rate"),
      json_object_get(data, "samplerate")};
  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); ++i) {
    if (!says_nothing(places[i])) {
      *is_assumed = false;
      return decode_rate(source, places[i], rate);
    }
  }
  *is_assumed = true;
  return STATUS_OK;
}

void
decode_license(char* const text, const json_t* const metadata)
{
  decode_copy_text(text, metadata, *decode_text(metadata, "license") ? "license" : "licence");
}

void
decode_metadata(const json_t* const metadata, ModelFile* const file)
{
  decode_copy_text(file->name, metadata, "name");
  decode_copy_text(file->author, metadata, "author");
  decode_copy_text(file->gear, metadata, "based");
  decode_license(file->license, metadata);
}

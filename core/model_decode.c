// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads the field's JSON. Everything in it is doubted: types, shapes, sizes and values. The gates of
// a GRU stand in Keras' order z, r, n in the file and in ours, r, z, n, in memory; only this file and
// its counterpart model_encode.c know. Those of an LSTM stand as i, f, g, o in both.

#include "core/model_json.h"
#include "core/reference.h"

#include <jansson.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASSUMED_SAMPLE_RATE 48000.0
#define SELF_TEST_MAX_FRAMES 2048U
#define SELF_TEST_TOLERANCE 1e-3
#define NEWEST_VERSION 1

/// Our gate for each of the file's
static const uint32_t gru_gate_of_file[3] = {1, 0, 2};
static const uint32_t lstm_gate_of_file[4] = {0, 1, 2, 3};

/// What is being read, for messages
typedef struct {
  const char* name;
  const char* part; ///< "", or which set of several, such as "set 1: "
  Message* message;
} Source;

/// One matrix of the file
typedef struct {
  const char* what; ///< As it is called in messages
  uint32_t rows;
  uint32_t cols;
} Block;

__attribute__((format(printf, 3, 4))) static Status
fail(const Source* const source, const Status status, const char* const format, ...)
{
  char text[384];
  va_list args;
  va_start(args, format);
  (void)vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  return status_fail(source->message, status, "%.120s: %s%s", source->name, source->part, text);
}

static bool
is_absent(const json_t* const value)
{
  return !value || json_is_null(value);
}

/// Return a member as a string, "" if it is anything else
static const char*
text_of(const json_t* const object, const char* const key)
{
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

static void
copy_text(char* const text, const json_t* const object, const char* const key)
{
  (void)snprintf(text, MODEL_FILE_TEXT_SIZE, "%s", text_of(object, key));
}

/// Read an optional finite number
static Status
read_number(const Source* const source, const json_t* const object, const char* const key,
            double* const number)
{
  const json_t* const value = json_object_get(object, key);
  if (is_absent(value)) {
    return STATUS_OK;
  }
  if (!json_is_number(value)) {
    return fail(source, STATUS_BAD_FILE, "\"%s\" should be a number", key);
  }
  *number = json_number_value(value);
  return STATUS_OK;
}

/// Read an optional level
static Status
read_level(const Source* const source, const json_t* const object, const char* const key,
           ModelFileLevel* const level)
{
  level->is_given = !is_absent(json_object_get(object, key));
  return read_number(source, object, key, &level->value);
}

/// Return the last element of a shape, which is what counts, or 0
static uint32_t
last_of_shape(const json_t* const shape)
{
  const size_t n = json_array_size(shape);
  const json_int_t last = n ? json_integer_value(json_array_get(shape, n - 1)) : 0;
  return last > 0 && last < UINT32_MAX ? (uint32_t)last : 0;
}

static Status
read_value(const Source* const source, const json_t* const value, const Block block,
           float* const out)
{
  if (!json_is_number(value)) {
    return fail(source, STATUS_BAD_FILE, "%s hold something that is not a number", block.what);
  }
  *out = (float)json_number_value(value);
  if (!isfinite(*out)) {
    return fail(source, STATUS_BAD_FILE, "%s hold a number too large for a weight", block.what);
  }
  return STATUS_OK;
}

static Status
read_row(const Source* const source, const json_t* const row, const Block block, float* const out)
{
  if (!json_is_array(row) || json_array_size(row) != block.cols) {
    return fail(source, STATUS_BAD_FILE, "%s have a row of %zu numbers, shape says %u", block.what,
                json_array_size(row), block.cols);
  }
  Status status = STATUS_OK;
  for (uint32_t c = 0; c < block.cols && !status; ++c) {
    status = read_value(source, json_array_get(row, c), block, &out[c]);
  }
  return status;
}

/// Read rows of numbers into `out` (rows, cols)
static Status
read_block(const Source* const source, const json_t* const rows, const Block block,
           float* const out)
{
  if (!json_is_array(rows) || json_array_size(rows) != block.rows) {
    return fail(source, STATUS_BAD_FILE, "%s are %zu x %zu, shape says %u x %u", block.what,
                json_array_size(rows), json_array_size(json_array_get(rows, 0)), block.rows,
                block.cols);
  }
  Status status = STATUS_OK;
  for (uint32_t r = 0; r < block.rows && !status; ++r) {
    status = read_row(source, json_array_get(rows, r), block, out + (size_t)r * block.cols);
  }
  return status;
}

/// The file's (sources, G*H) to our (G*H, sources)
static void
transpose_gates(const float* const from, const ParamsShape shape, const uint32_t n_sources,
                float* const to)
{
  const uint32_t* const gates = shape.cell == CELL_LSTM ? lstm_gate_of_file : gru_gate_of_file;
  const uint32_t cols = params_n_gates(shape.cell) * shape.hidden_size;
  for (uint32_t s = 0; s < n_sources; ++s) {
    for (uint32_t c = 0; c < cols; ++c) {
      const uint32_t row = gates[c / shape.hidden_size] * shape.hidden_size + c % shape.hidden_size;
      to[(size_t)row * n_sources + s] = from[(size_t)s * cols + c];
    }
  }
}

/// Read one array of gate columns into a tensor
static Status
read_gates(const Source* const source, const json_t* const rows, const Block block,
           const ParamsShape shape, float* const tensor)
{
  float* const scratch = (float*)calloc((size_t)block.rows * block.cols, sizeof(float));
  if (!scratch) {
    return fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = read_block(source, rows, block, scratch);
  if (!status) {
    transpose_gates(scratch, shape, block.rows, tensor);
  }
  free(scratch);
  return status;
}

/// Bias is [G*H]; for reset-after [2][3H]: input bias, recurrent bias
static Status
read_biases(const Source* const source, const json_t* const bias, const Params* const params)
{
  const ParamsShape s = params->shape;
  const uint32_t cols = params_n_gates(s.cell) * s.hidden_size;
  if (s.cell != CELL_GRU_RESET_AFTER) {
    json_t* const rows = json_pack("[O]", bias);
    const Status status = rows ? read_gates(source, rows, (Block){"layer 0: biases", 1, cols}, s,
                                            params_values(params, PARAMS_B_I))
                               : fail(source, STATUS_NO_MEMORY, "out of memory");
    json_decref(rows);
    return status;
  }
  float both[2 * 3 * PARAMS_MAX_HIDDEN_SIZE];
  const Status status = read_block(source, bias, (Block){"layer 0: biases", 2, cols}, both);
  if (!status) {
    transpose_gates(both, s, 1, params_values(params, PARAMS_B_I));
    transpose_gates(both + cols, s, 1, params_values(params, PARAMS_B_H));
  }
  return status;
}

static Status
read_recurrent_layer(const Source* const source, const json_t* const weights,
                     const Params* const params)
{
  const ParamsShape s = params->shape;
  const uint32_t cols = params_n_gates(s.cell) * s.hidden_size;
  Status status = STATUS_OK;
  if (json_array_size(weights) != 3) {
    return fail(source, STATUS_BAD_FILE,
                "layer 0: a recurrent layer has 3 arrays of weights, not %zu",
                json_array_size(weights));
  }
  status = read_gates(source, json_array_get(weights, 0),
                      (Block){"layer 0: input weights", s.n_inputs, cols}, s,
                      params_values(params, PARAMS_W_I));
  if (!status) {
    status = read_gates(source, json_array_get(weights, 1),
                        (Block){"layer 0: recurrent weights", s.hidden_size, cols}, s,
                        params_values(params, PARAMS_W_H));
  }
  return status ? status : read_biases(source, json_array_get(weights, 2), params);
}

static Status
read_head(const Source* const source, const json_t* const weights, const Params* const params)
{
  if (json_array_size(weights) != 2) {
    return fail(source, STATUS_BAD_FILE, "layer 1: a dense layer has 2 arrays of weights, not %zu",
                json_array_size(weights));
  }
  const Block kernel = {"layer 1: weights", params->shape.hidden_size, 1};
  const Status status =
      read_block(source, json_array_get(weights, 0), kernel, params_values(params, PARAMS_W_O));
  return status ? status
                : read_row(source, json_array_get(weights, 1), (Block){"layer 1: biases", 1, 1},
                           params_values(params, PARAMS_B_O));
}

/// Fail unless layer `index` is of one of the two types and has no activation of its own
static Status
check_layer(const Source* const source, const json_t* const layer, const size_t index,
            const char* const types[2])
{
  const char* const type = text_of(layer, "type");
  const char* const activation = text_of(layer, "activation");
  if (!json_is_object(layer) || !*type) {
    return fail(source, STATUS_BAD_FILE, "layer %zu should be an object with a \"type\"", index);
  }
  if (strcmp(type, types[0]) != 0 && strcmp(type, types[1]) != 0) {
    return fail(source, STATUS_UNSUPPORTED,
                "layer %zu is of type \"%.40s\"; Grus plays one \"gru\" or \"lstm\" layer and one "
                "\"dense\"",
                index, type);
  }
  if (*activation) {
    return fail(source, STATUS_UNSUPPORTED, "layer %zu has activation \"%.40s\", expected none",
                index, activation);
  }
  return STATUS_OK;
}

static Status
check_layers(const Source* const source, const json_t* const layers)
{
  static const char* const recurrent[2] = {"gru", "lstm"};
  static const char* const head[2] = {"dense", "time-distributed-dense"};
  if (json_array_size(layers) != 2) {
    const char* const first = text_of(json_array_get(layers, 0), "type");
    return fail(
        source, STATUS_UNSUPPORTED,
        "has %zu layers, beginning with \"%.40s\"; Grus plays one \"gru\" or \"lstm\" layer and "
        "one \"dense\"",
        json_array_size(layers), first);
  }
  const Status status = check_layer(source, json_array_get(layers, 0), 0, recurrent);
  return status ? status : check_layer(source, json_array_get(layers, 1), 1, head);
}

/// Reset-before is told by "reset_after": false, and by its single row of biases
static Status
read_cell(const Source* const source, const json_t* const gru, CellType* const cell)
{
  if (!strcmp(text_of(gru, "type"), "lstm")) {
    *cell = CELL_LSTM;
    return STATUS_OK;
  }
  const json_t* const flag = json_object_get(gru, "reset_after");
  if (!is_absent(flag) && !json_is_boolean(flag)) {
    return fail(source, STATUS_BAD_FILE, "layer 0: \"reset_after\" should be true or false");
  }
  const json_t* const bias = json_array_get(json_object_get(gru, "weights"), 2);
  const bool before = json_is_number(json_array_get(bias, 0));
  if (!is_absent(flag) && json_is_true(flag) == before) {
    return fail(source, STATUS_BAD_FILE,
                "layer 0: \"reset_after\" is %s, but the biases have %s of numbers",
                before ? "true" : "false", before ? "one row" : "rows");
  }
  *cell = before ? CELL_GRU_RESET_BEFORE : CELL_GRU_RESET_AFTER;
  return STATUS_OK;
}

static Status
read_skip(const Source* const source, const json_t* const root, bool* const skip)
{
  double number = 0.0;
  const Status status = read_number(source, root, "in_skip", &number);
  if (!status && number != 0.0 && number != 1.0) {
    return fail(source, STATUS_UNSUPPORTED, "\"in_skip\" is %g, should be 0 or 1", number);
  }
  *skip = number != 0.0;
  return status;
}

/// What of a shape stands outside the layers
static Status
read_inputs(const Source* const source, const json_t* const root, ParamsShape* const shape)
{
  shape->n_inputs = last_of_shape(json_object_get(root, "in_shape"));
  if (shape->n_inputs < 1 || shape->n_inputs > 1 + PARAMS_MAX_KNOBS) {
    return fail(source, STATUS_BAD_FILE, "\"in_shape\" should end in 1 (audio) to %u (knobs)",
                1 + PARAMS_MAX_KNOBS);
  }
  return read_skip(source, root, &shape->skip);
}

/// What of a shape stands in the recurrent layer
static Status
read_units(const Source* const source, const json_t* const gru, ParamsShape* const shape)
{
  shape->hidden_size = last_of_shape(json_object_get(gru, "shape"));
  if (shape->hidden_size < 1 || shape->hidden_size > PARAMS_MAX_HIDDEN_SIZE) {
    return fail(source, STATUS_BAD_FILE,
                "layer 0: \"shape\" should end in a hidden size of 1 to %u",
                PARAMS_MAX_HIDDEN_SIZE);
  }
  return read_cell(source, gru, &shape->cell);
}

/// Read layers into `params`, whose inputs and skip connection are `outside`
static Status
read_network(const Source* const source, const json_t* const layers, const ParamsShape outside,
             Params* const params)
{
  ParamsShape shape = outside;
  Status status = check_layers(source, layers);
  if (status || (status = read_units(source, json_array_get(layers, 0), &shape))) {
    return status;
  }
  if (last_of_shape(json_object_get(json_array_get(layers, 1), "shape")) != 1) {
    return fail(source, STATUS_UNSUPPORTED, "layer 1: \"shape\" should end in 1, one output");
  }
  if (params_init(params, shape)) {
    return fail(source, STATUS_NO_MEMORY, "out of memory");
  }
  status =
      read_recurrent_layer(source, json_object_get(json_array_get(layers, 0), "weights"), params);
  return status ? status
                : read_head(source, json_object_get(json_array_get(layers, 1), "weights"), params);
}

/// A rate is a number or a number in quotes
static Status
rate_of(const Source* const source, const json_t* const value, double* const rate)
{
  char* end = NULL;
  *rate = json_is_string(value) ? (double)strtoul(json_string_value(value), &end, 10)
                                : json_number_value(value);
  if (!(*rate >= 8000.0 && *rate <= 768000.0) || (end && *end && *end != '.')) {
    return fail(source, STATUS_BAD_FILE, "\"samplerate\" should be 8000 to 768000 [Hz]");
  }
  return STATUS_OK;
}

/// The top level wins over the metadata
static Status
read_sample_rate(const Source* const source, const json_t* const root, ModelFile* const file)
{
  const json_t* value = json_object_get(root, "samplerate");
  if (is_absent(value)) {
    value = json_object_get(json_object_get(root, "metadata"), "samplerate");
  }
  file->sample_rate_is_assumed = is_absent(value);
  file->sample_rate = ASSUMED_SAMPLE_RATE;
  return is_absent(value) ? STATUS_OK : rate_of(source, value, &file->sample_rate);
}

static Status
read_record(const Source* const source, const json_t* const record, ModelRecord* const r)
{
  Status status = STATUS_OK;
  if (!is_absent(record) && !json_is_object(record)) {
    return fail(source, STATUS_BAD_FILE, "\"record\" should be an object");
  }
  if ((status = read_number(source, record, "esr", &r->esr)) ||
      (status = read_number(source, record, "esr_pre_emphasis", &r->esr_pre_emphasis)) ||
      (status = read_number(source, record, "esr_a_weighted", &r->esr_a_weighted)) ||
      (status = read_number(source, record, "esr_worst", &r->esr_worst)) ||
      (status = read_number(source, record, "seconds", &r->seconds)) ||
      (status = read_number(source, record, "updates", &r->updates))) {
    return status;
  }
  return read_number(source, record, "seed", &r->seed);
}

static Status
read_knobs(const Source* const source, const json_t* const knobs, ModelFile* const file)
{
  const size_t n_knobs = file->params.shape.n_inputs - 1;
  if (is_absent(knobs)) {
    return STATUS_OK;
  }
  if (!json_is_array(knobs) || json_array_size(knobs) != n_knobs) {
    return fail(source, STATUS_BAD_FILE, "\"knobs\" should name the model's %zu knobs", n_knobs);
  }
  for (size_t k = 0; k < n_knobs; ++k) {
    const char* const knob = json_string_value(json_array_get(knobs, k));
    (void)snprintf(file->knobs[k], MODEL_FILE_TEXT_SIZE, "%s", knob ? knob : "");
  }
  return STATUS_OK;
}

/// Return the largest error of the network on the file's own test signal, or a negative number if
/// it could not be computed
static double
self_test_error(const Params* const params, const float* const x, const float* const y,
                const uint32_t n)
{
  double state[PARAMS_MAX_STATE] = {0};
  double out[SELF_TEST_MAX_FRAMES];
  double largest = 0.0;
  if (reference_run(params, NULL, state, x, out, n)) {
    return -1.0;
  }
  for (uint32_t t = 0; t < n; ++t) {
    const double error = fabs(out[t] - (double)y[t]);
    if (error > largest) { // fmax() here breaks GCC 12 for aarch64
      largest = error;
    }
  }
  return largest;
}

/// Play the test signal in `object`; a mismatch is told, unless another was, never mended
static Status
self_test(const Source* const source, const json_t* const object, const Params* const params,
          Message* const warning)
{
  const json_t* const in = json_object_get(object, "input_batch");
  const json_t* const out = json_object_get(object, "output_batch");
  float x[SELF_TEST_MAX_FRAMES];
  float y[SELF_TEST_MAX_FRAMES];
  if (is_absent(in) && is_absent(out)) {
    return STATUS_OK;
  }
  const size_t n = json_array_size(in);
  if (!n || n > SELF_TEST_MAX_FRAMES || json_array_size(out) != n) {
    return fail(source, STATUS_BAD_FILE,
                "\"input_batch\" and \"output_batch\" should be arrays of 1 to %u numbers",
                SELF_TEST_MAX_FRAMES);
  }
  Status status = read_row(source, in, (Block){"the test's inputs", 1, (uint32_t)n}, x);
  if (status ||
      (status = read_row(source, out, (Block){"the test's outputs", 1, (uint32_t)n}, y))) {
    return status;
  }
  if (params->shape.n_inputs == 1 && !warning->text[0]) {
    const double error = self_test_error(params, x, y, (uint32_t)n);
    if (error > SELF_TEST_TOLERANCE) {
      (void)status_fail(warning, STATUS_OK,
                        "%.120s: %splays its own test signal with an error of %.3g; the program "
                        "that wrote it may have mixed up gates or biases",
                        source->name, source->part, error);
    }
  }
  return STATUS_OK;
}

static bool
has_set_for(const ModelFile* const file, const double rate)
{
  bool is_found = file->sample_rate == rate;
  for (uint32_t i = 0; i < file->n_others; ++i) {
    is_found = is_found || file->others[i].sample_rate == rate;
  }
  return is_found;
}

/// Fail unless a set is one more of the same shape
static Status
check_set(const Source* const source, const ModelSet* const set, const ModelFile* const file)
{
  const ParamsShape is = set->params.shape;
  const ParamsShape main = file->params.shape;
  if (!params_shapes_are_equal(is, main)) {
    return fail(
        source, STATUS_BAD_FILE,
        "is of cell %s with hidden size %u, the main set of %s with %u; all should be alike",
        params_cell_name(is.cell), is.hidden_size, params_cell_name(main.cell), main.hidden_size);
  }
  return STATUS_OK;
}

/// Read one set for another rate; what is allocated is the file's at once
static Status
read_set(const Source* const source, const json_t* const object, ModelFile* const file)
{
  ModelSet* const set = &file->others[file->n_others];
  if (!json_is_object(object)) {
    return fail(source, STATUS_BAD_FILE, "should be an object");
  }
  Status status = rate_of(source, json_object_get(object, "samplerate"), &set->sample_rate);
  if (!status && has_set_for(file, set->sample_rate)) {
    return fail(source, STATUS_BAD_FILE, "is for %g Hz, as another set is; each has its own rate",
                set->sample_rate);
  }
  if (status ||
      (status = read_network(source, json_object_get(object, "layers"), file->params.shape,
                             &set->params)) ||
      (status = check_set(source, set, file)) ||
      (status = read_record(source, json_object_get(object, "record"), &set->record)) ||
      (status = self_test(source, object, &set->params, &file->warning))) {
    return status;
  }
  ++file->n_others;
  return STATUS_OK;
}

static Status
read_sets(const Source* const source, const json_t* const sets, ModelFile* const file)
{
  Status status = STATUS_OK;
  if (is_absent(sets)) {
    return STATUS_OK;
  }
  if (!json_is_array(sets) || json_array_size(sets) > MODEL_FILE_MAX_SETS - 1) {
    return fail(source, STATUS_BAD_FILE,
                "\"sets\" should be an array of at most %u, for rates other than the main set's",
                MODEL_FILE_MAX_SETS - 1);
  }
  for (size_t i = 0; i < json_array_size(sets) && !status; ++i) {
    char part[32];
    (void)snprintf(part, sizeof(part), "set %zu: ", i + 1);
    const Source set = {source->name, part, source->message};
    status = read_set(&set, json_array_get(sets, i), file);
  }
  return status;
}

/// The `grus` object: what the field's format can't say
static Status
read_extension(const Source* const source, const json_t* const grus, ModelFile* const file)
{
  if (is_absent(grus)) {
    return STATUS_OK;
  }
  double version = 0.0;
  if (!json_is_object(grus)) {
    return fail(source, STATUS_BAD_FILE, "\"grus\" should be an object");
  }
  Status status = read_number(source, grus, "version", &version);
  if (!status && (version < 1.0 || version > NEWEST_VERSION)) {
    return fail(source, STATUS_UNSUPPORTED, "version %g of the file is not known, only up to %d",
                version, NEWEST_VERSION);
  }
  const char* const cell = text_of(grus, "cell");
  if (!status && *cell && strcmp(cell, params_cell_name(file->params.shape.cell)) != 0) {
    return fail(source, STATUS_BAD_FILE, "\"cell\" is \"%.40s\", but the layer is %s", cell,
                params_cell_name(file->params.shape.cell));
  }
  if (status || (status = read_knobs(source, json_object_get(grus, "knobs"), file))) {
    return status;
  }
  if ((status = read_level(source, grus, "loudness", &file->loudness)) ||
      (status = read_level(source, grus, "input_level_dbu", &file->input_dbu)) ||
      (status = read_level(source, grus, "output_level_dbu", &file->output_dbu))) {
    return status;
  }
  status = read_record(source, json_object_get(grus, "record"), &file->record);
  return status ? status : read_sets(source, json_object_get(grus, "sets"), file);
}

static void
read_metadata(const json_t* const metadata, ModelFile* const file)
{
  copy_text(file->name, metadata, "name");
  copy_text(file->author, metadata, "author");
  copy_text(file->gear, metadata, "based");
  copy_text(file->license, metadata, "license");
}

/// Refuse other formats by name, and say what to do
static Status
check_format(const Source* const source, const json_t* const root)
{
  if (json_object_get(root, "layers") && json_object_get(root, "in_shape")) {
    return STATUS_OK;
  }
  if (json_object_get(root, "architecture")) {
    return fail(source, STATUS_UNSUPPORTED,
                "is a NAM model (%.40s); play it in a NAM player, or train a Grus model from the "
                "recordings it was made with",
                text_of(root, "architecture"));
  }
  if (json_object_get(root, "model_data")) {
    return fail(source, STATUS_UNSUPPORTED,
                "is a GuitarML model; export it as AIDA-X or RTNeural JSON to play it here");
  }
  return fail(source, STATUS_BAD_FILE, "is not a model file: expected \"layers\" and \"in_shape\"");
}

static Status
read_root(const Source* const source, const json_t* const root, ModelFile* const file)
{
  ParamsShape shape = {CELL_GRU_RESET_AFTER, 0, 0, false};
  Status status = check_format(source, root);
  if (status || (status = read_inputs(source, root, &shape)) ||
      (status = read_network(source, json_object_get(root, "layers"), shape, &file->params)) ||
      (status = read_number(source, root, "in_gain", &file->input_gain_db)) ||
      (status = read_number(source, root, "out_gain", &file->output_gain_db)) ||
      (status = read_sample_rate(source, root, file)) ||
      (status = self_test(source, root, &file->params, &file->warning)) ||
      (status = read_extension(source, json_object_get(root, "grus"), file))) {
    return status;
  }
  read_metadata(json_object_get(root, "metadata"), file);
  return STATUS_OK;
}

Status
model_json_decode(const char* const text, const size_t size, const char* const name,
                  ModelFile* const file, Message* const message)
{
  const Source source = {name, "", message};
  json_error_t error;
  json_t* const root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
  if (!root) {
    return fail(&source, STATUS_BAD_FILE, "line %d, column %d: %s; expected a model in JSON",
                error.line, error.column, error.text);
  }
  ModelFile read = {0};
  const Status status = read_root(&source, root, &read);
  if (status) {
    model_file_clear(&read);
  } else {
    *file = read;
  }
  json_decref(root);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do other programs' model files sound here as they do there, and are those that can't be played
// refused with the reason?

#include "tests/fixtures.h"

#include "core/format/model_file_io.h"
#include "core/random.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_FRAMES 500U

/// The cell as PyTorch's manual defines it; shares no code with core
typedef struct {
  uint32_t n_gates; ///< 3, GRU, or 4, LSTM
  uint32_t n_inputs;
  uint32_t hidden_size;
  double w_ih[4 * 16][16];
  double w_hh[4 * 16][16];
  double b_ih[4 * 16];
  double b_hh[4 * 16];
  double w_o[16];
  double b_o;
  bool skip;
} Torch;

/// Random weights, rounded to floats so that files keep them
static Torch
torch_new(const uint32_t n_gates, const uint32_t n_inputs, const uint32_t hidden_size)
{
  Torch t = {.n_gates = n_gates, .n_inputs = n_inputs, .hidden_size = hidden_size};
  Random random = random_for(n_gates * 100 + hidden_size + 7 * n_inputs, 5);
  double* const groups[] = {&t.w_ih[0][0], &t.w_hh[0][0], t.b_ih, t.b_hh, t.w_o, &t.b_o};
  const size_t counts[] = {sizeof(t.w_ih), sizeof(t.w_hh), sizeof(t.b_ih),
                           sizeof(t.b_hh), sizeof(t.w_o),  sizeof(t.b_o)};
  for (size_t g = 0; g < 6; ++g) {
    for (size_t i = 0; i < counts[g] / sizeof(double); ++i) {
      groups[g][i] = (double)(float)random_between(&random, -0.7, 0.7);
    }
  }
  return t;
}

static double
sigmoid_of(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

/// W_ih x + b_ih, or W_hh h + b_hh
static double
affine_of(const double* const w, const double* const v, const uint32_t n, const double b)
{
  double sum = b;
  for (uint32_t i = 0; i < n; ++i) {
    sum += w[i] * v[i];
  }
  return sum;
}

/// One sample, with h in state[0..15] and c in state[16..31]
static double
torch_step(const Torch* const t, const double* const x, double state[32])
{
  double i_part[4][16];
  double h_part[4][16];
  for (uint32_t row = 0; row < t->n_gates * t->hidden_size; ++row) {
    const uint32_t gate = row / t->hidden_size;
    const uint32_t unit = row % t->hidden_size;
    i_part[gate][unit] = affine_of(t->w_ih[row], x, t->n_inputs, t->b_ih[row]);
    h_part[gate][unit] = affine_of(t->w_hh[row], state, t->hidden_size, t->b_hh[row]);
  }
  double y = t->b_o + (t->skip ? x[0] : 0.0);
  for (uint32_t u = 0; u < t->hidden_size; ++u) {
    if (t->n_gates == 3) {
      const double r = sigmoid_of(i_part[0][u] + h_part[0][u]);
      const double z = sigmoid_of(i_part[1][u] + h_part[1][u]);
      const double n = tanh(i_part[2][u] + r * h_part[2][u]);
      state[u] = (1.0 - z) * n + z * state[u];
    } else {
      const double i = sigmoid_of(i_part[0][u] + h_part[0][u]);
      const double f = sigmoid_of(i_part[1][u] + h_part[1][u]);
      const double g = tanh(i_part[2][u] + h_part[2][u]);
      state[16 + u] = f * state[16 + u] + i * g;
      state[u] = sigmoid_of(i_part[3][u] + h_part[3][u]) * tanh(state[16 + u]);
    }
    y += t->w_o[u] * state[u];
  }
  return y;
}

static json_t*
json_numbers(const double* const values, const size_t n)
{
  json_t* const array = json_array();
  for (size_t i = 0; i < n; ++i) {
    (void)json_array_append_new(array, json_real(values[i]));
  }
  return array;
}

static json_t*
rows_of(const double* const values, const size_t rows, const size_t cols, const size_t stride)
{
  json_t* const array = json_array();
  for (size_t r = 0; r < rows; ++r) {
    (void)json_array_append_new(array, json_numbers(values + r * stride, cols));
  }
  return array;
}

static json_t*
guitarml_of(const Torch* const t)
{
  const size_t rows = (size_t)t->n_gates * t->hidden_size;
  return json_pack(
      "{s:{s:s, s:i, s:i, s:i, s:s, s:i, s:i, s:b}, s:{s:o, s:o, s:o, s:o, s:[o], s:[f]}}",
      "model_data", "model", "SimpleRNN", "input_size", (int)t->n_inputs, "skip", (int)t->skip,
      "output_size", 1, "unit_type", t->n_gates == 3 ? "GRU" : "LSTM", "num_layers", 1,
      "hidden_size", (int)t->hidden_size, "bias_fl", 1, "state_dict", "rec.weight_ih_l0",
      rows_of(&t->w_ih[0][0], rows, t->n_inputs, 16), "rec.weight_hh_l0",
      rows_of(&t->w_hh[0][0], rows, t->hidden_size, 16), "rec.bias_ih_l0",
      json_numbers(t->b_ih, rows), "rec.bias_hh_l0", json_numbers(t->b_hh, rows), "lin.weight",
      json_numbers(t->w_o, t->hidden_size), "lin.bias", t->b_o);
}

/// NAM has only the input's bias, and an initial state, here far away
static json_t*
nam_gates_of(const Torch* const t)
{
  json_t* const weights = json_array();
  const double away[32] = {3.0, -2.0, 4.0};
  for (uint32_t row = 0; row < 4 * t->hidden_size; ++row) {
    json_t* const w_ih = json_numbers(t->w_ih[row], t->n_inputs);
    json_t* const w_hh = json_numbers(t->w_hh[row], t->hidden_size);
    (void)json_array_extend(weights, w_ih);
    (void)json_array_extend(weights, w_hh);
    json_decref(w_ih);
    json_decref(w_hh);
  }
  const double* const groups[] = {t->b_ih, away};
  const size_t counts[] = {4 * t->hidden_size, 2 * t->hidden_size};
  for (size_t g = 0; g < 2; ++g) {
    json_t* const group = json_numbers(groups[g], counts[g]);
    (void)json_array_extend(weights, group);
    json_decref(group);
  }
  return weights;
}

/// A file with these weights of its layers, and the head of the last
static json_t*
nam_with(const Torch* const last, const uint32_t n_layers, json_t* const weights)
{
  json_t* const head = json_numbers(last->w_o, last->hidden_size);
  (void)json_array_extend(weights, head);
  json_decref(head);
  (void)json_array_append_new(weights, json_real(last->b_o));
  return json_pack("{s:s, s:s, s:{s:i, s:i, s:i}, s:o, s:i}", "version", "0.5.4", "architecture",
                   "LSTM", "config", "input_size", 1, "hidden_size", (int)last->hidden_size,
                   "num_layers", (int)n_layers, "weights", weights, "sample_rate", 48000);
}

static json_t*
nam_of(const Torch* const t)
{
  return nam_with(t, 1, nam_gates_of(t));
}

static Torch
nam_torch(const uint32_t hidden_size)
{
  Torch t = torch_new(4, 1, hidden_size);
  memset(t.b_hh, 0, sizeof(t.b_hh));
  return t;
}

/// Read a model from JSON, which is freed
static Status
parse_json(json_t* const root, ModelFile* const file, Message* const message)
{
  char* const text = json_dumps(root, JSON_REAL_PRECISION(9));
  const Status status = model_file_parse(text, strlen(text), "plexi", file, message);
  free(text);
  json_decref(root);
  return status;
}

/// Check that a file plays what PyTorch's equations play, from the same zero state
static void
check_sound(const Torch* const t, json_t* const root)
{
  ModelFile file = {0};
  Message message = {""};
  const double knobs[PARAMS_MAX_KNOBS] = {0.2, 0.9, 0.4, 0.6};
  double theirs_state[32] = {0.0};
  double state[PARAMS_MAX_STATE] = {0.0};
  float in[N_FRAMES];
  double out[N_FRAMES];
  if (parse_json(root, &file, &message)) {
    fail_msg("%s", message.text);
  }
  fixture_sine(in, N_FRAMES, 220.0, 0.5, 48000.0);
  assert_int_equal(reference_run(&file.params, knobs, state, in, out, N_FRAMES), STATUS_OK);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double x[5] = {(double)in[i], knobs[0], knobs[1], knobs[2], knobs[3]};
    check_near(out[i], torch_step(t, x, theirs_state), 1e-6);
  }
  model_file_clear(&file);
}

#define MAX_LAYERS 3U

/// Recurrent layers in a row, perhaps behind a dense one; only the last has a head
typedef struct {
  uint32_t n_inputs;
  uint32_t n_layers;
  Torch layers[MAX_LAYERS];
  uint32_t n_dense; ///< Outputs of a dense layer; 0: there is none
  double kernel[5][16];
  double bias[16];
} Stack;

static Stack
stack_new(const uint32_t n_layers, const uint32_t n_inputs, const uint32_t hidden_size)
{
  Stack s = {.n_inputs = n_inputs, .n_layers = n_layers};
  for (uint32_t k = 0; k < n_layers; ++k) {
    s.layers[k] = torch_new(4, k ? hidden_size : n_inputs, hidden_size);
    memset(s.layers[k].b_hh, 0, sizeof(s.layers[k].b_hh)); // NAM and RTNeural have one bias
    s.layers[k].b_ih[0] += 0.1 * k;
  }
  return s;
}

/// A GRU, or LSTMs, behind a dense layer
static Stack
stack_behind_dense(const uint32_t n_gates, const uint32_t n_layers, const uint32_t n_inputs,
                   const uint32_t n_dense)
{
  Stack s = stack_new(n_layers, n_dense, 4);
  Random random = random_for(n_dense, 6);
  s.n_inputs = n_inputs;
  s.n_dense = n_dense;
  for (uint32_t d = 0; d < n_dense; ++d) {
    s.bias[d] = (double)(float)random_between(&random, -0.7, 0.7);
    for (uint32_t i = 0; i < n_inputs; ++i) {
      s.kernel[i][d] = (double)(float)random_between(&random, -0.7, 0.7);
    }
  }
  if (n_gates == 3) {
    s.layers[0] = torch_new(3, n_dense, 4);
  }
  return s;
}

static double
stack_step(const Stack* const s, const double* const x, double states[MAX_LAYERS][32])
{
  double dense[16];
  for (uint32_t d = 0; d < s->n_dense; ++d) {
    dense[d] = s->bias[d];
    for (uint32_t i = 0; i < s->n_inputs; ++i) {
      dense[d] += s->kernel[i][d] * x[i];
    }
  }
  double y = torch_step(&s->layers[0], s->n_dense ? dense : x, states[0]);
  for (uint32_t k = 1; k < s->n_layers; ++k) {
    double below[32];
    memcpy(below, states[k - 1], sizeof(below));
    y = torch_step(&s->layers[k], below, states[k]);
  }
  return y;
}

/// Add the layers above the first to the file of the first
static json_t*
guitarml_of_stack(const Stack* const s)
{
  const Torch* const last = &s->layers[s->n_layers - 1];
  json_t* const root = guitarml_of(&s->layers[0]);
  json_t* const dict = json_object_get(root, "state_dict");
  for (uint32_t k = 1; k < s->n_layers; ++k) {
    const json_t* const other = guitarml_of(&s->layers[k]);
    const char* key = NULL;
    json_t* value = NULL;
    json_object_foreach(json_object_get(other, "state_dict"), key, value)
    {
      char name[64];
      (void)snprintf(name, sizeof(name), "%s", key);
      if (!strncmp(name, "rec.", 4)) {
        name[strlen(name) - 1] = (char)('0' + k);
      }
      (void)json_object_set(dict, name, value);
    }
    json_decref((json_t*)other);
  }
  (void)json_object_set_new(json_object_get(root, "model_data"), "num_layers",
                            json_integer((json_int_t)s->n_layers));
  (void)json_object_set_new(dict, "lin.bias", json_pack("[f]", last->b_o));
  return root;
}

/// Return columns (n, 4 H) of what PyTorch has as rows
static json_t*
columns_of(const double* const values, const size_t rows, const size_t cols)
{
  json_t* const array = json_array();
  for (size_t c = 0; c < cols; ++c) {
    json_t* const column = json_array();
    for (size_t r = 0; r < rows; ++r) {
      (void)json_array_append_new(column, json_real(values[r * 16 + c]));
    }
    (void)json_array_append_new(array, column);
  }
  return array;
}

/// Return the layer with gates in the order of Keras: z, r, n of a GRU
static Torch
keras_of(const Torch* const t)
{
  Torch keras = *t;
  const uint32_t h = t->hidden_size;
  for (uint32_t row = 0; row < 2 * h && t->n_gates == 3; ++row) {
    const uint32_t from = row < h ? row + h : row - h;
    memcpy(keras.w_ih[row], t->w_ih[from], sizeof(keras.w_ih[row]));
    memcpy(keras.w_hh[row], t->w_hh[from], sizeof(keras.w_hh[row]));
    keras.b_ih[row] = t->b_ih[from];
    keras.b_hh[row] = t->b_hh[from];
  }
  return keras;
}

static json_t*
rtneural_layer_of(const Torch* const torch)
{
  const Torch t = keras_of(torch);
  const size_t rows = (size_t)t.n_gates * t.hidden_size;
  json_t* const bias = json_numbers(t.b_ih, rows);
  return json_pack("{s:s, s:s, s:[n, n, i], s:[o, o, o]}", "type", t.n_gates == 3 ? "gru" : "lstm",
                   "activation", "tanh", "shape", (int)t.hidden_size, "weights",
                   columns_of(&t.w_ih[0][0], rows, t.n_inputs),
                   columns_of(&t.w_hh[0][0], rows, t.hidden_size),
                   t.n_gates == 3 ? json_pack("[o, o]", bias, json_numbers(t.b_hh, rows)) : bias);
}

static json_t*
rtneural_of_stack(const Stack* const s)
{
  json_t* const layers = json_array();
  const Torch* const last = &s->layers[s->n_layers - 1];
  const int size = (int)last->hidden_size;
  json_t* const kernel = json_array();
  if (s->n_dense) {
    (void)json_array_append_new(
        layers, json_pack("{s:s, s:n, s:[n, n, i], s:[o, o]}", "type", "time-distributed-dense",
                          "activation", "shape", (int)s->n_dense, "weights",
                          rows_of(&s->kernel[0][0], s->n_inputs, s->n_dense, 16),
                          json_numbers(s->bias, s->n_dense)));
  }
  for (uint32_t k = 0; k < s->n_layers; ++k) {
    (void)json_array_append_new(layers, rtneural_layer_of(&s->layers[k]));
  }
  for (int i = 0; i < size; ++i) {
    (void)json_array_append_new(kernel, json_pack("[f]", last->w_o[i]));
  }
  (void)json_array_append_new(layers, json_pack("{s:s, s:s, s:[n, n, i], s:[o, [f]]}", "type",
                                                "dense", "activation", "linear", "shape", 1,
                                                "weights", kernel, last->b_o));
  return json_pack("{s:[n, n, i], s:i, s:o}", "in_shape", (int)s->n_inputs, "samplerate", 48000,
                   "layers", layers);
}

/// Add a test signal, and what the equations answer from zero state
static json_t*
add_test(json_t* const root, const Stack* const s, const uint32_t n)
{
  double states[MAX_LAYERS][32] = {{0.0}};
  json_t* const in = json_array();
  json_t* const out = json_array();
  for (uint32_t i = 0; i < n; ++i) {
    const double x = sin(0.3 * i);
    (void)json_array_append_new(in, json_real(x));
    (void)json_array_append_new(out, json_real(stack_step(s, &x, states)));
  }
  (void)json_object_set_new(root, "input_batch", in);
  (void)json_object_set_new(root, "output_batch", out);
  return root;
}

static json_t*
nam_of_stack(const Stack* const s)
{
  json_t* const weights = json_array();
  for (uint32_t k = 0; k < s->n_layers; ++k) {
    const Torch* const t = &s->layers[k];
    json_t* const rest = nam_gates_of(t);
    (void)json_array_extend(weights, rest);
    json_decref(rest);
  }
  return nam_with(&s->layers[s->n_layers - 1], s->n_layers, weights);
}

/// Check that a file plays, after long silence and its latency, what the equations do
static void
check_stack(const Stack* const s, json_t* const root)
{
  const double knobs[PARAMS_MAX_KNOBS] = {0.5, 0.5, 0.5, 0.5};
  double states[MAX_LAYERS][32] = {{0.0}};
  double x[5] = {0.0, knobs[0], knobs[1], knobs[2], knobs[3]};
  ModelFile file = {0};
  Model* model = NULL;
  Message message = {""};
  float sound[N_FRAMES];
  float expected[N_FRAMES];
  if (parse_json(root, &file, &message)) {
    fail_msg("%s", message.text);
  }
  for (uint32_t i = 0; i < 20000; ++i) {
    (void)stack_step(s, x, states);
  }
  fixture_sine(sound, N_FRAMES, 220.0, 0.5, file.sample_rate);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    x[0] = (double)sound[i];
    expected[i] = (float)stack_step(s, x, states);
  }
  assert_int_equal(model_new(&file, (ModelUse){file.sample_rate, 1, 1}, &model), STATUS_OK);
  assert_string_equal(file.warning.text, "");
  assert_int_equal(file.lag, s->n_layers - 1);
  assert_int_equal(model_latency(model), s->n_layers - 1);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, N_FRAMES);
  check_below(fixture_difference(sound + file.lag, expected, N_FRAMES - file.lag), 1e-5);
  model_free(model);
  model_file_clear(&file);
}

static void
lstms_of_several_layers_sound_as_their_equations(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 9; ++k) {
    const Stack s = stack_new(1 + k % 3, 1, 1 + 2 * k % 11);
    const Stack with_knobs = stack_new(1 + k % 3, 1 + k % 5, 1 + 2 * k % 11);
    check_stack(&s, nam_of_stack(&s));
    check_stack(&s, add_test(rtneural_of_stack(&s), &s, 40));
    check_stack(&with_knobs, rtneural_of_stack(&with_knobs));
    check_stack(&with_knobs, guitarml_of_stack(&with_knobs));
  }
}

/// Set `key` of the member `part` (NULL: of the root) to `value`; the file must be refused
static void
check_refused(json_t* const root, const char* const part_name, const char* const key,
              json_t* const value, const char* const fault)
{
  ModelFile file = {0};
  Message message = {""};
  json_t* const object = part_name ? json_object_get(root, part_name) : root;
  assert_int_equal(value ? json_object_set_new(object, key, value) : json_object_del(object, key),
                   0);
  const Status status = parse_json(root, &file, &message);
  if (!status || strncmp(message.text, "plexi: ", 7) != 0 || !strstr(message.text, fault)) {
    fail_msg("status %d, \"%s\" should hold \"%s\"", (int)status, message.text, fault);
  }
  assert_null(file.params.values);
}

static void
a_dense_layer_that_comes_first_is_played(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 6; ++k) {
    const Stack gru = stack_behind_dense(3, 1, 1 + k % 5, 1 + 2 * k);
    const Stack lstms = stack_behind_dense(4, 1 + k % 3, 1 + k % 5, 1 + 2 * k);
    check_stack(&gru, rtneural_of_stack(&gru));
    check_stack(&lstms, rtneural_of_stack(&lstms));
  }
}

/// Set a member of one layer of dense, GRU and dense; the file must be refused
static void
check_layer_refused(const size_t index, const char* const key, const char* const value,
                    const char* const fault)
{
  Stack s = stack_behind_dense(3, 1, 1, 2);
  s.layers[0].w_ih[0][0] = 10.0;
  json_t* const root = rtneural_of_stack(&s);
  json_t* const layer = json_array_get(json_object_get(root, "layers"), index);
  (void)json_object_set_new(layer, key, json_loads(value, JSON_DECODE_ANY, NULL));
  check_refused(root, NULL, "x", json_null(), fault);
}

static void
layers_that_cannot_be_one_are_refused_by_name(void** const state)
{
  (void)state;
  check_layer_refused(0, "activation", "\"tanh\"", "layer 0 has activation \"tanh\"");
  check_layer_refused(0, "activation", "\"tanh\"", "grus-train --teacher");
  check_layer_refused(0, "type", "\"gru\"", "has the layers gru, gru, dense, which Grus can't");
  check_layer_refused(1, "type", "\"conv1d\"", "time-distributed-dense, conv1d, dense, which");
  check_layer_refused(2, "type", "\"softmax\"", "gru, softmax, which Grus can't play directly; to");
  check_layer_refused(2, "type", "3", "layer 2 should be an object");
  check_layer_refused(0, "shape", "[3]", "layer 0: weights have a row of 2 numbers");
  check_layer_refused(0, "shape", "[0]", "layer 0: \"shape\"");
  check_layer_refused(0, "shape", "[257]", "layer 0: \"shape\"");
  check_layer_refused(0, "weights", "[[[1,2]]]", "layer 0: a dense layer has 2 arrays");
  check_layer_refused(0, "weights", "[[[1,2]],[1]]", "layer 0: biases");
  check_layer_refused(0, "weights", "[[[3e38,3e38]],[1,1]]", "a number too large");
  check_layer_refused(1, "reset_after", "false", "layer 1: \"reset_after\"");
}

static void
lstms_of_several_sizes_are_refused(void** const state)
{
  (void)state;
  const Stack s = stack_new(2, 1, 4);
  json_t* const root = rtneural_of_stack(&s);
  json_t* const upper = json_array_get(json_object_get(root, "layers"), 1);
  (void)json_object_set_new(upper, "shape", json_pack("[n, n, i]", 5));
  check_refused(root, NULL, "x", json_null(), "has 2 LSTM layers; Grus can play them directly if");
}

static void
more_layers_than_a_lag_can_hold_are_refused(void** const state)
{
  (void)state;
  const Stack s = stack_new(1, 1, 4);
  json_t* const root = rtneural_of_stack(&s);
  json_t* const layers = json_object_get(root, "layers");
  while (json_array_size(layers) <= 3 + MODEL_FILE_MAX_LAG) {
    assert_int_equal(json_array_insert(layers, 0, json_array_get(layers, 0)), 0);
  }
  check_refused(root, NULL, "x", json_null(), "has the layers lstm, lstm, lstm, ");
}

/// By what it is, and with what helps
static void
other_kinds_of_guitarml_are_named(void** const state)
{
  (void)state;
  check_refused(json_pack("{s:i, s:[]}", "residual_channels", 3, "variables"), NULL, "x",
                json_null(), "is a GuitarML SmartAmp WaveNet, which Grus can't play directly");
  check_refused(json_pack("{s:i, s:[]}", "residual_channels", 3, "variables"), NULL, "x",
                json_null(), "grus-train --teacher");
  check_refused(json_pack("{s:i, s:{}}", "conv1d_stride", 12, "lstm"), NULL, "x", json_null(),
                "is a GuitarML SmartAmpPro model, which Grus can't play; record");
}

/// A test signal that doesn't belong to the layers is found
static void
a_wrong_test_signal_of_several_layers_is_warned_of(void** const state)
{
  (void)state;
  const Stack s = stack_new(3, 1, 4);
  Stack other = s;
  ModelFile file = {0};
  other.layers[1].w_ih[8][0] += 1.0;
  assert_int_equal(parse_json(add_test(rtneural_of_stack(&s), &other, 40), &file, NULL), STATUS_OK);
  assert_non_null(strstr(file.warning.text, "its own test signal"));
  model_file_clear(&file);
}

/// Its units are one layer there, and its output lags
static void
check_written_as_one(const ModelFile* const out, const char* const path)
{
  ModelFile in = {0};
  assert_int_equal(model_file_read(path, &in, NULL), STATUS_OK);
  assert_int_equal(in.lag, 1);
  assert_int_equal(in.params.shape.hidden_size, 10);
  assert_memory_equal(in.params.values, out->params.values,
                      params_count(in.params.shape) * sizeof(float));
  assert_string_equal(in.warning.text, "");
  model_file_clear(&in);
  (void)unlink(path);
}

static void
several_layers_are_written_as_one_that_lags(void** const state)
{
  (void)state;
  char path[4096];
  const Stack s = stack_new(2, 1, 5);
  ModelFile file = {0};
  fixture_path("stack.json", path);
  assert_int_equal(parse_json(nam_of_stack(&s), &file, NULL), STATUS_OK);
  assert_int_equal(model_file_write(&file, path, NULL), STATUS_OK);
  check_written_as_one(&file, path);
  assert_int_equal(model_file_write_guitarml(&file, path, NULL), STATUS_OK);
  check_written_as_one(&file, path);
  model_file_clear(&file);
}

static void
a_guitarml_model_sounds_as_in_pytorch(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 16; ++k) {
    Torch t = torch_new(3 + k % 2, 1 + k % 5, k + 1);
    t.skip = k % 3 == 0;
    check_sound(&t, guitarml_of(&t));
  }
}

static void
a_nam_lstm_sounds_as_in_pytorch(void** const state)
{
  (void)state;
  for (uint32_t hidden_size = 1; hidden_size <= 16; ++hidden_size) {
    const Torch t = nam_torch(hidden_size);
    check_sound(&t, nam_of(&t));
  }
}

/// However far away NAM's initial state is, the model starts at rest
static void
a_nam_model_starts_at_rest(void** const state)
{
  (void)state;
  const Torch t = nam_torch(6);
  ModelFile file = {0};
  Model* model = NULL;
  float sound[N_FRAMES] = {0.0F};
  assert_int_equal(parse_json(nam_of(&t), &file, NULL), STATUS_OK);
  assert_int_equal(model_new(&file, (ModelUse){48000.0, 1, 1}, &model), STATUS_OK);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    check_near(sound[i], model_rest_output(model), 1e-6F);
  }
  model_free(model);
  model_file_clear(&file);
}

static void
a_guitarml_head_may_have_no_bias(void** const state)
{
  (void)state;
  Torch t = torch_new(3, 1, 4);
  json_t* const root = guitarml_of(&t);
  t.b_o = 0.0;
  (void)json_object_set_new(json_object_get(root, "model_data"), "bias_fl", json_false());
  (void)json_object_del(json_object_get(root, "state_dict"), "lin.bias");
  check_sound(&t, root);
}

static void
each_format_has_its_own_default_rate(void** const state)
{
  (void)state;
  const Torch gru = torch_new(3, 1, 4);
  const Torch lstm = nam_torch(4);
  ModelFile file = {0};
  assert_int_equal(parse_json(guitarml_of(&gru), &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 44100.0);
  assert_true(file.sample_rate_is_assumed);
  assert_int_equal(file.format, MODEL_FORMAT_GUITARML);
  model_file_clear(&file);
  json_t* nam = nam_of(&lstm);
  (void)json_object_set_new(nam, "sample_rate", json_integer(96000));
  assert_int_equal(parse_json(nam, &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 96000.0);
  assert_false(file.sample_rate_is_assumed);
  assert_int_equal(file.format, MODEL_FORMAT_NAM);
  model_file_clear(&file);
  nam = nam_of(&lstm);
  (void)json_object_set_new(nam, "sample_rate", json_null());
  assert_int_equal(parse_json(nam, &file, NULL), STATUS_OK);
  check_equal(file.sample_rate, 48000.0);
  assert_true(file.sample_rate_is_assumed);
  model_file_clear(&file);
}

/// Check what is said about a capture of NAM in a file
static void
check_capture(const char* const path, const char* const architecture, const char* const config,
              const char* const expected)
{
  char text[512];
  ModelFile file = {0};
  Message message = {""};
  (void)snprintf(text, sizeof(text), "{\"architecture\":\"%s\",\"config\":%s,\"weights\":[]}",
                 architecture, config);
  assert_int_equal(model_file_parse(text, strlen(text), path, &file, &message), STATUS_UNSUPPORTED);
  assert_string_equal(message.text, expected);
}

static void
a_capture_is_called_what_players_call_it(void** const state)
{
  (void)state;
#define PLAY                                                                                       \
  ", which Grus can't play directly; to play it, learn from it: grus-train --teacher x.nam -o x "  \
  "--install"
  check_capture("x.nam", "SlimmableContainer", "{}", "x.nam: is a NAM capture (A2)" PLAY);
  check_capture("x.nam", "WaveNet", "{\"layers\":[{\"kernel_sizes\":[6,6]}]}",
                "x.nam: is a NAM capture (A2)" PLAY);
  check_capture("x.nam", "WaveNet", "{\"layers\":[{\"kernel_size\":3},{\"kernel_size\":3}]}",
                "x.nam: is a NAM capture (A1)" PLAY);
  check_capture("x.nam", "WaveNet", "{\"layers\":[{\"kernel_size\":3}]}",
                "x.nam: is a NAM capture (WaveNet)" PLAY);
  check_capture("x.nam", "WaveNet", "[]", "x.nam: is a NAM capture (WaveNet)" PLAY);
  check_capture("x.nam", "ConvNet", "{}", "x.nam: is a NAM capture (ConvNet)" PLAY);
#undef PLAY
}

static void
a_capture_is_told_the_whole_command_with_its_name(void** const state)
{
  (void)state;
  static char long_name[235];
  static const char* const cases[][2] = {
      {"/amps/Deluxe.nam", "--teacher /amps/Deluxe.nam -o Deluxe --install"},
      {"My Amp.nam", "--teacher 'My Amp.nam' -o 'My Amp' --install"},
      {"/a b/it's [1].nam", "--teacher '/a b/it'\\''s [1].nam' -o 'it'\\''s [1]' --install"},
      {"-v.nam", "--teacher ./-v.nam -o ./-v --install"},
      {long_name, "--teacher FILE -o NAME --install"}, // It would be there twice
  };
  char path[4096] = "";
  char expected[8192];
  memset(long_name, 'n', sizeof(long_name) - 1);
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    (void)snprintf(expected, sizeof(expected),
                   "%s: is a NAM capture (A2), which Grus can't play directly; to play it, learn "
                   "from it: grus-train %s",
                   cases[i][0], cases[i][1]);
    check_capture(cases[i][0], "SlimmableContainer", "{}", expected);
  }
  check_capture("two\nlines.nam", "SlimmableContainer", "{}",
                "two lines.nam: is a NAM capture (A2), which Grus can't play directly; to play it, "
                "learn from it: grus-train --teacher FILE -o NAME --install");
  while (strlen(path) < 4000) { // Paths of any length
    Message message = {""};
    ModelFile file = {0};
    const char* const text = "{\"architecture\":\"SlimmableContainer\",\"weights\":[]}";
    (void)strcat(path, "/folder's");
    const size_t n = strlen(path);
    (void)strcat(path, "/amp.nam");
    assert_int_equal(model_file_parse(text, strlen(text), path, &file, &message),
                     STATUS_UNSUPPORTED);
    const char* const end = strstr(message.text, "--teacher ");
    assert_non_null(end);
    (void)snprintf(expected, sizeof(expected), "/folder'\\''s/amp.nam' -o amp --install");
    if (strcmp(end, "--teacher FILE -o NAME --install") != 0) { // If there is no room for it
      check_below(n, 240);
      assert_string_equal(end + strlen(end) - strlen(expected), expected);
    } else {
      check_at_least(n, 150);
    }
    path[n] = '\0';
  }
}

/// Check the rate that a GuitarML file has with a member in one of its parts; 0: it gives none
static void
check_rate_of(const char* const part, const char* const key, const char* const value,
              const double expected)
{
  const Torch t = torch_new(3, 1, 4);
  json_t* const root = guitarml_of(&t);
  ModelFile file = {0};
  (void)json_object_set_new(root, "metadata", json_object());
  (void)json_object_set_new(part ? json_object_get(root, part) : root, key,
                            json_loads(value, JSON_DECODE_ANY, NULL));
  assert_int_equal(parse_json(root, &file, NULL), STATUS_OK);
  if (file.sample_rate != (expected > 0.0 ? expected : 44100.0) ||
      file.sample_rate_is_assumed != (expected <= 0.0)) {
    fail_msg("%s: %s gives %g Hz", key, value, file.sample_rate);
  }
  model_file_clear(&file);
}

static void
a_rate_is_read_wherever_programs_write_it(void** const state)
{
  (void)state;
  check_rate_of("model_data", "sample_rate", "96000", 96000.0); // As BYOD does
  check_rate_of("model_data", "samplerate", "88200.0", 88200.0);
  check_rate_of("metadata", "samplerate", "48000", 48000.0);
  check_rate_of(NULL, "samplerate", "48000", 48000.0);
  check_rate_of(NULL, "sample_rate", "48000", 48000.0);
}

static void
a_rate_may_be_written_as_people_do(void** const state)
{
  (void)state;
  check_rate_of("metadata", "samplerate", "\"48000\"", 48000.0);
  check_rate_of("metadata", "samplerate", "\"48k\"", 48000.0);
  check_rate_of("metadata", "samplerate", "\"44.1kHz\"", 44100.0);
  check_rate_of("metadata", "samplerate", "\"48000 Hz\"", 48000.0);
  check_rate_of("metadata", "samplerate", "\" 88.2 KHZ \"", 88200.0);
  check_rate_of("metadata", "samplerate", "\"11.025k\"", 11025.0);
  check_rate_of("metadata", "samplerate", "\"96000.0\"", 96000.0);
  check_rate_of("metadata", "samplerate", "\"\"", 0.0);
  check_rate_of("metadata", "samplerate", "\"unknown\"", 0.0);
  check_rate_of("metadata", "samplerate", "\"48\"", 0.0);
  check_rate_of("metadata", "samplerate", "\"48000.garbage\"", 0.0);
  check_rate_of("metadata", "samplerate", "\"-48000\"", 0.0);
  check_rate_of("metadata", "samplerate", "\"99999999999999999999999999\"", 0.0);
  check_rate_of("metadata", "samplerate", "null", 0.0);
  check_rate_of(NULL, "sample_rate", "-1", 0.0); // As NAM writes it
  check_rate_of(NULL, "sample_rate", "0", 0.0);
}

static void
a_skip_connection_may_be_true_or_false(void** const state)
{
  (void)state;
  const Torch t = torch_new(3, 1, 4);
  for (int k = 0; k < 2; ++k) {
    json_t* const root = guitarml_of(&t);
    ModelFile file = {0};
    (void)json_object_set_new(json_object_get(root, "model_data"), "skip", json_boolean(k));
    assert_int_equal(parse_json(root, &file, NULL), STATUS_OK);
    assert_int_equal(file.params.shape.skip, k == 1);
    model_file_clear(&file);
  }
}

static void
metadata_of_nam_is_kept(void** const state)
{
  (void)state;
  const Torch t = nam_torch(4);
  json_t* const root = nam_of(&t);
  ModelFile file = {0};
  (void)json_object_set_new(root, "metadata",
                            json_pack("{s:s, s:s, s:s, s:s, s:f, s:n, s:n}", "name", "Plexi",
                                      "modeled_by", "Ann", "gear_make", "Marshall", "gear_model",
                                      "1959", "input_level_dbu", 12.5, "output_level_dbu", "gain"));
  assert_int_equal(parse_json(root, &file, NULL), STATUS_OK);
  assert_string_equal(file.name, "Plexi");
  assert_string_equal(file.author, "Ann");
  assert_string_equal(file.gear, "Marshall 1959");
  assert_true(file.input_dbu.is_given);
  check_equal(file.input_dbu.value, 12.5);
  assert_false(file.output_dbu.is_given || file.loudness.middle.is_given);
  model_file_clear(&file);
}

static void
long_gear_of_nam_is_cut_between_characters(void** const state)
{
  (void)state;
  const Torch t = nam_torch(4);
  json_t* const root = nam_of(&t);
  ModelFile file = {0};
  char make[256] = "x"; // So that the limit is inside a character
  for (size_t i = 0; i < 100; ++i) {
    (void)strcat(make, "é");
  }
  (void)json_object_set_new(root, "metadata", json_pack("{s:s}", "gear_make", make));
  assert_int_equal(parse_json(root, &file, NULL), STATUS_OK);
  make[MODEL_FILE_TEXT_SIZE - 1] = '\0';
  assert_int_equal(strlen(file.gear), MODEL_FILE_TEXT_SIZE - 1);
  assert_string_equal(file.gear, make);
  model_file_clear(&file);
}

static void
every_damaged_field_of_guitarml_is_refused_by_name(void** const state)
{
  (void)state;
  const Torch t = torch_new(3, 2, 4);
  const Torch lstm = torch_new(4, 1, 4);
  static const struct {
    const char* part;
    const char* key;
    const char* value; ///< In JSON; NULL: it is removed
    const char* fault;
  } faults[] = {
      {NULL, "state_dict", NULL, "is not a model file"},
      {NULL, "model_data", "7", "unit_type"},
      {NULL, "state_dict", "[]", "rec.weight_ih_l0"},
      {NULL, "samplerate", "-2", "samplerate"},
      {"model_data", "sample_rate", "100", "samplerate"},
      {"model_data", "model", "\"RecNet\"", "\"model\" is \"RecNet\""},
      {"model_data", "model", "4", "\"model\" is \"not a text\""},
      {"model_data", "unit_type", "\"RNN\"", "\"unit_type\" is \"RNN\""},
      {"model_data", "unit_type", NULL, "unit_type"},
      {"model_data", "num_layers", "2", "2 GRU layers, which Grus can't play directly"},
      {"model_data", "lag", "16", "\"lag\" should be a whole number, 0 to 15"},
      {"model_data", "num_layers", "17", "\"num_layers\" should be a whole number, 1 to 16"},
      {"model_data", "num_layers", "\"1\"", "num_layers"},
      {"model_data", "input_size", "6", "has 5 knobs; Grus plays models with 4 at most"},
      {"model_data", "input_size", "0", "\"input_size\" should be a whole number, 1 to 5"},
      {"model_data", "input_size", "1", "a row of 2 numbers, shape says 1"},
      {"model_data", "output_size", "2", "output_size"},
      {"model_data", "skip", "2", "skip"},
      {"model_data", "skip", NULL, "skip"},
      {"model_data", "hidden_size", "5", "rec.weight_ih_l0"},
      {"model_data", "hidden_size", "0", "hidden_size"},
      {"model_data", "hidden_size", "-4", "hidden_size"},
      {"model_data", "hidden_size", "4.0", "hidden_size"},
      {"model_data", "hidden_size", "9223372036854775807", "hidden_size"},
      {"state_dict", "rec.weight_ih_l1", "[]", "has rec.weight_ih_l1, but \"num_layers\" is 1"},
      {"state_dict", "rec.weight_ih_l0", NULL, "rec.weight_ih_l0"},
      {"state_dict", "rec.weight_hh_l0", "[[1,2,3,4]]", "rec.weight_hh_l0"},
      {"state_dict", "rec.bias_ih_l0", "[1]", "rec.bias_ih_l0"},
      {"state_dict", "rec.bias_ih_l0", "[1,2,3,4,5,6,7,8,9,10,11,1e39]", "rec.bias_ih_l0"},
      {"state_dict", "rec.bias_hh_l0", "[1,2,3,4,5,6,7,8,9,10,11,\"12\"]", "rec.bias_hh_l0"},
      {"state_dict", "lin.weight", "[[1,2,3]]", "lin.weight"},
      {"state_dict", "lin.weight", "[1,2,3,4]", "lin.weight"},
      {"state_dict", "lin.bias", NULL, "lin.bias"},
      {"state_dict", "lin.bias", "[null]", "lin.bias"},
  };
  for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); ++i) {
    json_t* const value =
        faults[i].value ? json_loads(faults[i].value, JSON_DECODE_ANY, NULL) : NULL;
    check_refused(guitarml_of(&t), faults[i].part, faults[i].key, value, faults[i].fault);
  }
  json_t* const large = guitarml_of(&lstm);
  json_t* const dict = json_object_get(large, "state_dict");
  (void)json_array_set_new(json_object_get(dict, "rec.bias_hh_l0"), 3, json_real(3e38));
  (void)json_array_set_new(json_object_get(dict, "rec.bias_ih_l0"), 3, json_real(3e38));
  check_refused(large, NULL, "x", json_null(), "too large for a weight");
}

static void
every_damaged_field_of_nam_is_refused_by_name(void** const state)
{
  (void)state;
  const Torch t = nam_torch(4);
  static const struct {
    const char* part;
    const char* key;
    const char* value;
    const char* fault;
  } faults[] = {
      {NULL, "weights", NULL, "is not a model file"},
      {NULL, "weights", "{}", "0 \"weights\"; an LSTM with 1 layer of hidden size 4 has 109"},
      {NULL, "weights", "[1,2]", "2 \"weights\"; an LSTM with 1 layer of hidden size 4 has 109"},
      {NULL, "architecture", "\"WaveNet\"", "NAM capture (WaveNet)"},
      {NULL, "architecture", "\"WaveNet\"", "grus-train --teacher"},
      {NULL, "architecture", "7", "of architecture \"\", which Grus doesn't know"},
      {NULL, "architecture", "\"Sequential\"", "\"Sequential\", which Grus doesn't know"},
      {NULL, "config", NULL, "hidden_size"},
      {NULL, "config", "[]", "hidden_size"},
      {NULL, "sample_rate", "1", "samplerate"},
      {NULL, "metadata", "{\"input_level_dbu\":\"loud\"}", "input_level_dbu"},
      {NULL, "metadata", "{\"output_level_dbu\":[]}", "output_level_dbu"},
      {"config", "num_layers", "2", "an LSTM with 2 layers of hidden size 4 has 261"},
      {"config", "num_layers", "0", "num_layers"},
      {"config", "num_layers", "17", "num_layers"},
      {"config", "num_layers", "\"1\"", "num_layers"},
      {"config", "input_size", "2", "\"input_size\" is 2"},
      {"config", "out_channels", "2", "\"out_channels\" is 2"},
      {"config", "hidden_size", "5",
       "109 \"weights\"; an LSTM with 1 layer of hidden size 5 has 156"},
      {"config", "hidden_size", "0", "hidden_size"},
      {"config", "hidden_size", "1000000000", "hidden_size"},
      {"config", "hidden_size", NULL, "hidden_size"},
  };
  for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); ++i) {
    json_t* const value =
        faults[i].value ? json_loads(faults[i].value, JSON_DECODE_ANY, NULL) : NULL;
    check_refused(nam_of(&t), faults[i].part, faults[i].key, value, faults[i].fault);
  }
}

/// Also those of the initial state, which is not used
static void
every_number_of_nam_must_be_finite(void** const state)
{
  (void)state;
  const Torch t = nam_torch(3);
  for (size_t i = 0; i < 4 * 3 * 4 + 12 + 6 + 3 + 1; ++i) {
    json_t* const root = nam_of(&t);
    (void)json_array_set_new(json_object_get(root, "weights"), i, json_real(-1e39));
    check_refused(root, NULL, "x", json_null(), "too large for a weight");
  }
}

static void
check_cuts(json_t* const root)
{
  char* const text = json_dumps(root, JSON_COMPACT);
  for (size_t n = 0; n < strlen(text); n += fixture_is_slow() ? 7 : 1) {
    ModelFile file = {0};
    char* const head = (char*)malloc(n + 1); // Exactly as long, so that Valgrind sees a read beyond
    memcpy(head, text, n);
    assert_int_equal(model_file_parse(head, n, "plexi", &file, NULL), STATUS_BAD_FILE);
    free(head);
  }
  free(text);
  json_decref(root);
}

static void
a_foreign_file_cut_at_any_byte_is_refused(void** const state)
{
  (void)state;
  const Torch gru = torch_new(3, 1, 2);
  const Torch lstm = nam_torch(2);
  check_cuts(guitarml_of(&gru));
  check_cuts(nam_of(&lstm));
}

static void
what_is_written_as_guitarml_is_read_back_bit_for_bit(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("guitarml.json", path);
  for (uint32_t k = 0; k < 10; ++k) {
    const CellType cell = k % 2 ? CELL_LSTM : CELL_GRU_RESET_AFTER;
    const ParamsShape shape = {cell, 1 + 7 * k, 1 + k % 5, k % 3 == 0, 0};
    ModelFile out = {.params = fixture_params(shape, k),
                     .sample_rate = 48000.0 + k,
                     .name = "Pléxi",
                     .author = "Ann",
                     .gear = "Amp",
                     .license = "CC0"};
    ModelFile in = {0};
    assert_int_equal(model_file_write_guitarml(&out, path, NULL), STATUS_OK);
    assert_int_equal(model_file_read(path, &in, NULL), STATUS_OK);
    assert_int_equal(in.format, MODEL_FORMAT_GUITARML);
    assert_true(params_shapes_are_equal(in.params.shape, shape));
    assert_memory_equal(in.params.values, out.params.values, params_count(shape) * sizeof(float));
    check_equal(in.sample_rate, out.sample_rate);
    assert_false(in.sample_rate_is_assumed);
    assert_string_equal(in.name, out.name);
    assert_string_equal(in.author, out.author);
    assert_string_equal(in.gear, out.gear);
    assert_string_equal(in.license, out.license);
    model_file_clear(&in);
    model_file_clear(&out);
  }
}

/// PyTorch's names and shapes, as its loader checks them
static void
guitarml_is_written_in_the_shapes_of_pytorch(void** const state)
{
  (void)state;
  static const struct {
    const char* key;
    size_t rows;
    size_t cols; ///< 0: a row of numbers
  } shapes[] = {{"rec.weight_ih_l0", 15, 2}, {"rec.weight_hh_l0", 15, 5}, {"rec.bias_ih_l0", 15, 0},
                {"rec.bias_hh_l0", 15, 0},   {"lin.weight", 1, 5},        {"lin.bias", 1, 0}};
  char path[4096];
  ModelFile file = {.params = fixture_params((ParamsShape){CELL_GRU_RESET_AFTER, 5, 2, true, 0}, 1),
                    .sample_rate = 44100.0};
  fixture_path("shapes.json", path);
  assert_int_equal(model_file_write_guitarml(&file, path, NULL), STATUS_OK);
  json_t* const root = json_load_file(path, 0, NULL);
  const json_t* const data = json_object_get(root, "model_data");
  const json_t* const dict = json_object_get(root, "state_dict");
  assert_int_equal(json_integer_value(json_object_get(data, "skip")), 1);
  assert_int_equal(json_integer_value(json_object_get(data, "input_size")), 2);
  assert_int_equal(json_object_size(dict), 6);
  for (size_t i = 0; i < 6; ++i) {
    const json_t* const rows = json_object_get(dict, shapes[i].key);
    assert_int_equal(json_array_size(rows), shapes[i].rows);
    assert_int_equal(json_array_size(json_array_get(rows, 0)), shapes[i].cols);
  }
  json_decref(root);
  model_file_clear(&file);
}

static void
a_model_that_guitarml_cannot_hold_is_not_written(void** const state)
{
  (void)state;
  char path[4096];
  fixture_path("unsaid.json", path);
  for (uint32_t k = 0; k < 4; ++k) {
    Message message = {""};
    ModelFile file = fixture_model_file(k ? CELL_GRU_RESET_AFTER : CELL_GRU_RESET_BEFORE, 4, 1);
    file.input_gain_db = k == 1 ? 1.0 : 0.0;
    file.output_gain_db = k == 2 ? 1.0 : 0.0;
    file.params.values[7] = k == 3 ? NAN : 0.0F;
    assert_int_equal(model_file_write_guitarml(&file, path, &message),
                     k == 3 ? STATUS_BAD_ARGUMENT : STATUS_UNSUPPORTED);
    assert_non_null(strstr(message.text, k == 0 ? "reset-before" : k == 3 ? "finite" : "gains"));
    assert_int_not_equal(access(path, F_OK), 0);
    model_file_clear(&file);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_guitarml_model_sounds_as_in_pytorch),
      cmocka_unit_test(a_nam_lstm_sounds_as_in_pytorch),
      cmocka_unit_test(lstms_of_several_layers_sound_as_their_equations),
      cmocka_unit_test(a_dense_layer_that_comes_first_is_played),
      cmocka_unit_test(layers_that_cannot_be_one_are_refused_by_name),
      cmocka_unit_test(lstms_of_several_sizes_are_refused),
      cmocka_unit_test(more_layers_than_a_lag_can_hold_are_refused),
      cmocka_unit_test(other_kinds_of_guitarml_are_named),
      cmocka_unit_test(a_wrong_test_signal_of_several_layers_is_warned_of),
      cmocka_unit_test(several_layers_are_written_as_one_that_lags),
      cmocka_unit_test(a_nam_model_starts_at_rest),
      cmocka_unit_test(a_guitarml_head_may_have_no_bias),
      cmocka_unit_test(each_format_has_its_own_default_rate),
      cmocka_unit_test(a_capture_is_called_what_players_call_it),
      cmocka_unit_test(a_capture_is_told_the_whole_command_with_its_name),
      cmocka_unit_test(a_rate_is_read_wherever_programs_write_it),
      cmocka_unit_test(a_rate_may_be_written_as_people_do),
      cmocka_unit_test(a_skip_connection_may_be_true_or_false),
      cmocka_unit_test(metadata_of_nam_is_kept),
      cmocka_unit_test(long_gear_of_nam_is_cut_between_characters),
      cmocka_unit_test(every_damaged_field_of_guitarml_is_refused_by_name),
      cmocka_unit_test(every_damaged_field_of_nam_is_refused_by_name),
      cmocka_unit_test(every_number_of_nam_must_be_finite),
      cmocka_unit_test(a_foreign_file_cut_at_any_byte_is_refused),
      cmocka_unit_test(what_is_written_as_guitarml_is_read_back_bit_for_bit),
      cmocka_unit_test(guitarml_is_written_in_the_shapes_of_pytorch),
      cmocka_unit_test(a_model_that_guitarml_cannot_hold_is_not_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

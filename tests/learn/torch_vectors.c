// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/learn/torch_vectors.h"

#include "tests/fixtures.h"

#include <jansson.h>

#include <stdlib.h>

static double*
read_array(const json_t* const array, const size_t count)
{
  double* const values = (double*)calloc(count, sizeof(double));
  assert_non_null(values);
  assert_int_equal(json_array_size(array), count);
  for (size_t i = 0; i < count; ++i) {
    values[i] = json_number_value(json_array_get(array, i));
  }
  return values;
}

static float*
read_floats(const json_t* const array, const size_t count)
{
  double* const values = read_array(array, count);
  float* const floats = (float*)calloc(count, sizeof(float));
  assert_non_null(floats);
  for (size_t i = 0; i < count; ++i) {
    floats[i] = (float)values[i];
  }
  free(values);
  return floats;
}

/// All tensors of an object, one after another in the table's order
static double*
read_tensors(const json_t* const object, const ParamsShape shape)
{
  double* const all = (double*)calloc(params_count(shape), sizeof(double));
  assert_non_null(all);
  for (uint32_t t = 0; t < PARAMS_N_TENSORS; ++t) {
    const Tensor tensor = params_tensor(shape, (ParamsTensor)t);
    const size_t count = (size_t)tensor.rows * tensor.cols;
    double* const values = read_array(json_object_get(object, tensor.name), count);
    for (size_t i = 0; i < count; ++i) {
      all[tensor.offset + i] = values[i];
    }
    free(values);
  }
  return all;
}

static uint32_t
read_size(const json_t* const root, const char* const key)
{
  return (uint32_t)json_integer_value(json_object_get(root, key));
}

TorchVectors
torch_vectors_read(void)
{
  json_error_t error;
  json_t* const root = json_load_file(GRUS_TEST_DATA "/torch_gru.json", 0, &error);
  assert_non_null(root);
  const ParamsShape shape = {CELL_GRU_RESET_AFTER, read_size(root, "hidden_size"), 1, false,
                             read_size(root, "n_taps")};
  TorchVectors v = {.frames = read_size(root, "frames"), .batch = read_size(root, "batch")};
  const size_t n = (size_t)v.frames * v.batch;
  assert_int_equal(params_init(&v.params, shape), STATUS_OK);
  double* const values = read_tensors(json_object_get(root, "tensors"), shape);
  for (size_t i = 0; i < params_count(shape); ++i) {
    v.params.values[i] = (float)values[i];
  }
  free(values);
  v.loss = json_number_value(json_object_get(root, "loss"));
  v.x = read_floats(json_object_get(root, "x"), n);
  v.target = read_floats(json_object_get(root, "target"), n);
  v.h0 = read_floats(json_object_get(root, "h0"), (size_t)shape.hidden_size * v.batch);
  v.y = read_array(json_object_get(root, "y"), n);
  v.gradient = read_tensors(json_object_get(root, "gradients"), shape);
  json_decref(root);
  return v;
}

void
torch_vectors_clear(TorchVectors* const vectors)
{
  params_clear(&vectors->params);
  free(vectors->x);
  free(vectors->target);
  free(vectors->h0);
  free(vectors->y);
  free(vectors->gradient);
}

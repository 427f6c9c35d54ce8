// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A matrix has the weights that see the same inputs: for each gate its recurrent weights, input
// weights and bias side by side, and the head with its bias. The eigenvectors follow their
// covariance by one step of orthogonal iteration every few updates (Golub and Van Loan, "Matrix
// Computations", 8.2.4). Rows are padded with zeros to whole vectors.

#include "train/learn/soap.h"

#define LANES 4 ///< Every machine has these
#include "core/lanes.h"
#include "core/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BETA_MEAN 0.9F
#define BETA_VARIANCE 0.99F ///< Shorter than the usual 0.999: chunks of a few ms give many steps
#define BETA_COVARIANCE 0.99F
#define EPSILON 1e-8F
#define TURN_EVERY 4U
#define KEPT 1e-7F ///< Share of the old basis that stays where a covariance is zero
#define MAX_BLOCKS 5U
#define N_SCRATCH 4U

/// A matrix whose rows lie `stride` apart
typedef struct {
  float* values;
  uint32_t rows;
  uint32_t cols;
  uint32_t stride;
} SoapMatrix;

/// One matrix of the model, m by n
typedef struct {
  uint32_t m;
  uint32_t n;
  uint32_t* index; ///< Where its values lie in those of the model (m, n)
  // Parts of the state
  SoapMatrix mean;       ///< Of the gradient (m, n)
  SoapMatrix variance;   ///< In the eigenbasis (m, n)
  SoapMatrix left;       ///< L (m, m); unused with one row
  SoapMatrix right;      ///< R (n, n)
  SoapMatrix left_rows;  ///< Eigenvectors of L, one a row (m, m)
  SoapMatrix right_rows; ///< Eigenvectors of R, one a row (n, n)
} SoapBlock;

struct SoapImpl {
  SoapBlock blocks[MAX_BLOCKS];
  uint32_t n_blocks;
  float* state;
  size_t state_size;
  float* scratch; ///< N_SCRATCH of the largest matrix
  size_t scratch_size;
};

static uint32_t
pad_to_lanes(const uint32_t n)
{
  return (n + LANES - 1) / LANES * LANES;
}

/// Take the next matrix from `*values`
static SoapMatrix
take_matrix(float** const values, const uint32_t rows, const uint32_t cols)
{
  const SoapMatrix m = {*values, rows, cols, pad_to_lanes(cols)};
  *values += (size_t)rows * m.stride;
  return m;
}

static size_t
block_state_size(const SoapBlock* const b)
{
  const size_t m = b->m;
  const size_t n = b->n;
  return 2 * m * pad_to_lanes(b->n) + 2 * m * pad_to_lanes(b->m) + 2 * n * pad_to_lanes(b->n);
}

/// Where the values of one row of a tensor lie
static void
index_row(const ParamsShape shape, const ParamsTensor tensor, const uint32_t row,
          uint32_t** const next)
{
  const Tensor t = params_tensor(shape, tensor);
  for (uint32_t c = 0; c < t.cols; ++c) {
    *(*next)++ = (uint32_t)t.offset + row * t.cols + c;
  }
}

/// Add the matrix of `rows` rows from `first`, which has these tensors side by side
static Status
add_block(Soap* const s, const ParamsShape shape, const uint32_t first, const uint32_t rows,
          const ParamsTensor* const tensors, const uint32_t n_tensors)
{
  SoapBlock b = {.m = rows};
  for (uint32_t k = 0; k < n_tensors; ++k) {
    b.n += params_tensor(shape, tensors[k]).cols;
  }
  b.index = (uint32_t*)calloc((size_t)b.m * b.n, sizeof(uint32_t));
  if (!b.index) {
    return STATUS_NO_MEMORY;
  }
  uint32_t* next = b.index;
  for (uint32_t r = 0; r < rows; ++r) {
    for (uint32_t k = 0; k < n_tensors; ++k) {
      index_row(shape, tensors[k], first + r, &next);
    }
  }
  s->blocks[s->n_blocks++] = b;
  s->state_size += block_state_size(&b);
  return STATUS_OK;
}

/// Add the tensors that see the same inputs. b_h of r and z is left out: b_i has the same effect.
static Status
add_gates(Soap* const s, const ParamsShape shape)
{
  static const ParamsTensor all[] = {PARAMS_W_H, PARAMS_W_I, PARAMS_B_I};
  static const ParamsTensor recurrent[] = {PARAMS_W_H, PARAMS_B_H};
  static const ParamsTensor input[] = {PARAMS_W_I, PARAMS_B_I};
  const uint32_t n = shape.hidden_size;
  if (add_block(s, shape, 0, n, all, 3) || add_block(s, shape, n, n, all, 3)) {
    return STATUS_NO_MEMORY;
  }
  if (shape.cell == CELL_GRU_RESET_BEFORE) {
    return add_block(s, shape, 2 * n, n, all, 3);
  }
  return add_block(s, shape, 2 * n, n, recurrent, 2) ? STATUS_NO_MEMORY
                                                     : add_block(s, shape, 2 * n, n, input, 2);
}

static void
place_block(SoapBlock* const b, float** const values)
{
  b->mean = take_matrix(values, b->m, b->n);
  b->variance = take_matrix(values, b->m, b->n);
  b->left = take_matrix(values, b->m, b->m);
  b->left_rows = take_matrix(values, b->m, b->m);
  b->right = take_matrix(values, b->n, b->n);
  b->right_rows = take_matrix(values, b->n, b->n);
}

static Status
allocate_arrays(Soap* const s, const ParamsShape shape)
{
  static const ParamsTensor head[] = {PARAMS_W_O, PARAMS_B_O};
  if (add_gates(s, shape) || add_block(s, shape, 0, 1, head, 2)) {
    return STATUS_NO_MEMORY;
  }
  const uint32_t largest = pad_to_lanes(shape.hidden_size + shape.n_inputs + 1);
  s->scratch_size = (size_t)largest * largest;
  s->scratch = memory_new_floats(N_SCRATCH * s->scratch_size);
  s->state = memory_new_floats(s->state_size);
  return s->scratch && s->state ? STATUS_OK : STATUS_NO_MEMORY;
}

Status
soap_new(const ParamsShape shape, Soap** const soap)
{
  Soap* const s = (Soap*)calloc(1, sizeof(Soap));
  if (!s || allocate_arrays(s, shape)) {
    soap_free(s);
    return STATUS_NO_MEMORY;
  }
  float* values = s->state;
  for (uint32_t k = 0; k < s->n_blocks; ++k) {
    place_block(&s->blocks[k], &values);
  }
  soap_reset(s);
  *soap = s;
  return STATUS_OK;
}

void
soap_free(Soap* const soap)
{
  for (uint32_t k = 0; soap && k < soap->n_blocks; ++k) {
    free(soap->blocks[k].index);
  }
  if (soap) {
    free(soap->state);
    free(soap->scratch);
  }
  free(soap);
}

size_t
soap_state_size(const Soap* const soap)
{
  return soap->state_size;
}

float*
soap_state(Soap* const soap)
{
  return soap->state;
}

static void
set_identity(const SoapMatrix m)
{
  for (uint32_t i = 0; i < m.rows; ++i) {
    m.values[(size_t)i * m.stride + i] = 1.0F;
  }
}

void
soap_reset(Soap* const soap)
{
  memset(soap->state, 0, soap->state_size * sizeof(float));
  for (uint32_t k = 0; k < soap->n_blocks; ++k) {
    set_identity(soap->blocks[k].left_rows);
    set_identity(soap->blocks[k].right_rows);
  }
}

/// Return scratch matrix `which`, with undefined content
static SoapMatrix
scratch_matrix(const Soap* const s, const uint32_t which, const uint32_t rows, const uint32_t cols)
{
  return (SoapMatrix){s->scratch + which * s->scratch_size, rows, cols, pad_to_lanes(cols)};
}

/// to += factor * from, both `n` long, whole vectors
static void
add_scaled(const uint32_t n, const float factor, const float* const from, float* const to)
{
  for (uint32_t i = 0; i < n; i += LANES) {
    lanes_store(to + i, lanes_load(to + i) + factor * lanes_load(from + i));
  }
}

static float
dot_product(const uint32_t n, const float* const a, const float* const b)
{
  Lanes sum = lanes_splat(0.0F);
  for (uint32_t i = 0; i < n; i += LANES) {
    sum += lanes_load(a + i) * lanes_load(b + i);
  }
  return lanes_sum(sum);
}

static void
scale_vector(const uint32_t n, const float factor, float* const values)
{
  for (uint32_t i = 0; i < n; i += LANES) {
    lanes_store(values + i, factor * lanes_load(values + i));
  }
}

/// out (a.rows, b.cols) = a b
static void
multiply_matrices(const SoapMatrix a, const SoapMatrix b, const SoapMatrix out)
{
  memset(out.values, 0, (size_t)out.rows * out.stride * sizeof(float));
  for (uint32_t r = 0; r < a.rows; ++r) {
    for (uint32_t k = 0; k < a.cols; ++k) {
      add_scaled(b.stride, a.values[(size_t)r * a.stride + k], b.values + (size_t)k * b.stride,
                 out.values + (size_t)r * out.stride);
    }
  }
}

/// out (a.cols, a.rows) = aᵀ
static void
transpose_matrix(const SoapMatrix a, const SoapMatrix out)
{
  memset(out.values, 0, (size_t)out.rows * out.stride * sizeof(float));
  for (uint32_t r = 0; r < a.rows; ++r) {
    for (uint32_t c = 0; c < a.cols; ++c) {
      out.values[(size_t)c * out.stride + r] = a.values[(size_t)r * a.stride + c];
    }
  }
}

/// average = β average + (1 − β) now
static void
update_average(const float beta, const SoapMatrix now, const SoapMatrix average)
{
  scale_vector(average.rows * average.stride, beta, average.values);
  add_scaled(average.rows * average.stride, 1.0F - beta, now.values, average.values);
}

/// Make the rows orthogonal and of length one, from the first (Gram and Schmidt); the second pass
/// corrects the rounding errors of the first
static void
orthogonalise_rows(const SoapMatrix m)
{
  for (uint32_t r = 0; r < m.rows; ++r) {
    float* const row = m.values + (size_t)r * m.stride;
    for (uint32_t pass = 0; pass < 2; ++pass) {
      for (uint32_t k = 0; k < r; ++k) {
        const float* const other = m.values + (size_t)k * m.stride;
        add_scaled(m.stride, -dot_product(m.stride, row, other), other, row);
      }
      scale_vector(m.stride, 1.0F / sqrtf(dot_product(m.stride, row, row)), row);
    }
  }
}

/// Turn a basis towards the eigenvectors of a covariance
static void
turn_basis(const Soap* const s, const SoapMatrix covariance, const SoapMatrix basis)
{
  const SoapMatrix next = scratch_matrix(s, 0, basis.rows, basis.cols);
  float trace = 0.0F;
  for (uint32_t i = 0; i < basis.rows; ++i) {
    trace += covariance.values[(size_t)i * covariance.stride + i];
  }
  if (trace <= 0.0F) {
    return; // No gradient so far
  }
  multiply_matrices(basis, covariance, next);
  scale_vector(basis.rows * basis.stride, KEPT, basis.values);
  add_scaled(basis.rows * basis.stride, (float)basis.rows / trace, next.values, basis.values);
  orthogonalise_rows(basis);
}

/// out = Uᵀ g V, or back again U g Vᵀ; uses scratch 0 and 1
static void
rotate_matrix(const Soap* const s, const SoapBlock* const b, const bool back, const SoapMatrix g,
              const SoapMatrix out)
{
  const SoapMatrix half = scratch_matrix(s, 0, b->m, b->n);
  const SoapMatrix other = scratch_matrix(s, 1, back ? b->m : b->n, back ? b->m : b->n);
  transpose_matrix(back ? b->left_rows : b->right_rows, other);
  multiply_matrices(back ? other : b->left_rows, g, half);
  multiply_matrices(half, back ? b->right_rows : other, out);
}

/// Gather the gradient of a block
static void
gather_gradient(const SoapBlock* const b, const float* const gradient, const SoapMatrix g)
{
  memset(g.values, 0, (size_t)g.rows * g.stride * sizeof(float));
  for (uint32_t r = 0; r < b->m; ++r) {
    for (uint32_t c = 0; c < b->n; ++c) {
      g.values[(size_t)r * g.stride + c] = gradient[b->index[r * b->n + c]];
    }
  }
}

/// Uses scratch 0 and 1
static void
update_covariances(const Soap* const s, const SoapBlock* const b, const SoapMatrix g)
{
  const SoapMatrix transposed = scratch_matrix(s, 0, b->n, b->m);
  transpose_matrix(g, transposed);
  if (b->m > 1) {
    const SoapMatrix left = scratch_matrix(s, 1, b->m, b->m);
    multiply_matrices(g, transposed, left);
    update_average(BETA_COVARIANCE, left, b->left);
  }
  const SoapMatrix right = scratch_matrix(s, 1, b->n, b->n);
  multiply_matrices(transposed, g, right);
  update_average(BETA_COVARIANCE, right, b->right);
}

/// The step of Adam, in the eigenbasis: `step` from mean and variance
static void
divide_by_deviation(const SoapMatrix variance, const float mean_share, const float variance_share,
                    const SoapMatrix step)
{
  for (uint32_t i = 0; i < variance.rows * variance.stride; ++i) {
    step.values[i] /= mean_share * (sqrtf(variance.values[i] / variance_share) + EPSILON);
  }
}

static void
step_block(const Soap* const s, const SoapBlock* const b, const uint64_t step,
           const float* gradient)
{
  const SoapMatrix g = scratch_matrix(s, 2, b->m, b->n);
  const SoapMatrix rotated = scratch_matrix(s, 3, b->m, b->n);
  gather_gradient(b, gradient, g);
  update_covariances(s, b, g);
  update_average(BETA_MEAN, g, b->mean);
  rotate_matrix(s, b, false, g, rotated);
  for (uint32_t i = 0; i < rotated.rows * rotated.stride; ++i) {
    rotated.values[i] *= rotated.values[i];
  }
  update_average(BETA_VARIANCE, rotated, b->variance);
  rotate_matrix(s, b, false, b->mean, rotated);
  divide_by_deviation(b->variance, 1.0F - powf(BETA_MEAN, (float)step),
                      1.0F - powf(BETA_VARIANCE, (float)step), rotated);
  rotate_matrix(s, b, true, rotated, g);
}

static void
move_values(const Soap* const s, const SoapBlock* const b, const double learning_rate,
            float* const values)
{
  const SoapMatrix g = scratch_matrix(s, 2, b->m, b->n);
  for (uint32_t r = 0; r < b->m; ++r) {
    for (uint32_t c = 0; c < b->n; ++c) {
      values[b->index[r * b->n + c]] -= (float)learning_rate * g.values[(size_t)r * g.stride + c];
    }
  }
}

void
soap_step(Soap* const soap, const uint64_t step, const float* const gradient,
          const double learning_rate, float* const values)
{
  for (uint32_t k = 0; k < soap->n_blocks; ++k) {
    const SoapBlock* const b = &soap->blocks[k];
    step_block(soap, b, step, gradient);
    if (step > 1) { // The first step has no basis yet
      move_values(soap, b, learning_rate, values);
    }
    if (step == 1 || step % TURN_EVERY == 0) {
      if (b->m > 1) {
        turn_basis(soap, b->left, b->left_rows);
      }
      turn_basis(soap, b->right, b->right_rows);
    }
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Compiled once per instruction set (TEACHER_ISA, LANES). Offline threads.

#include "train/teacher/kernel.h"

#include "core/activation.h"
#include "core/lanes.h"

#include <math.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define TEACHER_KERNEL JOIN(teacher_kernel_, TEACHER_ISA)

#define VECTORS 2U ///< Of a tile
#if LANES == 16
#define ROWS 12U ///< Of a tile: as many sums as there are registers for
#elif LANES == 8
#define ROWS 6U
#else
#define ROWS 4U
#endif

extern const TeacherKernel TEACHER_KERNEL;

/// `rows` outputs from row `first`, for VECTORS vectors of time from frame `t`
KERNEL_INNER void
multiply_tile(const TeacherProduct* const p, const uint32_t rows, const uint32_t first,
              const uint32_t t)
{
  Lanes sum[ROWS * VECTORS];
  float* const out = p->out + (size_t)first * TEACHER_BLOCK + t;
  const float* const weights = p->weights + (size_t)first * p->n_taps;
  for (uint32_t i = 0; i < rows * VECTORS; ++i) {
    const uint32_t r = i / VECTORS;
    sum[i] = lanes_splat(p->bias ? p->bias[first + r] : 0.0F);
    if (p->adds) {
      sum[i] += lanes_load(out + (size_t)r * TEACHER_BLOCK + i % VECTORS * LANES);
    }
  }
  for (uint32_t j = 0; j < p->n_taps; ++j) {
    Lanes x[VECTORS];
    for (uint32_t v = 0; v < VECTORS; ++v) {
      x[v] = lanes_load(p->taps[j] + t + v * LANES);
    }
#pragma GCC unroll 16
    for (uint32_t r = 0; r < rows; ++r) {
      const Lanes w = lanes_splat(weights[(size_t)r * p->n_taps + j]);
      for (uint32_t v = 0; v < VECTORS; ++v) {
        sum[r * VECTORS + v] += w * x[v];
      }
    }
  }
  for (uint32_t i = 0; i < rows * VECTORS; ++i) {
    lanes_store(out + (size_t)(i / VECTORS) * TEACHER_BLOCK + i % VECTORS * LANES, sum[i]);
  }
}

static void
multiply_rows(const TeacherProduct* const p, const uint32_t rows, const uint32_t first)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; t += VECTORS * LANES) {
    switch (rows) { // A constant number for each tile
    case 1:
      multiply_tile(p, 1, first, t);
      break;
    case 2:
      multiply_tile(p, 2, first, t);
      break;
    case 4:
      multiply_tile(p, 4, first, t);
      break;
#if LANES >= 8
    case 6:
      multiply_tile(p, 6, first, t);
      break;
#endif
#if LANES >= 16
    case 8:
      multiply_tile(p, 8, first, t);
      break;
    case 12:
      multiply_tile(p, 12, first, t);
      break;
#endif
    default:
      break;
    }
  }
}

/// Return the tallest tile that has at most so many rows
static uint32_t
tallest_tile(const uint32_t rows)
{
  static const uint32_t heights[] = {12, 8, 6, 4, 2, 1};
  uint32_t i = 0;
  while (heights[i] > ROWS || heights[i] > rows) {
    ++i;
  }
  return heights[i];
}

static void
multiply(const TeacherProduct* const p)
{
  for (uint32_t first = 0; first < p->n_rows;) {
    const uint32_t rows = tallest_tile(p->n_rows - first);
    multiply_rows(p, rows, first);
    first += rows;
  }
}

static float
clamp(const float x, const float least, const float most)
{
  return fminf(fmaxf(x, least), most);
}

static void
apply_tanh(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; t += LANES) {
    lanes_store(x + t, activation_tanh(lanes_load(x + t)));
  }
}

static void
apply_sigmoid(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; t += LANES) {
    lanes_store(x + t, activation_sigmoid(lanes_load(x + t)));
  }
}

static void
apply_silu(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; t += LANES) {
    const Lanes v = lanes_load(x + t);
    lanes_store(x + t, v * activation_sigmoid(v));
  }
}

/// NAM's approximation of tanh, with its own coefficients
static void
apply_fasttanh(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    const float v = x[t];
    const float a = fabsf(v);
    const float u = v * v;
    const float numerator = v * (2.45550750702956F + 2.45550750702956F * a +
                                 (0.893229853513558F + 0.821226666969744F * a) * u);
    x[t] = numerator /
           (2.44506634652299F + (2.44506634652299F + u) * fabsf(v + 0.814642734961073F * v * a));
  }
}

static void
apply_leaky_relu(const float slope, float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    x[t] = x[t] > 0.0F ? x[t] : slope * x[t];
  }
}

static void
apply_hardtanh(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    x[t] = clamp(x[t], -1.0F, 1.0F);
  }
}

static void
apply_leaky_hardtanh(const Activation* const a, float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    const float v = clamp(x[t], a->least, a->most);
    const float beyond = x[t] - v;
    x[t] = v + beyond * (beyond < 0.0F ? a->least_slope : a->most_slope);
  }
}

static void
apply_hardswish(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    x[t] = x[t] * clamp(x[t] + 3.0F, 0.0F, 6.0F) / 6.0F;
  }
}

static void
apply_softsign(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    x[t] = x[t] / (1.0F + fabsf(x[t]));
  }
}

static void
apply_elu(float* const x)
{
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    x[t] = x[t] > 0.0F ? x[t] : expm1f(x[t]);
  }
}

static void
activate(const Activation* const a, const uint32_t channel, float* const x)
{
  switch (a->kind) {
  case ACTIVATION_IDENTITY:
    break;
  case ACTIVATION_TANH:
    apply_tanh(x);
    break;
  case ACTIVATION_HARDTANH:
    apply_hardtanh(x);
    break;
  case ACTIVATION_FASTTANH:
    apply_fasttanh(x);
    break;
  case ACTIVATION_RELU:
    apply_leaky_relu(0.0F, x);
    break;
  case ACTIVATION_LEAKY_RELU:
    apply_leaky_relu(a->slopes[channel % a->n_slopes], x);
    break;
  case ACTIVATION_SIGMOID:
    apply_sigmoid(x);
    break;
  case ACTIVATION_SILU:
    apply_silu(x);
    break;
  case ACTIVATION_HARDSWISH:
    apply_hardswish(x);
    break;
  case ACTIVATION_LEAKY_HARDTANH:
    apply_leaky_hardtanh(a, x);
    break;
  case ACTIVATION_SOFTSIGN:
    apply_softsign(x);
    break;
  case ACTIVATION_ELU:
    apply_elu(x);
    break;
  }
}

const TeacherKernel TEACHER_KERNEL = {TEXT(TEACHER_ISA), multiply, activate};

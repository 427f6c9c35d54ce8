// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Linear circuits in time steps. Offline.
//
//     (I - T/2 A) x = (I + T/2 A) x1 + T/2 B (u + u1)
//
// is solved once for the two matrices that take x1 and u + u1 to x.

#include "guitar/linear.h"

#include <math.h>
#include <string.h>

#define N LINEAR_MAX_STATES

static uint32_t
largest_row(double matrix[N][N], const uint32_t column)
{
  uint32_t largest = column;
  for (uint32_t row = column + 1; row < N; ++row) {
    if (fabs(matrix[row][column]) > fabs(matrix[largest][column])) {
      largest = row;
    }
  }
  return largest;
}

static void
swap_rows(double matrix[N][N], double rhs[N], const uint32_t i, const uint32_t k)
{
  for (uint32_t column = 0; column < N; ++column) {
    const double kept = matrix[i][column];
    matrix[i][column] = matrix[k][column];
    matrix[k][column] = kept;
  }
  const double kept = rhs[i];
  rhs[i] = rhs[k];
  rhs[k] = kept;
}

static void
eliminate_below(double matrix[N][N], double rhs[N], const uint32_t pivot)
{
  for (uint32_t row = pivot + 1; row < N; ++row) {
    const double factor = matrix[row][pivot] / matrix[pivot][pivot];
    for (uint32_t column = pivot; column < N; ++column) {
      matrix[row][column] -= factor * matrix[pivot][column];
    }
    rhs[row] -= factor * rhs[pivot];
  }
}

static void
substitute_back(double matrix[N][N], double rhs[N])
{
  for (uint32_t row = N; row-- > 0;) {
    for (uint32_t column = row + 1; column < N; ++column) {
      rhs[row] -= matrix[row][column] * rhs[column];
    }
    rhs[row] /= matrix[row][row];
  }
}

bool
linear_solve(double matrix[N][N], double rhs[N])
{
  for (uint32_t pivot = 0; pivot < N; ++pivot) {
    const uint32_t row = largest_row(matrix, pivot);
    if (!(fabs(matrix[row][pivot]) > 0.0)) {
      return false;
    }
    if (row != pivot) {
      swap_rows(matrix, rhs, row, pivot);
    }
    eliminate_below(matrix, rhs, pivot);
  }
  substitute_back(matrix, rhs);
  return true;
}

StateSpace
linear_high_pass(const double tau)
{
  const StateSpace circuit = {
      .a = {{-1.0 / tau}},
      .b = {1.0 / tau},
      .c = {-1.0},
      .d = 1.0,
  };
  return circuit;
}

static void
implicit_solve(const StateSpace* const circuit, const double half_step, double rhs[N])
{
  double matrix[N][N];
  for (uint32_t i = 0; i < N; ++i) {
    for (uint32_t k = 0; k < N; ++k) {
      matrix[i][k] = (i == k ? 1.0 : 0.0) - half_step * circuit->a[i][k];
    }
  }
  (void)linear_solve(matrix, rhs);
}

void
linear_init(Linear* const linear, const StateSpace* const circuit, const double rate)
{
  const double half_step = 0.5 / rate;
  *linear = (Linear){.d = circuit->d};
  memcpy(linear->c, circuit->c, sizeof(linear->c));
  for (uint32_t i = 0; i < N; ++i) {
    linear->b[i] = half_step * circuit->b[i];
  }
  implicit_solve(circuit, half_step, linear->b);
  for (uint32_t k = 0; k < N; ++k) {
    double column[N];
    for (uint32_t i = 0; i < N; ++i) {
      column[i] = (i == k ? 1.0 : 0.0) + half_step * circuit->a[i][k];
    }
    implicit_solve(circuit, half_step, column);
    for (uint32_t i = 0; i < N; ++i) {
      linear->a[i][k] = column[i];
    }
  }
}

double
linear_step(Linear* const linear, const double input)
{
  const double both = input + linear->u;
  double x[N];
  for (uint32_t i = 0; i < N; ++i) {
    x[i] = linear->b[i] * both;
    for (uint32_t k = 0; k < N; ++k) {
      x[i] += linear->a[i][k] * linear->x[k];
    }
  }
  double output = linear->d * input;
  for (uint32_t i = 0; i < N; ++i) {
    linear->x[i] = x[i];
    output += linear->c[i] * x[i];
  }
  linear->u = input;
  return output;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Transforms of 8 complex sequences side by side, compiled once per instruction set (BPTT_ISA).
// Offline threads. Forward by decimation in frequency, back by decimation in time: neither needs
// its bins in order.
//
// Source: Cooley and Tukey, "An algorithm for the machine calculation of complex Fourier series",
// Mathematics of Computation 19, 1965, with a radix of 4.

#include "train/learn/fir.h"

#include "core/lanes.h"

#include <stdbool.h>
#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
#define FIR_KERNEL JOIN(fir_kernel_, BPTT_ISA)

#define G BPTT_GROUP

_Static_assert(G == 2 * LANES, "a group is one vector of complex numbers");

extern const FirKernel FIR_KERNEL;

/// One frame or bin of all sequences
typedef struct {
  Lanes re;
  Lanes im;
} Complex;

KERNEL_INNER Complex
load(const float* const x)
{
  return (Complex){lanes_load(x), lanes_load(x + LANES)};
}

KERNEL_INNER void
store(float* const x, const Complex c)
{
  lanes_store(x, c.re);
  lanes_store(x + LANES, c.im);
}

KERNEL_INNER Complex
add(const Complex a, const Complex b)
{
  return (Complex){a.re + b.re, a.im + b.im};
}

KERNEL_INNER Complex
subtract(const Complex a, const Complex b)
{
  return (Complex){a.re - b.re, a.im - b.im};
}

/// Return c times i
KERNEL_INNER Complex
turn_left(const Complex c)
{
  return (Complex){-c.im, c.re};
}

/// Return c times a number (2), or its conjugate
KERNEL_INNER Complex
multiply(const Complex c, const float* const by, const bool conjugates)
{
  const Lanes re = lanes_splat(by[0]);
  const Lanes im = lanes_splat(conjugates ? -by[1] : by[1]);
  return (Complex){c.re * re - c.im * im, c.re * im + c.im * re};
}

/// Both halves of pairs that lie side by side; the last stage forward, and the first back
static void
add_pairs(const uint32_t size, float* const x)
{
  for (uint32_t i = 0; i < size; i += 2) {
    float* const at = x + (size_t)i * G;
    const Complex a = load(at);
    const Complex b = load(at + G);
    store(at, add(a, b));
    store(at + G, subtract(a, b));
  }
}

/// Split transforms of `n` bins into four of n / 4
static void
split_by_four(const FirTaps* const taps, const uint32_t n, float* const x)
{
  const uint32_t quarter = n / 4;
  const size_t step = (size_t)(taps->max_size / n) * 2;
  const size_t apart = (size_t)quarter * G;
  for (uint32_t begin = 0; begin < taps->size; begin += n) {
    for (uint32_t j = 0; j < quarter; ++j) {
      float* const at = x + (size_t)(begin + j) * G;
      const Complex a = load(at);
      const Complex b = load(at + apart);
      const Complex c = load(at + 2 * apart);
      const Complex d = load(at + 3 * apart);
      const Complex even = add(a, c);
      const Complex odd = subtract(a, c);
      const Complex sum = add(b, d);
      const Complex turned = turn_left(subtract(b, d));
      store(at, add(even, sum));
      store(at + apart, multiply(subtract(odd, turned), taps->turns + j * step, false));
      store(at + 2 * apart, multiply(subtract(even, sum), taps->turns + 2 * j * step, false));
      store(at + 3 * apart, multiply(add(odd, turned), taps->turns + 3 * j * step, false));
    }
  }
}

/// Join four transforms of n / 4 bins, backwards
static void
join_four(const FirTaps* const taps, const uint32_t n, float* const x)
{
  const uint32_t quarter = n / 4;
  const size_t step = (size_t)(taps->max_size / n) * 2;
  const size_t apart = (size_t)quarter * G;
  for (uint32_t begin = 0; begin < taps->size; begin += n) {
    for (uint32_t j = 0; j < quarter; ++j) {
      float* const at = x + (size_t)(begin + j) * G;
      const Complex a = load(at);
      const Complex b = multiply(load(at + apart), taps->turns + j * step, true);
      const Complex c = multiply(load(at + 2 * apart), taps->turns + 2 * j * step, true);
      const Complex d = multiply(load(at + 3 * apart), taps->turns + 3 * j * step, true);
      const Complex even = add(a, c);
      const Complex odd = subtract(a, c);
      const Complex sum = add(b, d);
      const Complex turned = turn_left(subtract(b, d));
      store(at, add(even, sum));
      store(at + apart, add(odd, turned));
      store(at + 2 * apart, subtract(even, sum));
      store(at + 3 * apart, subtract(odd, turned));
    }
  }
}

static void
to_bins(const FirTaps* const taps, float* const x)
{
  uint32_t n = taps->size;
  for (; n >= 4; n /= 4) {
    split_by_four(taps, n, x);
  }
  if (n == 2) {
    add_pairs(taps->size, x);
  }
}

static void
to_frames(const FirTaps* const taps, float* const x)
{
  uint32_t n = taps->size;
  while (n >= 4) {
    n /= 4;
  }
  if (n == 2) {
    add_pairs(taps->size, x);
  }
  for (n *= 4; n <= taps->size; n *= 4) {
    join_four(taps, n, x);
  }
}

KERNEL_INLINE void
multiply_bins(const FirTaps* const taps, const bool conjugates, const float* const in,
              float* const out)
{
  const Lanes scale = lanes_splat(1.0F / (float)taps->size);
  for (uint32_t k = 0; k < taps->size; ++k) {
    Complex c = load(in + (size_t)k * G);
    c = multiply(c, taps->spectrum + (size_t)2 * k, conjugates);
    store(out + (size_t)k * G, (Complex){scale * c.re, scale * c.im});
  }
}

static void
multiply_all(const FirTaps* const taps, const bool conjugates, const float* const in,
             float* const out)
{
  if (conjugates) {
    multiply_bins(taps, true, in, out);
  } else {
    multiply_bins(taps, false, in, out);
  }
}

static void
correlate(const FirTaps* const taps, const float* const a, const float* const b, float* const out)
{
  const float scale = 1.0F / (float)taps->size;
  for (uint32_t k = 0; k < taps->size; ++k) {
    const Complex p = load(a + (size_t)k * G);
    const Complex q = load(b + (size_t)k * G);
    memset(out + (size_t)k * G, 0, G * sizeof(float));
    out[(size_t)k * G] = scale * lanes_sum(p.re * q.re + p.im * q.im);
    out[(size_t)k * G + LANES] = scale * lanes_sum(p.re * q.im - p.im * q.re);
  }
}

const FirKernel FIR_KERNEL = {TEXT(BPTT_ISA), to_bins, to_frames, multiply_all, correlate};

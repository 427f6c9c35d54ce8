// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do the kernels agree with the equations in double, with each other, and with PyTorch?

#include "tests/fixtures.h"

#include "core/model/cells.h"
#include "core/reference.h"
#include "tests/checks.h"
#include "tests/learn/torch_vectors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 4000U

static const uint32_t sizes[] = {1,  2,  3,  7,  8,  9,  12, 13, 16, 20,  24,
                                 31, 32, 40, 41, 48, 63, 64, 65, 80, 100, 256};
#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/// Return how many of the sizes most tests go through
static size_t
n_usual_sizes(void)
{
  return fixture_is_slow() ? 10 : N_SIZES;
}

static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER, CELL_LSTM};
#define N_CELLS (sizeof(cells) / sizeof(cells[0]))

/// A kernel, packed weights and a state of zeros
typedef struct {
  CellKernel kernel;
  CellWeights weights;
  float* state;
} Packed;

static float*
aligned_zeros(const size_t count)
{
  const size_t size = (count * sizeof(float) + 63) / 64 * 64;
  float* const values = (float*)aligned_alloc(64, size);
  assert_non_null(values);
  return (float*)memset(values, 0, size);
}

static const float knobs[PARAMS_MAX_KNOBS] = {0.25F, 0.75F, 0.5F, 1.0F};

static Packed
pack_params(const Params* const params, const uint32_t n_streams, const uint32_t isa,
            const CellGains gains)
{
  const CellChoice choice = {params->shape.cell, params->shape.hidden_size, n_streams};
  Packed p = {cells_choose(choice, isa), {.values = NULL}, NULL};
  p.weights.values = aligned_zeros(cells_weights_count(&p.kernel));
  p.state = aligned_zeros(cells_state_count(&p.kernel));
  cells_pack(&p.kernel, params, knobs, gains, &p.weights);
  return p;
}

static void
free_packed(Packed* const p)
{
  free(p->weights.values);
  free(p->state);
}

/// Run a kernel from zero state
static void
run_kernel(const Params* const params, const uint32_t isa, const CellGains gains,
           const float* const in, float* const out, const uint32_t n)
{
  Packed p = pack_params(params, 1, isa, gains);
  const CellBuffers io = {{in}, {out}};
  p.kernel.run(&p.weights, p.state, &io, n);
  free_packed(&p);
}

static double
error_against_reference(const ParamsShape shape, const uint32_t isa, const uint32_t n)
{
  const double positions[PARAMS_MAX_KNOBS] = {(double)knobs[0], (double)knobs[1], (double)knobs[2],
                                              (double)knobs[3]};
  double state[PARAMS_MAX_STATE] = {0};
  float in[N];
  float out[N];
  double y[N];
  double largest = 0.0;
  Params params = fixture_params(shape, 5 + shape.hidden_size);
  fixture_guitar(in, n, 3);
  assert_int_equal(reference_run(&params, positions, state, in, y, n), STATUS_OK);
  run_kernel(&params, isa, (CellGains){1.0F, 1.0F}, in, out, n);
  for (uint32_t i = 0; i < n; ++i) {
    const double error = fabs((double)out[i] - y[i]);
    if (!(error <= largest)) { // Not-a-number counts
      largest = error;
    }
  }
  params_clear(&params);
  return largest;
}

static void
every_kernel_follows_the_equations(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (size_t c = 0; c < N_CELLS; ++c) {
      for (size_t s = 0; s < N_SIZES; ++s) {
        const ParamsShape shape = {cells[c], sizes[s], 1, s % 2 == 0, 0};
        const uint32_t n = fixture_is_slow() ? 16 : sizes[s] > 100 ? 500 : N;
        const double error = error_against_reference(shape, isa, n);
        if (!(error <= 2e-6)) {
          fail_msg("%s, %s, hidden size %u: error %g", cells_isa_name(isa),
                   params_cell_name(cells[c]), sizes[s], error);
        }
      }
    }
  }
}

static void
knobs_are_constant_inputs(void** const state)
{
  (void)state;
  for (size_t c = 0; c < N_CELLS; ++c) {
    for (uint32_t n_inputs = 2; n_inputs <= 1 + PARAMS_MAX_KNOBS; ++n_inputs) {
      const ParamsShape shape = {cells[c], 12, n_inputs, true, 0};
      const uint32_t n = fixture_is_slow() ? 16 : N;
      check_at_most(error_against_reference(shape, cells_n_isas() - 1, n), 2e-6);
    }
  }
}

static void
turned_knobs_give_the_same_bits_as_packed_ones(void** const state)
{
  (void)state;
  static const float before[PARAMS_MAX_KNOBS] = {1.0F, 0.0F, 0.3F, 0.1F};
  const CellGains gains = {1.5F, 0.5F};
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (size_t c = 0; c < N_CELLS; ++c) {
      for (size_t s = 0; s < n_usual_sizes(); ++s) {
        const uint32_t n_streams = 1 + (uint32_t)s % 2;
        const ParamsShape shape = {cells[c], sizes[s], 1 + (uint32_t)s % (1 + PARAMS_MAX_KNOBS),
                                   true, 0};
        Params params = fixture_params(shape, s);
        Packed packed = pack_params(&params, n_streams, isa, gains);
        Packed turned = pack_params(&params, n_streams, isa, gains);
        const size_t size = cells_weights_count(&packed.kernel) * sizeof(float);
        cells_set_knobs(&turned.kernel, before, &turned.weights);
        assert_true(shape.n_inputs == 1 ||
                    memcmp(turned.weights.values, packed.weights.values, size) != 0);
        cells_set_knobs(&turned.kernel, knobs, &turned.weights);
        assert_memory_equal(turned.weights.values, packed.weights.values, size);
        free_packed(&packed);
        free_packed(&turned);
        params_clear(&params);
      }
    }
  }
}

static void
gains_are_folded_into_the_weights(void** const state)
{
  (void)state;
  const ParamsShape shape = {CELL_GRU_RESET_AFTER, 16, 1, true, 0};
  Params params = fixture_params(shape, 9);
  float in[N];
  float loud[N];
  float expected[N];
  float out[N];
  fixture_guitar(in, N, 4);
  for (uint32_t i = 0; i < N; ++i) {
    loud[i] = 2.0F * in[i];
  }
  run_kernel(&params, 0, (CellGains){1.0F, 1.0F}, loud, expected, N);
  run_kernel(&params, 0, (CellGains){2.0F, 0.5F}, in, out, N);
  for (uint32_t i = 0; i < N; ++i) {
    expected[i] *= 0.5F;
  }
  check_at_most(fixture_difference(out, expected, N), 2e-6);
  params_clear(&params);
}

static void
every_instruction_set_agrees_with_base(void** const state)
{
  (void)state;
  float in[N];
  float base[N];
  float out[N];
  const uint32_t n = fixture_is_slow() ? 16 : N;
  fixture_guitar(in, n, 6);
  for (size_t c = 0; c < N_CELLS; ++c) {
    for (size_t s = 0; s + 1 < N_SIZES && s < n_usual_sizes() && cells_n_isas() > 1; ++s) {
      Params params = fixture_params((ParamsShape){cells[c], sizes[s], 1, false, 0}, s);
      run_kernel(&params, 0, (CellGains){1.0F, 1.0F}, in, base, n);
      for (uint32_t isa = 1; isa < cells_n_isas(); ++isa) {
        run_kernel(&params, isa, (CellGains){1.0F, 1.0F}, in, out, n);
        check_at_most(fixture_difference(base, out, n), 2e-6);
      }
      params_clear(&params);
    }
  }
}

static void
a_kernel_may_write_over_its_input(void** const state)
{
  (void)state;
  Params params = fixture_params((ParamsShape){CELL_GRU_RESET_BEFORE, 20, 1, true, 0}, 2);
  float buffer[N];
  float out[N];
  fixture_guitar(buffer, N, 7);
  run_kernel(&params, cells_n_isas() - 1, (CellGains){1.0F, 1.0F}, buffer, out, N);
  run_kernel(&params, cells_n_isas() - 1, (CellGains){1.0F, 1.0F}, buffer, buffer, N);
  assert_memory_equal(buffer, out, sizeof(out));
  params_clear(&params);
}

/// Compare two sounds through the same weights with each alone
static void
check_streams(const Params* const params, const uint32_t isa)
{
  float in[2][N];
  float alone[N];
  float out[2][N];
  const uint32_t n = fixture_is_slow() ? 16 : params->shape.hidden_size > 100 ? 64 : N;
  const CellBuffers io = {{in[0], in[1]}, {out[0], out[1]}};
  Packed p = pack_params(params, 2, isa, (CellGains){1.0F, 1.0F});
  fixture_guitar(in[0], n, 8);
  fixture_guitar(in[1], n, 9);
  p.kernel.run(&p.weights, p.state, &io, n / 3);
  const CellBuffers rest = {{in[0] + n / 3, in[1] + n / 3}, {out[0] + n / 3, out[1] + n / 3}};
  p.kernel.run(&p.weights, p.state, &rest, n - n / 3);
  for (uint32_t i = 0; i < 2; ++i) {
    run_kernel(params, isa, (CellGains){1.0F, 1.0F}, in[i], alone, n);
    check_at_most(fixture_difference(out[i], alone, n), 2e-6);
  }
  free_packed(&p);
}

static void
two_streams_sound_like_each_alone(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (size_t c = 0; c < N_CELLS; ++c) {
      for (size_t s = 0; s < n_usual_sizes(); ++s) {
        Params params = fixture_params((ParamsShape){cells[c], sizes[s], 1, s % 2 == 0, 0}, s);
        check_streams(&params, isa);
        params_clear(&params);
      }
    }
  }
}

/// One call against calls of 1, 2, 3 ... frames
static void
check_splits(const Params* const params, const uint32_t n_streams, const uint32_t isa)
{
  enum { N_SPLIT = 60 };
  float in[2][N_SPLIT];
  float whole[2][N_SPLIT] = {{0.0F}};
  float split[2][N_SPLIT] = {{0.0F}};
  Packed a = pack_params(params, n_streams, isa, (CellGains){1.0F, 1.0F});
  Packed b = pack_params(params, n_streams, isa, (CellGains){1.0F, 1.0F});
  fixture_guitar(in[0], N_SPLIT, 8);
  fixture_guitar(in[1], N_SPLIT, 9);
  const CellBuffers io = {{in[0], in[1]}, {whole[0], whole[1]}};
  a.kernel.run(&a.weights, a.state, &io, N_SPLIT);
  for (uint32_t t = 0, n = 1; t < N_SPLIT; t += n, ++n) {
    const CellBuffers part = {{in[0] + t, in[1] + t}, {split[0] + t, split[1] + t}};
    n = N_SPLIT - t < n ? N_SPLIT - t : n;
    b.kernel.run(&b.weights, b.state, &part, n);
  }
  assert_memory_equal(whole, split, sizeof(whole));
  free_packed(&a);
  free_packed(&b);
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (size_t c = 0; c < N_CELLS; ++c) {
      for (size_t s = 0; s < n_usual_sizes(); ++s) {
        Params params = fixture_params((ParamsShape){cells[c], sizes[s], 1, s % 2 == 0, 0}, s);
        check_splits(&params, 1, isa);
        check_splits(&params, 2, isa);
        params_clear(&params);
      }
    }
  }
}

static void
the_forward_pass_agrees_with_pytorch(void** const state)
{
  (void)state;
  TorchVectors v = torch_vectors_read();
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (uint32_t b = 0; b < v.batch; ++b) {
      Packed p = pack_params(&v.params, 1, isa, (CellGains){1.0F, 1.0F});
      float x[64];
      float y[64];
      const CellBuffers io = {{x}, {y}};
      for (uint32_t t = 0; t < v.frames; ++t) {
        x[t] = v.x[t * v.batch + b];
      }
      for (uint32_t i = 0; i < v.params.shape.hidden_size; ++i) {
        p.state[i] = v.h0[i * v.batch + b];
      }
      p.kernel.run(&p.weights, p.state, &io, v.frames);
      double past[PARAMS_MAX_TAPS] = {0.0};
      double out[64];
      for (uint32_t t = 0; t < v.frames; ++t) {
        out[t] = (double)y[t];
      }
      reference_stage(&v.params, past, out, v.frames);
      for (uint32_t t = 0; t < v.frames; ++t) {
        check_near(out[t], v.y[t * v.batch + b], 1e-5);
      }
      free_packed(&p);
    }
  }
  torch_vectors_clear(&v);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_kernel_follows_the_equations),
      cmocka_unit_test(knobs_are_constant_inputs),
      cmocka_unit_test(turned_knobs_give_the_same_bits_as_packed_ones),
      cmocka_unit_test(gains_are_folded_into_the_weights),
      cmocka_unit_test(every_instruction_set_agrees_with_base),
      cmocka_unit_test(a_kernel_may_write_over_its_input),
      cmocka_unit_test(two_streams_sound_like_each_alone),
      cmocka_unit_test(any_split_gives_the_same_bits),
      cmocka_unit_test(the_forward_pass_agrees_with_pytorch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

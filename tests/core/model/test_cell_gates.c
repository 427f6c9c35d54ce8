// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is the picture of the gates what the equations say, in every layout, at every rate, and does the
// sound stay the same while it is taken?

#include "tests/fixtures.h"

#include "core/decibel.h"
#include "core/memory.h"
#include "core/model/cells.h"
#include "core/model/recurrence.h"
#include "core/random.h"
#include "core/reference.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N 600U
#define BOUND_DB (-120.0) ///< Of the largest error, against 1

static const float positions[PARAMS_MAX_KNOBS] = {0.25F, 0.75F, 0.5F, 1.0F};
static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_GRU_RESET_AFTER};
static const uint32_t sizes[] = {1, 3, 8, 12, 13, 16, 17, 20, 31, 40, 63, 64, 65, 100, 255, 256};
#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

/// Double-precision r, z, n and h, and what they step from
typedef struct {
  double h[PARAMS_MAX_STATE];
  double x[1 + PARAMS_MAX_KNOBS];
  double gates[3 * PARAMS_MAX_HIDDEN_SIZE];
} Exact;

static void
step_exactly(const Params* const params, const double x, Exact* const exact)
{
  exact->x[0] = x;
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    exact->x[1 + k] = (double)positions[k];
  }
  (void)reference_step(params, exact->x, exact->h, exact->gates);
}

/// Return the largest error of a picture (4, H) [dB]
static double
error_db(const Exact* const exact, const float* const gates, const uint32_t n)
{
  double largest = 0.0;
  for (uint32_t i = 0; i < 4 * n; ++i) {
    const double expected = i < 3 * n ? exact->gates[i] : exact->h[i - 3 * n];
    const double error = fabs((double)gates[i] - expected);
    largest = error <= largest ? largest : error; // Not-a-number counts
  }
  return decibel_of_gain(largest + 1e-20);
}

static void
check_kernel(const Params* const params, const uint32_t n_streams, const uint32_t isa)
{
  const ParamsShape shape = params->shape;
  const uint32_t n = shape.hidden_size;
  const CellKernel kernel = cells_choose((CellChoice){shape.cell, n, n_streams}, isa);
  CellWeights weights = {.values = memory_new_floats(cells_weights_count(&kernel))};
  CellStep step = {.x = 0.3F};
  Exact exact = {.x = {0.0}};
  float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
  Random random = random_for(n, 1);
  cells_pack(&kernel, params, positions, (CellGains){1.5F, 0.5F}, &weights);
  for (uint32_t i = 0; i < n; ++i) {
    step.h[i] = (float)random_between(&random, -1.0, 1.0);
    exact.h[i] = (double)step.h[i];
  }
  step_exactly(params, 1.5 * (double)step.x, &exact);
  assert_int_equal(cells_gates(&kernel, &weights, &step, gates), n);
  check_below(error_db(&exact, gates, n), BOUND_DB);
  free(weights.values);
}

static void
the_gates_follow_the_equations_in_every_layout(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2 * N_SIZES; ++k) {
    const ParamsShape shape = {cells[k % 2], sizes[k / 2], 1 + k % 5, k % 3 == 0, 0};
    Params params = fixture_params(shape, k);
    for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
      check_kernel(&params, 1, isa);
      check_kernel(&params, 2, isa);
    }
    params_clear(&params);
  }
}

static void
an_lstm_has_no_such_picture(void** const state)
{
  (void)state;
  float gates[4 * 8] = {7.0F};
  float sound[64];
  Model* const model = fixture_model(CELL_LSTM, 8, 1);
  fixture_guitar(sound, 64, 1);
  model_watch(model, true);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, 64);
  assert_int_equal(model_gates(model, gates), 0);
  check_equal(gates[0], 7.0F);
  model_free(model);
}

/// The states of all frames so far
typedef struct {
  double h[N][PARAMS_MAX_HIDDEN_SIZE];
} Past;

/// Step frame `t` of a network whose state is delayed by `delay`
static void
step_delayed(const Params* const params, const double delay, const uint32_t t, const double x,
             Past* const past, Exact* const exact)
{
  const uint32_t n = params->shape.hidden_size;
  double taps[RECURRENCE_TAPS] = {1.0, 0.0, 0.0, 0.0};
  const uint32_t skip =
      recurrence_is_whole(delay) ? (uint32_t)lround(delay) - 1 : recurrence_taps(delay, taps);
  memset(exact->h, 0, sizeof(exact->h));
  for (uint32_t k = 0; k < RECURRENCE_TAPS; ++k) {
    for (uint32_t i = 0; i < n && t >= 1 + skip + k; ++i) {
      exact->h[i] += taps[k] * past->h[t - 1 - skip - k][i];
    }
  }
  step_exactly(params, x, exact);
  memcpy(past->h[t], exact->h, n * sizeof(double));
}

/// Compare the state that each of some frames steps from, and so its gates
static void
check_delay(const ParamsShape shape, const double delay, const uint32_t n_channels)
{
  static Past past;
  const uint32_t n_streams = recurrence_n_streams(delay, n_channels);
  const CellKernel kernel =
      cells_choose((CellChoice){shape.cell, shape.hidden_size, n_streams}, cells_n_isas() - 1);
  Params params = fixture_params(shape, 4);
  CellWeights weights = {.values = memory_new_floats(cells_weights_count(&kernel))};
  float* const rest = memory_new_floats(cells_state_count(&kernel));
  float sound[2][N];
  Recurrence* recurrence = NULL;
  fixture_guitar(sound[0], N, 1);
  fixture_guitar(sound[1], N, 2);
  cells_pack(&kernel, &params, positions, (CellGains){1.0F, 1.0F}, &weights);
  assert_int_equal(recurrence_new(&kernel, delay, n_channels, &recurrence), STATUS_OK);
  recurrence_reset(recurrence, rest);
  for (uint32_t t = 0; t < N; ++t) {
    float* const at[] = {sound[0] + t, sound[1] + t};
    float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
    CellStep step = {.x = sound[0][t]};
    Exact exact;
    recurrence_next_state(recurrence, step.h);
    assert_int_equal(cells_gates(&kernel, &weights, &step, gates), shape.hidden_size);
    step_delayed(&params, delay, t, (double)sound[0][t], &past, &exact);
    check_below(error_db(&exact, gates, shape.hidden_size), BOUND_DB);
    recurrence_run(recurrence, &weights, (const float* const*)at, at, 1);
  }
  recurrence_free(recurrence);
  params_clear(&params);
  free(weights.values);
  free(rest);
}

static void
a_delayed_state_is_the_one_that_the_next_frame_steps_from(void** const state)
{
  (void)state;
  static const double delays[] = {1.0, 2.0, 3.0, 4.0, 5.0, 1.0884, 2.1769, 3.675};
  for (uint32_t k = 0; k < 2 * 2 * sizeof(delays) / sizeof(delays[0]); ++k) {
    const ParamsShape shape = {cells[k % 2], k % 3 ? 13 : 16, 2, false, 0};
    check_delay(shape, delays[k / 4], 1 + k / 2 % 2);
  }
}

/// How a model plays
typedef struct {
  double rate;
  uint32_t n_channels;
  uint32_t oversampling;
} Use;

static const Use uses[] = {{48000.0, 1, 1}, {48000.0, 2, 1}, {96000.0, 1, 1}, {96000.0, 2, 1},
                           {44100.0, 1, 1}, {44100.0, 2, 1}, {48000.0, 1, 2}, {48000.0, 2, 4},
                           {88200.0, 1, 1}, {51000.0, 1, 2}};
#define N_USES (sizeof(uses) / sizeof(uses[0]))

/// Return a model with knobs and gains
static ModelFile
file_with_knobs(const CellType cell, const uint32_t hidden_size)
{
  const ParamsShape shape = {cell, hidden_size, 3, true, 0};
  ModelFile file = fixture_model_file(cell, hidden_size, 3);
  params_clear(&file.params);
  file.params = fixture_params(shape, 3);
  file.input_gain_db = 3.0;
  file.output_gain_db = -2.0;
  return file;
}

static Model*
new_model(const ModelFile* const file, const Use use)
{
  Model* model = NULL;
  const ModelUse as = {use.rate, use.n_channels, use.oversampling};
  assert_int_equal(model_new(file, as, &model), STATUS_OK);
  model_settle(model, positions);
  return model;
}

/// Play a constant until the network has come to rest there, whatever filters are around it, and
/// compare with the equations' rest
static void
check_rest(const ModelFile* const file, const Use use)
{
  enum { BLOCK = 480 };
  float in[2][BLOCK];
  float out[2][BLOCK];
  float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
  const double level = 0.2;
  Exact exact = {.h = {0.0}};
  Model* const model = new_model(file, use);
  for (uint32_t i = 0; i < BLOCK; ++i) {
    in[0][i] = (float)level;
    in[1][i] = -0.4F;
  }
  for (uint32_t k = 0; k < 100; ++k) {
    model_watch(model, k == 99);
    model_run(model, (const float* const[]){in[0], in[1]}, (float* const[]){out[0], out[1]}, BLOCK);
  }
  for (uint32_t t = 0; t < 20000; ++t) {
    step_exactly(&file->params, level * decibel_to_gain(file->input_gain_db), &exact);
  }
  assert_int_equal(model_gates(model, gates), file->params.shape.hidden_size);
  check_below(error_db(&exact, gates, file->params.shape.hidden_size),
              -75.0); // The filters' ripple
  model_free(model);
}

static void
every_way_to_a_rate_shows_the_gates(void** const state)
{
  (void)state;
  for (size_t k = 0; k < N_USES; ++k) {
    ModelFile file = file_with_knobs(cells[k % 2], fixture_size(16));
    check_rest(&file, uses[k]);
    model_file_clear(&file);
  }
}

/// Compare the end of each block with the equations, at the model's own rate or a multiple of it,
/// where every frame is known
static void
the_last_frame_of_a_call_is_shown(void** const state)
{
  (void)state;
  for (uint32_t k = 0; k < 2 * 4; ++k) {
    const uint32_t n = k < 4 ? fixture_size(16) : fixture_size(64);
    const Use use = uses[k % 4]; // Of networks in turn, or one
    const uint32_t n_phases = use.rate > 48000.0 ? 2 : 1;
    ModelFile file = file_with_knobs(cells[k % 2], n);
    Model* const model = new_model(&file, use);
    static Exact phases[2];
    float in[2][N];
    float out[2][N];
    fixture_guitar(in[0], N, 1);
    fixture_guitar(in[1], N, 2);
    memset(phases, 0, sizeof(phases));
    for (uint32_t t = 0; t < 20000; ++t) { // To the rest of silence
      step_exactly(&file.params, 0.0, &phases[t % n_phases]);
    }
    for (uint32_t t = 0, size = 1; t + size <= N; t += size, size = 1 + size * 37 % 150) {
      float gates[4 * PARAMS_MAX_HIDDEN_SIZE];
      model_watch(model, true);
      model_run(model, (const float* const[]){in[0] + t, in[1] + t},
                (float* const[]){out[0] + t, out[1] + t}, size);
      for (uint32_t i = t; i < t + size; ++i) {
        step_exactly(&file.params, (double)in[0][i] * decibel_to_gain(file.input_gain_db),
                     &phases[i % n_phases]);
      }
      assert_int_equal(model_gates(model, gates), n);
      check_below(error_db(&phases[(t + size - 1) % n_phases], gates, n), BOUND_DB);
    }
    model_free(model);
    model_file_clear(&file);
  }
}

static void
a_watched_model_plays_the_same_bits(void** const state)
{
  (void)state;
  for (size_t k = 0; k < N_USES; ++k) {
    ModelFile file = file_with_knobs(cells[k % 2], 13);
    Model* const watched = new_model(&file, uses[k]);
    Model* const other = new_model(&file, uses[k]);
    float in[2][N];
    float a[2][N];
    float b[2][N];
    fixture_guitar(in[0], N, 5);
    fixture_guitar(in[1], N, 6);
    memcpy(a, in, sizeof(in)); // In place
    for (uint32_t t = 0, size = 1; t < N; t += size, size = 1 + size * 37 % 150) {
      size = N - t < size ? N - t : size;
      model_watch(watched, size % 3 != 0);
      model_run(watched, (const float* const[]){a[0] + t, a[1] + t},
                (float* const[]){a[0] + t, a[1] + t}, size);
      model_run(other, (const float* const[]){in[0] + t, in[1] + t},
                (float* const[]){b[0] + t, b[1] + t}, size);
    }
    assert_memory_equal(a, b, uses[k].n_channels * sizeof(a[0]));
    model_free(watched);
    model_free(other);
    model_file_clear(&file);
  }
}

static void
nothing_is_shown_that_was_not_watched(void** const state)
{
  (void)state;
  float gates[4 * 16];
  float sound[64] = {0.1F};
  Model* const model = fixture_model(CELL_GRU_RESET_AFTER, 16, 1);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, 64);
  assert_int_equal(model_gates(model, gates), 0);
  model_watch(model, true);
  assert_int_equal(model_gates(model, gates), 0);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, 0);
  assert_int_equal(model_gates(model, gates), 0);
  model_run(model, (const float* const[]){sound}, (float* const[]){sound}, 1);
  assert_int_equal(model_gates(model, gates), 16);
  model_watch(model, false);
  assert_int_equal(model_gates(model, gates), 0);
  model_free(model);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_gates_follow_the_equations_in_every_layout),
      cmocka_unit_test(an_lstm_has_no_such_picture),
      cmocka_unit_test(a_delayed_state_is_the_one_that_the_next_frame_steps_from),
      cmocka_unit_test(every_way_to_a_rate_shows_the_gates),
      cmocka_unit_test(the_last_frame_of_a_call_is_shown),
      cmocka_unit_test(a_watched_model_plays_the_same_bits),
      cmocka_unit_test(nothing_is_shown_that_was_not_watched),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

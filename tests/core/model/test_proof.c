// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A reader asks the reference where the kernel is wrong, so its tests wouldn't find that

#include "core/proof.h"
#include "core/reference.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <string.h>

#define N_FRAMES 600U

/// Play from zero state by the reference; with a lag, the later half of the units begins late
static void
play_reference(const ProofPlayer player, const float* const in, double* const out)
{
  const uint32_t hidden_size = player.params->shape.hidden_size;
  const uint32_t half = hidden_size / 2;
  const double knobs[PARAMS_MAX_KNOBS] = {(double)player.knob, (double)player.knob};
  float x[N_FRAMES + 1] = {0.0F};
  double y[N_FRAMES + 1];
  double h[PARAMS_MAX_STATE] = {0};
  double past[PARAMS_MAX_TAPS] = {0};
  memcpy(x, in, N_FRAMES * sizeof(float));
  assert_int_equal(reference_run(player.params, knobs, h, x, y, 1), STATUS_OK);
  if (player.lag) {
    memset(h + half, 0, half * sizeof(double));
    memset(h + hidden_size + half, 0, half * sizeof(double));
  }
  assert_int_equal(reference_run(player.params, knobs, h, x + 1, y + 1, N_FRAMES), STATUS_OK);
  memcpy(out, y + player.lag, N_FRAMES * sizeof(double));
  reference_stage(player.params, past, out, N_FRAMES);
}

static void
check_played(const ParamsShape shape, const uint32_t lag, const float knob)
{
  Params params = fixture_params(shape, 7);
  const ProofPlayer player = {&params, lag, knob};
  float in[N_FRAMES];
  float out[N_FRAMES];
  double right[N_FRAMES];
  fixture_guitar(in, N_FRAMES, 1);
  play_reference(player, in, right);
  assert_int_equal(proof_play(player, in, out, N_FRAMES), STATUS_OK);
  for (uint32_t t = 0; t < N_FRAMES; ++t) {
    check_near((double)out[t], right[t], 1e-4);
  }
  params_clear(&params);
}

static void
every_cell_plays_as_the_reference(void** const state)
{
  (void)state;
  check_played((ParamsShape){CELL_GRU_RESET_BEFORE, 7, 1, false, 0}, 0, 0.0F);
  check_played((ParamsShape){CELL_GRU_RESET_AFTER, 16, 1, true, 0}, 0, 0.0F);
  check_played((ParamsShape){CELL_LSTM, 9, 1, false, 0}, 0, 0.0F);
}

static void
knobs_stand_where_they_are_said_to(void** const state)
{
  (void)state;
  check_played((ParamsShape){CELL_GRU_RESET_AFTER, 8, 3, false, 0}, 0, 0.25F);
}

static void
a_linear_stage_is_heard(void** const state)
{
  (void)state;
  check_played((ParamsShape){CELL_GRU_RESET_AFTER, 8, 1, false, 1}, 0, 0.0F);
  check_played((ParamsShape){CELL_GRU_RESET_AFTER, 8, 1, false, 500}, 0, 0.0F);
}

static void
a_second_layer_begins_a_frame_later(void** const state)
{
  (void)state;
  check_played((ParamsShape){CELL_GRU_RESET_AFTER, 8, 1, false, 0}, 1, 0.0F);
  check_played((ParamsShape){CELL_LSTM, 8, 1, false, 0}, 1, 0.0F);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_cell_plays_as_the_reference),
      cmocka_unit_test(knobs_stand_where_they_are_said_to),
      cmocka_unit_test(a_linear_stage_is_heard),
      cmocka_unit_test(a_second_layer_begins_a_frame_later),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

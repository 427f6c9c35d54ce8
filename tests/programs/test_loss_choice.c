// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which recordings are learned by which loss?

#include "tests/fixtures.h"

#include "tests/checks.h"
#include "train/programs/train/loss_choice.h"

#include <math.h>
#include <stdlib.h>

#define FRAMES 96000U
#define MOST_TAKES 2U
#define TREBLE_CONTROLS 4U

/// Recordings of simple gear at several settings
typedef struct {
  float* input;
  float* targets[MOST_TAKES];
  Wav input_wav;
  Wav target_wavs[MOST_TAKES];
  Take takes[MOST_TAKES];
} Fixture;

static int
set_up(void** const state)
{
  Fixture* const f = (Fixture*)calloc(1, sizeof(Fixture));
  f->input = (float*)calloc(FRAMES, sizeof(float));
  f->input_wav = (Wav){.samples = f->input, .n_frames = FRAMES, .sample_rate = 48000.0};
  fixture_guitar(f->input, FRAMES, 1);
  for (uint32_t i = 0; i < MOST_TAKES; ++i) {
    f->targets[i] = (float*)calloc(FRAMES, sizeof(float));
    f->target_wavs[i] = (Wav){.samples = f->targets[i], .n_frames = FRAMES, .sample_rate = 48000.0};
    f->takes[i] = (Take){.name = "gear.wav", .input = &f->input_wav, .target = &f->target_wavs[i]};
  }
  *state = f;
  return 0;
}

static int
tear_down(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  for (uint32_t i = 0; i < MOST_TAKES; ++i) {
    free(f->targets[i]);
  }
  free(f->input);
  free(f);
  return 0;
}

/// Play a take through a clipper and steep treble controls
static void
play_gear(Fixture* const f, const uint32_t take, const float gain, const float treble)
{
  float last[TREBLE_CONTROLS] = {0.0F};
  for (uint32_t i = 0; i < FRAMES; ++i) {
    float x = tanhf(gain * f->input[i]);
    for (uint32_t k = 0; k < TREBLE_CONTROLS; ++k) {
      const float before = last[k];
      last[k] = x;
      x -= treble * before;
    }
    f->targets[take][i] = 0.05F * x;
  }
}

/// Choose the loss for takes cut into clips
static LossChoice
choose_for(Fixture* const f, const uint32_t n_takes, const ClipLayout layout)
{
  Dataset dataset = {.clips = NULL};
  LossChoice choice = {0};
  assert_int_equal(dataset_cut(f->takes, n_takes, layout, &dataset, NULL), STATUS_OK);
  assert_int_equal(loss_choose(&dataset, &choice), STATUS_OK);
  dataset_clear(&dataset);
  assert_true(choice.is_measured);
  return choice;
}

static void
high_gain_is_learned_as_we_hear_it(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 200.0F, 0.0F);
  const LossChoice choice = choose_for(f, 1, (ClipLayout){0, 0});
  check_above(choice.fizz, LOSS_CHOICE_FIZZ);
  assert_int_equal(choice.loss, LOSS_A_WEIGHTED);
}

/// A loudspeaker does that, too
static void
distortion_whose_fizz_is_turned_down_is_learned_pre_emphasised(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 200.0F, -0.99F);
  const LossChoice choice = choose_for(f, 1, (ClipLayout){0, 0});
  check_below(choice.fizz, 0.3 * LOSS_CHOICE_FIZZ);
  assert_int_equal(choice.loss, LOSS_ESR);
}

/// Also where its treble is turned up, for that is no fizz
static void
clean_gear_is_learned_pre_emphasised(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  for (uint32_t bright = 0; bright < 2; ++bright) {
    play_gear(f, 0, 0.2F, bright ? 0.99F : 0.0F);
    const LossChoice choice = choose_for(f, 1, (ClipLayout){0, 0});
    check_below(choice.fizz, 0.3 * LOSS_CHOICE_FIZZ);
    assert_int_equal(choice.loss, LOSS_ESR);
  }
}

/// Whose linear parts differ
static void
settings_of_clean_gear_are_no_fizz(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 0.2F, 0.99F);
  play_gear(f, 1, -0.2F, 0.99F);
  const LossChoice choice = choose_for(f, 2, (ClipLayout){0, 0});
  check_below(choice.fizz, 0.3 * LOSS_CHOICE_FIZZ);
  assert_int_equal(choice.loss, LOSS_ESR);
}

static void
a_soft_take_counts_as_much_as_a_loud_one(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 200.0F, 0.0F);
  const double alone = choose_for(f, 1, (ClipLayout){0, 0}).fizz;
  play_gear(f, 1, 0.2F, -0.99F);
  check_near(choose_for(f, 2, (ClipLayout){0, 0}).fizz / alone, 0.5, 0.2);
}

static void
the_level_of_a_recording_changes_no_choice(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 200.0F, 0.0F);
  const double before = choose_for(f, 1, (ClipLayout){0, 0}).fizz;
  for (uint32_t i = 0; i < FRAMES; ++i) {
    f->targets[0][i] *= 0.0078125F;
  }
  check_near(choose_for(f, 1, (ClipLayout){0, 0}).fizz, before, 1e-6);
}

/// Clips too short for a spectrum, and silence
static void
what_cannot_be_measured_is_learned_pre_emphasised(void** const state)
{
  Fixture* const f = (Fixture*)*state;
  play_gear(f, 0, 200.0F, 0.0F);
  assert_int_equal(choose_for(f, 1, (ClipLayout){4096, 100}).loss, LOSS_A_WEIGHTED);
  assert_int_equal(choose_for(f, 1, (ClipLayout){1000, 100}).loss, LOSS_ESR);
  play_gear(f, 0, 0.0F, 0.0F);
  const LossChoice silent = choose_for(f, 1, (ClipLayout){0, 0});
  assert_int_equal(silent.loss, LOSS_ESR);
  assert_true(silent.fizz == 0.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(high_gain_is_learned_as_we_hear_it, set_up, tear_down),
      cmocka_unit_test_setup_teardown(
          distortion_whose_fizz_is_turned_down_is_learned_pre_emphasised, set_up, tear_down),
      cmocka_unit_test_setup_teardown(clean_gear_is_learned_pre_emphasised, set_up, tear_down),
      cmocka_unit_test_setup_teardown(settings_of_clean_gear_are_no_fizz, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_soft_take_counts_as_much_as_a_loud_one, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_level_of_a_recording_changes_no_choice, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(what_cannot_be_measured_is_learned_pre_emphasised, set_up,
                                      tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a captured rig heard as captured, without its cabinet, or through the player's own instead,
// and does each change come without a click?

#include "tests/core/engine/engine_rig.h"

#include "core/random.h"
#include "tests/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_TAPS 500U

static uint32_t n_frames; ///< That a test plays

/// What a model ends in
typedef enum { STAGE_NONE, STAGE_LOAD, STAGE_CABINET } StageKind;

/// A model; those of one seed have one network, and one stage if they have any
static Model*
new_model(const StageKind kind, const uint32_t seed)
{
  ModelFile file = fixture_staged_file(fixture_size(12), N_TAPS, seed);
  Model* model = NULL;
  file.stage_is_cabinet = kind == STAGE_CABINET;
  file.params.shape.n_taps = kind == STAGE_NONE ? 0 : N_TAPS;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  model_file_clear(&file);
  return model;
}

/// A cabinet with a decaying response
static Convolver*
new_cabinet(const uint32_t seed)
{
  static float taps[N_TAPS];
  const Impulse impulse = {{taps, NULL}, 1, N_TAPS, RATE};
  Random random = random_for(seed, 7);
  Convolver* convolver = NULL;
  for (uint32_t i = 0; i < N_TAPS; ++i) {
    taps[i] = (float)(random_between(&random, -0.2, 0.2) * exp(-0.02 * i));
  }
  assert_int_equal(convolver_new(&impulse, 1, &convolver), STATUS_OK);
  return convolver;
}

/// An engine with a model of `kind`, and with a cabinet if `has_cabinet`
static Engine*
new_engine(const StageKind kind, const uint32_t seed, const bool has_cabinet)
{
  Engine* const e = rig_new_engine(new_model(kind, seed));
  if (has_cabinet) {
    assert_null(engine_change_cabinet(e, new_cabinet(1)));
    engine_reset(e);
  }
  return e;
}

/// What plays, and what the player wants
typedef struct {
  StageKind kind;
  uint32_t seed;
  bool has_cabinet;
  bool is_on;
  bool yields;
} Scene;

static EngineControls
controls_of(const Scene scene)
{
  EngineControls controls = rig_flat;
  controls.cabinet_enabled = scene.is_on;
  controls.cabinet_yields = scene.yields;
  return controls;
}

/// Return the sound of a scene from the start; the caller frees
static float*
play_scene(const Scene scene, const float* const in)
{
  Engine* const e = new_engine(scene.kind, scene.seed, scene.has_cabinet);
  const EngineControls controls = controls_of(scene);
  float* const out = rig_new_signal();
  rig_run_in_blocks(e, &controls, in, out, 64);
  engine_free(e);
  return out;
}

/// Check that two scenes sound the same, or that they don't
static void
check_scenes(const Scene a, const Scene b, const bool are_same)
{
  float* const in = rig_new_signal();
  fixture_guitar(in, n_frames, 3);
  float* const sound_a = play_scene(a, in);
  float* const sound_b = play_scene(b, in);
  const double difference = fixture_difference(sound_a, sound_b, n_frames);
  check_between(difference, are_same ? -1.0 : 0.02, are_same ? 1e-5 : 10.0);
  free(in);
  free(sound_a);
  free(sound_b);
}

static void
a_rig_is_heard_in_three_ways(void** const state)
{
  (void)state;
  const Scene rig = {STAGE_CABINET, 1, false, true, false};
  const Scene load = {STAGE_LOAD, 1, false, true, false}; // It has the same taps
  const Scene amplifier = {STAGE_NONE, 1, false, true, false};
  const Scene off = {STAGE_CABINET, 1, false, false, false};
  const Scene own = {STAGE_CABINET, 1, true, true, false};
  const Scene own_off = {STAGE_CABINET, 1, true, false, false};
  check_scenes(rig, load, true);
  check_scenes(rig, amplifier, false);
  check_scenes(off, amplifier, true);
  check_scenes(own, (Scene){STAGE_NONE, 1, true, true, false}, true);
  check_scenes(own, rig, false);
  check_scenes(own_off, amplifier, true);
}

static void
what_is_no_cabinet_always_plays(void** const state)
{
  (void)state;
  const Scene load = {STAGE_LOAD, 1, false, true, false};
  check_scenes(load, (Scene){STAGE_LOAD, 1, false, false, false}, true);
  check_scenes(load, (Scene){STAGE_LOAD, 1, true, false, false}, true);
  check_scenes((Scene){STAGE_LOAD, 1, true, true, false}, (Scene){STAGE_NONE, 1, true, true, false},
               false);
}

static void
a_cabinet_that_yields_leaves_a_rig_as_captured(void** const state)
{
  (void)state;
  check_scenes((Scene){STAGE_CABINET, 1, true, true, true},
               (Scene){STAGE_CABINET, 1, false, true, false}, true);
  check_scenes((Scene){STAGE_NONE, 1, true, true, true}, (Scene){STAGE_NONE, 1, true, true, false},
               true);
  check_scenes((Scene){STAGE_CABINET, 1, true, false, true},
               (Scene){STAGE_NONE, 1, false, true, false}, true);
}

static void
the_level_is_of_the_cabinet_that_is_heard(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  Engine* const e = new_engine(STAGE_CABINET, 1, false);
  EngineControls controls = rig_flat;
  fixture_guitar(in, n_frames, 3);
  float* const right = play_scene((Scene){STAGE_CABINET, 1, false, true, false}, in);
  controls.cabinet_gain_db = -6.0206F;
  rig_run_in_blocks(e, &controls, in, out, 64);
  for (uint32_t i = 0; i < n_frames; ++i) {
    check_near(out[i], 0.5F * right[i], 1e-5);
  }
  engine_free(e);
  free(in);
  free(out);
  free(right);
}

static void
free_retired(Engine* const e)
{
  model_free(engine_take_retired(e));
  convolver_free(engine_take_retired_cabinet(e));
}

/// Hand over what `to` has and `from` doesn't
static void
change_scene(Engine* const e, const Scene from, const Scene to)
{
  if (to.kind != from.kind || to.seed != from.seed) {
    assert_null(engine_change_model(e, new_model(to.kind, to.seed)));
  }
  if (to.has_cabinet != from.has_cabinet) {
    assert_null(engine_change_cabinet(e, to.has_cabinet ? new_cabinet(1) : NULL));
  }
}

/// Play one scene, and the other from frame n_frames / 5 on, in blocks of `block`
static void
play_change(const Scene from, const Scene to, const float* const in, float* const out,
            const uint32_t block)
{
  const EngineControls controls[] = {controls_of(from), controls_of(to)};
  Engine* const e = new_engine(from.kind, from.seed, from.has_cabinet);
  for (uint32_t i = 0, n = 0; i < n_frames; i += n) {
    const uint32_t end = i < n_frames / 5 ? n_frames / 5 : n_frames;
    n = end - i < block ? end - i : block;
    if (i == n_frames / 5) {
      change_scene(e, from, to);
    }
    rig_run(e, &controls[i >= n_frames / 5], in + i, out + i, n);
  }
  free_retired(e);
  assert_true(engine_is_settled(e));
  engine_free(e);
}

/// Check that a change comes without a click or a gap, ends in the right sound, and doesn't depend
/// on the blocks
static void
check_change(const Scene from, const Scene to)
{
  float* const in = rig_new_signal();
  float* const out = rig_new_signal();
  float* const split = rig_new_signal();
  fixture_sine(in, n_frames, 110.0, 0.3, RATE);
  float* const before = play_scene(from, in);
  float* const after = play_scene(to, in);
  play_change(from, to, in, out, 64);
  play_change(from, to, in, split, 37);
  const uint32_t end = n_frames / 5 + 1440 + 960;
  const double steps =
      fmax(fixture_largest_step(before, n_frames), fixture_largest_step(after, n_frames));
  assert_memory_equal(out, split, n_frames * sizeof(float));
  check_at_most(fixture_largest_step(out, n_frames), 1.15 * steps);
  check_equal(fixture_difference(out, before, n_frames / 5), 0.0);
  // A new model's DC settles in a moment, as that of any model does
  check_at_most(fixture_difference(out + n_frames / 2, after + n_frames / 2, n_frames / 2), 0.02);
  check_above(fixture_difference(out + end, before + end, n_frames - end), 0.01);
  free(in);
  free(out);
  free(split);
  free(before);
  free(after);
}

static void
the_switch_leaves_no_click(void** const state)
{
  (void)state;
  const Scene rig = {STAGE_CABINET, 1, false, true, false};
  const Scene off = {STAGE_CABINET, 1, false, false, false};
  const Scene own = {STAGE_CABINET, 1, true, true, false};
  const Scene own_off = {STAGE_CABINET, 1, true, false, false};
  check_change(rig, off);
  check_change(off, rig);
  check_change(own, own_off);
  check_change(own_off, own);
}

static void
a_cabinet_in_place_of_a_rig_s_leaves_no_click(void** const state)
{
  (void)state;
  const Scene rig = {STAGE_CABINET, 1, false, true, false};
  const Scene own = {STAGE_CABINET, 1, true, true, false};
  const Scene yields = {STAGE_CABINET, 1, true, true, true};
  check_change(rig, own);
  check_change(own, rig);
  check_change(own, yields);
  check_change(yields, own);
}

static void
models_change_rightly_whatever_cabinets_they_have(void** const state)
{
  (void)state;
  for (int kind = STAGE_NONE; kind <= STAGE_CABINET; ++kind) {
    for (int next = STAGE_NONE; next <= STAGE_CABINET; ++next) {
      for (uint32_t k = 0; k < (fixture_is_slow() ? 1 : 8); ++k) {
        const bool has_cabinet = k & 1U;
        const bool is_on = !(k & 2U);
        const bool yields = k & 4U;
        check_change((Scene){(StageKind)kind, 1, has_cabinet, is_on, yields},
                     (Scene){(StageKind)next, 2, has_cabinet, is_on, yields});
      }
    }
  }
}

/// Play a change of model, and switch the cabinet during its fade
static float*
play_switched_change(const StageKind kind, const bool has_cabinet, const float* const in)
{
  EngineControls controls = rig_flat;
  Engine* const e = new_engine(kind, 1, has_cabinet);
  float* const out = rig_new_signal();
  for (uint32_t i = 0; i < n_frames; i += n_frames / 75) {
    if (i == n_frames / 5) {
      assert_null(engine_change_model(e, new_model(kind, 2)));
    }
    controls.cabinet_enabled = has_cabinet == (i < n_frames / 5 + n_frames / 75);
    rig_run(e, &controls, in + i, out + i, n_frames / 75);
  }
  free_retired(e);
  engine_free(e);
  return out;
}

/// Neither model's cabinet shows, in no part of the fade; and the switch is a fade itself
static void
rigs_change_like_their_amplifiers_if_theirs_is_not_heard(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  float* const rigs = rig_new_signal();
  float* const amplifiers = rig_new_signal();
  fixture_sine(in, n_frames, 110.0, 0.3, RATE);
  for (uint32_t k = 0; k < 2; ++k) {
    play_change((Scene){STAGE_CABINET, 1, k, k, false}, (Scene){STAGE_CABINET, 2, k, k, false}, in,
                rigs, 64);
    play_change((Scene){STAGE_NONE, 1, k, k, false}, (Scene){STAGE_NONE, 2, k, k, false}, in,
                amplifiers, 64);
    check_at_most(fixture_difference(rigs, amplifiers, n_frames), 1e-5);
  }
  free(in);
  free(rigs);
  free(amplifiers);
}

static void
a_switch_during_a_change_of_rigs_leaves_no_click(void** const state)
{
  (void)state;
  float* const in = rig_new_signal();
  fixture_sine(in, n_frames, 110.0, 0.3, RATE);
  for (uint32_t k = 0; k < 2; ++k) {
    float* const out = play_switched_change(STAGE_CABINET, k, in);
    float* const load = play_switched_change(STAGE_LOAD, k, in);
    float* const bare = play_switched_change(STAGE_NONE, k, in);
    const double steps =
        fmax(fixture_largest_step(load, n_frames), fixture_largest_step(bare, n_frames));
    check_at_most(fixture_largest_step(out, n_frames), 1.15 * steps);
    free(out);
    free(load);
    free(bare);
  }
  free(in);
}

/// Return what the engine says is heard after a block
static EngineCabinet
heard_in(const Scene scene)
{
  float sound[64] = {0.0F};
  Engine* const e = new_engine(scene.kind, scene.seed, scene.has_cabinet);
  const EngineControls controls = controls_of(scene);
  rig_run(e, &controls, sound, sound, 64);
  const EngineCabinet heard = engine_heard_cabinet(e);
  engine_free(e);
  return heard;
}

static void
the_engine_says_which_cabinet_is_heard(void** const state)
{
  (void)state;
  const Scene rig = {STAGE_CABINET, 1, false, true, false};
  assert_int_equal(heard_in(rig), ENGINE_CABINET_CAPTURED);
  assert_int_equal(heard_in((Scene){STAGE_CABINET, 1, false, false, false}),
                   ENGINE_CABINET_WITHOUT);
  assert_int_equal(heard_in((Scene){STAGE_CABINET, 1, true, true, false}), ENGINE_CABINET_OWN);
  assert_int_equal(heard_in((Scene){STAGE_CABINET, 1, true, true, true}), ENGINE_CABINET_CAPTURED);
  assert_int_equal(heard_in((Scene){STAGE_CABINET, 1, true, false, true}), ENGINE_CABINET_WITHOUT);
  assert_int_equal(heard_in((Scene){STAGE_LOAD, 1, false, true, false}), ENGINE_CABINET_WITHOUT);
  assert_int_equal(heard_in((Scene){STAGE_NONE, 1, true, true, true}), ENGINE_CABINET_OWN);
  assert_string_equal(engine_cabinet_text(ENGINE_CABINET_WITHOUT), "without cabinet");
  assert_string_equal(engine_cabinet_text(ENGINE_CABINET_CAPTURED), "as captured");
  assert_string_equal(engine_cabinet_text(ENGINE_CABINET_OWN), "own cabinet");
}

int
main(void)
{
  n_frames = rig_n_frames();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_rig_is_heard_in_three_ways),
      cmocka_unit_test(what_is_no_cabinet_always_plays),
      cmocka_unit_test(a_cabinet_that_yields_leaves_a_rig_as_captured),
      cmocka_unit_test(the_level_is_of_the_cabinet_that_is_heard),
      cmocka_unit_test(the_switch_leaves_no_click),
      cmocka_unit_test(a_cabinet_in_place_of_a_rig_s_leaves_no_click),
      cmocka_unit_test(models_change_rightly_whatever_cabinets_they_have),
      cmocka_unit_test(rigs_change_like_their_amplifiers_if_theirs_is_not_heard),
      cmocka_unit_test(a_switch_during_a_change_of_rigs_leaves_no_click),
      cmocka_unit_test(the_engine_says_which_cabinet_is_heard),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

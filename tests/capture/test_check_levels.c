// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a recording's level judged by what it does to a model?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "tests/checks.h"
#include "train/capture/checks.h"

#include <math.h>
#include <string.h>

#define FRAMES 48000U

static float samples[2][FRAMES];

/// Judge a target with a peak [dBFS] and so many bits, 0 for a float file
static Finding
judge_target(const double peak_db, const uint32_t n_bits)
{
  Findings findings = {.n = 0};
  Wav wavs[2];
  for (uint32_t i = 0; i < FRAMES; ++i) {
    samples[0][i] = 0.5F * (float)sin(TAU * 220.0 * i / 48000.0);
    samples[1][i] = (float)(2.0 * decibel_to_gain(peak_db)) * samples[0][i];
  }
  for (uint32_t k = 0; k < 2; ++k) {
    wavs[k] = (Wav){.samples = samples[k],
                    .n_frames = FRAMES,
                    .sample_rate = 48000.0,
                    .channels = {.n = 1, .read = 1, .loudest = 1},
                    .n_bits = k ? n_bits : 24};
  }
  assert_true(check_levels((CheckPair){&wavs[0], &wavs[1]}, &findings));
  assert_int_equal(findings.n, 2);
  assert_int_equal(findings.items[0].verdict, VERDICT_OK);
  return findings.items[1];
}

static void
a_target_that_no_player_reaches_is_stopped(void** const state)
{
  (void)state;
  const Finding bad = judge_target(16.6, 0);
  assert_int_equal(bad.verdict, VERDICT_STOP);
  assert_non_null(strstr(bad.value, "peak +16.6 dBFS"));
  assert_non_null(strstr(bad.remedy, "--force trains anyway: what is louder will be clipped."));
  assert_null(strstr(bad.remedy, "noise"));
  assert_int_equal(judge_target(12.1, 0).verdict, VERDICT_STOP);
  assert_int_equal(judge_target(11.9, 0).verdict, VERDICT_NOTE);
  assert_int_equal(judge_target(0.5, 0).verdict, VERDICT_NOTE);
  assert_int_equal(judge_target(-0.1, 0).verdict, VERDICT_OK);
}

/// The RMS of a sine is 3 dB lower, and the noise of 16 bits at -101.1 dBFS
static void
a_soft_target_is_judged_by_what_rounding_left(void** const state)
{
  (void)state;
  assert_int_equal(judge_target(-44.0, 16).verdict, VERDICT_OK);
  assert_int_equal(judge_target(-60.0, 16).verdict, VERDICT_NOTE);
  assert_non_null(strstr(judge_target(-60.0, 16).value, "38 dB above 16-bit noise"));
  assert_int_equal(judge_target(-77.0, 16).verdict, VERDICT_NOTE);
  assert_int_equal(judge_target(-79.0, 16).verdict, VERDICT_STOP);
  assert_int_equal(judge_target(-79.0, 24).verdict, VERDICT_NOTE);
  assert_null(strstr(judge_target(-79.0, 24).value, "noise"));
  assert_int_equal(judge_target(-95.0, 0).verdict, VERDICT_NOTE);
  assert_int_equal(judge_target(-10.0, 8).verdict, VERDICT_NOTE);
}

/// What it says of --force, of so few bits and of the level is true of each
static void
what_helps_a_coarse_target_depends_on_its_level(void** const state)
{
  (void)state;
  const Finding soft = judge_target(-60.0, 16);
  const Finding loud = judge_target(-11.5, 8);
  const Finding bad = judge_target(-79.0, 16);
  assert_int_equal(loud.verdict, VERDICT_NOTE);
  assert_null(strstr(loud.remedy, "record again"));
  assert_non_null(strstr(loud.remedy, "export it with 24 bits"));
  assert_non_null(strstr(soft.remedy, "record again"));
  assert_null(strstr(soft.remedy, "--force"));
  assert_non_null(strstr(bad.remedy, "--force trains anyway: it learns that noise."));
  assert_null(strstr(bad.remedy, "whatever"));
}

static void
a_target_of_nothing_but_dc_is_silent(void** const state)
{
  (void)state;
  Findings findings = {.n = 0};
  const WavChannels one = {.n = 1, .read = 1, .loudest = 1};
  for (uint32_t i = 0; i < FRAMES; ++i) {
    samples[0][i] = 0.5F * (float)sin(TAU * 220.0 * i / 48000.0);
    samples[1][i] = 0.3F;
  }
  const Wav input = {
      .samples = samples[0], .n_frames = FRAMES, .sample_rate = 48000.0, .channels = one};
  const Wav target = {
      .samples = samples[1], .n_frames = FRAMES, .sample_rate = 48000.0, .channels = one};
  assert_false(check_levels((CheckPair){&input, &target}, &findings));
  assert_int_equal(findings.items[1].verdict, VERDICT_STOP);
  assert_string_equal(findings.items[1].value, "silent");
  assert_non_null(strstr(findings.items[1].remedy, "--force can't learn from silence."));
  assert_null(strstr(findings.items[1].remedy, "trains anyway"));
}

/// A sine's tops are flat where they are rounded to few steps, and each of them is as high
static void
tops_that_rounding_made_flat_do_not_clip(void** const state)
{
  (void)state;
  for (uint32_t n_bits = 8; n_bits <= 16; n_bits += 8) {
    const double step = exp2(1.0 - n_bits);
    Findings findings = {.n = 0};
    for (uint32_t i = 0; i < FRAMES; ++i) {
      samples[0][i] = (float)(step * round(0.9 / step * sin(TAU * 40.0 * i / 48000.0)));
    }
    const Wav wav = {
        .samples = samples[0], .n_frames = FRAMES, .sample_rate = 48000.0, .n_bits = n_bits};
    check_clipping((CheckPair){&wav, &wav}, &findings);
    assert_int_equal(findings.n, 2);
    assert_int_equal(findings.items[1].verdict, n_bits == 8 ? VERDICT_OK : VERDICT_NOTE);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_target_that_no_player_reaches_is_stopped),
      cmocka_unit_test(a_soft_target_is_judged_by_what_rounding_left),
      cmocka_unit_test(what_helps_a_coarse_target_depends_on_its_level),
      cmocka_unit_test(a_target_of_nothing_but_dc_is_silent),
      cmocka_unit_test(tops_that_rounding_made_flat_do_not_clip),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

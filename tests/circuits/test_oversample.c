// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does a sound come back from eight times the rate unchanged, without images and aliases?

#include "core/distance.h"
#include "presets/circuits/oversample.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define RATE 48000.0
#define N 4800U

static int
set_up(void** const state)
{
  Oversampler* oversampler = NULL;
  const Status status = oversampler_new(&oversampler);
  *state = oversampler;
  return status ? -1 : 0;
}

static int
tear_down(void** const state)
{
  oversampler_free((Oversampler*)*state);
  return 0;
}

/// Return the largest difference from the sine of the same pitch OVERSAMPLER_DELAY frames ago
static double
round_trip_error(Oversampler* const oversampler, const double pitch)
{
  double error = 0.0;
  for (uint32_t i = 0; i < N; ++i) {
    double fast[OVERSAMPLER_FACTOR];
    oversampler_up(oversampler, sin(2.0 * PI * pitch * i / RATE), fast);
    const double y = oversampler_down(oversampler, fast);
    const double past = sin(2.0 * PI * pitch * ((double)i - OVERSAMPLER_DELAY) / RATE);
    error = i < 2 * OVERSAMPLER_DELAY ? 0.0 : fmax(error, distance_between(y, past));
  }
  return error;
}

static void
the_audible_band_comes_back_late_by_whole_frames(void** const state)
{
  const double pitches[] = {20.0, 1000.0, 7123.0, 15000.0, 20000.0};
  for (size_t i = 0; i < sizeof(pitches) / sizeof(pitches[0]); ++i) {
    const double error = round_trip_error((Oversampler*)*state, pitches[i]);
    print_message("# %.0f Hz: error %.1f dB\n", pitches[i], probe_db(error));
    check_below(probe_db(error), -130.0);
  }
}

static void
the_way_up_leaves_no_images(void** const state)
{
  Oversampler* const oversampler = (Oversampler*)*state;
  double fast[N * OVERSAMPLER_FACTOR];
  for (int pass = 0; pass < 2; ++pass) {
    for (uint32_t i = 0; i < N; ++i) {
      oversampler_up(oversampler, sin(2.0 * PI * 9000.0 * i / RATE), &fast[i * OVERSAMPLER_FACTOR]);
    }
  }
  const uint32_t n = N * OVERSAMPLER_FACTOR;
  check_near(cabs(probe_line(fast, n, 900.0)), 1.0, 1e-6);
  for (int image = 1; image <= 4; ++image) {
    check_below(probe_db(cabs(probe_line(fast, n, image * 4800.0 - 900.0))), -135.0);
    check_below(probe_db(cabs(probe_line(fast, n, image * 4800.0 + 900.0))), -135.0);
  }
}

static void
the_way_down_leaves_no_aliases(void** const state)
{
  Oversampler* const oversampler = (Oversampler*)*state;
  for (double pitch = 24000.0; pitch < 191000.0; pitch += 3517.0) {
    double largest = 0.0;
    for (uint32_t i = 0; i < 1000; ++i) {
      double fast[OVERSAMPLER_FACTOR];
      for (uint32_t k = 0; k < OVERSAMPLER_FACTOR; ++k) {
        fast[k] = sin(2.0 * PI * pitch * (i * OVERSAMPLER_FACTOR + k) / FAST_RATE);
      }
      const double y = oversampler_down(oversampler, fast);
      largest = i < 2 * OVERSAMPLER_DELAY ? 0.0 : fmax(largest, fabs(y));
    }
    check_below(probe_db(largest), -130.0);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_audible_band_comes_back_late_by_whole_frames, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(the_way_up_leaves_no_images, set_up, tear_down),
      cmocka_unit_test_setup_teardown(the_way_down_leaves_no_aliases, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

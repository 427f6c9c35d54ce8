// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do the tone controls follow their analog filters (RBJ's prototypes: bells, and shelves whose gain
// at the corner is half of that on the shelf), bent by the bilinear transform?

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "core/engine/tone.h"
#include "tests/checks.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#define N 16384U

static const ToneControls flat = {0.0F, 0.0F, 0.0F, 0.0F};

static void
run_tone(Tone* const tone, float* const x, const uint32_t n)
{
  tone_run(tone, (float* const[]){x}, 1, n);
}

/// Magnitude of the response to one sample at a frequency [dB]
static double
measured_db(const ToneControls* const controls, const double rate, const double hz)
{
  static float x[N];
  Tone tone;
  double complex sum = 0.0;
  tone_init(&tone, rate);
  tone_aim(&tone, controls, true);
  memset(x, 0, sizeof(x));
  x[0] = 1.0F;
  run_tone(&tone, x, N);
  for (uint32_t i = 0; i < N; ++i) {
    sum += (double)x[i] * cexp(-(double complex)I * 2.0 * PI * hz / rate * i);
  }
  return decibel_of_gain(cabs(sum));
}

/// The analog prototypes at s = j tan(π f / rate) / tan(π f0 / rate)
static double
expected_db(const ToneControls* const c, const double rate, const double hz)
{
  const double gains[] = {(double)c->bass_db, (double)c->middle_db, (double)c->treble_db,
                          (double)c->presence_db};
  static const double corners[] = {120.0, 650.0, 2200.0, 4500.0};
  static const double qs[] = {0.7071, 0.7, 0.7071, 1.0};
  double sum = 0.0;
  for (int b = 0; b < 4; ++b) {
    const double complex s = (double complex)I * tan(PI * hz / rate) / tan(PI * corners[b] / rate);
    const double a = pow(10.0, gains[b] / 40.0);
    const double q = qs[b];
    const double r = sqrt(a);
    const double complex h = b == 0 ? a * (s * s + r / q * s + a) / (a * s * s + r / q * s + 1.0)
                             : b == 2
                                 ? a * (a * s * s + r / q * s + 1.0) / (s * s + r / q * s + a)
                                 : (s * s + a / q * s + 1.0) / (s * s + 1.0 / (a * q) * s + 1.0);
    sum += decibel_of_gain(cabs(h));
  }
  return sum;
}

static void
each_control_is_the_filter_it_is_named_after(void** const state)
{
  (void)state;
  static const ToneControls settings[] = {
      {12.0F, 0.0F, 0.0F, 0.0F}, {-12.0F, 0.0F, 0.0F, 0.0F}, {0.0F, 9.0F, 0.0F, 0.0F},
      {0.0F, -9.0F, 0.0F, 0.0F}, {0.0F, 0.0F, 12.0F, 0.0F},  {0.0F, 0.0F, -12.0F, 0.0F},
      {0.0F, 0.0F, 0.0F, 6.0F},  {0.0F, 0.0F, 0.0F, -6.0F},  {5.0F, -7.0F, 3.0F, -12.0F}};
  static const double rates[] = {44100.0, 48000.0, 192000.0};
  static const double hz[] = {60.0, 120.0, 300.0, 650.0, 1500.0, 2200.0, 4500.0, 9000.0, 15000.0};
  for (size_t s = 0; s < sizeof(settings) / sizeof(settings[0]); ++s) {
    for (size_t r = 0; r < 3; ++r) {
      for (size_t f = 0; f < sizeof(hz) / sizeof(hz[0]); ++f) {
        check_near(measured_db(&settings[s], rates[r], hz[f]),
                   expected_db(&settings[s], rates[r], hz[f]), 0.02);
      }
    }
  }
}

static void
a_flat_setting_returns_the_same_bits(void** const state)
{
  (void)state;
  static float x[N];
  static float y[N];
  Tone tone;
  tone_init(&tone, 48000.0);
  tone_aim(&tone, &(const ToneControls){6.0F, -6.0F, 3.0F, 2.0F}, true);
  fixture_guitar(x, N, 1);
  memcpy(y, x, sizeof(x));
  run_tone(&tone, y, 1000);
  tone_aim(&tone, &flat, false);
  run_tone(&tone, y + 1000, 1000); // A little more than 20 ms
  assert_memory_not_equal(x, y, 2000 * sizeof(float));
  run_tone(&tone, y + 2000, N - 2000);
  assert_memory_equal(x + 2000, y + 2000, (N - 2000) * sizeof(float));
}

static void
any_split_gives_the_same_bits(void** const state)
{
  (void)state;
  static float whole[N];
  static float split[N];
  for (uint32_t k = 0; k < 2; ++k) {
    float* const y = k ? split : whole;
    Tone tone;
    tone_init(&tone, 48000.0);
    tone_aim(&tone, &flat, true);
    fixture_guitar(y, N, 2);
    run_tone(&tone, y, 100);
    tone_aim(&tone, &(const ToneControls){6.0F, -6.0F, 3.0F, 2.0F}, false);
    for (uint32_t i = 100, n = 1; i < N; i += n, n = k ? 1 + (n * 37) % 301 : N) {
      n = N - i < n ? N - i : n;
      run_tone(&tone, y + i, n);
    }
  }
  assert_memory_equal(whole, split, sizeof(whole));
}

/// A turn from end to end makes no larger steps than either end
static void
turning_leaves_no_click(void** const state)
{
  (void)state;
  static float x[N];
  static float y[N];
  Tone tone;
  fixture_sine(x, N, 220.0, 0.5, 48000.0);
  const ToneControls up = {12.0F, 12.0F, 12.0F, 12.0F};
  const ToneControls down = {-12.0F, -12.0F, -12.0F, -12.0F};
  tone_init(&tone, 48000.0);
  tone_aim(&tone, &up, true);
  memcpy(y, x, sizeof(x));
  run_tone(&tone, y, N / 2);
  const double steady = fixture_largest_step(y, N / 2);
  for (uint32_t i = 0; i < 8; ++i) {
    tone_aim(&tone, i % 2 ? &up : i % 4 ? &flat : &down, false);
    run_tone(&tone, y + N / 2 + i * N / 16, N / 16);
  }
  check_at_most(fixture_largest_step(y + N / 4, 3 * N / 4), 1.1 * steady);
}

/// A constant stays constant, whenever another band starts to work
static void
a_band_that_joins_makes_no_click(void** const state)
{
  (void)state;
  static float x[N];
  Tone tone;
  ToneControls controls = flat;
  tone_init(&tone, 48000.0);
  for (uint32_t i = 0; i < N; ++i) {
    x[i] = 0.5F;
  }
  controls.bass_db = 6.0F;
  tone_aim(&tone, &controls, false);
  run_tone(&tone, x, 3); // Shorter than a step of the glide
  controls = (ToneControls){6.0F, 6.0F, 6.0F, 6.0F};
  tone_aim(&tone, &controls, false);
  run_tone(&tone, x + 3, N - 3);
  check_below(fixture_largest_step(x, N), 0.002);
  check_near(x[N - 1], 0.9976F, 0.001F); // 6 dB of bass
}

/// A constant falls back from 12 dB, by 2.9e-3 a frame at first
static void
coming_back_to_flat_makes_no_step(void** const state)
{
  (void)state;
  static float x[N];
  Tone tone;
  tone_init(&tone, 48000.0);
  tone_aim(&tone, &(const ToneControls){12.0F, 0.0F, 0.0F, 0.0F}, true);
  for (uint32_t i = 0; i < N; ++i) {
    x[i] = 0.5F;
  }
  run_tone(&tone, x, N / 2);
  tone_aim(&tone, &flat, false);
  run_tone(&tone, x + N / 2, N / 2);
  check_above(x[N / 2 - 1], 1.98F);
  check_equal(x[N - 1], 0.5F);
  check_below(fixture_largest_step(x + N / 4, N / 2), 0.0032);
}

/// Return the peak of what is above 3 kHz, in `n` frames at 48 kHz after the first HALF [dBFS]
static double
hiss_db(const float* const x, const uint32_t n)
{
  enum { HALF = 128 };
  double h[2 * HALF + 1];
  double largest = 1e-9;
  for (int k = -HALF; k <= HALF; ++k) {
    const double window = 0.42 + 0.5 * cos(PI * k / HALF) + 0.08 * cos(2.0 * PI * k / HALF);
    h[k + HALF] = k ? -window * sin(PI * k / 8.0) / (PI * k) : 1.0 - 1.0 / 8.0;
  }
  for (uint32_t i = 0; i + 2 * HALF < n; ++i) {
    double sum = 0.0;
    for (uint32_t k = 0; k <= 2 * HALF; ++k) {
      sum += h[k] * (double)x[i + k];
    }
    largest = fmax(largest, fabs(sum));
  }
  return decibel_of_gain(largest);
}

/// From end to end within 20 ms, at frequencies where the control does most
static void
turning_does_not_buzz(void** const state)
{
  (void)state;
  static const struct {
    ToneControls end;
    double hz;
  } cases[] = {{{12.0F, 0.0F, 0.0F, 0.0F}, 82.41},
               {{0.0F, 12.0F, 0.0F, 0.0F}, 659.26},
               {{0.0F, 0.0F, 12.0F, 0.0F}, 659.26},
               {{0.0F, 0.0F, 0.0F, 12.0F}, 659.26}};
  static float x[4096];
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const ToneControls end = cases[i].end;
    const ToneControls other = {-end.bass_db, -end.middle_db, -end.treble_db, -end.presence_db};
    Tone tone;
    tone_init(&tone, 48000.0);
    tone_aim(&tone, &other, true);
    fixture_sine(x, 4096, cases[i].hz, 0.5, 48000.0);
    run_tone(&tone, x, 2048);
    tone_aim(&tone, &end, false);
    run_tone(&tone, x + 2048, 2048);
    const double db = hiss_db(x + 1024, 3072);
    if (db > -48.0) {
      fail_msg("case %zu: %.1f dBFS", i, db);
    }
  }
}

static void
not_a_number_changes_nothing(void** const state)
{
  (void)state;
  static float a[N];
  static float b[N];
  const ToneControls some = {3.0F, 4.0F, 5.0F, 6.0F};
  Tone one;
  Tone other;
  tone_init(&one, 48000.0);
  tone_aim(&one, &some, true);
  other = one;
  tone_aim(&other, &(const ToneControls){NAN, INFINITY, -INFINITY, NAN}, false);
  fixture_guitar(a, N, 3);
  memcpy(b, a, sizeof(a));
  run_tone(&one, a, N);
  run_tone(&other, b, N);
  assert_memory_equal(a, b, sizeof(a));
}

static void
two_channels_are_two_filters(void** const state)
{
  (void)state;
  static float x[3][N];
  const ToneControls some = {3.0F, -4.0F, 5.0F, -6.0F};
  Tone both;
  Tone one;
  tone_init(&both, 44100.0);
  tone_aim(&both, &some, true);
  one = both;
  fixture_guitar(x[0], N, 3);
  fixture_guitar(x[1], N, 4);
  memcpy(x[2], x[1], sizeof(x[1]));
  tone_run(&both, (float* const[]){x[0], x[1]}, 2, N);
  run_tone(&one, x[2], N);
  assert_memory_equal(x[1], x[2], sizeof(x[1]));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_control_is_the_filter_it_is_named_after),
      cmocka_unit_test(a_flat_setting_returns_the_same_bits),
      cmocka_unit_test(any_split_gives_the_same_bits),
      cmocka_unit_test(turning_leaves_no_click),
      cmocka_unit_test(a_band_that_joins_makes_no_click),
      cmocka_unit_test(coming_back_to_flat_makes_no_step),
      cmocka_unit_test(turning_does_not_buzz),
      cmocka_unit_test(not_a_number_changes_nothing),
      cmocka_unit_test(two_channels_are_two_filters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

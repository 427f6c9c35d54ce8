// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a plucked string in tune, does it decay as asked, and does a hand stop it?

#include "guitar/pluck.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const double rates[] = {44100.0, 48000.0, 96000.0};
static const double pitches[] = {82.407, 220.0, 659.26, 1318.51};

static PluckNote
note_of(const double pitch)
{
  const PluckNote note = {
      .start = 0.1,
      .duration = 1.9,
      .pitch = pitch,
      .level = 0.5,
      .hardness = 0.6,
      .pick = 0.12,
      .pickup = 0.13,
      .decay = 5.0,
      .bright_decay = 1.5,
      .seed = 3,
  };
  return note;
}

/// Play one note on a new string; the caller frees the samples
static double*
play_note(const PluckNote* const note, const double rate, const uint32_t n)
{
  double* const out = (double*)calloc(n, sizeof(double));
  PluckString* string = NULL;
  assert_non_null(out);
  assert_int_equal(pluck_string_new(rate, &string), STATUS_OK);
  pluck_add_note(string, note, out, n);
  pluck_string_free(string);
  return out;
}

/// The fundamental in about 0.3 s from `start` on, its phase that of a sine that started at 0 s
static double complex
fundamental_of(const double* const out, const double rate, const double pitch, const double start)
{
  const double periods = ceil(0.3 * pitch);
  const uint32_t n = (uint32_t)lround(periods * rate / pitch);
  const uint32_t first = (uint32_t)(start * rate);
  return probe_line(out + first, n, pitch * n / rate) * cexp(-2.0 * PI * J * pitch * first / rate);
}

static void
a_string_is_in_tune_at_any_rate(void** const state)
{
  (void)state;
  for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    for (size_t k = 0; k < sizeof(pitches) / sizeof(pitches[0]); ++k) {
      PluckNote note = note_of(pitches[k]);
      note.bright_decay = 0.15;
      double* const out = play_note(&note, rates[i], (uint32_t)(2.5 * rates[i]));
      const double complex turn = fundamental_of(out, rates[i], note.pitch, 0.7) /
                                  fundamental_of(out, rates[i], note.pitch, 0.6);
      const double cents = 1200.0 * log2(1.0 + carg(turn) / (2.0 * PI * 0.1 * note.pitch));
      check_below(fabs(cents), 1.5);
      free(out);
    }
  }
}

static void
a_string_decays_as_asked(void** const state)
{
  (void)state;
  for (size_t k = 0; k < sizeof(pitches) / sizeof(pitches[0]); ++k) {
    PluckNote note = note_of(pitches[k]);
    note.decay = 2.0;
    double* const out = play_note(&note, rates[1], 120000);
    const double complex fall = fundamental_of(out, rates[1], note.pitch, 1.2) /
                                fundamental_of(out, rates[1], note.pitch, 0.2);
    check_near(probe_db(cabs(fall)), -30.0, 5.0);
    free(out);
  }
}

static double
peak_of(const double* const samples, const uint32_t n)
{
  double peak = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    peak = fmax(peak, fabs(samples[i]));
  }
  return peak;
}

static void
a_hand_stops_the_string_without_a_click(void** const state)
{
  (void)state;
  const PluckNote note = note_of(110.0);
  double* const out = play_note(&note, rates[1], 120000);
  uint32_t end = 120000;
  while (out[end - 1] == 0.0) {
    --end;
  }
  check_below(end, (uint32_t)(2.2 * rates[1]));
  check_below(peak_of(out + end - 480, 480), 1e-3 * peak_of(out + 90000, 4800));
  free(out);
}

static void
a_harder_pick_is_brighter(void** const state)
{
  (void)state;
  double brightness[2];
  for (int hard = 0; hard < 2; ++hard) {
    PluckNote note = note_of(110.0);
    note.hardness = hard;
    double* const out = play_note(&note, rates[1], 48000);
    brightness[hard] = cabs(fundamental_of(out, rates[1], 30 * 110.0, 0.15) /
                            fundamental_of(out, rates[1], 110.0, 0.15));
    free(out);
  }
  check_above(brightness[1], 4.0 * brightness[0]);
}

static void
a_slide_arrives_at_its_pitch(void** const state)
{
  (void)state;
  PluckNote note = note_of(220.0);
  note.slide = 5.0;
  const double arrived = 220.0 * exp2(5.0 / 12.0);
  double* const out = play_note(&note, rates[1], 120000);
  const double at_arrived = cabs(fundamental_of(out, rates[1], arrived, 1.4));
  const double at_start = cabs(fundamental_of(out, rates[1], 220.0, 1.4));
  check_above(at_arrived, 10.0 * at_start);
  free(out);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_string_is_in_tune_at_any_rate),
      cmocka_unit_test(a_string_decays_as_asked),
      cmocka_unit_test(a_hand_stops_the_string_without_a_click),
      cmocka_unit_test(a_harder_pick_is_brighter),
      cmocka_unit_test(a_slide_arrives_at_its_pitch),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Is a recording through any circuit on time, clean, solved and the same every day?

#include "presets/circuits/circuits.h"

#include "core/random.h"
#include "guitar/guitar.h"
#include "presets/circuits/oversample.h"
#include "tests/checks.h"
#include "tests/circuits/probe.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RATE 48000.0
#define N 144000U    ///< Long enough for an amplifier's supply to come to rest under load
#define QUIET 48000U ///< Long enough for everything else
#define RECORDED 288000U
#define SHORT 12000U

static Circuit*
new_circuit(const size_t index)
{
  Circuit* circuit = NULL;
  assert_int_equal(circuit_new(index, CIRCUITS_PRESET, RATE, &circuit), STATUS_OK);
  return circuit;
}

/// Put frames through a new circuit and return how many steps failed
static uint64_t
run_circuit(const size_t index, const double* const in, double* const out, const uint32_t n_frames)
{
  Circuit* const circuit = new_circuit(index);
  circuit_run(circuit, in, out, n_frames);
  const uint64_t n_failures = circuit_failures(circuit);
  circuit_free(circuit);
  return n_failures;
}

static double*
new_frames(void)
{
  double* const frames = (double*)calloc(N, sizeof(double));
  assert_non_null(frames);
  return frames;
}

static double*
new_sine(const double level, const double pitch)
{
  double* const sine = new_frames();
  for (uint32_t i = 0; i < N; ++i) {
    sine[i] = level * sin(2.0 * PI * fmod(pitch * i / RATE, 1.0));
  }
  return sine;
}

static double
rms_of(const double* const samples, const uint32_t n)
{
  double power = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    power += samples[i] * samples[i] / n;
  }
  return sqrt(power);
}

static double
step_bare(void* const circuit, const double volts)
{
  return circuit_step((Circuit*)circuit, volts);
}

/// Response of the circuit alone to a quiet sine, in samples out by samples in
static double complex
response_of_circuit(const size_t index, const double pitch)
{
  const CircuitInfo* const info = circuits_info(index);
  const Probe probe = {FAST_RATE, pitch, 1e-5, 0.5};
  Circuit* const circuit = new_circuit(index);
  const double complex response = probe_response(&probe, step_bare, circuit);
  circuit_free(circuit);
  return response * info->input_volts * info->output_gain;
}

/// The same at both pitches, from input and target as recorded: so quiet that neither changes the
/// other
static void
find_responses_of_recording(const size_t index, const double pitches[2],
                            double complex responses[2])
{
  const double level = 1e-5 / circuits_info(index)->input_volts;
  const uint32_t n = QUIET / 4;
  const uint32_t start = QUIET - n - (uint32_t)RATE / 10U; // The end's filter fades
  double* const in = new_sine(level, pitches[0]);
  double* const second = new_sine(level, pitches[1]);
  double* const out = new_frames();
  for (uint32_t i = 0; i < QUIET; ++i) {
    in[i] += second[i];
  }
  (void)run_circuit(index, in, out, QUIET);
  for (size_t i = 0; i < 2; ++i) {
    const double cycles = pitches[i] * n / RATE;
    responses[i] = probe_line(out + start, n, cycles) / probe_line(in + start, n, cycles);
  }
  free(in);
  free(second);
  free(out);
}

static void
only_the_circuit_delays_the_target(void** const state)
{
  (void)state;
  const double pitches[] = {1000.0, 8000.0};
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    double complex responses[2];
    find_responses_of_recording(index, pitches, responses);
    for (size_t i = 0; i < 2; ++i) {
      const double complex ratio = responses[i] / response_of_circuit(index, pitches[i]);
      const double frames = carg(ratio) / (2.0 * PI) * RATE / pitches[i];
      print_message("# %s at %.0f Hz: %.1e frames late, %.1e louder\n", circuits_info(index)->name,
                    pitches[i], -frames, cabs(ratio) - 1.0);
      check_below(fabs(frames), 1e-4);
      check_near(cabs(ratio), 1.0, 1e-5);
    }
  }
}

static void
silence_stays_silent(void** const state)
{
  (void)state;
  double* const in = new_frames();
  double* const out = new_frames();
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    assert_int_equal(run_circuit(index, in, out, SHORT), 0);
    check_below(rms_of(out, SHORT), 1e-9);
  }
  free(in);
  free(out);
}

static void
full_scale_noise_and_squares_have_solutions(void** const state)
{
  (void)state;
  Random random = random_for(7, 0);
  double* const in = new_frames();
  double* const out = new_frames();
  for (uint32_t i = 0; i < SHORT; ++i) {
    const double noise = random_between(&random, -1.0, 1.0);
    in[i] = i < SHORT / 2 ? noise : copysign(1.0, noise);
  }
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    assert_int_equal(run_circuit(index, in, out, SHORT), 0);
    for (uint32_t i = 0; i < SHORT; ++i) {
      assert_true(isfinite(out[i]));
    }
  }
  free(in);
  free(out);
}

/// Return the level of what is neither constant nor a harmonic, against the whole [dB]
static double
alias_db(const double* const samples, const uint32_t n, const double cycles)
{
  double power = 0.0;
  double mean = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    power += samples[i] * samples[i] / n;
    mean += samples[i] / n;
  }
  double rest = power - mean * mean;
  for (double harmonic = cycles; harmonic < n / 2.0; harmonic += cycles) {
    const double line = cabs(probe_line(samples, n, harmonic));
    rest -= 0.5 * line * line;
  }
  return 0.5 * probe_db(fmax(rest, 1e-18 * power) / power);
}

/// Return true if the circuit has a supply, which comes to rest slowly
static bool
has_supply(const size_t index)
{
  const char* const name = circuits_info(index)->name;
  return !strcmp(name, "power") || !strcmp(name, "tweed");
}

/// Return the alias of a sine at -1 dBFS through a circuit [dB]
static double
alias_of_sine_db(const size_t index, const double pitch)
{
  const uint32_t n = (uint32_t)RATE;
  const uint32_t n_all = has_supply(index) ? N : N / 2;
  double* const in = new_sine(0.891, pitch);
  double* const out = new_frames();
  (void)run_circuit(index, in, out, n_all);
  const double level = alias_db(out + n_all - n - 1000U, n, pitch);
  print_message("# %s at %.0f Hz: %.1f dB\n", circuits_info(index)->name, pitch, level);
  free(in);
  free(out);
  return level;
}

static void
the_loudest_highest_note_does_not_alias(void** const state)
{
  (void)state;
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    check_below(alias_of_sine_db(index, 1319.0), -60.0);
    check_below(alias_of_sine_db(index, 4999.0), -50.0);
  }
}

static void
running_in_place_gives_the_same_bits(void** const state)
{
  (void)state;
  double* const in = new_sine(0.5, 331.0);
  double* const out = new_frames();
  double* const again = new_frames();
  in[0] = 0.3;
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    (void)run_circuit(index, in, out, SHORT);
    memcpy(again, in, SHORT * sizeof(double));
    (void)run_circuit(index, again, again, SHORT);
    assert_memory_equal(out, again, SHORT * sizeof(double));
  }
  free(in);
  free(out);
  free(again);
}

/// If these numbers change, the factory presets' sound has changed
static const double expected_rms[CIRCUITS_COUNT] = {
    0.132290225018409, 0.11193395577289,   0.0950317247381744, 0.0650680512799492, 0.12060295950454,
    0.114235125137166, 0.0937972827717242, 0.101824725728046,  0.0974185908588066};

static void
recordings_never_change_and_are_as_loud_as_stated(void** const state)
{
  (void)state;
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = RECORDED, .seed = 1};
  double* const in = (double*)malloc(RECORDED * sizeof(double));
  double* const out = (double*)malloc(RECORDED * sizeof(double));
  assert_int_equal(guitar_render(&spec, in), STATUS_OK);
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    (void)run_circuit(index, in, out, RECORDED);
    double peak = 0.0;
    for (uint32_t i = 0; i < RECORDED; ++i) {
      peak = fmax(peak, fabs(out[i]));
    }
    const double rms = rms_of(out, RECORDED);
    print_message("# %s: RMS %.15g, %.2f dBFS, peak %.2f dBFS\n", circuits_info(index)->name, rms,
                  probe_db(rms), probe_db(peak));
    check_below(peak, 1.0);
    check_between(probe_db(rms), -25.0, -12.0);
    check_near(rms / expected_rms[index], 1.0, 1e-9);
  }
  free(in);
  free(out);
}

/// Return the level of a soft note with the knob at a place
static double
level_at(const size_t index, const double knob)
{
  double* const in = new_sine(0.05, 331.0);
  Circuit* circuit = NULL;
  assert_int_equal(circuit_new(index, knob, RATE, &circuit), STATUS_OK);
  circuit_run(circuit, in, in, SHORT);
  circuit_free(circuit);
  const double level = probe_db(rms_of(in, SHORT));
  free(in);
  return level;
}

static void
a_knob_turns_up_from_end_to_end(void** const state)
{
  (void)state;
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    if (circuits_info(index)->knob) {
      const double low = level_at(index, 0.0);
      const double middle = level_at(index, 0.5);
      const double high = level_at(index, 1.0);
      print_message("# %s: %.1f, %.1f, %.1f dBFS\n", circuits_info(index)->name, low, middle, high);
      check_above(low, -90.0);
      check_above(middle, low + 0.5);
      check_above(high, middle + 0.2);
    }
  }
}

static void
an_unknown_circuit_is_not_found(void** const state)
{
  (void)state;
  assert_int_equal(circuits_find("ts10"), CIRCUITS_COUNT);
  for (size_t index = 0; index < CIRCUITS_COUNT; ++index) {
    assert_int_equal(circuits_find(circuits_info(index)->name), index);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_the_circuit_delays_the_target),
      cmocka_unit_test(silence_stays_silent),
      cmocka_unit_test(full_scale_noise_and_squares_have_solutions),
      cmocka_unit_test(the_loudest_highest_note_does_not_alias),
      cmocka_unit_test(running_in_place_gives_the_same_bits),
      cmocka_unit_test(recordings_never_change_and_are_as_loud_as_stated),
      cmocka_unit_test(a_knob_turns_up_from_end_to_end),
      cmocka_unit_test(an_unknown_circuit_is_not_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Made-up gear of many kinds: what is fine passes, and what is planted is found. The guitar plays
// at a low rate, so that it takes little time.

#include "tests/fixtures.h"

#include "core/circle.h"
#include "core/random.h"
#include "guitar/guitar.h"
#include "tests/checks.h"
#include "train/capture/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE 12000.0
#define SECONDS 20U
#define N_FRAMES (SECONDS * 12000U)

static float dry[N_FRAMES];
static float other[N_FRAMES];

/// What a piece of gear makes of the guitar
typedef void (*Gear)(const float* in, float* out);

static void
play_guitar(float* const samples, const uint64_t seed)
{
  double* const sound = (double*)calloc(N_FRAMES, sizeof(double));
  assert_non_null(sound);
  const GuitarSpec spec = {.sample_rate = RATE, .n_frames = N_FRAMES, .seed = seed};
  assert_int_equal(guitar_render(&spec, sound), STATUS_OK);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    samples[i] = (float)sound[i];
  }
  free(sound);
}

static int
play_guitars(void** const state)
{
  (void)state;
  play_guitar(dry, 3);
  play_guitar(other, 4);
  return 0;
}

/// A loudspeaker: a band, with a resonance
static void
filter_speaker(float* const samples)
{
  double low = 0.0;
  double band = 0.0;
  double slow = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    low += 0.6 * band;
    band += 0.6 * ((double)samples[i] - low - 0.7 * band);
    slow += 0.05 * (low - slow);
    samples[i] = (float)(low - slow);
  }
}

static void
play_clean(const float* const in, float* const out)
{
  memcpy(out, in, N_FRAMES * sizeof(float));
  filter_speaker(out);
}

static void
clip(const float* const in, float* const out, const float gain)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] = 0.4F * tanhf(gain * in[i] + 0.1F);
  }
}

static void
play_crunch(const float* const in, float* const out)
{
  clip(in, out, 4.0F);
  filter_speaker(out);
}

static void
play_high_gain(const float* const in, float* const out)
{
  clip(in, out, 100.0F);
  filter_speaker(out);
}

static void
play_octave_fuzz(const float* const in, float* const out)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] = fabsf(tanhf(8.0F * in[i])) - 0.4F;
  }
}

/// Six to one over -35 dB, with an attack of 40 ms and a release of 500 ms
static void
play_compressor(const float* const in, float* const out)
{
  double gain_db = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double over = fmax(20.0 * log10(fabs((double)in[i]) + 1e-9) + 35.0, 0.0) * 5.0 / 6.0;
    const double seconds = over > gain_db ? 0.04 : 0.5;
    gain_db += (over - gain_db) / (seconds * RATE);
    out[i] = in[i] * (float)pow(10.0, (12.0 - gain_db) / 20.0);
  }
}

/// High gain whose gate closes between the phrases, although the guitar hums there
static void
play_gated(const float* const in, float* const out)
{
  double level = 0.0;
  play_high_gain(in, out);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    level = fmax(fabs((double)in[i]), level * 0.998);
    out[i] = level > 0.1 ? out[i] : 0.0F;
  }
}

static void
play_hissing(const float* const in, float* const out)
{
  Random random = random_for(1, 0);
  play_crunch(in, out);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    out[i] += (float)random_between(&random, -0.01, 0.01);
  }
}

static const struct {
  const char* name;
  Gear play;
  bool distorts;
} fleet[] = {
    {"clean", play_clean, false},          {"crunch", play_crunch, true},
    {"high gain", play_high_gain, true},   {"octave fuzz", play_octave_fuzz, true},
    {"compressor", play_compressor, true}, {"gated", play_gated, true},
    {"hissing", play_hissing, true},
};

#define N_GEAR (sizeof(fleet) / sizeof(fleet[0]))

static CheckPair
pair_of(const float* const input, const float* const target, Wav wavs[2])
{
  wavs[0] = (Wav){.samples = input, .n_frames = N_FRAMES, .sample_rate = RATE};
  wavs[1] = (Wav){.samples = target, .n_frames = N_FRAMES, .sample_rate = RATE};
  return (CheckPair){&wavs[0], &wavs[1]};
}

/// The effect that the last line named: echo, reverb or modulation
static char said;

/// Return the verdict on a pair in one respect, and print the line
static Verdict
verdict_on(const char* const what, const float* const input, const float* const target)
{
  static const Alignment unclear = {.clearness = 0.0};
  Wav wavs[2];
  Findings findings = {.n = 0};
  const CheckPair pair = pair_of(input, target, wavs);
  if (!strcmp(what, "Order")) {
    check_order(pair, 0.0, &findings);
  } else if (!strcmp(what, "Match")) {
    (void)check_match(pair, &unclear, &findings);
  } else if (!strcmp(what, "Silence")) {
    check_dropouts(pair, 0.0, &findings);
  } else {
    check_effects(pair, &findings);
  }
  const Finding* const line = finding_of(&findings, what);
  assert_non_null(line);
  print_message("# %s: %s (%s)\n", what, line->value, finding_verdict(line->verdict));
  said = strstr(line->value, "an echo after") ? 'e'
         : strstr(line->value, "reverb:")     ? 'r'
         : strstr(line->value, "moves at")    ? 'm'
                                              : '-';
  return line->verdict;
}

/// Fewer kinds of gear where it takes long
static size_t
n_gear(void)
{
  return fixture_is_slow() ? 2 : N_GEAR;
}

static void
fine_gear_passes(void** const state)
{
  (void)state;
  static float target[N_FRAMES];
  for (size_t i = 0; i < n_gear(); ++i) {
    print_message("# %s\n", fleet[i].name);
    fleet[i].play(dry, target);
    assert_int_equal(verdict_on("Match", dry, target), VERDICT_OK);
    assert_int_equal(verdict_on("Order", dry, target), VERDICT_OK);
    assert_int_equal(verdict_on("Silence", dry, target), VERDICT_OK);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_OK);
  }
}

static void
swapped_files_are_found_where_gear_distorts(void** const state)
{
  (void)state;
  static float target[N_FRAMES];
  for (size_t i = 0; i < n_gear(); ++i) {
    print_message("# %s\n", fleet[i].name);
    fleet[i].play(dry, target);
    assert_int_equal(verdict_on("Order", target, dry) != VERDICT_OK, fleet[i].distorts);
  }
}

static void
another_guitar_stops(void** const state)
{
  (void)state;
  static float target[N_FRAMES];
  for (size_t i = 0; i < n_gear(); ++i) {
    print_message("# %s\n", fleet[i].name);
    fleet[i].play(other, target);
    assert_int_equal(verdict_on("Match", dry, target), VERDICT_STOP);
  }
}

/// Add a part of the sound as it was some time ago
static void
add_echo(float* const samples, const double seconds, const float gain)
{
  const uint32_t late = (uint32_t)(seconds * RATE);
  for (uint32_t i = N_FRAMES; i-- > late;) {
    samples[i] += gain * samples[i - late];
  }
}

/// Add noise that dies away within half a second, as the response
static void
add_reverb(float* const samples, const double gain)
{
  static float wet[N_FRAMES];
  Random random = random_for(2, 0);
  memset(wet, 0, sizeof(wet));
  for (uint32_t late = 240; late < 6000; ++late) {
    const float size = (float)(gain * random_between(&random, -1.0, 1.0) * exp(late / -2000.0));
    for (uint32_t i = late; i < N_FRAMES; ++i) {
      wet[i] += size * samples[i - late];
    }
  }
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    samples[i] += wet[i];
  }
}

static void
add_tremolo(float* const samples, const double hz)
{
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    samples[i] *= (float)(0.75 + 0.25 * sin(TAU * hz * i / RATE));
  }
}

/// Mix with a copy whose delay is swept, from 4 to 10 ms
static void
add_chorus(float* const samples, const double hz)
{
  static float dry_samples[N_FRAMES];
  memcpy(dry_samples, samples, sizeof(dry_samples));
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double at = i - (0.007 + 0.003 * sin(TAU * hz * i / RATE)) * RATE;
    const uint32_t k = at < 0.0 ? 0 : (uint32_t)at;
    const float part = at < 0.0 ? 0.0F : (float)(at - k);
    samples[i] += dry_samples[k] + part * (dry_samples[k + 1] - dry_samples[k]);
  }
}

/// Return what n all-passes, which turn by 90 degrees each at a frequency [Hz], make of a sample
static double
turn_phase(double x, const double hz, double* const states, const size_t n)
{
  const double turn = tan(0.5 * TAU * hz / RATE);
  const double a = (turn - 1.0) / (turn + 1.0);
  for (size_t k = 0; k < n; ++k) {
    const double y = a * x + states[k];
    states[k] = x - a * y;
    x = y;
  }
  return x;
}

/// Mix with a copy through four all-passes, swept by three octaves
static void
add_phaser(float* const samples, const double hz)
{
  double states[4] = {0.0};
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    const double at = 300.0 * exp2(1.5 + 1.5 * sin(TAU * hz * i / RATE));
    samples[i] += (float)turn_phase((double)samples[i], at, states, 4);
  }
}

static void
effects_that_sweep_are_found(void** const state)
{
  (void)state;
  static const Gear gear[] = {play_crunch, play_high_gain};
  static float target[N_FRAMES];
  for (size_t i = 0; i < (fixture_is_slow() ? 1 : 2); ++i) {
    gear[i](dry, target);
    add_chorus(target, 0.8);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    assert_int_equal(said, 'm');
    gear[i](dry, target);
    add_phaser(target, 0.4);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    assert_int_equal(said, 'm');
  }
}

/// Turn the phase of the middle further, the louder it is: it goes through two all-passes that
/// follow the level
static void
play_turning(const float* const in, float* const out)
{
  double states[2] = {0.0};
  double level = 0.0;
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    level = fmax(fabs((double)in[i]), level * 0.999);
    const double at = 100.0 * exp2(4.0 * fmin(2.0 * level, 1.0));
    out[i] = (float)turn_phase((double)in[i], at, states, 2);
  }
}

static void
gear_that_moves_with_the_beat_has_no_effect_on(void** const state)
{
  (void)state;
  static float beat[N_FRAMES];
  static float target[N_FRAMES];
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    beat[i] = dry[i] * expf((float)(i % 3600) / -600.0F);
  }
  play_turning(beat, target);
  assert_int_equal(verdict_on("Effects", beat, target), VERDICT_OK);
}

static void
effects_are_found(void** const state)
{
  (void)state;
  static const Gear gear[] = {play_clean, play_crunch, play_high_gain};
  static float target[N_FRAMES];
  for (size_t i = 0; i < (fixture_is_slow() ? 1 : 3); ++i) {
    gear[i](dry, target);
    add_echo(target, 0.12, 0.3F);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    gear[i](dry, target);
    add_echo(target, 0.37, 0.3F);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    assert_int_equal(said, 'e');
    gear[i](dry, target);
    add_tremolo(target, 5.3);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    assert_int_equal(said, 'm');
  }
  if (!fixture_is_slow()) {
    play_crunch(dry, target);
    add_reverb(target, 0.02);
    assert_int_equal(verdict_on("Effects", dry, target), VERDICT_NOTE);
    assert_int_equal(said, 'r');
  }
}

static void
dropouts_in_loud_playing_are_found(void** const state)
{
  (void)state;
  static float target[N_FRAMES];
  play_crunch(dry, target);
  memset(target + N_FRAMES / 2, 0, N_FRAMES / 16 * sizeof(float));
  assert_int_equal(verdict_on("Silence", dry, target), VERDICT_NOTE);
  memset(target + N_FRAMES / 2, 0, N_FRAMES / 2 * sizeof(float));
  assert_int_equal(verdict_on("Silence", dry, target), VERDICT_STOP);
}

static void
every_stop_says_what_forcing_risks(void** const state)
{
  (void)state;
  Findings findings = {.n = 0};
  finding_add(&findings, "Match", VERDICT_STOP, "Take others.", "%d %%", 1);
  finding_add(&findings, "Whatever", VERDICT_STOP, "Change it.", "odd");
  finding_add(&findings, "Silence", VERDICT_NOTE, "Look.", "some");
  assert_non_null(strstr(findings.items[0].remedy, "Take others. --force trains anyway: "));
  assert_non_null(strstr(findings.items[0].remedy, "learns nothing"));
  assert_non_null(strstr(findings.items[1].remedy, "--force"));
  assert_string_equal(findings.items[2].remedy, "Look.");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fine_gear_passes),
      cmocka_unit_test(swapped_files_are_found_where_gear_distorts),
      cmocka_unit_test(another_guitar_stops),
      cmocka_unit_test(effects_are_found),
      cmocka_unit_test(effects_that_sweep_are_found),
      cmocka_unit_test(gear_that_moves_with_the_beat_has_no_effect_on),
      cmocka_unit_test(dropouts_in_loud_playing_are_found),
      cmocka_unit_test(every_stop_says_what_forcing_risks),
  };
  return cmocka_run_group_tests(tests, play_guitars, NULL);
}

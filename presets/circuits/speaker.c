// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Second-order sections in a row, then what arrives later. Offline.

#include "presets/circuits/speaker.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "guitar/linear.h"

#include <math.h>
#include <string.h>

#define MAX_MODES 10U
#define MAX_PATHS 3U
#define FADE_FRAMES 256U ///< At the end

/// A peak, or a dip, of the response
typedef struct {
  double hz;
  double q;
  double db;
} SpeakerMode;

/// Another way to the microphone
typedef struct {
  double seconds; ///< Longer than the direct way
  double gain;    ///< Of the direct sound; negative from the rear of the cone
  double hz;      ///< It is duller above
} SpeakerPath;

typedef struct {
  const char* name;
  double resonance_hz; ///< Of the cone in the box
  double resonance_q;
  double end_hz; ///< Above, it falls by 12 dB an octave
  double end_q;
  double second_end_hz; ///< Above, by 24 dB
  SpeakerMode modes[MAX_MODES];
  SpeakerPath paths[MAX_PATHS];
} SpeakerDesign;

static const SpeakerDesign designs[] = {
    {"4x12-closed",
     105.0,
     1.1,
     4700.0,
     0.9,
     6500.0,
     {{125.0, 2.0, 2.0},
      {430.0, 1.0, -4.0},
      {820.0, 2.0, 1.0},
      {1250.0, 3.0, -2.0},
      {1900.0, 3.0, 3.0},
      {2600.0, 3.5, 6.0},
      {3400.0, 5.0, 5.0},
      {4200.0, 6.0, 3.0},
      {5200.0, 6.0, -5.0}},
     {{0.00095, 0.22, 2500.0}, {0.00135, 0.12, 1800.0}, {0.0024, 0.12, 3000.0}}},
    {"2x12-open",
     85.0,
     0.8,
     5400.0,
     0.8,
     7500.0,
     {{110.0, 1.5, 3.0},
      {350.0, 1.0, -3.0},
      {620.0, 2.5, 2.0},
      {1100.0, 3.0, -2.0},
      {1700.0, 3.0, 2.0},
      {2300.0, 4.0, 5.0},
      {3100.0, 4.0, 6.0},
      {3900.0, 6.0, 2.0},
      {4700.0, 6.0, -3.0}},
     {{0.0011, -0.35, 900.0}, {0.0009, 0.2, 2500.0}, {0.0019, 0.15, 3000.0}}},
    {"1x12-open",
     95.0,
     0.9,
     4800.0,
     0.75,
     7000.0,
     {{120.0, 1.5, 2.5},
      {400.0, 0.9, -3.0},
      {700.0, 2.0, 1.5},
      {1500.0, 2.5, 2.0},
      {2200.0, 3.0, 5.0},
      {2900.0, 4.0, 4.0},
      {3700.0, 5.0, 1.5},
      {4600.0, 5.0, -3.0}},
     {{0.00085, -0.4, 1000.0}, {0.0015, 0.18, 3000.0}}},
};

size_t
speaker_count(void)
{
  return sizeof(designs) / sizeof(designs[0]);
}

const char*
speaker_name(const size_t cabinet)
{
  return designs[cabinet].name;
}

/// Gains of a second-order section below, at and above its frequency
typedef struct {
  double low;
  double middle;
  double high;
} SectionGains;

/// Filter in place: (high s² + middle w/q s + low w²) / (s² + w/q s + w²)
static void
filter_section(const double hz, const double q, const SectionGains gains, double* const x)
{
  const double w = 2.0 * SPEAKER_RATE * tan(PI * hz / SPEAKER_RATE); // Ends up at hz exactly
  const StateSpace section = {
      .a = {{0.0, 1.0}, {-w * w, -w / q}},
      .b = {0.0, 1.0},
      .c = {(gains.low - gains.high) * w * w, (gains.middle - gains.high) * w / q},
      .d = gains.high,
  };
  Linear linear;
  linear_init(&linear, &section, SPEAKER_RATE);
  for (uint32_t i = 0; i < SPEAKER_FRAMES; ++i) {
    x[i] = linear_step(&linear, x[i]);
  }
}

/// Write the direct sound
static void
respond_directly(const SpeakerDesign* const d, double* const x)
{
  static const SectionGains high_pass = {0.0, 0.0, 1.0};
  static const SectionGains low_pass = {1.0, 0.0, 0.0};
  memset(x, 0, SPEAKER_FRAMES * sizeof(double));
  x[0] = 1.0;
  filter_section(d->resonance_hz, d->resonance_q, high_pass, x);
  filter_section(d->end_hz, d->end_q, low_pass, x);
  filter_section(d->second_end_hz, sqrt(0.5), low_pass, x);
  for (uint32_t i = 0; i < MAX_MODES && d->modes[i].hz > 0.0; ++i) {
    const SectionGains peak = {1.0, decibel_to_gain(d->modes[i].db), 1.0};
    filter_section(d->modes[i].hz, d->modes[i].q, peak, x);
  }
}

static void
add_path(const SpeakerPath path, const double* const direct, double* const sum)
{
  static const SectionGains low_pass = {1.0, 0.0, 0.0};
  const uint32_t late = (uint32_t)lround(path.seconds * SPEAKER_RATE);
  double x[SPEAKER_FRAMES] = {0.0};
  memcpy(x + late, direct, (SPEAKER_FRAMES - late) * sizeof(double));
  filter_section(path.hz, sqrt(0.5), low_pass, x);
  for (uint32_t i = 0; i < SPEAKER_FRAMES; ++i) {
    sum[i] += path.gain * x[i];
  }
}

/// Return the power of the response at a frequency
static double
power_at(const double* const x, const double hz)
{
  double re = 0.0;
  double im = 0.0;
  for (uint32_t i = 0; i < SPEAKER_FRAMES; ++i) {
    re += x[i] * cos(TAU * hz / SPEAKER_RATE * i);
    im += x[i] * sin(TAU * hz / SPEAKER_RATE * i);
  }
  return re * re + im * im;
}

/// Return the power that noise keeps which is pink up to 1 kHz and falls by 12 dB an octave above
static double
power_kept(const double* const x)
{
  double kept = 0.0;
  double total = 0.0;
  for (double hz = 80.0; hz < 8000.0; hz *= 1.02) {
    const double weight = hz < 1000.0 ? 1.0 : pow(1000.0 / hz, 3.0); // In equal parts of an octave
    kept += weight * power_at(x, hz);
    total += weight;
  }
  return kept / total;
}

void
speaker_respond(const size_t cabinet, float* const samples)
{
  const SpeakerDesign* const d = &designs[cabinet];
  double direct[SPEAKER_FRAMES];
  double sum[SPEAKER_FRAMES];
  respond_directly(d, direct);
  memcpy(sum, direct, sizeof(sum));
  for (uint32_t i = 0; i < MAX_PATHS && d->paths[i].gain != 0.0; ++i) {
    add_path(d->paths[i], direct, sum);
  }
  const double gain = 1.0 / sqrt(power_kept(sum));
  for (uint32_t i = 0; i < SPEAKER_FRAMES; ++i) {
    const double left = (double)(SPEAKER_FRAMES - i) / FADE_FRAMES;
    samples[i] = (float)(gain * sum[i] * (left < 1.0 ? 0.5 - 0.5 * cos(PI * left) : 1.0));
  }
}

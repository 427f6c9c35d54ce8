// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Looks for stretches in which the input is silent, and takes the one with the least noise: louder
// ones may still hold the end of the last note. Hum is what stands out at multiples of the mains
// frequency against the frequencies beside them.

#include "train/capture/noise_floor.h"

#include "core/circle.h"

#include <math.h>

#define SILENT 1e-4F      ///< Of the input, -80 dBFS
#define SOFT_PEAK 0.0316F ///< Of an input whose playing may be as soft as that, -30 dBFS
#define N_HARMONICS 20
#define BESIDE 7.0       ///< Distance of the frequencies that hum is compared with [Hz]
#define STANDS_OUT 4.0   ///< Power against those
#define LEAST_SHARE 0.05 ///< Of hum in the noise

typedef struct {
  uint64_t begin;
  uint64_t end;
} FrameRange;

static void
measure_stretch(const Wav* const target, const FrameRange s, NoiseFloor* const q)
{
  double sum = 0.0;
  double power = 0.0;
  const double n = (double)(s.end - s.begin);
  for (uint64_t i = s.begin; i < s.end; ++i) {
    sum += (double)target->samples[i];
  }
  for (uint64_t i = s.begin; i < s.end; ++i) {
    const double x = (double)target->samples[i] - sum / n;
    power += x * x;
  }
  *q = (NoiseFloor){.begin = s.begin, .end = s.end, .dc = sum / n, .noise = power / n};
}

/// Take a silence of the input, if it is long enough and the quietest so far
static void
keep_if_quietest(const Wav* const target, const FrameRange silence, const double delay,
                 NoiseFloor* const best)
{
  const double rate = target->sample_rate;
  const double begin = (double)silence.begin + delay + NOISE_FLOOR_AFTER * rate;
  const double end = fmin((double)silence.end + delay, (double)target->n_frames);
  if (begin < 0.0 || end - begin < NOISE_FLOOR_LEAST * rate) {
    return;
  }
  NoiseFloor q;
  measure_stretch(target, (FrameRange){(uint64_t)begin, (uint64_t)end}, &q);
  if (!best->end || q.noise < best->noise) {
    *best = q;
  }
}

/// Return the mean power at a frequency, under a Hann window
static double
power_at(const Wav* const target, const NoiseFloor* const q, const double hz)
{
  const double n = (double)(q->end - q->begin);
  double re = 0.0;
  double im = 0.0;
  for (uint64_t i = q->begin; i < q->end; ++i) {
    const double t = (double)(i - q->begin);
    const double x = ((double)target->samples[i] - q->dc) * (1.0 - cos(TAU * (t + 0.5) / n));
    re += x * cos(TAU * hz / target->sample_rate * t);
    im += x * sin(TAU * hz / target->sample_rate * t);
  }
  return 2.0 * (re * re + im * im) / (n * n);
}

/// Return the power of a mains frequency and its harmonics, counting only those that stand out
static double
hum_of(const Wav* const target, const NoiseFloor* const q, const double mains)
{
  double sum = 0.0;
  for (int k = 1; k <= N_HARMONICS; ++k) {
    const double at = power_at(target, q, k * mains);
    const double beside =
        0.5 * (power_at(target, q, k * mains - BESIDE) + power_at(target, q, k * mains + BESIDE));
    sum += at > STANDS_OUT * beside ? at - beside : 0.0;
  }
  return sum;
}

static void
find_hum(const Wav* const target, NoiseFloor* const q)
{
  const double at_50 = hum_of(target, q, 50.0);
  const double at_60 = hum_of(target, q, 60.0);
  const double most = fmax(at_50, at_60);
  if (most > LEAST_SHARE * q->noise) {
    q->hum = most;
    q->hum_hz = at_50 >= at_60 ? 50.0 : 60.0;
  }
}

/// Return the amplitude up to which an input is silent: less if all of it is soft
static float
find_silence(const Wav* const input)
{
  float peak = 0.0F;
  for (uint64_t i = 0; i < input->n_frames; ++i) {
    peak = fmaxf(peak, fabsf(input->samples[i]));
  }
  return SILENT * fminf(peak / SOFT_PEAK, 1.0F);
}

bool
noise_floor_find(const Wav* const input, const Wav* const target, const double delay,
                 NoiseFloor* const noise)
{
  NoiseFloor best = {.end = 0};
  FrameRange silence = {0, 0};
  const float silent = find_silence(input);
  for (uint64_t i = 0; i <= input->n_frames; ++i) {
    if (i == input->n_frames || fabsf(input->samples[i]) > silent) {
      silence.end = i;
      keep_if_quietest(target, silence, delay, &best);
      silence.begin = i + 1;
    }
  }
  if (!best.end) {
    return false;
  }
  find_hum(target, &best);
  *noise = best;
  return true;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Levels of bands, and how far the target is beside the sound's phase in narrow ones, frame by
// frame; then one transform over all frames for each band. The powers of all bands are added, for a
// phaser moves each band another way.
//
// A tremolo shows in the levels, and so does the beat of gear that compresses. What sweeps a filter
// or a delay shows in the phase, too, which the beat of the playing hardly moves: only the part
// beside it is taken, as much of it as the sound stands out of what isn't understood, and each band
// counts alike. Then a line is seen behind high gain, in a guitarist's own playing. Only gear that
// turns the phase with the level moves with the beat there, too.

#include "train/capture/modulation.h"

#include "core/circle.h"
#include "core/decibel.h"
#include "train/audio/median.h"

#include <kiss_fftr.h>

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define HOP_SECONDS 0.01
#define LEAST_SPECTRUM 0.04 ///< [s]
#define N_BANDS 8U
#define LOWEST_HZ 150.0 ///< Of the bands, each two thirds of an octave wide
#define BAND_STEP 1.5874
#define RANGE 1e-4   ///< Power of a frame, of the loudest, below which it doesn't count
#define MOST_DB 12.0 ///< Gain that counts, of what is further from the mean
#define SLOWEST_GAIN_HZ 0.4
#define SLOWEST_PHASE_HZ 0.25
#define FASTEST_HZ 10.5
#define BESIDE_HZ 1.0 ///< How far to either side a line is compared
#define MOST_BESIDE 512U
#define LOWEST_PHASE_HZ 90.0
#define HIGHEST_PHASE_HZ 6000.0
#define LEAST_BIN 1e-6 ///< Power of one whose phase counts, of the strongest
#define MOST_MULTIPLE 4U

/// What moves
typedef enum {
  KIND_OWN_LEVEL,
  KIND_GAIN,
  KIND_PHASE,
  N_KINDS,
} ModulationKind;

typedef struct {
  uint32_t size; ///< Of a frame's transform
  uint32_t hop;
  uint32_t n;      ///< Frames
  uint32_t length; ///< Of the transform over all frames
  double rate;     ///< Of the sound [Hz]
  kiss_fftr_cfg frame_plan;
  kiss_fftr_cfg plan;
  float* samples;           ///< (the larger size)
  kiss_fft_cpx* spectra[2]; ///< Of the sound and the target (the larger size / 2 + 1)
  float* levels;            ///< [dB] Bands of the sound, then of the target (2, N_BANDS, n)
  uint32_t first_bin;       ///< Of those whose phase counts
  uint32_t n_phases;        ///< How many
  float* phases;            ///< Part of the target beside the sound's phase (n_phases, n)
  float* own_powers;        ///< Of the sound in those bins (n_phases, n)
  double* powers[N_KINDS];  ///< (length / 2 + 1) Sums over the bands
} ModulationWork;

static void
work_clear(ModulationWork* const w)
{
  kiss_fftr_free(w->frame_plan);
  kiss_fftr_free(w->plan);
  free(w->samples);
  free(w->spectra[0]);
  free(w->levels);
  free(w->powers[0]);
}

/// Allocate for sizes that are set
static Status
work_init(ModulationWork* const w)
{
  const size_t n_bins = w->length / 2 + 1;
  const size_t most = w->size > w->length ? w->size : w->length;
  w->frame_plan = kiss_fftr_alloc((int)w->size, 0, NULL, NULL);
  w->plan = kiss_fftr_alloc((int)w->length, 0, NULL, NULL);
  w->samples = (float*)calloc(most, sizeof(float));
  w->spectra[0] = (kiss_fft_cpx*)calloc(2 * (most / 2 + 1), sizeof(kiss_fft_cpx));
  w->levels = (float*)calloc(2 * (N_BANDS + w->n_phases) * ((size_t)w->n + 1), sizeof(float));
  w->powers[0] = (double*)calloc(N_KINDS * n_bins, sizeof(double));
  if (!w->frame_plan || !w->plan || !w->samples || !w->spectra[0] || !w->levels || !w->powers[0]) {
    work_clear(w);
    return STATUS_NO_MEMORY;
  }
  w->spectra[1] = w->spectra[0] + most / 2 + 1;
  w->phases = w->levels + 2 * N_BANDS * (size_t)w->n;
  w->own_powers = w->phases + w->n_phases * (size_t)w->n;
  for (size_t i = 1; i < N_KINDS; ++i) {
    w->powers[i] = w->powers[0] + i * n_bins;
  }
  return STATUS_OK;
}

/// Choose sizes for a sound
static ModulationWork
size_work(const ModulatedSound* const s)
{
  ModulationWork w = {.size = 256,
                      .length = 1024,
                      .hop = (uint32_t)(HOP_SECONDS * s->sample_rate),
                      .rate = s->sample_rate};
  while (w.size < LEAST_SPECTRUM * s->sample_rate) {
    w.size *= 2;
  }
  w.n = s->n_frames < w.size ? 0 : (s->n_frames - w.size) / w.hop;
  while (w.length < w.n) {
    w.length *= 2;
  }
  w.first_bin = (uint32_t)(LOWEST_PHASE_HZ * w.size / w.rate) + 1;
  w.n_phases = (uint32_t)(fmin(HIGHEST_PHASE_HZ / w.rate, 0.5) * w.size) - w.first_bin;
  return w;
}

/// Return the levels of a band of the sound (0) or the target (1)
static float*
levels_of(const ModulationWork* const w, const uint32_t which, const uint32_t band)
{
  return w->levels + (which * N_BANDS + band) * (size_t)w->n;
}

/// Transform a frame
static void
transform_frame(const ModulationWork* const w, const float* const sound, kiss_fft_cpx* const bins)
{
  for (uint32_t i = 0; i < w->size; ++i) {
    w->samples[i] = sound[i] * (float)(0.5 - 0.5 * cos(TAU * (i + 0.5) / w->size));
  }
  kiss_fftr(w->frame_plan, w->samples, bins);
}

/// Write the powers of a frame's bands
static void
write_powers(const ModulationWork* const w, const uint32_t which, const uint32_t at)
{
  double hz = LOWEST_HZ;
  for (uint32_t band = 0; band < N_BANDS; ++band, hz *= BAND_STEP) {
    const uint32_t first = (uint32_t)(hz * w->size / w->rate);
    const uint32_t end = (uint32_t)(hz * BAND_STEP * w->size / w->rate) + 1;
    float* const power = &levels_of(w, which, band)[at];
    for (uint32_t k = first; k < end && k <= w->size / 2; ++k) {
      const kiss_fft_cpx x = w->spectra[which][k];
      *power += x.r * x.r + x.i * x.i;
    }
  }
}

/// Write the part of a frame's target beside the sound's phase, times the sound, and the sound's
/// power; add what differs to `left` (n_phases)
static void
write_phases(const ModulationWork* const w, const uint32_t at, double* const left)
{
  for (uint32_t bin = 0; bin < w->n_phases; ++bin) {
    const kiss_fft_cpx a = w->spectra[0][w->first_bin + bin];
    const kiss_fft_cpx b = w->spectra[1][w->first_bin + bin];
    const size_t place = bin * (size_t)w->n + at;
    w->phases[place] = a.r * b.i - a.i * b.r;
    w->own_powers[place] = a.r * a.r + a.i * a.i;
    left[bin] += (double)((b.r - a.r) * (b.r - a.r) + (b.i - a.i) * (b.i - a.i)) / w->n;
  }
}

static void
measure_frames(const ModulationWork* const w, const ModulatedSound* const s, double* const left)
{
  for (uint32_t at = 0; at < w->n; ++at) {
    transform_frame(w, s->sound + at * (size_t)w->hop, w->spectra[0]);
    transform_frame(w, s->target + at * (size_t)w->hop, w->spectra[1]);
    write_powers(w, 0, at);
    write_powers(w, 1, at);
    write_phases(w, at, left);
  }
}

static float
loudest_of(const float* const powers, const uint32_t n)
{
  float most = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    most = powers[i] > most ? powers[i] : most;
  }
  return most;
}

/// Turn a band's powers into the sound's level and the gain [dB], both around 0, and 0 where either
/// is too soft to tell
static void
make_levels(const ModulationWork* const w, const uint32_t band)
{
  float* const own = levels_of(w, 0, band);
  float* const gain = levels_of(w, 1, band);
  const float least[2] = {(float)RANGE * loudest_of(own, w->n),
                          (float)RANGE * loudest_of(gain, w->n)};
  double means[2] = {0.0, 0.0};
  uint32_t n = 0;
  for (uint32_t i = 0; i < w->n; ++i) {
    const bool sounds = own[i] > least[0] && gain[i] > least[1];
    gain[i] = sounds ? 10.0F * log10f(gain[i] / own[i]) : NAN;
    own[i] = sounds ? 10.0F * log10f(own[i]) : NAN;
    means[0] += sounds ? (double)own[i] : 0.0;
    means[1] += sounds ? (double)gain[i] : 0.0;
    n += sounds;
  }
  for (uint32_t i = 0; i < w->n; ++i) {
    const bool sounds = !isnan(own[i]);
    own[i] = sounds ? own[i] - (float)(means[0] / n) : 0.0F;
    gain[i] = sounds
                  ? fminf(fmaxf(gain[i] - (float)(means[1] / n), (float)-MOST_DB), (float)MOST_DB)
                  : 0.0F;
  }
}

/// Return the mean power of the sound in a bin whose phase counts
static double
power_of_bin(const ModulationWork* const w, const uint32_t bin)
{
  double sum = 0.0;
  for (uint32_t i = 0; i < w->n; ++i) {
    sum += (double)w->own_powers[bin * (size_t)w->n + i] / w->n;
  }
  return sum;
}

/// Divide a bin's part beside the sound's phase by the sound's power and by what differs from it
/// (`left`), and make its spread 1; 0 without spread
static void
make_phases(const ModulationWork* const w, const uint32_t bin, const double left)
{
  float* const phases = w->phases + bin * (size_t)w->n;
  const float* const powers = w->own_powers + bin * (size_t)w->n;
  double sum = 0.0;
  double square = 0.0;
  for (uint32_t i = 0; i < w->n; ++i) {
    phases[i] /= powers[i] + (float)left + FLT_MIN;
    sum += (double)phases[i];
    square += (double)phases[i] * (double)phases[i];
  }
  const double variance = square - sum * sum / w->n;
  const float by = variance > 0.0 ? (float)(1.0 / sqrt(variance)) : 0.0F;
  for (uint32_t i = 0; i < w->n; ++i) {
    phases[i] *= by;
  }
}

/// Add the spectrum of a band over all frames, without its mean
static void
add_spectrum(const ModulationWork* const w, const float* const band, double* const power)
{
  double mean = 0.0;
  memset(w->samples, 0, w->length * sizeof(float));
  for (uint32_t i = 0; i < w->n; ++i) {
    mean += (double)band[i] / w->n;
  }
  for (uint32_t i = 0; i < w->n; ++i) {
    const float window = (float)(0.5 - 0.5 * cos(TAU * (i + 0.5) / w->n));
    w->samples[i] = (band[i] - (float)mean) * window;
  }
  kiss_fftr(w->plan, w->samples, w->spectra[0]);
  for (uint32_t k = 0; k <= w->length / 2; ++k) {
    const kiss_fft_cpx x = w->spectra[0][k];
    power[k] += (double)(x.r * x.r + x.i * x.i);
  }
}

/// Return how far a bin stands out of those beside it, as a ratio to their median
static double
stand_out(const ModulationWork* const w, const double* const power, const uint32_t bin)
{
  double beside[MOST_BESIDE];
  const double bins_per_hz = w->length * HOP_SECONDS;
  const uint32_t reach = (uint32_t)fmin(BESIDE_HZ * bins_per_hz, MOST_BESIDE / 2.0 - 1.0);
  const uint32_t first = bin > reach + 1 ? bin - reach : 1;
  uint32_t n = 0;
  for (uint32_t k = first; k <= bin + reach && k <= w->length / 2; ++k) {
    beside[n++] = power[k];
  }
  const double usual = median_of(beside, n);
  return usual > 0.0 ? power[bin] / usual : 0.0;
}

/// Return the highest of a bin and its neighbours
static double
stand_out_around(const ModulationWork* const w, const double* const power, const uint32_t bin)
{
  double most = 0.0;
  for (uint32_t k = bin - 2; k <= bin + 2; ++k) {
    most = fmax(most, stand_out(w, power, k));
  }
  return most;
}

/// Find the line that stands out most in what moves, from a frequency on
static Modulation
find_line(const ModulationWork* const w, const ModulationKind kind, const double slowest)
{
  const double bins_per_hz = w->length * HOP_SECONDS;
  double best = 1e-9;
  uint32_t at = 3;
  for (uint32_t k = (uint32_t)ceil(slowest * bins_per_hz); k < FASTEST_HZ * bins_per_hz; ++k) {
    const double ratio = stand_out(w, w->powers[kind], k);
    const bool is_better = ratio > best;
    best = is_better ? ratio : best;
    at = is_better ? k : at;
  }
  const double own = stand_out_around(w, w->powers[KIND_OWN_LEVEL], at);
  return (Modulation){.hz = at / bins_per_hz,
                      .line_db = decibel_of_power(best),
                      .own_db = decibel_of_power(own + 1e-9)};
}

/// Return the slowest frequency that this line is a multiple of: one that stands out half as far
static double
find_base(const ModulationWork* const w, const Modulation line)
{
  const double bins_per_hz = w->length * HOP_SECONDS;
  double base = line.hz;
  for (uint32_t n = 2; n <= MOST_MULTIPLE && line.hz / n >= SLOWEST_PHASE_HZ; ++n) {
    const uint32_t bin = (uint32_t)round(line.hz / n * bins_per_hz);
    const double base_db = decibel_of_power(stand_out_around(w, w->powers[KIND_PHASE], bin) + 1e-9);
    base = base_db > 0.5 * line.line_db ? line.hz / n : base;
  }
  return base;
}

/// Add the spectra of all bands' levels
static void
add_levels(const ModulationWork* const w)
{
  for (uint32_t band = 0; band < N_BANDS; ++band) {
    make_levels(w, band);
    add_spectrum(w, levels_of(w, 0, band), w->powers[KIND_OWN_LEVEL]);
    add_spectrum(w, levels_of(w, 1, band), w->powers[KIND_GAIN]);
  }
}

/// Add the spectra of all bins' phases; `left` is what differs
static void
add_phases(const ModulationWork* const w, const double* const left)
{
  double most = 0.0;
  for (uint32_t bin = 0; bin < w->n_phases; ++bin) {
    most = fmax(most, power_of_bin(w, bin));
  }
  for (uint32_t bin = 0; bin < w->n_phases; ++bin) {
    if (power_of_bin(w, bin) > LEAST_BIN * most) {
      make_phases(w, bin, left[bin]);
      add_spectrum(w, w->phases + bin * (size_t)w->n, w->powers[KIND_PHASE]);
    }
  }
}

Status
modulation_find(const ModulatedSound sound, Modulation* const modulation)
{
  ModulationWork w = size_work(&sound);
  Status status = work_init(&w);
  if (status) {
    return status;
  }
  double* const left = (double*)calloc(w.n_phases, sizeof(double));
  if (left) {
    measure_frames(&w, &sound, left);
    add_levels(&w);
    add_phases(&w, left);
    const Modulation phase = find_line(&w, KIND_PHASE, SLOWEST_PHASE_HZ);
    *modulation = find_line(&w, KIND_GAIN, SLOWEST_GAIN_HZ);
    modulation->sweep_db = phase.line_db;
    modulation->sweep_hz = find_base(&w, phase);
    modulation->sweep_own_db = phase.own_db;
  }
  free(left);
  work_clear(&w);
  return left ? STATUS_OK : STATUS_NO_MEMORY;
}

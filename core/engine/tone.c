// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Gains move in dB, one step every STEP frames, counted from the start of the movement.
// Coefficients move in a straight line from one step to the next, because jumps would be heard as
// zipper noise. Coefficients are named as in Simper's paper. Audio thread.

#include "core/engine/tone.h"

#include "core/circle.h"

#include <math.h>
#include <string.h>

#define STEP 8U ///< [frames]
#define FADE_SECONDS 0.02

typedef enum { LOW_SHELF, BELL, HIGH_SHELF } Kind;

/// Where these names belong on a guitar: a bass below the low E's second harmonic, the middle that
/// tone stacks scoop, a treble above the pick's attack, and the presence of a loudspeaker's peak
static const struct {
  Kind kind;
  double hz;
  double q;
} bands[TONE_N_BANDS] = {
    {LOW_SHELF, 120.0, 0.7071},
    {BELL, 650.0, 0.7},
    {HIGH_SHELF, 2200.0, 0.7071},
    {BELL, 4500.0, 1.0},
};

void
tone_init(Tone* const tone, const double sample_rate)
{
  static const ToneControls flat = {0.0F, 0.0F, 0.0F, 0.0F};
  memset(tone, 0, sizeof(*tone));
  tone->sample_rate = sample_rate;
  tone->fade_steps = (uint32_t)fmax(1.0, round(FADE_SECONDS * sample_rate / STEP));
  tone_aim(tone, &flat, true);
}

// Audio thread from here

static void
clear_band(ToneBand* const band) RT
{
  memset(band->s, 0, sizeof(band->s));
}

void
tone_reset(Tone* const tone) RT
{
  for (uint32_t b = 0; b < TONE_N_BANDS; ++b) {
    clear_band(&tone->bands[b]);
  }
}

static bool
is_flat(const ToneBand* const band) RT
{
  return band->gain_db.value == 0.0F && !band->gain_db.n_left && !band->is_moving;
}

/// Return coefficients with g = tan(π f / rate), widened for shelves so that f has half the gain in
/// dB
static ToneCoefficients
coefficients_of(const uint32_t which, const float gain_db, const double sample_rate) RT
{
  const double a = pow(10.0, (double)gain_db / 40.0);
  const Kind kind = bands[which].kind;
  const double k = kind == BELL ? 1.0 / (bands[which].q * a) : 1.0 / bands[which].q;
  const double wide = kind == LOW_SHELF ? 1.0 / sqrt(a) : kind == HIGH_SHELF ? sqrt(a) : 1.0;
  const double g = wide * tan(PI * fmin(bands[which].hz / sample_rate, 0.49));
  const double a1 = 1.0 / (1.0 + g * (g + k));
  const double m1 = kind == BELL        ? k * (a * a - 1.0)
                    : kind == LOW_SHELF ? k * (a - 1.0)
                                        : k * (1.0 - a) * a;
  const double m2 = kind == BELL ? 0.0 : kind == LOW_SHELF ? a * a - 1.0 : 1.0 - a * a;
  return (ToneCoefficients){{(float)a1, (float)(g * a1), (float)(g * g * a1)},
                            {kind == HIGH_SHELF ? (float)(a * a) : 1.0F, (float)m1, (float)m2}};
}

/// Stop at `next`
static void
end_band_step(ToneBand* const band) RT
{
  band->now = band->next;
  band->in_frame = (ToneCoefficients){{0.0F}, {0.0F}};
  band->is_moving = false;
}

/// Start towards `next`
static void
begin_band_step(ToneBand* const band) RT
{
  for (uint32_t i = 0; i < 3; ++i) {
    band->in_frame.a[i] = (band->next.a[i] - band->now.a[i]) / (float)STEP;
    band->in_frame.m[i] = (band->next.m[i] - band->now.m[i]) / (float)STEP;
  }
  band->is_moving = true;
}

static void
aim_band(Tone* const tone, const uint32_t which, const float gain_db, const bool at_once) RT
{
  ToneBand* const band = &tone->bands[which];
  const float limited = fmaxf(fminf(gain_db, TONE_MAX_DB), -TONE_MAX_DB);
  if (!isfinite(gain_db)) {
    return;
  }
  if (at_once) {
    band->gain_db = ramp_at(limited);
    band->next = coefficients_of(which, limited, tone->sample_rate);
    end_band_step(band);
  } else if (limited != band->gain_db.target) {
    if (is_flat(band)) {
      clear_band(band); // Its state is out of date
    }
    ramp_start(&band->gain_db, limited, tone->fade_steps);
  }
}

void
tone_aim(Tone* const tone, const ToneControls* const controls, const bool at_once) RT
{
  aim_band(tone, 0, controls->bass_db, at_once);
  aim_band(tone, 1, controls->middle_db, at_once);
  aim_band(tone, 2, controls->treble_db, at_once);
  aim_band(tone, 3, controls->presence_db, at_once);
}

/// Move gains by one step; return false if all have reached their targets
static bool
step_bands(Tone* const tone) RT
{
  bool is_moving = false;
  for (uint32_t b = 0; b < TONE_N_BANDS; ++b) {
    ToneBand* const band = &tone->bands[b];
    if (band->is_moving) {
      end_band_step(band);
    }
    if (band->gain_db.n_left) {
      band->next = coefficients_of(b, ramp_next(&band->gain_db), tone->sample_rate);
      begin_band_step(band);
      is_moving = true;
    }
  }
  return is_moving;
}

/// Start a step if one is due; return how many frames, at most `n`, there are to the next one
static uint32_t
advance_bands(Tone* const tone, const uint32_t n) RT
{
  if (!tone->frames_to_step && step_bands(tone)) {
    tone->frames_to_step = STEP;
  }
  if (!tone->frames_to_step) {
    return n;
  }
  const uint32_t n_in_step = n < tone->frames_to_step ? n : tone->frames_to_step;
  tone->frames_to_step -= n_in_step;
  return n_in_step;
}

/// Move coefficients by one frame
static inline void
go_on(ToneCoefficients* const now, const ToneCoefficients* const in_frame) RT
{
  for (uint32_t i = 0; i < 3; ++i) {
    now->a[i] += in_frame->a[i];
    now->m[i] += in_frame->m[i];
  }
}

/// Filter one channel; return the coefficients at the end
static ToneCoefficients
filter_channel(const ToneBand* const band, float s[2], float* const x, const uint32_t n) RT
{
  const ToneCoefficients in_frame = band->in_frame;
  ToneCoefficients now = band->now;
  float ic1 = s[0];
  float ic2 = s[1];
  for (uint32_t i = 0; i < n; ++i) {
    const float v0 = x[i];
    const float v3 = v0 - ic2;
    go_on(&now, &in_frame);
    const float v1 = now.a[0] * ic1 + now.a[1] * v3;
    const float v2 = ic2 + now.a[1] * ic1 + now.a[2] * v3;
    ic1 = 2.0F * v1 - ic1;
    ic2 = 2.0F * v2 - ic2;
    x[i] = now.m[0] * v0 + now.m[1] * v1 + now.m[2] * v2;
  }
  s[0] = ic1;
  s[1] = ic2;
  return now;
}

static void
run_band(ToneBand* const band, float* const* const x, const uint32_t n_channels,
         const uint32_t start, const uint32_t n) RT
{
  ToneCoefficients then = band->now;
  for (uint32_t c = 0; c < n_channels; ++c) {
    then = filter_channel(band, band->s[c], x[c] + start, n);
  }
  band->now = then;
}

void
tone_run(Tone* const tone, float* const* const x, const uint32_t n_channels, const uint32_t n) RT
{
  for (uint32_t start = 0, n_in_step = 0; start < n; start += n_in_step) {
    n_in_step = advance_bands(tone, n - start);
    for (uint32_t b = 0; b < TONE_N_BANDS; ++b) {
      if (!is_flat(&tone->bands[b])) {
        run_band(&tone->bands[b], x, n_channels, start, n_in_step);
      }
    }
  }
}

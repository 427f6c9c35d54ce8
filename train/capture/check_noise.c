// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How close can any model come? No closer than the gear comes to itself when it plays the same
// twice. Main thread, before the training.

#include "core/decibel.h"
#include "train/capture/checks.h"

#include "train/audio/esr.h"
#include "train/capture/test_signal_find.h"

#include <math.h>
#include <stddef.h>

#define MUCH_NOISE 0.003 ///< Share of the target's power that is worth a note
#define MOST_NOISE 0.1   ///< Share that is too much to train from
#define NOTHING 1e-12    ///< Power that counts as silence
#define MUCH_HUM 1e-4    ///< Share that is worth a note
#define NO_DC 5e-7
#define LEAST_DC 3e-4       ///< Of full scale, from which it is removed
#define LEAST_DC_SHARE 0.01 ///< Of the RMS, likewise
#define MUCH_CHANGE 0.01    ///< ESR between two passages

static double
mean_of(const Wav* const wav)
{
  double sum = 0.0;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    sum += (double)wav->samples[i];
  }
  return sum / (double)wav->n_frames;
}

static double
power_of(const Wav* const wav)
{
  double sum = 0.0;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    sum += (double)wav->samples[i] * (double)wav->samples[i];
  }
  return sum / (double)wav->n_frames;
}

static void
judge_noise(const NoiseFloor* const q, const double power, Findings* const findings)
{
  if (!q) {
    finding_add(findings, "Noise floor", VERDICT_OK, "",
                "not measured: the input has no rest long enough (below -80 dBFS)");
    return;
  }
  const double share = q->noise / power;
  finding_add(
      findings, "Noise floor",
      share > MOST_NOISE   ? VERDICT_STOP
      : share > MUCH_NOISE ? VERDICT_NOTE
                           : VERDICT_OK,
      "No model comes closer than the noise: fix cables and levels ahead of the gear's gain.",
      "%s%.1f dBFS, ESR %.6f", q->noise < NOTHING ? "below " : "",
      decibel_of_power(fmax(q->noise, NOTHING)), share);
  if (q->hum_hz > 0.0 && q->hum > NOTHING) {
    finding_add(findings, "Hum", q->hum / power > MUCH_HUM ? VERDICT_NOTE : VERDICT_OK,
                "Look for a ground loop, or move away from transformers.", "%.0f Hz, %.1f dBFS",
                q->hum_hz, decibel_of_power(q->hum));
  } else {
    finding_add(findings, "Hum", VERDICT_OK, "", "none");
  }
}

double
check_noise(const CheckPair p, const NoiseFloor* const noise, Findings* const findings)
{
  const double power = power_of(p.target);
  const double dc = noise ? noise->dc : mean_of(p.target);
  const bool is_much = fabs(dc) > LEAST_DC && fabs(dc) > LEAST_DC_SHARE * sqrt(power);
  finding_add(findings, "DC", is_much ? VERDICT_FIXED : VERDICT_OK, "It was removed.",
              "%.6f of full scale", fabs(dc) < NO_DC ? 0.0 : dc);
  judge_noise(noise, power, findings);
  return is_much ? dc : 0.0;
}

/// Return the ESR between two stretches of a recording
static double
esr_between(const Wav* const wav, const SignalSegment* const first,
            const SignalSegment* const second, const int64_t shift)
{
  Metrics sums = {.error = 0.0};
  const uint64_t n = first->end - first->begin;
  metrics_add(&sums, wav->samples + ((int64_t)second->begin + shift),
              wav->samples + ((int64_t)first->begin + shift), (uint32_t)n);
  return metrics_esr(&sums);
}

void
check_repeat(const CheckPair p, Findings* const findings)
{
  SignalLayout layout;
  int64_t shift = 0;
  if (!signal_recognise(p.input->samples, p.input->n_frames, p.input->sample_rate, &layout,
                        &shift)) {
    finding_add(findings, "Repeatability", VERDICT_OK, "",
                "not measured (needs the test signal of grus-signal)");
    return;
  }
  const SignalSegment* const first = &layout.segments[signal_find(&layout, SIGNAL_VALIDATION, 0)];
  const SignalSegment* const second = &layout.segments[signal_find(&layout, SIGNAL_VALIDATION, 1)];
  if ((int64_t)first->begin + shift < 0 ||
      (int64_t)second->end + shift > (int64_t)p.target->n_frames) {
    finding_add(findings, "Repeatability", VERDICT_OK, "",
                "not measured: the validation passage wasn't recorded twice");
    return;
  }
  const double esr = esr_between(p.target, first, second, shift);
  finding_add(findings, "Repeatability", esr > MUCH_CHANGE ? VERDICT_NOTE : VERDICT_OK,
              "The gear doesn't sound the same twice: let it warm up, and switch off effects that "
              "move, such as chorus or reverb.",
              "ESR %.6f between the passages, %.6f attainable", esr, 0.5 * esr);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which of two recordings is the distorted one? Main thread, before the training.
//
// Each is compared with what a filter makes of the other, so that tone controls and loudspeakers
// don't count. Gear that distorts or compresses makes the levels lie closer together (an amplifier
// at high gain, a compressor) and the waveform flatter (an overdrive); seen from the other side, it
// makes them lie further apart and the waveform more peaked. The difference of both views changes
// its sign when the files are swapped. Of eight captured amplifiers and pedals, nine circuits and
// thirty made-up ones, on three kinds of playing, none has less than -0.15 the right way round, and
// those that distort have 0.5 to 5. What hardly distorts is near 0 either way, and nothing is said.

#include "train/capture/checks.h"

#include "core/decibel.h"
#include "train/capture/static_fit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define MOST_SECONDS 60.0
#define LEAST_SECONDS 2.0
#define FRAME_SECONDS 0.05
#define RANGE 40.0        ///< Frames softer than this below the loudest are left out [dB]
#define MAYBE_SWAPPED 0.3 ///< Of the difference of both views
#define SURELY_SWAPPED 0.7
#define LEVELS_AGREE 0.05 ///< Part of it that the levels must have: waveforms alone may mislead
#define NOTHING 1e-14     ///< Power

/// How a recording differs from what a filter makes of the other one, both over short frames
typedef struct {
  double spread; ///< Logarithm of the spread of its levels against the other's
  double peaked; ///< Mean logarithm of the waveform's kurtosis against the other's
} OrderView;

/// Power and fourth moment of a frame
typedef struct {
  double power;
  double fourth;
} FrameMoments;

static FrameMoments
measure_frame(const float* const samples, const uint32_t n)
{
  FrameMoments m = {0.0, 0.0};
  for (uint32_t i = 0; i < n; ++i) {
    const double power = (double)samples[i] * (double)samples[i];
    m.power += power / n;
    m.fourth += power * power / n;
  }
  return m;
}

/// Return the power of the loudest frame of both
static void
find_loudest(const FitPair pair, const uint32_t size, double loudest[2])
{
  loudest[0] = NOTHING;
  loudest[1] = NOTHING;
  for (uint32_t i = 0; i + size <= pair.n_frames; i += size) {
    loudest[0] = fmax(loudest[0], measure_frame(pair.input + i, size).power);
    loudest[1] = fmax(loudest[1], measure_frame(pair.target + i, size).power);
  }
}

/// Compare the target's frames with the input's: those in which both sound
static OrderView
compare_frames(const FitPair pair, const uint32_t size)
{
  const double range = decibel_to_power(-RANGE);
  double loudest[2];
  double sums[2][2] = {{0.0}}; // Of the levels and their squares, of the input and the target
  double peaked = 0.0;
  uint32_t n = 0;
  find_loudest(pair, size, loudest);
  for (uint32_t i = 0; i + size <= pair.n_frames; i += size) {
    const FrameMoments a = measure_frame(pair.input + i, size);
    const FrameMoments b = measure_frame(pair.target + i, size);
    if (a.power > range * loudest[0] && b.power > range * loudest[1]) {
      const double levels[2] = {log(a.power), log(b.power)};
      for (int k = 0; k < 2; ++k) {
        sums[k][0] += levels[k];
        sums[k][1] += levels[k] * levels[k];
      }
      peaked += log(b.fourth / (b.power * b.power)) - log(a.fourth / (a.power * a.power));
      ++n;
    }
  }
  if (n < 2) {
    return (OrderView){0.0, 0.0};
  }
  const double in = sums[0][1] - sums[0][0] * sums[0][0] / n;
  const double out = sums[1][1] - sums[1][0] * sums[1][0] / n;
  return (OrderView){in > 0.0 && out > 0.0 ? 0.5 * log(out / in) : 0.0, peaked / n};
}

/// View the target beside what a filter makes of the input
static Status
view_target(const FitPair pair, float* const work, OrderView* const view)
{
  double share = 0.0;
  const Status status = static_fit(pair, FIT_LINEAR, work, &share);
  if (!status) {
    const FitPair filtered = {work, pair.target, pair.n_frames, pair.sample_rate};
    *view = compare_frames(filtered, (uint32_t)(FRAME_SECONDS * pair.sample_rate));
  }
  return status;
}

/// Say which of them is distorted, given the levels' part of it and all
static void
judge_order(const double levels, const double sum, Findings* const findings)
{
  const bool is_odd = levels < -LEVELS_AGREE;
  const Verdict verdict = is_odd && sum < -SURELY_SWAPPED  ? VERDICT_STOP
                          : is_odd && sum < -MAYBE_SWAPPED ? VERDICT_NOTE
                                                           : VERDICT_OK;
  finding_add(findings, "Order", verdict,
              "The input seems to be the distorted one. Are the files swapped? The first file is "
              "what went into the gear.",
              "%s (%+.2f)",
              verdict               ? "the input is the distorted one"
              : sum > MAYBE_SWAPPED ? "the target is the distorted one"
                                    : "hardly distorted, so it can't be told",
              sum);
}

void
check_order(const CheckPair p, const double delay, Findings* const findings)
{
  const FitPair pair = fit_pair_of(p.input, p.target, delay, MOST_SECONDS);
  if (pair.n_frames < LEAST_SECONDS * pair.sample_rate) {
    return;
  }
  const FitPair swapped = {pair.target, pair.input, pair.n_frames, pair.sample_rate};
  float* const work = (float*)malloc(pair.n_frames * sizeof(float));
  OrderView views[2] = {{0.0, 0.0}, {0.0, 0.0}};
  Status status = work ? view_target(pair, work, &views[0]) : STATUS_NO_MEMORY;
  status = status ? status : view_target(swapped, work, &views[1]);
  free(work);
  if (status) {
    finding_add(findings, "Order", VERDICT_OK, "", "not measured: out of memory");
    return;
  }
  const double levels = views[1].spread - views[0].spread;
  const double sum = levels + views[1].peaked - views[0].peaked;
  judge_order(levels, sum, findings);
}

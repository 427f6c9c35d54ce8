// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do two recordings belong together? Main thread, before the training.
//
// What a filter makes of the input is only part of what gear makes of it, and nothing of an octave
// fuzz. So where that is little, both are fitted by curves, either way, for the files may be
// swapped, in five parts, for two takes may begin alike. Of unrelated recordings that explains
// 12 %, or 32 % of two that begin alike; of octave fuzzes 68 % or more.

#include "train/capture/checks.h"

#include "train/audio/median.h"
#include "train/capture/static_fit.h"

#include <math.h>

#define RELATED 0.45 ///< Share that curves explain
#define MOST_SECONDS 60.0
#define LEAST_SECONDS 1.0 ///< Of a part
#define N_PARTS 5U

/// Return the share that curves make of one another in a part; 0 if it can't be measured
static double
fit_either_way(const FitPair part)
{
  const FitPair swapped = {part.target, part.input, part.n_frames, part.sample_rate};
  double share = 0.0;
  double back = 0.0;
  if (part.n_frames < LEAST_SECONDS * part.sample_rate ||
      static_fit(part, FIT_CURVES, NULL, &share) || static_fit(swapped, FIT_CURVES, NULL, &back)) {
    return 0.0;
  }
  return fmax(share, back);
}

/// Return the share of the middle one of the parts
static double
fit_parts(const CheckPair p, const double delay)
{
  const FitPair all = fit_pair_of(p.input, p.target, delay, MOST_SECONDS);
  const uint32_t n = all.n_frames / N_PARTS;
  double shares[N_PARTS];
  for (uint32_t i = 0; i < N_PARTS; ++i) {
    const size_t at = (size_t)i * n;
    shares[i] = fit_either_way((FitPair){all.input + at, all.target + at, n, all.sample_rate});
  }
  return median_of(shares, N_PARTS);
}

bool
check_match(const CheckPair p, const Alignment* const a, Findings* const findings)
{
  const bool is_linear = a->clearness >= ALIGNMENT_UNRELATED;
  const double share = is_linear ? a->clearness : fit_parts(p, a->delay);
  const bool is_related = is_linear || a->is_clear || share > RELATED;
  finding_add(
      findings, "Match", is_related ? VERDICT_OK : VERDICT_STOP,
      "The target isn't what came out when this input was played, or other sound drowns it. "
      "Check that these two files are from the same take.",
      "%.0f %% of the target follows the input", 100.0 * share);
  return is_related;
}

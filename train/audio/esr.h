// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How far a model is from its target: error-to-signal ratio (ESR), plain and pre-emphasised.
///
/// ESR = Σ (target − output)² / Σ target². Pre-emphasis, x[t] − 0.85 x[t−1], weighs treble as the
/// ear does: Wright and Välimäki, "Perceptual loss function for neural modelling of audio systems",
/// ICASSP 2020.

#ifndef GRUS_TRAIN_AUDIO_ESR_H
#define GRUS_TRAIN_AUDIO_ESR_H

#include <stdbool.h>
#include <stdint.h>

#define METRICS_PRE_EMPHASIS 0.85

/// ESR up to which a model resembles its target: -10 dB
#define METRICS_CLOSE_ESR 0.1

/// Running sums; a zeroed struct is empty
typedef struct {
  double error;
  double target;
  double error_pre;
  double target_pre;
  double last_error; ///< The sample before, for the pre-emphasis
  double last_target;
  bool has_last;
} Metrics;

/// Add samples that follow those added before
void metrics_add(Metrics* metrics, const float* output, const float* target, uint32_t n_frames);

/// End a stretch: the samples added next don't follow those added before
void metrics_cut(Metrics* metrics);

/// Add `weight` times the sums of `other`
void metrics_merge(Metrics* metrics, const Metrics* other, double weight);

/// Return the plain ESR; NaN for a silent target
double metrics_esr(const Metrics* metrics);

/// Return the pre-emphasised ESR; NaN for a silent target
double metrics_esr_pre_emphasis(const Metrics* metrics);

#endif

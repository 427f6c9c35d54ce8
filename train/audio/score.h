// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How far a sound is from its target, by every measure that is reported: sums over a whole file
/// or set. Any one thread at a time.
///
/// Plain and pre-emphasised ESR are those of train/audio/esr.h, the A-weighted one is the same
/// after the filter of train/audio/a_weighting.h. One more shows what those averages hide, a note
/// that dies away wrongly or a passage that fails: the sound is cut into segments of 50 ms, the
/// rest of a take makes one more if it is at least half as long or there is no other. With P the
/// mean target² of all segments and N the mean e² of the quietest 5 % of them,
///
///     a segment counts    if its mean target² is at least P × 10⁻⁴ and at least N × 100, of which
///                         no more than P × 10⁻² is asked
///     ESR of a segment    = mean e² / mean target²
///     esr_worst           = mean ESR of the worst 5 % of those that count, rounded up to a whole
///                         number
///
/// N is the noise of the gear and the recording where there are rests, which no model can foresee;
/// where there are none, it is the error in the softest playing. So a segment counts while noise
/// alone makes an ESR of no more than -20 dB.

#ifndef GRUS_TRAIN_AUDIO_SCORE_H
#define GRUS_TRAIN_AUDIO_SCORE_H

#include "core/status.h"
#include "train/audio/a_weighting.h"
#include "train/audio/esr.h"

#include <stddef.h>
#include <stdint.h>

/// Ratios of power; NaN for a target without power in the measure
typedef struct {
  double esr;
  double esr_pre_emphasis;
  double esr_a_weighted;
  double esr_worst; ///< Of the worst 5 % of segments with sound
} ScoreResult;

/// Mean power over one segment
typedef struct {
  double error;
  double target;
} ScoreSegment;

typedef struct {
  Metrics metrics;
  Weighting weighting;
  WeightingState error; ///< Since the last cut
  WeightingState target;
  double error_a; ///< Σ e_A²
  double target_a;
  uint32_t segment_frames;
  uint32_t n_open;   ///< Frames of the segment that is not full yet
  ScoreSegment open; ///< Its sums
  ScoreSegment* segments;
  size_t n_segments;
  size_t capacity;
  size_t take_begin; ///< The first segment since the last cut
  Status status;     ///< Whether memory ran out
} Score;

/// Start empty
void score_init(Score* score, double sample_rate);

/// Legal on a zeroed struct
void score_clear(Score* score);

/// Add samples that follow those added before
void score_add(Score* score, const float* output, const float* target, uint32_t n_frames);

/// End a stretch: the samples added next don't follow those added before
void score_cut(Score* score);

/// Add the sums of `other`, which is cut, times `weight`; its segments follow
void score_merge(Score* score, const Score* other, double weight);

/// Return the least power of a segment that counts; sorts `segments` (n > 0), the softest first
double score_least_sound(ScoreSegment* segments, size_t n);

/// Cut, and return the errors
NODISCARD Status score_result(Score* score, ScoreResult* result);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sums in double. Segments are kept as they are, sixteen bytes for 50 ms, because which are the
// worst is known only at the end.

#include "train/audio/score.h"

#include <math.h>
#include <stdlib.h>

#define SEGMENT_SECONDS 0.05
#define WORST_SHARE 0.05
#define QUIETEST 1e-4 ///< Power of a segment that still counts as sound, of the mean

void
score_init(Score* const score, const double sample_rate)
{
  *score = (Score){
      .weighting = weighting_design(sample_rate),
      .segment_frames = (uint32_t)fmax(round(SEGMENT_SECONDS * sample_rate), 1.0),
  };
}

void
score_clear(Score* const score)
{
  free(score->segments);
  *score = (Score){0};
}

static void
append_segment(Score* const s, const ScoreSegment segment)
{
  if (s->n_segments == s->capacity) {
    const size_t capacity = s->capacity ? 2 * s->capacity : 64;
    ScoreSegment* const larger =
        (ScoreSegment*)realloc(s->segments, capacity * sizeof(ScoreSegment));
    if (!larger) {
      s->status = STATUS_NO_MEMORY;
      return;
    }
    s->segments = larger;
    s->capacity = capacity;
  }
  s->segments[s->n_segments++] = segment;
}

static void
close_segment(Score* const s)
{
  append_segment(s, (ScoreSegment){s->open.error / s->n_open, s->open.target / s->n_open});
  s->open = (ScoreSegment){0};
  s->n_open = 0;
}

static void
add_to_segment(Score* const s, const double error, const double target)
{
  s->open.error += error * error;
  s->open.target += target * target;
  if (++s->n_open == s->segment_frames) {
    close_segment(s);
  }
}

/// The first sample after a cut counts as if it had always been there, so that it makes no click
static void
add_a_weighted(Score* const s, const double error, const double target)
{
  if (!s->metrics.has_last) {
    s->error = (WeightingState){{error}};
    s->target = (WeightingState){{target}};
  }
  s->error_a += pow(weighting_step(&s->weighting, &s->error, error), 2.0);
  s->target_a += pow(weighting_step(&s->weighting, &s->target, target), 2.0);
}

void
score_add(Score* const score, const float* const output, const float* const target,
          const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double t = (double)target[i];
    const double e = t - (double)output[i];
    add_a_weighted(score, e, t);
    add_to_segment(score, e, t);
    metrics_add(&score->metrics, output + i, target + i, 1);
  }
}

void
score_cut(Score* const score)
{
  const bool is_first = score->n_segments == score->take_begin;
  if (score->n_open && (is_first || 2 * score->n_open >= score->segment_frames)) {
    close_segment(score);
  }
  score->open = (ScoreSegment){0};
  score->n_open = 0;
  score->take_begin = score->n_segments;
  metrics_cut(&score->metrics);
}

void
score_merge(Score* const score, const Score* const other, const double weight)
{
  score_cut(score);
  metrics_merge(&score->metrics, &other->metrics, weight);
  score->error_a += weight * other->error_a;
  score->target_a += weight * other->target_a;
  for (size_t i = 0; i < other->n_segments; ++i) {
    const ScoreSegment segment = other->segments[i];
    append_segment(score, (ScoreSegment){weight * segment.error, weight * segment.target});
  }
  score->take_begin = score->n_segments;
  score->status = score->status ? score->status : other->status;
}

/// The largest first
static int
compare_ratios(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x < y) - (x > y);
}

/// Fill `ratios` (n_segments)
static void
segment_ratios(const Score* const s, double* const ratios)
{
  double mean = 0.0;
  for (size_t i = 0; i < s->n_segments; ++i) {
    mean += s->segments[i].target / (double)s->n_segments;
  }
  for (size_t i = 0; i < s->n_segments; ++i) {
    ratios[i] = s->segments[i].error / fmax(s->segments[i].target, QUIETEST * mean);
  }
}

static Status
worst_mean(const Score* const s, double* const mean)
{
  const size_t n_worst = (size_t)ceil(WORST_SHARE * (double)s->n_segments);
  double* const ratios = (double*)calloc(s->n_segments ? s->n_segments : 1, sizeof(double));
  double sum = 0.0;
  if (!ratios) {
    return STATUS_NO_MEMORY;
  }
  segment_ratios(s, ratios);
  qsort(ratios, s->n_segments, sizeof(double), compare_ratios);
  for (size_t i = 0; i < n_worst; ++i) {
    sum += ratios[i];
  }
  free(ratios);
  *mean = sum / (double)n_worst;
  return STATUS_OK;
}

Status
score_result(Score* const score, ScoreResult* const result)
{
  double worst = 0.0;
  score_cut(score);
  const Status status = score->status ? score->status : worst_mean(score, &worst);
  if (!status) {
    *result = (ScoreResult){metrics_esr(&score->metrics), metrics_esr_pre_emphasis(&score->metrics),
                            score->error_a / score->target_a, worst};
  }
  return status;
}

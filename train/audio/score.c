// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sums in double. Segments are kept as they are, sixteen bytes for 50 ms, because which are the
// worst is known only at the end.

#include "train/audio/score.h"

#include <math.h>
#include <stdlib.h>

#define SEGMENT_SECONDS 0.05
#define WORST_SHARE 0.05
#define QUIET_SHARE 0.05  ///< Of the segments, from which noise is found
#define LEAST_SOUND 1e-4  ///< Power of a segment that counts as sound, of the mean
#define MOST_NEEDED 1e-2  ///< Power from which a segment always counts, of the mean
#define ABOVE_NOISE 100.0 ///< Power of a segment that counts, of the noise

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

/// The softest target first
static int
compare_targets(const void* const a, const void* const b)
{
  const double x = ((const ScoreSegment*)a)->target;
  const double y = ((const ScoreSegment*)b)->target;
  return (x > y) - (x < y);
}

static double
mean_target(const ScoreSegment* const segments, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += segments[i].target;
  }
  return sum / (double)n;
}

static double
mean_error(const ScoreSegment* const segments, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i) {
    sum += segments[i].error;
  }
  return sum / (double)n;
}

double
score_least_sound(ScoreSegment* const segments, const size_t n)
{
  qsort(segments, n, sizeof(ScoreSegment), compare_targets);
  const double mean = mean_target(segments, n);
  const double noise = mean_error(segments, (size_t)ceil(QUIET_SHARE * (double)n));
  return fmax(LEAST_SOUND * mean, fmin(ABOVE_NOISE * noise, MOST_NEEDED * mean));
}

/// Fill `ratios` with the ESR of each segment that counts, and sort the segments; return how many
/// ratios there are
static size_t
list_ratios(ScoreSegment* const segments, const size_t n, double* const ratios)
{
  const double least = score_least_sound(segments, n);
  size_t n_ratios = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!(segments[i].target < least)) {
      ratios[n_ratios++] = segments[i].error / segments[i].target;
    }
  }
  return n_ratios;
}

/// Return the mean of the worst ratios, which this sorts
static double
worst_mean(double* const ratios, const size_t n)
{
  const size_t n_worst = (size_t)ceil(WORST_SHARE * (double)n);
  double sum = 0.0;
  qsort(ratios, n, sizeof(double), compare_ratios);
  for (size_t i = 0; i < n_worst; ++i) {
    sum += ratios[i];
  }
  return sum / (double)n_worst;
}

/// Find the ESR of the worst segments, which changes their order
static Status
find_worst(Score* const s, double* const worst)
{
  if (!s->n_segments) {
    *worst = (double)NAN;
    return STATUS_OK;
  }
  double* const ratios = (double*)calloc(s->n_segments, sizeof(double));
  if (!ratios) {
    return STATUS_NO_MEMORY;
  }
  *worst = worst_mean(ratios, list_ratios(s->segments, s->n_segments, ratios));
  free(ratios);
  return STATUS_OK;
}

Status
score_result(Score* const score, ScoreResult* const result)
{
  double worst = 0.0;
  score_cut(score);
  const Status status = score->status ? score->status : find_worst(score, &worst);
  if (!status) {
    *result = (ScoreResult){metrics_esr(&score->metrics), metrics_esr_pre_emphasis(&score->metrics),
                            score->error_a / score->target_a, worst};
  }
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Finds the delay to within some frames, piece by piece; then how the clocks differ, by the phase
// of the transfer function along the line that the pieces gave; then where the target begins to
// answer along it.

#include "train/capture/alignment.h"

#include "train/audio/median.h"
#include "train/capture/coarse_delay.h"
#include "train/capture/corrections.h"
#include "train/capture/innovation.h"
#include "train/capture/onset.h"
#include "train/capture/test_signal_find.h"
#include "train/capture/transfer_function.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENT_SECONDS 0.17 ///< At least, of the transfer function
#define MOST_SECONDS 8.0     ///< Most of a slot that is measured
#define REACH 32.0           ///< How wrong the coarse delay may be [frames]
#define MAX_SLOTS 24U
#define LEAST_DRIFT 1.5e-6 ///< Smallest that can be measured
#define LEAST_FOR_DRIFT 5U ///< Slots
#define CERTAIN 4.0        ///< Sigma
#define FARTHEST 3.0       ///< Distance from a line that counts at most [sigma]
#define MAD_TO_SIGMA 1.4826
#define NEAR 24.0    ///< Delays that may be one, found differently [frames]
#define LIKELIER 1.5 ///< How much better an answer matches when it is moved

/// Transfer functions of each slot, and of all together
typedef struct {
  const Wav* input;
  const Wav* target;
  TransferWork work;
  Transfer slots[MAX_SLOTS];
  double times[MAX_SLOTS]; ///< Middle of each [frames]
  uint32_t n_slots;
  Transfer all;
} FineAlignment;

static void
fine_clear(FineAlignment* const f)
{
  for (uint32_t i = 0; i < f->n_slots; ++i) {
    transfer_clear(&f->slots[i]);
  }
  f->n_slots = 0;
  transfer_clear(&f->all);
  transfer_work_clear(&f->work);
}

static Status
fine_init(FineAlignment* const f)
{
  uint32_t size = 256;
  while (size < SEGMENT_SECONDS * f->input->sample_rate) {
    size *= 2;
  }
  Status status = transfer_work_init(&f->work, size);
  status = status ? status : transfer_init(&f->all, size);
  const uint32_t n = coarse_n_slots(f->input);
  for (uint32_t i = 0; i < n && !status; ++i) {
    status = transfer_init(&f->slots[i], size);
    f->n_slots += !status;
  }
  return status;
}

/// Frames of the input
typedef struct {
  uint64_t begin;
  uint64_t end;
} FrameRange;

/// Return the part of a slot that is measured
static FrameRange
range_of_slot(const FineAlignment* const f, const uint32_t slot)
{
  const uint64_t begin = coarse_slot(f->input, slot);
  const uint64_t most = begin + (uint64_t)(MOST_SECONDS * f->input->sample_rate);
  const uint64_t next =
      slot + 1 < f->n_slots ? coarse_slot(f->input, slot + 1) : f->input->n_frames;
  return (FrameRange){begin, next < most ? next : most};
}

/// Add the segments of a slot, with the target taken along the line
static void
measure_slot(FineAlignment* const f, const uint32_t slot, const DelayTrend line)
{
  const uint32_t size = f->work.size;
  const FrameRange range = range_of_slot(f, slot);
  for (uint64_t i = range.begin; i + size <= f->input->n_frames && i < range.end; i += size / 2) {
    const double late = line.delay + line.drift * ((double)i + 0.5 * size);
    const double at = (double)i + floor(late);
    if (at >= 0.0 && at + size <= (double)f->target->n_frames) {
      transfer_add(&f->slots[slot], &f->work, f->input->samples + i,
                   f->target->samples + (uint64_t)at, late - floor(late));
    }
  }
  f->times[slot] = 0.5 * (double)(range.begin + range.end);
}

/// Measure all slots along a line, from scratch
static void
measure_along(FineAlignment* const f, const DelayTrend line)
{
  memset(f->all.input, 0, 4 * (size_t)(f->all.size / 2 + 1) * sizeof(double));
  f->all.n_segments = 0;
  for (uint32_t i = 0; i < f->n_slots; ++i) {
    memset(f->slots[i].input, 0, 4 * (size_t)(f->all.size / 2 + 1) * sizeof(double));
    f->slots[i].n_segments = 0;
    measure_slot(f, i, line);
    transfer_merge(&f->all, &f->slots[i]);
  }
}

/// Fit a line to points that few outliers can't pull away: medians of slopes (Theil and Sen)
static DelayTrend
fit_theil_sen(const double* const times, const double* const values, const uint32_t n)
{
  double work[MAX_SLOTS * MAX_SLOTS / 2];
  uint32_t n_slopes = 0;
  DelayTrend line = {0.0, 0.0};
  for (uint32_t i = 0; i < n; ++i) {
    for (uint32_t k = i + 1; k < n; ++k) {
      work[n_slopes++] = (values[k] - values[i]) / (times[k] - times[i]);
    }
  }
  if (n >= LEAST_FOR_DRIFT) {
    line.drift = median_of(work, n_slopes);
  }
  for (uint32_t i = 0; i < n; ++i) {
    work[i] = values[i] - line.drift * times[i];
  }
  line.delay = n ? median_of(work, n) : 0.0;
  return line;
}

/// Return a line without drift that is right in the middle
static DelayTrend
drop_drift(const FineAlignment* const f, const DelayTrend line)
{
  return (DelayTrend){line.delay + line.drift * 0.5 * (double)f->input->n_frames, 0.0};
}

/// Return the standard error of the slope of a line through points, from their distances to it,
/// of which no more than FARTHEST counts, so that outliers don't hide a drift. (The median alone
/// misses that delays differ from note to note.)
static double
estimate_slope_error(const double* const times, const double* const values, const uint32_t n,
                     const DelayTrend line)
{
  double distances[MAX_SLOTS];
  double sorted[MAX_SLOTS];
  double mean = 0.0;
  double spread = 0.0;
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    distances[i] = fabs(values[i] - line.delay - line.drift * times[i]);
    sorted[i] = distances[i];
    mean += times[i] / n;
  }
  const double farthest = FARTHEST * MAD_TO_SIGMA * median_of(sorted, n);
  for (uint32_t i = 0; i < n; ++i) {
    const double distance = fmin(distances[i], farthest);
    sum += distance * distance;
    spread += (times[i] - mean) * (times[i] - mean);
  }
  return sqrt(sum / (n - 2.0) / spread);
}

/// Return how many standard errors of a line through n points are as unlikely as CERTAIN sigma: a
/// quantile of Student's t for n - 2 degrees of freedom (Wallace, 1959)
static double
count_certain_errors(const uint32_t n)
{
  const double f = n - 2.0;
  const double g = f - 2.0 / 3.0 + 0.1 / f;
  return sqrt(f * expm1(CERTAIN * CERTAIN * (f - 5.0 / 6.0) / (g * g)));
}

/// Correct a line by how the slots differ from their mean; drop a drift that is not certain
static DelayTrend
correct_line(const FineAlignment* const f, const DelayTrend line)
{
  double times[MAX_SLOTS];
  double values[MAX_SLOTS];
  uint32_t n = 0;
  for (uint32_t i = 0; i < f->n_slots; ++i) {
    if (f->slots[i].n_segments && transfer_coherence(&f->slots[i]) > ALIGNMENT_UNRELATED) {
      times[n] = f->times[i];
      values[n++] = transfer_delay_against(&f->slots[i], &f->all, REACH);
    }
  }
  const DelayTrend change = fit_theil_sen(times, values, n);
  const DelayTrend sum = {line.delay + change.delay, line.drift + change.drift};
  const bool is_certain =
      n >= LEAST_FOR_DRIFT &&
      fabs(sum.drift) > count_certain_errors(n) * estimate_slope_error(times, values, n, change);
  return is_certain ? sum : drop_drift(f, sum);
}

/// Correlate the innovations of all slots along a line
static Status
measure_onset(const FineAlignment* const f, const DelayTrend line, OnsetSums* const sums)
{
  const Wav* const pair[2] = {f->input, f->target};
  OnsetWork* const work = (OnsetWork*)malloc(sizeof(OnsetWork));
  for (uint32_t slot = 0; slot < f->n_slots && work; ++slot) {
    const FrameRange range = range_of_slot(f, slot);
    for (uint64_t i = range.begin; i < range.end; i += ONSET_STRETCH) {
      onset_add(sums, work, pair, i, line);
    }
  }
  free(work);
  return work ? STATUS_OK : STATUS_NO_MEMORY;
}

/// Refine a coarse line to where the target begins to answer
static Status
refine_alignment(FineAlignment* const f, DelayTrend line, Alignment* const alignment)
{
  for (int pass = 0; pass < 2; ++pass) {
    measure_along(f, line);
    line = correct_line(f, line);
  }
  if (fabs(line.drift) < LEAST_DRIFT) {
    line = drop_drift(f, line);
    line.delay = round(line.delay);
  }
  measure_along(f, line);
  const Status status = measure_onset(f, line, &alignment->answer);
  const Onset onset = onset_find(&alignment->answer);
  alignment->line = line.delay;
  alignment->delay = line.delay + onset.lag;
  alignment->is_clear = onset.is_clear;
  alignment->drift = line.drift;
  alignment->is_inverted = onset.is_inverted;
  alignment->clearness = transfer_coherence(&f->all);
  return status;
}

/// Choose where to search: around the clicks, if both hold the test signal
static CoarseSearch
where_to_look(const Wav* const input, const Wav* const target, bool* const is_by_clicks)
{
  const double rate = input->sample_rate;
  SignalLayout layout;
  int64_t delays[2] = {0};
  *is_by_clicks = signal_recognise(input->samples, input->n_frames, rate, &layout, &delays[0]) &&
                  signal_recognise(target->samples, target->n_frames, rate, &layout, &delays[1]);
  const double about = (double)(delays[1] - delays[0]);
  return *is_by_clicks
             ? (CoarseSearch){input, target, 1.0, about - 0.05 * rate, about + 0.05 * rate}
             : (CoarseSearch){input, target, 1.0, -ALIGNMENT_MOST_EARLY * rate,
                              ALIGNMENT_MOST_LATE * rate};
}

/// Try the wrong sample rates that are most often found in headers
static Status
try_other_rates(CoarseSearch search, Alignment* const alignment)
{
  static const double ratios[] = {48000.0 / 44100.0, 44100.0 / 48000.0};
  bool is_found = false;
  Status status = STATUS_OK;
  for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]) && !is_found && !status; ++i) {
    DelayTrend line;
    search.ratio = ratios[i];
    status = coarse_find(&search, &line, &is_found);
    if (is_found) {
      alignment->drift = ratios[i] - 1.0;
      alignment->delay = line.delay;
    }
  }
  return status;
}

Status
alignment_find(const Wav* const input, const Wav* const target, Alignment* const alignment,
               Message* const message)
{
  *alignment = (Alignment){0};
  if ((double)input->n_frames < input->sample_rate ||
      (double)target->n_frames < target->sample_rate) {
    return status_fail(message, STATUS_BAD_FILE,
                       "a recording is shorter than one second; record one to three minutes");
  }
  const CoarseSearch search = where_to_look(input, target, &alignment->is_by_clicks);
  DelayTrend line;
  bool is_found = false;
  FineAlignment f = {.input = input, .target = target};
  Status status = coarse_find(&search, &line, &is_found);
  if (!status && is_found) {
    status = fine_init(&f);
    status = status ? status : refine_alignment(&f, line, alignment);
    fine_clear(&f);
  } else if (!status) {
    status = try_other_rates(search, alignment);
  }
  return status ? status_fail(message, status, "out of memory") : STATUS_OK;
}

bool
alignment_is_measured(const Alignment* const alignment)
{
  return alignment->answer.input > 0.0;
}

double
alignment_shift(const Alignment* const alignment)
{
  return corrections_delay(alignment->delay - alignment->apart) + alignment->apart;
}

/// Return how much later a take is than `one`, 0 unless its answer shows it for certain
static double
measure_apart(const Alignment* const a, const Alignment* const one)
{
  double certainty = 0.0;
  const double lines = round(a->line - one->line);
  if (fabs(a->delay - one->delay) > NEAR) {
    return a->delay - one->delay; // Many pieces agreed on each
  }
  if (fabs(lines) > NEAR || !a->is_clear || !one->is_clear) {
    return 0.0;
  }
  const int32_t later = onset_compare(&a->answer, &one->answer, -(int32_t)lines, &certainty);
  return certainty > LIKELIER ? lines + later : 0.0;
}

/// Return the first take whose answer is clear, or just the first
static const Alignment*
choose_reference(Alignment* const* const alignments, const uint32_t n)
{
  for (uint32_t i = 0; i < n; ++i) {
    if (alignments[i]->is_clear) {
      return alignments[i];
    }
  }
  return alignments[0];
}

void
alignment_join(Alignment* const* const alignments, const uint32_t n)
{
  const Alignment one = n ? *choose_reference(alignments, n) : (Alignment){.delay = 0.0};
  double common = one.delay;
  for (uint32_t i = 0; i < n; ++i) {
    Alignment* const a = alignments[i];
    a->apart = measure_apart(a, &one);
    if (a->apart == 0.0 && fabs(a->delay - one.delay) <= NEAR) {
      common = fmin(common, a->delay);
    }
  }
  for (uint32_t i = 0; i < n; ++i) {
    alignments[i]->delay = common + alignments[i]->apart;
  }
}

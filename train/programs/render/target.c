// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Corrects the target as grus-train does, or finds out how: its output and the target are so alike
// that their delay is certain. The engine blocks the DC of models, and so does this with a target
// that did not come from there.

#include "train/programs/render/target.h"

#include "core/dc_blocker.h"
#include "core/decibel.h"
#include "core/hash.h"
#include "train/capture/alignment.h"
#include "train/capture/corrections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEAST_DELAY 0.5    ///< Of a model without a record, that is worth a shift [frames]
#define MOST_COMPARED 30.0 ///< To find a fraction of a frame [s]
#define REACH 16           ///< How wrong a delay may be that was found [frames]
#define SHORTEST 1.0       ///< Recording in which a delay can be found [s]
#define POOR 0.05          ///< ESR from which another latency is looked for
#define POORER 2.0         ///< And so many times the ESR of the training
#define UNRELATED 0.5      ///< ESR from which the target may be that of another recording
#define MUCH_BETTER 0.5    ///< Share of the ESR that another latency leaves

TargetTraining
target_training(const ModelFile* const file)
{
  TargetTraining t = {.is_known = file->source_hash[0] && !model_file_has_teacher(file),
                      .seconds = file->delay / file->sample_rate,
                      .drift = file->drift,
                      .esr = file->record.esr,
                      .held_out = file->held_out,
                      .clip_warmup = (uint32_t)file->clip_warmup};
  (void)snprintf(t.source_hash, sizeof(t.source_hash), "%s", file->source_hash);
  return t;
}

Status
target_open(Target* const target, const TargetUse* const use, Message* const message)
{
  target->use = *use;
  Status status = wav_read(use->path, use->channel, &target->recorded, message);
  status = status ? status : spool_open(&target->rendered, message);
  target->is_open = !status;
  return status;
}

Status
target_add(Target* const target, const float* const samples, const uint32_t n_frames,
           Message* const message)
{
  return spool_add(&target->rendered, samples, n_frames, message);
}

void
target_clear(Target* const target)
{
  if (target->is_open) {
    spool_close(&target->rendered);
  }
  wav_clear(&target->recorded);
  *target = (Target){.is_open = false};
}

/// Two sounds of the same time
typedef struct {
  const Wav* output;
  const Wav* target;
} Pair;

/// Where the scores of a pair go
typedef struct {
  Score whole;
  Score held_out;
  double mean; ///< Of the target so far
  double coefficient;
} PairScore;

static double
mean_of(const Wav* const wav)
{
  double sum = 0.0;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    sum += (double)wav->samples[i];
  }
  return wav->n_frames ? sum / (double)wav->n_frames : 0.0;
}

static PairScore
begin_score(const Pair p, const bool blocks_dc)
{
  PairScore s = {.mean = blocks_dc ? mean_of(p.target) : 0.0,
                 .coefficient = blocks_dc ? dc_blocker_coefficient(p.target->sample_rate) : 0.0};
  score_init(&s.whole, p.output->sample_rate);
  score_init(&s.held_out, p.output->sample_rate);
  return s;
}

static void
clear_score(PairScore* const s)
{
  score_clear(&s->whole);
  score_clear(&s->held_out);
}

/// Score frames from `begin` on, also as held out
static void
score_frames(const Pair p, PairScore* const s, const uint64_t begin, const uint64_t end,
             const bool is_held_out)
{
  for (uint64_t i = begin; i < end; i += WAV_BLOCK) {
    float target[WAV_BLOCK];
    const uint32_t n = end - i < WAV_BLOCK ? (uint32_t)(end - i) : WAV_BLOCK;
    memcpy(target, p.target->samples + i, n * sizeof(float));
    dc_blocker_run(&s->mean, s->coefficient, target, n);
    score_add(&s->whole, p.output->samples + i, target, n);
    if (is_held_out) {
      score_add(&s->held_out, p.output->samples + i, target, n);
    }
  }
}

static uint64_t
length_of(const Pair p)
{
  return p.output->n_frames < p.target->n_frames ? p.output->n_frames : p.target->n_frames;
}

/// Score a take, of which some clips were held out
static void
score_take(const Pair p, PairScore* const s, const Dataset* const held_out)
{
  uint64_t at = 0;
  for (uint32_t i = 0; i < held_out->n_clips; ++i) {
    const uint64_t begin = held_out->clips[i].lead + held_out->warmup;
    score_frames(p, s, at, begin, false);
    at = begin + held_out->length;
    score_frames(p, s, begin, at, true);
    score_cut(&s->held_out);
  }
  score_frames(p, s, at, length_of(p), false);
}

/// Score rows of independent clips
static void
score_clips(const Pair p, PairScore* const s, const ClipLayout clips)
{
  const uint64_t length = length_of(p);
  for (uint64_t i = 0; i < length; i += clips.clip_frames) {
    const uint64_t end = i + clips.clip_frames;
    score_cut(&s->whole);
    score_frames(p, s, i + clips.clip_warmup, end < length ? end : length, false);
  }
}

/// Shift the target; the caller clears
static Status
align(const Target* const t, const Corrections* const corrections, const uint64_t n_frames,
      Wav* const aligned, Message* const message)
{
  if (!(corrections->delay < (double)t->recorded.n_frames)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: has %llu frames, so it can't be shifted by %.2f", t->use.path,
                       (unsigned long long)t->recorded.n_frames, corrections->delay);
  }
  return corrections_apply(&t->recorded, corrections, n_frames, aligned, message);
}

/// Score the whole with other corrections
static Status
score_shifted(const Target* const t, const Wav* const output, const Corrections* const corrections,
              ScoreResult* const result, Message* const message)
{
  static const Dataset none;
  Wav aligned = {0};
  const Status status = align(t, corrections, output->n_frames, &aligned, message);
  if (status) {
    return status;
  }
  const Pair pair = {output, &aligned};
  PairScore score = begin_score(pair, t->use.blocks_dc);
  score_take(pair, &score, &none);
  const Status scored = score_result(&score.whole, result);
  clear_score(&score);
  wav_clear(&aligned);
  return scored ? status_fail(message, scored, "out of memory") : STATUS_OK;
}

/// Return the power of the difference where the target is taken `delay` frames late
static double
error_at(const Wav* const output, const Wav* const target, const int64_t delay)
{
  const uint64_t most = (uint64_t)(MOST_COMPARED * output->sample_rate);
  const uint64_t length = output->n_frames < most ? output->n_frames : most;
  double error = 0.0;
  for (uint64_t i = 0; i < length; ++i) {
    const int64_t at = (int64_t)i + delay;
    const bool is_there = at >= 0 && at < (int64_t)target->n_frames;
    const double e = (double)output->samples[i] - (is_there ? (double)target->samples[at] : 0.0);
    error += e * e;
  }
  return error;
}

/// Return the delay near another where the two differ least: between frames, by a parabola
static double
refine_delay(const Wav* const output, const Wav* const target, const double about)
{
  double errors[2 * REACH + 1];
  const int64_t first = (int64_t)round(about) - REACH;
  int best = 1;
  for (int i = 0; i <= 2 * REACH; ++i) {
    errors[i] = error_at(output, target, first + i);
    best = errors[i] < errors[best] && i > 0 && i < 2 * REACH ? i : best;
  }
  const double before = errors[best - 1] - errors[best];
  const double after = errors[best + 1] - errors[best];
  const double bend = before + after;
  const double part =
      before >= 0.0 && after >= 0.0 && bend > 0.0 ? 0.5 * (before - after) / bend : 0.0;
  return (double)(first + best) + part;
}

/// How the target is aligned, and where it was found to be
typedef struct {
  Corrections used;
  Alignment found;  ///< Of the target, after the output
  bool is_searched; ///< False before, and for less than SHORTEST
  bool is_found;    ///< It is clear
} Shift;

/// Find how late the target is after the output, once
static Status
find_delay(const Target* const t, const Wav* const output, Shift* const s, Message* const message)
{
  const double least = SHORTEST * output->sample_rate;
  if (s->is_searched || (double)output->n_frames < least || (double)t->recorded.n_frames < least) {
    return STATUS_OK;
  }
  const Status status = alignment_find(output, &t->recorded, &s->found, message);
  s->is_searched = !status;
  s->is_found = !status && s->found.clearness >= ALIGNMENT_UNRELATED;
  if (s->is_found && corrections_drift(s->found.drift) == 0.0) {
    s->found.delay = refine_delay(output, &t->recorded, s->found.delay);
  }
  return status;
}

/// Choose how to align, and say it
static Status
choose_corrections(const Target* const t, const Wav* const output, Shift* const s,
                   Message* const said, Message* const message)
{
  s->used = (Corrections){t->training.seconds * output->sample_rate, t->training.drift, 0.0};
  const char* why = "as in training";
  if (t->use.has_latency) {
    s->used = (Corrections){t->use.latency, 0.0, 0.0}; // As in grus-train
    why = "as given";
  } else if (!t->training.is_known) {
    const Status status = find_delay(t, output, s, message);
    if (status) {
      return status;
    }
    const bool is_late = s->is_found && fabs(s->found.delay) >= LEAST_DELAY;
    s->used.delay = is_late ? s->found.delay : 0.0;
    s->used.drift = is_late ? corrections_drift(s->found.drift) : 0.0;
    why = "which was found; --latency sets another";
  }
  if (s->used.drift != 0.0) {
    message_set(said, "target shifted by %.2f frames and %+.1f ppm, %s", s->used.delay,
                1e6 * s->used.drift, why);
  } else if (s->used.delay != 0.0 || t->use.has_latency) {
    message_set(said, "target shifted by %.2f frames, %s", s->used.delay, why);
  }
  return STATUS_OK;
}

/// Return true if a score is worse than a model's training lets expect, and nobody chose a latency
static bool
is_suspicious(const Target* const t, const double esr)
{
  return !t->use.has_latency && esr > POOR &&
         (t->training.is_known ? esr > POORER * t->training.esr : esr > UNRELATED);
}

/// Note a latency with which the target is much closer, as that of another take, or that there is
/// none
static Status
look_for_latency(const Target* const t, const Wav* const output, Shift* const s,
                 TargetResult* const result, Message* const message)
{
  ScoreResult other = {0};
  const double esr = result->score.esr;
  if (!is_suspicious(t, esr)) {
    return STATUS_OK;
  }
  Status status = find_delay(t, output, s, message);
  if (!status && s->is_searched && !s->is_found && esr > UNRELATED) {
    message_set(&result->note,
                "%s: does not follow the output at any latency; is it what came out of the gear "
                "when this recording was played?",
                t->use.path);
  }
  if (status || !s->is_found || !t->training.is_known ||
      fabs(s->found.delay - s->used.delay) < LEAST_DELAY) {
    return status;
  }
  const Corrections c = {s->found.delay, 0.0, 0.0}; // As with --latency
  status = score_shifted(t, output, &c, &other, message);
  if (!status && other.esr < MUCH_BETTER * esr) {
    message_set(&result->note,
                "%s: seems to be another take than the model's, %.2f frames late; --latency=%.2f "
                "gives an ESR of %.5f (%.1f dB)",
                t->use.path, c.delay, c.delay, other.esr, decibel_of_power(other.esr));
  }
  return status;
}

/// Return true if these are the samples that the model learned from
static bool
is_source(const Target* const t, const Wav* const input)
{
  char text[MODEL_FILE_TEXT_SIZE];
  uint64_t hash = hash_add(0, input->samples, (size_t)input->n_frames * sizeof(float));
  hash = hash_add(hash, t->recorded.samples, (size_t)t->recorded.n_frames * sizeof(float));
  (void)snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
  return !strcmp(text, t->training.source_hash);
}

/// Cut the take as grus-train did, and score it with the part that was held out
static Status
score_as_trained(const Target* const t, const Wav* const input, const Pair pair,
                 PairScore* const score, Message* const message)
{
  Take take = {.name = t->use.path, .input = input, .target = pair.target};
  Dataset kept = {0};
  Dataset held_out = {0};
  Status status = dataset_cut(&take, 1, (ClipLayout){0, t->training.clip_warmup}, &kept, message);
  status = status ? status : dataset_split(&kept, t->training.held_out, &held_out, message);
  if (!status) {
    score_take(pair, score, &held_out);
  }
  dataset_clear(&held_out);
  dataset_clear(&kept);
  return status;
}

/// Score a take that is aligned
static Status
score_aligned(const Target* const t, const Pair pair, TargetResult* const result,
              Message* const message)
{
  static const Dataset none;
  Wav input = {0};
  Status status = STATUS_OK;
  PairScore score = begin_score(pair, t->use.blocks_dc && !t->use.clips.clip_frames);
  if (t->training.held_out > 0.0 && !t->use.clips.clip_frames) {
    status = wav_read(t->use.input, t->use.input_channel, &input, message);
    result->has_held_out =
        !status && is_source(t, &input) && input.n_frames == pair.output->n_frames;
  }
  if (!status && result->has_held_out) {
    status = score_as_trained(t, &input, pair, &score, message);
  } else if (!status && t->use.clips.clip_frames) {
    score_clips(pair, &score, t->use.clips);
  } else if (!status) {
    score_take(pair, &score, &none);
  }
  if (!status && (score_result(&score.whole, &result->score) ||
                  (result->has_held_out && score_result(&score.held_out, &result->held_out)))) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  clear_score(&score);
  wav_clear(&input);
  return status;
}

/// Align the target and score it
static Status
score_output(const Target* const t, const Wav* const output, TargetResult* const result,
             Message* const message)
{
  Shift shift = {.is_searched = false};
  Wav aligned = {0};
  Status status = STATUS_OK;
  if (!t->use.clips.clip_frames) {
    status = choose_corrections(t, output, &shift, &result->alignment, message);
  }
  if (!status && !corrections_are_none(&shift.used)) {
    status = align(t, &shift.used, output->n_frames, &aligned, message);
  }
  const Wav* const target = aligned.samples ? &aligned : &t->recorded;
  status = status ? status : score_aligned(t, (Pair){output, target}, result, message);
  if (!status && !t->use.clips.clip_frames) {
    status = look_for_latency(t, output, &shift, result, message);
  }
  wav_clear(&aligned);
  return status;
}

Status
target_score(const Target* const target, TargetResult* const result, Message* const message)
{
  Wav output = {.n_frames = target->rendered.n_samples,
                .sample_rate = target->recorded.sample_rate};
  Status status = spool_map(&target->rendered, &output.samples, message);
  status = status ? status : score_output(target, &output, result, message);
  spool_unmap(output.samples, output.n_frames);
  return status;
}

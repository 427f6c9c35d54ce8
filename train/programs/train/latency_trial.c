// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Learns from the liveliest four seconds of each third of the recording. Counted in epochs, not in
// seconds, so that it ends alike on every machine. Places within 5 % of the best are as good.

#include "train/programs/train/latency_trial.h"

#include "core/params.h"
#include "train/audio/wav.h"
#include "train/capture/corrections.h"
#include "train/capture/findings.h"
#include "train/learn/dataset.h"
#include "train/learn/team.h"
#include "train/learn/trainer.h"

#include <math.h>

#define HIDDEN_SIZE 8
#define EPOCHS 40
#define BATCH 64 ///< Of all processes together
#define CHUNK 256
#define LEARNING_RATE 0.02
#define N_STRETCHES 3
#define SECONDS 4.0   ///< Of a stretch
#define HELD_OUT 0.25 ///< Of the stretches
#define AS_GOOD 1.05  ///< ESR against the best
#define TIGHT 3.0     ///< Frames left of the latency, where that is learned better
#define EASY 0.01     ///< ESR of a trial from which on ripples of converters count
#define WORTH_IT 2.0  ///< Frames between places that are compared
#define STEP 0.25     ///< Between stretches that are compared [s]

/// The stretches with the target in one place
typedef struct {
  Wav inputs[N_STRETCHES];
  Wav targets[N_STRETCHES];
  Take takes[N_STRETCHES];
  uint32_t n;
} TrialTakes;

/// Where the stretches begin
typedef struct {
  uint64_t begins[N_STRETCHES];
  uint64_t n_frames; ///< Of each
} Stretches;

static double
energy_of(const float* const samples, const uint64_t n_frames)
{
  double sum = 0.0;
  for (uint64_t i = 0; i < n_frames; ++i) {
    sum += (double)samples[i] * (double)samples[i];
  }
  return sum;
}

/// Return how many frames of the input the target holds, if it is `delay` frames late
static uint64_t
count_held(const Take* const take, const double delay)
{
  const double left = (double)take->target->n_frames - fmax(delay, 0.0);
  return (uint64_t)fmin((double)take->input->n_frames, fmax(left, 0.0));
}

/// Return where the liveliest stretch of a third begins
static uint64_t
choose_stretch(const Wav* const input, const uint64_t n_held, const uint32_t third,
               const uint64_t n_frames)
{
  const uint64_t first = n_held * third / N_STRETCHES;
  const uint64_t last = n_held * (third + 1) / N_STRETCHES;
  const uint64_t step = (uint64_t)(STEP * input->sample_rate);
  uint64_t chosen = first;
  double energy = energy_of(input->samples + first, n_frames);
  double most = energy;
  for (uint64_t i = first; i + step + n_frames <= last; i += step) {
    energy += energy_of(input->samples + i + n_frames, step);
    energy -= energy_of(input->samples + i, step);
    chosen = energy > most ? i + step : chosen;
    most = fmax(most, energy);
  }
  return chosen;
}

/// Return a part of a recording, which must outlive it
static Wav
view_of(const Wav* const wav, const uint64_t begin, const uint64_t n_frames)
{
  const uint64_t left = begin < wav->n_frames ? wav->n_frames - begin : 0;
  return (Wav){.samples = wav->samples + begin,
               .n_frames = n_frames < left ? n_frames : left,
               .sample_rate = wav->sample_rate};
}

/// Choose the stretches from what the target holds, for all places alike
static Stretches
choose_stretches(const Take* const take, const double delay)
{
  const uint64_t n_held = count_held(take, delay);
  const uint64_t most = (uint64_t)(SECONDS * take->input->sample_rate);
  const uint64_t third = n_held / N_STRETCHES;
  Stretches s = {.n_frames = third < most ? third : most};
  for (uint32_t i = 0; i < N_STRETCHES; ++i) {
    s.begins[i] = choose_stretch(take->input, n_held, i, s.n_frames);
  }
  return s;
}

/// Take the stretches with a correction
static Status
take_stretches(const Take* const take, const Stretches* const s, const Corrections* const c,
               TrialTakes* const t, Message* const message)
{
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < N_STRETCHES && !status; ++i) {
    const uint64_t begin = s->begins[i];
    const Wav rest = view_of(take->target, begin, take->target->n_frames);
    const Corrections here = {c->delay + c->drift * (double)begin, c->drift, c->dc};
    t->inputs[i] = view_of(take->input, begin, s->n_frames);
    status = corrections_apply(&rest, &here, s->n_frames, &t->targets[i], message);
    t->takes[i] = (Take){.name = take->name, .input = &t->inputs[i], .target = &t->targets[i]};
    t->n = i + 1;
  }
  return status;
}

/// Train a small network, and return its error
static Status
learn_stretches(const TrainOptions* const o, TrialTakes* const t, double* const esr,
                Message* const message)
{
  // Nothing of the options: the same recordings are always placed alike
  const TrainerConfig config = {.shape = {CELL_GRU_RESET_BEFORE, HIDDEN_SIZE, 1, false, 0},
                                .optimiser = OPTIMISER_SOAP,
                                .learning_rate = LEARNING_RATE,
                                .max_norm = 1.0,
                                .epochs = EPOCHS,
                                .batch = BATCH,
                                .chunk = CHUNK,
                                .n_starts = 1,
                                .seed = 1,
                                .n_threads = o->trainer.n_threads};
  Params params = {.values = NULL};
  Dataset train = {.clips = NULL};
  Dataset held_out = {.clips = NULL};
  TrainerProgress end = {0};
  const TrainerRun run = {.config = &config, .train = &train, .validation = &held_out};
  Status status = dataset_cut(t->takes, t->n, (ClipLayout){0, 0}, &train, message);
  status = status ? status : dataset_split(&train, HELD_OUT, &held_out, message);
  if (!status && !(status = params_init(&params, config.shape))) {
    trainer_draw_weights(&config, &train, &params);
    status = trainer_run(&run, &params, &end, message);
    *esr = metrics_esr(&end.best);
  }
  params_clear(&params);
  dataset_clear(&train);
  dataset_clear(&held_out);
  return status;
}

/// Places to try: the one that the examination chose, the unshifted one, the one with less latency
typedef struct {
  double shifts[3]; ///< [frames]
  double esr[3];
  uint32_t n;
  Stretches stretches;
} LatencyTrial;

/// Find the error in one place
static Status
try_place(const TrainOptions* const o, const Session* const s, LatencyTrial* const t,
          const uint32_t place, Message* const message)
{
  TrialTakes takes = {.n = 0};
  Corrections c = s->train.corrections[0];
  c.delay = t->shifts[place];
  Status status = take_stretches(&s->train.takes[0], &t->stretches, &c, &takes, message);
  status = status ? status : learn_stretches(o, &takes, &t->esr[place], message);
  for (uint32_t i = 0; i < takes.n; ++i) {
    wav_clear(&takes.targets[i]);
  }
  return status;
}

/// Return true if less latency can be left than where the examination or the recording has it
static bool
has_tighter_place(const LatencyTrial* const t)
{
  return fmin(t->shifts[2] - t->shifts[1], fabs(t->shifts[2] - t->shifts[0])) >= WORTH_IT;
}

/// Try the places that differ. Less latency is tried only where much is left to learn: elsewhere
/// the ripples of converters would be cut off, which a short trial doesn't show.
static Status
try_places(const TrainOptions* const o, const Session* const s, LatencyTrial* const t,
           Message* const message)
{
  Status status = try_place(o, s, t, 0, message);
  if (!status && t->shifts[1] == t->shifts[0]) {
    t->esr[1] = t->esr[0];
  } else if (!status) {
    status = try_place(o, s, t, 1, message);
  }
  if (!status && has_tighter_place(t) && t->esr[0] > EASY) {
    t->n = 3;
    status = try_place(o, s, t, 2, message);
  }
  return status;
}

/// Return the first place that is nearly as good as the best
static uint32_t
choose_place(const LatencyTrial* const t)
{
  double best = t->esr[0];
  uint32_t chosen = 0;
  for (uint32_t i = 1; i < t->n; ++i) {
    best = fmin(best, t->esr[i]);
  }
  while (t->esr[chosen] > AS_GOOD * best) {
    ++chosen;
  }
  return chosen;
}

/// Shift the target of a take as was chosen for the first one, and say so in its table
static void
move_take(Recording* const r, const uint32_t take, const LatencyTrial* const t,
          const double apart_of_first)
{
  const uint32_t chosen = choose_place(t);
  const double shift = t->shifts[chosen] + r->alignments[take].apart - apart_of_first;
  if (!finding_of(&r->findings[take], "Latency") || findings_first_stop(&r->findings[take])) {
    return;
  }
  r->corrections[take].delay = shift;
  if (shift == 0.0) {
    finding_replace(&r->findings[take], "Latency", VERDICT_OK, "%s", "");
    return;
  }
  finding_replace(&r->findings[take], "Latency", VERDICT_FIXED,
                  "The target was shifted by %.6g frames to line up with the input. A short trial "
                  "learned ESR %.2g there, %.2g without a shift.",
                  shift, t->esr[chosen], t->esr[1]);
}

/// Return true if there is a latency that may be changed
static bool
has_choice(const TrainOptions* const o, const Session* const s)
{
  const bool is_alone = team_size() == 1 || !o->examine.only; // Others may have other files
  return is_alone && s->train.n_takes && alignment_is_measured(&s->train.alignments[0]) &&
         !o->examine.keeps && finding_of(&s->train.findings[0], "Latency") &&
         !findings_first_stop(&s->train.findings[0]);
}

Status
latency_trial(const TrainOptions* const o, Session* const s, Message* const message)
{
  Recording* const recordings[3] = {&s->train, &s->validation, &s->test};
  if (!has_choice(o, s)) {
    return STATUS_OK;
  }
  const Alignment* const a = &s->train.alignments[0];
  LatencyTrial t = {.shifts = {s->train.corrections[0].delay, a->apart, a->delay - TIGHT}, .n = 2};
  if (t.shifts[0] == t.shifts[1] && !has_tighter_place(&t)) {
    return STATUS_OK;
  }
  t.stretches = choose_stretches(&s->train.takes[0], t.shifts[0]);
  const Status status = try_places(o, s, &t, message);
  for (size_t i = 0; i < 3 && !status; ++i) {
    for (uint32_t k = 0; k < recordings[i]->n_takes; ++k) {
      move_take(recordings[i], k, &t, a->apart);
    }
  }
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One run of training. Its schedule is a function of progress from 0 to 1, be that time or epochs:
// the learning rate falls along a cosine, the chunk doubles at a half and at three quarters. Where a
// run ends up depends on its first weights more than on anything else, and shows it early: several
// are begun, and the best goes on. The
// weights that are judged and kept are an average over the last ninth of the updates, which
// takes the noise of the steps out of them (polynomial-decay averaging: Shamir and Zhang, ICML
// 2013).

#include "train/trainer.h"

#include "core/random.h"
#include "train/init.h"
#include "train/learner.h"
#include "train/team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_CHUNK_GROWTH 4U
#define LAST_RATE 0.005 ///< Of the highest learning rate
#define AVERAGE_DECAY 8.0
#define START_SHARE 0.04    ///< Of the plan, for each of several starts
#define START_SECONDS 1.0   ///< Less tells nothing
#define START_SEEDS 1000U   ///< From the seed of one start to the next
#define EVALUATED_CLIPS 16U ///< At once, where nothing is learned
#define LOST 2.0            ///< Times the best ESR at which a run is taken back to its best
#define LOST_RATE 0.7       ///< What is left of the learning rate then

/// A run and everything it owns
typedef struct {
  const TrainerConfig* config;
  const Dataset* train;
  const Dataset* validation;
  Learner* learner;
  Optimiser optimiser;
  Loss loss;
  Random random;
  Params now;     ///< What the optimiser moves
  Params average; ///< What is judged
  Params best;
  float* gradient;
  Clip* order;       ///< The clips in this epoch's order
  double start;      ///< [s]
  double rate_scale; ///< Falls whenever the run has to be saved from diverging
  double done;       ///< Epochs, with fraction
  double end;        ///< Progress at which to stop for now
  uint64_t averaged; ///< Updates in the average
  uint64_t frames;
  TrainerProgress progress;
} Trainer;

/// The leader's clock: all processes have to take the same decisions
static double
now_seconds(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return team_leaders((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

static void
copy_values(const Params* const to, const Params* const from)
{
  memcpy(to->values, from->values, params_count(from->shape) * sizeof(float));
}

static uint32_t
batches_per_epoch(const Trainer* const t)
{
  const uint32_t n = (t->train->n_clips + t->config->batch / 2) / t->config->batch;
  return n ? n : 1;
}

/// First clip of a batch; batches share the clips evenly
static uint32_t
batch_begin(const Trainer* const t, const uint32_t batch)
{
  return (uint32_t)((uint64_t)batch * t->train->n_clips / batches_per_epoch(t));
}

static uint32_t
largest_batch(const Trainer* const t)
{
  return (t->train->n_clips + batches_per_epoch(t) - 1) / batches_per_epoch(t);
}

static uint32_t
largest_chunk(const Trainer* const t)
{
  const uint32_t grown = MAX_CHUNK_GROWTH * t->config->chunk;
  return grown < t->train->length ? grown : t->train->length;
}

static Status
start_params(Trainer* const t, const Params* const start)
{
  if (params_init(&t->now, start->shape) || params_init(&t->average, start->shape) ||
      params_init(&t->best, start->shape)) {
    return STATUS_NO_MEMORY;
  }
  copy_values(&t->now, start);
  copy_values(&t->average, start);
  copy_values(&t->best, start);
  return STATUS_OK;
}

static Status
init_memory(Trainer* const t, const Params* const start)
{
  const size_t count = params_count(start->shape);
  const LearnerSizes sizes = {start->shape, largest_batch(t), largest_chunk(t),
                              t->config->n_threads, &t->loss};
  t->gradient = (float*)calloc(count, sizeof(float));
  t->order = (Clip*)calloc(t->train->n_clips, sizeof(Clip));
  if (!t->gradient || !t->order || start_params(t, start) ||
      optimiser_init(&t->optimiser, t->config->optimiser, start->shape)) {
    return STATUS_NO_MEMORY;
  }
  memcpy(t->order, t->train->clips, t->train->n_clips * sizeof(Clip));
  return learner_new(sizes, &t->learner);
}

static void
trainer_clear(Trainer* const t)
{
  learner_free(t->learner);
  optimiser_clear(&t->optimiser);
  loss_clear(&t->loss);
  params_clear(&t->now);
  params_clear(&t->average);
  params_clear(&t->best);
  free(t->gradient);
  free(t->order);
}

/// Share of the plan that is done, 0 to 1; the limit that comes first counts
static double
plan_progress(const Trainer* const t)
{
  const TrainerConfig* const c = t->config;
  const double by_time = c->seconds > 0.0 ? (now_seconds() - t->start) / c->seconds : 0.0;
  const double by_epochs = c->epochs ? t->done / c->epochs : 0.0;
  return fmin(fmax(by_time, by_epochs), 1.0);
}

static bool
is_interrupted(const Trainer* const t)
{
  return t->config->interrupt && team_leaders(*t->config->interrupt) != 0.0;
}

static double
learning_rate_at(const Trainer* const t, const double progress)
{
  const double fall = 0.5 * (1.0 + cos(3.141592653589793 * progress));
  return t->rate_scale * t->config->learning_rate * (LAST_RATE + (1.0 - LAST_RATE) * fall);
}

static uint32_t
chunk_at(const Trainer* const t, const double progress)
{
  const uint32_t growth = progress > 0.75 ? 4U : progress > 0.5 ? 2U : 1U;
  const uint32_t chunk = growth * t->config->chunk;
  return chunk < largest_chunk(t) ? chunk : largest_chunk(t);
}

/// Fisher–Yates
static void
shuffle(Clip* const clips, const uint32_t n, Random* const random)
{
  for (uint32_t i = n; i > 1; --i) {
    const uint32_t j = random_below(random, i);
    const Clip clip = clips[i - 1];
    clips[i - 1] = clips[j];
    clips[j] = clip;
  }
}

static void
update_average(Trainer* const t)
{
  const double weight = (AVERAGE_DECAY + 1.0) / (AVERAGE_DECAY + (double)++t->averaged);
  const float w = (float)fmin(weight, 1.0);
  const size_t count = params_count(t->now.shape);
  for (size_t i = 0; i < count; ++i) {
    t->average.values[i] += w * (t->now.values[i] - t->average.values[i]);
  }
}

/// After a gradient that is no number, or an error far above the best: back to the best weights,
/// with smaller steps. A run that has left a good valley at a high rate seldom finds it again.
static void
save_run(Trainer* const t)
{
  copy_values(&t->now, &t->best);
  copy_values(&t->average, &t->best);
  optimiser_reset(&t->optimiser);
  t->rate_scale *= LOST_RATE;
}

/// One gradient and one step; false if the run had to be saved
static bool
update(Trainer* const t, const uint32_t n_frames, const double progress)
{
  const size_t count = params_count(t->now.shape);
  (void)learner_gradient(t->learner, &t->now, n_frames, t->gradient);
  if (!isfinite(optimiser_clip(t->gradient, count, t->config->max_norm))) {
    save_run(t);
    return false;
  }
  optimiser_step(&t->optimiser, t->gradient, learning_rate_at(t, progress), t->now.values);
  ++t->progress.updates;
  update_average(t);
  return true;
}

/// Learn from one batch of clips, chunk after chunk; false when the run is over
static bool
run_batch(Trainer* const t, const uint32_t batch)
{
  const uint32_t begin = batch_begin(t, batch);
  const uint32_t n_clips = batch_begin(t, batch + 1) - begin;
  const uint32_t length = t->train->length;
  const double at_start = t->done;
  learner_start(t->learner, &t->now, t->order + begin, n_clips, t->train->warmup);
  for (uint32_t frame = 0; frame < length;) {
    const double progress = plan_progress(t);
    const uint32_t chunk = chunk_at(t, progress);
    const uint32_t left = length - frame;
    const uint32_t n = left < chunk + chunk / 2 && left <= largest_chunk(t) ? left : chunk;
    if (progress >= t->end || is_interrupted(t) || !update(t, n, progress)) {
      return progress < t->end && !is_interrupted(t);
    }
    frame += n;
    t->frames += (uint64_t)n * n_clips;
    t->done = at_start + (double)frame / length / batches_per_epoch(t);
  }
  return true;
}

/// Far worse than the best, or no better than silence
static bool
is_lost(const double esr, const double best)
{
  return esr > LOST * best || (esr > best && esr >= 1.0);
}

/// Judge the averaged weights and keep them if they are the best so far
static Status
judge(Trainer* const t)
{
  TrainerProgress* const p = &t->progress;
  const Status status = learner_evaluate(t->learner, &t->average, t->validation, &p->validation);
  if (status) {
    return status;
  }
  const double esr = metrics_esr(&p->validation);
  const bool is_first = p->best.target <= 0.0;
  if (!isfinite(esr) || (!is_first && is_lost(esr, metrics_esr(&p->best)))) {
    save_run(t);
  } else if (is_first || esr < metrics_esr(&p->best)) {
    copy_values(&t->best, &t->average);
    p->best = p->validation;
  }
  return STATUS_OK;
}

static void
report(Trainer* const t, const TrainerRun* const run)
{
  TrainerProgress* const p = &t->progress;
  const double progress = plan_progress(t);
  p->seconds = now_seconds() - t->start;
  p->seconds_left = progress > 0.0 ? p->seconds * (1.0 - progress) / progress : 0.0;
  p->frames_per_second = (double)t->frames / p->seconds;
  if (run->report) {
    run->report(run->context, p);
  }
}

static bool
is_good_enough(const Trainer* const t)
{
  return t->progress.best.target > 0.0 && metrics_esr(&t->progress.best) <= t->config->target_esr;
}

static Status
run_epochs(Trainer* const t, const TrainerRun* const run)
{
  bool goes_on = true;
  Status status = judge(t);
  while (goes_on && !status) {
    shuffle(t->order, t->train->n_clips, &t->random);
    for (uint32_t b = 0; b < batches_per_epoch(t) && goes_on; ++b) {
      goes_on = run_batch(t, b);
    }
    ++t->progress.epoch;
    t->done = t->progress.epoch;
    status = judge(t);
    report(t, run);
    goes_on = goes_on && plan_progress(t) < t->end && !is_good_enough(t);
  }
  return status;
}

/// Begin with the weights in `now`
static void
begin(Trainer* const t)
{
  copy_values(&t->average, &t->now);
  copy_values(&t->best, &t->now);
  optimiser_reset(&t->optimiser);
  t->averaged = 0;
  t->rate_scale = 1.0;
  t->progress.best = (Metrics){0};
}

/// Return how many starts the plan has room for
static uint32_t
count_starts(const TrainerConfig* const c)
{
  const bool is_brief = (c->epochs && c->epochs * START_SHARE < 1.0) ||
                        (c->seconds > 0.0 && c->seconds * START_SHARE < START_SECONDS);
  return is_brief || c->n_starts < 1 ? 1 : c->n_starts;
}

/// Begin several times from other weights, and leave the best in `now`
static Status
run_starts(Trainer* const t, const TrainerRun* const run, const uint32_t n_starts,
           Params* const champion)
{
  double champion_esr = HUGE_VAL;
  for (uint32_t k = 0; k < n_starts && !is_interrupted(t); ++k) {
    if (k) {
      init_params(&t->now, t->config->seed + k * START_SEEDS);
    }
    begin(t);
    t->end = START_SHARE * (k + 1);
    const Status status = run_epochs(t, run);
    if (status) {
      return status;
    }
    if (metrics_esr(&t->progress.best) < champion_esr) {
      champion_esr = metrics_esr(&t->progress.best);
      copy_values(champion, &t->best);
    }
  }
  copy_values(&t->now, champion);
  return STATUS_OK;
}

/// The whole plan
static Status
run_plan(Trainer* const t, const TrainerRun* const run, Params* const champion)
{
  const uint32_t n_starts = count_starts(t->config);
  const Status status = n_starts > 1 ? run_starts(t, run, n_starts, champion) : STATUS_OK;
  if (status) {
    return status;
  }
  begin(t);
  t->end = 1.0;
  return run_epochs(t, run);
}

/// The constants of the loss; a target without sound can't be learned
static Status
init_loss(Trainer* const t, Message* const message)
{
  if (loss_init(&t->loss, t->config->loss, t->config->spectral, t->train)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  if (t->loss.power < 1e-10 || dataset_target_power(t->validation, 0.0) < 1e-10) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "the target is silent (%.0f dBFS); check the recording's level and channel",
                       metrics_db(t->loss.power));
  }
  return STATUS_OK;
}

Status
trainer_run(const TrainerRun* const run, Params* const params, TrainerProgress* const end,
            Message* const message)
{
  Trainer t = {.config = run->config, .train = run->train, .validation = run->validation};
  t.random = random_for(run->config->seed, 1);
  Status status = init_loss(&t, message);
  if (!status && init_memory(&t, params)) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  status = team_agree(status, message);
  if (!status) {
    t.start = now_seconds();
    if (run_plan(&t, run, params)) {
      status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
    } else {
      copy_values(params, &t.best);
      *end = t.progress;
    }
  }
  trainer_clear(&t);
  return status;
}

Status
trainer_evaluate(const TrainerConfig* const config, const Params* const params,
                 const Dataset* const dataset, ScoreResult* const result)
{
  const LearnerSizes sizes = {params->shape, EVALUATED_CLIPS, EVALUATED_CLIPS * 32,
                              config->n_threads, NULL};
  Learner* learner = NULL;
  Status status = team_agree(learner_new(sizes, &learner), NULL);
  if (!status) {
    status = team_agree(learner_score(learner, params, dataset, result), NULL);
  }
  learner_free(learner);
  return status;
}

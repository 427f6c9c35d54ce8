// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One run of training, batch by batch. The state of a run is in TrainerPosition and a few arrays,
// and nowhere else; a checkpoint holds exactly that, between two batches. The order of an epoch's
// clips is drawn from its number. The weights that are judged and kept are an average over the last
// ninth of the updates, which takes the noise of the steps out of them
// (polynomial-decay averaging: Shamir and Zhang, ICML 2013).

#include "train/learn/trainer.h"

#include "core/clock.h"
#include "core/decibel.h"
#include "core/random.h"
#include "core/text.h"
#include "train/learn/checkpoint.h"
#include "train/learn/first_weights.h"
#include "train/learn/learner.h"
#include "train/learn/run_traits.h"
#include "train/learn/scale.h"
#include "train/learn/schedule.h"
#include "train/learn/team.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define AVERAGE_DECAY 8.0
#define FRAMES_AFTER 256U   ///< Of a chunk, to hear a linear stage in
#define START_SEEDS 1000U   ///< From the seed of one start to the next
#define EVALUATED_CLIPS 16U ///< At once, when only evaluating
#define LOST 2.0            ///< A run this many times worse than its best ESR goes back to its best
#define LOST_RATE 0.7       ///< What is left of the learning rate then
#define N_PARTS 7U          ///< Of a checkpoint
#define SILENT 1e-10        ///< Power of a target from which nothing can be learned

/// Where a run stands, without its arrays
typedef struct {
  uint32_t start; ///< Which of several starts; the last one is the run itself
  uint32_t batch; ///< Of the epoch, the next one
  bool is_begun;  ///< This start has weights of its own
  bool is_over;
  double done;       ///< Epochs, with fraction
  double rate_scale; ///< Reduced whenever the run diverges
  double seconds;    ///< Since the start
  double champion;   ///< ESR of the best start so far
  uint64_t averaged; ///< Updates in the average
  uint64_t frames;
  uint64_t optimiser_steps;
  TrainerProgress progress;
} TrainerPosition;

/// A run and everything it owns
typedef struct {
  const TrainerRun* run;
  const TrainerConfig* config;
  const Dataset* train;
  const Dataset* validation;
  Learner* learner;
  Optimiser optimiser;
  Loss loss;
  Scale scale; ///< Of all that is learned from
  TrainerPosition at;
  Params now;      ///< What the optimiser moves
  Params average;  ///< What is judged
  Params best;     ///< Of this start
  Params champion; ///< Of the best start
  float* gradient;
  Clip* order;                        ///< The clips in this epoch's order
  double began;                       ///< [s], on the clock
  double kept;                        ///< When the last checkpoint was written [s], on the clock
  CheckpointTrait traits[RUN_TRAITS]; ///< Distinguish the checkpoints of one run from another's
  CheckpointPart before[N_PARTS];     ///< What a checkpoint would hold, before the last batch
  bool has_before;                    ///< There was one
} Trainer;

/// The leader's clock, because all processes must take the same decisions
static double
now_seconds(void)
{
  return team_leaders(clock_seconds());
}

static void
copy_values(const Params* const to, const Params* const from)
{
  memcpy(to->values, from->values, params_count(from->shape) * sizeof(float));
}

static uint32_t
count_batches(const TrainerConfig* const config, const Dataset* const train)
{
  const uint32_t n = (train->n_clips + config->batch / 2) / config->batch;
  return n ? n : 1;
}

static uint32_t
batches_per_epoch(const Trainer* const t)
{
  return count_batches(t->config, t->train);
}

uint32_t
trainer_updates(const TrainerConfig* const config, const Dataset* const train)
{
  const uint32_t n = (train->length + config->chunk - 1) / config->chunk;
  return count_batches(config, train) * (n ? n : 1);
}

/// Return the first clip of a batch; batches share the clips evenly
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
  const uint32_t grown = SCHEDULE_CHUNK_GROWTH * t->config->chunk;
  return grown < t->train->length ? grown : t->train->length;
}

/// Return the gains to learn with: those of the file or, if all can be folded into the weights, the
/// best ones
static Scale
scale_of(const TrainerConfig* const config, const Dataset* const train, const ParamsShape shape)
{
  return config->scale ? *config->scale : shape.skip ? SCALE_NONE : scale_find(train);
}

static Status
start_params(Trainer* const t, const Params* const start)
{
  if (params_init(&t->now, start->shape) || params_init(&t->average, start->shape) ||
      params_init(&t->best, start->shape) || params_init(&t->champion, start->shape)) {
    return STATUS_NO_MEMORY;
  }
  copy_values(&t->now, start);
  if (!t->config->scale) {
    scale_enter(&t->now, t->scale);
  }
  copy_values(&t->average, &t->now);
  copy_values(&t->best, &t->now);
  return STATUS_OK;
}

/// Return what a checkpoint holds
static Checkpoint
checkpoint_of(Trainer* const t, CheckpointPart parts[N_PARTS])
{
  const size_t size = params_count(t->now.shape) * sizeof(float);
  parts[0] = (CheckpointPart){&t->at, sizeof(t->at)};
  parts[1] = (CheckpointPart){t->now.values, size};
  parts[2] = (CheckpointPart){t->average.values, size};
  parts[3] = (CheckpointPart){t->best.values, size};
  parts[4] = (CheckpointPart){t->champion.values, size};
  parts[5] = (CheckpointPart){t->optimiser.state, t->optimiser.state_size * sizeof(float)};
  parts[6] =
      (CheckpointPart){t->optimiser.stage_state, t->optimiser.stage_state_size * sizeof(float)};
  return (Checkpoint){parts, N_PARTS, t->traits, RUN_TRAITS};
}

/// Make room for the state before a batch
static Status
init_memory_before(Trainer* const t)
{
  CheckpointPart now[N_PARTS];
  bool is_complete = true;
  (void)checkpoint_of(t, now);
  for (uint32_t i = 0; i < N_PARTS; ++i) {
    t->before[i] = (CheckpointPart){calloc(now[i].size + 1, 1), now[i].size};
    is_complete = is_complete && t->before[i].data;
  }
  return is_complete ? STATUS_OK : STATUS_NO_MEMORY;
}

static Status
init_memory(Trainer* const t, const Params* const start)
{
  const size_t count = params_count(start->shape);
  const LearnerSizes sizes = {.shape = start->shape,
                              .max_clips = largest_batch(t),
                              .max_frames =
                                  largest_chunk(t) + (start->shape.n_taps ? FRAMES_AFTER : 0),
                              .n_threads = t->config->n_threads,
                              .loss = &t->loss,
                              .scale = t->scale,
                              .only_taps = t->config->only_taps};
  t->gradient = (float*)calloc(count, sizeof(float));
  t->order = (Clip*)calloc(t->train->n_clips, sizeof(Clip));
  if (!t->gradient || !t->order || start_params(t, start) ||
      optimiser_init(&t->optimiser, t->config->optimiser, start->shape)) {
    return STATUS_NO_MEMORY;
  }
  const Status status = init_memory_before(t);
  return status ? status : learner_new(sizes, &t->learner);
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
  params_clear(&t->champion);
  for (uint32_t i = 0; i < N_PARTS; ++i) {
    free(t->before[i].data);
  }
  free(t->gradient);
  free(t->order);
}

static SchedulePlan
plan_of(const Trainer* const t)
{
  return (SchedulePlan){t->config->seconds, t->config->epochs};
}

/// Return the share of the plan that is done, 0 to 1
static double
plan_progress(const Trainer* const t)
{
  return schedule_progress(plan_of(t), now_seconds() - t->began, t->at.done);
}

static uint32_t
n_starts(const Trainer* const t)
{
  return schedule_starts(plan_of(t), t->config->n_starts);
}

/// Return the progress at which this start ends
static double
start_end(const Trainer* const t)
{
  const bool is_last = n_starts(t) == 1 || t->at.start == n_starts(t);
  return is_last ? 1.0 : schedule_start_end(t->at.start);
}

static bool
is_interrupted(const Trainer* const t)
{
  return t->config->interrupt && team_leaders(*t->config->interrupt) != 0.0;
}

static double
learning_rate_at(const Trainer* const t, const double progress)
{
  return t->at.rate_scale * t->config->learning_rate * schedule_rate(progress);
}

static uint32_t
chunk_at(const Trainer* const t, const double progress)
{
  const uint32_t chunk = schedule_chunk_growth(progress) * t->config->chunk;
  return chunk < largest_chunk(t) ? chunk : largest_chunk(t);
}

/// Put the clips into the order of this epoch (Fisher and Yates)
static void
shuffle_clips(const Trainer* const t)
{
  Random random = random_for(t->config->seed, 1U + t->at.progress.epoch);
  memcpy(t->order, t->train->clips, t->train->n_clips * sizeof(Clip));
  for (uint32_t i = t->train->n_clips; i > 1; --i) {
    const uint32_t j = random_below(&random, i);
    const Clip clip = t->order[i - 1];
    t->order[i - 1] = t->order[j];
    t->order[j] = clip;
  }
}

static void
update_average(Trainer* const t)
{
  const double weight = (AVERAGE_DECAY + 1.0) / (AVERAGE_DECAY + (double)++t->at.averaged);
  const float w = (float)fmin(weight, 1.0);
  const size_t count = params_count(t->now.shape);
  for (size_t i = 0; i < count; ++i) {
    t->average.values[i] += w * (t->now.values[i] - t->average.values[i]);
  }
}

/// Go back to the best weights, with smaller steps, after a gradient that is not finite or an error
/// far above the best. A run that has left a good valley at a high learning rate seldom finds it
/// again.
static void
go_back_to_best(Trainer* const t)
{
  copy_values(&t->now, &t->best);
  copy_values(&t->average, &t->best);
  optimiser_reset(&t->optimiser);
  t->at.rate_scale *= LOST_RATE;
}

/// Compute one gradient and take one step; return false if the run diverged
static bool
update_weights(Trainer* const t, const LearnerChunk chunk, const double progress)
{
  const size_t count = params_tensor(t->now.shape, PARAMS_TAPS).offset;
  (void)learner_gradient(t->learner, &t->now, chunk, t->gradient);
  if (!isfinite(optimiser_clip(t->gradient, count, t->config->max_norm))) {
    go_back_to_best(t);
    return false;
  }
  optimiser_step(&t->optimiser, t->gradient, learning_rate_at(t, progress), t->now.values);
  ++t->at.progress.updates;
  update_average(t);
  return true;
}

/// Learn from one batch of clips, chunk after chunk; return false when the run is over
static bool
run_batch(Trainer* const t, const uint32_t batch)
{
  const uint32_t begin = batch_begin(t, batch);
  const uint32_t n_clips = batch_begin(t, batch + 1) - begin;
  const uint32_t length = t->train->length;
  const double at_start = t->at.done;
  const double end = start_end(t);
  learner_start(t->learner, &t->now, t->order + begin, n_clips, t->train->warmup);
  for (uint32_t frame = 0; frame < length;) {
    const double progress = plan_progress(t);
    const uint32_t chunk = chunk_at(t, progress);
    const uint32_t left = length - frame;
    const uint32_t n = left < chunk + chunk / 2 && left <= largest_chunk(t) ? left : chunk;
    const uint32_t n_after = left - n < FRAMES_AFTER ? left - n : FRAMES_AFTER;
    if (progress >= end || is_interrupted(t) ||
        !update_weights(t, (LearnerChunk){n, n_after}, progress)) {
      return progress < end && !is_interrupted(t);
    }
    frame += n;
    t->at.frames += (uint64_t)n * n_clips;
    t->at.done = at_start + (double)frame / length / batches_per_epoch(t);
  }
  return true;
}

/// Return true if the error is far above the best, or no better than that of silence
static bool
is_lost(const double esr, const double best)
{
  return esr > LOST * best || (esr > best && esr >= 1.0);
}

/// Evaluate the averaged weights and keep them if they are the best so far
static Status
evaluate_average(Trainer* const t)
{
  TrainerProgress* const p = &t->at.progress;
  const Status status = learner_evaluate(t->learner, &t->average, t->validation, &p->validation);
  if (status) {
    return status;
  }
  const double esr = metrics_esr(&p->validation);
  const bool is_first = p->best.target <= 0.0;
  if (!isfinite(esr) || (!is_first && is_lost(esr, metrics_esr(&p->best)))) {
    go_back_to_best(t);
  } else if (is_first || esr < metrics_esr(&p->best)) {
    copy_values(&t->best, &t->average);
    p->best = p->validation;
  }
  return STATUS_OK;
}

static void
report_progress(Trainer* const t)
{
  TrainerProgress* const p = &t->at.progress;
  const double progress = plan_progress(t);
  p->seconds = now_seconds() - t->began;
  p->seconds_left = progress > 0.0 ? p->seconds * (1.0 - progress) / progress : 0.0;
  p->frames_per_second = (double)t->at.frames / p->seconds;
  if (t->run->report) {
    t->run->report(t->run->context, p);
  }
  p->note.text[0] = '\0';
}

/// Bring what a checkpoint holds up to the moment
static void
stamp_position(Trainer* const t)
{
  t->at.seconds = now_seconds() - t->began;
  t->at.optimiser_steps = t->optimiser.steps;
}

/// Copy what a checkpoint would hold: an interrupt ends a batch in the middle, where none can
/// continue
static void
remember_state(Trainer* const t)
{
  CheckpointPart now[N_PARTS];
  stamp_position(t);
  (void)checkpoint_of(t, now);
  for (uint32_t i = 0; i < N_PARTS; ++i) {
    if (now[i].size) {
      memcpy(t->before[i].data, now[i].data, now[i].size);
    }
  }
  t->has_before = true;
}

/// Write a checkpoint; what can't be written is reported once, and not tried again
static void
write_checkpoint(Trainer* const t, const CheckpointPart* const parts)
{
  const Checkpoint checkpoint = {parts, N_PARTS, t->traits, RUN_TRAITS};
  const bool fails = team_is_leader() &&
                     checkpoint_write(&checkpoint, t->run->checkpoint.path, &t->at.progress.note);
  t->kept = fails ? HUGE_VAL : now_seconds();
}

/// Write a checkpoint if it is time; one that can't be written does not end the training
static void
keep_checkpoint(Trainer* const t)
{
  CheckpointPart parts[N_PARTS];
  const double now = now_seconds();
  if (t->run->checkpoint.path && (t->at.is_over || now - t->kept >= t->run->checkpoint.interval)) {
    stamp_position(t);
    (void)checkpoint_of(t, parts);
    write_checkpoint(t, parts);
  }
}

/// Write the state before the batch that was interrupted
static void
keep_interrupted(Trainer* const t)
{
  if (t->run->checkpoint.path && t->has_before && isfinite(t->kept)) {
    write_checkpoint(t, t->before);
  }
}

static bool
is_good_enough(const Trainer* const t)
{
  const Metrics* const best = &t->at.progress.best;
  return best->target > 0.0 && metrics_esr(best) <= t->config->target_esr;
}

/// Learn from the rest of an epoch, and evaluate; `goes_on` becomes false when the start is over
static Status
run_epoch(Trainer* const t, bool* const goes_on)
{
  shuffle_clips(t);
  while (t->at.batch < batches_per_epoch(t) && *goes_on) {
    remember_state(t);
    *goes_on = run_batch(t, t->at.batch);
    ++t->at.batch;
    if (*goes_on) {
      keep_checkpoint(t);
    }
  }
  t->at.batch = 0;
  t->at.done = ++t->at.progress.epoch;
  const Status status = evaluate_average(t);
  report_progress(t);
  *goes_on = *goes_on && plan_progress(t) < start_end(t) && !is_good_enough(t);
  return status;
}

/// Begin a start from the weights in `now`
static Status
begin_start(Trainer* const t)
{
  copy_values(&t->average, &t->now);
  copy_values(&t->best, &t->now);
  optimiser_reset(&t->optimiser);
  t->at.averaged = 0;
  t->at.rate_scale = 1.0;
  t->at.progress.best = (Metrics){0};
  t->at.is_begun = true;
  return evaluate_average(t);
}

static Status
run_start(Trainer* const t)
{
  bool goes_on = true;
  Status status = t->at.is_begun ? STATUS_OK : begin_start(t);
  while (goes_on && !status) {
    status = run_epoch(t, &goes_on);
  }
  return status;
}

/// Keep the weights of a start if they are better than the others', and put into `now` what the
/// next one begins with: new random weights, or finally the best
static void
choose_start(Trainer* const t)
{
  const double esr = metrics_esr(&t->at.progress.best);
  if (esr < t->at.champion) {
    t->at.champion = esr;
    copy_values(&t->champion, &t->best);
  }
  ++t->at.start;
  t->at.is_begun = false;
  if (t->at.start < n_starts(t)) {
    first_weights_draw(&t->now, t->config->seed + t->at.start * START_SEEDS);
  } else {
    copy_values(&t->now, &t->champion);
  }
}

/// Return true if a run that is interrupted has a start to keep, and need not judge the others
static bool
ends_with_a_start(const Trainer* const t)
{
  return n_starts(t) > 1 && t->at.champion < HUGE_VAL && is_interrupted(t);
}

/// Run the whole plan, or the rest of it; several starts come before the run itself
static Status
run_plan(Trainer* const t)
{
  Status status = STATUS_OK;
  while (n_starts(t) > 1 && t->at.start < n_starts(t) && !status && !is_interrupted(t)) {
    status = run_start(t);
    choose_start(t);
  }
  if (!status && ends_with_a_start(t)) {
    copy_values(&t->best, &t->champion);
  } else if (!status && !t->at.is_over) {
    status = run_start(t);
  }
  const bool ends_early = is_interrupted(t);
  if (!status && ends_early) {
    keep_interrupted(t);
  } else if (!status) {
    t->at.is_over = true;
    keep_checkpoint(t);
  }
  return status;
}

/// Load a checkpoint, if the run should resume and there is one
static Status
resume_run(Trainer* const t, Message* const message)
{
  CheckpointPart parts[N_PARTS];
  if (!t->run->checkpoint.path || !t->run->checkpoint.resumes) {
    return STATUS_OK;
  }
  if (access(t->run->checkpoint.path, F_OK)) {
    char path[200];
    text_shorten_path(path, sizeof(path), t->run->checkpoint.path);
    (void)status_fail(&t->at.progress.note, STATUS_CANNOT_READ,
                      "no %s found; starting from the beginning", path);
    return STATUS_OK;
  }
  const Checkpoint checkpoint = checkpoint_of(t, parts);
  const Status status = checkpoint_read(&checkpoint, t->run->checkpoint.path, message);
  if (!status) {
    t->optimiser.steps = t->at.optimiser_steps;
    message_set(&t->at.progress.note, "continuing after %u epoch%s and %.0f s",
                t->at.progress.epoch, t->at.progress.epoch == 1 ? "" : "s", t->at.seconds);
  }
  return status;
}

/// Set the constants of the loss; a target without sound can't be learned
static Status
init_loss(Trainer* const t, Message* const message)
{
  if (loss_init(&t->loss, t->config->loss, t->config->spectral, t->train,
                (double)t->scale.target)) {
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const double learned = dataset_target_power(t->train, 0.0);
  const double held_out = dataset_target_power(t->validation, 0.0);
  if (learned < SILENT || held_out < SILENT) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "the target is silent (%.0f dBFS) in the part that is %s; check the "
                       "recording's level and channel",
                       decibel_of_power(learned < SILENT ? learned : held_out),
                       learned < SILENT ? "learned" : "held out");
  }
  return STATUS_OK;
}

/// Do everything that comes before the first frame
static Status
prepare_run(Trainer* const t, const Params* const params, Message* const message)
{
  Status status = init_loss(t, message);
  if (!status && init_memory(t, params)) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  if (!status) {
    t->at.champion = HUGE_VAL;
    run_traits_collect(t->config, t->train, params, t->traits);
    status = resume_run(t, message);
  }
  return team_agree(status, message);
}

void
trainer_draw_weights(const TrainerConfig* const config, const Dataset* const train,
                     const Params* const params)
{
  first_weights_draw(params, config->seed);
  if (!config->scale) {
    scale_leave(params, scale_of(config, train, params->shape));
  }
}

Status
trainer_run(const TrainerRun* const run, Params* const params, TrainerProgress* const end,
            Message* const message)
{
  Trainer t;
  memset(&t, 0, sizeof(t)); // Padding, too: a checkpoint is a copy of memory
  t.run = run;
  t.config = run->config;
  t.train = run->train;
  t.validation = run->validation;
  t.scale = scale_of(t.config, t.train, params->shape);
  Status status = prepare_run(&t, params, message);
  if (!status) {
    t.kept = now_seconds();
    t.began = t.kept - t.at.seconds;
    if (run_plan(&t)) {
      status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
    } else {
      copy_values(params, &t.best);
      if (!t.config->scale) {
        scale_leave(params, t.scale);
      }
      *end = t.at.progress;
    }
  }
  trainer_clear(&t);
  return status;
}

Status
trainer_evaluate(const TrainerConfig* const config, const Params* const params,
                 const Dataset* const dataset, ScoreResult* const result)
{
  const LearnerSizes sizes = {.shape = params->shape,
                              .max_clips = EVALUATED_CLIPS,
                              .max_frames = EVALUATED_CLIPS * 32,
                              .n_threads = config->n_threads,
                              .scale = config->scale ? *config->scale : SCALE_NONE};
  Learner* learner = NULL;
  Status status = team_agree(learner_new(sizes, &learner), NULL);
  if (!status) {
    status = team_agree(learner_score(learner, params, dataset, result), NULL);
  }
  learner_free(learner);
  return status;
}

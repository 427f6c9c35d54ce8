// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Divides the groups of a batch among the processes of the team, and those of a process among its
// threads. A thread has one BpttGroup as scratch; what must outlive a chunk is kept per group.
// Every process receives the result of every group, and sums them up itself.

#include "train/learn/learner.h"

#include "core/dc_blocker.h"
#include "train/learn/bptt.h"
#include "train/learn/fir.h"
#include "train/learn/team.h"
#include "train/learn/thread_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP
#define MAX_EVALUATED_FRAMES 512U
#define SETTLING 2.0 ///< Played before a clip that is scored, if its recording has as much [s]

/// One group of this process's share of the batch
typedef struct {
  Clip clips[G];
  uint32_t n_clips;
  float mask[G]; ///< Root of the weight of a clip's take; 0 where there is none
  LossMemory memory;
  float* state; ///< (H, G)
  float* past;  ///< What the network played before, for the stage (n_taps - 1, G)
} ClipGroup;

/// The result of one chunk of a group, on any process
typedef struct {
  double loss;
  float gradient[]; ///< (params_count())
} ChunkResult;

/// Scratch memory of one thread
typedef struct {
  BpttGroup bptt;
  float* target; ///< (max_frames, G)
  float* state;  ///< Of a group outside the batch (H, G)
  float* past;   ///< And what its network played before (n_taps - 1, G)
  FirScratch stage;
} ThreadScratch;

struct LearnerImpl {
  LearnerSizes sizes;
  const BpttKernel* kernel;
  FirTaps stage; ///< If the shape has one
  Pool* pool;
  ThreadScratch* scratch; ///< (n_threads)
  ClipGroup* groups;      ///< (max_share)
  void* results;          ///< (max_groups) ChunkResult, result_size() apart
  uint32_t max_groups;
  uint32_t max_share;
  uint32_t n_groups; ///< Of all processes
  TeamShare share;   ///< Of this one
  uint32_t position; ///< Frames of the clips that are done
  uint32_t n_clips;

  // The current job
  const Params* params;
  uint32_t n_frames;
  uint32_t n_after;
  const Dataset* dataset;
  uint32_t settling; ///< Frames played before a clip of that
  Metrics* group_metrics;
  Score* group_scores;
};

static uint32_t
groups_for(const uint32_t n_clips)
{
  return (n_clips + G - 1) / G;
}

static size_t
state_size(const Learner* const l)
{
  return (size_t)l->sizes.shape.hidden_size * G * sizeof(float);
}

static size_t
past_size(const Learner* const l)
{
  const uint32_t n_taps = l->sizes.shape.n_taps;
  return n_taps ? (size_t)(n_taps - 1) * G * sizeof(float) : 0;
}

/// Return the distance from one result to the next [bytes]
static size_t
result_size(const Learner* const l)
{
  const size_t size = sizeof(ChunkResult) + params_count(l->sizes.shape) * sizeof(float);
  return (size + sizeof(double) - 1) / sizeof(double) * sizeof(double);
}

static ChunkResult*
result_of(const Learner* const l, const uint32_t group)
{
  return (ChunkResult*)(void*)((char*)l->results + group * result_size(l));
}

static Status
init_scratch(const Learner* const l, ThreadScratch* const scratch)
{
  scratch->target = (float*)calloc((size_t)l->sizes.max_frames * G, sizeof(float));
  scratch->state = (float*)calloc(1, state_size(l));
  scratch->past = (float*)calloc(1, past_size(l) + 1);
  if (!scratch->target || !scratch->state || !scratch->past ||
      bptt_group_init(&scratch->bptt, l->sizes.shape, l->sizes.max_frames)) {
    return STATUS_NO_MEMORY;
  }
  return l->stage.n_taps ? fir_scratch_init(&scratch->stage, &l->stage) : STATUS_OK;
}

static Status
init_group(const Learner* const l, ClipGroup* const group)
{
  group->state = (float*)calloc(1, state_size(l));
  group->past = (float*)calloc(1, past_size(l) + 1);
  if (!group->state || !group->past) {
    return STATUS_NO_MEMORY;
  }
  return l->sizes.loss ? loss_memory_init(&group->memory, l->sizes.loss, l->sizes.max_frames)
                       : STATUS_OK;
}

static Status
allocate_arrays(Learner* const l)
{
  l->scratch = (ThreadScratch*)calloc(l->sizes.n_threads, sizeof(ThreadScratch));
  l->groups = (ClipGroup*)calloc(l->max_share, sizeof(ClipGroup));
  l->results = calloc(l->max_groups, result_size(l));
  if (l->sizes.shape.n_taps &&
      fir_taps_init(&l->stage, l->sizes.shape.n_taps, l->sizes.max_frames)) {
    return STATUS_NO_MEMORY;
  }
  if (!l->scratch || !l->groups || !l->results || pool_new(l->sizes.n_threads, &l->pool)) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t i = 0; i < l->sizes.n_threads; ++i) {
    if (init_scratch(l, &l->scratch[i])) {
      return STATUS_NO_MEMORY;
    }
  }
  for (uint32_t i = 0; i < l->max_share; ++i) {
    if (init_group(l, &l->groups[i])) {
      return STATUS_NO_MEMORY;
    }
  }
  return STATUS_OK;
}

Status
learner_new(const LearnerSizes sizes, Learner** const learner)
{
  Learner* const l = (Learner*)calloc(1, sizeof(Learner));
  if (!l) {
    return STATUS_NO_MEMORY;
  }
  l->sizes = sizes;
  l->max_groups = groups_for(sizes.max_clips);
  l->max_share = (l->max_groups + team_size() - 1) / team_size();
  l->kernel = bptt_kernel(bptt_n_kernels() - 1);
  if (allocate_arrays(l)) {
    learner_free(l);
    return STATUS_NO_MEMORY;
  }
  *learner = l;
  return STATUS_OK;
}

void
learner_free(Learner* const learner)
{
  if (!learner) {
    return;
  }
  pool_free(learner->pool);
  for (uint32_t i = 0; learner->scratch && i < learner->sizes.n_threads; ++i) {
    bptt_group_clear(&learner->scratch[i].bptt);
    free(learner->scratch[i].target);
    free(learner->scratch[i].state);
    free(learner->scratch[i].past);
    fir_scratch_clear(&learner->scratch[i].stage);
  }
  for (uint32_t i = 0; learner->groups && i < learner->max_share; ++i) {
    free(learner->groups[i].state);
    free(learner->groups[i].past);
    loss_memory_clear(&learner->groups[i].memory);
  }
  fir_taps_clear(&learner->stage);
  free(learner->scratch);
  free(learner->groups);
  free(learner->results);
  free(learner);
}

/// Put the `index`th group of the clips into lanes, from zero state
static void
fill_group(const Learner* const l, ClipGroup* const group, const Clip* const clips,
           const uint32_t n_clips, const uint32_t index)
{
  const uint32_t left = n_clips - index * G;
  group->n_clips = left < G ? left : G;
  memset(group->state, 0, state_size(l));
  memset(group->past, 0, past_size(l));
  memcpy(group->clips, clips + (size_t)index * G, group->n_clips * sizeof(Clip));
  loss_memory_reset(&group->memory);
  for (uint32_t g = 0; g < G; ++g) {
    group->mask[g] = g < group->n_clips ? (float)sqrt(group->clips[g].take->weight) : 0.0F;
  }
}

/// Return how many of the frames from `start` on lie before the recording of a clip
static uint32_t
count_missing(const Clip* const clip, const int64_t start, const uint32_t n_frames)
{
  const int64_t n = -(int64_t)clip->lead - start;
  return n <= 0 ? 0 : n < (int64_t)n_frames ? (uint32_t)n : n_frames;
}

/// Gather `n_frames` of the lanes' sound, knobs and targets, from frame `start`; empty lanes stay
/// zero, and so does what comes before a recording
static void
gather_lanes(const Learner* const l, const ClipGroup* const group, ThreadScratch* const scratch,
             const int64_t start, const uint32_t n_frames)
{
  const uint32_t n_inputs = l->sizes.shape.n_inputs;
  memset(scratch->bptt.x, 0, (size_t)n_frames * n_inputs * G * sizeof(float));
  memset(scratch->target, 0, (size_t)n_frames * G * sizeof(float));
  for (uint32_t g = 0; g < group->n_clips; ++g) {
    const Clip clip = group->clips[g];
    const uint32_t n_missing = count_missing(&clip, start, n_frames);
    for (uint32_t t = 0; t < n_frames; ++t) {
      float* const x = scratch->bptt.x + (size_t)t * n_inputs * G + g;
      x[0] = t < n_missing ? 0.0F : l->sizes.scale.input * clip.input[start + t];
      for (uint32_t k = 1; k < n_inputs; ++k) {
        x[(size_t)k * G] = clip.take->knobs[k - 1];
      }
      scratch->target[(size_t)t * G + g] =
          t < n_missing ? 0.0F : l->sizes.scale.target * clip.target[start + t];
    }
  }
}

/// Run network and stage over a chunk of a group, starting from its state and updating it
static void
run_forward(const Learner* const l, ClipGroup* const group, ThreadScratch* const scratch,
            const int64_t start, const FirChunk chunk)
{
  gather_lanes(l, group, scratch, start, chunk.n_frames);
  memcpy(bptt_first_state(&scratch->bptt), group->state, state_size(l));
  l->kernel->forward(l->params, &scratch->bptt, chunk.n_frames);
  memcpy(group->state, bptt_state_after(&scratch->bptt, chunk.n_kept), state_size(l));
  if (l->stage.n_taps) {
    fir_play(&l->stage, &scratch->stage, group->past, scratch->bptt.y, chunk);
  }
}

/// Begin a job that runs `params` in chunks of up to `n_frames`
static void
use_params(Learner* const l, const Params* const params, const uint32_t n_frames)
{
  l->params = params;
  if (l->stage.n_taps) {
    fir_taps_set(&l->stage, &l->scratch[0].stage, params_values(params, PARAMS_TAPS), n_frames);
  }
}

/// Return what the loss needs to know about a chunk that was run
static LossChunk
loss_chunk(const Learner* const l, ClipGroup* const group, const ThreadScratch* const scratch,
           const FirChunk chunk)
{
  return (LossChunk){chunk.n_frames,  chunk.n_kept, l->n_clips,
                     scratch->target, group->mask,  &group->memory};
}

/// Pool work: the first `n_frames` of a group, which only set its state
static void
warm_up_group(void* const context, const uint32_t item, const uint32_t thread)
{
  Learner* const l = (Learner*)context;
  ThreadScratch* const scratch = &l->scratch[thread];
  for (uint32_t start = 0; start < l->n_frames;) {
    const uint32_t left = l->n_frames - start;
    const uint32_t n = left < l->sizes.max_frames ? left : l->sizes.max_frames;
    const FirChunk frames = {n, n};
    run_forward(l, &l->groups[item], scratch, start, frames);
    const LossChunk chunk = loss_chunk(l, &l->groups[item], scratch, frames);
    loss_remember(l->sizes.loss, &chunk, scratch->bptt.y, scratch->bptt.dy);
    start += n;
  }
}

void
learner_start(Learner* const learner, const Params* const params, const Clip* const clips,
              const uint32_t n_clips, const uint32_t warmup)
{
  learner->n_groups = groups_for(n_clips);
  learner->share = team_share(learner->n_groups);
  learner->n_clips = n_clips;
  learner->position = warmup;
  learner->n_frames = warmup;
  use_params(learner, params,
             warmup < learner->sizes.max_frames ? warmup : learner->sizes.max_frames);
  for (uint32_t i = 0; i < learner->share.n; ++i) {
    fill_group(learner, &learner->groups[i], clips, n_clips, learner->share.first + i);
  }
  pool_run(learner->pool, warm_up_group, learner, learner->share.n);
}

/// Pool work: both passes over one chunk of a group
static void
learn_group(void* const context, const uint32_t item, const uint32_t thread)
{
  Learner* const l = (Learner*)context;
  ThreadScratch* const scratch = &l->scratch[thread];
  ClipGroup* const group = &l->groups[item];
  ChunkResult* const result = result_of(l, l->share.first + item);
  memset(result->gradient, 0, params_count(l->sizes.shape) * sizeof(float));
  const FirChunk frames = {l->n_frames + l->n_after, l->n_frames};
  run_forward(l, group, scratch, l->position, frames);
  const LossChunk chunk = loss_chunk(l, group, scratch, frames);
  result->loss = loss_gradient(l->sizes.loss, &chunk, scratch->bptt.y, scratch->bptt.dy);
  if (l->stage.n_taps) {
    fir_gradient(&l->stage, &scratch->stage, scratch->bptt.dy, frames.n_frames,
                 result->gradient + params_tensor(l->sizes.shape, PARAMS_TAPS).offset);
  }
  if (!l->sizes.only_taps) {
    l->kernel->backward(l->params, &scratch->bptt, l->n_frames, result->gradient);
  }
}

double
learner_gradient(Learner* const learner, const Params* const params, const LearnerChunk chunk,
                 float* const gradient)
{
  const size_t count = params_count(learner->sizes.shape);
  double value = 0.0;
  learner->n_frames = chunk.n_frames;
  learner->n_after = learner->stage.n_taps ? chunk.n_after : 0;
  use_params(learner, params, chunk.n_frames + learner->n_after);
  pool_run(learner->pool, learn_group, learner, learner->share.n);
  team_gather(learner->results, result_size(learner), learner->n_groups);
  memset(gradient, 0, count * sizeof(float));
  for (uint32_t i = 0; i < learner->n_groups; ++i) {
    const ChunkResult* const result = result_of(learner, i);
    value += result->loss;
    for (size_t k = 0; k < count; ++k) {
      gradient[k] += result->gradient[k];
    }
  }
  learner->position += chunk.n_frames;
  return value;
}

/// What a lane of a set has played
typedef struct {
  uint32_t lane;
  bool is_scored; ///< False: it comes before the frames to score
  float* output;  ///< (n_frames)
  float* target;
  uint32_t n_frames;
} LaneSound;

/// Receives it, and may change it; `lanes` (G) are the receiver's
typedef void (*LaneSink)(void* lanes, const LaneSound* sound);

/// Pass `n_frames` of each lane to a sink
static void
pass_to_sink(const ClipGroup* const group, const ThreadScratch* const scratch, LaneSound sound,
             const LaneSink sink, void* const lanes)
{
  float output[MAX_EVALUATED_FRAMES];
  float target[MAX_EVALUATED_FRAMES];
  sound.output = output;
  sound.target = target;
  for (sound.lane = 0; sound.lane < group->n_clips; ++sound.lane) {
    for (uint32_t t = 0; t < sound.n_frames; ++t) {
      output[t] = scratch->bptt.y[(size_t)t * G + sound.lane];
      target[t] = scratch->target[(size_t)t * G + sound.lane];
    }
    sink(lanes, &sound);
  }
}

/// Return how much of what comes before the clips of a group is played, so that its state is the
/// one that playing the recordings brings
static uint32_t
settling_of(const Learner* const l, const ClipGroup* const group)
{
  uint64_t most = 0;
  for (uint32_t g = 0; g < group->n_clips; ++g) {
    most = group->clips[g].lead > most ? group->clips[g].lead : most;
  }
  return most < l->settling ? (uint32_t)most : l->settling;
}

/// Return the most frames that are evaluated at once
static uint32_t
evaluated_frames(const Learner* const l)
{
  return l->sizes.max_frames < MAX_EVALUATED_FRAMES ? l->sizes.max_frames : MAX_EVALUATED_FRAMES;
}

/// Run the `index`th group of a set to its end, and pass what it plays to a sink; return its number
/// of clips
static uint32_t
play_group(const Learner* const l, const uint32_t index, ThreadScratch* const scratch,
           const LaneSink sink, void* const lanes)
{
  const Dataset* const d = l->dataset;
  const int64_t warmup = d->warmup;
  const int64_t n_frames = warmup + d->length;
  const uint32_t max_chunk = evaluated_frames(l);
  ClipGroup group = {.state = scratch->state, .past = scratch->past};
  fill_group(l, &group, d->clips, d->n_clips, index);
  for (int64_t at = -(int64_t)settling_of(l, &group); at < n_frames;) {
    const int64_t left = (at < warmup ? warmup : n_frames) - at;
    const uint32_t n = left < max_chunk ? (uint32_t)left : max_chunk;
    run_forward(l, &group, scratch, at, (FirChunk){n, n});
    pass_to_sink(&group, scratch, (LaneSound){.is_scored = at >= warmup, .n_frames = n}, sink,
                 lanes);
    at += n;
  }
  return group.n_clips;
}

/// Return the weight of a lane in a set's `index`th group
static double
weight_of(const Dataset* const dataset, const uint32_t index, const uint32_t lane)
{
  return dataset->clips[(size_t)index * G + lane].take->weight;
}

static void
add_to_metrics(void* const lanes, const LaneSound* const sound)
{
  if (sound->is_scored) {
    metrics_add((Metrics*)lanes + sound->lane, sound->output, sound->target, sound->n_frames);
  }
}

/// Pool work: sum up the errors of one group of a set
static void
evaluate_group(void* const context, const uint32_t item, const uint32_t thread)
{
  Learner* const l = (Learner*)context;
  Metrics lanes[G] = {{0}};
  const uint32_t index = l->share.first + item;
  const uint32_t n_clips = play_group(l, index, &l->scratch[thread], add_to_metrics, lanes);
  for (uint32_t g = 0; g < n_clips; ++g) {
    metrics_merge(&l->group_metrics[index], &lanes[g], weight_of(l->dataset, index, g));
  }
}

Status
learner_evaluate(Learner* const learner, const Params* const params, const Dataset* const dataset,
                 Metrics* const metrics)
{
  const uint32_t n_groups = groups_for(dataset->n_clips);
  learner->group_metrics = (Metrics*)calloc(n_groups, sizeof(Metrics));
  if (team_agree(learner->group_metrics ? STATUS_OK : STATUS_NO_MEMORY, NULL)) {
    free(learner->group_metrics);
    return STATUS_NO_MEMORY;
  }
  use_params(learner, params, evaluated_frames(learner));
  learner->dataset = dataset;
  learner->settling = 0;
  learner->n_groups = 0;
  learner->share = team_share(n_groups);
  pool_run(learner->pool, evaluate_group, learner, learner->share.n);
  team_gather(learner->group_metrics, sizeof(Metrics), n_groups);
  *metrics = (Metrics){0};
  for (uint32_t i = 0; i < n_groups; ++i) {
    metrics_merge(metrics, &learner->group_metrics[i], 1.0);
  }
  free(learner->group_metrics);
  learner->group_metrics = NULL;
  return STATUS_OK;
}

/// A lane that is scored, with the DC blocker's running means
typedef struct {
  Score score;
  double coefficient; ///< 0: no DC blocker
  double output_mean;
  double target_mean;
  bool has_begun; ///< The means are set
} ScoredLane;

/// Block DC as the engine does; the means begin with the first frame
static void
block_dc(ScoredLane* const lane, const LaneSound* const sound)
{
  if (!lane->has_begun) {
    lane->output_mean = (double)sound->output[0];
    lane->target_mean = (double)sound->target[0];
    lane->has_begun = true;
  }
  dc_blocker_run(&lane->output_mean, lane->coefficient, sound->output, sound->n_frames);
  dc_blocker_run(&lane->target_mean, lane->coefficient, sound->target, sound->n_frames);
}

static void
add_to_score(void* const lanes, const LaneSound* const sound)
{
  ScoredLane* const lane = (ScoredLane*)lanes + sound->lane;
  if (lane->coefficient > 0.0) {
    block_dc(lane, sound);
  }
  if (sound->is_scored) {
    score_add(&lane->score, sound->output, sound->target, sound->n_frames);
  }
}

/// Return a lane for a clip of a set; an independent clip is too short for a DC blocker
static ScoredLane
scored_lane(const Dataset* const dataset, const Clip* const clip)
{
  ScoredLane lane = {.coefficient =
                         clip->lead ? dc_blocker_coefficient(dataset->sample_rate) : 0.0};
  score_init(&lane.score, dataset->sample_rate);
  return lane;
}

/// Pool work: score one group of a set
static void
score_group(void* const context, const uint32_t item, const uint32_t thread)
{
  Learner* const l = (Learner*)context;
  ScoredLane lanes[G];
  for (uint32_t g = 0; g < G && item * G + g < l->dataset->n_clips; ++g) {
    lanes[g] = scored_lane(l->dataset, &l->dataset->clips[(size_t)item * G + g]);
  }
  score_init(&l->group_scores[item], l->dataset->sample_rate);
  const uint32_t n_clips = play_group(l, item, &l->scratch[thread], add_to_score, lanes);
  for (uint32_t g = 0; g < n_clips; ++g) {
    score_cut(&lanes[g].score);
    score_merge(&l->group_scores[item], &lanes[g].score, weight_of(l->dataset, item, g));
    score_clear(&lanes[g].score);
  }
}

Status
learner_score(Learner* const learner, const Params* const params, const Dataset* const dataset,
              ScoreResult* const result)
{
  const uint32_t n_groups = groups_for(dataset->n_clips);
  Score total;
  learner->group_scores = (Score*)calloc(n_groups, sizeof(Score));
  if (!learner->group_scores) {
    return STATUS_NO_MEMORY;
  }
  use_params(learner, params, evaluated_frames(learner));
  learner->dataset = dataset;
  learner->settling = (uint32_t)(SETTLING * dataset->sample_rate);
  learner->n_groups = 0;
  pool_run(learner->pool, score_group, learner, n_groups);
  score_init(&total, dataset->sample_rate);
  for (uint32_t i = 0; i < n_groups; ++i) {
    score_merge(&total, &learner->group_scores[i], 1.0);
    score_clear(&learner->group_scores[i]);
  }
  const Status status = score_result(&total, result);
  score_clear(&total);
  free(learner->group_scores);
  learner->group_scores = NULL;
  return status;
}

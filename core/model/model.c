// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Makes a model ready to play, at any rate:
//
//     in ─▶ resampler ─▶ half-band up ─▶ recurrence ─▶ half-band down ─▶ stage ─▶ resampler ─▶ out
//            if needed     if oversampled                 if oversampled   if any    if needed
//
// The stage runs at the host's rate or, between resamplers, at its own, where it is exact.
//
// A model is built on any thread but the audio thread, which runs the functions marked RT.

#include "core/model/model.h"

#include "core/decibel.h"
#include "core/memory.h"
#include "core/model/cells.h"
#include "core/model/halfband.h"
#include "core/model/recurrence.h"
#include "core/model/resampler.h"
#include "core/model/stability.h"
#include "core/model/stage.h"
#include "core/model/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/// Silence is played in stretches of this many frames until the state no longer changes
#define SETTLE_STRETCH 4096U
#define SETTLE_MAX_STRETCHES 128U
#define SETTLE_TOLERANCE 1e-6F

/// Rounding keeps some networks from coming to rest: small changes that haven't become smaller for
/// this many stretches are its noise
#define SETTLE_NOISE 1e-3F
#define SETTLE_NOISE_STRETCHES 12U

#define SLICE HALFBAND_MAX_FRAMES
#define MAX_OWN_FRAMES 1024U ///< Most frames that a slice of the host's can become

#define TRIAL_SECONDS 0.5   ///< Interpolation is compared with resampling for this long [s]
#define TRIAL_MAX_SHIFT 16U ///< [frames]

struct ModelImpl {
  RatePlan plan;
  uint32_t n_channels;
  CellKernel kernel;
  CellWeights weights;
  Recurrence* recurrence;
  float* rest_state; ///< State after endless silence (cells_state_count())
  float* earlier;    ///< The same one stretch earlier, while settling
  float rest_output;
  ModelLevels levels;
  Halfband halfbands[MODEL_MAX_CHANNELS];
  Resampler* to_own[MODEL_MAX_CHANNELS]; ///< NULL unless resampled
  Resampler* to_host[MODEL_MAX_CHANNELS];
  Stage* stage;  ///< NULL: none
  uint32_t held; ///< By half-bands, network and stage [frames at the rate between the resamplers]
  uint32_t latency; ///< [frames]
  bool is_watched;
  bool has_last_step; ///< The network has played while it was watched
  CellStep last_step;
  float own[MODEL_MAX_CHANNELS][MAX_OWN_FRAMES];
  float fast[MODEL_MAX_CHANNELS][HALFBAND_MAX_FACTOR * SLICE];
};

static double
level_of(const ModelFileLevel level)
{
  return level.is_given ? level.value : (double)NAN;
}

/// Make the resamplers; return STATUS_UNSUPPORTED if the rates are too far apart
static Status
allocate_resamplers(Model* const m)
{
  const RatePlan plan = m->plan;
  for (uint32_t c = 0; c < m->n_channels; ++c) {
    if (resampler_new(plan.host_rate, plan.own_rate, SLICE, &m->to_own[c])) {
      return STATUS_NO_MEMORY;
    }
    const uint32_t most = resampler_max_out(m->to_own[c]);
    if (most > MAX_OWN_FRAMES) {
      return STATUS_UNSUPPORTED;
    }
    if (resampler_new(plan.own_rate, plan.host_rate, most, &m->to_host[c])) {
      return STATUS_NO_MEMORY;
    }
  }
  return STATUS_OK;
}

static Status
allocate_parts(Model* const m)
{
  m->weights.values = memory_new_floats(cells_weights_count(&m->kernel));
  m->rest_state = memory_new_floats(cells_state_count(&m->kernel));
  m->earlier = memory_new_floats(cells_state_count(&m->kernel));
  const Status status = recurrence_new(&m->kernel, m->plan.delay, m->n_channels, &m->recurrence);
  if (status || !m->weights.values || !m->rest_state || !m->earlier) {
    return status ? status : STATUS_NO_MEMORY;
  }
  for (uint32_t c = 0; c < m->n_channels; ++c) {
    halfband_init(&m->halfbands[c], m->plan.oversampling);
  }
  return m->plan.method == RATE_RESAMPLED ? allocate_resamplers(m) : STATUS_OK;
}

/// Return how many frames half-bands and a network that lags hold back, at the rate between the
/// resamplers
static uint32_t
held_by(const RatePlan plan, const uint32_t lag)
{
  const double period = plan.method == RATE_RESAMPLED ? 1.0 : plan.host_rate / plan.own_rate;
  return halfband_latency(plan.oversampling) + (uint32_t)lround(lag * period);
}

/// Return how long it takes until the resamplers can produce a whole block: half a filter there and
/// back, and the frames that are held between them
static uint32_t
latency_of(const Model* const m)
{
  if (m->plan.method != RATE_RESAMPLED) {
    return m->held;
  }
  const double ratio = m->plan.host_rate / m->plan.own_rate;
  const double back = ceil((resampler_lead(m->to_host[0]) + 1) * ratio);
  return resampler_lead(m->to_own[0]) + (uint32_t)back + (uint32_t)ceil(m->held * ratio);
}

static float
largest_difference(const float* const a, const float* const b, const size_t count)
{
  float largest = 0.0F;
  for (size_t i = 0; i < count; ++i) {
    largest = fmaxf(largest, fabsf(a[i] - b[i]));
  }
  return largest;
}

/// Return where stream `stream` of a kernel has h (part 0) or c (part 1) in a state
static size_t
place_in_state(const CellKernel* const kernel, const uint32_t stream, const uint32_t part)
{
  const size_t stride = cells_state_count(kernel) / kernel->choice.n_streams / 2;
  return (2 * (size_t)stream + part) * stride;
}

/// Come to rest where another model of the same network and knobs did
static void
copy_rest(const Model* const from, Model* const to)
{
  const size_t size = to->kernel.choice.hidden_size * sizeof(float);
  for (uint32_t stream = 0; stream < to->kernel.choice.n_streams; ++stream) {
    for (uint32_t part = 0; part < 2; ++part) {
      memcpy(to->rest_state + place_in_state(&to->kernel, stream, part),
             from->rest_state + place_in_state(&from->kernel, 0, part), size);
    }
  }
  to->rest_output = from->rest_output;
  model_reset(to);
}

/// Play a stretch of silence; return the largest change of the state
static float
play_stretch(Model* const m)
{
  static const float silence[64] = {0};
  const size_t count = cells_state_count(&m->kernel);
  float sound[MODEL_MAX_CHANNELS][64] = {{0}};
  const CellBuffers io = {{silence, silence}, {sound[0], sound[1]}};
  memcpy(m->earlier, m->rest_state, count * sizeof(float));
  for (uint32_t t = 0; t < SETTLE_STRETCH; t += 64) {
    m->kernel.run(&m->weights, m->rest_state, &io, 64);
  }
  m->rest_output = sound[0][63];
  return largest_difference(m->earlier, m->rest_state, count);
}

/// Play silence, at the model's own rate, until the state only changes by noise. It comes
/// to rest at the same place at any other rate.
static void
settle_state(Model* const m)
{
  float change = INFINITY;
  float least = INFINITY;
  uint32_t n_noisy = 0;
  for (uint32_t k = 0;
       k < SETTLE_MAX_STRETCHES && change >= SETTLE_TOLERANCE && n_noisy < SETTLE_NOISE_STRETCHES;
       ++k) {
    change = play_stretch(m);
    n_noisy = change < least || change > SETTLE_NOISE ? 0 : n_noisy + 1;
    least = fminf(least, change);
  }
  model_reset(m);
}

/// Build all parts, and settle, or copy the rest of `settled` if that is not NULL
static Status
build_parts(const ModelFile* const file, const RatePlan plan, const uint32_t n_channels,
            const Model* const settled, Model* const m)
{
  const ModelSet set = model_file_set_for(file, plan.own_rate);
  const ParamsShape shape = set.params.shape;
  const CellGains gains = {(float)decibel_to_gain_or_silence(file->input_gain_db),
                           (float)decibel_to_gain_or_silence(file->output_gain_db)};
  const uint32_t n_streams = recurrence_n_streams(plan.delay, n_channels);
  float knobs[PARAMS_MAX_KNOBS];
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    knobs[k] = MODEL_KNOB_DEFAULT;
  }
  m->plan = plan;
  m->n_channels = n_channels;
  m->held = held_by(plan, file->lag);
  m->kernel =
      cells_choose((CellChoice){shape.cell, shape.hidden_size, n_streams}, cells_n_isas() - 1);
  const Status status = allocate_parts(m);
  if (status) {
    return status;
  }
  m->latency = latency_of(m);
  m->levels = (ModelLevels){file->loudness, level_of(file->input_dbu), level_of(file->output_dbu)};
  cells_pack(&m->kernel, &set.params, knobs, gains, &m->weights);
  if (settled) {
    copy_rest(settled, m);
  } else {
    model_settle(m, knobs);
  }
  return STATUS_OK;
}

/// Return the rate at which half-bands end and a stage plays: the host's or, between resamplers,
/// the model's own
static double
stage_rate(const RatePlan plan)
{
  return plan.method == RATE_OWN || plan.method == RATE_RESAMPLED ? plan.own_rate : plan.host_rate;
}

/// Put the linear stage behind the network, if the file has one
static Status
add_stage(const ModelFile* const file, Model* const m)
{
  const ModelSet set = model_file_set_for(file, m->plan.own_rate);
  const Impulse taps = {.samples = {params_values(&set.params, PARAMS_TAPS)},
                        .n_channels = 1,
                        .n_frames = set.params.shape.n_taps,
                        .sample_rate = m->plan.own_rate};
  const StageUse use = {stage_rate(m->plan), m->n_channels, file->stage_is_cabinet};
  if (!taps.n_frames) {
    return STATUS_OK;
  }
  const Status status = stage_new(&taps, use, &m->stage);
  if (!status) {
    m->held += stage_lag(m->stage);
    m->latency = latency_of(m);
    model_reset(m);
  }
  return status;
}

/// Build a model without its linear stage; `settled`, if not NULL, is of the same network
static Status
build_network(const ModelFile* const file, const RatePlan plan, const uint32_t n_channels,
              const Model* const settled, Model** const model)
{
  Model* const m = (Model*)calloc(1, sizeof(Model));
  if (!m) {
    return STATUS_NO_MEMORY;
  }
  const Status status = build_parts(file, plan, n_channels, settled, m);
  if (status) {
    model_free(m);
    return status;
  }
  *model = m;
  return STATUS_OK;
}

/// Build a whole model; `settled` as above
static Status
build_model(const ModelFile* const file, const RatePlan plan, const uint32_t n_channels,
            const Model* const settled, Model** const model)
{
  Model* m = NULL;
  Status status = build_network(file, plan, n_channels, settled, &m);
  if (!status && (status = add_stage(file, m))) {
    model_free(m);
  }
  if (!status) {
    *model = m;
  }
  return status;
}

Status
model_new_by(const ModelFile* const file, const RatePlan plan, const uint32_t n_channels,
             Model** const model)
{
  return build_model(file, plan, n_channels, NULL, model);
}

/// Check stability at rest with the knobs at both ends and in the middle
static Status
check_stability(const Model* const m, const Params* const params, bool* const is_stable)
{
  const uint32_t hidden_size = params->shape.hidden_size;
  const size_t c = place_in_state(&m->kernel, 0, 1);
  double rest[PARAMS_MAX_STATE];
  Status status = STATUS_OK;
  *is_stable = true;
  for (uint32_t i = 0; i < hidden_size; ++i) {
    rest[i] = (double)m->rest_state[i];
    rest[hidden_size + i] = (double)m->rest_state[c + i]; // Only an LSTM uses it
  }
  for (int turn = 0; turn < (params->shape.n_inputs > 1 ? 3 : 1) && !status && *is_stable; ++turn) {
    const double at = turn == 0 ? 0.5 : turn - 1.0;
    const double knobs[PARAMS_MAX_KNOBS] = {at, at, at, at};
    status = stability_check(params, knobs, rest, m->plan.delay, is_stable);
  }
  return status;
}

/// Return how many frames later a sound meets the network's frames at other moments, as nearly half
/// a frame away as possible
static uint32_t
choose_shift(const RatePlan plan)
{
  const double step = plan.own_rate * plan.oversampling / plan.host_rate;
  uint32_t best = 1;
  for (uint32_t k = 2; k <= TRIAL_MAX_SHIFT; ++k) {
    const double here = fabs(remainder(k * step - 0.5, 1.0));
    best = here < fabs(remainder(best * step - 0.5, 1.0)) - 1e-3 ? k : best;
  }
  return best;
}

/// Compare interpolation with resampling on bright playing. Write its error, and what changes if
/// resampling gets the same sound a little later, which moves the model's aliases [dB].
static Status
compare_ways(Model* const interpolated, Model* const resampled, double* const error_db,
             double* const aliasing_db)
{
  const double rate = interpolated->plan.host_rate;
  const uint32_t shift = choose_shift(interpolated->plan);
  const uint32_t ahead = resampled->latency - interpolated->latency;
  const uint32_t n = (uint32_t)(TRIAL_SECONDS * rate);
  const uint32_t n_all = n + ahead + shift;
  float* const late = (float*)calloc(shift + 4 * (size_t)n_all, sizeof(float));
  if (!late) {
    return STATUS_NO_MEMORY;
  }
  float* const x = late + shift;
  float* const y = x + n_all;
  float* const right = y + n_all;
  float* const right_late = right + n_all;
  trial_phrase(rate, x, n_all);
  model_run(interpolated, (const float* const[]){x}, (float* const[]){y}, n_all);
  model_run(resampled, (const float* const[]){x, late}, (float* const[]){right, right_late}, n_all);
  Status status = trial_compare(rate, right + ahead, y, n, error_db);
  status = status ? status
                  : trial_compare(rate, right + ahead, right_late + ahead + shift, n, aliasing_db);
  free(late);
  return status;
}

/// Find out whether interpolation works, for a model that has it: it must be stable and close to
/// resampling, or as close as the model's aliasing allows
static Status
try_interpolation(const ModelFile* const file, Model* const interpolated, bool* const is_right)
{
  const RatePlan plan = interpolated->plan;
  const RatePlan other = rate_plan_resampled(plan.own_rate, plan.host_rate, plan.oversampling);
  const ModelSet set = model_file_set_for(file, plan.own_rate);
  Model* resampled = NULL;
  double error_db = 0.0;
  double aliasing_db = 0.0;
  Status status = check_stability(interpolated, &set.params, is_right);
  if (status || !*is_right) {
    return status;
  }
  status = build_network(file, other, 2, interpolated, &resampled);
  status = status ? status : compare_ways(interpolated, resampled, &error_db, &aliasing_db);
  const double most = fmax(MODEL_INTERPOLATION_DB, aliasing_db + MODEL_ALIASING_MARGIN_DB);
  *is_right = !status && error_db <= most; // False for NaN
  model_free(resampled);
  return status;
}

/// Build a model whose plan is interpolation, or resampling if that is better
static Status
build_better(const ModelFile* const file, const RatePlan plan, const uint32_t n_channels,
             Model** const model)
{
  const RatePlan other = rate_plan_resampled(plan.own_rate, plan.host_rate, plan.oversampling);
  const RealtimeMode mode = realtime_enter();
  Model* trial = NULL;
  bool is_right = false;
  Status status = build_network(file, plan, 1, NULL, &trial);
  status = status ? status : try_interpolation(file, trial, &is_right);
  status = status ? status : build_model(file, is_right ? plan : other, n_channels, trial, model);
  realtime_leave(mode);
  model_free(trial);
  return status;
}

static bool
use_is_valid(const ModelUse use)
{
  return use.n_channels >= 1 && use.n_channels <= MODEL_MAX_CHANNELS && use.sample_rate >= 1000.0 &&
         (use.oversampling == 1 || use.oversampling == 2 || use.oversampling == 4);
}

Status
model_new(const ModelFile* const file, const ModelUse use, Model** const model)
{
  if (!use_is_valid(use)) {
    return STATUS_BAD_ARGUMENT;
  }
  const double own_rate = model_file_set_for(file, use.sample_rate).sample_rate;
  const RatePlan plan = rate_plan(own_rate, use.sample_rate, use.oversampling);
  return plan.method == RATE_INTERPOLATED ? build_better(file, plan, use.n_channels, model)
                                          : model_new_by(file, plan, use.n_channels, model);
}

void
model_settle(Model* const model, const float* const knobs)
{
  const RealtimeMode mode = realtime_enter();
  model_set_knobs(model, knobs);
  settle_state(model);
  realtime_leave(mode);
}

void
model_free(Model* const model)
{
  if (model) {
    for (uint32_t c = 0; c < MODEL_MAX_CHANNELS; ++c) {
      resampler_free(model->to_own[c]);
      resampler_free(model->to_host[c]);
    }
    recurrence_free(model->recurrence);
    stage_free(model->stage);
    free(model->rest_state);
    free(model->earlier);
    free(model->weights.values);
    free(model);
  }
}

// Audio thread from here

ModelLevels
model_levels(const Model* const model) RT
{
  return model->levels;
}

RatePlan
model_rate_plan(const Model* const model) RT
{
  return model->plan;
}

uint32_t
model_latency(const Model* const model) RT
{
  return model->latency;
}

uint32_t
model_n_knobs(const Model* const model) RT
{
  return model->weights.n_knobs;
}

void
model_set_knobs(Model* const model, const float* const knobs) RT
{
  if (model->weights.n_knobs) {
    cells_set_knobs(&model->kernel, knobs, &model->weights);
  }
}

bool
model_has_cabinet(const Model* const model) RT
{
  return model->stage && stage_is_cabinet(model->stage);
}

void
model_aim_cabinet(Model* const model, const bool is_on, const float gain,
                  const uint32_t n_frames) RT
{
  const bool is_resampled = model->plan.method == RATE_RESAMPLED;
  const double ratio = is_resampled ? model->plan.own_rate / model->plan.host_rate : 1.0;
  if (model->stage) {
    stage_aim(model->stage, is_on, gain, (uint32_t)ceil(n_frames * ratio));
  }
}

float
model_rest_output(const Model* const model) RT
{
  return model->stage ? stage_rest_output(model->stage) : model->rest_output;
}

void
model_reset(Model* const model) RT
{
  recurrence_reset(model->recurrence, model->rest_state);
  if (model->stage) {
    stage_reset(model->stage, model->rest_output);
  }
  for (uint32_t c = 0; c < model->n_channels; ++c) {
    halfband_reset(&model->halfbands[c], model->rest_output);
    if (model->to_own[c]) {
      resampler_reset(model->to_own[c], 0.0F, 0, 0);
      resampler_reset(model->to_host[c], model_rest_output(model), model->latency, model->held);
    }
  }
}

void
model_watch(Model* const model, const bool is_watched) RT
{
  model->is_watched = is_watched;
  model->has_last_step = false;
}

uint32_t
model_gates(const Model* const model, float* const gates) RT
{
  return model->has_last_step
             ? cells_gates(&model->kernel, &model->weights, &model->last_step, gates)
             : 0;
}

/// Run the network; when it is watched, keep what its last frame steps from
static void
run_network(Model* const m, const float* const* const in, float* const* const out,
            const uint32_t n) RT
{
  const uint32_t n_before = m->is_watched && n ? n - 1 : n;
  recurrence_run(m->recurrence, &m->weights, in, out, n_before);
  if (n_before == n) {
    return;
  }
  m->last_step.x = in[0][n_before];
  recurrence_next_state(m->recurrence, m->last_step.h);
  m->has_last_step = true;
  const float* from[MODEL_MAX_CHANNELS] = {NULL};
  float* to[MODEL_MAX_CHANNELS] = {NULL};
  for (uint32_t c = 0; c < m->n_channels; ++c) {
    from[c] = in[c] + n_before;
    to[c] = out[c] + n_before;
  }
  recurrence_run(m->recurrence, &m->weights, from, to, 1);
}

/// Run at the model's own rate or a multiple that the host has; at most SLICE frames
static void
run_oversampled(Model* const m, const float* const* const in, float* const* const out,
                const uint32_t n) RT
{
  float* const fast[MODEL_MAX_CHANNELS] = {m->fast[0], m->fast[1]};
  for (uint32_t c = 0; c < m->n_channels; ++c) {
    halfband_up(&m->halfbands[c], in[c], fast[c], n);
  }
  run_network(m, (const float* const*)fast, fast, m->plan.oversampling * n);
  for (uint32_t c = 0; c < m->n_channels; ++c) {
    halfband_down(&m->halfbands[c], fast[c], out[c], n);
  }
}

/// Run any number of frames without resampling
static void
run_directly(Model* const m, const float* const* const in, float* const* const out,
             const uint32_t n_frames) RT
{
  for (uint32_t start = 0; start < n_frames; start += SLICE) {
    const uint32_t n = n_frames - start < SLICE ? n_frames - start : SLICE;
    const float* from[MODEL_MAX_CHANNELS] = {NULL};
    float* to[MODEL_MAX_CHANNELS] = {NULL};
    for (uint32_t c = 0; c < m->n_channels; ++c) {
      from[c] = in[c] + start;
      to[c] = out[c] + start;
    }
    if (m->plan.oversampling > 1) {
      run_oversampled(m, from, to, n);
    } else {
      run_network(m, from, to, n);
    }
    if (m->stage) {
      stage_run(m->stage, to, n);
    }
  }
}

static void
run_resampled(Model* const m, const float* const* const in, float* const* const out,
              const uint32_t n_frames) RT
{
  float* const own[MODEL_MAX_CHANNELS] = {m->own[0], m->own[1]};
  for (uint32_t start = 0; start < n_frames; start += SLICE) {
    const uint32_t n = n_frames - start < SLICE ? n_frames - start : SLICE;
    uint32_t n_own = 0;
    for (uint32_t c = 0; c < m->n_channels; ++c) {
      n_own = resampler_run(m->to_own[c], in[c] + start, n, own[c], MAX_OWN_FRAMES);
    }
    run_directly(m, (const float* const*)own, own, n_own);
    for (uint32_t c = 0; c < m->n_channels; ++c) {
      (void)resampler_run(m->to_host[c], own[c], n_own, out[c] + start, n);
    }
  }
}

void
model_run(Model* const model, const float* const* const in, float* const* const out,
          const uint32_t n_frames) RT
{
  if (model->plan.method == RATE_RESAMPLED) {
    run_resampled(model, in, out, n_frames);
  } else {
    run_directly(model, in, out, n_frames);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What happens to a block of sound. Work is cut into slices of 64 frames; everything that moves
// (gains, fades) moves per sample, so that no split of a buffer changes a bit. Knobs that move do so
// every KNOB_STEP frames, counted from where they began to, and slices end there. Set-up first,
// then what runs on the audio thread.
//
// The DC blocker subtracts a running mean (first-order high-pass at 1 Hz) that starts at the
// model's own offset: no thump at the start or at a change, and no audible phase shift on bass.

#include "core/engine.h"

#include "core/ramp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 64U
#define KNOB_STEP 4U ///< [frames]
#define DC_BLOCKER_HZ 1.0
#define CONTROL_FADE_SECONDS 0.02 ///< Gains, knobs, enabled, and the way back after a guard trip
#define CHANGE_FADE_SECONDS 0.03  ///< From one model to the next

/// Samples beyond these are a fault, not sound (+40 dBFS in, +60 dBFS out of a model)
#define INPUT_FAULT_LEVEL 100.0F
#define MODEL_FAULT_LEVEL 1000.0F

/// A model and its DC blocker
typedef struct {
  Model* model; ///< NULL passes sound through
  double mean;  ///< What the DC blocker subtracts
} Voice;

struct EngineImpl {
  Voice voice;    ///< What is heard
  Voice next;     ///< What is being faded in; no model outside a change
  Model* waiting; ///< To be faded in after that
  Model* retired; ///< Faded out, not yet taken by the caller
  Ramp change;    ///< 0: voice, 1: next
  Ramp input_gain;
  Ramp output_gain;
  Ramp enabled;                 ///< 0: dry, 1: wet
  Ramp recovery;                ///< 0 after a guard trip, 1 in health
  Ramp knobs[PARAMS_MAX_KNOBS]; ///< In steps, not frames
  uint32_t knob_frames;         ///< Until the next step; 0 while no knob moves
  double dc_coefficient;
  uint32_t control_fade; ///< [frames]
  uint32_t knob_fade;    ///< [KNOB_STEP frames]
  uint32_t change_fade;  ///< [frames]
  uint32_t guard_trips;
  bool is_fresh; ///< The next run takes its controls over at once
  float dry[SLICE];
  float driven[SLICE];
  float wet[SLICE];
  float wet_next[SLICE];
};

static uint32_t
frames_of(const double seconds, const double sample_rate)
{
  const double n = round(seconds * sample_rate);
  return n < 1.0 ? 1U : (uint32_t)n;
}

Status
engine_new(const double sample_rate, Engine** const engine)
{
  if (!(sample_rate >= 1000.0 && sample_rate <= 1e6)) {
    return STATUS_BAD_ARGUMENT;
  }
  Engine* const e = (Engine*)calloc(1, sizeof(Engine));
  if (!e) {
    return STATUS_NO_MEMORY;
  }
  e->dc_coefficient = 1.0 - exp(-2.0 * 3.141592653589793 * DC_BLOCKER_HZ / sample_rate);
  e->control_fade = frames_of(CONTROL_FADE_SECONDS, sample_rate);
  e->knob_fade = frames_of(CONTROL_FADE_SECONDS / KNOB_STEP, sample_rate);
  e->change_fade = frames_of(CHANGE_FADE_SECONDS, sample_rate);
  engine_reset(e);
  *engine = e;
  return STATUS_OK;
}

void
engine_free(Engine* const engine)
{
  if (engine) {
    model_free(engine->voice.model);
    model_free(engine->next.model);
    model_free(engine->waiting);
    model_free(engine->retired);
    free(engine);
  }
}

static Voice
voice_at_rest(Model* const model) RT
{
  if (model) {
    model_reset(model);
  }
  return (Voice){model, model ? (double)model_rest_output(model) : 0.0};
}

/// Let `model`, if any, take the place of what is heard, without a fade
static void
replace_voice(Engine* const e, Model* const model)
{
  if (model) {
    model_free(e->voice.model);
    e->voice.model = model;
  }
}

void
engine_reset(Engine* const engine)
{
  replace_voice(engine, engine->next.model);
  replace_voice(engine, engine->waiting);
  engine->voice = voice_at_rest(engine->voice.model);
  engine->next = (Voice){NULL, 0.0};
  engine->waiting = NULL;
  engine->change = (Ramp){0};
  engine->recovery = ramp_at(1.0F);
  engine->knob_frames = 0;
  engine->is_fresh = true;
}

// Audio thread from here

/// Aim at `target`; take it at once if the engine is fresh
static void
ramp_aim(Ramp* const ramp, const float target, const uint32_t n_frames, const Engine* const e) RT
{
  if (e->is_fresh) {
    *ramp = ramp_at(target);
  } else if (target != ramp->target) {
    ramp_start(ramp, target, n_frames);
  }
}

/// Aim at a level; one that is not a number leaves the ramp alone, or at 0 dB in a fresh engine
static void
ramp_aim_db(Ramp* const ramp, float gain_db, const Engine* const e) RT
{
  if (!isfinite(gain_db)) {
    if (!e->is_fresh) {
      return;
    }
    gain_db = 0.0F;
  }
  const float limited = fminf(gain_db, ENGINE_MAX_GAIN_DB);
  const float gain = limited <= ENGINE_MIN_GAIN_DB ? 0.0F : powf(10.0F, limited / 20.0F);
  ramp_aim(ramp, gain, e->control_fade, e);
}

/// Aim at where a knob is to stand; what is not a number leaves it where it is, or in the middle in
/// a fresh engine
static void
ramp_aim_knob(Ramp* const ramp, const float knob, const Engine* const e) RT
{
  if (isfinite(knob)) {
    ramp_aim(ramp, fmaxf(fminf(knob, 1.0F), 0.0F), e->knob_fade, e);
  } else if (e->is_fresh) {
    ramp_aim(ramp, MODEL_KNOB_DEFAULT, e->knob_fade, e);
  }
}

/// Turn a model's knobs to where they are now; NULL is legal
static void
turn_knobs(const Engine* const e, Model* const model) RT
{
  float knobs[PARAMS_MAX_KNOBS];
  if (model) {
    for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
      knobs[k] = e->knobs[k].value;
    }
    model_set_knobs(model, knobs);
  }
}

static void
take_controls(Engine* const e, const EngineControls* const controls) RT
{
  ramp_aim_db(&e->input_gain, controls->input_gain_db, e);
  ramp_aim_db(&e->output_gain, controls->output_gain_db, e);
  ramp_aim(&e->enabled, controls->enabled ? 1.0F : 0.0F, e->control_fade, e);
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    ramp_aim_knob(&e->knobs[k], controls->knobs[k], e);
  }
  if (e->is_fresh) {
    turn_knobs(e, e->voice.model);
    e->is_fresh = false;
  }
}

static void
begin_change(Engine* const e) RT
{
  if (e->waiting && !e->next.model && !e->retired) {
    e->next = voice_at_rest(e->waiting);
    e->waiting = NULL;
    turn_knobs(e, e->next.model);
    e->change = (Ramp){0};
    ramp_start(&e->change, 1.0F, e->change_fade);
  }
}

static void
end_change(Engine* const e) RT
{
  if (e->next.model && !e->change.n_left) {
    e->retired = e->voice.model;
    e->voice = e->next;
    e->next = (Voice){NULL, 0.0};
  }
}

/// Silence what comes, forget what may be spoilt, and fade back in
static void
guard_trip(Engine* const e) RT
{
  if (!e->recovery.n_left) {
    ++e->guard_trips;
  }
  e->voice = voice_at_rest(e->voice.model);
  e->next = voice_at_rest(e->next.model);
  e->recovery = (Ramp){0};
  ramp_start(&e->recovery, 1.0F, e->control_fade);
}

/// Copy the input; return false, with zeros in place of faults, if it is not sound
static bool
read_input(float* const dry, const float* const in, const uint32_t n) RT
{
  bool is_sound = true;
  for (uint32_t i = 0; i < n; ++i) {
    const bool is_good = fabsf(in[i]) <= INPUT_FAULT_LEVEL; // False for NaN
    dry[i] = is_good ? in[i] : 0.0F;
    is_sound = is_sound && is_good;
  }
  return is_sound;
}

static bool
is_sane(const float* const y, const uint32_t n) RT
{
  bool sane = true;
  for (uint32_t i = 0; i < n; ++i) {
    sane = sane && fabsf(y[i]) <= MODEL_FAULT_LEVEL; // False for NaN
  }
  return sane;
}

/// Model and DC blocker; return false, with silence in `out`, if the model ran away
static bool
voice_run(Voice* const voice, const Engine* const e, float* const out, const uint32_t n) RT
{
  if (!voice->model) {
    memcpy(out, e->driven, n * sizeof(float));
    return true;
  }
  model_run(voice->model, (const float*[]){e->driven}, (float*[]){out}, n);
  if (!is_sane(out, n)) {
    memset(out, 0, n * sizeof(float));
    return false;
  }
  for (uint32_t i = 0; i < n; ++i) {
    const double y = (double)out[i] - voice->mean;
    voice->mean += e->dc_coefficient * y;
    out[i] = (float)y;
  }
  return true;
}

/// Weight of the new model on the way: a straight line bent so that it has no corners
static inline float
change_weight(Ramp* const change) RT
{
  const float f = ramp_next(change);
  return f * f * (3.0F - 2.0F * f);
}

/// Fill `wet` from the driven input; return false after a fault
static bool
run_voices(Engine* const e, const uint32_t n) RT
{
  bool is_sound = voice_run(&e->voice, e, e->wet, n);
  if (e->next.model) {
    is_sound = voice_run(&e->next, e, e->wet_next, n) && is_sound;
    for (uint32_t i = 0; i < n; ++i) {
      const float w = change_weight(&e->change);
      e->wet[i] = e->wet[i] * (1.0F - w) + e->wet_next[i] * w;
    }
  }
  return is_sound;
}

/// Output gain, bypass and the last limit
static void
write_output(Engine* const e, float* const out, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    const float gain = ramp_next(&e->output_gain) * ramp_next(&e->recovery);
    const float w = ramp_next(&e->enabled);
    const float y = e->dry[i] * (1.0F - w) + gain * e->wet[i] * w;
    out[i] = fmaxf(fminf(y, ENGINE_OUTPUT_LIMIT), -ENGINE_OUTPUT_LIMIT);
  }
}

static void
run_slice(Engine* const e, const float* const in, float* const out, const uint32_t n) RT
{
  if (!read_input(e->dry, in, n)) {
    guard_trip(e);
  }
  for (uint32_t i = 0; i < n; ++i) {
    e->driven[i] = e->dry[i] * ramp_next(&e->input_gain);
  }
  if (!run_voices(e, n)) {
    memset(e->wet, 0, n * sizeof(float));
    guard_trip(e);
  }
  write_output(e, out, n);
  end_change(e);
}

/// Move the knobs one step on their way; return false if all are there
static bool
step_knobs(Engine* const e) RT
{
  bool is_moving = false;
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    is_moving = is_moving || e->knobs[k].n_left;
    (void)ramp_next(&e->knobs[k]);
  }
  return is_moving;
}

/// Let the knobs take the step that is due, if any; return for how many frames, at most `n`, they
/// stand still then
static uint32_t
move_knobs(Engine* const e, const uint32_t n) RT
{
  if (!e->knob_frames && step_knobs(e)) {
    turn_knobs(e, e->voice.model);
    turn_knobs(e, e->next.model);
    e->knob_frames = KNOB_STEP;
  }
  if (!e->knob_frames) {
    return n;
  }
  const uint32_t n_still = n < e->knob_frames ? n : e->knob_frames;
  e->knob_frames -= n_still;
  return n_still;
}

void
engine_run(Engine* const engine, const EngineControls* const controls, const float* const in,
           float* const out, const uint32_t n_frames) RT
{
  const RealtimeMode mode = realtime_enter();
  take_controls(engine, controls);
  begin_change(engine);
  for (uint32_t start = 0, n = 0; start < n_frames; start += n) {
    n = move_knobs(engine, n_frames - start < SLICE ? n_frames - start : SLICE);
    run_slice(engine, in + start, out + start, n);
  }
  realtime_leave(mode);
}

Model*
engine_change_model(Engine* const engine, Model* const next) RT
{
  Model* const unheard = engine->waiting;
  engine->waiting = next;
  return unheard;
}

Model*
engine_take_retired(Engine* const engine) RT
{
  Model* const retired = engine->retired;
  engine->retired = NULL;
  return retired;
}

const Model*
engine_model(const Engine* const engine) RT
{
  return engine->next.model ? engine->next.model : engine->voice.model;
}

uint32_t
engine_guard_trips(const Engine* const engine) RT
{
  return engine->guard_trips;
}

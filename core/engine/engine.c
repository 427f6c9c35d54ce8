// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What happens to a block of sound. Work is cut into slices of 64 frames; everything that moves
// (gains, fades) moves per sample, so that no split of a buffer changes a bit. Knobs that move do so
// every KNOB_STEP frames, counted from where they began to, and slices end there. Set-up first,
// then what runs on the audio thread.

#include "core/engine/engine.h"

#include "core/decibel.h"
#include "core/engine/cabinet.h"
#include "core/engine/change.h"
#include "core/engine/delay_line.h"
#include "core/engine/gate.h"
#include "core/engine/ramp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 64U
#define KNOB_STEP 4U              ///< [frames]
#define CONTROL_FADE_SECONDS 0.02 ///< Gains, knobs, enabled, and the way back after a guard trip
#define CHANGE_FADE_SECONDS 0.03  ///< From one model or cabinet to the next
#define PEAK_FALL_DB 20.0         ///< Of the meters in a second

/// Input samples beyond this are a fault, not sound (+40 dBFS)
#define INPUT_FAULT_LEVEL 100.0F

/// Sound of all channels
typedef struct {
  float samples[ENGINE_MAX_CHANNELS][SLICE];
} Slice;

struct EngineImpl {
  Change models;
  Voice voice; ///< What is heard
  Voice next;  ///< What is being faded in
  Cabinet cabinet;
  Gate gate;
  Tone tone;
  Ramp input_gain;
  Ramp output_gain;
  Ramp enabled;                 ///< 0: dry, 1: wet
  Ramp recovery;                ///< 0 after a guard trip, 1 in health
  Ramp knobs[PARAMS_MAX_KNOBS]; ///< In steps, not frames
  uint32_t knob_frames;         ///< Until the next step; 0 while no knob moves
  VoiceLevels levels;
  double dc_coefficient;
  double sample_rate;
  uint32_t n_channels;
  uint32_t control_fade; ///< [frames]
  uint32_t knob_fade;    ///< [KNOB_STEP frames]
  uint32_t change_fade;  ///< [frames]
  uint32_t guard_trips;
  float input_peak;
  float output_peak;
  bool is_fresh; ///< The next run takes its controls over at once
  DelayLine past[ENGINE_MAX_CHANNELS];
  Slice dry;
  Slice driven;
  Slice wet;
  Slice wet_next;
  float gate_gain[SLICE];
};

/// The channels of a slice as most functions want them
typedef struct {
  float* of[ENGINE_MAX_CHANNELS];
} Channels;

static uint32_t
frames_of(const double seconds, const double sample_rate)
{
  const double n = round(seconds * sample_rate);
  return n < 1.0 ? 1U : (uint32_t)n;
}

Status
engine_new(const double sample_rate, const uint32_t n_channels, Engine** const engine)
{
  if (!(sample_rate >= 1000.0 && sample_rate <= 1e6) || n_channels < 1 ||
      n_channels > ENGINE_MAX_CHANNELS) {
    return STATUS_BAD_ARGUMENT;
  }
  Engine* const e = (Engine*)calloc(1, sizeof(Engine));
  if (!e) {
    return STATUS_NO_MEMORY;
  }
  e->sample_rate = sample_rate;
  e->n_channels = n_channels;
  e->dc_coefficient = voice_dc_coefficient(sample_rate);
  e->control_fade = frames_of(CONTROL_FADE_SECONDS, sample_rate);
  e->knob_fade = frames_of(CONTROL_FADE_SECONDS / KNOB_STEP, sample_rate);
  e->change_fade = frames_of(CHANGE_FADE_SECONDS, sample_rate);
  e->cabinet.n_channels = n_channels;
  e->cabinet.change_fade = e->change_fade;
  gate_init(&e->gate, sample_rate);
  tone_init(&e->tone, sample_rate);
  engine_reset(e);
  *engine = e;
  return STATUS_OK;
}

void
engine_free(Engine* const engine)
{
  if (engine) {
    model_free(engine->models.current);
    model_free(engine->models.next);
    model_free(engine->models.waiting);
    model_free(engine->models.retired);
    cabinet_clear(&engine->cabinet);
    free(engine);
  }
}

void
engine_release(Engine* const engine)
{
  engine->models = (Change){0};
  engine->cabinet.convolvers = (Change){0};
  engine->voice.model = NULL;
  engine->next.model = NULL;
}

/// Let the newest model take the place of what is heard, without a fade
static void
settle_models(Engine* const e)
{
  Change* const models = &e->models;
  if (models->is_fading) {
    model_free(models->current);
    models->current = models->next;
  }
  if (models->is_waiting) {
    model_free(models->current);
    models->current = models->waiting;
  }
  model_free(models->retired);
  *models = (Change){.current = models->current};
  e->voice = voice_at_rest(models->current, e->n_channels);
}

void
engine_reset(Engine* const engine)
{
  settle_models(engine);
  cabinet_settle(&engine->cabinet);
  gate_reset(&engine->gate);
  tone_reset(&engine->tone);
  memset(engine->past, 0, sizeof(engine->past));
  engine->recovery = ramp_at(1.0F);
  engine->knob_frames = 0;
  engine->input_peak = 0.0F;
  engine->output_peak = 0.0F;
  engine->is_fresh = true;
}

// Audio thread from here

/// Aim at `target`; take it at once if the engine is fresh
static void
aim(Ramp* const ramp, const float target, const uint32_t n_frames, const Engine* const e) RT
{
  if (e->is_fresh) {
    *ramp = ramp_at(target);
  } else if (target != ramp->target) {
    ramp_start(ramp, target, n_frames);
  }
}

/// Aim at a level; one that is not a number leaves the ramp alone, or at 0 dB in a fresh engine
static void
aim_db(Ramp* const ramp, float gain_db, const Engine* const e) RT
{
  if (!isfinite(gain_db)) {
    if (!e->is_fresh) {
      return;
    }
    gain_db = 0.0F;
  }
  const float limited = fminf(gain_db, ENGINE_MAX_GAIN_DB);
  const float gain = limited <= ENGINE_MIN_GAIN_DB ? 0.0F : decibel_to_gainf(limited);
  aim(ramp, gain, e->control_fade, e);
}

/// Aim at where a knob is to stand; what is not a number leaves it where it is, or in the middle in
/// a fresh engine
static void
aim_knob(Ramp* const ramp, const float knob, const Engine* const e) RT
{
  if (isfinite(knob)) {
    aim(ramp, fmaxf(fminf(knob, 1.0F), 0.0F), e->knob_fade, e);
  } else if (e->is_fresh) {
    aim(ramp, MODEL_KNOB_DEFAULT, e->knob_fade, e);
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

/// Make models equally loud, as is wished for now
static void
match_levels(Engine* const e, const VoiceLevels levels) RT
{
  const bool is_changed =
      levels.match != e->levels.match ||
      (isfinite(levels.interface_dbu) && levels.interface_dbu != e->levels.interface_dbu);
  if (!is_changed && !e->is_fresh) {
    return;
  }
  e->levels.match = levels.match;
  if (isfinite(levels.interface_dbu)) {
    e->levels.interface_dbu = levels.interface_dbu;
  } else if (e->is_fresh) {
    e->levels.interface_dbu = ENGINE_DEFAULT_INTERFACE_DBU;
  }
  voice_match(&e->voice, e->levels, e->is_fresh ? 0 : e->control_fade);
  voice_match(&e->next, e->levels, e->is_fresh ? 0 : e->control_fade);
}

static void
take_controls(Engine* const e, const EngineControls* const controls) RT
{
  aim_db(&e->input_gain, controls->input_gain_db, e);
  aim_db(&e->output_gain, controls->output_gain_db, e);
  aim_db(&e->cabinet.gain, controls->cabinet_gain_db, e);
  aim(&e->cabinet.is_on, controls->cabinet_enabled ? 1.0F : 0.0F, e->control_fade, e);
  aim(&e->enabled, controls->enabled ? 1.0F : 0.0F, e->control_fade, e);
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    aim_knob(&e->knobs[k], controls->knobs[k], e);
  }
  match_levels(e, controls->levels);
  gate_aim(&e->gate, controls->gate_db);
  tone_aim(&e->tone, &controls->tone, e->is_fresh);
  if (e->is_fresh) {
    turn_knobs(e, e->voice.model);
    e->is_fresh = false;
  }
}

static void
begin_change(Engine* const e) RT
{
  if (change_begin(&e->models, e->change_fade)) {
    e->next = voice_at_rest(e->models.next, e->n_channels);
    voice_match(&e->next, e->levels, 0);
    turn_knobs(e, e->next.model);
  }
}

static void
end_change(Engine* const e) RT
{
  if (change_end(&e->models)) {
    e->voice = e->next;
    e->next.model = NULL;
  }
}

/// Silence what comes, forget what may be spoilt, and fade back in
static void
guard_trip(Engine* const e) RT
{
  if (!e->recovery.n_left) {
    ++e->guard_trips;
  }
  voice_reset(&e->voice);
  voice_reset(&e->next);
  e->recovery = ramp_at(0.0F);
  ramp_start(&e->recovery, 1.0F, e->control_fade);
}

static Channels
channels_of(Slice* const slice) RT
{
  return (Channels){{slice->samples[0], slice->samples[1]}};
}

static float
peak_of(const float* const x, const uint32_t n) RT
{
  float peak = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    peak = fmaxf(peak, fabsf(x[i]));
  }
  return peak;
}

/// Copy a channel; return false, with zeros in place of faults, if it is not sound
static bool
read_channel(float* const dry, const float* const in, const uint32_t n) RT
{
  bool is_sound = true;
  for (uint32_t i = 0; i < n; ++i) {
    const bool is_good = fabsf(in[i]) <= INPUT_FAULT_LEVEL; // False for NaN
    dry[i] = is_good ? in[i] : 0.0F;
    is_sound = is_sound && is_good;
  }
  return is_sound;
}

/// Fill `dry`, and `driven` from it
static void
read_input(Engine* const e, const float* const* const in, const uint32_t start, const uint32_t n) RT
{
  bool is_sound = true;
  for (uint32_t c = 0; c < e->n_channels; ++c) {
    float* const dry = e->dry.samples[c];
    is_sound = read_channel(dry, in[c] + start, n) && is_sound;
    e->input_peak = fmaxf(e->input_peak, peak_of(dry, n));
    delay_line_write(&e->past[c], dry, n);
  }
  if (!is_sound) {
    guard_trip(e);
  }
  for (uint32_t i = 0; i < n; ++i) {
    const float gain = ramp_next(&e->input_gain);
    for (uint32_t c = 0; c < e->n_channels; ++c) {
      e->driven.samples[c][i] = e->dry.samples[c][i] * gain;
    }
  }
}

static uint32_t
latency_of(const Model* const model) RT
{
  return model ? model_latency(model) : 0;
}

/// Let `dry` be as late as the models are; between two that differ, fade with them
static void
delay_dry(Engine* const e, const uint32_t n) RT
{
  const uint32_t old = latency_of(e->voice.model);
  const uint32_t new = e->models.is_fading ? latency_of(e->next.model) : old;
  Slice late;
  if (!old && !new) {
    return;
  }
  for (uint32_t c = 0; c < e->n_channels; ++c) {
    delay_line_read(&e->past[c], old, e->dry.samples[c], n);
    delay_line_read(&e->past[c], new, late.samples[c], n);
  }
  if (old != new) {
    Change fade = e->models; // They are mixed with the same weights later
    change_mix(&fade, channels_of(&e->dry).of, (const float* const*)channels_of(&late).of,
               e->n_channels, n);
  }
}

/// Fill `wet` from the driven input; return false after a fault
static bool
run_voices(Engine* const e, const uint32_t n) RT
{
  const Channels driven = channels_of(&e->driven);
  const Channels wet = channels_of(&e->wet);
  const Channels wet_next = channels_of(&e->wet_next);
  const float* const* const in = (const float* const*)driven.of;
  bool is_sound = voice_run(&e->voice, e->dc_coefficient, in, wet.of, n);
  if (e->models.is_fading) {
    is_sound = voice_run(&e->next, e->dc_coefficient, in, wet_next.of, n) && is_sound;
    change_mix(&e->models, wet.of, (const float* const*)wet_next.of, e->n_channels, n);
  }
  return is_sound;
}

/// Gate, tone and cabinet
static void
shape(Engine* const e, const bool is_open, const uint32_t n) RT
{
  const Channels wet = channels_of(&e->wet);
  for (uint32_t c = 0; c < e->n_channels && !is_open; ++c) {
    for (uint32_t i = 0; i < n; ++i) {
      wet.of[c][i] *= e->gate_gain[i];
    }
  }
  tone_run(&e->tone, wet.of, e->n_channels, n);
  cabinet_run(&e->cabinet, wet.of, n);
}

/// Output gain, bypass and the last limit
static void
write_output(Engine* const e, float* const* const out, const uint32_t start, const uint32_t n) RT
{
  for (uint32_t i = 0; i < n; ++i) {
    const float gain = ramp_next(&e->output_gain) * ramp_next(&e->recovery);
    const float w = ramp_next(&e->enabled);
    for (uint32_t c = 0; c < e->n_channels; ++c) {
      const float y = e->dry.samples[c][i] * (1.0F - w) + gain * e->wet.samples[c][i] * w;
      out[c][start + i] = fmaxf(fminf(y, ENGINE_OUTPUT_LIMIT), -ENGINE_OUTPUT_LIMIT);
    }
  }
  for (uint32_t c = 0; c < e->n_channels; ++c) {
    e->output_peak = fmaxf(e->output_peak, peak_of(out[c] + start, n));
  }
}

static void
run_slice(Engine* const e, const float* const* const in, float* const* const out,
          const uint32_t start, const uint32_t n) RT
{
  const Channels dry = channels_of(&e->dry);
  read_input(e, in, start, n);
  const bool is_open =
      gate_run(&e->gate, (const float* const*)dry.of, e->n_channels, e->gate_gain, n);
  delay_dry(e, n);
  if (!run_voices(e, n)) {
    for (uint32_t c = 0; c < e->n_channels; ++c) {
      memset(e->wet.samples[c], 0, n * sizeof(float));
    }
    guard_trip(e);
  }
  shape(e, is_open, n);
  write_output(e, out, start, n);
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

/// Let the meters fall as they do in `n_frames`
static void
fall(Engine* const e, const uint32_t n_frames) RT
{
  const double seconds = (double)n_frames / e->sample_rate;
  const float factor = powf(10.0F, (float)(-PEAK_FALL_DB / 20.0 * seconds));
  e->input_peak *= factor;
  e->output_peak *= factor;
}

void
engine_run(Engine* const engine, const EngineControls* const controls, const float* const* const in,
           float* const* const out, const uint32_t n_frames) RT
{
  const RealtimeMode mode = realtime_enter();
  take_controls(engine, controls);
  begin_change(engine);
  fall(engine, n_frames);
  for (uint32_t start = 0, n = 0; start < n_frames; start += n) {
    n = move_knobs(engine, n_frames - start < SLICE ? n_frames - start : SLICE);
    run_slice(engine, in, out, start, n);
  }
  realtime_leave(mode);
}

Model*
engine_change_model(Engine* const engine, Model* const next) RT
{
  return change_request(&engine->models, next);
}

Model*
engine_take_retired(Engine* const engine) RT
{
  return change_take_retired(&engine->models);
}

Convolver*
engine_change_cabinet(Engine* const engine, Convolver* const next) RT
{
  return change_request(&engine->cabinet.convolvers, next);
}

Convolver*
engine_take_retired_cabinet(Engine* const engine) RT
{
  return change_take_retired(&engine->cabinet.convolvers);
}

bool
engine_is_settled(const Engine* const engine) RT
{
  return change_is_settled(&engine->models) && change_is_settled(&engine->cabinet.convolvers);
}

const Model*
engine_model(const Engine* const engine) RT
{
  return change_newest(&engine->models);
}

const Convolver*
engine_cabinet(const Engine* const engine) RT
{
  return change_newest(&engine->cabinet.convolvers);
}

uint32_t
engine_latency(const Engine* const engine) RT
{
  return latency_of(engine_model(engine));
}

float
engine_input_peak(const Engine* const engine) RT
{
  return engine->input_peak;
}

float
engine_output_peak(const Engine* const engine) RT
{
  return engine->output_peak;
}

uint32_t
engine_guard_trips(const Engine* const engine) RT
{
  return engine->guard_trips;
}

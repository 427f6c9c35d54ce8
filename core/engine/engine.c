// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Processes a block of sound in slices of 64 frames. Gains and fades move per sample, so splitting
// a buffer changes no bit. Knobs move every KNOB_STEP frames, counted from the start of their
// movement, and slices end there. Set-up first, then the audio thread.

#include "core/engine/engine.h"

#include "core/engine/cabinet.h"
#include "core/engine/delay_line.h"
#include "core/engine/gate.h"
#include "core/engine/level.h"
#include "core/engine/voices.h"
#include "core/format/model_file.h"
#include "core/ramp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLICE 64U
#define KNOB_STEP 4U              ///< [frames]
#define CONTROL_FADE_SECONDS 0.02 ///< Of all controls, and of the return after a guard trip
#define CHANGE_FADE_SECONDS 0.03  ///< From one model or cabinet to the next
#define PEAK_FALL_DB 20.0         ///< How fast the meters fall [dB/s]

/// Input samples beyond this are faults, not sound (+40 dBFS)
#define INPUT_FAULT_LEVEL 100.0F

/// Resamplers, half-bands and networks of several layers delay by at most so many frames of the
/// slower rate, which is the model's, of at least 8 kHz, or the host's
#define LATENCY_FRAMES (128.0 + MODEL_FILE_MAX_LAG)
#define LEAST_MODEL_RATE 8000.0

/// The sound of all channels
typedef struct {
  float samples[ENGINE_MAX_CHANNELS][SLICE];
} Slice;

struct EngineImpl {
  Voices voices;
  Cabinet cabinet;
  Gate gate;
  Tone tone;
  Ramp input_gain;
  Ramp output_gain;
  Ramp enabled;                 ///< 0: dry, 1: wet
  Ramp recovery;                ///< 0 just after a guard trip, 1 long after it
  Ramp knobs[PARAMS_MAX_KNOBS]; ///< In steps, not frames
  uint32_t knob_frames;         ///< Until the next step; 0 while no knob moves
  double sample_rate;
  uint32_t n_channels;
  uint32_t control_fade; ///< [frames]
  uint32_t knob_fade;    ///< [KNOB_STEP frames]
  uint32_t guard_trips;
  EngineCabinet heard;
  float input_peak;
  float output_peak;
  bool is_watched;
  bool is_fresh; ///< The next run applies its controls without a fade
  DelayLine past[ENGINE_MAX_CHANNELS];
  Slice dry;
  Slice driven;
  Slice wet;
  float gate_gain[SLICE];
};

/// The channels of a slice
typedef struct {
  float* of[ENGINE_MAX_CHANNELS];
} Channels;

static uint32_t
frames_of(const double seconds, const double sample_rate)
{
  const double n = round(seconds * sample_rate);
  return n < 1.0 ? 1U : (uint32_t)n;
}

/// Allocate room for the largest latency of any model and quality
static Status
allocate_past(Engine* const e)
{
  const double periods = fmax(1.0, e->sample_rate / LEAST_MODEL_RATE);
  const uint32_t n_frames = (uint32_t)ceil(LATENCY_FRAMES * periods) + SLICE;
  Status status = STATUS_OK;
  for (uint32_t c = 0; c < e->n_channels && !status; ++c) {
    status = delay_line_init(&e->past[c], n_frames);
  }
  return status;
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
  e->control_fade = frames_of(CONTROL_FADE_SECONDS, sample_rate);
  e->knob_fade = frames_of(CONTROL_FADE_SECONDS / KNOB_STEP, sample_rate);
  voices_init(&e->voices, sample_rate, n_channels, frames_of(CHANGE_FADE_SECONDS, sample_rate));
  cabinet_init(&e->cabinet, n_channels, frames_of(CHANGE_FADE_SECONDS, sample_rate));
  gate_init(&e->gate, sample_rate);
  tone_init(&e->tone, sample_rate);
  if (allocate_past(e)) {
    engine_free(e);
    return STATUS_NO_MEMORY;
  }
  engine_reset(e);
  *engine = e;
  return STATUS_OK;
}

void
engine_free(Engine* const engine)
{
  if (engine) {
    voices_clear(&engine->voices);
    cabinet_clear(&engine->cabinet);
    for (uint32_t c = 0; c < engine->n_channels; ++c) {
      delay_line_clear(&engine->past[c]);
    }
    free(engine);
  }
}

void
engine_release(Engine* const engine)
{
  voices_release(&engine->voices);
  cabinet_release(&engine->cabinet);
}

void
engine_reset(Engine* const engine)
{
  voices_settle(&engine->voices);
  cabinet_settle(&engine->cabinet);
  gate_reset(&engine->gate);
  tone_reset(&engine->tone);
  for (uint32_t c = 0; c < engine->n_channels; ++c) {
    delay_line_reset(&engine->past[c]);
  }
  engine->recovery = ramp_at(1.0F);
  engine->knob_frames = 0;
  engine->input_peak = 0.0F;
  engine->output_peak = 0.0F;
  engine->is_fresh = true;
}

// Audio thread from here

/// Return how many frames controls fade for; 0: none
static uint32_t
fade_frames(const Engine* const e) RT
{
  return e->is_fresh ? 0 : e->control_fade;
}

/// Aim at a new position of a knob. If it is not finite, the knob stays, or goes to the middle in a
/// fresh engine.
static void
aim_knob(Ramp* const ramp, const float knob, const Engine* const e) RT
{
  const uint32_t n_steps = e->is_fresh ? 0 : e->knob_fade;
  if (isfinite(knob)) {
    ramp_aim(ramp, fmaxf(fminf(knob, 1.0F), 0.0F), n_steps);
  } else if (e->is_fresh) {
    ramp_aim(ramp, MODEL_KNOB_DEFAULT, 0);
  }
}

/// Turn the models' knobs to their current positions
static void
turn_knobs(Engine* const e) RT
{
  float knobs[PARAMS_MAX_KNOBS];
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    knobs[k] = e->knobs[k].value;
  }
  voices_set_knobs(&e->voices, knobs);
}

/// Apply the requested level match to the positions that the knobs move to
static void
match_levels(Engine* const e, const VoiceLevels levels) RT
{
  const VoiceMatch* const now = &e->voices.match;
  VoiceMatch next = {{levels.match, now->levels.interface_dbu}, {0.0F}};
  if (isfinite(levels.interface_dbu)) {
    next.levels.interface_dbu = levels.interface_dbu;
  } else if (e->is_fresh) {
    next.levels.interface_dbu = ENGINE_DEFAULT_INTERFACE_DBU;
  }
  bool is_new = e->is_fresh || next.levels.match != now->levels.match ||
                next.levels.interface_dbu != now->levels.interface_dbu;
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    next.knobs[k] = e->knobs[k].target;
    is_new = is_new || next.knobs[k] != now->knobs[k];
  }
  if (is_new) {
    voices_match(&e->voices, next, fade_frames(e));
  }
}

static void
take_controls(Engine* const e, const EngineControls* const controls) RT
{
  const uint32_t n_frames = fade_frames(e);
  level_aim(&e->input_gain, controls->input_gain_db, n_frames);
  level_aim(&e->output_gain, controls->output_gain_db, n_frames);
  ramp_aim(&e->enabled, controls->enabled ? 1.0F : 0.0F, n_frames);
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    aim_knob(&e->knobs[k], controls->knobs[k], e);
  }
  match_levels(e, controls->levels);
  gate_aim(&e->gate, controls->gate_db);
  tone_aim(&e->tone, &controls->tone, e->is_fresh);
  if (e->is_fresh) {
    turn_knobs(e);
  }
}

/// Return which cabinet the switch and the newest parts lead to
static EngineCabinet
choose_cabinet(const Engine* const e, const EngineControls* const controls) RT
{
  const Model* const model = engine_model(e);
  const bool is_rig = model && model_has_cabinet(model);
  if (!controls->cabinet_enabled) {
    return ENGINE_CABINET_WITHOUT;
  }
  if (engine_cabinet(e) && !(is_rig && controls->cabinet_yields)) {
    return ENGINE_CABINET_OWN;
  }
  return is_rig ? ENGINE_CABINET_CAPTURED : ENGINE_CABINET_WITHOUT;
}

/// Switch the models' own cabinets, and the player's, which takes their place
static void
aim_cabinets(Engine* const e, const EngineControls* const controls) RT
{
  const uint32_t n_frames = fade_frames(e);
  e->heard = choose_cabinet(e, controls);
  const bool has_yielded = engine_cabinet(e) && e->heard == ENGINE_CABINET_CAPTURED;
  cabinet_aim(&e->cabinet, controls->cabinet_enabled && !has_yielded, controls->cabinet_gain_db,
              n_frames);
  voices_aim_cabinets(&e->voices,
                      (VoiceCabinet){controls->cabinet_enabled && e->heard != ENGINE_CABINET_OWN,
                                     e->cabinet.gain.target},
                      n_frames);
}

/// Silence the output, reset every state that may be broken, and fade back in
static void
trip_guard(Engine* const e) RT
{
  if (!e->recovery.n_left) {
    ++e->guard_trips;
  }
  voices_reset(&e->voices);
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

/// Copy a channel, replacing faults by zeros; return false if there are any
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
    trip_guard(e);
  }
  for (uint32_t i = 0; i < n; ++i) {
    const float gain = ramp_next(&e->input_gain);
    for (uint32_t c = 0; c < e->n_channels; ++c) {
      e->driven.samples[c][i] = e->dry.samples[c][i] * gain;
    }
  }
}

/// Gate, tone and cabinet
static void
shape_tone(Engine* const e, const bool is_open, const uint32_t n) RT
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
  const Channels driven = channels_of(&e->driven);
  const Channels wet = channels_of(&e->wet);
  read_input(e, in, start, n);
  const bool is_open =
      gate_run(&e->gate, (const float* const*)dry.of, e->n_channels, e->gate_gain, n);
  voices_delay_dry(&e->voices, e->past, dry.of, n);
  if (!voices_run(&e->voices, (const float* const*)driven.of, wet.of, n)) {
    for (uint32_t c = 0; c < e->n_channels; ++c) {
      memset(e->wet.samples[c], 0, n * sizeof(float));
    }
    trip_guard(e);
  }
  shape_tone(e, is_open, n);
  write_output(e, out, start, n);
}

/// Move the knobs by one step; return false if none moves
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

/// Move the knobs if a step is due; return the frames to the next step, at most `n`
static uint32_t
move_knobs(Engine* const e, const uint32_t n) RT
{
  if (!e->knob_frames && step_knobs(e)) {
    turn_knobs(e);
    e->knob_frames = KNOB_STEP;
  }
  if (!e->knob_frames) {
    return n;
  }
  const uint32_t n_in_step = n < e->knob_frames ? n : e->knob_frames;
  e->knob_frames -= n_in_step;
  return n_in_step;
}

/// Lower the meters by their fall in `n_frames`
static void
lower_peaks(Engine* const e, const uint32_t n_frames) RT
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
  voices_begin_change(&engine->voices);
  cabinet_begin_change(&engine->cabinet);
  aim_cabinets(engine, controls);
  engine->is_fresh = false;
  lower_peaks(engine, n_frames);
  for (uint32_t start = 0, n = 0; start < n_frames; start += n) {
    n = move_knobs(engine, n_frames - start < SLICE ? n_frames - start : SLICE);
    voices_watch(&engine->voices, engine->is_watched && start + n == n_frames);
    run_slice(engine, in, out, start, n);
  }
  realtime_leave(mode);
}

Model*
engine_change_model(Engine* const engine, Model* const next) RT
{
  return crossfade_request(&engine->voices.models, next);
}

Model*
engine_take_retired(Engine* const engine) RT
{
  return crossfade_take_retired(&engine->voices.models);
}

Convolver*
engine_change_cabinet(Engine* const engine, Convolver* const next) RT
{
  return crossfade_request(&engine->cabinet.convolvers, next);
}

Convolver*
engine_take_retired_cabinet(Engine* const engine) RT
{
  return crossfade_take_retired(&engine->cabinet.convolvers);
}

bool
engine_is_settled(const Engine* const engine) RT
{
  return crossfade_is_settled(&engine->voices.models) &&
         crossfade_is_settled(&engine->cabinet.convolvers);
}

const Model*
engine_model(const Engine* const engine) RT
{
  return crossfade_newest(&engine->voices.models);
}

const Convolver*
engine_cabinet(const Engine* const engine) RT
{
  return crossfade_newest(&engine->cabinet.convolvers);
}

EngineCabinet
engine_heard_cabinet(const Engine* const engine) RT
{
  return engine->heard;
}

const char*
engine_cabinet_text(const EngineCabinet cabinet) RT
{
  static const char* const texts[] = {"without cabinet", "as captured", "own cabinet"};
  return texts[cabinet];
}

void
engine_watch(Engine* const engine, const bool is_watched) RT
{
  engine->is_watched = is_watched;
}

uint32_t
engine_gates(const Engine* const engine, float* const gates) RT
{
  const Model* const model = engine_model(engine);
  return model ? model_gates(model, gates) : 0;
}

uint32_t
engine_latency(const Engine* const engine) RT
{
  return voices_latency(&engine->voices);
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

float
engine_gate_gain(const Engine* const engine) RT
{
  return gate_gain(&engine->gate);
}

uint32_t
engine_guard_trips(const Engine* const engine) RT
{
  return engine->guard_trips;
}

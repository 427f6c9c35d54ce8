// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One block on the audio thread: messages in, sound, messages out.

#include "core/clock.h"
#include "core/decibel.h"
#include "plugin/plugin.h"

#include "core/engine/controls.h"

#include <math.h>
#include <stddef.h>

static void
show_value(const Plugin* const p, const Port port, const float value) RT
{
  if (p->ports[port]) {
    *(float*)p->ports[port] = value;
  }
}

/// Return true if the cabinet is there, but the player didn't choose it
static bool
is_cabinet_given(const Plugin* const p) RT
{
  const Loaded* const held = p->slots[SLOT_CABINET].held;
  return held && held->choice->is_given;
}

/// A control that the host doesn't connect keeps its default
static EngineControls
read_controls(Plugin* const p) RT
{
  static const Port port_of[N_CONTROLS] = {
#define CONTROL(id, ...) PORT_##id,
#include "core/engine/controls.def"
  };
  EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  for (int i = 0; i < N_CONTROLS; ++i) {
    const float* const value = (const float*)p->ports[port_of[i]];
    if (value) {
      controls_set_raw(&controls, (Control)i, *value);
    }
  }
  if (controls.gate_db >= controls_range(CONTROL_GATE).high && atomic_load(&p->has_old_gate)) {
    controls.gate_db = GATE_OFF_DB;
  }
  controls.cabinet_yields = is_cabinet_given(p);
  return controls;
}

/// Play some frames; an input that is not connected is silent
static void
play_slice(Plugin* const p, const uint32_t start, const uint32_t n_frames,
           const EngineControls* const controls) RT
{
  static const float silence[PLUGIN_SLICE] = {0};
  static const Port ins[] = {PORT_IN, PORT_IN_RIGHT};
  static const Port outs[] = {PORT_OUT, PORT_OUT_RIGHT};
  const float* in[ENGINE_MAX_CHANNELS] = {NULL};
  float* out[ENGINE_MAX_CHANNELS] = {NULL};
  for (uint32_t c = 0; c < p->n_channels; ++c) {
    const float* const from = (const float*)p->ports[ins[c]];
    float* const to = (float*)p->ports[outs[c]];
    in[c] = from ? from + start : silence;
    out[c] = to ? to + start : p->discarded[c];
  }
  engine_run(p->engine, controls, in, out, n_frames);
}

/// Return 0, 1 or 2
static uint32_t
read_quality(const Plugin* const p) RT
{
  const float* const value = (const float*)p->ports[PORT_QUALITY];
  return value && *value >= 0.5F ? (uint32_t)fminf(*value + 0.5F, 2.0F) : 0; // 0 for NaN
}

/// Return true if the model was built with other settings than these; for the rate of a model that
/// is about to be replaced, that doesn't matter
static bool
has_other_settings(const Plugin* const p, const uint32_t oversampling, const float rate) RT
{
  const Slot* const slot = &p->slots[SLOT_MODEL];
  return slot->held && (slot->held->oversampling != oversampling ||
                        (slot->held->rate != rate && !plugin_is_loading(p, SLOT_MODEL)));
}

/// Request a rebuild of the model if quality or rate ask for something else than what plays
static void
follow_settings(Plugin* const p) RT
{
  const uint32_t oversampling = 1U << read_quality(p);
  const float rate = atomic_load(&p->model_rate);
  Slot* const slot = &p->slots[SLOT_MODEL];
  atomic_store(&p->oversampling, oversampling);
  if (!has_other_settings(p, oversampling, rate)) {
    slot->rebuilt_oversampling = 0; // What was requested, if anything, is not wanted any more
    return;
  }
  if ((slot->rebuilt_request == slot->held->request && slot->rebuilt_oversampling == oversampling &&
       slot->rebuilt_rate == rate)) {
    return;
  }
  if (plugin_request_rebuild(p, SLOT_MODEL)) {
    slot->rebuilt_request = slot->held->request;
    slot->rebuilt_oversampling = oversampling;
    slot->rebuilt_rate = rate;
  }
}

static float
meter_db(const float peak) RT
{
  return fmaxf(decibel_of_gainf(fmaxf(peak, 1e-9F)), DECIBEL_SILENCE);
}

static void
show_status(const Plugin* const p, const Port port, const SlotId id) RT
{
  show_value(p, port,
             (float)(plugin_is_loading(p, id) ? SLOT_STATUS_LOADING : p->slots[id].status));
}

static void
show_meters(const Plugin* const p) RT
{
  show_status(p, PORT_MODEL_STATUS, SLOT_MODEL);
  show_status(p, PORT_CABINET_STATUS, SLOT_CABINET);
  show_value(p, PORT_CABINET_HEARD, (float)engine_heard_cabinet(p->engine));
  show_value(p, PORT_INPUT_PEAK, meter_db(engine_input_peak(p->engine)));
  show_value(p, PORT_OUTPUT_PEAK, meter_db(engine_output_peak(p->engine)));
  show_value(p, PORT_GUARD_TRIPS, (float)engine_guard_trips(p->engine));
  show_value(p, PORT_LATENCY, (float)engine_latency(p->engine));
  show_value(p, PORT_GATE_OPEN, engine_gate_gain(p->engine));
  show_value(p, PORT_LOAD, 100.0F * cpu_share_value(&p->cpu_share));
}

void
plugin_run(const LV2_Handle instance, const uint32_t n_frames) RT
{
  Plugin* const p = (Plugin*)instance;
  cpu_share_begin(&p->cpu_share, clock_ticks());
  plugin_take_messages(p);
  plugin_take_steps(p, n_frames);
  plugin_send_requests(p);
  plugin_take_answers(p);
  const EngineControls controls = read_controls(p);
  watch_block(&p->watch, n_frames);
  for (uint32_t start = 0; start < n_frames; start += PLUGIN_SLICE) {
    const uint32_t n = n_frames - start < PLUGIN_SLICE ? n_frames - start : PLUGIN_SLICE;
    engine_watch(p->engine, p->watch.is_due && start + n == n_frames);
    play_slice(p, start, n, &controls);
  }
  plugin_collect(p);
  follow_settings(p);
  plugin_empty_trash(p);
  plugin_send_messages(p);
  show_meters(p);
  cpu_share_end(&p->cpu_share, clock_ticks(), n_frames);
}

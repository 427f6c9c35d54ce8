// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/core/engine/engine_rig.h"

#include <stdlib.h>
#include <string.h>

const EngineControls rig_flat = ENGINE_DEFAULT_CONTROLS;

uint32_t
rig_n_frames(void)
{
  return fixture_is_slow() ? 12000 : 48000;
}

float*
rig_new_signal(void)
{
  float* const samples = (float*)calloc(rig_n_frames(), sizeof(float));
  assert_non_null(samples);
  return samples;
}

EngineControls
rig_levels(const float input_db, const float output_db, const bool enabled)
{
  EngineControls controls = rig_flat;
  controls.input_gain_db = input_db;
  controls.output_gain_db = output_db;
  controls.enabled = enabled;
  return controls;
}

EngineControls
rig_knobs(const float a, const float b, const float c, const float d)
{
  const float values[] = {a, b, c, d};
  EngineControls controls = rig_flat;
  memcpy(controls.knobs, values, sizeof(values));
  return controls;
}

Engine*
rig_new_engine(Model* const model)
{
  Engine* engine = NULL;
  assert_int_equal(engine_new(RATE, 1, &engine), STATUS_OK);
  if (model) {
    assert_null(engine_change_model(engine, model));
    engine_reset(engine);
  }
  return engine;
}

ModelFile
rig_knob_file(const CellType cell, const uint32_t n_knobs)
{
  ModelFile file = {.sample_rate = RATE};
  file.params =
      fixture_params((ParamsShape){cell, fixture_size(12), 1 + n_knobs, true, 0}, 5 + n_knobs);
  return file;
}

Model*
rig_new_knob_model(const CellType cell, const uint32_t n_knobs)
{
  ModelFile file = rig_knob_file(cell, n_knobs);
  Model* model = NULL;
  assert_int_equal(model_new(&file, (ModelUse){RATE, 1, 1}, &model), STATUS_OK);
  assert_int_equal(model_n_knobs(model), n_knobs);
  model_file_clear(&file);
  return model;
}

void
rig_run(Engine* const engine, const EngineControls* const controls, const float* const in,
        float* const out, const uint32_t n_frames)
{
  engine_run(engine, controls, (const float* const[]){in}, (float* const[]){out}, n_frames);
}

void
rig_run_in_blocks(Engine* const engine, const EngineControls* const controls, const float* const in,
                  float* const out, const uint32_t block)
{
  const uint32_t n_frames = rig_n_frames();
  for (uint32_t i = 0; i < n_frames; i += block) {
    rig_run(engine, controls, in + i, out + i, n_frames - i < block ? n_frames - i : block);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Engines of one channel at 48 kHz, what plays in them, and signals to play.

#ifndef GRUS_TESTS_CORE_ENGINE_ENGINE_RIG_H
#define GRUS_TESTS_CORE_ENGINE_ENGINE_RIG_H

#include "tests/fixtures.h"

/// Of every engine here [Hz]
#define RATE 48000.0

/// Default controls: levels of 0 dB, no gate, level tone
extern const EngineControls rig_flat;

/// Return how many frames a test plays: a second, or less under Valgrind
uint32_t rig_n_frames(void);

/// Return silence of rig_n_frames(); the caller frees
float* rig_new_signal(void);

/// Return default controls except for these
EngineControls rig_levels(float input_db, float output_db, bool enabled);
EngineControls rig_knobs(float a, float b, float c, float d);

/// Return an engine that plays `model`, which it owns from now on, or no model for NULL
Engine* rig_new_engine(Model* model);

/// Return the file of a model with knobs; the caller clears
ModelFile rig_knob_file(CellType cell, uint32_t n_knobs);
Model* rig_new_knob_model(CellType cell, uint32_t n_knobs);

void rig_run(Engine* engine, const EngineControls* controls, const float* in, float* out,
             uint32_t n_frames);

/// Play rig_n_frames() in blocks of this many frames
void rig_run_in_blocks(Engine* engine, const EngineControls* controls, const float* in, float* out,
                       uint32_t block);

#endif

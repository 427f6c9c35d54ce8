// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the tests of the plugin share: two models, a sound to play, and the engine alone to compare
/// with

#ifndef GRUS_TESTS_PLUGIN_HOST_RIG_H
#define GRUS_TESTS_PLUGIN_HOST_RIG_H

#include "tests/fixtures.h"
#include "tests/plugin/lv2_host.h"

#include <limits.h>

#define MAX_FRAMES 24000U
#define RATE 48000.0

static const HostOptions usual = {.sample_rate = RATE};
static const EngineControls flat = ENGINE_DEFAULT_CONTROLS;

extern uint32_t n_frames; ///< Length of what a test plays
extern float in[MAX_FRAMES];
extern float out[MAX_FRAMES];
extern float expected[MAX_FRAMES];

/// Paths of two different models, and of one that sounds like the second
extern char model_a[PATH_MAX];
extern char model_b[PATH_MAX];
extern char twin_of_b[PATH_MAX];

/// Write the models and fill `in` with a guitar: set-up of a test program
int host_rig_set_up(void** state);

/// Return controls that are flat except for the levels
EngineControls levels(float input_db, float output_db);

/// Write a model with random weights to a fresh file, and return its path
void write_model(const char* name, CellType cell, uint64_t seed, char* path);

/// Write a model that was captured with its cabinet
void write_rig(const char* name, uint64_t seed, char* path);

/// host_new(), which must succeed
Host* new_untouched_host(HostOptions options);

/// The same without the cabinet that is there at the start, if messages can take it away
Host* new_host(HostOptions options);

/// Choose a file for a parameter, "" for none, and restart the plugin
void choose_as(Host* host, const char* parameter, const char* path);

/// The same for the cabinet
void choose_cabinet(Host* host, const char* path);

/// Play `in` with the engine alone and a model at rest
void play_engine(const char* path, const EngineControls* controls, float* y);

/// Choose a model, let the change finish, and restart the plugin
void choose(Host* host, const char* path);

/// Play, with a worker that keeps up
void run_and_work(Host* host, uint32_t from, uint32_t n);

/// Return the mean square
double power_of(const float* samples, uint32_t n);

/// Restore a preset by its label
void restore_preset(Host* host, const char* label);

/// Write an impulse response of echoes for 0.2 s
void write_room(const char* name, char* path);

/// Check that a host plays a model from rest
void check_plays(Host* host, const char* path);

/// Write an impulse response of one tap
void write_cabinet(const char* name, float tap, char* path);

#endif

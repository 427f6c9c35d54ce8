// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Models and signals for tests, all from seeds.

#ifndef GRUS_TESTS_FIXTURES_H
#define GRUS_TESTS_FIXTURES_H

// cmocka needs these first
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/engine/engine.h"
#include "core/format/model_file.h"
#include "core/params.h"

/// Return true where a test should do less of the same, because Valgrind or an emulator runs it
bool fixture_is_slow(void);

/// Return a size for a model whose size doesn't matter: smaller where a test should do less
uint32_t fixture_size(uint32_t hidden_size);

/// Play `n` samples through a low-pass and a soft clipper
void fixture_soft_clipper(const float* in, float* out, uint32_t n);

/// Random weights that make a lively but stable model; the taps of a linear stage decay and have an
/// energy of 1. The caller clears.
Params fixture_params(ParamsShape shape, uint64_t seed);

/// The same as a model file at 48 kHz
ModelFile fixture_model_file(CellType cell, uint32_t hidden_size, uint64_t seed);

/// The same with a linear stage; of reset-after cells
ModelFile fixture_staged_file(uint32_t hidden_size, uint32_t n_taps, uint64_t seed);

/// Give the file a loudness where a test should do less: measuring it takes two seconds of sound
void fixture_skip_loudness(ModelFile* file);

/// The same, ready to play
Model* fixture_model(CellType cell, uint32_t hidden_size, uint64_t seed);

/// Decaying notes at a guitar's level with a little noise, peak about 0.7
void fixture_guitar(float* samples, uint32_t n_frames, uint64_t seed);

void fixture_sine(float* samples, uint32_t n_frames, double hz, double amplitude,
                  double sample_rate);

/// Return the largest |a - b|, or not-a-number if any sample is
double fixture_difference(const float* a, const float* b, uint32_t n_frames);

/// Return the largest step from one sample to the next
double fixture_largest_step(const float* samples, uint32_t n_frames);

/// Make a path in a new folder for files of this test program; `path` holds 4096 bytes
void fixture_path(const char* name, char* path);

/// Write a GuitarML model, always the same, that says its rate [Hz]; 0: it says none
void fixture_write_guitarml(const char* path, double sample_rate);

/// Write any text to a file
void fixture_write_text(const char* path, const char* text);

#endif

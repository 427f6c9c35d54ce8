// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A model's linear stage as an impulse response beside it, for players that know no stage: taken
/// out of the model and written, read and put back. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_STAGE_FILE_H
#define GRUS_TRAIN_PROGRAMS_MODEL_STAGE_FILE_H

#include "core/format/model_file.h"
#include "core/status.h"
#include "train/audio/wav_writer.h"

#include <stdbool.h>
#include <stdint.h>

/// A linear stage without its model
typedef struct {
  float taps[PARAMS_MAX_TAPS];
  uint32_t n_taps;    ///< 0: there is none
  double sample_rate; ///< [Hz]
  bool is_cabinet;
} LooseStage;

/// Take the stage of the main set out of a model, with which the weights for other rates go, and
/// what was measured of its sound. A model without one stays as it is.
void stage_file_take(ModelFile* file, LooseStage* stage);

/// Return the gain that brings a stage within full scale, a power of two, so that only exponents
/// change; 1 if it is there already
float stage_file_gain(const LooseStage* stage);

/// Multiply a stage by a gain, and divide the network in front of it, which has no skip connection
void stage_file_move_gain(ModelFile* file, LooseStage* stage, float gain);

/// Start the file of a stage, which the caller keeps or discards
NODISCARD Status stage_file_begin(const LooseStage* stage, const char* path, WavWriter* writer,
                                  Message* message);

/// Return true if a file holds this stage
bool stage_file_holds(const char* path, const LooseStage* stage);

/// Put an impulse response behind all sets of a model as their stage: samples as they are at a
/// set's own rate, otherwise resampled
NODISCARD Status stage_file_add(ModelFile* file, const char* path, bool is_cabinet,
                                Message* message);

#endif

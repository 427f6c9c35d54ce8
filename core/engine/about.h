// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a player reads about a model, in short texts. Any thread but the audio thread.

#ifndef GRUS_CORE_ENGINE_ABOUT_H
#define GRUS_CORE_ENGINE_ABOUT_H

#include "core/format/model_file.h"

#include <stdbool.h>

/// Zeroed, nothing is known. All texts are UTF-8 without control characters.
typedef struct {
  char name[MODEL_FILE_TEXT_SIZE];     ///< As the file calls the model, else the file's own name
  char maker[MODEL_FILE_TEXT_SIZE];    ///< Who made it, or ""
  char gear[MODEL_FILE_TEXT_SIZE];     ///< What it sounds like, or ""
  char accuracy[MODEL_FILE_TEXT_SIZE]; ///< Such as "ESR 0.0021", or ""
  char kind[MODEL_FILE_TEXT_SIZE];     ///< Such as "GRU 16, 48 kHz, 1024 taps"
  char knobs[PARAMS_MAX_KNOBS][MODEL_FILE_TEXT_SIZE]; ///< "" where it has none
  bool has_cabinet;                                   ///< It was captured with one
} ModelAbout;

/// Describe the weights of a model file that are for `own_rate` [Hz], as they play; `path` is where
/// the file is
void about_model(const ModelFile* file, const char* path, double own_rate, ModelAbout* about);

#endif

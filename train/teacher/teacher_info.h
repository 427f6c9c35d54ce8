// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is known of a capture without playing it. Offline.

#ifndef GRUS_TRAIN_TEACHER_TEACHER_INFO_H
#define GRUS_TRAIN_TEACHER_TEACHER_INFO_H

#include "core/content.h"
#include "core/format/model_file.h"

#include <stdbool.h>
#include <stdint.h>

/// What a capture says of itself
typedef struct {
  char kind[MODEL_FILE_KIND_SIZE]; ///< As players call it, such as "NAM capture (A2)"
  char name[MODEL_FILE_TEXT_SIZE];
  char author[MODEL_FILE_TEXT_SIZE];
  char gear[MODEL_FILE_TEXT_SIZE];
  char license[MODEL_FILE_TEXT_SIZE];
  char hash[CONTENT_HASH_SIZE]; ///< Of the file's bytes
  double sample_rate;           ///< [Hz]
  bool sample_rate_is_assumed;  ///< The file gives none; this is the usual one of its format
  bool sample_rate_is_given;    ///< The file gives none; this is the user's
  ModelFileLevel input_dbu;     ///< Level of 0 dBFS at the input of the gear [dBu]
  ModelFileLevel output_dbu;    ///< The same at its output
  ModelFileLevel loudness;      ///< As the file says, measured in another way than Grus does [dB]
  double gear_esr;              ///< Against its gear, as the file says; 0: unknown
  uint32_t n_weights;
  uint32_t multiply_adds;   ///< Of weights and signals, for each frame
  bool is_recurrent;        ///< It hears everything
  uint32_t receptive_field; ///< How much another hears [frames]
} TeacherInfo;

#endif

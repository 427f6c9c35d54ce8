// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The commands of grus-model, each with its operands, which end with NULL. Any one thread.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_COMMANDS_H
#define GRUS_TRAIN_PROGRAMS_MODEL_COMMANDS_H

#include "core/status.h"

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>

/// Formats to convert to
typedef enum {
  MODEL_TO_GRUS,
  MODEL_TO_AIDA_X,
  MODEL_TO_GUITARML,
} ModelTo;

typedef struct {
  const char* folder; ///< Of presets; "": ~/.lv2
  const char* on;     ///< Recording to compare on
  uint32_t channel;   ///< Of that recording, counted from 1; 0: the first
  const char* output; ///< Page to write; NULL: named after the model
  ModelTo to;
  bool overwrites;         ///< Replace the output whatever it is
  const char* ir;          ///< Impulse response to add; "": beside the model; NULL: none
  bool has_no_cabinet;     ///< It is no loudspeaker
  double rate;             ///< Sample rate to convert for, or to install for; 0: the file's [Hz]
  const char* install;     ///< Folder for presets of what is converted; NULL: none
  double seconds;          ///< To learn from each capture; 0: grus-train's default [s]
  const char* hidden_size; ///< Of what learns from a capture, as grus-train takes it; NULL: default
  const char* rates;       ///< To learn for, in the same way
  const char* linear;      ///< The linear stage to learn, in the same way
  bool has_no_report;
  bool is_json;  ///< Print JSON
  json_t* found; ///< Array that gets an object for each file or preset; NULL: text is printed
} ModelOptions;

/// Print what is in one file
NODISCARD Status model_command_info(char* const* arguments, const ModelOptions* options,
                                    Message* message);

/// Check one file, and print that it is good
NODISCARD Status model_command_check(char* const* arguments, const ModelOptions* options,
                                     Message* message);

/// Read one file and write the last operand, or read many and write into that folder; captures are
/// learned from
NODISCARD Status model_command_convert(char* const* arguments, const ModelOptions* options,
                                       Message* message);

/// Print how far the second model is from the first
NODISCARD Status model_command_compare(char* const* arguments, const ModelOptions* options,
                                       Message* message);

/// Write a page that shows the gates of the first file, a model, while the second, a recording,
/// plays
NODISCARD Status model_command_gates(char* const* arguments, const ModelOptions* options,
                                     Message* message);

/// Make one file a preset
NODISCARD Status model_command_install(char* const* arguments, const ModelOptions* options,
                                       Message* message);

/// Remove one preset
NODISCARD Status model_command_uninstall(char* const* arguments, const ModelOptions* options,
                                         Message* message);

/// Print the presets that are installed
NODISCARD Status model_command_list(char* const* arguments, const ModelOptions* options,
                                    Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The command line of grus-train. Main thread, once.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_OPTIONS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_OPTIONS_H

#include "cli/options.h"
#include "core/format/model_file.h"
#include "core/status.h"
#include "train/capture/examine.h"
#include "train/learn/dataset.h"
#include "train/learn/trainer.h"
#include "train/programs/train/rate_sets.h"
#include "train/programs/train/take_options.h"

#include <stdbool.h>
#include <stdint.h>

/// The input's name if a capture is played what grus-signal writes
#define TRAIN_ETUDE "a guitar made for it"

/// Whether a linear stage is a loudspeaker
typedef enum {
  TRAIN_CABINET_AUTO, ///< By what is heard
  TRAIN_CABINET_YES,
  TRAIN_CABINET_NO,
} TrainCabinet;

/// A loss that the recording is to choose
#define TRAIN_LOSS_AUTO (-1)

typedef struct {
  TakeList recording;  ///< To learn from
  TakeList validation; ///< To choose the best weights by; none: a part of the recording
  TakeList test;       ///< To report on at the end; none: no report
  TakeKnobs knobs;     ///< None unless takes have settings
  const char* output;  ///< NAME or NAME.json
  const char* teacher; ///< Capture whose answers are the target; NULL: recordings
  double teacher_rate; ///< Of a capture whose file gives none; 0: the usual one [Hz]
  const char* from;    ///< Model to start from, which decides the shape; NULL: none
  const char* install; ///< Folder for a preset bundle; NULL: none
  const char* name;
  const char* author;
  const char* gear;
  const char* license;
  ModelFileLevel input_dbu;  ///< At 0 dBFS
  ModelFileLevel output_dbu; ///< At 0 dBFS
  uint32_t channel;          ///< Of all files, counted from 1; 0: the first
  uint32_t input_channel;    ///< 0: as `channel`, once all is filled in
  uint32_t target_channel;
  ExamineOptions examine;
  ClipLayout layout;
  RatesList rates;            ///< To have sets of weights for
  double warm_learning_rate;  ///< Of a set that starts from the weights of another
  double held_out;            ///< Share of the recording held out for validation
  double checkpoint_interval; ///< [s]
  int quality;                ///< 0 draft, 1 good, 2 best: decides what else is not given
  uint32_t hidden_size;       ///< As given; 0: not given
  int cell;                   ///< As given; -1: not given
  int linear;                 ///< Taps of the linear stage as given; -1: chosen by trials
  int cabinet;                ///< A TrainCabinet
  int loss;                   ///< As given; TRAIN_LOSS_AUTO: by the recording
  bool auto_size;             ///< Choose the hidden size by trials
  bool overwrites;            ///< Replace files that are there, whatever they are
  bool resumes;               ///< Continue the run that left a checkpoint
  bool has_no_report;         ///< Don't write the page
  bool is_quiet;
  bool is_json;  ///< Report events in JSON
  uint64_t hash; ///< Of the command line
  TrainerConfig trainer;
} TrainOptions;

CliResult train_options_read(int argc, char** argv, TrainOptions* options);

#endif

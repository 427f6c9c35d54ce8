// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a model lies on disk: the field's RTNeural/AIDA-X JSON plus one `grus` object for what that
/// format can't say. Any thread but the audio thread.
///
/// Models of GuitarML and NAM (LSTM) are read, too.
///
/// A reset-after model opens unchanged in AIDA-X. A reset-before model is written as Keras does it,
/// with one bias row and `"reset_after": false`. Reading does not depend on the locale.
///
/// A recurrent network sounds as it should at one sample rate. A file may hold sets of weights for
/// further rates, under "grus", where other players overlook them:
///
///     "sets": [{"samplerate": 44100, "layers": […], "record": {…},
///               "input_batch": […], "output_batch": […]}, …]

#ifndef GRUS_CORE_FORMAT_MODEL_FILE_H
#define GRUS_CORE_FORMAT_MODEL_FILE_H

#include "core/params.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_FILE_TEXT_SIZE 128U

/// Most sets of weights in a file, each for another rate
#define MODEL_FILE_MAX_SETS 4U

/// Largest file that is read [bytes]; H = 256 takes about 4 MB
#define MODEL_FILE_MAX_SIZE ((size_t)32 << 20U)

/// How the weights came to be; all zero when unknown
typedef struct {
  double esr;              ///< Plain error-to-signal ratio on the held-out part
  double esr_pre_emphasis; ///< The same after the pre-emphasis filter
  double esr_a_weighted;   ///< After A-weighting
  double esr_worst;        ///< Mean over the worst 5 % of segments
  double seconds;          ///< Training time [s]
  double updates;          ///< Steps of the optimiser
  double seed;
} ModelRecord;

/// What a file was read from
typedef enum {
  MODEL_FORMAT_GRUS,     ///< AIDA-X JSON with a `grus` object
  MODEL_FORMAT_RTNEURAL, ///< Without one
  MODEL_FORMAT_GUITARML, ///< JSON of Proteus and NeuralPi
  MODEL_FORMAT_NAM,      ///< A Neural Amp Modeler file that holds an LSTM
} ModelFormat;

/// A level that a file may give, or not
typedef struct {
  bool is_given;
  double value;
} ModelFileLevel;

/// The weights for one rate
typedef struct {
  double sample_rate; ///< Of the sound it learned from [Hz]
  Params params;
  ModelRecord record;
} ModelSet;

/// A model file in memory
typedef struct {
  ModelFormat format;
  Params params;               ///< Of the main set, which every player of the field reads
  double sample_rate;          ///< Rate of the recordings it learned from [Hz]
  bool sample_rate_is_assumed; ///< The file did not say; what its format is used at was assumed
  double input_gain_db;        ///< Applied before the network [dB]; -90 and below means zero
  double output_gain_db;       ///< Applied after network and skip [dB]; -90 and below means zero
  ModelFileLevel
      loudness; ///< Of what it makes of the reference phrase [LUFS]; core/model/loudness.h
  ModelFileLevel input_dbu;  ///< What 0 dBFS stood for at the input of the gear [dBu]
  ModelFileLevel output_dbu; ///< And at its output
  char name[MODEL_FILE_TEXT_SIZE];
  char author[MODEL_FILE_TEXT_SIZE];
  char gear[MODEL_FILE_TEXT_SIZE];
  char license[MODEL_FILE_TEXT_SIZE];
  char knobs[PARAMS_MAX_KNOBS][MODEL_FILE_TEXT_SIZE]; ///< Names of the inputs above the first
  double delay; ///< That was taken out of the recordings it learned from [frames]
  char source_hash[MODEL_FILE_TEXT_SIZE]; ///< Of their samples, to tell them by
  ModelRecord record;
  ModelSet others[MODEL_FILE_MAX_SETS - 1]; ///< For other rates, of the same shape as `params`
  uint32_t n_others;
  Message warning; ///< Empty, or what the reader found odd but could live with
} ModelFile;

/// Return the name used in messages, such as "GuitarML"
const char* model_file_format_name(ModelFormat format);

/// Return the set to play at `sample_rate`: that for this rate; else the one for the highest rate of
/// which it is a multiple, to be played with its state delayed; else the main one.
///
/// The set's `params` are still the file's.
ModelSet model_file_set_for(const ModelFile* file, double sample_rate);

/// Free what a ModelFile owns; legal on a zeroed struct
void model_file_clear(ModelFile* file);

#endif

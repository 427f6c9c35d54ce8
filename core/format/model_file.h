// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a model file holds: the field's RTNeural/AIDA-X JSON plus one `grus` object for what that
/// format can't say. Any thread but the audio thread.
///
/// Models of GuitarML and NAM (LSTM) can be read, too. LSTMs of several layers become one of as
/// many units (core/format/layer_stack.h), whose output lags.
///
/// A reset-after model opens unchanged in AIDA-X. A reset-before model is written as Keras does it,
/// with one bias row and `"reset_after": false`. Reading does not depend on the locale.
///
/// A recurrent network sounds right at one sample rate only. A file may hold further sets of
/// weights for other rates, in the `grus` object, where other players ignore them:
///
///     "sets": [{"samplerate": 44100, "layers": […], "record": {…},
///               "input_batch": […], "output_batch": […]}, …]
///
/// A model with a linear stage must not be played without it by readers that don't know of it.
/// Its file has no "layers" outside the `grus` object, so that they refuse it; its sets have both
/// beside each other in the same way:
///
///     "grus": {"layers": […], "stage": {"taps": [0.5, …], "cabinet": true}, …,
///              "sets": [{"samplerate": 44100, "layers": […], "stage": {"taps": […]}, …}]}
///
/// "cabinet" says whether the stage is a loudspeaker. The test signal went through it, too.
///
/// A model that learned from a capture names it there, and its ratios are called "teacher_esr" and
/// so on, so that nobody takes them for a distance from the gear:
///
///     "teacher": {"hash": "…", "file": "…", "kind": "…", "name": "…", "gear_esr": 0.01}
///
/// "esr_worst_sound" is the mean over the worst 5 % of the segments with sound, as
/// train/audio/score.h defines them. "esr_worst" of older files was another measure, of rests above
/// all, and is not read.

#ifndef GRUS_CORE_FORMAT_MODEL_FILE_H
#define GRUS_CORE_FORMAT_MODEL_FILE_H

#include "core/params.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODEL_FILE_TEXT_SIZE 128U
#define MODEL_FILE_KIND_SIZE 64U ///< Of what players call a model that Grus doesn't play

/// Largest number of sets of weights in a file, each for another rate
#define MODEL_FILE_MAX_SETS 4U

/// What can be a model's sample rate [Hz]
#define MODEL_FILE_MIN_RATE 8000.0
#define MODEL_FILE_MAX_RATE 768000.0

/// Largest lag of a network: of 16 layers [frames]
#define MODEL_FILE_MAX_LAG 15U

/// Largest file that is read [bytes]; H = 256 takes about 4 MB
#define MODEL_FILE_MAX_SIZE ((size_t)32 << 20U)

/// How the weights were trained; all zero if unknown. The ratios are against what was learned from:
/// the recorded gear, or a capture.
typedef struct {
  double esr;              ///< Plain error-to-signal ratio on the held-out part
  double esr_pre_emphasis; ///< The same after the pre-emphasis filter
  double esr_a_weighted;   ///< After A-weighting
  double esr_worst;        ///< Mean over the worst 5 % of segments with sound
  double seconds;          ///< Training time [s]
  double updates;          ///< Steps of the optimiser
  double seed;
} ModelRecord;

/// The format of a file
typedef enum {
  MODEL_FORMAT_GRUS,     ///< AIDA-X JSON with a `grus` object
  MODEL_FORMAT_RTNEURAL, ///< The same without a `grus` object
  MODEL_FORMAT_GUITARML, ///< JSON of Proteus and NeuralPi
  MODEL_FORMAT_NAM,      ///< A Neural Amp Modeler file that holds an LSTM
} ModelFormat;

/// A level that a file may or may not give
typedef struct {
  bool is_given;
  double value;
} ModelFileLevel;

/// Loudness with one knob at its end and the others in the middle [LUFS]
typedef struct {
  bool is_given;
  double ends[PARAMS_MAX_KNOBS][2]; ///< Of each knob: at 0, at 1
} ModelFileKnobLoudness;

/// Loudness of a model's output for the reference phrase; core/model/loudness.h
typedef struct {
  ModelFileLevel middle; ///< With all knobs in the middle [LUFS]
  ModelFileKnobLoudness knobs;
} ModelFileLoudness;

/// The capture that a model learned from in place of recorded gear
typedef struct {
  char hash[MODEL_FILE_TEXT_SIZE]; ///< Of the capture's file; empty: recordings were the target
  char file[MODEL_FILE_TEXT_SIZE]; ///< Its name, without folder
  char kind[MODEL_FILE_TEXT_SIZE]; ///< Such as "NAM capture (A1 WaveNet)"
  char name[MODEL_FILE_TEXT_SIZE]; ///< As the capture calls itself
  double gear_esr; ///< Of the capture against its gear, as its file says; 0: unknown
} ModelFileTeacher;

/// The weights for one rate
typedef struct {
  double sample_rate; ///< Of the recordings it was trained on [Hz]
  Params params;
  ModelRecord record;
} ModelSet;

/// A model file in memory
typedef struct {
  ModelFormat format;
  Params params;               ///< The main set, which every player of the field reads
  bool stage_is_cabinet;       ///< A linear stage is a loudspeaker, no amplifier's tone or load
  double sample_rate;          ///< Of the recordings it was trained on [Hz]
  bool sample_rate_is_assumed; ///< The file gave none; this is the usual one of its format
  bool sample_rate_is_given;   ///< The file gave none; this is the player's
  double input_gain_db;        ///< Applied before the network [dB]; -90 and below means zero
  double output_gain_db;       ///< Applied after network and skip [dB]; -90 and below means zero
  ModelFileLoudness loudness;
  ModelFileLevel input_dbu;  ///< Level of 0 dBFS at the input of the gear [dBu]
  ModelFileLevel output_dbu; ///< The same at its output
  uint32_t lag; ///< Of the output of a stack of layers [frames]; core/format/layer_stack.h
  char name[MODEL_FILE_TEXT_SIZE];
  char author[MODEL_FILE_TEXT_SIZE];
  char gear[MODEL_FILE_TEXT_SIZE];
  char license[MODEL_FILE_TEXT_SIZE];
  char knobs[PARAMS_MAX_KNOBS][MODEL_FILE_TEXT_SIZE]; ///< Names of the inputs after the audio
  double delay;       ///< Delay removed from the recordings it was trained on [frames]
  double drift;       ///< And of the target's clock, which ran faster by this; 1e-6 is 1 ppm
  double held_out;    ///< Share of them that it didn't learn from and was scored on; 0: unknown
  double clip_warmup; ///< Frames before each piece of that, which were not scored
  char source_hash[MODEL_FILE_TEXT_SIZE]; ///< Identifies the samples of those recordings
  ModelFileTeacher teacher;
  ModelRecord record;
  ModelSet others[MODEL_FILE_MAX_SETS - 1]; ///< For other rates; they fit `params`
  uint32_t n_others;
  uint32_t n_tested; ///< Sets that the file has a test signal for, which was played
  Message warning;   ///< Empty, or something odd that the reader accepted
} ModelFile;

/// Return the name used in messages, such as "GuitarML"
const char* model_file_format_name(ModelFormat format);

/// Use `sample_rate` [Hz] as if the file had given it, unless it gives its own; 0 is none
void model_file_give_rate(ModelFile* file, double sample_rate);

/// Return "a" or "an", for the kind of a capture
const char* model_file_kind_article(const char* kind);

/// Return what a linear stage is in the gear, such as "a loudspeaker"
const char* model_file_stage_kind(bool is_cabinet);

/// Describe the linear stage of the main set, such as "1024 taps, 21.3 ms, a loudspeaker", in a
/// text of MODEL_FILE_TEXT_SIZE bytes; without one, it is empty
void model_file_describe_stage(const ModelFile* file, char* text);

/// Return true if a capture was what the model learned from
bool model_file_has_teacher(const ModelFile* file);

/// Return the set to play at `sample_rate`: the one for this rate; otherwise the one with the
/// highest rate that divides it, to be played with a delayed state; otherwise the main set.
///
/// Its `params` still belong to the file.
ModelSet model_file_set_for(const ModelFile* file, double sample_rate);

/// Return true if sets of these shapes can stand in one file: they are equal, but their stages may
/// have other numbers of taps, because a tap is a time
bool model_file_shapes_fit(ParamsShape a, ParamsShape b);

/// Free what a ModelFile owns; legal on a zeroed struct
void model_file_clear(ModelFile* file);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the readers of all formats share. Private to read_*.c; any thread but the audio thread.
///
/// Nothing in a file is trusted. On failure a function writes the source's message and leaves the
/// allocated memory in the ModelFile, for the caller to free.

#ifndef GRUS_CORE_FORMAT_READ_VALUES_H
#define GRUS_CORE_FORMAT_READ_VALUES_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>

/// What is being read, for messages
typedef struct {
  const char* name;
  const char* part; ///< "", or which of several sets, such as "set 1: "
  Message* message;
} DecodeSource;

/// One matrix of the file
typedef struct {
  const char* what; ///< Its name in messages
  uint32_t rows;
  uint32_t cols;
} DecodeBlock;

/// The range of a whole number in the file
typedef struct {
  const char* key;
  uint32_t least;
  uint32_t most;
} DecodeCount;

/// Write the source's message and return `status`
Status decode_fail(const DecodeSource* source, Status status, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

/// What is said about other architectures
#define DECODE_UNKNOWN_NAM "is a NAM capture of architecture \"%.40s\", which Grus doesn't know"

/// What players call a capture of GuitarML's SmartAmp or of PedalNet
#define DECODE_SMARTAMP_KIND "GuitarML SmartAmp WaveNet"

/// Write what players call a capture of NAM, such as "NAM capture (A2)"
void decode_nam_kind(const json_t* root, char kind[MODEL_FILE_KIND_SIZE]);

/// Fail with STATUS_UNSUPPORTED for a file that Grus can't play, but learn from: the message ends
/// with the command for that. There is none if it has knobs, of which a teacher has none.
Status decode_refuse(const DecodeSource* source, uint32_t n_inputs, const char* format, ...)
    __attribute__((format(printf, 3, 4)));

bool decode_is_absent(const json_t* value);

/// Return a member as a string, "" if it is anything else
const char* decode_text(const json_t* object, const char* key);

/// Copy a member that is a string to a text of MODEL_FILE_TEXT_SIZE bytes, without control
/// characters
void decode_copy_text(char* text, const json_t* object, const char* key);

/// Write make and model of the gear from NAM's metadata, to a text of MODEL_FILE_TEXT_SIZE bytes
void decode_nam_gear(char* text, const json_t* metadata);

/// Return the last number of a shape, the only one that matters; 0 if it is not 1 or more
uint32_t decode_last(const json_t* shape);

/// Read an optional finite number
NODISCARD Status decode_number(const DecodeSource* source, const json_t* object, const char* key,
                               double* number);

/// Read a required whole number; 0 or 1 can also be false or true
NODISCARD Status decode_count(const DecodeSource* source, const json_t* object, DecodeCount range,
                              uint32_t* count);

/// Read a whole number, or `otherwise` if it is absent
NODISCARD Status decode_count_or(const DecodeSource* source, const json_t* object,
                                 DecodeCount range, uint32_t otherwise, uint32_t* count);

/// Read an optional level
NODISCARD Status decode_level(const DecodeSource* source, const json_t* object, const char* key,
                              ModelFileLevel* level);

/// Read one weight
NODISCARD Status decode_value(const DecodeSource* source, const json_t* value, DecodeBlock block,
                              float* out);

/// Read a row of numbers into `out` (cols)
NODISCARD Status decode_row(const DecodeSource* source, const json_t* row, DecodeBlock block,
                            float* out);

/// Fail unless an array has as many rows as the block
NODISCARD Status decode_check_rows(const DecodeSource* source, const json_t* rows,
                                   DecodeBlock block);

/// Read rows of numbers into `out` (rows, cols)
NODISCARD Status decode_block(const DecodeSource* source, const json_t* rows, DecodeBlock block,
                              float* out);

/// Read a sample rate, a number or a text such as "48000", "44.1 kHz" or "48k" [Hz]
NODISCARD Status decode_rate(const DecodeSource* source, const json_t* value, double* rate);

/// Read the rate of a model from wherever programs put it. A text that is no rate, 0 or -1 says
/// nothing. `is_assumed`: there is none, and `rate` keeps its value.
NODISCARD Status decode_sample_rate(const DecodeSource* source, const json_t* root, double* rate,
                                    bool* is_assumed);

/// Read the licence that metadata give, in either spelling, to a text of MODEL_FILE_TEXT_SIZE bytes
void decode_license(char* text, const json_t* metadata);

/// Read name, author, gear and license from AIDA-X's metadata
void decode_metadata(const json_t* metadata, ModelFile* file);

/// Read RTNeural's layers into `params`, and by how many frames its output lags; `outside` gives
/// its inputs, skip connection and number of taps
NODISCARD Status decode_layers(const DecodeSource* source, const json_t* layers,
                               ParamsShape outside, uint32_t* lag, Params* params);

/// Where a file has its layers, and the linear stage behind them
typedef struct {
  const json_t* layers;
  const json_t* stage; ///< NULL: there is none
} DecodeNetwork;

/// Find both in RTNeural's JSON: a model with a stage has its layers beside it in the `grus` object
NODISCARD Status decode_network(const DecodeSource* source, const json_t* root,
                                DecodeNetwork* network);

/// Read how many taps the linear stage in `stage` has; 0 if there is none
NODISCARD Status decode_stage_size(const DecodeSource* source, const json_t* stage,
                                   uint32_t* n_taps);

/// Read its taps into `params`, which have room for them
NODISCARD Status decode_stage(const DecodeSource* source, const json_t* stage,
                              const Params* params);

/// Play the test signal in `object` with one of the file's sets, which has 1 + `lag` layers; warn
/// if it is played wrong or is none, unless there is a warning already
NODISCARD Status decode_self_test(const DecodeSource* source, const json_t* object,
                                  const Params* params, uint32_t lag, ModelFile* file);

/// Fail if a model has more knobs than Grus plays; `n_inputs` counts the audio, too
NODISCARD Status decode_check_knobs(const DecodeSource* source, json_int_t n_inputs);

/// Read the `grus` object, if there is one, into a file that already has its main set
NODISCARD Status decode_grus(const DecodeSource* source, const json_t* grus, ModelFile* file);

/// Read one format each
NODISCARD Status decode_rtneural(const DecodeSource* source, const json_t* root, ModelFile* file);
NODISCARD Status decode_guitarml(const DecodeSource* source, const json_t* root, ModelFile* file);
NODISCARD Status decode_nam(const DecodeSource* source, const json_t* root, ModelFile* file);

#endif

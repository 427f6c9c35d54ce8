// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Samples are stored as floats, so that what is written is read back bit for bit.

#include "train/programs/model/stage_file.h"

#include "core/engine/impulse_file.h"
#include "train/audio/wav.h"

#include <math.h>
#include <string.h>

void
stage_file_take(ModelFile* const file, LooseStage* const stage)
{
  Params* const params = &file->params;
  *stage = (LooseStage){.n_taps = params->shape.n_taps,
                        .sample_rate = file->sample_rate,
                        .is_cabinet = file->stage_is_cabinet};
  if (!stage->n_taps) {
    return;
  }
  memcpy(stage->taps, params_values(params, PARAMS_TAPS), stage->n_taps * sizeof(float));
  params->shape.n_taps = 0; // They are the last values
  for (uint32_t i = 0; i < file->n_others; ++i) {
    params_clear(&file->others[i].params);
  }
  file->n_others = 0;
  file->stage_is_cabinet = false;
  file->loudness = (ModelFileLoudness){.middle = {.is_given = false}};
}

float
stage_file_gain(const LooseStage* const stage)
{
  float peak = 0.0F;
  int exponent = 0;
  for (uint32_t k = 0; k < stage->n_taps; ++k) {
    peak = fmaxf(peak, fabsf(stage->taps[k]));
  }
  const float fraction = frexpf(peak, &exponent);
  return peak > 1.0F ? ldexpf(1.0F, fraction > 0.5F ? -exponent : 1 - exponent) : 1.0F;
}

void
stage_file_move_gain(ModelFile* const file, LooseStage* const stage, const float gain)
{
  const Params* const params = &file->params;
  for (uint32_t k = 0; k < stage->n_taps; ++k) {
    stage->taps[k] *= gain;
  }
  for (uint32_t i = 0; i < params->shape.hidden_size; ++i) {
    params_values(params, PARAMS_W_O)[i] /= gain;
  }
  params_values(params, PARAMS_B_O)[0] /= gain;
}

Status
stage_file_begin(const LooseStage* const stage, const char* const path, WavWriter* const writer,
                 Message* const message)
{
  const WavTarget target = {path, "grus-model", (uint32_t)stage->sample_rate, WAV_FLOAT};
  if ((double)target.rate != stage->sample_rate) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: would be at %.9g Hz; a sound file's rate is a whole number", path,
                       stage->sample_rate);
  }
  Status status = wav_writer_open(writer, &target, message);
  if (status) {
    return status;
  }
  status = wav_writer_add(writer, stage->taps, stage->n_taps, message);
  if (status) {
    wav_writer_discard(writer);
  }
  return status;
}

bool
stage_file_holds(const char* const path, const LooseStage* const stage)
{
  Wav wav = {0};
  const bool is_same = !wav_read(path, 1, &wav, NULL) && wav.sample_rate == stage->sample_rate &&
                       wav.n_frames == stage->n_taps &&
                       !memcmp(wav.samples, stage->taps, stage->n_taps * sizeof(float));
  wav_clear(&wav);
  return is_same;
}

static Status
fail_length(const char* const path, const double seconds, const double sample_rate,
            Message* const message)
{
  return status_fail(message, STATUS_UNSUPPORTED,
                     "%s: lasts %.1f ms; a model at %g Hz has room for %.1f ms, so cut off its end",
                     path, 1000.0 * seconds, sample_rate,
                     1000.0 * (double)PARAMS_MAX_TAPS / sample_rate);
}

/// Read an impulse response that is too long or of another rate: without the silence at its end,
/// which counts for nothing
static Status
read_moved(const char* const path, const double sample_rate, LooseStage* const stage,
           Message* const message)
{
  Impulse impulse = {.n_channels = 0};
  Status status = impulse_read(path, sample_rate, &impulse, message);
  if (status) {
    return status;
  }
  stage->n_taps = impulse.n_frames;
  if (impulse.n_frames > PARAMS_MAX_TAPS) {
    status = fail_length(path, impulse.n_frames / sample_rate, sample_rate, message);
  } else {
    memcpy(stage->taps, impulse.samples[0], impulse.n_frames * sizeof(float));
  }
  impulse_clear(&impulse);
  return status;
}

/// Take the samples of a file as they are, unless they are too many or of another rate: then
/// `n_taps` stays 0
static Status
take_samples(const Wav* const wav, const char* const path, LooseStage* const stage,
             Message* const message)
{
  bool is_silent = true;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    is_silent = is_silent && wav->samples[i] == 0.0F;
  }
  if (is_silent) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is silent; expected an impulse response",
                       path);
  }
  if (wav->channels.differ) {
    return status_fail(message, STATUS_UNSUPPORTED, "%s: has %u channels that differ; expected one",
                       path, wav->channels.n);
  }
  if (wav->sample_rate == stage->sample_rate && wav->n_frames <= PARAMS_MAX_TAPS) {
    stage->n_taps = (uint32_t)wav->n_frames;
    memcpy(stage->taps, wav->samples, stage->n_taps * sizeof(float));
  }
  return STATUS_OK;
}

/// Read an impulse response for a rate
static Status
read_stage(const char* const path, const double sample_rate, LooseStage* const stage,
           Message* const message)
{
  Wav wav = {0};
  *stage = (LooseStage){.sample_rate = sample_rate};
  Status status = wav_read(path, 1, &wav, message);
  status = status ? status : take_samples(&wav, path, stage, message);
  wav_clear(&wav);
  return status || stage->n_taps ? status : read_moved(path, sample_rate, stage, message);
}

/// Put a stage behind one set
static Status
add_to_set(Params* const params, const LooseStage* const stage)
{
  Params longer = {.values = NULL};
  const Status status = params_copy_with_taps(params, stage->n_taps, &longer);
  if (!status) {
    memcpy(params_values(&longer, PARAMS_TAPS), stage->taps, stage->n_taps * sizeof(float));
    params_clear(params);
    *params = longer;
  }
  return status;
}

Status
stage_file_add(ModelFile* const file, const char* const path, const bool is_cabinet,
               Message* const message)
{
  for (uint32_t i = 0; i <= file->n_others; ++i) {
    LooseStage stage;
    const double rate = i ? file->others[i - 1].sample_rate : file->sample_rate;
    Status status = read_stage(path, rate, &stage, message);
    if (status) {
      return status;
    }
    status = add_to_set(i ? &file->others[i - 1].params : &file->params, &stage);
    if (status) {
      return status_fail(message, status, "%s: %s", path, status_text(status));
    }
  }
  file->stage_is_cabinet = is_cabinet;
  file->loudness = (ModelFileLoudness){.middle = {.is_given = false}};
  return STATUS_OK;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Names of formats, the rate of a file, and which set of weights to play.

#include "core/format/model_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// Rates that differ by less, relative to each other, count as equal
#define RATE_TOLERANCE 1e-6

const char*
model_file_format_name(const ModelFormat format)
{
  switch (format) {
  case MODEL_FORMAT_GRUS:
    return "Grus";
  case MODEL_FORMAT_RTNEURAL:
    return "AIDA-X, RTNeural";
  case MODEL_FORMAT_GUITARML:
    return "GuitarML";
  case MODEL_FORMAT_NAM:
    return "NAM";
  }
  return "unknown";
}

void
model_file_give_rate(ModelFile* const file, const double sample_rate)
{
  if (sample_rate > 0.0 && file->sample_rate_is_assumed) {
    file->sample_rate = sample_rate;
    file->sample_rate_is_assumed = false;
    file->sample_rate_is_given = true;
  }
}

const char*
model_file_kind_article(const char* const kind)
{
  return strncmp(kind, "RT", 2) == 0 ? "an" : "a"; // Spelled as letters
}

const char*
model_file_stage_kind(const bool is_cabinet)
{
  return is_cabinet ? "a loudspeaker" : "an amplifier's tone or load";
}

void
model_file_describe_stage(const ModelFile* const file, char* const text)
{
  const uint32_t n_taps = file->params.shape.n_taps;
  text[0] = '\0';
  if (n_taps) {
    (void)snprintf(text, MODEL_FILE_TEXT_SIZE, "%u tap%s, %.1f ms, %s", n_taps,
                   n_taps == 1 ? "" : "s", 1000.0 * n_taps / file->sample_rate,
                   model_file_stage_kind(file->stage_is_cabinet));
  }
}

bool
model_file_has_teacher(const ModelFile* const file)
{
  return file->teacher.hash[0] != '\0';
}

/// Return how many times `rate` goes into `sample_rate`: 1, 2, 3 …, or 0 if that is not a whole
/// number
static double
multiple_of(const double rate, const double sample_rate)
{
  const double multiple = round(sample_rate / rate);
  return fabs(sample_rate / rate - multiple) <= RATE_TOLERANCE * multiple ? multiple : 0.0;
}

ModelSet
model_file_set_for(const ModelFile* const file, const double sample_rate)
{
  ModelSet set = {file->sample_rate, file->params, file->record};
  double least = multiple_of(file->sample_rate, sample_rate);
  for (uint32_t i = 0; i < file->n_others; ++i) {
    const double multiple = multiple_of(file->others[i].sample_rate, sample_rate);
    if (multiple > 0.0 && (least <= 0.0 || multiple < least)) {
      set = file->others[i];
      least = multiple;
    }
  }
  return set;
}

bool
model_file_shapes_fit(const ParamsShape a, ParamsShape b)
{
  const bool have_stage = a.n_taps && b.n_taps;
  b.n_taps = have_stage ? a.n_taps : b.n_taps;
  return params_shapes_are_equal(a, b);
}

void
model_file_clear(ModelFile* const file)
{
  params_clear(&file->params);
  for (uint32_t i = 0; i < MODEL_FILE_MAX_SETS - 1; ++i) {
    params_clear(&file->others[i].params);
  }
  file->n_others = 0;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads, measures and builds models and cabinets, for plugin, JACK and files alike. Any thread but
// the audio thread.

#include "core/engine/load.h"

#include "core/engine/impulse_file.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"

#include <math.h>

/// A channel whose peak is this much below the other's, 60 dB, is silent
#define SILENT_CHANNEL 1e-3F

/// Write how the model gets to the rate that it runs at, if that is unusual
static void
describe_rate(const ModelFile* const file, const RatePlan plan, Message* const note)
{
  switch (plan.method) {
  case RATE_OWN:
    if (plan.own_rate != file->sample_rate) {
      message_set(note, "uses its weights for %g Hz", plan.own_rate);
    }
    break;
  case RATE_DELAYED:
  case RATE_INTERPOLATED:
    message_set(note, "made for %g Hz, runs at %g Hz", plan.own_rate, plan.host_rate);
    break;
  case RATE_RESAMPLED:
    message_set(note, "made for %g Hz, resampled for %g Hz", plan.own_rate, plan.host_rate);
    break;
  }
}

LoadOwnRate
load_own_rate(const ModelFile* const file)
{
  return (LoadOwnRate){file->sample_rate, file->sample_rate_is_assumed, file->sample_rate_is_given};
}

void
load_note_given_rate(const LoadOwnRate own, const LoadRate rate, const char* const name,
                     Message* const note)
{
  note->text[0] = '\0';
  if (own.is_assumed) {
    message_set(note, "%s: gives no sample rate, %g Hz is assumed; %s sets another", name,
                own.sample_rate, rate.given);
  } else if (own.is_given) {
    message_set(note, "%s: gives no sample rate, %g Hz is taken from %s", name, own.sample_rate,
                rate.given);
  } else if (rate.sample_rate > 0.0 && rate.sample_rate != own.sample_rate) {
    message_set(note, "%s: is for %g Hz, as it says; %g Hz from %s is ignored", name,
                own.sample_rate, rate.sample_rate, rate.given);
  }
}

void
load_add_way(const char* const name, const Message* const way, Message* const note)
{
  const Message before = *note;
  if (before.text[0] && way->text[0]) {
    message_set(note, "%s; %s", before.text, way->text);
  } else if (way->text[0]) {
    message_set(note, "%s: %s", name, way->text);
  }
}

void
load_note_rate(const ModelFile* const file, const Model* const model, const LoadRate rate,
               const char* const name, Message* const note)
{
  Message way = {""};
  describe_rate(file, model_rate_plan(model), &way);
  load_note_given_rate(load_own_rate(file), rate, name, note);
  load_add_way(name, &way, note);
}

void
load_note_cabinet(const Model* const model, const char* const name, Message* const note)
{
  const Message way = {"captured with its cabinet"};
  if (model_has_cabinet(model)) {
    load_add_way(name, &way, note);
  }
}

Status
load_model(const LoadSource source, const ModelUse use, Model** const model,
           LoadRemarks* const remarks, Message* const message)
{
  ModelFile file = {0};
  Status status =
      model_file_parse(source.content->bytes, source.content->size, source.name, &file, message);
  if (status) {
    return status;
  }
  model_file_give_rate(&file, source.rate.sample_rate);
  if (source.loudness.middle.is_given) {
    file.loudness = source.loudness;
  }
  status = model_loudness_find(&file);
  if (!status) {
    status = model_new(&file, use, model);
  }
  if (status) {
    (void)status_fail(message, status, "%s: %s", source.name, status_text(status));
  } else {
    remarks->warning = file.warning;
    load_note_rate(&file, *model, source.rate, source.name, &remarks->note);
    load_note_cabinet(*model, source.name, &remarks->note);
    about_model(&file, source.name, model_rate_plan(*model).own_rate, &remarks->about);
  }
  model_file_clear(&file);
  return status;
}

static float
peak_of(const Impulse* const impulse, const uint32_t channel)
{
  float peak = 0.0F;
  for (uint32_t i = 0; i < impulse->n_frames; ++i) {
    peak = fmaxf(peak, fabsf(impulse->samples[channel][i]));
  }
  return peak;
}

/// Refuse a cabinet whose only channel that is played is silent; warn if one of two is
static Status
check_channels(const Impulse* const impulse, const uint32_t n_channels, const char* const name,
               Message* const message)
{
  static const char* const names[] = {"left", "right"};
  if (impulse->n_channels < 2) {
    return STATUS_OK;
  }
  const float peaks[] = {peak_of(impulse, 0), peak_of(impulse, 1)};
  const uint32_t quiet = peaks[0] < peaks[1] ? 0 : 1;
  if (peaks[quiet] >= SILENT_CHANNEL * peaks[1 - quiet]) {
    return STATUS_OK;
  }
  if (quiet == 0 && n_channels == 1) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%s: its left channel, which is played, is silent; export the right one as "
                       "a mono file",
                       name);
  }
  if (n_channels == 2) {
    message_set(message, "%s: its %s channel is silent", name, names[quiet]);
  }
  return STATUS_OK;
}

Status
load_cabinet(const LoadSource source, const CabinetUse use, Convolver** const cabinet,
             LoadRemarks* const remarks, Message* const message)
{
  const ImpulseBytes bytes = {source.content->bytes, source.content->size, source.name};
  Impulse impulse = {0};
  Message warning = {""};
  Status status = impulse_parse(bytes, use.sample_rate, &impulse, &warning);
  if (status) {
    *message = warning;
    return status;
  }
  if ((status = check_channels(&impulse, use.n_channels, source.name, &warning))) {
    *message = warning;
  } else if ((status = convolver_new(&impulse, use.n_channels, cabinet))) {
    (void)status_fail(message, status, "%s: %s", source.name, status_text(status));
  } else {
    *remarks = (LoadRemarks){.warning = warning};
  }
  impulse_clear(&impulse);
  return status;
}

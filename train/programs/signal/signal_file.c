// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the segments of the test signal one after another, the user's own playing among them.

#include "train/programs/signal/signal_file.h"

#include "core/decibel.h"
#include "train/audio/wav_writer.h"
#include "train/programs/common/output_file.h"

#include <math.h>
#include <stdlib.h>

#define PROGRAM "grus-signal"

static float
find_peak(const Wav* const wav)
{
  float peak = 0.0F;
  for (uint64_t i = 0; i < wav->n_frames; ++i) {
    peak = fmaxf(peak, fabsf(wav->samples[i]));
  }
  return peak;
}

/// Return the gain that brings a peak down to the signal's
static float
gain_for(const float peak, const SignalSound* const sound)
{
  const double highest = decibel_to_gain(sound->level_db);
  return (double)peak > highest ? (float)(highest / (double)peak) : 1.0F;
}

/// Bring the recording to the signal's rate
static Status
convert_own(const SignalOptions* const o, OwnPlaying* const own, Message* const message)
{
  own->playing = own->recording;
  if (own->recording.sample_rate == o->rate) {
    return STATUS_OK;
  }
  own->resampled = resample_begin(o->rate, 0);
  const Status status = resample_add(&own->resampled, &own->recording, message);
  if (!status) {
    own->playing = own->resampled.wavs[0];
  }
  return status;
}

/// Refuse what no WAV file can hold
static Status
check_length(const SignalOptions* const o, const uint64_t n_own, Message* const message)
{
  const uint64_t most = wav_writer_most_frames((WavFormat)o->format);
  const uint64_t n_standard = (uint64_t)o->seconds * (uint64_t)o->rate;
  if (n_own > most - n_standard) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: lasts %.0f s, but a WAV file of this rate and format has room for "
                       "%.0f s of it",
                       o->append, (double)n_own / o->rate, (double)(most - n_standard) / o->rate);
  }
  return STATUS_OK;
}

Status
own_playing_read(const SignalOptions* const o, OwnPlaying* const own, Message* const message)
{
  if (!o->append) {
    return STATUS_OK;
  }
  Status status = wav_read(o->append, 0, &own->recording, message);
  if (status) {
    return status;
  }
  if (!own->recording.n_frames) {
    return status_fail(message, STATUS_BAD_FILE, "%s: has no frames; expected a recording",
                       o->append);
  }
  if ((status = convert_own(o, own, message))) {
    return status;
  }
  const float peak = find_peak(&own->playing);
  if (wav_is_silent(own->playing.samples, own->playing.n_frames)) {
    return status_fail(message, STATUS_BAD_FILE,
                       "%s: is silent in its first channel; expected playing", o->append);
  }
  own->gain = gain_for(peak, &o->sound);
  return check_length(o, own->playing.n_frames, message);
}

double
own_playing_peak_db(const OwnPlaying* const own)
{
  return decibel_of_gain((double)(own->gain * find_peak(&own->playing)));
}

void
own_playing_clear(OwnPlaying* const own)
{
  resample_clear(&own->resampled);
  wav_clear(&own->recording);
}

/// Write the user's own playing
static Status
write_own(WavWriter* const writer, const OwnPlaying* const own, Message* const message)
{
  float block[WAV_BLOCK];
  Status status = STATUS_OK;
  for (uint64_t i = 0; i < own->playing.n_frames && !status; i += WAV_BLOCK) {
    const uint64_t left = own->playing.n_frames - i;
    const uint32_t n = left < WAV_BLOCK ? (uint32_t)left : WAV_BLOCK;
    for (uint32_t k = 0; k < n; ++k) {
      block[k] = own->gain * own->playing.samples[i + k];
    }
    status = wav_writer_add(writer, block, n, message);
  }
  return status;
}

/// Make and write one segment
static Status
write_made(WavWriter* const writer, const SignalLayout* const layout, const uint32_t index,
           const SignalSound* const sound, Message* const message)
{
  const SignalSegment* const segment = &layout->segments[index];
  const uint64_t n_frames = segment->end - segment->begin;
  float* const samples = (float*)calloc((size_t)n_frames, sizeof(float));
  if (!samples || signal_render(layout, index, sound, samples)) {
    free(samples);
    return status_fail(message, STATUS_NO_MEMORY, "out of memory");
  }
  const Status status = wav_writer_add(writer, samples, n_frames, message);
  free(samples);
  return status;
}

Status
signal_file_check(const SignalOptions* const o, Message* const message)
{
  const OutputFile output = {.path = o->output,
                             .kind = OUTPUT_SOUND,
                             .inputs = &o->append,
                             .n_inputs = 1,
                             .program = PROGRAM,
                             .is_own = wav_writer_wrote(o->output, PROGRAM),
                             .overwrites = o->overwrites};
  const Status status = output_file_check(&output, message);
  return status ? status : wav_writer_check_name(o->output, message);
}

Status
signal_file_write(const SignalOptions* const o, const SignalLayout* const layout,
                  const OwnPlaying* const own, Message* const message)
{
  WavWriter writer;
  const WavTarget target = {o->output, PROGRAM, layout->rate, (WavFormat)o->format};
  Status status = wav_writer_open(&writer, &target, message);
  if (status) {
    return status;
  }
  output_file_guard(writer.draft.temporary);
  for (uint32_t i = 0; i < layout->n_segments && !status; ++i) {
    status = layout->segments[i].kind == SIGNAL_OWN
                 ? write_own(&writer, own, message)
                 : write_made(&writer, layout, i, &o->sound, message);
  }
  if (status) {
    wav_writer_discard(&writer);
    return status;
  }
  return wav_writer_keep(&writer, message);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// From a file's bytes to taps: decode, check, cut, resample, trim. Resampling changes the number of
// taps in the sum, so they are scaled by the ratio of the rates. A band-limited response rings
// before its start and after its end, so there is room for that at both ends, faded in and out;
// unused room at the beginning is removed.

#include "core/engine/impulse_file.h"

#include "core/circle.h"
#include "core/file.h"
#include "core/kind.h"
#include "core/tape.h"
#include "core/wav_header.h"

#include <samplerate.h>
#include <sndfile.h>

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE (64U << 20U) ///< Largest file [bytes]
#define MAX_SECONDS 10U       ///< Longest file; anything longer is a recording
#define MIN_RATE 4000         ///< Of a file [Hz]
#define MAX_RATE 768000       ///< Of a file [Hz]
#define LOUDEST 100.0F        ///< Samples beyond this, +40 dBFS, are faults
#define CUT_FADE_SECONDS 0.01 ///< At the end of a response that is too long
#define TAIL_SILENCE 1e-5F    ///< Relative to the peak, -100 dB
#define ONSET_SILENCE 1e-3F   ///< Relative to the peak, -60 dB
#define ROOM 32.0             ///< For ringing, at either end [frames of the lower rate]

static Status
fail_memory(const char* const name, Message* const message)
{
  return status_fail(message, STATUS_NO_MEMORY, "%s: out of memory", name);
}

static Status
alloc_impulse(Impulse* const impulse, const char* const name, Message* const message)
{
  bool is_made = true;
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    impulse->samples[c] = (float*)calloc(impulse->n_frames, sizeof(float));
    is_made = is_made && impulse->samples[c];
  }
  if (!is_made) {
    impulse_clear(impulse);
    return fail_memory(name, message);
  }
  return STATUS_OK;
}

/// Refuse a file whose header shows that it can't be an impulse response
static Status
check_header(const SF_INFO* const info, const char* const name, Message* const message)
{
  if (info->channels > (int)IMPULSE_MAX_CHANNELS) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: has %d channels; an impulse response has 1 or 2", name, info->channels);
  }
  if (info->samplerate < MIN_RATE || info->samplerate > MAX_RATE) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: is at %d Hz; an impulse response is at %d to %d Hz", name,
                       info->samplerate, MIN_RATE, MAX_RATE);
  }
  return STATUS_OK;
}

/// Sort `n` frames into channels; refuse samples that are faults
static Status
sort_frames(const float* const frames, Impulse* const impulse, const char* const name,
            Message* const message)
{
  const uint32_t n_channels = impulse->n_channels;
  for (size_t i = 0; i < (size_t)impulse->n_frames * n_channels; ++i) {
    if (!(fabsf(frames[i]) <= LOUDEST)) { // False for NaN, too
      return status_fail(message, STATUS_BAD_FILE,
                         "%s: frame %zu is %g; sound lies between -1 and 1", name, i / n_channels,
                         (double)frames[i]);
    }
    impulse->samples[i % n_channels][i / n_channels] = frames[i];
  }
  return STATUS_OK;
}

/// Take the decoded frames, as many as `info` says
static Status
take_frames(const SF_INFO* const info, const float* const frames, const char* const name,
            Impulse* const impulse, Message* const message)
{
  Impulse taken = {.n_channels = (uint32_t)info->channels,
                   .n_frames = (uint32_t)info->frames,
                   .sample_rate = (double)info->samplerate};
  if (!info->frames) {
    return status_fail(message, STATUS_BAD_FILE, "%s: holds no sound", name);
  }
  if (info->frames > (sf_count_t)MAX_SECONDS * info->samplerate) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: lasts more than %u s; an impulse response lasts up to %g s", name,
                       MAX_SECONDS, IMPULSE_SECONDS);
  }
  Status status = alloc_impulse(&taken, name, message);
  if (!status) {
    status = sort_frames(frames, &taken, name, message);
  }
  if (status) {
    impulse_clear(&taken);
    return status;
  }
  *impulse = taken;
  return STATUS_OK;
}

/// Decode an open file, but never more than a valid one can hold, whatever its header says
static Status
decode_frames(SNDFILE* const file, SF_INFO info, const char* const name, Impulse* const impulse,
              Message* const message)
{
  const sf_count_t limit = (sf_count_t)MAX_SECONDS * info.samplerate + 1;
  const sf_count_t n = info.frames < 0 ? 0 : info.frames < limit ? info.frames : limit;
  float* const frames = (float*)calloc((size_t)n * (size_t)info.channels + 1, sizeof(float));
  if (!frames) {
    return fail_memory(name, message);
  }
  info.frames = sf_readf_float(file, frames, n);
  const Status status = sf_error(file)
                            ? status_fail(message, STATUS_BAD_FILE,
                                          "%s: is damaged; export it again as WAV or FLAC", name)
                            : take_frames(&info, frames, name, impulse, message);
  free(frames);
  return status;
}

static Status
open_and_decode(const ImpulseBytes bytes, Impulse* const impulse, Message* const message)
{
  Tape tape = {.data = (const char*)bytes.data, .size = (int64_t)bytes.size};
  SF_INFO info = {0};
  const WavCut cut = wav_header_find_cut(&tape);
  (void)wav_header_repair(&tape, cut);
  SNDFILE* const file = tape_open(&tape, &info);
  if (!file) {
    return kind_fail(FILE_SOUND, (KindStart){bytes.name, (const char*)bytes.data, bytes.size},
                     message);
  }
  Status status = check_header(&info, bytes.name, message);
  if (!status) {
    status = decode_frames(file, info, bytes.name, impulse, message);
  }
  (void)sf_close(file);
  if (!status && wav_header_is_unfinished(cut)) {
    message_set(message,
                "%s: its header was never finished, as when a recorder crashes; it is read to its "
                "end",
                bytes.name);
  }
  return status;
}

static float
peak_of(const Impulse* const impulse)
{
  float peak = 0.0F;
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    for (uint32_t i = 0; i < impulse->n_frames; ++i) {
      peak = fmaxf(peak, fabsf(impulse->samples[c][i]));
    }
  }
  return peak;
}

static bool
is_quiet(const Impulse* const impulse, const uint32_t frame, const float level)
{
  bool quiet = true;
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    quiet = quiet && fabsf(impulse->samples[c][frame]) < level;
  }
  return quiet;
}

/// Remove the silence at the end
static void
trim_end(Impulse* const impulse)
{
  const float level = TAIL_SILENCE * peak_of(impulse);
  while (impulse->n_frames > 1 && is_quiet(impulse, impulse->n_frames - 1, level)) {
    --impulse->n_frames;
  }
}

/// Remove up to `max_frames` of silence at the beginning
static void
trim_begin(Impulse* const impulse, const uint32_t max_frames)
{
  const float level = ONSET_SILENCE * peak_of(impulse);
  uint32_t n = 0;
  while (n < max_frames && n + 1 < impulse->n_frames && is_quiet(impulse, n, level)) {
    ++n;
  }
  impulse->n_frames -= n;
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    memmove(impulse->samples[c], impulse->samples[c] + n, impulse->n_frames * sizeof(float));
  }
}

/// Return the weight of frame `i` in a fade-in of `n` frames
static float
fade_at(const uint32_t i, const uint32_t n)
{
  return (float)(0.5 - 0.5 * cos(PI * (i + 0.5) / n));
}

static void
fade_begin(const Impulse* const impulse, const uint32_t n)
{
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    for (uint32_t i = 0; i < n && i < impulse->n_frames; ++i) {
      impulse->samples[c][i] *= fade_at(i, n);
    }
  }
}

static void
fade_end(const Impulse* const impulse, const uint32_t n)
{
  for (uint32_t c = 0; c < impulse->n_channels; ++c) {
    for (uint32_t i = 0; i < n && i < impulse->n_frames; ++i) {
      impulse->samples[c][impulse->n_frames - 1 - i] *= fade_at(i, n);
    }
  }
}

/// Fade out a response that is too long, and warn
static void
cut_end(Impulse* const impulse, const char* const name, Message* const message)
{
  const uint32_t longest = (uint32_t)(IMPULSE_SECONDS * impulse->sample_rate);
  if (impulse->n_frames > longest) {
    message_set(message, "%s: lasts %.1f s, of which the first %g s is played", name,
                impulse->n_frames / impulse->sample_rate, IMPULSE_SECONDS);
    impulse->n_frames = longest;
    fade_end(impulse, (uint32_t)(CUT_FADE_SECONDS * impulse->sample_rate));
  }
}

/// Resample one channel, with `room` frames before it and after it; its frames are scaled
static int
resample_channel(const Impulse* const from, const uint32_t room, const uint32_t channel,
                 Impulse* const to)
{
  const double ratio = to->sample_rate / from->sample_rate;
  const size_t n_in = from->n_frames + 2 * (size_t)room;
  float* const in = (float*)calloc(n_in, sizeof(float));
  if (!in) {
    return -1;
  }
  for (uint32_t i = 0; i < from->n_frames; ++i) {
    in[room + i] = (float)((double)from->samples[channel][i] / ratio);
  }
  SRC_DATA data = {.data_in = in,
                   .data_out = to->samples[channel],
                   .input_frames = (long)n_in,
                   .output_frames = (long)to->n_frames,
                   .src_ratio = ratio};
  const int error = src_simple(&data, SRC_SINC_BEST_QUALITY, 1);
  free(in);
  return error;
}

static Status
resample_impulse(const Impulse* const from, const char* const name, Impulse* const to,
                 Message* const message)
{
  const double ratio = to->sample_rate / from->sample_rate;
  const uint32_t room = (uint32_t)ceil(ROOM * fmax(1.0, 1.0 / ratio));
  const uint32_t room_out = (uint32_t)(room * ratio);
  to->n_channels = from->n_channels;
  to->n_frames = (uint32_t)ceil((from->n_frames + 2.0 * room) * ratio);
  const Status status = alloc_impulse(to, name, message);
  if (status) {
    return status;
  }
  for (uint32_t c = 0; c < to->n_channels; ++c) {
    const int error = resample_channel(from, room, c, to);
    if (error) {
      impulse_clear(to);
      return error < 0 ? fail_memory(name, message)
                       : status_fail(message, STATUS_NO_MEMORY, "%s: resampling: %.120s", name,
                                     src_strerror(error));
    }
  }
  fade_begin(to, room_out);
  fade_end(to, room_out);
  trim_begin(to, room_out);
  trim_end(to);
  return STATUS_OK;
}

/// Turn the file's response into the one that is played
static Status
prepare_impulse(Impulse* const original, const double sample_rate, const char* const name,
                Impulse* const impulse, Message* const message)
{
  Impulse made = {.sample_rate = sample_rate};
  if (!(peak_of(original) > 0.0F)) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is silent from beginning to end", name);
  }
  if (!src_is_valid_ratio(sample_rate / original->sample_rate)) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "%s: is at %g Hz, which can't be resampled to %g Hz", name,
                       original->sample_rate, sample_rate);
  }
  const float peak = peak_of(original);
  trim_end(original);
  cut_end(original, name, message);
  if (peak_of(original) < ONSET_SILENCE * peak) {
    return status_fail(
        message, STATUS_BAD_FILE,
        "%s: is silent in its first %g s, and no more is played; cut off the silence "
        "at its beginning",
        name, IMPULSE_SECONDS);
  }
  if (fabs(sample_rate - original->sample_rate) < 0.5) {
    made = *original;
    made.sample_rate = sample_rate;
    *original = (Impulse){0};
  } else {
    const Status status = resample_impulse(original, name, &made, message);
    if (status) {
      return status;
    }
  }
  *impulse = made;
  return STATUS_OK;
}

Status
impulse_parse(const ImpulseBytes bytes, const double sample_rate, Impulse* const impulse,
              Message* const message)
{
  Impulse original = {.n_channels = 0};
  message_set(message, "%s", "");
  if (!(sample_rate >= 1000.0 && sample_rate <= 1e6)) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "%s: can't be played at %g Hz; 1000 to 1000000 Hz would be right",
                       bytes.name, sample_rate);
  }
  Status status = open_and_decode(bytes, &original, message);
  if (!status) {
    status = prepare_impulse(&original, sample_rate, bytes.name, impulse, message);
  }
  impulse_clear(&original);
  return status;
}

Status
impulse_read(const char* const path, const double sample_rate, Impulse* const impulse,
             Message* const message)
{
  Content content = {NULL, 0};
  Status status = file_read_whole(path, FILE_SOUND, MAX_SIZE, &content, message);
  if (!status) {
    const ImpulseBytes bytes = {content.bytes, content.size, path};
    status = impulse_parse(bytes, sample_rate, impulse, message);
  }
  content_clear(&content);
  return status;
}

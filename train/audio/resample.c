// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Resamples with libsamplerate's best windowed sinc, block by block; the library compensates its
// own delay. It assumes silence beyond both ends of a piece, which rings for RESAMPLE_EDGE frames
// where the sound does not start or end softly. A take has only two ends; the edges of independent
// clips are not scored.

#include "train/audio/resample.h"

#include "train/audio/spool.h"

#include <samplerate.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16384U

/// Sound that is resampled on its own
typedef struct {
  const float* in;
  uint64_t n_in;
  uint64_t n_out;
} ResamplePiece;

/// What resamples the pieces of a recording
typedef struct {
  SRC_STATE* state;
  double ratio;
  double sample_rate; ///< To which [Hz]
  Spool spool;        ///< Receives the result
  float block[BLOCK];
} Converter;

static long
block_of(const uint64_t n_frames)
{
  return n_frames < BLOCK ? (long)n_frames : (long)BLOCK;
}

static Status
fail_to_resample(const Converter* const c, const char* const why, Message* const message)
{
  return status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: %s", c->sample_rate, why);
}

/// Add silence for the frames that a piece came out short
static Status
add_silence(Converter* const c, uint64_t n_frames, Message* const message)
{
  Status status = STATUS_OK;
  memset(c->block, 0, sizeof(c->block));
  while (n_frames && !status) {
    const long n = block_of(n_frames);
    status = spool_add(&c->spool, c->block, (uint32_t)n, message);
    n_frames -= (uint64_t)n;
  }
  return status;
}

/// Resample a piece, starting from silence
static Status
convert_piece(Converter* const c, const ResamplePiece s, Message* const message)
{
  uint64_t used = 0;
  uint64_t made = 0;
  bool goes_on = !src_reset(c->state);
  while (goes_on && made < s.n_out) {
    SRC_DATA data = {.data_in = s.in + used,
                     .data_out = c->block,
                     .input_frames = block_of(s.n_in - used),
                     .output_frames = block_of(s.n_out - made),
                     .src_ratio = c->ratio};
    data.end_of_input = used + (uint64_t)data.input_frames == s.n_in;
    const int error = src_process(c->state, &data);
    if (error) {
      return fail_to_resample(c, src_strerror(error), message);
    }
    used += (uint64_t)data.input_frames_used;
    made += (uint64_t)data.output_frames_gen;
    goes_on = data.input_frames_used || data.output_frames_gen;
    const Status status = spool_add(&c->spool, c->block, (uint32_t)data.output_frames_gen, message);
    if (status) {
      return status;
    }
  }
  return add_silence(c, s.n_out - made, message);
}

/// Return where a frame lies at another rate
static uint64_t
scale_frame(const uint64_t frame, const double ratio)
{
  return (uint64_t)round((double)frame * ratio);
}

/// Resample clip after clip, each to its place at the other rate
static Status
convert_clips(Converter* const c, const Wav* const from, const uint64_t clip_frames,
              Message* const message)
{
  Status status = STATUS_OK;
  for (uint64_t begin = 0; begin < from->n_frames && !status; begin += clip_frames) {
    const uint64_t left = from->n_frames - begin;
    const uint64_t n = left < clip_frames ? left : clip_frames;
    const uint64_t n_out = scale_frame(begin + n, c->ratio) - scale_frame(begin, c->ratio);
    status = convert_piece(c, (ResamplePiece){from->samples + begin, n, n_out}, message);
  }
  return status;
}

/// Resample into the spool, and map it
static Status
convert_wav(Converter* const c, const Wav* const from, const uint64_t clip_frames, Wav* const to,
            Message* const message)
{
  Status status = spool_open(&c->spool, message);
  if (status) {
    return status;
  }
  status = convert_clips(c, from, clip_frames, message);
  if (!status) {
    status = spool_map(&c->spool, &to->samples, message);
  }
  spool_close(&c->spool);
  return status;
}

static Status
resample_wav(const Wav* const from, const uint32_t clip_frames, Wav* const to,
             Message* const message)
{
  int error = 0;
  Converter* const c = (Converter*)calloc(1, sizeof(Converter));
  if (!c) {
    return status_fail(message, STATUS_NO_MEMORY, "resampling: out of memory");
  }
  c->ratio = to->sample_rate / from->sample_rate;
  c->sample_rate = to->sample_rate;
  c->state = src_new(SRC_SINC_BEST_QUALITY, 1, &error);
  const Status status =
      c->state ? convert_wav(c, from, clip_frames ? clip_frames : from->n_frames, to, message)
               : fail_to_resample(c, src_strerror(error), message);
  (void)src_delete(c->state);
  free(c);
  return status;
}

/// Make room for one more recording
static Status
make_room(Resampled* const r)
{
  const size_t n = r->n_wavs + 1U;
  Wav* const originals = (Wav*)realloc(r->originals, n * sizeof(Wav));
  r->originals = originals ? originals : r->originals;
  Wav* const wavs = (Wav*)realloc(r->wavs, n * sizeof(Wav));
  r->wavs = wavs ? wavs : r->wavs;
  return originals && wavs ? STATUS_OK : STATUS_NO_MEMORY;
}

static Status
check_ratio(const Wav* const original, const double sample_rate, Message* const message)
{
  if (!src_is_valid_ratio(sample_rate / original->sample_rate)) {
    return status_fail(message, STATUS_UNSUPPORTED,
                       "sound at %g Hz can't be resampled to %g Hz; rates may differ by a factor "
                       "of up to 256",
                       original->sample_rate, sample_rate);
  }
  return STATUS_OK;
}

/// Resample a take, or clip by clip; nothing is left to clear after a failure
static Status
resample_clips(const Wav* const original, const uint32_t clip_frames, const double sample_rate,
               Wav* const to, Message* const message)
{
  Wav wav = {.sample_rate = sample_rate};
  wav.n_frames = scale_frame(original->n_frames, sample_rate / original->sample_rate);
  Status status = check_ratio(original, sample_rate, message);
  status = status ? status : resample_wav(original, clip_frames, &wav, message);
  if (status) {
    wav_clear(&wav);
    return status;
  }
  *to = wav;
  return STATUS_OK;
}

Status
resample_add(Resampled* const resampled, const Wav* const original, Message* const message)
{
  const double rate = resampled->sample_rate;
  if (!original->n_frames) {
    return STATUS_OK;
  }
  if (make_room(resampled)) {
    return status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: out of memory", rate);
  }
  Wav* const to = &resampled->wavs[resampled->n_wavs];
  const Status status = resample_clips(original, resampled->clip_frames, rate, to, message);
  if (!status) {
    resampled->originals[resampled->n_wavs++] = *original;
  }
  return status;
}

Status
resample_one(const Wav* const original, const double sample_rate, Wav* const to,
             Message* const message)
{
  *to = (Wav){.sample_rate = sample_rate};
  return original->n_frames ? resample_clips(original, 0, sample_rate, to, message) : STATUS_OK;
}

const float*
resample_find(const Resampled* const resampled, const float* const sample)
{
  for (uint32_t i = 0; i < resampled->n_wavs; ++i) {
    const Wav* const from = &resampled->originals[i];
    if (sample >= from->samples && sample < from->samples + from->n_frames) {
      const uint64_t frame = (uint64_t)(sample - from->samples);
      const double ratio = resampled->sample_rate / from->sample_rate;
      return resampled->wavs[i].samples + scale_frame(frame, ratio);
    }
  }
  return NULL;
}

void
resample_clear(Resampled* const resampled)
{
  for (uint32_t i = 0; i < resampled->n_wavs; ++i) {
    wav_clear(&resampled->wavs[i]);
  }
  free(resampled->originals);
  free(resampled->wavs);
  *resampled = (Resampled){0};
}

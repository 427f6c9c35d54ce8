// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Resamples with libsamplerate's best windowed sinc, block by block; its delay is made up for within
// the library. At the ends of a stretch it takes what lies beyond for silence, which rings for some
// frames where the sound does not begin or end softly. A take has two ends only; of independent
// clips those edges are not scored.

#include "train/audio/resample.h"

#include "train/audio/spool.h"

#include <samplerate.h>

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16384U
#define EDGE 64.0 ///< Of a clip, in frames of the lower rate; beyond, it rings below -60 dB
#define MIN_LENGTH 32.0

/// Sound that is resampled on its own
typedef struct {
  const float* in;
  uint64_t n_in;
  uint64_t n_out;
} Stretch;

/// What all stretches of a recording go through
typedef struct {
  SRC_STATE* state;
  double ratio;
  double sample_rate; ///< To which [Hz]
  Spool spool;        ///< Takes what is made
  float block[BLOCK];
} Converter;

static long
block_of(const uint64_t n_frames)
{
  return n_frames < BLOCK ? (long)n_frames : (long)BLOCK;
}

static Status
fail(const Converter* const c, const char* const why, Message* const message)
{
  return status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: %s", c->sample_rate, why);
}

/// Add silence for the frames that a stretch ended up without
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

/// Resample a stretch from rest
static Status
convert(Converter* const c, const Stretch s, Message* const message)
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
      return fail(c, src_strerror(error), message);
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

/// Where a frame lies at another rate
static uint64_t
moved(const uint64_t frame, const double ratio)
{
  return (uint64_t)round((double)frame * ratio);
}

/// Resample clip after clip, each to where it begins at the other rate
static Status
convert_clips(Converter* const c, const Wav* const from, const uint64_t clip_frames,
              Message* const message)
{
  Status status = STATUS_OK;
  for (uint64_t begin = 0; begin < from->n_frames && !status; begin += clip_frames) {
    const uint64_t left = from->n_frames - begin;
    const uint64_t n = left < clip_frames ? left : clip_frames;
    const uint64_t n_out = moved(begin + n, c->ratio) - moved(begin, c->ratio);
    status = convert(c, (Stretch){from->samples + begin, n, n_out}, message);
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
resample(const Wav* const from, const uint32_t clip_frames, Wav* const to, Message* const message)
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
               : fail(c, src_strerror(error), message);
  (void)src_delete(c->state);
  free(c);
  return status;
}

/// Make room for one more recording
static Status
grow(Resampled* const r)
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

Status
resample_add(Resampled* const resampled, const Wav* const original, Message* const message)
{
  Wav to = {.sample_rate = resampled->sample_rate};
  if (!original->n_frames) {
    return STATUS_OK;
  }
  Status status = check_ratio(original, to.sample_rate, message);
  if (status) {
    return status;
  }
  to.n_frames = moved(original->n_frames, to.sample_rate / original->sample_rate);
  if (grow(resampled)) {
    status = status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: out of memory",
                         to.sample_rate);
  } else {
    status = resample(original, resampled->clip_frames, &to, message);
  }
  if (status) {
    wav_clear(&to);
    return status;
  }
  resampled->originals[resampled->n_wavs] = *original;
  resampled->wavs[resampled->n_wavs++] = to;
  return STATUS_OK;
}

/// Return the place of a sample at the other rate, NULL if it is of none of the originals
static const float*
find(const Resampled* const r, const float* const sample)
{
  for (uint32_t i = 0; i < r->n_wavs; ++i) {
    const Wav* const from = &r->originals[i];
    if (sample >= from->samples && sample < from->samples + from->n_frames) {
      const uint64_t frame = (uint64_t)(sample - from->samples);
      return r->wavs[i].samples + moved(frame, r->sample_rate / from->sample_rate);
    }
  }
  return NULL;
}

/// Lengths at the other rate, so that no clip reaches beyond its end or, of independent ones, into
/// their edges
static Status
scale_lengths(const Resampled* const r, const Dataset* const from, Dataset* const to,
              Message* const message)
{
  const double ratio = r->sample_rate / r->originals[0].sample_rate;
  const double edge = r->clip_frames ? ceil(EDGE * fmax(ratio, 1.0)) : 0.0;
  const double total = floor((double)(from->warmup + from->length) * ratio) - 1.0;
  const double warmup = fmax(round(from->warmup * ratio), edge);
  const double length = total - warmup - edge;
  if (length < MIN_LENGTH) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "clips of %u frames are too short to be resampled to %g Hz; give longer "
                       "ones, or no --rates",
                       from->warmup + from->length, r->sample_rate);
  }
  to->warmup = (uint32_t)warmup;
  to->length = (uint32_t)length;
  return STATUS_OK;
}

Status
resample_clips(const Resampled* const resampled, const Dataset* const dataset, Dataset* const clips,
               Message* const message)
{
  Dataset to = {.n_clips = dataset->n_clips, .sample_rate = resampled->sample_rate};
  if (!dataset->n_clips) {
    return STATUS_OK;
  }
  const Status status = scale_lengths(resampled, dataset, &to, message);
  if (status) {
    return status;
  }
  to.clips = (Clip*)calloc(dataset->n_clips, sizeof(Clip));
  if (!to.clips) {
    return status_fail(message, STATUS_NO_MEMORY, "resampling to %g Hz: out of memory",
                       resampled->sample_rate);
  }
  for (uint32_t i = 0; i < dataset->n_clips; ++i) {
    to.clips[i] = dataset->clips[i];
    to.clips[i].input = find(resampled, dataset->clips[i].input);
    to.clips[i].target = find(resampled, dataset->clips[i].target);
    assert(to.clips[i].input && to.clips[i].target);
  }
  *clips = to;
  return STATUS_OK;
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

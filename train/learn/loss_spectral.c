// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One complex transform gives the spectra of output and target, as its real and imaginary part; a
// second one turns the gradient with respect to the spectrum into that with respect to the samples.

#include "train/learn/loss_spectral.h"

#include "core/circle.h"
#include "train/learn/bptt.h"

#include <kiss_fft.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define G BPTT_GROUP
#define MAX SPECTRAL_MAX_SIZE
#define FLOOR 1e-6F  ///< Of the mean power of a bin
#define SMOOTH 0.1F  ///< δ
#define MAX_HOPS 4U  ///< A window is at most so many chunks long
#define PER_WINDOW 2 ///< Windows that begin in the time of one

static const uint32_t sizes[SPECTRAL_SIZES] = {256, 1024, MAX};

/// One lane's window, from the first of its frames
typedef struct {
  const float* output;
  const float* target;
} LaneWindow;

/// Rise as a Hann window over three quarters, fall over the last
static float
window_at(const uint32_t i, const uint32_t n)
{
  const double at = (i + 0.5) / n;
  const double phase = at < 0.75 ? at / 0.75 : (1.0 - at) / 0.25;
  return (float)(0.5 - 0.5 * cos(PI * phase));
}

static Status
init_size(SpectralSize* const size, const uint32_t n, const double power)
{
  double energy = 0.0;
  size->n_frames = n;
  size->window = (float*)calloc(n, sizeof(float));
  size->plan = kiss_fft_alloc((int)n, 0, NULL, NULL);
  if (!size->window || !size->plan) {
    return STATUS_NO_MEMORY;
  }
  for (uint32_t i = 0; i < n; ++i) {
    size->window[i] = window_at(i, n);
    energy += pow((double)size->window[i], 2.0);
  }
  size->unit = (float)(power * energy);
  return STATUS_OK;
}

Status
spectral_init(Spectral* const spectral, const double weight, const double power)
{
  *spectral = (Spectral){.weight = weight};
  Status status = STATUS_OK;
  for (uint32_t i = 0; weight > 0.0 && i < SPECTRAL_SIZES && !status; ++i) {
    status = init_size(&spectral->sizes[i], sizes[i], power);
  }
  if (status) {
    spectral_clear(spectral);
  }
  return status;
}

void
spectral_clear(Spectral* const spectral)
{
  for (uint32_t i = 0; i < SPECTRAL_SIZES; ++i) {
    free(spectral->sizes[i].window);
    kiss_fft_free(spectral->sizes[i].plan);
  }
  *spectral = (Spectral){0};
}

Status
spectral_memory_init(SpectralMemory* const memory, const uint32_t max_frames)
{
  // Twice what is needed, so that it is moved only now and then
  const uint32_t capacity = 2 * MAX + max_frames;
  *memory = (SpectralMemory){
      .output = (float*)calloc((size_t)G * capacity, sizeof(float)),
      .target = (float*)calloc((size_t)G * capacity, sizeof(float)),
      .capacity = capacity,
      .end = MAX,
  };
  if (!memory->output || !memory->target) {
    spectral_memory_clear(memory);
    return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
}

void
spectral_memory_clear(SpectralMemory* const memory)
{
  free(memory->output);
  free(memory->target);
  *memory = (SpectralMemory){0};
}

void
spectral_memory_reset(SpectralMemory* const memory)
{
  for (uint32_t g = 0; memory->capacity && g < G; ++g) {
    memset(memory->output + (size_t)g * memory->capacity, 0, MAX * sizeof(float));
    memset(memory->target + (size_t)g * memory->capacity, 0, MAX * sizeof(float));
  }
  memory->end = MAX;
}

/// Forget all but the last MAX frames
static void
make_room(SpectralMemory* const memory)
{
  const uint32_t first = memory->end - MAX;
  for (uint32_t g = 0; g < G; ++g) {
    float* const output = memory->output + (size_t)g * memory->capacity;
    float* const target = memory->target + (size_t)g * memory->capacity;
    memmove(output, output + first, MAX * sizeof(float));
    memmove(target, target + first, MAX * sizeof(float));
  }
  memory->end = MAX;
}

void
spectral_remember(SpectralMemory* const memory, const float* const output,
                  const float* const target, const uint32_t n_frames)
{
  if (n_frames > memory->capacity - memory->end) {
    make_room(memory);
  }
  for (uint32_t g = 0; g < G; ++g) {
    const size_t end = (size_t)g * memory->capacity + memory->end;
    for (uint32_t t = 0; t < n_frames; ++t) {
      memory->output[end + t] = output[(size_t)t * G + g];
      memory->target[end + t] = target[(size_t)t * G + g];
    }
  }
  memory->end += n_frames;
}

/// Return one bin's term; replace its spectrum `y` by the conjugate gradient
static float
bin_gradient(const float unit, const kiss_fft_cpx t, kiss_fft_cpx* const y)
{
  const float m = sqrtf(y->r * y->r + y->i * y->i + FLOOR * unit);
  const float m_target = sqrtf(t.r * t.r + t.i * t.i + FLOOR * unit);
  const float difference = m - m_target;
  const float ratio = logf(m / m_target);
  const float distance = sqrtf(ratio * ratio + SMOOTH * SMOOTH);
  const float slope = 2.0F * difference / unit + ratio / (distance * m); // W.r.t. m
  *y = (kiss_fft_cpx){slope * y->r / m, -slope * y->i / m};
  return difference * difference / unit + distance - SMOOTH;
}

/// Return the sum over the bins of one window; fill `gradient` with that by the windowed output
static double
window_gradient(const SpectralSize* const size, const LaneWindow frames, kiss_fft_cpx gradient[MAX])
{
  const uint32_t n = size->n_frames;
  kiss_fft_cpx time[MAX];
  double sum = 0.0;
  for (uint32_t i = 0; i < n; ++i) {
    time[i] =
        (kiss_fft_cpx){size->window[i] * frames.output[i], size->window[i] * frames.target[i]};
  }
  kiss_fft(size->plan, time, gradient);
  memset(time, 0, n * sizeof(kiss_fft_cpx));
  for (uint32_t k = 1; k < n / 2; ++k) {
    const kiss_fft_cpx a = gradient[k];
    const kiss_fft_cpx b = gradient[n - k];
    time[k] = (kiss_fft_cpx){0.5F * (a.r + b.r), 0.5F * (a.i - b.i)};
    const kiss_fft_cpx target = {0.5F * (a.i + b.i), 0.5F * (b.r - a.r)};
    sum += (double)bin_gradient(size->unit, target, &time[k]);
  }
  kiss_fft(size->plan, time, gradient);
  return sum;
}

/// One lane at one size: return the sum over bins and windows, and add `scale` times its gradient
static double
lane_gradient(const SpectralSize* const size, const LaneWindow chunk, const uint32_t n_frames,
              const float scale, float* const dy)
{
  kiss_fft_cpx gradient[MAX];
  const uint32_t n = size->n_frames;
  double sum = 0.0;
  for (uint32_t past = 0; past < n_frames; past += n / PER_WINDOW) {
    const uint32_t end = n_frames - past;
    const LaneWindow frames = {chunk.output + end - n, chunk.target + end - n};
    sum += window_gradient(size, frames, gradient);
    for (uint32_t i = end < n ? n - end : 0; i < n; ++i) {
      dy[(size_t)(end - n + i) * G] += scale * size->window[i] * gradient[i].r;
    }
  }
  return sum;
}

static bool
takes_part(const SpectralSize* const size, const uint32_t n_frames)
{
  return size->n_frames / MAX_HOPS <= n_frames;
}

/// The group's share of one size; `weight` is that of a clip
static double
add_size(const SpectralSize* const size, const SpectralMemory* const memory,
         const SpectralChunk* const chunk, const double weight, float* const dy)
{
  const uint32_t hop = size->n_frames / PER_WINDOW;
  const uint32_t n_windows = (chunk->n_frames + hop - 1) / hop;
  const double scale = weight / ((double)n_windows * (size->n_frames / 2 - 1));
  double sum = 0.0;
  for (uint32_t g = 0; g < G; ++g) {
    const size_t first = (size_t)g * memory->capacity + memory->end - chunk->n_frames;
    const LaneWindow frames = {memory->output + first, memory->target + first};
    if (chunk->mask[g] > 0.0F) {
      sum += lane_gradient(size, frames, chunk->n_frames, (float)scale, dy + g);
    }
  }
  return scale * sum;
}

double
spectral_add_gradient(const Spectral* const spectral, const SpectralMemory* const memory,
                      const SpectralChunk* const chunk, float* const dy)
{
  uint32_t n_sizes = 0;
  double value = 0.0;
  for (uint32_t i = 0; i < SPECTRAL_SIZES; ++i) {
    n_sizes += takes_part(&spectral->sizes[i], chunk->n_frames);
  }
  for (uint32_t i = 0; i < n_sizes; ++i) { // From the smallest
    const double weight = spectral->weight / ((double)n_sizes * chunk->n_clips);
    value += add_size(&spectral->sizes[i], memory, chunk, weight, dy);
  }
  return value;
}

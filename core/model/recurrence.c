// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// If M is whole, every M-th frame belongs to the same network: a phase. Phases are separated, run
// as streams of their own, and interleaved again. A kernel of two streams runs both channels of a
// phase, or two phases of one channel, so weights are read half as often.

#include "core/model/recurrence.h"

#include "core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-6 ///< Tolerance for M to count as whole

struct RecurrenceImpl {
  CellKernel kernel;
  uint32_t n_channels;
  uint32_t n_phases; ///< M if it is whole, otherwise 0
  uint32_t phase;    ///< Of the next frame
  size_t n_state;    ///< Floats of a kernel's state
  float* states;     ///< (n_states, n_state): one for each run of the kernel; or the past, a ring
  uint32_t n_states;
  float taps[RECURRENCE_TAPS];
  uint32_t skip;
  uint32_t newest; ///< Position in the ring
  float* spare;    ///< (n_state)
};

bool
recurrence_is_whole(const double delay)
{
  return fabs(delay - round(delay)) <= TOLERANCE * delay;
}

uint32_t
recurrence_n_streams(const double delay, const uint32_t n_channels)
{
  const bool is_even = recurrence_is_whole(delay) && (uint32_t)lround(delay) % 2 == 0;
  return n_channels == 2 || is_even ? 2 : 1;
}

uint32_t
recurrence_taps(const double delay, double taps[RECURRENCE_TAPS])
{
  const double extra = delay - 1.0;
  const double skip =
      fmax(0.0, floor(extra) - 1.0); // The wanted position lies between the middle two taps
  const double d = extra - skip;
  taps[0] = -(d - 1.0) * (d - 2.0) * (d - 3.0) / 6.0;
  taps[1] = d * (d - 2.0) * (d - 3.0) / 2.0;
  taps[2] = -d * (d - 1.0) * (d - 3.0) / 2.0;
  taps[3] = d * (d - 1.0) * (d - 2.0) / 6.0;
  return (uint32_t)skip;
}

/// Find out how many states are needed
static void
plan_states(Recurrence* const r, const double delay)
{
  double taps[RECURRENCE_TAPS];
  if (recurrence_is_whole(delay)) {
    r->n_phases = (uint32_t)lround(delay);
    r->n_states = r->n_phases * r->n_channels / r->kernel.choice.n_streams;
    return;
  }
  r->skip = recurrence_taps(delay, taps);
  r->n_states = r->skip + RECURRENCE_TAPS;
  for (uint32_t k = 0; k < RECURRENCE_TAPS; ++k) {
    r->taps[k] = (float)taps[k];
  }
}

Status
recurrence_new(const CellKernel* const kernel, const double delay, const uint32_t n_channels,
               Recurrence** const recurrence)
{
  if (!(delay >= 1.0 - TOLERANCE && delay <= RECURRENCE_MAX_DELAY)) {
    return STATUS_BAD_ARGUMENT;
  }
  Recurrence* const r = (Recurrence*)calloc(1, sizeof(Recurrence));
  if (!r) {
    return STATUS_NO_MEMORY;
  }
  r->kernel = *kernel;
  r->n_channels = n_channels;
  r->n_state = memory_round_floats(cells_state_count(kernel));
  plan_states(r, delay);
  r->states = memory_new_floats(r->n_states * r->n_state);
  r->spare = memory_new_floats(r->n_state);
  if (!r->states || !r->spare) {
    recurrence_free(r);
    return STATUS_NO_MEMORY;
  }
  *recurrence = r;
  return STATUS_OK;
}

void
recurrence_free(Recurrence* const recurrence)
{
  if (recurrence) {
    free(recurrence->states);
    free(recurrence->spare);
    free(recurrence);
  }
}

// Audio thread from here

void
recurrence_reset(Recurrence* const recurrence, const float* const rest) RT
{
  const size_t count = cells_state_count(&recurrence->kernel);
  for (uint32_t i = 0; i < recurrence->n_states; ++i) {
    memcpy(recurrence->states + i * recurrence->n_state, rest, count * sizeof(float));
  }
  recurrence->phase = 0;
  recurrence->newest = 0;
}

/// The frames of one channel that belong to one phase
typedef struct {
  float samples[RECURRENCE_MAX_FRAMES];
  uint32_t first; ///< In the block
  uint32_t n;
} Phase;

static void
take_apart(const Recurrence* const r, const uint32_t phase, const float* const in, const uint32_t n,
           Phase* const out) RT
{
  out->first = (phase + r->n_phases - r->phase) % r->n_phases;
  out->n = 0;
  for (uint32_t i = out->first; i < n; i += r->n_phases) {
    out->samples[out->n++] = in[i];
  }
}

static void
put_together(const Recurrence* const r, const Phase* const phase, float* const out) RT
{
  for (uint32_t k = 0; k < phase->n; ++k) {
    out[phase->first + k * r->n_phases] = phase->samples[k];
  }
}

/// Let one of a kernel's two streams play one more frame, while the other keeps its state
static void
run_one_more(Recurrence* const r, const CellWeights* const weights, float* const state,
             Phase* const streams, const uint32_t which) RT
{
  const size_t half = cells_state_count(&r->kernel) / 2;
  float* const other = state + (which ? 0 : half);
  float unheard[2] = {0.0F, 0.0F};
  float* const x = streams[which].samples + streams[which].n - 1;
  CellBuffers io = {{unheard, unheard}, {unheard, unheard + 1}};
  io.in[which] = x;
  io.out[which] = x;
  memcpy(r->spare, other, half * sizeof(float));
  r->kernel.run(weights, state, &io, 1);
  memcpy(other, r->spare, half * sizeof(float));
}

/// Run a kernel over one stream, or over two whose lengths may differ by a frame
static void
run_streams(Recurrence* const r, const CellWeights* const weights, float* const state,
            Phase* const streams) RT
{
  const bool is_pair = r->kernel.choice.n_streams == 2;
  const uint32_t n = is_pair && streams[1].n < streams[0].n ? streams[1].n : streams[0].n;
  CellBuffers io = {{streams[0].samples, NULL}, {streams[0].samples, NULL}};
  if (is_pair) {
    io.in[1] = io.out[1] = streams[1].samples;
  }
  r->kernel.run(weights, state, &io, n);
  for (uint32_t which = 0; is_pair && which < 2; ++which) {
    if (streams[which].n > n) {
      run_one_more(r, weights, state, streams, which);
    }
  }
}

/// M is whole: stream s is phase s / n_channels of channel s % n_channels
static void
run_phases(Recurrence* const r, const CellWeights* const weights, const float* const* const in,
           float* const* const out, const uint32_t n) RT
{
  const uint32_t n_streams = r->kernel.choice.n_streams;
  Phase streams[CELLS_MAX_STREAMS];
  for (uint32_t k = 0; k < r->n_states; ++k) {
    for (uint32_t i = 0; i < n_streams; ++i) {
      const uint32_t s = k * n_streams + i;
      take_apart(r, s / r->n_channels, in[s % r->n_channels], n, &streams[i]);
    }
    run_streams(r, weights, r->states + k * r->n_state, streams);
    for (uint32_t i = 0; i < n_streams; ++i) {
      const uint32_t s = k * n_streams + i;
      put_together(r, &streams[i], out[s % r->n_channels]);
    }
  }
  r->phase = (r->phase + n) % r->n_phases;
}

/// Write `count` floats of the state M steps back
static void
interpolate_state(const Recurrence* const r, float* const state, const size_t count) RT
{
  const float* past[RECURRENCE_TAPS];
  for (uint32_t k = 0; k < RECURRENCE_TAPS; ++k) {
    past[k] = r->states + (r->newest + r->n_states - r->skip - k) % r->n_states * r->n_state;
  }
  for (size_t i = 0; i < count; ++i) {
    state[i] = (r->taps[0] * past[0][i] + r->taps[1] * past[1][i]) +
               (r->taps[2] * past[2][i] + r->taps[3] * past[3][i]);
  }
}

void
recurrence_next_state(const Recurrence* const recurrence, float* const h) RT
{
  const CellChoice choice = recurrence->kernel.choice;
  if (!recurrence->n_phases) {
    interpolate_state(recurrence, h, choice.hidden_size);
    return;
  }
  const size_t of_stream = cells_state_count(&recurrence->kernel) / choice.n_streams;
  const uint32_t stream = recurrence->phase * recurrence->n_channels;
  const float* const state = recurrence->states + stream / choice.n_streams * recurrence->n_state;
  memcpy(h, state + stream % choice.n_streams * of_stream, choice.hidden_size * sizeof(float));
}

/// M is not whole: go frame by frame
static void
run_between(Recurrence* const r, const CellWeights* const weights, const float* const* const in,
            float* const* const out, const uint32_t n) RT
{
  const size_t count = cells_state_count(&r->kernel);
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t next = (r->newest + 1) % r->n_states;
    float* const state = r->states + next * r->n_state;
    CellBuffers io = {{NULL, NULL}, {NULL, NULL}};
    for (uint32_t c = 0; c < r->n_channels; ++c) {
      io.in[c] = in[c] + i;
      io.out[c] = out[c] + i;
    }
    interpolate_state(r, r->spare, count);
    memcpy(state, r->spare, count * sizeof(float));
    r->kernel.run(weights, state, &io, 1);
    r->newest = next;
  }
}

void
recurrence_run(Recurrence* const recurrence, const CellWeights* const weights,
               const float* const* const in, float* const* const out, const uint32_t n) RT
{
  if (!recurrence->n_phases) {
    run_between(recurrence, weights, in, out, n);
  } else if (recurrence->n_phases == 1) {
    CellBuffers io = {{NULL, NULL}, {NULL, NULL}};
    for (uint32_t c = 0; c < recurrence->n_channels; ++c) {
      io.in[c] = in[c];
      io.out[c] = out[c];
    }
    recurrence->kernel.run(weights, recurrence->states, &io, n);
  } else {
    run_phases(recurrence, weights, in, out, n);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What comes of an impulse that moves the network by so little that only double precision sees it?
// The equations of core/reference.h play it, and the same without it. Main thread.

#include "train/report/stage_response.h"

#include "core/reference.h"

#include <kiss_fftr.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 65536U ///< Of the transform [frames]: less than 1 Hz from bin to bin
#define N_BINS (SIZE / 2 + 1)
#define N_FRAMES 16384U ///< Until the network is at rest, and again until it is quiet
#define IMPULSE 1e-6F

/// Buffers of a measurement
typedef struct {
  kiss_fftr_cfg plan;
  float in[N_FRAMES];
  double at_rest[N_FRAMES];
  double moved[N_FRAMES];
  float frames[SIZE];
  kiss_fft_cpx bins[N_BINS];
  double spectrum[N_BINS]; ///< Of all filters so far
} ResponseWork;

/// Play the network, from its rest on, with the impulse and without
static Status
play_impulse(const Params* const params, const float* const knobs, ResponseWork* const w)
{
  double turned[PARAMS_MAX_KNOBS];
  double state[PARAMS_MAX_STATE] = {0.0};
  double same[PARAMS_MAX_STATE];
  for (uint32_t k = 0; k < PARAMS_MAX_KNOBS; ++k) {
    turned[k] = (double)knobs[k];
  }
  Status status = reference_run(params, turned, state, w->in, w->at_rest, N_FRAMES);
  memcpy(same, state, sizeof(same));
  status = status ? status : reference_run(params, turned, state, w->in, w->at_rest, N_FRAMES);
  w->in[0] = IMPULSE;
  return status ? status : reference_run(params, turned, same, w->in, w->moved, N_FRAMES);
}

/// Multiply the spectrum by that of what is in the frames, as one filter behind another does, and
/// find its levels
static void
add_filter(ResponseWork* const w, const BandsRange range, const double sample_rate,
           double db[BANDS_N])
{
  kiss_fftr(w->plan, w->frames, w->bins);
  for (uint32_t k = 0; k < N_BINS; ++k) {
    const double re = (double)w->bins[k].r;
    const double im = (double)w->bins[k].i;
    w->spectrum[k] *= re * re + im * im;
  }
  bands_average(range, w->spectrum, N_BINS, sample_rate / SIZE, db);
  bands_convert_to_db(db, bands_find_strongest(db));
}

static void
take_stage(const Params* const params, ResponseWork* const w)
{
  memset(w->frames, 0, sizeof(w->frames));
  memcpy(w->frames, params_values(params, PARAMS_TAPS), params->shape.n_taps * sizeof(float));
}

static void
take_network(ResponseWork* const w)
{
  memset(w->frames, 0, sizeof(w->frames));
  for (uint32_t t = 0; t < N_FRAMES; ++t) {
    w->frames[t] = (float)((w->moved[t] - w->at_rest[t]) / (double)IMPULSE);
  }
}

static Status
new_work(ResponseWork** const work)
{
  ResponseWork* const w = (ResponseWork*)calloc(1, sizeof(ResponseWork));
  if (!w || !(w->plan = kiss_fftr_alloc((int)SIZE, 0, NULL, NULL))) {
    free(w);
    return STATUS_NO_MEMORY;
  }
  for (uint32_t k = 0; k < N_BINS; ++k) {
    w->spectrum[k] = 1.0;
  }
  *work = w;
  return STATUS_OK;
}

Status
stage_response_measure(const Params* const params, const float* const knobs,
                       const double sample_rate, StageResponse* const response)
{
  ResponseWork* w = NULL;
  Status status = new_work(&w);
  if (status) {
    return status;
  }
  if (!(status = play_impulse(params, knobs, w))) {
    response->range = bands_range(STAGE_RESPONSE_LOWEST, sample_rate);
    bands_find_middles(response->range, response->hz);
    take_stage(params, w);
    add_filter(w, response->range, sample_rate, response->stage_db);
    take_network(w);
    add_filter(w, response->range, sample_rate, response->model_db);
  }
  kiss_fftr_free(w->plan);
  free(w);
  return status;
}

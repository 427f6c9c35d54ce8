// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A bar is two phrases, each by a guitar of its own, so that tempo and tone are never the same.

#include "train/capture/etude.h"

#include "core/decibel.h"
#include "core/random.h"
#include "guitar/burst.h"
#include "guitar/guitar.h"

#include <math.h>
#include <stdlib.h>

#define PEAK_DB (-0.1)
#define N_BARS 16U ///< After which there is noise again
#define NOISE_DB (-30.0)
#define SHORTEST_PART 0.33 ///< Of a bar that a phrase lasts
#define PAUSE 0.04         ///< After a phrase, in which it fades [s]

/// How often a phrase is played, of 16
static const GuitarPhrase phrases[16] = {
    GUITAR_RUN,  GUITAR_RUN,  GUITAR_POWER, GUITAR_POWER, GUITAR_POWER, GUITAR_OPEN,
    GUITAR_OPEN, GUITAR_OPEN, GUITAR_MUTE,  GUITAR_MUTE,  GUITAR_LEAD,  GUITAR_LEAD,
    GUITAR_PICK, GUITAR_PICK, GUITAR_STEPS, GUITAR_DECAY,
};

uint32_t
etude_bar_frames(const Etude* const etude)
{
  return (uint32_t)(ETUDE_BAR_SECONDS * etude->sample_rate);
}

/// Return a number whose logarithm is spread evenly
static double
draw_ratio(Random* const random, const double low, const double high)
{
  return low * pow(high / low, random_between(random, 0.0, 1.0));
}

/// Draw a level: of twenty, fourteen loud, five soft, one hardly audible
static double
draw_gain(Random* const random)
{
  const uint32_t kind = random_below(random, 20);
  const double db = kind < 14   ? random_between(random, -5.0, 0.0)
                    : kind < 19 ? random_between(random, -18.0, -5.0)
                                : random_between(random, -45.0, -18.0);
  return decibel_to_gain(PEAK_DB + db);
}

static GuitarPickup
draw_pickup(Random* const random)
{
  return (GuitarPickup){
      .place = random_between(random, 0.07, 0.3),
      .resonance = draw_ratio(random, 1500.0, 5000.0),
      .q = draw_ratio(random, 0.6, 2.5),
  };
}

/// Play a phrase with peak 1 that fades to zero
static Status
play_phrase(const Etude* const etude, Random* const random, const uint32_t n_frames,
            double* const out)
{
  const uint32_t n_fade = (uint32_t)(PAUSE * etude->sample_rate);
  const GuitarSpec spec = {
      .sample_rate = etude->sample_rate,
      .n_frames = n_frames,
      .seed = random_bits(random),
      .pickup = draw_pickup(random),
  };
  const Status status = guitar_play(&spec, phrases[random_below(random, 16)], out);
  for (uint32_t i = 0; i < n_fade && !status; ++i) {
    out[n_frames - 1U - i] *= (double)i / n_fade;
  }
  return status;
}

/// Play one part of a bar in zeroed memory, with peak 1 or softer
static Status
play_part(const Etude* const etude, const uint32_t bar, Random* const random,
          const uint32_t n_frames, double* const out)
{
  if (bar % N_BARS == N_BARS - 1U) {
    const Burst noise = {.begin = 0, .end = n_frames, .peak = decibel_to_gain(NOISE_DB)};
    burst_put_noise(&noise, etude->sample_rate, random, out);
    return STATUS_OK;
  }
  return play_phrase(etude, random, n_frames, out);
}

Status
etude_play(const Etude* const etude, const uint32_t bar, float* const out)
{
  Random random = random_for(etude->seed, bar);
  const uint32_t n_frames = etude_bar_frames(etude);
  const double part = random_between(&random, SHORTEST_PART, 1.0 - SHORTEST_PART);
  const uint32_t lengths[2] = {(uint32_t)(part * n_frames), n_frames - (uint32_t)(part * n_frames)};
  double* const samples = (double*)calloc(n_frames, sizeof(double));
  Status status = samples ? STATUS_OK : STATUS_NO_MEMORY;
  for (uint32_t i = 0, begin = 0; i < 2 && !status; begin += lengths[i++]) {
    status = play_part(etude, bar, &random, lengths[i], samples + begin);
    const double gain = draw_gain(&random);
    for (uint32_t k = begin; k < begin + lengths[i]; ++k) {
      out[k] = (float)(gain * samples[k]);
    }
  }
  free(samples);
  return status;
}

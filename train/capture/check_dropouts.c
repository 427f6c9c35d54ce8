// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does nothing come out although the input plays? Main thread, before the training.
//
// A gate falls silent where the input is soft, or only hums: that is as it should be, however much
// of the recording it is. A dropout, a bad cable or a recorder that stopped doesn't care how loud
// the input is.

#include "train/capture/checks.h"

#include "core/decibel.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define FRAME_SECONDS 0.02
#define PLAYS (-30.0)      ///< Frame of the input against its mean [dB]
#define IS_LOUD (-6.0)     ///< Likewise, from which no gate closes [dB]
#define DEAD (-75.0)       ///< Frame of the target against its mean [dB]
#define LEAST_DROPOUT 0.06 ///< Shortest total that is reported [s]
#define MOST_DROPOUTS 0.25 ///< Share of the loud playing

/// Frames in which the input plays, and in how many of them the target is silent
typedef struct {
  uint32_t n_loud;
  uint32_t n_loud_dead;
  uint32_t n_dead; ///< With the soft ones
  double first;    ///< [s]
} Dropouts;

static double
power_of(const Wav* const wav, const uint64_t begin, const uint64_t end)
{
  double sum = 0.0;
  for (uint64_t i = begin; i < end; ++i) {
    sum += (double)wav->samples[i] * (double)wav->samples[i];
  }
  return end > begin ? sum / (double)(end - begin) : 0.0;
}

static Dropouts
count_dropouts(const CheckPair p, const double delay)
{
  const uint64_t size = (uint64_t)(FRAME_SECONDS * p.input->sample_rate) + 1;
  const double mean = power_of(p.input, 0, p.input->n_frames);
  const double dead = power_of(p.target, 0, p.target->n_frames) * decibel_to_power(DEAD);
  Dropouts d = {0, 0, 0, 0.0};
  for (uint64_t i = 0; i + size <= p.input->n_frames; i += size) {
    const double at = (double)i + delay;
    const double power = power_of(p.input, i, i + size);
    if (at < 0.0 || at + (double)size > (double)p.target->n_frames ||
        power < mean * decibel_to_power(PLAYS)) {
      continue;
    }
    const uint64_t begin = (uint64_t)at;
    const bool is_loud = power > mean * decibel_to_power(IS_LOUD);
    const bool is_dead = power_of(p.target, begin, begin + size) <= dead;
    d.first = is_dead && !d.n_dead ? (double)begin / p.target->sample_rate : d.first;
    d.n_dead += is_dead;
    d.n_loud += is_loud;
    d.n_loud_dead += is_loud && is_dead;
  }
  return d;
}

void
check_dropouts(const CheckPair p, const double delay, Findings* const findings)
{
  const Dropouts d = count_dropouts(p, delay);
  const double seconds = d.n_dead * FRAME_SECONDS;
  if (seconds < LEAST_DROPOUT) {
    finding_add(findings, "Silence", VERDICT_OK, "", "none where the input plays");
  } else if (d.n_loud_dead * FRAME_SECONDS < LEAST_DROPOUT) {
    finding_add(findings, "Silence", VERDICT_OK, "", "%.2f s, all where the input is soft: a gate",
                seconds);
  } else {
    finding_add(findings, "Silence",
                d.n_loud_dead > MOST_DROPOUTS * d.n_loud ? VERDICT_STOP : VERDICT_NOTE,
                "The target is silent while the input plays: a dropout, a bad cable, or a gate in "
                "the gear.",
                "%.2f s, the first at %.2f s", seconds, d.first);
  }
}

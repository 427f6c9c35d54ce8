// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which checks a recording goes through, in which order, and what follows for the target. Main
// thread.

#include "train/capture/examine.h"

#include "train/capture/noise_floor.h"

#include <stddef.h>

/// Check latency, drift and polarity, or take the latency that is given
static void
examine_timing(const CheckPair pair, const ExamineOptions* const options, const Alignment* const a,
               Findings* const findings, Corrections* const corrections)
{
  if (options->has_latency) {
    finding_add(findings, "Latency", VERDICT_FIXED, "The target was shifted by --latency.",
                "%.2f frames, as given", options->latency);
    corrections->delay = options->latency;
    return;
  }
  check_timing(pair, a, findings);
  const Finding* const latency = finding_of(findings, "Latency");
  if (latency && latency->verdict == VERDICT_FIXED) {
    corrections->delay = corrections_delay(a->delay - a->apart) + a->apart;
  }
  if (finding_of(findings, "Polarity")) {
    corrections->drift = corrections_drift(a->drift);
  }
}

Status
examine_sound(const CheckPair pair, const ExamineOptions* const options, const uint32_t clip_frames,
              Findings* const findings, Alignment* const alignment, Message* const message)
{
  *alignment = (Alignment){.delay = 0.0};
  check_formats(pair, findings);
  check_levels(pair, findings);
  const bool is_sought = !clip_frames && !options->has_latency && !findings_first_stop(findings);
  return is_sought ? alignment_find(pair.input, pair.target, alignment, message) : STATUS_OK;
}

void
examine_take(const CheckPair pair, const ExamineOptions* const options,
             const Alignment* const alignment, const uint32_t clip_frames, Findings* const findings,
             Corrections* const corrections)
{
  NoiseFloor noise;
  Corrections m = {0.0, 0.0, 0.0};
  *corrections = m;
  if (findings_first_stop(findings)) {
    return; // There is too little sound for more
  }
  check_order(pair, findings);
  if (!clip_frames) {
    examine_timing(pair, options, alignment, findings, &m);
    check_end(pair, m.delay, findings);
  }
  check_same(pair, options->has_latency ? options->latency : alignment->delay, findings);
  check_clipping(pair, findings);
  check_dropouts(pair, m.delay, findings);
  const bool has_rest = !clip_frames && noise_floor_find(pair.input, pair.target, m.delay, &noise);
  m.dc = check_noise(pair, has_rest ? &noise : NULL, findings);
  *corrections = options->keeps ? (Corrections){0.0, 0.0, 0.0} : m;
}

void
examine_corrected(const CheckPair pair, Findings* const findings)
{
  check_repeat(pair, findings);
}

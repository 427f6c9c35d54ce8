// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which checks a recording goes through, in which order, and what follows for the target. Main
// thread.

#include "train/capture/examine.h"

#include "train/capture/alignment.h"
#include "train/capture/noise_floor.h"

#include <stddef.h>

/// Check latency, drift and polarity, or take the latency that is given
static Status
examine_timing(const CheckPair pair, const ExamineOptions* const options, Findings* const findings,
               Corrections* const corrections, Message* const message)
{
  Alignment a;
  if (options->has_latency) {
    finding_add(findings, "Latency", VERDICT_FIXED, "The target was shifted by --latency.",
                "%.2f frames, as given", options->latency);
    corrections->delay = options->latency;
    return STATUS_OK;
  }
  const Status status = alignment_find(pair.input, pair.target, &a, message);
  if (status) {
    return status;
  }
  check_timing(pair, &a, findings);
  const Finding* const latency = finding_of(findings, "Latency");
  if (latency && latency->verdict == VERDICT_FIXED) {
    corrections->delay = corrections_delay(a.delay);
  }
  if (finding_of(findings, "Polarity")) {
    corrections->drift = corrections_drift(a.drift);
  }
  return STATUS_OK;
}

Status
examine_take(const CheckPair pair, const ExamineOptions* const options, const uint32_t clip_frames,
             Findings* const findings, Corrections* const corrections, Message* const message)
{
  NoiseFloor noise;
  Corrections m = {0.0, 0.0, 0.0};
  *corrections = m;
  check_formats(pair, findings);
  check_levels(pair, findings);
  if (findings_first_stop(findings)) {
    return STATUS_OK; // There is too little sound to find the latency
  }
  check_order(pair, findings);
  if (!clip_frames) {
    const Status status = examine_timing(pair, options, findings, &m, message);
    if (status) {
      return status;
    }
    check_end(pair, m.delay, findings);
  }
  check_clipping(pair, findings);
  check_dropouts(pair, m.delay, findings);
  const bool has_rest = !clip_frames && noise_floor_find(pair.input, pair.target, m.delay, &noise);
  m.dc = check_noise(pair, has_rest ? &noise : NULL, findings);
  *corrections = options->keeps ? (Corrections){0.0, 0.0, 0.0} : m;
  return STATUS_OK;
}

void
examine_corrected(const CheckPair pair, Findings* const findings)
{
  check_repeat(pair, findings);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which checks a recording goes through, in which order, and what follows for the target. Main
// thread.

#include "train/capture/examine.h"

#include "train/capture/noise_floor.h"

#include <stddef.h>

/// Return true if the line with this name stops
static bool
is_stopped_by(const Findings* const findings, const char* const name)
{
  const Finding* const finding = finding_of(findings, name);
  return finding && finding->verdict == VERDICT_STOP;
}

/// Check which file went in, unless they don't belong together
static void
examine_order(const CheckPair pair, const double delay, Findings* const findings)
{
  if (!is_stopped_by(findings, "Match") && !is_stopped_by(findings, "Clock drift")) {
    check_order(pair, delay, findings);
  }
}

/// Check latency, drift and polarity, or take the latency that is given; then which file went in
static void
examine_timing(const CheckPair pair, const ExamineOptions* const options, const Alignment* const a,
               Findings* const findings, Corrections* const corrections)
{
  if (options->has_latency) {
    finding_add(findings, "Latency", VERDICT_FIXED, "The target was shifted by --latency.",
                "%.2f frames, as given", options->latency);
    corrections->delay = options->latency;
    examine_order(pair, options->latency, findings);
    return;
  }
  check_timing(pair, a, findings);
  const Finding* const latency = finding_of(findings, "Latency");
  if (latency && latency->verdict == VERDICT_FIXED) {
    corrections->delay = alignment_shift(a);
  }
  if (finding_of(findings, "Polarity")) {
    corrections->drift = corrections_drift(a->drift);
  }
  examine_order(pair, a->delay, findings);
}

/// Return true if the target's place is known, without which what is measured there means nothing
static bool
is_placed(const Findings* const findings)
{
  return !is_stopped_by(findings, "Match") && !is_stopped_by(findings, "Latency") &&
         !is_stopped_by(findings, "Clock drift");
}

/// Check what is measured with the target in its place
static void
examine_placed(const CheckPair pair, const uint32_t clip_frames, Findings* const findings,
               Corrections* const m)
{
  NoiseFloor noise;
  check_dropouts(pair, m->delay, findings);
  const bool has_rest = !clip_frames && noise_floor_find(pair.input, pair.target, m->delay, &noise);
  m->dc = check_noise(pair, has_rest ? &noise : NULL, findings);
}

Status
examine_sound(const CheckPair pair, const ExamineOptions* const options, const uint32_t clip_frames,
              Findings* const findings, Alignment* const alignment, Message* const message)
{
  *alignment = (Alignment){.delay = 0.0};
  check_formats(pair, findings);
  const bool fits = !findings_first_stop(findings);
  findings->is_over = !check_levels(pair, findings) || !fits;
  const bool is_sought = !clip_frames && !options->has_latency && !findings->is_over;
  return is_sought ? alignment_find(pair.input, pair.target, alignment, message) : STATUS_OK;
}

void
examine_take(const CheckPair pair, const ExamineOptions* const options,
             const Alignment* const alignment, const uint32_t clip_frames, Findings* const findings,
             Corrections* const corrections)
{
  Corrections m = {0.0, 0.0, 0.0};
  *corrections = m;
  if (findings->is_over) {
    return; // There is too little sound for more
  }
  if (!clip_frames) {
    examine_timing(pair, options, alignment, findings, &m);
  }
  const bool is_known = is_placed(findings);
  if (is_known && !clip_frames) {
    check_end(pair, m.delay, findings);
  }
  check_same(pair, options->has_latency ? options->latency : alignment->delay, findings);
  check_clipping(pair, findings);
  if (is_known) {
    examine_placed(pair, clip_frames, findings, &m);
  }
  *corrections = options->keeps ? (Corrections){0.0, 0.0, 0.0} : m;
}

void
examine_corrected(const CheckPair pair, Findings* const findings)
{
  check_effects(pair, findings);
  check_repeat(pair, findings);
}

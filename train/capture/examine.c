// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Which questions are asked of a recording, in which order, and what follows for the target? Main thread.

#include "train/capture/examine.h"

#include "train/capture/alignment.h"
#include "train/capture/noise_floor.h"

#include <stddef.h>

/// Find out about time, unless there is nothing to find
static Status
examine_timing(const FaultPair pair, const ExamineWish* const wish, Findings* const findings,
               Mending* const mending, Message* const message)
{
  Alignment a;
  if (wish->has_latency) {
    finding_add(findings, "Latency", VERDICT_MENDED, "The target is moved as --latency says.",
                "%.2f frames, as given", wish->latency);
    mending->delay = wish->latency;
    return STATUS_OK;
  }
  const Status status = alignment_find(pair.input, pair.target, &a, message);
  if (status) {
    return status;
  }
  fault_timing(pair, &a, findings);
  const Finding* const latency = finding_of(findings, "Latency");
  if (latency && latency->verdict == VERDICT_MENDED) {
    mending->delay = mend_delay(a.delay);
  }
  if (finding_of(findings, "Polarity")) {
    mending->drift = mend_drift(a.drift);
  }
  return STATUS_OK;
}

Status
examine_take(const FaultPair pair, const ExamineWish* const wish, const uint32_t clip_frames,
             Findings* const findings, Mending* const mending, Message* const message)
{
  Quiet quiet;
  Mending m = {0.0, 0.0, 0.0};
  *mending = m;
  fault_files(pair, findings);
  fault_levels(pair, findings);
  if (findings_first_stop(findings)) {
    return STATUS_OK; // What there is says nothing about time
  }
  fault_order(pair, findings);
  if (!clip_frames) {
    const Status status = examine_timing(pair, wish, findings, &m, message);
    if (status) {
      return status;
    }
    fault_end(pair, m.delay, findings);
  }
  fault_clipping(pair, findings);
  fault_dropouts(pair, m.delay, findings);
  const bool is_heard = !clip_frames && quiet_find(pair.input, pair.target, m.delay, &quiet);
  m.dc = fault_noise(pair, is_heard ? &quiet : NULL, findings);
  *mending = wish->keeps ? (Mending){0.0, 0.0, 0.0} : m;
  return STATUS_OK;
}

bool
examine_is_whole(const Mending* const mending)
{
  return mending->delay == 0.0 && mending->drift == 0.0 && mending->dc == 0.0;
}

void
examine_mended(const FaultPair pair, Findings* const findings)
{
  fault_repeat(pair, findings);
}

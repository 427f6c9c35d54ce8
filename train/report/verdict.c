// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// From an error to a sentence.

#include "train/report/verdict.h"

#include "train/audio/esr.h"

const char*
verdict_on(const double esr, const bool is_capture)
{
  if (esr <= 0.0) {
    return is_capture ? "No verdict: the capture is silent."
                      : "No verdict: the recording to check against is silent.";
  }
  if (esr <= 0.001) {
    return is_capture ? "Hard to tell from the capture." : "Hard to tell from the real thing.";
  }
  return esr <= 0.0032              ? "Very close: any difference shows only side by side."
         : esr <= 0.01              ? "Good: close, with differences a careful listener may hear."
         : esr <= METRICS_CLOSE_ESR ? "Audibly different."
                                    : "Not a match yet.";
}

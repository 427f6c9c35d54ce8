// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// When does the target answer the input? Main thread, before the training.

#include "train/capture/checks.h"

#include "train/capture/corrections.h"

#include <math.h>
#include <stdio.h>

#define OTHER_RATE 5e-4  ///< Drift too large for two clocks: another sample rate
#define MOST_EARLY 0.002 ///< Earliest target that a host's latency compensation explains [s]

static void
say_wrong_rate(const CheckPair p, const Alignment* const a, Findings* const findings)
{
  finding_add(
      findings, "Clock drift", VERDICT_STOP,
      "One file's header has the wrong sample rate, or the file was stretched. Export both at the "
      "rate they were recorded at.",
      "%+.0f ppm: the target runs as if at %.0f Hz", 1e6 * a->drift,
      p.target->sample_rate * (1.0 + a->drift));
}

static void
judge_latency(const CheckPair p, const Alignment* const a, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  char value[64];
  (void)snprintf(value, sizeof(value), "%.8g frame%s (%.3f ms)", rint(100.0 * a->delay) / 100.0,
                 fabs(a->delay) == 1.0 ? "" : "s", 1000.0 * a->delay / rate);
  if (a->delay < -MOST_EARLY * rate) {
    char remedy[256];
    (void)snprintf(
        remedy, sizeof(remedy),
        "The target comes before the input. Are the files swapped? The first file is what "
        "went into the gear. If not, the target's start was cut off: --latency=%.8g "
        "trains anyway.",
        corrections_delay(a->delay));
    finding_add(findings, "Latency", VERDICT_STOP, remedy, "%s", value);
    return;
  }
  const double shift = alignment_shift(a);
  char remedy[128];
  (void)snprintf(remedy, sizeof(remedy),
                 "The target was shifted by %.6g frames to line up with the input.", shift);
  finding_add(findings, "Latency", shift != 0.0 ? VERDICT_FIXED : VERDICT_OK, remedy, "%s%s", value,
              a->is_by_clicks ? ", by clicks" : "");
}

/// Report a take that was recorded with another delay than the first one
static void
judge_apart(const Alignment* const a, Findings* const findings)
{
  if (a->apart != 0.0) {
    finding_add(findings, "Other latency", VERDICT_FIXED,
                "Was it recorded another time, or on another computer? It was shifted by itself.",
                "%+.0f frames against the other takes", a->apart);
  }
}

static void
judge_drift(const Alignment* const a, Findings* const findings)
{
  finding_add(findings, "Clock drift",
              corrections_drift(a->drift) != 0.0 ? VERDICT_FIXED : VERDICT_OK,
              "Two devices with separate clocks; the target was resampled to match.", "%+.1f ppm",
              1e6 * a->drift);
}

void
check_timing(const CheckPair p, const Alignment* const a, Findings* const findings)
{
  if (fabs(a->drift) > OTHER_RATE) {
    say_wrong_rate(p, a, findings);
    return;
  }
  if (check_match(p, a, findings)) {
    judge_latency(p, a, findings);
    judge_apart(a, findings);
    judge_drift(a, findings);
    finding_add(findings, "Polarity", a->is_inverted ? VERDICT_NOTE : VERDICT_OK,
                "The target's polarity is inverted, so the model's will be too. Invert the target "
                "first if you want to mix it with the dry sound.",
                "%s", a->is_inverted ? "inverted" : "same as the input's");
  }
}

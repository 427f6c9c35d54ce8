// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Does the target belong to the input, and when? Main thread, before the training.

#include "train/capture/checks.h"

#include "train/capture/mend.h"

#include <math.h>
#include <stdio.h>

#define OTHER_RATE 5e-4  ///< Drift beyond which it is no clock
#define MOST_EARLY 0.002 ///< Before the input, that a host's compensation explains [s]

static void
say_wrong_rate(const FaultPair p, const Alignment* const a, Findings* const findings)
{
  finding_add(
      findings, "Clock drift", VERDICT_STOP,
      "One of the files says a wrong sample rate, or was stretched. Export both at the rate "
      "they were recorded at.",
      "%+.0f ppm: target runs as if at %.0f Hz", 1e6 * a->drift,
      p.target->sample_rate * (1.0 + a->drift));
}

static void
ask_latency(const FaultPair p, const Alignment* const a, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  if (a->delay < -MOST_EARLY * rate) {
    char remedy[256];
    (void)snprintf(remedy, sizeof(remedy),
                   "The target comes before the input: are the files swapped? INPUT.wav, what went "
                   "into the gear, is the first. If not, the target's beginning was cut off: "
                   "--latency=%.2f learns from it all the same.",
                   mend_delay(a->delay));
    finding_add(findings, "Latency", VERDICT_STOP, remedy, "%.2f frames (%.3f ms)", a->delay,
                1000.0 * a->delay / rate);
    return;
  }
  finding_add(findings, "Latency", mend_delay(a->delay) != 0.0 ? VERDICT_MENDED : VERDICT_OK,
              "The target is moved to where the input is.", "%.2f frames (%.3f ms)%s", a->delay,
              1000.0 * a->delay / rate, a->is_by_clicks ? ", by clicks" : "");
}

static void
ask_drift(const Alignment* const a, Findings* const findings)
{
  finding_add(findings, "Clock drift", mend_drift(a->drift) != 0.0 ? VERDICT_MENDED : VERDICT_OK,
              "Two devices kept time; the target is brought to the input's clock.", "%+.1f ppm",
              1e6 * a->drift);
}

void
fault_timing(const FaultPair p, const Alignment* const a, Findings* const findings)
{
  if (fabs(a->drift) > OTHER_RATE) {
    say_wrong_rate(p, a, findings);
    return;
  }
  const bool is_related = a->clearness >= ALIGNMENT_UNRELATED;
  finding_add(findings, "Relation", is_related ? VERDICT_OK : VERDICT_STOP,
              "The target is not what came out when this input was played, or is drowned in other "
              "sound. Take the files that belong together.",
              "%.0f %% of the target is linear", 100.0 * a->clearness);
  if (is_related) {
    ask_latency(p, a, findings);
    ask_drift(a, findings);
    finding_add(findings, "Polarity", a->is_inverted ? VERDICT_NOTE : VERDICT_OK,
                "The target is upside down, and so will the model be; turn it over if it is to be "
                "mixed with the dry sound.",
                "%s", a->is_inverted ? "inverted" : "as the input's");
  }
}

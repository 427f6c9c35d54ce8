// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are these the right files, read the right way? Main thread, before the training.

#include "train/capture/checks.h"

#include <math.h>
#include <stdio.h>

#define LEAST_SECONDS 2.5 ///< That anything can be learned from
#define FEW_SECONDS 20.0
#define LEAST_RATE 44100.0 ///< That hosts run at
#define MISSING 0.5        ///< Of the end, before it is told [s]

static double
seconds_of(const Wav* const wav)
{
  return (double)wav->n_frames / wav->sample_rate;
}

static void
ask_rate(const FaultPair p, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  if (p.target->sample_rate != rate) {
    finding_add(findings, "Sample rate", VERDICT_STOP,
                "Export both at one rate; the input's, if it was played from a file.",
                "%g Hz in, %g Hz out", rate, p.target->sample_rate);
  } else {
    finding_add(findings, "Sample rate", rate < LEAST_RATE ? VERDICT_NOTE : VERDICT_OK,
                "Hosts run at 44100 Hz or more; the model will sound duller than they can.",
                "%g Hz", rate);
  }
}

static void
ask_length(const FaultPair p, Findings* const findings)
{
  const double seconds = fmin(seconds_of(p.input), seconds_of(p.target));
  const Verdict verdict = seconds < LEAST_SECONDS ? VERDICT_STOP
                          : seconds < FEW_SECONDS ? VERDICT_NOTE
                                                  : VERDICT_OK;
  finding_add(
      findings, "Length", verdict,
      "20 s are few, one to three minutes make a good model; grus-signal writes what to play.",
      "%.2f s in, %.2f s out", seconds_of(p.input), seconds_of(p.target));
}

/// The first file whose other channels matter speaks for both
static void
ask_channels(const FaultPair p, Findings* const findings)
{
  const WavChannels in = p.input->channels;
  const WavChannels out = p.target->channels;
  const WavChannels odd =
      in.loudest != in.read || (in.differ && out.loudest == out.read) ? in : out;
  char remedy[128] = "";
  Verdict verdict = VERDICT_OK;
  if (odd.loudest != odd.read) {
    verdict = VERDICT_NOTE;
    (void)snprintf(remedy, sizeof(remedy),
                   "Channel %u is louder than channel %u, which is read: --channel=%u?",
                   odd.loudest, odd.read, odd.loudest);
  } else if (odd.differ) {
    verdict = VERDICT_NOTE;
    (void)snprintf(remedy, sizeof(remedy),
                   "The channels differ; channel %u is read. --channel chooses.", odd.read);
  }
  finding_add(findings, "Channels", verdict, remedy, "%u in, %u out", in.n, out.n);
}

void
fault_files(const FaultPair p, Findings* const findings)
{
  ask_rate(p, findings);
  ask_length(p, findings);
  if (p.input->channels.n && p.target->channels.n) {
    ask_channels(p, findings);
  }
}

void
fault_end(const FaultPair p, const double delay, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  const double missing = ((double)p.input->n_frames - ((double)p.target->n_frames - delay)) / rate;
  finding_add(findings, "End", missing > MISSING ? VERDICT_NOTE : VERDICT_OK,
              "The target ends before the input: what is missing is not learned from. Was it cut "
              "off?",
              "%.2f s missing", fmax(missing, 0.0));
}

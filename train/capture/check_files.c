// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Are these the right files, read the right way? Main thread, before the training.

#include "train/capture/checks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEAST_SECONDS 2.5 ///< Needed to learn anything at all
#define FEW_SECONDS 20.0
#define LEAST_RATE 44100.0 ///< Lowest rate of most hosts
#define MISSING 0.5        ///< Shortest missing end that is worth a note [s]
#define SHOWN 0.005        ///< Shortest one that is printed [s]

static double
seconds_of(const Wav* const wav)
{
  return (double)wav->n_frames / wav->sample_rate;
}

static void
judge_rate(const CheckPair p, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  if (p.target->sample_rate != rate) {
    finding_add(findings, "Sample rate", VERDICT_STOP,
                "Export both at the same rate: the input's, if it was played from a file. --force "
                "can't train from two rates.",
                "%g Hz in, %g Hz out", rate, p.target->sample_rate);
  } else {
    finding_add(findings, "Sample rate", rate < LEAST_RATE ? VERDICT_NOTE : VERDICT_OK,
                "Hosts run at 44100 Hz or more, so the model will sound duller than it could.",
                "%g Hz", rate);
  }
}

static void
judge_length(const CheckPair p, Findings* const findings)
{
  const double in = seconds_of(p.input);
  const double out = seconds_of(p.target);
  const double seconds = fmin(in, out);
  const Verdict verdict = seconds < LEAST_SECONDS ? VERDICT_STOP
                          : seconds < FEW_SECONDS ? VERDICT_NOTE
                                                  : VERDICT_OK;
  char remedy[128];
  if (out < in - MISSING) {
    (void)snprintf(remedy, sizeof(remedy),
                   "The target lasts only %.1f s of the input's %.1f s. Record all of it.", out,
                   in);
  } else {
    (void)snprintf(
        remedy, sizeof(remedy),
        "%.1f s is short; record one to three minutes. grus-signal writes a signal to play.",
        seconds);
  }
  finding_add(findings, "Length", verdict, remedy, "%.2f s in, %.2f s out", in, out);
}

/// Report a header that promises more than the file holds, or that was never finished
static void
judge_cut(const WavCut cut, const char* const side, Findings* const findings)
{
  if (wav_header_is_unfinished(cut)) {
    finding_add(findings, "Whole file", VERDICT_FIXED,
                "It is read to its end. Did the recorder crash? An audio editor repairs the file.",
                "%s: header was never finished, file holds %.1f s", side, cut.held);
  } else if (cut.held > 0.0) {
    finding_add(findings, "Whole file", VERDICT_NOTE, "Was it copied completely?",
                "%s: header says %.1f s, file holds %.1f s", side, cut.said, cut.held);
  }
}

/// Report an encoding that changed the sound
static void
judge_encoding(const char* const lossy, const char* const side, Findings* const findings)
{
  if (lossy) {
    finding_add(findings, "Encoding", VERDICT_NOTE,
                "It leaves out some of the sound, and the model learns that. Export WAV or FLAC.",
                "%s is %s, which is lossy", side, lossy);
  }
}

/// Add to a text which channel of a file is read, if that matters; a louder one may be the other
/// side's, so only silence is a reason to choose it
static void
describe_channels(const WavChannels c, const char* const side, char* const text, const size_t size)
{
  const size_t n = strlen(text);
  const char* const blank = n ? " " : "";
  if (c.is_silent) {
    (void)snprintf(text + n, size - n,
                   "%sChannel %u of the %s is silent; --%s-channel=%u uses the loudest.", blank,
                   c.read, side, side, c.loudest);
  } else if (c.differ && !c.is_chosen) {
    (void)snprintf(text + n, size - n,
                   "%sThe %s's channels differ, and channel %u is used; --%s-channel chooses.",
                   blank, side, c.read, side);
  }
}

static void
judge_channels(const CheckPair p, Findings* const findings)
{
  const WavChannels in = p.input->channels;
  const WavChannels out = p.target->channels;
  char remedy[256] = "";
  describe_channels(in, "input", remedy, sizeof(remedy));
  describe_channels(out, "target", remedy, sizeof(remedy));
  finding_add(findings, "Channels", *remedy ? VERDICT_NOTE : VERDICT_OK, remedy, "%u in, %u out",
              in.n, out.n);
}

void
check_formats(const CheckPair p, Findings* const findings)
{
  judge_rate(p, findings);
  judge_length(p, findings);
  judge_cut(p.input->cut, "input", findings);
  judge_cut(p.target->cut, "target", findings);
  judge_encoding(p.input->lossy, "input", findings);
  judge_encoding(p.target->lossy, "target", findings);
  if (p.input->channels.n && p.target->channels.n) {
    judge_channels(p, findings);
  }
}

void
check_end(const CheckPair p, const double delay, Findings* const findings)
{
  const double rate = p.input->sample_rate;
  const double missing = ((double)p.input->n_frames - ((double)p.target->n_frames - delay)) / rate;
  char value[32] = "complete";
  if (missing >= SHOWN) {
    (void)snprintf(value, sizeof(value), "%.2f s missing", missing);
  }
  finding_add(
      findings, "End", missing > MISSING ? VERDICT_NOTE : VERDICT_OK,
      "The target ends before the input, so the missing part isn't learned. Was it cut off?", "%s",
      value);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Was an effect left on that no model learns: an echo, reverberation, something that moves by
// itself? Main thread, before the training.
//
// What static curves and short filters make of the input is what the gear would do without; what is
// left of the target is searched for what follows long after, and the gain for what moves. Captured
// amplifiers and pedals, circuits and thirty made-up pieces of gear, on a guitarist's playing,
// synthesised playing and the test signal, have echoes of at most 11 dB, tails of at most 2 dB and
// lines of at most 12 dB above what chance and rhythm explain; lines in the phase have at most
// 3.6 dB, but 4.5 to 15 dB behind a chorus, a flanger or a phaser, in half a minute. A clean
// channel that clips its treble has 5.9 dB at the beat of the playing, which has 8.5 dB itself.

#include "train/capture/checks.h"

#include "train/capture/late_response.h"
#include "train/capture/modulation.h"
#include "train/capture/static_fit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define LEAST_SECONDS 8.0
#define MOST_SECONDS 90.0
#define ECHO 13.5 ///< Above chance [dB]
#define CERTAIN_ECHO 18.0
#define ECHO_ABOVE_TAIL 8.0 ///< Less is a reverberation that happens to have a peak [dB]
#define TAIL 3.0
#define CERTAIN_TAIL 6.0
#define LINE 14.0 ///< Above what lies beside it [dB]
#define CERTAIN_LINE 18.0
#define LINE_ABOVE_OWN 9.0 ///< More than the playing's own rhythm has [dB]
#define SWEEP 4.5          ///< Above what lies beside it [dB]
#define CERTAIN_SWEEP 6.5
#define BEAT 7.0 ///< Of the playing's own level, where what sweeps must be clearer than that [dB]

static const char*
certainty(const bool is_certain)
{
  return is_certain ? "certainly" : "probably";
}

/// Add the line on what follows long after its cause; return false if there is nothing to say
static bool
say_late(const LateResponse* const r, Findings* const findings)
{
  if (r->echo_db > ECHO && r->echo_db > r->tail_db + ECHO_ABOVE_TAIL) {
    finding_add(findings, "Effects", VERDICT_NOTE,
                "Switch off the delay in the amp or pedal and record again: a model can't learn "
                "what comes later than about 50 ms, and hears it as noise.",
                "%s a delay: an echo after %.0f ms", certainty(r->echo_db > CERTAIN_ECHO),
                1000.0 * r->echo_seconds);
    return true;
  }
  if (r->tail_db > TAIL) {
    finding_add(findings, "Effects", VERDICT_NOTE,
                "Switch off the reverb, or move the microphone closer, and record again: a model "
                "can't learn what comes later than about 50 ms, and hears it as noise.",
                "%s reverb: sound goes on after its cause", certainty(r->tail_db > CERTAIN_TAIL));
    return true;
  }
  return false;
}

/// Add the line on what moves by itself; return false if there is nothing to say
static bool
say_modulation(const Modulation* const m, Findings* const findings)
{
  static const char remedy[] =
      "Switch off tremolo, chorus, phaser and the like, and record again: a model can't know where "
      "they are, and learns their mean.";
  if (m->line_db > LINE && m->line_db > m->own_db + LINE_ABOVE_OWN) {
    finding_add(findings, "Effects", VERDICT_NOTE, remedy,
                "%s tremolo, chorus or the like: the sound moves at %.2f Hz",
                certainty(m->line_db > CERTAIN_LINE), m->hz);
    return true;
  }
  if (m->sweep_db > SWEEP && (m->sweep_own_db < BEAT || m->sweep_db > m->sweep_own_db)) {
    finding_add(findings, "Effects", VERDICT_NOTE, remedy,
                "%s chorus, flanger, phaser or vibrato: the sound moves at %.2f Hz",
                certainty(m->sweep_db > CERTAIN_SWEEP), m->sweep_hz);
    return true;
  }
  return false;
}

/// Say what there is, given what the gear would do without effects
static Status
judge_effects(const FitPair pair, float* const fitted, float* const rest, Findings* const findings)
{
  LateResponse late;
  Modulation moved;
  for (uint32_t i = 0; i < pair.n_frames; ++i) {
    rest[i] = pair.target[i] - fitted[i];
  }
  Status status =
      late_response_find((LateSound){fitted, rest, pair.n_frames, pair.sample_rate}, &late);
  status =
      status ? status
             : modulation_find(
                   (ModulatedSound){fitted, pair.target, pair.n_frames, pair.sample_rate}, &moved);
  if (status) {
    return status;
  }
  const bool is_late = say_late(&late, findings);
  const bool is_moved = say_modulation(&moved, findings);
  if (!is_late && !is_moved) {
    finding_add(findings, "Effects", VERDICT_OK, "", "no delay, reverb or modulation");
  }
  return STATUS_OK;
}

void
check_effects(const CheckPair p, Findings* const findings)
{
  const FitPair pair = fit_pair_of(p.input, p.target, 0.0, MOST_SECONDS);
  if (pair.n_frames < LEAST_SECONDS * pair.sample_rate) {
    finding_add(findings, "Effects", VERDICT_OK, "", "not looked for: the recording is too short");
    return;
  }
  float* const fitted = (float*)malloc(2 * (size_t)pair.n_frames * sizeof(float));
  double share = 0.0;
  const Status status = fitted ? static_fit(pair, FIT_CURVES, fitted, &share) : STATUS_NO_MEMORY;
  if (status || judge_effects(pair, fitted, fitted + pair.n_frames, findings)) {
    finding_add(findings, "Effects", VERDICT_OK, "", "not looked for: out of memory");
  }
  free(fitted);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What lies where in the test signal that grus-signal writes. Offline.
///
/// All times are whole ticks of 10 ms, which are whole numbers of frames at every rate. Of a signal
/// of S seconds, levels in dB below its highest peak:
///
///     silence                1 s
///     clicks                 2 s, the first 0.25 s in; see below
///     silence                2 s, to measure the noise of the gear
///     validation passage     4 s + 4 % of S: a run at -6, palm mutes at 0, and a chord at -3 that
///                            rings out, each a third of it
///     silence                0.5 s
///     5 sweeps               0.3 s + 0.6 % of S each, 30 Hz to 12 kHz, at 0, -10, -20, -30, -40
///     5 bursts of noise      0.3 s + 0.4 % of S each, falling over 3 kHz, at 0, -40, -10, -30, -20
///     silence                0.5 s
///     playing                rounds of eight phrases of about 4 s, as guitar/guitar.h has them but
///                            without its measurements; level steps and the decay at 0, others from
///                            -40 to 0
///     silence                1 s and what the phrases leave
///     clicks                 2 s
///     own playing            what the user appended, if anything
///     silence                0.5 s
///     validation passage     the same samples as the first time
///     silence                1 s
///     clicks                 2 s
///     silence                1 s
///
/// A group of clicks is seven Hann pulses, 0.24 ms wide between their ends, that lie at 0, 1, 4,
/// 10, 18, 23 and 25 times 60 ms, a Golomb ruler, so that no two distances are alike: against
/// itself shifted, at most one click meets another. Their sizes are 1, -1, 1/2, -1/2, 1, -1/2 and 1
/// times the highest peak, and each peaks exactly on a frame. From the groups come latency and
/// polarity, and from how far apart they come back the drift of the clocks.

#ifndef GRUS_TRAIN_CAPTURE_TEST_SIGNAL_LAYOUT_H
#define GRUS_TRAIN_CAPTURE_TEST_SIGNAL_LAYOUT_H

#include "guitar/guitar.h"

#include <stdbool.h>
#include <stdint.h>

#define SIGNAL_MIN_SECONDS 60U
#define SIGNAL_MAX_SECONDS 600U
#define SIGNAL_MAX_SEGMENTS 192U

#define SIGNAL_N_GROUPS 3U ///< Of clicks
#define SIGNAL_N_CLICKS 7U ///< In a group

typedef enum {
  SIGNAL_SILENCE,
  SIGNAL_CLICKS,
  SIGNAL_VALIDATION,
  SIGNAL_SWEEP,
  SIGNAL_NOISE,
  SIGNAL_PHRASE,
  SIGNAL_OWN,
} SignalKind;

/// One part of the signal
typedef struct {
  SignalKind kind;
  GuitarPhrase phrase; ///< Of a SIGNAL_PHRASE
  double level_db;     ///< Of its peak below the signal's; 0 for SIGNAL_SILENCE and SIGNAL_OWN
  uint64_t begin;      ///< First frame
  uint64_t end;        ///< Past the last frame
} SignalSegment;

/// The whole signal, segment after segment without gaps
typedef struct {
  uint32_t rate;    ///< [Hz]
  uint32_t seconds; ///< Without the user's own playing
  uint64_t own_frames;
  uint64_t n_frames; ///< With it
  SignalSegment segments[SIGNAL_MAX_SEGMENTS];
  uint32_t n_segments;
} SignalLayout;

/// Return true for the rates at which there is a signal: 44.1, 48, 88.2, 96, 176.4 and 192 kHz
bool signal_has_rate(double rate);

/// Lay out the signal of `seconds`, SIGNAL_MIN_SECONDS to SIGNAL_MAX_SECONDS, with as many frames
/// of the user's own
void signal_layout(uint32_t rate, uint32_t seconds, uint64_t own_frames, SignalLayout* layout);

/// Return a description of what a segment holds
const char* signal_name(const SignalSegment* segment);

/// Return the index of segment number `number`, counted from 0, among those of a kind; n_segments
/// if there are fewer
uint32_t signal_find(const SignalLayout* layout, SignalKind kind, uint32_t number);

/// Return the frame on which a click peaks
uint64_t signal_click_frame(const SignalLayout* layout, uint32_t group, uint32_t click);

/// Return the peak of a click as part of the signal's, -1 to 1
double signal_click_size(uint32_t click);

/// Return half the width of a click [frames]
double signal_click_reach(uint32_t rate);

/// Return the shape of a click, 0 to 1, `distance` frames from its peak
double signal_click_shape(uint32_t rate, double distance);

#endif

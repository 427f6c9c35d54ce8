// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Moves the taps of a linear stage to another rate. Any thread but the audio thread.
///
/// A tap delays by a whole number of frames at its own rate, and by the same time at the other one.
/// Where that is a whole number of frames too, the tap moves there, which is exact. In between, it
/// becomes the filter of 64 taps that comes nearest to its delay by weighted least squares, none of
/// them before frame 0: Laakso, Välimäki, Karjalainen and Laine, "Splitting the unit delay", IEEE
/// Signal Processing Magazine, 1996. So a stage has no latency at a higher rate, and doesn't ring
/// before it sounds; at a lower rate there is too little room for that, and it lags.
///
/// The error of a tap is below -65 dB up to 6 kHz, -50 dB up to 12 kHz and -40 dB up to 18 kHz from
/// 44.1 to 48 kHz, where it is largest, and there for the first taps. Above 20 kHz, or above 0.45
/// of the lower rate, a stage may do anything.

#ifndef GRUS_CORE_MODEL_STAGE_TAPS_H
#define GRUS_CORE_MODEL_STAGE_TAPS_H

#include "core/model/impulse.h"
#include "core/status.h"

#include <stdint.h>

/// Return by how much the taps lag at `to_rate` [frames]
uint32_t stage_taps_lag(double from_rate, double to_rate);

/// Make `to` from the first channel of `from`, at `sample_rate` [Hz]
NODISCARD Status stage_taps_move(const Impulse* from, double sample_rate, Impulse* to);

#endif

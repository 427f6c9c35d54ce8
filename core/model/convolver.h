// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays sound through an impulse response, the loudspeaker cabinet, without latency and with the
/// same load in every block.
///
/// A convolver belongs to one audio thread, which calls the functions marked RT; convolver_new()
/// and convolver_free() are for other threads.

#ifndef GRUS_CORE_MODEL_CONVOLVER_H
#define GRUS_CORE_MODEL_CONVOLVER_H

#include "core/model/impulse.h"
#include "core/realtime.h"
#include "core/status.h"

#include <stdint.h>

#define CONVOLVER_LINGER 3072U

typedef struct ConvolverImpl Convolver;

/// Build a convolver of `n_channels` streams (1 or 2); the impulse is not needed afterwards.
///
/// An impulse of one channel serves both streams. If the impulse has two channels, a single stream
/// uses the first one: the average of two microphones would cancel in places. All memory is written
/// to, so that the audio thread meets no page faults.
NODISCARD Status convolver_new(const Impulse* impulse, uint32_t n_channels, Convolver** convolver);

/// NULL is legal
void convolver_free(Convolver* convolver);

/// Clear the past; costs as little as a block
void convolver_reset(Convolver* convolver) RT;

/// Play `n_frames`, any number including 0, of each stream; `in` and `out` may be the same buffers.
/// Splitting a call into several gives the same bits. A sample that is not finite affects the
/// output no longer than the impulse lasts plus CONVOLVER_LINGER frames.
void convolver_run(Convolver* convolver, const float* const in[], float* const out[],
                   uint32_t n_frames) RT;

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The equations of core/params.h, written plainly in double precision. They make and check a model
/// file's self-test, and every kernel is compared with them. Slow, and not for the audio thread.

#ifndef GRUS_CORE_REFERENCE_H
#define GRUS_CORE_REFERENCE_H

#include "core/params.h"
#include "core/status.h"

#include <stdint.h>

/// Run one frame, x (I): audio and knobs; return the output.
///
/// `gates` (G*H) receives the gate activations r, z and n, or an LSTM's i, f, g and o; `state` as
/// below.
double reference_step(const Params* params, const double* x, double* state, double* gates);

/// Run `n_frames` through the network, without the linear stage and the gains of a model file.
///
/// `state`, h (H) and an LSTM's c (H), is read and written; zero it for a cold start. `knobs` (I -
/// 1) may be NULL if I is 1.
NODISCARD Status reference_run(const Params* params, const double* knobs, double* state,
                               const float* in, double* out, uint32_t n_frames);

/// Run `n_frames` of the network's output through the linear stage, in place; without one, they
/// stay as they are.
///
/// `past` (n_taps), the samples before, the newest first, is read and written; zero it for a cold
/// start.
void reference_stage(const Params* params, double* past, double* samples, uint32_t n_frames);

#endif

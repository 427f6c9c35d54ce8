// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Checks that a network with an interpolated state comes to rest. Any thread but the audio thread.

#ifndef GRUS_CORE_MODEL_STABILITY_H
#define GRUS_CORE_MODEL_STABILITY_H

#include "core/params.h"
#include "core/status.h"

#include <stdbool.h>

/// Find out whether a small disturbance of the rest state decays when the network runs with its
/// state delayed by `delay` steps (core/model/recurrence.h). By power iteration this finds the
/// largest root of λ^(skip + 4) = μ Σ_k l_k λ^(3 - k) for the eigenvalues μ of one step's Jacobian.
/// Carson, Välimäki, Wright and Bilbao, "Resampling filter design for multirate neural audio effect
/// processing", 2025.
///
/// `rest` is the state after silence, h (H) and an LSTM's c (H); `knobs` as in reference_run().
NODISCARD Status stability_check(const Params* params, const double* knobs, const double* rest,
                                 double delay, bool* is_stable);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a network's test signal quickly. Any thread but the audio thread.
///
/// Readers of files need it, which know no kernel: core/model/proof.c does. So what is proved is
/// what plays: weights as they were read, packed for this machine, in single precision.

#ifndef GRUS_CORE_PROOF_H
#define GRUS_CORE_PROOF_H

#include "core/params.h"
#include "core/status.h"

#include <stdint.h>

/// A network, and where its knobs stand
typedef struct {
  const Params* params;
  uint32_t lag; ///< Of its output: it was 1 + lag layers, and layer k begins at frame k [frames]
  float knob;   ///< Position of all knobs, 0..1
} ProofPlayer;

/// Play `n_frames` from zero state, without the gains of a model file. What lags goes on in silence
/// after them, and its output begins with what the first of them becomes.
NODISCARD Status proof_play(ProofPlayer player, const float* in, float* out, uint32_t n_frames);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A recurrent layer while it plays, in double precision. Offline; one thread each.

#ifndef GRUS_TRAIN_TEACHER_RECURRENT_H
#define GRUS_TRAIN_TEACHER_RECURRENT_H

#include "core/status.h"
#include "train/teacher/net.h"

typedef struct {
  const Recurrent* layer;
  double* weights;    ///< (n_in + H, G*H): columns, so that a step adds one after another
  double* input_sums; ///< W_i x + b_i (G*H)
  double* state_sums; ///< W_h h + b_h (G*H)
  double* state;      ///< h (H) and an LSTM's c (H)
} RecurrentState;

/// Start a layer in its first state. The caller frees with recurrent_clear(), after a failure, too.
NODISCARD Status recurrent_init(const Recurrent* layer, RecurrentState* s);

/// Free what a state owns; legal on a zeroed struct
void recurrent_clear(RecurrentState* s);

/// Play one block: `in` (n_in, TEACHER_BLOCK) to `out` (H, TEACHER_BLOCK)
void recurrent_run(RecurrentState* s, const float* in, float* out);

#endif

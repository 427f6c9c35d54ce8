// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How large does a model have to be? A larger one costs processor time whenever it is played, so
/// the smallest that is nearly as good as the best is chosen. Main thread.

#ifndef GRUS_TRAIN_LEARN_SIZE_SEARCH_H
#define GRUS_TRAIN_LEARN_SIZE_SEARCH_H

#include "core/params.h"
#include "core/status.h"
#include "train/learn/trainer.h"

#include <stdint.h>

/// Report how a trial ended; may be NULL
typedef void (*SizeReport)(void* context, uint32_t hidden_size, double esr);

/// Fill `path` (PATH_MAX) with the checkpoint of a trial, by hidden size; may be NULL
typedef void (*SizePath)(void* context, uint32_t hidden_size, char* path);

typedef struct {
  SizeReport report;
  SizePath path;
  void* context;
} SizeCalls;

/// Train each of several sizes for a small share of the plan, and choose the smallest whose ESR is
/// within 10 % of the best. On success `params`, which the caller clears, holds its weights.
NODISCARD Status size_choose(const TrainerRun* run, const SizeCalls* calls, Params* params,
                             Message* message);

#endif

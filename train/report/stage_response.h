// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a linear stage responds at each frequency, and how the whole model does with it when it is
/// played so softly that it is linear, too. Main thread.

#ifndef GRUS_TRAIN_REPORT_STAGE_RESPONSE_H
#define GRUS_TRAIN_REPORT_STAGE_RESPONSE_H

#include "core/params.h"
#include "core/status.h"
#include "train/report/bands.h"

#define STAGE_RESPONSE_LOWEST 20.0 ///< [Hz]

/// Each level is against the strongest band of its own line
typedef struct {
  BandsRange range;
  double hz[BANDS_N];
  double stage_db[BANDS_N];
  double model_db[BANDS_N];
} StageResponse;

/// Measure with the knobs (PARAMS_MAX_KNOBS) where they are
NODISCARD Status stage_response_measure(const Params* params, const float* knobs,
                                        double sample_rate, StageResponse* response);

#endif

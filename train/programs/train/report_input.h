// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the report shows of a run. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_REPORT_INPUT_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_REPORT_INPUT_H

#include "train/programs/train/options.h"
#include "train/programs/train/session.h"
#include "train/programs/train/take_options.h"
#include "train/report/input.h"

#define REPORT_INPUT_MAX_TAKES (3 * TAKES_MAX)

/// Return what to show of a run that has ended. It points to the options, the session, and
/// `takes`, which it fills.
ReportInput report_input_collect(const TrainOptions* options, const Session* session,
                                 ReportTake takes[REPORT_INPUT_MAX_TAKES]);

#endif

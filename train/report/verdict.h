// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How close is a model, in words? The same on the page and on a terminal. Any thread.

#ifndef GRUS_TRAIN_REPORT_VERDICT_H
#define GRUS_TRAIN_REPORT_VERDICT_H

#include <stdbool.h>

/// Return a sentence on an ESR, 0 if it is not known, against a recording or a capture
const char* verdict_on(double esr, bool is_capture);

#endif

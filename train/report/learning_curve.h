// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How the error fell while a set of weights was trained. Main thread.

#ifndef GRUS_TRAIN_REPORT_LEARNING_CURVE_H
#define GRUS_TRAIN_REPORT_LEARNING_CURVE_H

#include <stdint.h>

/// ESRs on the validation clips after an epoch [dB]
typedef struct {
  double seconds; ///< Since the start of the set
  double now_db;
  double best_db; ///< Of the best weights so far
} LearningPoint;

typedef struct {
  LearningPoint* points;
  uint32_t n;
  uint32_t capacity;
} LearningCurve;

/// Add a point; if memory runs out it is dropped, since only a picture depends on it
void learning_curve_add(LearningCurve* curve, LearningPoint point);

/// Legal on a zeroed struct
void learning_curve_clear(LearningCurve* curve);

#endif

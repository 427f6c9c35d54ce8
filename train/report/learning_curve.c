// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How does the error change from epoch to epoch? Main thread.

#include "train/report/learning_curve.h"

#include <stdlib.h>

void
learning_curve_add(LearningCurve* const curve, const LearningPoint point)
{
  if (curve->n == curve->capacity) {
    const uint32_t capacity = curve->capacity ? 2 * curve->capacity : 64;
    LearningPoint* const points =
        (LearningPoint*)realloc(curve->points, capacity * sizeof(LearningPoint));
    if (!points) {
      return;
    }
    curve->points = points;
    curve->capacity = capacity;
  }
  curve->points[curve->n++] = point;
}

void
learning_curve_clear(LearningCurve* const curve)
{
  free(curve->points);
  *curve = (LearningCurve){0};
}

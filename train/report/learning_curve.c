// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What becomes of the error, epoch by epoch? Main thread.

#include "train/report/learning_curve.h"

#include <stdlib.h>

void
curve_add(Curve* const curve, const CurvePoint point)
{
  if (curve->n == curve->capacity) {
    const uint32_t capacity = curve->capacity ? 2 * curve->capacity : 64;
    CurvePoint* const points = (CurvePoint*)realloc(curve->points, capacity * sizeof(CurvePoint));
    if (!points) {
      return;
    }
    curve->points = points;
    curve->capacity = capacity;
  }
  curve->points[curve->n++] = point;
}

void
curve_clear(Curve* const curve)
{
  free(curve->points);
  *curve = (Curve){0};
}

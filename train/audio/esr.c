// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Sums in double over a whole file.

#include "train/audio/esr.h"

void
metrics_add(Metrics* const metrics, const float* const output, const float* const target,
            const uint32_t n_frames)
{
  for (uint32_t i = 0; i < n_frames; ++i) {
    const double t = (double)target[i];
    const double e = t - (double)output[i];
    metrics->error += e * e;
    metrics->target += t * t;
    if (metrics->has_last) {
      const double e_pre = e - METRICS_PRE_EMPHASIS * metrics->last_error;
      const double t_pre = t - METRICS_PRE_EMPHASIS * metrics->last_target;
      metrics->error_pre += e_pre * e_pre;
      metrics->target_pre += t_pre * t_pre;
    }
    metrics->last_error = e;
    metrics->last_target = t;
    metrics->has_last = true;
  }
}

void
metrics_cut(Metrics* const metrics)
{
  metrics->has_last = false;
}

void
metrics_merge(Metrics* const metrics, const Metrics* const other, const double weight)
{
  metrics->error += weight * other->error;
  metrics->target += weight * other->target;
  metrics->error_pre += weight * other->error_pre;
  metrics->target_pre += weight * other->target_pre;
  metrics_cut(metrics);
}

double
metrics_esr(const Metrics* const metrics)
{
  return metrics->error / metrics->target;
}

double
metrics_esr_pre_emphasis(const Metrics* const metrics)
{
  return metrics->error_pre / metrics->target_pre;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a model file, or a capture that Grus can only render, costs and how much it aliases, on
/// this machine. One thread.

#ifndef GRUS_BENCH_MODEL_GAUGE_H
#define GRUS_BENCH_MODEL_GAUGE_H

#include "core/format/model_file.h"
#include "core/status.h"

#include <stdbool.h>
#include <stdint.h>

#define MODEL_GAUGE_RATE 48000.0 ///< That models are played at [Hz]
#define MODEL_GAUGE_BLOCK 64U    ///< Frames that a model plays at a time
#define MODEL_GAUGE_N_NOTES 2U

/// The notes whose aliasing is measured [Hz]
extern const double model_gauge_notes[MODEL_GAUGE_N_NOTES];

typedef struct {
  char network[MODEL_FILE_KIND_SIZE]; ///< Such as "GRU 16" or "NAM capture (A2)"
  bool is_played;                     ///< In real time; a capture is rendered in long blocks
  uint32_t hidden_size;               ///< 0: a capture
  uint32_t n_taps;                    ///< Of the linear stage, whose cost is that of a convolver
  uint32_t multiply_adds;             ///< Of the network, for each frame
  double aliasing_db[MODEL_GAUGE_N_NOTES]; ///< Against the harmonics
  double ns;                               ///< A frame, the median of several runs
  double clock;                            ///< Of the core in that moment [Hz]
  uint32_t latency;                        ///< [frames]
} ModelGauge;

/// Return core cycles a frame
static inline double
model_gauge_cycles(const ModelGauge* const gauge)
{
  return 1e-9 * gauge->ns * gauge->clock;
}

/// Return the share of a core that plays at MODEL_GAUGE_RATE
static inline double
model_gauge_load(const ModelGauge* const gauge)
{
  return 1e-9 * gauge->ns * MODEL_GAUGE_RATE;
}

/// Measure a file; takes about half a second
NODISCARD Status model_gauge_measure(const char* path, ModelGauge* gauge, Message* message);

#endif

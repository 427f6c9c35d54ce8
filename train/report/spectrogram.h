// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The level of each frequency over time. Main thread.

#ifndef GRUS_TRAIN_REPORT_SPECTROGRAM_H
#define GRUS_TRAIN_REPORT_SPECTROGRAM_H

#include "core/status.h"

#include <stdint.h>

#define SPECTROGRAM_ROWS 96U
#define SPECTROGRAM_COLUMNS 480U
#define SPECTROGRAM_LOW 60.0     ///< Lowest row [Hz]
#define SPECTROGRAM_HIGH 16000.0 ///< Highest [Hz]
#define SPECTROGRAM_RANGE 80.0   ///< From dark to bright [dB]

/// Power by row, the highest frequency first, and column; free it with spectrogram_clear()
typedef struct {
  float* power; ///< (SPECTROGRAM_ROWS, SPECTROGRAM_COLUMNS)
} Spectrogram;

NODISCARD Status spectrogram_make(const float* samples, uint32_t n_frames, double sample_rate,
                                  Spectrogram* spectrogram);

/// Legal on a zeroed struct
void spectrogram_clear(Spectrogram* spectrogram);

/// Return the highest power
float spectrogram_peak(const Spectrogram* spectrogram);

/// Turn powers into 0..1 on a scale of dB, where 1 is `peak` and 0 is SPECTROGRAM_RANGE below
void spectrogram_scale(Spectrogram* spectrogram, float peak);

#endif

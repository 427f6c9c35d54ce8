// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The linear part of what turns one recording into another, and how much later it is in one
/// stretch than in another. Offline.
///
/// Cross and power spectra are averaged over segments (Welch).

#ifndef GRUS_TRAIN_CAPTURE_TRANSFER_FUNCTION_H
#define GRUS_TRAIN_CAPTURE_TRANSFER_FUNCTION_H

#include "core/status.h"

#include <kiss_fftr.h>

#include <stdbool.h>
#include <stdint.h>

/// Sums over segments; bins 0 to size / 2
typedef struct {
  uint32_t size; ///< Frames of a segment
  uint32_t n_segments;
  double* input; ///< Power
  double* target;
  double* re; ///< Of conj(X) Y
  double* im;
} Transfer;

/// Plan and buffers for adding segments of a size
typedef struct {
  uint32_t size;
  kiss_fftr_cfg plan;
  float* window;
  float* frames;
  kiss_fft_cpx* spectra[2];
} TransferWork;

NODISCARD Status transfer_work_init(TransferWork* work, uint32_t size);

/// Legal on a zeroed struct
void transfer_work_clear(TransferWork* work);

NODISCARD Status transfer_init(Transfer* transfer, uint32_t size);

/// Legal on a zeroed struct
void transfer_clear(Transfer* transfer);

/// Add a segment of both; the target is `late` frames late (0 to 1) on top of the delay to be found
void transfer_add(Transfer* transfer, TransferWork* work, const float* input, const float* target,
                  double late);

/// Add all segments of another one of the same size
void transfer_merge(Transfer* transfer, const Transfer* other);

/// Return the share of the target that a linear filter makes of the input: the magnitude-squared
/// coherence, averaged over the bins in which the input has power; 0 (unrelated) to 1
double transfer_coherence(const Transfer* transfer);

/// Return the power of the target in a bin that no linear filter makes of the input
double transfer_unexplained(const Transfer* transfer, uint32_t bin);

/// Return how much later than in `reference` the target is in `transfer` [frames], within +-`reach`
double transfer_delay_against(const Transfer* transfer, const Transfer* reference, double reach);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Takes cut into clips of equal length: what the trainer learns from and is evaluated on.
///
/// A model should have a small error-to-signal ratio at every setting of its knobs. So that a loud
/// take does not count for more than a soft one, the squared errors of a take are weighted by P /
/// P_take, where P is the mean power of all targets and P_take its own: as if every take had been
/// played back at the same level. The weight is at most DATASET_MAX_WEIGHT, so that a take that is
/// almost silent, such as one with a volume knob at zero, can't drown the others. A single take has
/// a weight of exactly 1. Errors reported for several takes at once are weighted, too; only the
/// spectral term of the loss sees takes at their own level.

#ifndef GRUS_TRAIN_LEARN_DATASET_H
#define GRUS_TRAIN_LEARN_DATASET_H

#include "core/params.h"
#include "core/status.h"
#include "train/audio/wav.h"

#include <stdbool.h>
#include <stdint.h>

#define DATASET_MAX_WEIGHT 100.0 ///< 20 dB

/// Two recordings of the same time, and where the knobs stood
typedef struct {
  const char* name; ///< In messages
  const Wav* input;
  const Wav* target;
  float knobs[PARAMS_MAX_KNOBS]; ///< 0..1, as many as the model has
  double weight;                 ///< Of its squared errors; set by dataset_cut()
} Take;

/// A stretch of a take; the take must outlive it
typedef struct {
  const float* input;  ///< (warmup + length)
  const float* target; ///< (warmup + length)
  const Take* take;
  uint64_t lead; ///< Frames that lie before it in its recording; 0 of an independent clip
} Clip;

typedef struct {
  Clip* clips; ///< Take after take
  uint32_t n_clips;
  uint32_t warmup;    ///< Frames at the start of a clip that only set the state
  uint32_t length;    ///< Frames after those, which are learned from or scored
  double sample_rate; ///< [Hz]
} Dataset;

/// How to cut recordings
typedef struct {
  uint32_t clip_frames; ///< Of each independent clip in a file; 0: the file is continuous
  uint32_t clip_warmup; ///< Frames of each clip that are not scored; 0: automatic, if continuous
} ClipLayout;

/// Cut `n_takes` takes, all at the same rate, and weigh them; the rest that fills no clip is left
/// out
NODISCARD Status dataset_cut(Take* takes, uint32_t n_takes, ClipLayout layout, Dataset* dataset,
                             Message* message);

/// Move about `fraction` of the clips of every take, evenly spread, from `dataset` to `held_out`
NODISCARD Status dataset_split(Dataset* dataset, double fraction, Dataset* held_out,
                               Message* message);

/// Return the clips of one take, a view into `dataset`
Dataset dataset_of_take(const Dataset* dataset, const Take* take);

/// Return the mean weighted power of the scored targets, after x[t] - `pre_emphasis` * x[t-1]
double dataset_target_power(const Dataset* dataset, double pre_emphasis);

/// Free the list of clips; legal on a zeroed struct
void dataset_clear(Dataset* dataset);

#endif

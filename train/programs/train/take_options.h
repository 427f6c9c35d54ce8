// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which takes a command line names: files, and where the knobs stood. Functions print what would
/// be right and return false if something is wrong. Main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_TAKE_OPTIONS_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_TAKE_OPTIONS_H

#include "cli/values.h"
#include "core/format/model_file.h"
#include "core/params.h"

#include <stdbool.h>
#include <stdint.h>

#define TAKES_MAX 64U

/// The knobs of a model, in their order
typedef struct {
  const char* names[PARAMS_MAX_KNOBS];
  uint32_t n;
} TakeKnobs;

/// Two recordings of the same time, by their paths
typedef struct {
  const char* input; ///< NULL: that of the whole run
  const char* target;
  float knobs[PARAMS_MAX_KNOBS]; ///< 0..1
  uint32_t n_knobs;              ///< Settings that were given
} TakeFiles;

/// Takes that are given by one option, or as arguments
typedef struct {
  const char* option; ///< Without dashes, for messages
  TakeFiles takes[TAKES_MAX];
  uint32_t n;
  TakeFiles pair; ///< Input and target given separately, to become the only take
} TakeList;

/// Add a name to the knobs
bool takes_add_knob(const CliValue* value, TakeKnobs* knobs);

/// Add a take given as SETTINGS=TARGET or SETTINGS=INPUT:TARGET, where SETTINGS are numbers from 0
/// to 1 separated by commas. The value's text is cut into pieces that the list points to.
///
/// The first '=' ends the settings, so file names may contain more. What follows is TARGET alone if
/// a file has that name, with all its colons; else INPUT ends before the first ':' that makes it
/// the name of a file; else before the first ':'.
bool takes_add(const CliValue* value, TakeList* list);

/// Make a pair the only take. Set the input of takes without one to `input`, which may be NULL;
/// check that each has one, and as many settings as there are knobs, and that no two contradict
/// each other: one target at two settings, or two targets of one input at one setting.
bool takes_finish(TakeList* list, const char* input, const TakeKnobs* knobs);

/// Check that every knob has different settings in some takes, without which it can't be learned
bool takes_turn_all(const TakeList* list, const TakeKnobs* knobs);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Lets grus-train learn from a capture, as a process of its own. Main thread.
///
/// Ctrl-C and the signals that end programs are passed on to it, and it writes the best model so
/// far. From learn_catch_signals() on, they no longer end this program.

#ifndef GRUS_TRAIN_PROGRAMS_MODEL_LEARN_H
#define GRUS_TRAIN_PROGRAMS_MODEL_LEARN_H

#include "core/status.h"
#include "train/programs/model/commands.h"

#include <stdbool.h>

/// Usual time to learn from one capture, as grus-train has it [s]
#define LEARN_SECONDS 180.0

typedef struct {
  const char* capture;
  const char* output; ///< NAME.json
  const char* name;   ///< Of the model; NULL: as the capture says
  const ModelOptions* options;
  void (*watch)(void* context, double seconds); ///< Called every second; NULL: not
  void* context;
} LearnTask;

/// Keep the signals that end programs, for learn_run() and learn_is_interrupted()
void learn_catch_signals(void);

/// Return true if one of them has come
bool learn_is_interrupted(void);

/// Return true if an interrupted run has left something to continue: NAME.checkpoint, or that of
/// the first trial before
bool learn_has_checkpoint(const char* output);

/// Learn from a capture, or continue what was interrupted. On success the caller frees `said`, what
/// grus-train printed on standard output; on failure the message is grus-train's.
NODISCARD Status learn_run(const LearnTask* task, char** said, Message* message);

#endif

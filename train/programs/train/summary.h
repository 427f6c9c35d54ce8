// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a user reads of a run besides its progress, which is report.h's: the plan, what is
/// wrong with recordings, and how well each set does. On standard output, from the main thread.

#ifndef GRUS_TRAIN_PROGRAMS_TRAIN_SUMMARY_H
#define GRUS_TRAIN_PROGRAMS_TRAIN_SUMMARY_H

#include "core/status.h"
#include "train/audio/score.h"
#include "train/learn/dataset.h"
#include "train/programs/train/options.h"
#include "train/programs/train/recording.h"
#include "train/programs/train/session.h"

#include <stdint.h>

/// What a part of a report is about
typedef struct {
  const char* what;
  const Recording* recording;
  const Dataset* dataset; ///< Clips of its takes
} TellingPart;

/// Print what was found out about the recordings, unless it is nothing but good and many takes, or asked to
/// be quiet
void telling_print_examination(const Options* options, const Session* session);

/// Print what is learned from and how, unless asked to be quiet
void telling_print_plan(const Options* options, const Session* session);

/// Say for which rate set `index` is, if there are several
void telling_print_rate(const Options* options, const Session* session, uint32_t index);

/// Print how the trial of one size ended; a SizeReport whose context is an Options
void telling_report_size(void* options, uint32_t hidden_size, double esr);

/// Print how well set `index` does on `what`, and note it in the session's scores
void telling_report_set(Session* session, const char* what, uint32_t index,
                        const ScoreResult* score);

/// Report how well set `index` does on a part at every setting of the knobs; fail, without a
/// message, if memory runs out
NODISCARD Status telling_report_settings(const Options* options, Session* session, uint32_t index,
                                         TellingPart part);

/// Report on every setting that the weights were chosen by, and that they were learned from unless
/// those are the same takes
NODISCARD Status telling_report_takes(const Options* options, Session* session, Message* message);

#endif

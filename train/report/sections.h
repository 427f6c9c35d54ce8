// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The sections of a page in reading order; train/report/page.c puts them together. Main thread.

#ifndef GRUS_TRAIN_REPORT_SECTIONS_H
#define GRUS_TRAIN_REPORT_SECTIONS_H

#include "core/status.h"
#include "train/report/input.h"
#include "train/report/playback.h"
#include "train/report/survey.h"

#include <stdio.h>

/// What all sections draw from
typedef struct {
  FILE* out;
  const ReportInput* input;
  const char* target; ///< What the target is called: "recording" or "capture"
  Playback playback;  ///< The take that is shown
  Survey survey;      ///< Of that take
} Page;

/// Start a section, as html_begin_section() does; each $ in its paragraph becomes what the target
/// is called
void section_begin(const Page* page, const char* heading, const char* paragraph);

/// Name, verdict and main errors of the model; its gear, size and training in one line
void section_head(const Page* page);

/// All scores that the run reported
void section_scores(const Page* page);

/// In a section, that trials spoke against a linear stage, if they did
void section_write_no_stage(const Page* page);

/// What the examination found in the recordings
void section_examination(const Page* page);

/// Sounds and spectrograms of two passages
NODISCARD Status section_listening(Page* page);

/// Waves of recording and model over each other
NODISCARD Status section_waves(Page* page);

/// Levels of recording and difference over the whole take
NODISCARD Status section_error(const Page* page);

/// Spectra of recording, model and difference
void section_spectra(const Page* page);

/// Average output over input; sines from soft to loud, and their harmonics
NODISCARD Status section_transfer(const Page* page);

/// The linear stage: what it is, what it gave, and its response; nothing if there is none
NODISCARD Status section_stage(const Page* page);

/// How the error fell during the training
NODISCARD Status section_learning(const Page* page);

/// The gates at work
NODISCARD Status section_gates(const Page* page);

#endif

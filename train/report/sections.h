// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The parts of a page, in the order of a reader; train/report/page.c puts them together. Main thread.

#ifndef GRUS_TRAIN_REPORT_SECTIONS_H
#define GRUS_TRAIN_REPORT_SECTIONS_H

#include "core/status.h"
#include "train/report/input.h"
#include "train/report/playback.h"
#include "train/report/survey.h"

#include <stdio.h>

/// What all parts draw from
typedef struct {
  FILE* out;
  const ReportInput* input;
  Show show;     ///< The take that is shown
  Survey survey; ///< Of it
} Page;

/// Name, gear and size of the model, and its errors in large
void section_head(const Page* page);

/// All errors that were told
void section_scores(const Page* page);

/// What was found out about the recordings
void section_examination(const Page* page);

/// Sounds and spectrograms of two passages
NODISCARD Status section_listening(Page* page);

/// Recording and model, wave by wave
NODISCARD Status section_waves(Page* page);

/// How loud recording and difference are over all of the take
NODISCARD Status section_error(const Page* page);

/// Spectra of recording, model and difference
void section_spectra(const Page* page);

/// What comes out while a level goes in; sines from soft to loud, and their harmonics
NODISCARD Status section_transfer(const Page* page);

/// How the error fell
NODISCARD Status section_learning(const Page* page);

/// The gates at work
NODISCARD Status section_gates(const Page* page);

#endif

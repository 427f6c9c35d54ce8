// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The command line of grus-signal. Main thread, once.

#ifndef GRUS_TRAIN_PROGRAMS_SIGNAL_OPTIONS_H
#define GRUS_TRAIN_PROGRAMS_SIGNAL_OPTIONS_H

#include "cli/options.h"
#include "train/programs/signal/signal_file.h"

CliResult signal_options_read(int argc, char** argv, SignalOptions* options);

#endif

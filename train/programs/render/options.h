// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The command line of grus-render. Main thread, once.

#ifndef GRUS_TRAIN_PROGRAMS_RENDER_OPTIONS_H
#define GRUS_TRAIN_PROGRAMS_RENDER_OPTIONS_H

#include "cli/options.h"
#include "train/programs/render/render.h"

CliResult render_options_read(int argc, char** argv, RenderOptions* options);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The rig: which server, which set list, which entry, and every step from one to another. Main
/// thread.

#ifndef GRUS_LIVE_RIG_H
#define GRUS_LIVE_RIG_H

#include "live/options.h"
#include "live/rig_state.h"

#include <stdbool.h>
#include <stdint.h>

/// Start to read the set list or models that `options` names; nothing plays before rig_step()
void rig_init(Rig* rig, const LiveOptions* options, int wake);

/// Close the client and free everything
void rig_clear(Rig* rig);

/// Do whatever can be done now: take what was loaded, follow the server and its connections, report
/// what the JACK thread reports. Called whenever `wake` was written to, and often.
void rig_step(Rig* rig);

/// Return true if commands can be run; otherwise they should wait until everything is loaded
bool rig_is_ready(const Rig* rig);

/// Run a command line for `asker`, who gets the answer: 0 is standard input. NULL is a line that
/// was too long.
void rig_run_line(Rig* rig, const char* line, uint32_t asker);

/// Read the set list again
void rig_reload(Rig* rig);

#endif

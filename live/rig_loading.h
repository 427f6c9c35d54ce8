// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How the rig gets its sounds: from the command line, for a server, from the set list again, from
/// a file. One is loaded after another, while the main thread goes on. Main thread.

#ifndef GRUS_LIVE_RIG_LOADING_H
#define GRUS_LIVE_RIG_LOADING_H

#include "live/rig_state.h"

#include <stdbool.h>

/// Ask for something to be loaded as soon as nothing else is
void rig_request(Rig* rig, LoadKind kind, const char* path, uint32_t asker);

/// The same for the model that is so many steps further in the folder of the one that plays then.
/// Steps that wait become one.
void rig_request_step(Rig* rig, int32_t n_steps, uint32_t asker);

/// The same for a rate of the model that plays then [Hz]
void rig_request_rate(Rig* rig, double rate, uint32_t asker);

/// Start the next request, if nothing is being loaded
void rig_start_request(Rig* rig);

/// Start to load the sounds for the server's rate
bool rig_load_for_server(Rig* rig);

/// If something has been loaded, take it, and play it if there is a player. Return true if it was
/// for a server, whose player is to be made of `sounds` then.
bool rig_take_loaded(Rig* rig, Sounds** sounds);

/// Forget what is being loaded for a server that is no more
void rig_stop_loading_for_server(Rig* rig);

/// Stop loading
void rig_stop_loading(Rig* rig);

#endif

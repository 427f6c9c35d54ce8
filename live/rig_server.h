// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How the rig finds a JACK server, plays on it, and outlives it. Main thread.

#ifndef GRUS_LIVE_RIG_SERVER_H
#define GRUS_LIVE_RIG_SERVER_H

#include "live/rig_state.h"

/// Open a server if there is none and the files are read, after closing one that was lost; without
/// any, report that
void rig_follow_server(Rig* rig);

/// Make the player for the server that was found, of sounds loaded for it, and start
void rig_start_playing(Rig* rig, Sounds* sounds);

/// Connect ports that have appeared, and report connections that have changed
void rig_follow_connections(Rig* rig);

/// Fade out and wait until that is played
void rig_fade_out(Rig* rig);

/// Leave the server. What was set there is kept for the next one.
void rig_leave_server(Rig* rig);

#endif

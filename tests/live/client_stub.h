// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A JACK client without JACK, in place of live/client.c: the test is the server and its thread.
/// Compiled with STUB_THREAD, it has a thread of its own that plays and sends MIDI all the time.

#ifndef GRUS_TESTS_LIVE_CLIENT_STUB_H
#define GRUS_TESTS_LIVE_CLIENT_STUB_H

#include "live/player.h"
#include "live/rig.h"

#define STUB_BLOCK 256U ///< Frames per period

/// Start a server, or end it with 0 [Hz]
void stub_set_server(double sample_rate);

/// Return the player that the server runs, or NULL
Player* stub_player(void);

/// Let a rig do everything that can be done without sound
void stub_settle_rig(Rig* rig);

#endif

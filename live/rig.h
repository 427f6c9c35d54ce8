// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The rig: which server, which set list, which entry, and every step from one to another. Main
/// thread.

#ifndef GRUS_LIVE_RIG_H
#define GRUS_LIVE_RIG_H

#include "core/status.h"
#include "live/client.h"
#include "live/connections.h"
#include "live/options.h"
#include "live/player.h"
#include "live/setlist.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  const LiveOptions* options;
  int wake;                ///< eventfd that JACK's threads write to
  Setlist setlist;         ///< As it was read, and entries added by the command load
  Connections connections; ///< Kept while there is no server
  Client* client;          ///< NULL: no server
  Player* player;          ///< NULL: no server
  double sample_rate;      ///< Of the last server [Hz]
  uint32_t current;        ///< Entry; kept while there is no server
  bool is_reloading;       ///< New sounds are on their way to the JACK thread
  bool must_reload_again;  ///< The next reload was requested meanwhile
  bool has_reported_wait;  ///< That there is no server
  bool is_leaving;
} Rig;

/// Read the set list or models that `options` names. On failure `message` says what is wrong.
NODISCARD Status rig_init(Rig* rig, const LiveOptions* options, int wake, Message* message);

/// Close the client and free everything
void rig_clear(Rig* rig);

/// Open a server if there is none, after closing one that was lost; without any, report that and
/// return true. Return false if no sound can be loaded, so that there is no point in waiting.
bool rig_follow_server(Rig* rig);

/// Run a command line; NULL is a line that was too long
void rig_run_line(Rig* rig, const char* line);

/// Read the set list again
void rig_reload(Rig* rig);

/// Print and act on what the JACK thread reports
void rig_drain_events(Rig* rig);

/// Fade out and wait until that is played
void rig_fade_out(Rig* rig);

#endif

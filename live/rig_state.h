// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the parts of the rig share. Main thread.

#ifndef GRUS_LIVE_RIG_STATE_H
#define GRUS_LIVE_RIG_STATE_H

#include "live/client.h"
#include "live/connections.h"
#include "live/loader.h"
#include "live/options.h"
#include "live/player.h"
#include "live/setlist.h"
#include "live/sounds.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define RIG_MAX_REQUESTS 16U

/// What is loaded, or is going to be
typedef enum {
  LOAD_START,  ///< The files that the command line names
  LOAD_SERVER, ///< The same sounds for a server
  LOAD_LIST,   ///< The set list again
  LOAD_FILE,   ///< One model behind the set list
  LOAD_STEP,   ///< Another model of the same folder, in one place behind the set list
  LOAD_RATE,   ///< The entry that plays, with another rate of its model
} LoadKind;

typedef struct {
  LoadKind kind;
  char path[PATH_MAX];  ///< Of the model; for a step, of one that failed, "": from what plays
  int32_t n_steps;      ///< In the folder; negative: back
  char until[PATH_MAX]; ///< The first model that failed, where stepping over models ends
  double rate;          ///< Of the model [Hz]
  uint32_t asker;       ///< Who gets the answer; 0: nobody
} LoadRequest;

typedef struct {
  const LiveOptions* options;
  int wake; ///< eventfd that JACK's threads and the loader write to

  Setlist setlist; ///< As it was read, and behind it the entries added by the command load
  Sounds* sounds;  ///< The same, loaded: a copy of what the player has; NULL: not yet read
  uint32_t generation;
  uint32_t current; ///< Entry; kept while there is no server

  Loader* loader;                         ///< NULL: nothing is being loaded
  LoadRequest loading;                    ///< What
  Setlist next;                           ///< The set list then
  uint32_t next_index;                    ///< The entry to select then; UINT32_MAX: the successor
  uint32_t rated;                         ///< The entry that gets another rate
  LoadRequest requests[RIG_MAX_REQUESTS]; ///< To be loaded after that
  uint32_t n_requests;

  Connections connections; ///< Kept while there is no server
  Client* client;          ///< NULL: no server
  Player* player;          ///< NULL: no server, or not yet loaded for it
  double sample_rate;      ///< Of the last server [Hz]
  EngineControls controls; ///< When the last server was lost
  bool has_controls;

  char waits_for[STATUS_MESSAGE_SIZE]; ///< Why nothing plays, as it was last printed; "": it plays
  double failed_rate;                  ///< No entry could be built for this rate [Hz]; 0: none such
  bool has_woken;                      ///< `wake` was written to
  uint32_t retry_in;                   ///< Steps until connections are tried again; 0: none failed
  uint32_t retry_wait;                 ///< Steps that passed before they were tried last
  bool has_failed;                     ///< Nothing can ever be played: the files are broken
  bool is_leaving;
} Rig;

#endif

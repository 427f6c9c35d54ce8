// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The command line of grus-live. Main thread, once.

#ifndef GRUS_LIVE_OPTIONS_H
#define GRUS_LIVE_OPTIONS_H

#include "cli/options.h"
#include "live/client.h"
#include "live/setlist.h"

#include <stdbool.h>
#include <stdint.h>

/// Which commands are taken over the network
typedef enum {
  OSC_ALLOW_BY_HOST, ///< All on this machine, otherwise those that play
  OSC_ALLOW_ALL,
  OSC_ALLOW_PLAY, ///< Those that only play
} OscAllow;

typedef struct {
  ClientOptions client;
  EngineControls controls; ///< Of all entries, unless the set list sets them
  uint32_t oversampling;   ///< 0: that of the set list
  const char* cabinet;     ///< Of models on the command line; NULL: none
  double model_rate;       ///< Of models whose files give none, unless the set list says it [Hz]
  char* const* files;      ///< Models, or one set list
  uint32_t n_files;
  bool is_json;
  double measure_seconds; ///< 0: play until stopped [s]
  const char* osc_host;
  uint32_t osc_port; ///< 0: none
  OscAllow osc_allow;
} LiveOptions;

/// Read the command line; anything but CLI_RUN ends the program
CliResult options_read(int argc, char** argv, LiveOptions* options);

/// Return the path of the set list that the command line names, or NULL
const char* options_setlist_path(const LiveOptions* options);

/// Read the set list that the command line names, or make one of its models or the factory model
NODISCARD Status options_setlist(const LiveOptions* options, Setlist* setlist, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The command line of grus-live. Main thread, once.

#ifndef GRUS_LIVE_OPTIONS_H
#define GRUS_LIVE_OPTIONS_H

#include "live/client.h"
#include "live/setlist.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  ClientOptions client;
  EngineControls controls; ///< That all entries begin with
  uint32_t oversampling;   ///< 0: as the set list says
  const char* cabinet;     ///< Of models given by name; NULL: none
  char* const* files;      ///< Models, or one set list
  uint32_t n_files;
  bool is_json;
  double measure_seconds; ///< 0: play
  const char* osc_host;
  uint32_t osc_port; ///< 0: none
} Options;

#define OPTIONS_EXIT_BAD_INPUT 2

/// Read the command line; return a status for exit(), or -1 to go on
int options_read(int argc, char** argv, Options* options);

/// Return the set list that the command line names, or NULL
const char* options_setlist_path(const Options* options);

/// Make a set list of what the command line names: read it, or put the models into one
NODISCARD Status options_setlist(const Options* options, Setlist* setlist, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Who is connected to our ports, and who is to be again. Main thread.

#ifndef GRUS_LIVE_CONNECTIONS_H
#define GRUS_LIVE_CONNECTIONS_H

#include <jack/jack.h>

#include <stdint.h>

/// One of our ports
typedef struct {
  jack_client_t* jack;
  jack_port_t* port;
  uint32_t channel; ///< 0 or 1
  uint32_t n_channels;
  const char* pattern; ///< Of the names of others' ports; NULL: physical ones
} ConnectionsPort;

/// Connect to the ports that the pattern names, unless connections from before are remembered: an input to
/// the one for its channel; an output to the one for its channel, or, in mono, to the first two
void connections_make(ConnectionsPort port);

/// Connect what is remembered and has appeared, and remember what is connected
void connections_follow(ConnectionsPort port);

/// Note that the client goes: what was connected is to be again
void connections_lose(void);

/// Forget all that is remembered
void connections_forget(void);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Commands by Open Sound Control over UDP. Main thread.

#ifndef GRUS_LIVE_OSC_H
#define GRUS_LIVE_OSC_H

#include "core/status.h"

#include <stddef.h>

/// Listen; `fd` becomes a descriptor to poll. `host` is an address of this machine; with 127.0.0.1
/// only programs on this machine can send.
NODISCARD Status osc_listen(const char* host, unsigned port, int* fd, Message* message);

/// Receive one packet and write its command line, "" without a packet. On
/// failure `message` says what is wrong with the packet.
NODISCARD Status osc_receive(int fd, char* line, size_t size, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Commands by Open Sound Control over UDP. Main thread.

#ifndef GRUS_LIVE_OSC_H
#define GRUS_LIVE_OSC_H

#include "core/status.h"

#include <stddef.h>

/// Listen; return a descriptor through `fd`. `host` is an address of this machine: 127.0.0.1 unless others
/// are to be let in.
NODISCARD Status osc_listen(const char* host, unsigned port, int* fd, Message* message);

/// Take one packet; write the command line that it stands for. On failure `message` says why not.
NODISCARD Status osc_receive(int fd, char* line, size_t size, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Commands by Open Sound Control over UDP, and answers to their senders. Main thread.
///
/// A number or truth value with a command that takes no argument is that of a button: 0 and false
/// are its release, which does nothing. "/grus/entry/3" is the same as "/grus/entry" with 3, for
/// buttons.

#ifndef GRUS_LIVE_OSC_H
#define GRUS_LIVE_OSC_H

#include "core/status.h"
#include "live/event_field.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OSC_N_SENDERS 16U ///< The last ones can be answered

typedef struct {
  int fd;                                    ///< To poll; -1: closed
  struct sockaddr_in senders[OSC_N_SENDERS]; ///< Of packet n at n modulo their number
  uint32_t n_packets;                        ///< Received
} Osc;

/// Listen. `host` is an address of this machine; with 127.0.0.1 only programs on this machine can
/// send. On failure nothing is open: STATUS_BAD_ARGUMENT if `host` is none, otherwise
/// STATUS_CANNOT_READ.
NODISCARD Status osc_listen(const char* host, unsigned port, Osc* osc, Message* message);

/// Return true if only programs on this machine can reach an address
bool osc_is_local(const char* host);

/// Receive one packet and write its command line, "" without a command; `asker` identifies the
/// sender. On failure `message` says what is wrong with the packet.
NODISCARD Status osc_receive(Osc* osc, char* line, size_t size, uint32_t* asker, Message* message);

/// Send /grus/reply/EVENT with the values of the fields to a sender
void osc_answer(const Osc* osc, uint32_t asker, const char* event, const EventField* fields);

/// Stop listening
void osc_close(Osc* osc);

#endif

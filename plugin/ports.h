// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Which port is which; ttl/ says what they are. Symbols never change; numbers are this version's.

#ifndef GRUS_PLUGIN_PORTS_H
#define GRUS_PLUGIN_PORTS_H

#include <stdint.h>

/// In the order of the mono plugin, then what only stereo has
typedef enum {
  PORT_CONTROL,
  PORT_NOTIFY,
  PORT_IN,
  PORT_OUT,
  PORT_INPUT_LEVEL,
  PORT_KNOB_1,
  PORT_KNOB_2,
  PORT_KNOB_3,
  PORT_KNOB_4,
  PORT_GATE,
  PORT_BASS,
  PORT_MIDDLE,
  PORT_TREBLE,
  PORT_PRESENCE,
  PORT_CABINET,
  PORT_CABINET_LEVEL,
  PORT_OUTPUT_LEVEL,
  PORT_LEVEL_MATCH,
  PORT_INTERFACE_LEVEL,
  PORT_QUALITY,
  PORT_ENABLED,
  PORT_MODEL_STATUS,
  PORT_CABINET_STATUS,
  PORT_INPUT_PEAK,
  PORT_OUTPUT_PEAK,
  PORT_GUARD_TRIPS,
  PORT_LATENCY,
  PORT_IN_RIGHT,
  PORT_OUT_RIGHT,
  N_PORTS,
} Port;

/// Return the port with a number in a plugin of `n_channels`: stereo has its right channel behind the
/// left one. N_PORTS if there is none.
static inline Port
ports_at(const uint32_t index, const uint32_t n_channels)
{
  if (n_channels == 2 && index > PORT_OUT) {
    return index < PORT_OUT + 3 ? (Port)(PORT_IN_RIGHT + index - PORT_OUT - 1)
           : index < N_PORTS    ? (Port)(index - 2)
                                : N_PORTS;
  }
  return index < PORT_IN_RIGHT ? (Port)index : N_PORTS;
}

#endif

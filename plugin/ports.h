// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Numbers of the ports, as ttl/ gives them to hosts. Symbols never change; numbers may, by
/// version.

#ifndef GRUS_PLUGIN_PORTS_H
#define GRUS_PLUGIN_PORTS_H

#include <stdint.h>

/// In the order of the mono plugin, then those that only stereo has
typedef enum {
  PORT_CONTROL,
  PORT_NOTIFY,
  PORT_IN,
  PORT_OUT,
#define CONTROL(id, ...) PORT_##id,
#define SETTING(id, ...) PORT_##id,
#define METER(id, ...) PORT_##id,
#define TRIGGER(id, ...) PORT_##id,
#include "core/engine/controls.def"
  PORT_IN_RIGHT,
  PORT_OUT_RIGHT,
  N_PORTS,
} Port;

/// Values of the ports model_status and cabinet_status
typedef enum {
  SLOT_STATUS_NONE,
  SLOT_STATUS_LOADED,
  SLOT_STATUS_FAILED,  ///< The last choice could not be loaded; the one before keeps playing
  SLOT_STATUS_LOADING, ///< The last choice is on its way
  SLOT_STATUS_MISSING, ///< As failed: its file isn't there
} SlotStatus;

/// Return the port at `index` in a plugin of `n_channels`, N_PORTS if there is none: stereo has its
/// right channel after the left one
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

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What currents flow through a diode, a transistor or a valve at given voltages. Offline.
///
/// A device has a common terminal, and up to three others, its ports. Voltages are those of the
/// ports against the common terminal; currents flow into the ports and out of the common terminal.

#ifndef GRUS_PRESETS_CIRCUITS_DEVICES_H
#define GRUS_PRESETS_CIRCUITS_DEVICES_H

#include <stdint.h>

#define DEVICE_MAX_PORTS 3U

/// Kinds, with their ports in order and the common terminal last
typedef enum {
  DEVICE_DIODE_PAIR, ///< Two antiparallel 1N4148, as presets/circuits/diode_pair.h has them
  DEVICE_TRANSISTOR, ///< Small NPN: collector, emitter, base. Ebers, Moll, Proc. IRE 42(12), 1954
  DEVICE_TRIODE,     ///< 12AX7 of presets/circuits/triode.h: grid, plate, cathode
  DEVICE_PENTODE,    ///< 6V6: grid, plate, screen, cathode. Koren, Glass Audio 8(5), 1996
  DEVICE_RECTIFIER,  ///< 5Y3, both halves: plates, cathode. Child's law
} DeviceKind;

#define DEVICE_N_KINDS 5

typedef struct {
  double i[DEVICE_MAX_PORTS];                        ///< [A]
  double slopes[DEVICE_MAX_PORTS][DEVICE_MAX_PORTS]; ///< From voltage (column) to current (row) [S]
} DeviceCurrents;

uint32_t device_n_ports(DeviceKind kind);

DeviceCurrents device_currents(DeviceKind kind, const double v[DEVICE_MAX_PORTS]);

/// Return how far a Newton step on a port's voltage may go from `from` on its way to `to` [V]
double device_limit(DeviceKind kind, double from, double to);

#endif

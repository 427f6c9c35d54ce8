// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A diode, transistor or valve for quiet sounds: a linear part of a network.

#ifndef GRUS_TESTS_CIRCUITS_TANGENT_H
#define GRUS_TESTS_CIRCUITS_TANGENT_H

#include "presets/circuits/devices.h"
#include "tests/circuits/network.h"

/// Add a device whose nodes, ports first, rest at the voltages `rest` [V]
void tangent_add(Network* network, DeviceKind kind, const int* nodes, const double* rest);

/// Add a 12AX7 with the capacitances between its electrodes; grid, plate, cathode
void tangent_add_12ax7(Network* network, const int nodes[3], const double rest[3]);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Devices as controlled currents.

#include "tests/circuits/tangent.h"

void
tangent_add(Network* const network, const DeviceKind kind, const int* const nodes,
            const double* const rest)
{
  const uint32_t n_ports = device_n_ports(kind);
  double v[DEVICE_MAX_PORTS] = {0.0};
  for (uint32_t i = 0; i < n_ports; ++i) {
    v[i] = rest[i] - rest[n_ports];
  }
  const DeviceCurrents currents = device_currents(kind, v);
  for (uint32_t i = 0; i < n_ports; ++i) {
    for (uint32_t k = 0; k < n_ports; ++k) {
      const int flow[2] = {nodes[i], nodes[n_ports]};
      const int drop[2] = {nodes[k], nodes[n_ports]};
      network_add_controlled_current(network, flow, drop, currents.slopes[i][k]);
    }
  }
}

void
tangent_add_12ax7(Network* const network, const int nodes[3], const double rest[3])
{
  tangent_add(network, DEVICE_TRIODE, nodes, rest);
  network_add_capacitor(network, nodes[0], nodes[1], 2.4e-12);
  network_add_capacitor(network, nodes[0], nodes[2], 2.3e-12);
  network_add_capacitor(network, nodes[1], nodes[2], 0.9e-12);
}

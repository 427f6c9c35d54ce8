// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Nodal analysis with partial pivoting.

#include "tests/circuits/network.h"

#include <assert.h>

Network
network_new(const int n_nodes, const double complex s)
{
  assert(n_nodes <= NETWORK_MAX_NODES);
  const Network network = {.n_nodes = n_nodes, .s = s};
  return network;
}

static void
add_half(Network* const network, const int a, const int b, const double complex admittance)
{
  if (a < 0) {
    return;
  }
  network->matrix[a][a] += admittance;
  if (b == NETWORK_SOURCE) {
    network->currents[a] += admittance;
  } else if (b != NETWORK_GROUND) {
    network->matrix[a][b] -= admittance;
  }
}

void
network_add_resistor(Network* const network, const int a, const int b, const double resistance)
{
  add_half(network, a, b, 1.0 / resistance);
  add_half(network, b, a, 1.0 / resistance);
}

void
network_add_capacitor(Network* const network, const int a, const int b, const double capacitance)
{
  add_half(network, a, b, network->s * capacitance);
  add_half(network, b, a, network->s * capacitance);
}

void
network_add_inductor(Network* const network, const int a, const int b, const double inductance)
{
  add_half(network, a, b, 1.0 / (network->s * inductance));
  add_half(network, b, a, 1.0 / (network->s * inductance));
}

void
network_add_controlled_current(Network* const network, const int nodes[2], const int inputs[2],
                               const double gain)
{
  for (int i = 0; i < 2; ++i) {
    for (int k = 0; k < 2; ++k) {
      if (nodes[i] >= 0 && inputs[k] >= 0) {
        network->matrix[nodes[i]][inputs[k]] += i == k ? gain : -gain;
      }
    }
  }
}

void
network_add_op_amp(Network* const network, const int plus, const int minus, const int out)
{
  const int nodes[2] = {NETWORK_GROUND, out};
  const int inputs[2] = {plus, minus};
  network_add_controlled_current(network, nodes, inputs, 1e12);
  network_add_resistor(network, out, NETWORK_GROUND, 1.0);
}

static void
bring_up_largest(Network* const network, const int pivot)
{
  int largest = pivot;
  for (int row = pivot + 1; row < network->n_nodes; ++row) {
    if (cabs(network->matrix[row][pivot]) > cabs(network->matrix[largest][pivot])) {
      largest = row;
    }
  }
  for (int column = 0; column < network->n_nodes; ++column) {
    const double complex kept = network->matrix[pivot][column];
    network->matrix[pivot][column] = network->matrix[largest][column];
    network->matrix[largest][column] = kept;
  }
  const double complex kept = network->currents[pivot];
  network->currents[pivot] = network->currents[largest];
  network->currents[largest] = kept;
}

double complex
network_voltage(Network* const network, const int node)
{
  const int n = network->n_nodes;
  for (int pivot = 0; pivot < n; ++pivot) {
    bring_up_largest(network, pivot);
    for (int row = 0; row < n; ++row) {
      const double complex factor =
          row == pivot ? 0.0 : network->matrix[row][pivot] / network->matrix[pivot][pivot];
      for (int column = pivot; column < n; ++column) {
        network->matrix[row][column] -= factor * network->matrix[pivot][column];
      }
      network->currents[row] -= factor * network->currents[pivot];
    }
  }
  return network->currents[node] / network->matrix[node][node];
}

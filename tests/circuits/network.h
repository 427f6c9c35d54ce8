// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a linear circuit responds to a sine, by nodal analysis: the reference for simulations, which
/// share no code with it.

#ifndef GRUS_TESTS_CIRCUITS_NETWORK_H
#define GRUS_TESTS_CIRCUITS_NETWORK_H

#include <complex.h>

#define NETWORK_MAX_NODES 24

/// Stand for a node in the functions below
enum {
  NETWORK_GROUND = -1,
  NETWORK_SOURCE = -2, ///< Held at 1 V
};

typedef struct {
  int n_nodes;
  double complex matrix[NETWORK_MAX_NODES][NETWORK_MAX_NODES];
  double complex currents[NETWORK_MAX_NODES];
  double complex s; ///< Complex frequency [1/s]
} Network;

Network network_new(int n_nodes, double complex s);

void network_add_resistor(Network* network, int a, int b, double resistance);

void network_add_capacitor(Network* network, int a, int b, double capacitance);

void network_add_inductor(Network* network, int a, int b, double inductance);

/// Add a current `gain` * (v_plus - v_minus) out of node `from` into node `to`
void network_add_controlled_current(Network* network, const int nodes[2], const int inputs[2],
                                    double gain);

/// Add an operational amplifier with a gain of 1e12
void network_add_op_amp(Network* network, int plus, int minus, int out);

/// Solve in place and return the voltage of `node`
double complex network_voltage(Network* network, int node);

#endif

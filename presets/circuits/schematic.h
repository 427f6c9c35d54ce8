// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What a whole schematic does, when its stages load and bias each other. Offline.
///
/// Parts are added between nodes, numbered from 0. The voltages at all nodes are found at once:
/// modified nodal analysis, as in Ho, Ruehli and Brennan, IEEE Trans. CAS 22(6), 1975, stepped by
/// the rule of presets/circuits/stepping.h.

#ifndef GRUS_PRESETS_CIRCUITS_SCHEMATIC_H
#define GRUS_PRESETS_CIRCUITS_SCHEMATIC_H

#include "presets/circuits/devices.h"

#include <stdbool.h>
#include <stdint.h>

#define SCHEMATIC_MAX_UNKNOWNS 24
#define SCHEMATIC_MAX_STORES 32
#define SCHEMATIC_MAX_DEVICES 8

/// Nodes whose voltage is given
enum {
  SCHEMATIC_GROUND = -1,
  SCHEMATIC_INPUT = -2,
  SCHEMATIC_SUPPLY = -3,
};

#define SCHEMATIC_N_RAILS 3

/// A capacitor, perhaps with a resistor in series, or an inductor, in time steps
typedef struct {
  int nodes[2];
  double size;       ///< [F], or if `winds` [H]
  double resistance; ///< In series with a capacitor [Ohm]
  bool winds;        ///< Is an inductor
  double slowness;   ///< STEPPING_WEIGHT T / size
  double start;      ///< `kept` when the step began
  double past;       ///< What the step owes to the past of `kept`
  double kept;       ///< Voltage on the capacitor [V], or current in the inductor [A]
  double other;      ///< Current through the capacitor [A], or voltage on the inductor [V]
} SchematicStore;

typedef struct {
  DeviceKind kind;
  int nodes[DEVICE_MAX_PORTS + 1];
  double v[DEVICE_MAX_PORTS]; ///< Where its currents are taken from in this iteration [V]
} SchematicDevice;

/// Rows say that no current is left over at a node; the last columns belong to the rails [S]
typedef double SchematicMatrix[SCHEMATIC_MAX_UNKNOWNS][SCHEMATIC_MAX_UNKNOWNS + SCHEMATIC_N_RAILS];

typedef struct {
  int n_unknowns; ///< Nodes, then the currents of transformers
  int reach;      ///< Largest distance between the numbers of two unknowns that share a part
  uint32_t n_stores;
  uint32_t n_devices;
  double rails[SCHEMATIC_N_RAILS];     ///< Ground, input, supply [V]
  SchematicMatrix resistors;           ///< Of the resistors and transformers
  SchematicMatrix linear;              ///< The same with the stores
  double v[SCHEMATIC_MAX_UNKNOWNS];    ///< [V], or [A] of transformers
  double rest[SCHEMATIC_MAX_UNKNOWNS]; ///< The same without signal
  SchematicStore stores[SCHEMATIC_MAX_STORES];
  SchematicDevice devices[SCHEMATIC_MAX_DEVICES];
  uint64_t n_failures; ///< Steps whose equations were not solved
} Schematic;

/// Begin a schematic of `n_nodes`; `supply` is the voltage of SCHEMATIC_SUPPLY
void schematic_init(Schematic* schematic, int n_nodes, double supply);

void schematic_add_resistor(Schematic* schematic, int a, int b, double resistance);

void schematic_add_capacitor(Schematic* schematic, int a, int b, double capacitance);

/// Add a capacitor and a resistor in series
void schematic_add_series(Schematic* schematic, const int nodes[2], double capacitance,
                          double resistance);

void schematic_add_inductor(Schematic* schematic, int a, int b, double inductance);

/// Add two equal windings on one core, from `tap` to `ends`, without losses or stray fields
void schematic_add_windings(Schematic* schematic, int tap, const int ends[2]);

/// Add a device by its ports' nodes and the common one
void schematic_add_device(Schematic* schematic, DeviceKind kind, const int* nodes);

/// Add a 12AX7 with the capacitances between its electrodes
void schematic_add_12ax7(Schematic* schematic, int grid, int plate, int cathode);

/// Find the state of a circuit that was switched on long ago, and prepare for `rate` steps a second
void schematic_start(Schematic* schematic, double rate);

void schematic_step(Schematic* schematic, double input);

/// Return how far a node is from its rest [V]
double schematic_swing(const Schematic* schematic, int node);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What one valve of a preamplifier does: a 12AX7 in common-cathode connection. Offline.
///
///                                        supply -- R_plate --+-- C_load -- R_load to ground
///     in -- C_in -- R_series --+-- R_grid -- grid   plate ---+-- out
///                              |                    cathode -- R_cathode || C_cathode to ground
///                              R_leak to ground
///
/// The valve: Dempwolf and Zoelzer, "A physically-motivated triode model for circuit simulations",
/// DAFx 2011. Grid current charges C_in, which is how a driven stage shifts its own bias. Stepped
/// by the rule of presets/circuits/stepping.h.

#ifndef GRUS_PRESETS_CIRCUITS_TRIODE_H
#define GRUS_PRESETS_CIRCUITS_TRIODE_H

#include <stdbool.h>
#include <stdint.h>

/// Currents of the valve and their slopes at given voltages
typedef struct {
  double cathode; ///< [A]
  double
      cathode_slope; ///< By grid-cathode voltage; by plate-cathode voltage it is 1 / mu of that [S]
  double grid;       ///< [A]
  double grid_slope; ///< By grid-cathode voltage [S]
} TriodeCurrents;

#define TRIODE_MU 83.5 ///< Amplification factor

/// Between the electrodes [F]
#define TRIODE_C_GRID_PLATE 2.4e-12
#define TRIODE_C_GRID_CATHODE 2.3e-12
#define TRIODE_C_PLATE_CATHODE 0.9e-12

/// Component values [V], [Ohm], [F]
typedef struct {
  double supply;
  double c_in;
  double r_series;
  double r_leak;
  double r_grid;
  double r_plate;
  double r_cathode;
  double c_cathode;
  double c_load;
  double r_load;
} TriodeStageParts;

/// A capacitor, perhaps with a resistor in series, in time steps
typedef struct {
  double resistance; ///< [Ohm]
  double slowness;   ///< STEPPING_WEIGHT T / C [Ohm]
  double start;      ///< On the capacitor when the step began [V]
  double past;       ///< What the step owes to the past of the capacitor's voltage [V]
  double v;          ///< On the capacitor [V]
  double i;          ///< Through both [A]
} TriodeBranch;

/// Where a stage has capacitors
typedef enum {
  TRIODE_IN,
  TRIODE_CATHODE,
  TRIODE_LOAD,
  TRIODE_GRID_PLATE,
  TRIODE_GRID_CATHODE,
  TRIODE_PLATE_CATHODE,
} TriodeBranchPlace;

#define TRIODE_N_BRANCHES 6

typedef struct {
  TriodeStageParts parts;
  TriodeBranch branches[TRIODE_N_BRANCHES];
  double input;        ///< Last input [V]
  double v[3];         ///< Grid, cathode, plate [V]
  double rest_plate;   ///< Plate voltage without signal [V]
  uint64_t n_failures; ///< Steps whose equations were not solved
} TriodeStage;

TriodeCurrents triode_currents(double v_grid_cathode, double v_plate_cathode);

/// Prepare a stage that was switched on long ago, for `rate` steps per second
void triode_stage_init(TriodeStage* stage, const TriodeStageParts* parts, double rate);

/// Take one step and return how far the plate is from its rest [V]
double triode_stage_step(TriodeStage* stage, double input);

#endif

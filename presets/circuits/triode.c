// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A valve stage by Newton's method on its three node voltages. Offline.
//
// Every capacitor C with its series resistor R is, for either half of a step, a conductance and a
// source: i = (v - past) / (R + slowness), and what it then holds is past + slowness i. Kirchhoff's
// current law at grid, cathode and plate is three equations, whose slopes are known in closed form.

#include "presets/circuits/triode.h"

#include "guitar/linear.h"
#include "presets/circuits/stepping.h"

#include <math.h>

#define G_CATHODE 2.242e-3
#define C_CATHODE 3.40
#define GAMMA 1.26
#define G_GRID 6.177e-4
#define C_GRID 9.901
#define XI 1.314
#define GRID_LEAKAGE 8.025e-8

#define MAX_ITERATIONS 100
#define MAX_GRID_STEP 1.0   ///< Largest change of the grid-cathode voltage in one iteration [V]
#define MAX_PLATE_STEP 40.0 ///< Largest change of the plate-cathode voltage in one iteration [V]

/// A time step after which every capacitor is open, to find the rest [s]
#define LONG_STEP 1e15

enum { GRID, CATHODE, PLATE };

/// Current g * softplus(e)^exponent, where softplus(e) = ln(1 + exp(c e)) / c, and its slope by e
static double
softened_power(const double g, const double c, const double exponent, const double e, double* slope)
{
  const double x = c * e;
  const double grown = exp(-fabs(x));
  const double soft = (fmax(x, 0.0) + log1p(grown)) / c;
  if (!(soft > 0.0)) {
    *slope = 0.0;
    return 0.0;
  }
  const double current = g * pow(soft, exponent);
  const double rise = (x > 0.0 ? 1.0 : grown) / (1.0 + grown);
  *slope = exponent * current / soft * rise;
  return current;
}

TriodeCurrents
triode_currents(const double v_grid_cathode, const double v_plate_cathode)
{
  TriodeCurrents currents;
  const double effective = v_plate_cathode / TRIODE_MU + v_grid_cathode;
  currents.cathode =
      softened_power(G_CATHODE, C_CATHODE, GAMMA, effective, &currents.cathode_slope);
  currents.grid =
      GRID_LEAKAGE + softened_power(G_GRID, C_GRID, XI, v_grid_cathode, &currents.grid_slope);
  return currents;
}

static double
branch_conductance(const TriodeBranch* const b)
{
  return 1.0 / (b->resistance + b->slowness);
}

/// Return the current that flows with `v` across the branch [A]
static double
branch_current(const TriodeBranch* const b, const double v)
{
  return (v - b->past) * branch_conductance(b);
}

static void
branch_begin(TriodeBranch* const b)
{
  b->start = b->v;
  b->past = b->v + b->slowness * b->i;
}

static void
branch_go_on(TriodeBranch* const b)
{
  b->past = b->start + STEPPING_LEAP * (b->v - b->start);
}

/// Take over the solution, `v` across the branch
static void
branch_finish(TriodeBranch* const b, const double v)
{
  b->i = branch_current(b, v);
  b->v = b->past + b->slowness * b->i;
}

/// What the grid sees of everything before it: a source behind a resistance
typedef struct {
  double v;          ///< [V]
  double resistance; ///< [Ohm]
} GridSource;

static GridSource
find_source(const TriodeStage* const stage, const double input)
{
  const double g = branch_conductance(&stage->branches[TRIODE_IN]);
  const double to_ground = 1.0 / stage->parts.r_leak;
  const GridSource source = {
      .v = branch_current(&stage->branches[TRIODE_IN], input) / (g + to_ground),
      .resistance = stage->parts.r_grid + 1.0 / (g + to_ground),
  };
  return source;
}

/// Fill in the currents that leave each node
static void
find_excess(const TriodeStage* const stage, const GridSource* const source,
            const TriodeCurrents* const tube, double excess[3])
{
  const double* const v = stage->v;
  const double i_gp = branch_current(&stage->branches[TRIODE_GRID_PLATE], v[GRID] - v[PLATE]);
  const double i_gk = branch_current(&stage->branches[TRIODE_GRID_CATHODE], v[GRID] - v[CATHODE]);
  const double i_pk = branch_current(&stage->branches[TRIODE_PLATE_CATHODE], v[PLATE] - v[CATHODE]);
  excess[GRID] = (v[GRID] - source->v) / source->resistance + tube->grid + i_gp + i_gk;
  excess[CATHODE] = v[CATHODE] / stage->parts.r_cathode +
                    branch_current(&stage->branches[TRIODE_CATHODE], v[CATHODE]) - tube->cathode -
                    i_gk - i_pk;
  excess[PLATE] = (v[PLATE] - stage->parts.supply) / stage->parts.r_plate +
                  branch_current(&stage->branches[TRIODE_LOAD], v[PLATE]) + tube->cathode -
                  tube->grid - i_gp + i_pk;
}

/// Fill in the slopes of those currents by each node's voltage
static void
find_slopes(const TriodeStage* const stage, const GridSource* const source,
            const TriodeCurrents* const tube, double slopes[3][3])
{
  const double g_gp = branch_conductance(&stage->branches[TRIODE_GRID_PLATE]);
  const double g_gk = branch_conductance(&stage->branches[TRIODE_GRID_CATHODE]);
  const double g_pk = branch_conductance(&stage->branches[TRIODE_PLATE_CATHODE]);
  const double by_grid = tube->cathode_slope;
  const double by_plate = tube->cathode_slope / TRIODE_MU;
  const double grid = tube->grid_slope;
  slopes[GRID][GRID] = 1.0 / source->resistance + grid + g_gp + g_gk;
  slopes[GRID][CATHODE] = -grid - g_gk;
  slopes[GRID][PLATE] = -g_gp;
  slopes[CATHODE][GRID] = -by_grid - g_gk;
  slopes[CATHODE][CATHODE] = 1.0 / stage->parts.r_cathode +
                             branch_conductance(&stage->branches[TRIODE_CATHODE]) + by_grid +
                             by_plate + g_gk + g_pk;
  slopes[CATHODE][PLATE] = -by_plate - g_pk;
  slopes[PLATE][GRID] = by_grid - grid - g_gp;
  slopes[PLATE][CATHODE] = -by_grid - by_plate + grid - g_pk;
  slopes[PLATE][PLATE] = 1.0 / stage->parts.r_plate +
                         branch_conductance(&stage->branches[TRIODE_LOAD]) + by_plate + g_gp + g_pk;
}

/// Return how much of a Newton step may be taken, so that no exponential is overshot
static double
allowed_part(const double change[3])
{
  const double grid = fabs(change[GRID] - change[CATHODE]);
  const double plate = fabs(change[PLATE] - change[CATHODE]);
  return 1.0 / fmax(1.0, fmax(grid / MAX_GRID_STEP, plate / MAX_PLATE_STEP));
}

static bool
is_small(const double change[3], const double v[3])
{
  for (int node = 0; node < 3; ++node) {
    if (!(fabs(change[node]) <= 1e-7 + 1e-7 * fabs(v[node]))) {
      return false;
    }
  }
  return true;
}

/// Take one Newton step; true when the voltages no longer change
static bool
improve_voltages(TriodeStage* const stage, const GridSource* const source)
{
  double change[3];
  double slopes[3][3];
  const TriodeCurrents tube =
      triode_currents(stage->v[GRID] - stage->v[CATHODE], stage->v[PLATE] - stage->v[CATHODE]);
  find_excess(stage, source, &tube, change);
  find_slopes(stage, source, &tube, slopes);
  if (!linear_solve(slopes, change)) {
    return false;
  }
  const double part = allowed_part(change);
  for (int node = 0; node < 3; ++node) {
    stage->v[node] -= part * change[node];
  }
  return is_small(change, stage->v);
}

static void
solve_voltages(TriodeStage* const stage, const GridSource* const source)
{
  for (int i = 0; i < MAX_ITERATIONS; ++i) {
    if (improve_voltages(stage, source)) {
      return;
    }
  }
  ++stage->n_failures;
}

static void
set_time_step(TriodeStage* const stage, const double step)
{
  const TriodeStageParts* const parts = &stage->parts;
  const double capacitances[TRIODE_N_BRANCHES] = {
      parts->c_in,         parts->c_cathode,      parts->c_load,
      TRIODE_C_GRID_PLATE, TRIODE_C_GRID_CATHODE, TRIODE_C_PLATE_CATHODE,
  };
  for (int i = 0; i < TRIODE_N_BRANCHES; ++i) {
    stage->branches[i].slowness = STEPPING_WEIGHT * step / capacitances[i];
  }
  stage->branches[TRIODE_IN].resistance = parts->r_series;
  stage->branches[TRIODE_LOAD].resistance = parts->r_load;
}

/// Return the voltage where R_series, R_leak and R_grid meet [V]
static double
before_grid(const TriodeStage* const stage, const GridSource* const source)
{
  const double current = (source->v - stage->v[GRID]) / source->resistance;
  return stage->v[GRID] + current * stage->parts.r_grid;
}

/// Fill in the voltage across each branch
static void
find_branch_voltages(const TriodeStage* const stage, const GridSource* const source,
                     const double input, double across[TRIODE_N_BRANCHES])
{
  const double* const v = stage->v;
  across[TRIODE_IN] = input - before_grid(stage, source);
  across[TRIODE_CATHODE] = v[CATHODE];
  across[TRIODE_LOAD] = v[PLATE];
  across[TRIODE_GRID_PLATE] = v[GRID] - v[PLATE];
  across[TRIODE_GRID_CATHODE] = v[GRID] - v[CATHODE];
  across[TRIODE_PLATE_CATHODE] = v[PLATE] - v[CATHODE];
}

/// Solve for the voltages, given what the capacitors hold, and update the capacitors
static void
advance_branches(TriodeStage* const stage, const double input)
{
  double across[TRIODE_N_BRANCHES];
  const GridSource source = find_source(stage, input);
  solve_voltages(stage, &source);
  find_branch_voltages(stage, &source, input, across);
  for (int i = 0; i < TRIODE_N_BRANCHES; ++i) {
    branch_finish(&stage->branches[i], across[i]);
  }
}

void
triode_stage_init(TriodeStage* const stage, const TriodeStageParts* const parts, const double rate)
{
  *stage = (TriodeStage){.parts = *parts, .v = {0.0, 1.0, 0.6 * parts->supply}};
  set_time_step(stage, LONG_STEP);
  advance_branches(stage, 0.0);
  set_time_step(stage, 1.0 / rate);
  stage->rest_plate = stage->v[PLATE];
}

double
triode_stage_step(TriodeStage* const stage, const double input)
{
  for (int i = 0; i < TRIODE_N_BRANCHES; ++i) {
    branch_begin(&stage->branches[i]);
  }
  advance_branches(stage, stage->input + STEPPING_MIDDLE * (input - stage->input));
  for (int i = 0; i < TRIODE_N_BRANCHES; ++i) {
    branch_go_on(&stage->branches[i]);
  }
  advance_branches(stage, input);
  stage->input = input;
  return stage->v[PLATE] - stage->rest_plate;
}

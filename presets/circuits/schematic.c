// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A schematic by Newton's method on all its nodes. Offline.
//
// In either half of a step a capacitor C with its series resistor R is a conductance and a source,
// i = (v - past) / (R + slowness), and what it then holds is past + slowness i; an inductor is
// i = past + slowness v. Each iteration solves for the nodes' voltages with every device replaced
// by its tangent; a device goes towards its new voltages only as far as device_limit() lets it. As
// everything else is linear, the solution is found when no device has moved.

#include "presets/circuits/schematic.h"

#include "presets/circuits/stepping.h"
#include "presets/circuits/triode.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N SCHEMATIC_MAX_UNKNOWNS

#define MAX_ITERATIONS 200
#define PATIENCE 40 ///< Iterations before steps are halved, which ends any oscillation
/// Change of a device's voltage, absolute [V] and relative, whose square no longer matters
#define TOLERANCE 1e-6

/// A time step after which every capacitor is open and every inductor a wire, to find the rest [s]
#define LONG_STEP 1e3
#define N_SWITCHING_ON 50 ///< Steps in which the supply comes up
#define N_SETTLING 50     ///< Steps after that

/// Return a node's column in a matrix
static int
column_of(const int node)
{
  return node >= 0 ? node : N - 1 - node;
}

static double
voltage_at(const Schematic* const schematic, const int node)
{
  return node >= 0 ? schematic->v[node] : schematic->rails[-1 - node];
}

/// Widen the band of the matrix to what couples two unknowns
static void
widen_reach(Schematic* const schematic, const int a, const int b)
{
  if (a >= 0 && b >= 0 && abs(a - b) > schematic->reach) {
    schematic->reach = abs(a - b);
  }
}

/// Let a current `conductance` * (v[c] - v[d]) flow out of node a, into node b
static void
stamp_conductance(SchematicMatrix matrix, const int flow[2], const int drop[2],
                  const double conductance)
{
  for (int i = 0; i < 2; ++i) {
    if (flow[i] >= 0) {
      matrix[flow[i]][column_of(drop[i])] += conductance;
      matrix[flow[i]][column_of(drop[1 - i])] -= conductance;
    }
  }
}

/// Let `current` flow out of node a, into node b
static void
pass_current(double excess[N], const int flow[2], const double current)
{
  if (flow[0] >= 0) {
    excess[flow[0]] += current;
  }
  if (flow[1] >= 0) {
    excess[flow[1]] -= current;
  }
}

void
schematic_init(Schematic* const schematic, const int n_nodes, const double supply)
{
  assert(n_nodes <= N);
  memset(schematic, 0, sizeof(*schematic));
  schematic->n_unknowns = n_nodes;
  schematic->rails[-1 - SCHEMATIC_SUPPLY] = supply;
}

void
schematic_add_resistor(Schematic* const schematic, const int a, const int b,
                       const double resistance)
{
  const int nodes[2] = {a, b};
  stamp_conductance(schematic->resistors, nodes, nodes, 1.0 / resistance);
  widen_reach(schematic, a, b);
}

static void
add_store(Schematic* const schematic, const SchematicStore* const store)
{
  assert(schematic->n_stores < SCHEMATIC_MAX_STORES);
  schematic->stores[schematic->n_stores++] = *store;
  widen_reach(schematic, store->nodes[0], store->nodes[1]);
}

void
schematic_add_series(Schematic* const schematic, const int nodes[2], const double capacitance,
                     const double resistance)
{
  const SchematicStore store = {
      .nodes = {nodes[0], nodes[1]},
      .size = capacitance,
      .resistance = resistance,
  };
  add_store(schematic, &store);
}

void
schematic_add_capacitor(Schematic* const schematic, const int a, const int b,
                        const double capacitance)
{
  const int nodes[2] = {a, b};
  schematic_add_series(schematic, nodes, capacitance, 0.0);
}

void
schematic_add_inductor(Schematic* const schematic, const int a, const int b,
                       const double inductance)
{
  const SchematicStore store = {.nodes = {a, b}, .size = inductance, .winds = true};
  add_store(schematic, &store);
}

// Equal currents flow from both ends to the tap, and the ends are at opposite voltages from the tap
void
schematic_add_windings(Schematic* const schematic, const int tap, const int ends[2])
{
  assert(schematic->n_unknowns < N);
  const int current = schematic->n_unknowns++;
  const int pins[3] = {ends[0], ends[1], tap};
  const double turns[3] = {1.0, 1.0, -2.0};
  for (int i = 0; i < 3; ++i) {
    widen_reach(schematic, current, pins[i]);
    schematic->resistors[current][column_of(pins[i])] += turns[i];
    if (pins[i] >= 0) {
      schematic->resistors[pins[i]][current] += turns[i];
    }
  }
}

void
schematic_add_device(Schematic* const schematic, const DeviceKind kind, const int* const nodes)
{
  assert(schematic->n_devices < SCHEMATIC_MAX_DEVICES);
  SchematicDevice* const device = &schematic->devices[schematic->n_devices++];
  device->kind = kind;
  const uint32_t n_ports = device_n_ports(kind);
  memcpy(device->nodes, nodes, (n_ports + 1U) * sizeof(*nodes));
  for (uint32_t i = 0; i <= n_ports; ++i) {
    for (uint32_t k = 0; k < i; ++k) {
      widen_reach(schematic, nodes[i], nodes[k]);
    }
  }
}

void
schematic_add_12ax7(Schematic* const schematic, const int grid, const int plate, const int cathode)
{
  const int nodes[3] = {grid, plate, cathode};
  schematic_add_device(schematic, DEVICE_TRIODE, nodes);
  schematic_add_capacitor(schematic, grid, plate, TRIODE_C_GRID_PLATE);
  schematic_add_capacitor(schematic, grid, cathode, TRIODE_C_GRID_CATHODE);
  schematic_add_capacitor(schematic, plate, cathode, TRIODE_C_PLATE_CATHODE);
}

static double
store_conductance(const SchematicStore* const store)
{
  return store->winds ? store->slowness : 1.0 / (store->resistance + store->slowness);
}

/// Return the current that flows without voltage [A]
static double
store_current(const SchematicStore* const store)
{
  return store->winds ? store->past : -store->past * store_conductance(store);
}

static void
store_begin(SchematicStore* const store)
{
  store->start = store->kept;
  store->past = store->kept + store->slowness * store->other;
}

static void
store_go_on(SchematicStore* const store)
{
  store->past = store->start + STEPPING_LEAP * (store->kept - store->start);
}

/// Begin a step of the backward Euler method
static void
store_begin_again(SchematicStore* const store)
{
  store->past = store->kept;
}

/// Take over the solution, `v` across the store
static void
store_finish(SchematicStore* const store, const double v)
{
  store->other = store->winds ? v : v * store_conductance(store) + store_current(store);
  store->kept = store->past + store->slowness * store->other;
}

static void
set_time_step(Schematic* const schematic, const double step)
{
  memcpy(schematic->linear, schematic->resistors, sizeof(schematic->linear));
  for (uint32_t i = 0; i < schematic->n_stores; ++i) {
    SchematicStore* const store = &schematic->stores[i];
    store->slowness = STEPPING_WEIGHT * step / store->size;
    stamp_conductance(schematic->linear, store->nodes, store->nodes, store_conductance(store));
  }
}

/// Fill in the currents that the stores draw from each node when all voltages are 0
static void
find_sources(const Schematic* const schematic, double excess[N])
{
  for (uint32_t i = 0; i < schematic->n_stores; ++i) {
    pass_current(excess, schematic->stores[i].nodes, store_current(&schematic->stores[i]));
  }
}

/// Add a device's tangent
static void
stamp_device(const SchematicDevice* const device, SchematicMatrix matrix, double excess[N])
{
  const DeviceCurrents currents = device_currents(device->kind, device->v);
  const uint32_t n_ports = device_n_ports(device->kind);
  const int common = device->nodes[n_ports];
  for (uint32_t i = 0; i < n_ports; ++i) {
    const int flow[2] = {device->nodes[i], common};
    double current = currents.i[i];
    for (uint32_t k = 0; k < n_ports; ++k) {
      const int drop[2] = {device->nodes[k], common};
      stamp_conductance(matrix, flow, drop, currents.slopes[i][k]);
      current -= currents.slopes[i][k] * device->v[k];
    }
    pass_current(excess, flow, current);
  }
}

/// Add the currents that the rails draw
static void
add_rails(const Schematic* const schematic, SchematicMatrix matrix, double excess[N])
{
  for (int row = 0; row < schematic->n_unknowns; ++row) {
    for (int rail = 0; rail < SCHEMATIC_N_RAILS; ++rail) {
      excess[row] += matrix[row][N + rail] * schematic->rails[rail];
    }
  }
}

/// Return the row to eliminate `column` by, no more than `reach` below the diagonal
static int
pivot_row(SchematicMatrix matrix, const int column, const int end)
{
  int largest = column;
  for (int row = column + 1; row < end; ++row) {
    if (fabs(matrix[row][column]) > fabs(matrix[largest][column])) {
      largest = row;
    }
  }
  return largest;
}

static void
swap_rows(SchematicMatrix matrix, double rhs[N], const int i, const int k)
{
  double row[N];
  memcpy(row, matrix[i], sizeof(row));
  memcpy(matrix[i], matrix[k], sizeof(row));
  memcpy(matrix[k], row, sizeof(row));
  const double kept = rhs[i];
  rhs[i] = rhs[k];
  rhs[k] = kept;
}

static int
at_most(const int value, const int limit)
{
  return value < limit ? value : limit;
}

/// Solve `matrix` * x = `rhs`, x taking the place of `rhs`. The matrix is 0 where row and column
/// are more than `reach` apart, which row exchanges widen to twice that above the diagonal.
static void
solve_linear(const Schematic* const schematic, SchematicMatrix matrix, double rhs[N])
{
  const int n = schematic->n_unknowns;
  const int reach = schematic->reach;
  for (int pivot = 0; pivot < n; ++pivot) {
    const int end = at_most(pivot + reach + 1, n);
    const int wide_end = at_most(pivot + 2 * reach + 1, n);
    const int chosen = pivot_row(matrix, pivot, end);
    if (chosen != pivot) {
      swap_rows(matrix, rhs, pivot, chosen);
    }
    const double inverse = 1.0 / matrix[pivot][pivot];
    matrix[pivot][pivot] = inverse;
    for (int row = pivot + 1; row < end; ++row) {
      const double factor = matrix[row][pivot] * inverse;
      if (fabs(factor) > 0.0) {
        for (int column = pivot + 1; column < wide_end; ++column) {
          matrix[row][column] -= factor * matrix[pivot][column];
        }
        rhs[row] -= factor * rhs[pivot];
      }
    }
  }
  for (int row = n; row-- > 0;) {
    const int wide_end = at_most(row + 2 * reach + 1, n);
    for (int column = row + 1; column < wide_end; ++column) {
      rhs[row] -= matrix[row][column] * rhs[column];
    }
    rhs[row] *= matrix[row][row];
  }
}

/// Move a device part of the way towards its nodes' voltages; true if it was there
static bool
move_device(const Schematic* const schematic, SchematicDevice* const device, const double part)
{
  const uint32_t n_ports = device_n_ports(device->kind);
  bool was_there = true;
  for (uint32_t i = 0; i < n_ports; ++i) {
    const double v =
        voltage_at(schematic, device->nodes[i]) - voltage_at(schematic, device->nodes[n_ports]);
    was_there = fabs(v - device->v[i]) <= TOLERANCE + TOLERANCE * fabs(v) && was_there;
    device->v[i] += part * (device_limit(device->kind, device->v[i], v) - device->v[i]);
  }
  return was_there;
}

/// Take part of a Newton step, given the sources of the linear parts; return true at the solution
static bool
improve_voltages(Schematic* const schematic, const double sources[N], const double part)
{
  const int n = schematic->n_unknowns;
  SchematicMatrix matrix;
  double excess[N];
  memcpy(matrix, schematic->linear, (size_t)n * sizeof(matrix[0]));
  memcpy(excess, sources, sizeof(excess));
  for (uint32_t i = 0; i < schematic->n_devices; ++i) {
    stamp_device(&schematic->devices[i], matrix, excess);
  }
  add_rails(schematic, matrix, excess);
  solve_linear(schematic, matrix, excess);
  for (int i = 0; i < n; ++i) {
    schematic->v[i] = -excess[i];
  }
  bool solved = true;
  for (uint32_t i = 0; i < schematic->n_devices; ++i) {
    solved = move_device(schematic, &schematic->devices[i], part) && solved;
  }
  return solved;
}

static void
solve_voltages(Schematic* const schematic)
{
  double sources[N] = {0.0};
  find_sources(schematic, sources);
  for (int i = 0; i < MAX_ITERATIONS; ++i) {
    if (improve_voltages(schematic, sources, i < PATIENCE ? 1.0 : 0.5)) {
      return;
    }
  }
  ++schematic->n_failures;
}

/// Solve for the voltages, given what the stores hold, and update the stores
static void
advance_stores(Schematic* const schematic, const double input)
{
  schematic->rails[-1 - SCHEMATIC_INPUT] = input;
  solve_voltages(schematic);
  for (uint32_t i = 0; i < schematic->n_stores; ++i) {
    SchematicStore* const store = &schematic->stores[i];
    store_finish(store,
                 voltage_at(schematic, store->nodes[0]) - voltage_at(schematic, store->nodes[1]));
  }
}

void
schematic_start(Schematic* const schematic, const double rate)
{
  double* const supply = &schematic->rails[-1 - SCHEMATIC_SUPPLY];
  const double full = *supply;
  set_time_step(schematic, LONG_STEP);
  for (int i = 1; i <= N_SWITCHING_ON + N_SETTLING; ++i) {
    *supply = full * fmin(1.0, (double)i / N_SWITCHING_ON);
    for (uint32_t k = 0; k < schematic->n_stores; ++k) {
      store_begin_again(&schematic->stores[k]);
    }
    advance_stores(schematic, 0.0);
  }
  set_time_step(schematic, 1.0 / rate);
  memcpy(schematic->rest, schematic->v, sizeof(schematic->rest));
}

void
schematic_step(Schematic* const schematic, const double input)
{
  const double last = schematic->rails[-1 - SCHEMATIC_INPUT];
  for (uint32_t i = 0; i < schematic->n_stores; ++i) {
    store_begin(&schematic->stores[i]);
  }
  advance_stores(schematic, last + STEPPING_MIDDLE * (input - last));
  for (uint32_t i = 0; i < schematic->n_stores; ++i) {
    store_go_on(&schematic->stores[i]);
  }
  advance_stores(schematic, input);
}

double
schematic_swing(const Schematic* const schematic, const int node)
{
  return schematic->v[node] - schematic->rest[node];
}

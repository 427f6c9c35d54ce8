// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Diodes, transistors and valves as functions of their voltages. Offline.
//
// A step on a junction's voltage is limited as SPICE does it (Nagel, "SPICE2", UCB/ERL M520, 1975):
// where the exponential would be overshot, the current changes as the linearised one would.

#include "presets/circuits/devices.h"

#include "presets/circuits/triode.h"

#include <math.h>

#define THERMAL 25.85e-3 ///< [V]
#define SQRT_2 1.41421356237309505

#define DIODE_SATURATION 2.52e-9      ///< [A]
#define DIODE_SLOPE (1.752 * THERMAL) ///< [V]

#define TRANSISTOR_SATURATION 1e-14
#define BETA_FORWARD 590.0
#define BETA_REVERSE 1.0

#define PENTODE_MU 10.7
#define PENTODE_EXPONENT 1.31
#define PENTODE_PLATE 1672.0
#define PENTODE_SCREEN 4500.0
#define PENTODE_SHARPNESS 41.16
#define PENTODE_KNEE 12.7

/// 50 V at 125 mA [A V^-1.5]
#define RECTIFIER_PERVEANCE 3.54e-4

/// Largest change of a valve's voltage in one iteration, absolute [V] or relative
#define VALVE_STEP 10.0
#define VALVE_SHARE 0.5

/// Return ln(1 + exp(x)) and its slope
static double
softplus(const double x, double* const slope)
{
  const double grown = exp(-fabs(x));
  *slope = (x > 0.0 ? 1.0 : grown) / (1.0 + grown);
  return fmax(x, 0.0) + log1p(grown);
}

static void
find_diode_pair(const double v[DEVICE_MAX_PORTS], DeviceCurrents* const currents)
{
  const double up = exp(v[0] / DIODE_SLOPE);
  const double down = exp(-v[0] / DIODE_SLOPE);
  currents->i[0] = DIODE_SATURATION * (up - down);
  currents->slopes[0][0] = DIODE_SATURATION / DIODE_SLOPE * (up + down);
}

// The base is common: the ports are the two junctions, their voltages negative where they conduct
static void
find_transistor(const double v[DEVICE_MAX_PORTS], DeviceCurrents* const currents)
{
  const double reverse = TRANSISTOR_SATURATION * expm1(-v[0] / THERMAL);
  const double forward = TRANSISTOR_SATURATION * expm1(-v[1] / THERMAL);
  const double g_reverse = (reverse + TRANSISTOR_SATURATION) / THERMAL;
  const double g_forward = (forward + TRANSISTOR_SATURATION) / THERMAL;
  const double all_reverse = 1.0 + 1.0 / BETA_REVERSE;
  const double all_forward = 1.0 + 1.0 / BETA_FORWARD;
  currents->i[0] = forward - all_reverse * reverse;
  currents->i[1] = reverse - all_forward * forward;
  currents->slopes[0][0] = all_reverse * g_reverse;
  currents->slopes[0][1] = -g_forward;
  currents->slopes[1][0] = -g_reverse;
  currents->slopes[1][1] = all_forward * g_forward;
}

static void
find_triode(const double v[DEVICE_MAX_PORTS], DeviceCurrents* const currents)
{
  const TriodeCurrents tube = triode_currents(v[0], v[1]);
  currents->i[0] = tube.grid;
  currents->i[1] = tube.cathode - tube.grid;
  currents->slopes[0][0] = tube.grid_slope;
  currents->slopes[1][0] = tube.cathode_slope - tube.grid_slope;
  currents->slopes[1][1] = tube.cathode_slope / TRIODE_MU;
}

/// Koren's E1, which drives plate and screen, with its slopes by grid and screen [V]
static double
pentode_drive(const double grid, const double screen, double slopes[2])
{
  slopes[0] = 0.0;
  slopes[1] = 0.0;
  if (!(screen > 0.0)) {
    return 0.0;
  }
  const double root = sqrt(PENTODE_KNEE + screen * screen);
  double rise;
  const double soft = softplus(PENTODE_SHARPNESS * (1.0 / PENTODE_MU + grid / root), &rise);
  slopes[0] = rise * screen / root;
  slopes[1] = soft / PENTODE_SHARPNESS - rise * grid * screen * screen / (root * root * root);
  return screen / PENTODE_SHARPNESS * soft;
}

// The plate takes 2 E1^x / K_g1 atan(v / K_vb), with the 2 of Koren's paper. With the plate below
// the cathode this conducts backwards, which no valve does, but a load only gets some volts into
// that range. The grid is a 12AX7's.
static void
find_pentode(const double v[DEVICE_MAX_PORTS], DeviceCurrents* const currents)
{
  double by[2];
  const double drive = pentode_drive(v[0], v[2], by);
  const double power = drive > 0.0 ? pow(drive, PENTODE_EXPONENT) : 0.0;
  const double rise = drive > 0.0 ? PENTODE_EXPONENT * power / drive : 0.0;
  const double knee = 2.0 / PENTODE_PLATE * atan(v[1] / PENTODE_KNEE);
  const double past_knee = v[1] / PENTODE_KNEE;
  const TriodeCurrents grid = triode_currents(v[0], 0.0);
  currents->i[0] = grid.grid;
  currents->i[1] = power * knee;
  currents->i[2] = power / PENTODE_SCREEN;
  currents->slopes[0][0] = grid.grid_slope;
  currents->slopes[1][0] = rise * by[0] * knee;
  currents->slopes[1][1] =
      power * 2.0 / (PENTODE_PLATE * PENTODE_KNEE * (1.0 + past_knee * past_knee));
  currents->slopes[1][2] = rise * by[1] * knee;
  currents->slopes[2][0] = rise * by[0] / PENTODE_SCREEN;
  currents->slopes[2][2] = rise * by[1] / PENTODE_SCREEN;
}

static void
find_rectifier(const double v[DEVICE_MAX_PORTS], DeviceCurrents* const currents)
{
  double rise;
  const double soft = softplus(v[0], &rise);
  currents->i[0] = RECTIFIER_PERVEANCE * soft * sqrt(soft);
  currents->slopes[0][0] = 1.5 * RECTIFIER_PERVEANCE * sqrt(soft) * rise;
}

/// Limit a step to `to` on the conducting side of a junction
static double
limit_junction(const double from, const double to, const double slope, const double saturation)
{
  const double knee = slope * log(slope / (SQRT_2 * saturation));
  if (!(to > knee && fabs(to - from) > 2.0 * slope)) {
    return to;
  }
  if (!(from > 0.0)) {
    return slope * log(to / slope);
  }
  const double change = 1.0 + (to - from) / slope;
  return change > 0.0 ? from + slope * log(change) : knee;
}

static double
limit_diode_pair(const double from, const double to)
{
  const double side = copysign(1.0, to);
  return side * limit_junction(side * from, side * to, DIODE_SLOPE, DIODE_SATURATION);
}

static double
limit_transistor(const double from, const double to)
{
  return -limit_junction(-from, -to, THERMAL, TRANSISTOR_SATURATION);
}

static double
limit_valve(const double from, const double to)
{
  const double step = fmax(VALVE_STEP, VALVE_SHARE * fabs(from));
  return from + fmax(-step, fmin(step, to - from));
}

/// What each kind is
static const struct {
  uint32_t n_ports;
  void (*find)(const double v[DEVICE_MAX_PORTS], DeviceCurrents* currents);
  double (*limit)(double from, double to);
} kinds[DEVICE_N_KINDS] = {
    [DEVICE_DIODE_PAIR] = {1, find_diode_pair, limit_diode_pair},
    [DEVICE_TRANSISTOR] = {2, find_transistor, limit_transistor},
    [DEVICE_TRIODE] = {2, find_triode, limit_valve},
    [DEVICE_PENTODE] = {3, find_pentode, limit_valve},
    [DEVICE_RECTIFIER] = {1, find_rectifier, limit_valve},
};

uint32_t
device_n_ports(const DeviceKind kind)
{
  return kinds[kind].n_ports;
}

DeviceCurrents
device_currents(const DeviceKind kind, const double v[DEVICE_MAX_PORTS])
{
  DeviceCurrents currents = {{0.0}, {{0.0}}};
  kinds[kind].find(v, &currents);
  return currents;
}

double
device_limit(const DeviceKind kind, const double from, const double to)
{
  return kinds[kind].limit(from, to);
}

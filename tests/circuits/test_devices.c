// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Do diodes, transistors and valves follow their data sheets, and are their slopes right?

#include "presets/circuits/devices.h"

#include "core/random.h"
#include "tests/checks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/// Range of voltages to test for each kind, ports in order [V]
static const struct {
  double low[DEVICE_MAX_PORTS];
  double high[DEVICE_MAX_PORTS];
} ranges[DEVICE_N_KINDS] = {
    [DEVICE_DIODE_PAIR] = {{-0.8}, {0.8}},
    [DEVICE_TRANSISTOR] = {{-0.7, -0.75}, {9.0, 5.0}},
    [DEVICE_TRIODE] = {{-4.0, 20.0}, {1.5, 320.0}},
    [DEVICE_PENTODE] = {{-40.0, 0.0, 50.0}, {2.0, 700.0, 350.0}},
    [DEVICE_RECTIFIER] = {{-300.0}, {90.0}},
};

static void
choose_voltages(Random* const random, const DeviceKind kind, double v[DEVICE_MAX_PORTS])
{
  for (uint32_t i = 0; i < DEVICE_MAX_PORTS; ++i) {
    v[i] = random_between(random, ranges[kind].low[i], ranges[kind].high[i]);
  }
}

static double
current_near(const DeviceKind kind, const double v[DEVICE_MAX_PORTS], const uint32_t flow,
             const double step[DEVICE_MAX_PORTS])
{
  const double moved[DEVICE_MAX_PORTS] = {v[0] + step[0], v[1] + step[1], v[2] + step[2]};
  return device_currents(kind, moved).i[flow];
}

static void
check_slope(const DeviceKind kind, const double v[DEVICE_MAX_PORTS], const uint32_t flow,
            const uint32_t port)
{
  double up[DEVICE_MAX_PORTS] = {0.0};
  double down[DEVICE_MAX_PORTS] = {0.0};
  up[port] = 1e-5;
  down[port] = -1e-5;
  const double slope = (current_near(kind, v, flow, up) - current_near(kind, v, flow, down)) / 2e-5;
  const double claimed = device_currents(kind, v).slopes[flow][port];
  check_near(claimed, slope, 1e-6 * fabs(slope) + 1e-10);
}

static void
the_slopes_belong_to_the_currents(void** const state)
{
  (void)state;
  Random random = random_for(3, 0);
  for (int kind = 0; kind < DEVICE_N_KINDS; ++kind) {
    const uint32_t n = device_n_ports((DeviceKind)kind);
    for (int i = 0; i < 300; ++i) {
      double v[DEVICE_MAX_PORTS];
      choose_voltages(&random, (DeviceKind)kind, v);
      for (uint32_t k = 0; k < n * n; ++k) {
        check_slope((DeviceKind)kind, v, k / n, k % n);
      }
    }
  }
}

/// Except for a grid's leakage, and the current that charges an unloaded valve diode to about 1 V
static void
no_device_generates_power(void** const state)
{
  (void)state;
  Random random = random_for(4, 0);
  for (int kind = 0; kind < DEVICE_N_KINDS; ++kind) {
    for (int i = 0; i < 1000; ++i) {
      double v[DEVICE_MAX_PORTS];
      choose_voltages(&random, (DeviceKind)kind, v);
      const DeviceCurrents currents = device_currents((DeviceKind)kind, v);
      const double power = v[0] * currents.i[0] + v[1] * currents.i[1] + v[2] * currents.i[2];
      check_above(power, -1e-4);
    }
  }
}

static void
a_6v6_draws_what_its_data_sheet_says(void** const state)
{
  (void)state;
  const double v[DEVICE_MAX_PORTS] = {-12.5, 250.0, 250.0};
  const DeviceCurrents currents = device_currents(DEVICE_PENTODE, v);
  check_near(currents.i[1] / 45e-3, 1.0, 0.12);
  check_near(currents.i[2] / 4.5e-3, 1.0, 0.3);
  check_near(currents.slopes[1][0] / 4.1e-3, 1.0, 0.25);
}

static void
a_5y3_drops_50_v_at_125_ma(void** const state)
{
  (void)state;
  const double v[DEVICE_MAX_PORTS] = {50.0};
  check_near(device_currents(DEVICE_RECTIFIER, v).i[0] / 125e-3, 1.0, 1e-2);
}

static void
a_transistor_amplifies_its_base_current(void** const state)
{
  (void)state;
  const double v[DEVICE_MAX_PORTS] = {4.0, -0.65};
  const DeviceCurrents currents = device_currents(DEVICE_TRANSISTOR, v);
  const double base = -currents.i[0] - currents.i[1];
  check_near(currents.i[0] / (590.0 * base), 1.0, 1e-6);
  check_near(currents.i[0], 1e-14 * exp(0.65 / 25.85e-3), 1e-12);
}

static void
steps_do_not_overshoot_exponentials(void** const state)
{
  (void)state;
  check_below(device_limit(DEVICE_DIODE_PAIR, 0.0, 9.0), 0.8);
  check_above(device_limit(DEVICE_DIODE_PAIR, 0.0, -9.0), -0.8);
  check_below(device_limit(DEVICE_DIODE_PAIR, 0.7, 9.0), 1.0);
  check_above(device_limit(DEVICE_TRANSISTOR, 0.0, -9.0), -0.8);
  check_above(device_limit(DEVICE_TRANSISTOR, 0.0, 9.0), 8.999);
  check_below(device_limit(DEVICE_TRIODE, -1.0, 300.0), 20.0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_slopes_belong_to_the_currents),
      cmocka_unit_test(no_device_generates_power),
      cmocka_unit_test(a_6v6_draws_what_its_data_sheet_says),
      cmocka_unit_test(a_5y3_drops_50_v_at_125_ma),
      cmocka_unit_test(a_transistor_amplifies_its_base_current),
      cmocka_unit_test(steps_do_not_overshoot_exponentials),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

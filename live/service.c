// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Uses libsystemd; if built without it, these functions do nothing.

#include "live/service.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

#include <math.h>
#include <stdint.h>

void
service_ready(void)
{
  (void)sd_notify(0, "READY=1");
}

void
service_stopping(void)
{
  (void)sd_notify(0, "STOPPING=1");
}

void
service_status(const char* const text)
{
  (void)sd_notifyf(0, "STATUS=%s", text);
}

int
service_alive(const double now)
{
  static double last = -HUGE_VAL;
  uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) {
    return -1;
  }
  const double half = 0.5e-6 * (double)microseconds;
  if (now - last >= 0.9 * half) { // Woken by something else shortly before: now is as good
    (void)sd_notify(0, "WATCHDOG=1");
    last = now;
  }
  return (int)(1000.0 * fmax(half - (now - last), 0.0));
}

#else

void
service_ready(void)
{
}

void
service_stopping(void)
{
}

void
service_status(const char* const text)
{
  (void)text;
}

int
service_alive(const double now)
{
  (void)now;
  return -1;
}

#endif

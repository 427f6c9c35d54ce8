// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Uses libsystemd; if built without it, these functions do nothing.

#include "live/service.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

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
service_alive(void)
{
  uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) {
    return -1;
  }
  (void)sd_notify(0, "WATCHDOG=1");
  return (int)(microseconds / 3000);
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
service_alive(void)
{
  return -1;
}

#endif

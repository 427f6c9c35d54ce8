// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reports the state of the rig to systemd, if it runs under systemd: sd_notify(3). Main thread.

#ifndef GRUS_LIVE_SERVICE_H
#define GRUS_LIVE_SERVICE_H

/// Report that the rig is ready, or is about to exit
void service_ready(void);
void service_stopping(void);

/// Report in a few words what the rig is doing
void service_status(const char* text);

/// Report that the rig is alive, if half of systemd's limit is over at the time `now` [s]; return
/// the time until the next report is due [ms], -1: there is no limit
int service_alive(double now);

#endif

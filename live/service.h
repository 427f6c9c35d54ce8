// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What systemd hears of the rig, if it runs under systemd: sd_notify(3). Main thread.

#ifndef GRUS_LIVE_SERVICE_H
#define GRUS_LIVE_SERVICE_H

/// Say that the rig is ready, or is about to leave
void service_ready(void);
void service_stopping(void);

/// Say in a few words what the rig is doing
void service_status(const char* text);

/// Say that the rig is alive; return how long to wait before the next time [ms], -1 for ever
int service_alive(void);

#endif

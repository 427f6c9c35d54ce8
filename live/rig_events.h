// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the rig does with reports of the JACK thread. Main thread.

#ifndef GRUS_LIVE_RIG_EVENTS_H
#define GRUS_LIVE_RIG_EVENTS_H

#include "live/rig_state.h"

/// Report and act on all events of the player
void rig_take_events(Rig* rig);

/// Note and report which entry plays
void rig_report_selected(Rig* rig, uint32_t index);

/// Return the file of the model that plays, which names knobs; NULL if there is none
const ModelFile* rig_current_model(const Rig* rig);

/// Return the name of an entry; "" if there is none
const char* rig_entry_name(const Rig* rig, uint32_t index);

#endif

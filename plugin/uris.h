// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Names that host and plugin share, as ttl/ has them for hosts. They never change.

#ifndef GRUS_PLUGIN_URIS_H
#define GRUS_PLUGIN_URIS_H

#include <lv2/urid/urid.h>

#define GRUS_MONO_URI "urn:grus:mono"
#define GRUS_STEREO_URI "urn:grus:stereo"

/// Parameters: paths of a model file and of an impulse response. Carla has one button for files. It
/// sets the parameter whose URI comes first in the alphabet, which has to be the model's.
#define GRUS_MODEL_URI "urn:grus:model"
#define GRUS_CABINET_URI "urn:grus:speaker"

/// Parameter: the rate of models whose files give none [Hz]; 0: the usual one of their format
#define GRUS_MODEL_RATE_URI "urn:grus:model-rate"

/// Keys that begin so hold a choice that failed
#define GRUS_MODEL_WISH_URI "urn:grus:model-wanted"
#define GRUS_CABINET_WISH_URI "urn:grus:speaker-wanted"

/// Key: "yes" if the player chose the cabinet, which then takes the place of a model's own; "no",
/// or not there, if it came with the plugin or a preset
#define GRUS_CABINET_CHOSEN_URI "urn:grus:speaker-chosen"

/// Key of what ports mean: "2", or not there in sessions from when the gate was off at the top
#define GRUS_FORM_URI "urn:grus:form"
#define GRUS_FORM "2"

/// Property: true has pictures of the gates sent for two seconds of sound
#define GRUS_WATCH_URI "urn:grus:watch"

/// Property: such a picture
#define GRUS_GATES_URI "urn:grus:gates"

/// The cabinet's as it was once, which sessions still have
#define GRUS_OLD_CABINET_URI "urn:grus:cabinet"

/// What the user fills with a file
typedef enum { SLOT_MODEL, SLOT_CABINET, N_SLOTS } SlotId;

/// What the plugin says of what plays, as parameters that hosts only read. Their URIs come after
/// the model's in the alphabet, which Carla's button needs.
typedef enum {
  TOLD_NAME, ///< The first ones are about the model that plays
  TOLD_MAKER,
  TOLD_GEAR,
  TOLD_ACCURACY,
  TOLD_KIND,
  TOLD_KNOB_1, ///< And so on: names of knobs
  TOLD_KNOB_2,
  TOLD_KNOB_3,
  TOLD_KNOB_4,
  TOLD_HAS_CABINET,
  TOLD_MODEL_MESSAGE, ///< Why the last choice failed
  TOLD_CABINET_MESSAGE,
  N_TOLD,
} Told;

/// Keys of one slot in states
typedef struct {
  LV2_URID path;   ///< The parameter: where the host finds the file
  LV2_URID origin; ///< Where the user chose it, which hosts leave as it is
  LV2_URID hash;   ///< Of its bytes
  LV2_URID copy;   ///< Its bytes
} SlotUris;

/// Numbers of the URIs in this host; all zero in a host without urid:map
typedef struct {
  LV2_URID atom_chunk;
  LV2_URID atom_path;
  LV2_URID atom_string;
  LV2_URID atom_urid;
  SlotUris slots[N_SLOTS];
  SlotUris wishes[N_SLOTS];    ///< Of a choice that could not be loaded, beside what plays
  SlotUris old_slots[N_SLOTS]; ///< As old sessions have them; the model's are the same
  LV2_URID cabinet_chosen;
  LV2_URID form;
  LV2_URID model_rate;
  LV2_URID told[N_TOLD];
  LV2_URID watch;
  LV2_URID gates;
  LV2_URID patch_body;
  LV2_URID patch_get;
  LV2_URID patch_property;
  LV2_URID patch_put;
  LV2_URID patch_set;
  LV2_URID patch_value;
} Uris;

/// Ask the host; `map` may be NULL
Uris uris_map(LV2_URID_Map* map);

#endif

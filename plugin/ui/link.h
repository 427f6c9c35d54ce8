// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The wire between face and plugin: ports and patch messages, through the host. What the plugin
/// says of itself is kept in Facts.

#ifndef GRUS_PLUGIN_UI_LINK_H
#define GRUS_PLUGIN_UI_LINK_H

#include "plugin/ports.h"
#include "plugin/uris.h"

#include <lv2/atom/forge.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#define FACT_SIZE 1024U ///< Of a text that the plugin tells

typedef struct {
  char paths[N_SLOTS][PATH_MAX]; ///< Of what plays; "": nothing
  char texts[N_TOLD][FACT_SIZE];
  bool has_cabinet; ///< The model was captured with one
} Facts;

/// What a message changed
typedef enum { NEWS_NONE, NEWS_PATH, NEWS_FACT, NEWS_GATES } News;

typedef struct {
  LV2UI_Write_Function write;
  LV2UI_Controller controller;
  const LV2UI_Touch* touch; ///< NULL in some hosts
  uint32_t n_channels;
  LV2_Atom_Forge forge;
  Uris uris;
  LV2_URID event_transfer;
  Facts told;
  SlotId told_slot;         ///< Of NEWS_PATH
  const float* gate_values; ///< Of NEWS_GATES: (4, n_units), valid until the next message
  uint32_t n_units;
} Link;

void link_init(Link* link, LV2_URID_Map* map, uint32_t n_channels);

/// Set a control of the plugin
void link_set_port(Link* link, Port port, float value);

/// Say that a control is held, so that hosts record its automation
void link_touch(Link* link, Port port, bool is_held);

/// Choose a file; "" empties the slot
void link_choose(Link* link, SlotId slot, const char* path);

/// Ask the plugin to tell everything
void link_ask(Link* link);

/// Ask for pictures of the gates for the next two seconds
void link_watch(Link* link);

/// Read a message from the plugin into the facts. What was known already is no news.
News link_read(Link* link, uint32_t size, const void* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What is in the model's or the cabinet's slot: its name, a line about it or what went wrong, and
/// arrows to the previous and next file of its folder.

#ifndef GRUS_PLUGIN_UI_SLOT_VIEW_H
#define GRUS_PLUGIN_UI_SLOT_VIEW_H

#include "plugin/ui/hands.h"
#include "plugin/ui/widget.h"

#include <stdbool.h>

typedef struct {
  Widget base;
  const Hands* hands;
  int step_action; ///< Its detail is how far to step
  int open_action; ///< To open the browser
  bool is_large;
  char title[256];
  char line[512];
  char second[512]; ///< Below the line, in a large one
  char fault[1024]; ///< In place of the line; "": nothing is wrong
  bool is_waiting;  ///< A file is being loaded
} SlotView;

void slot_view_init(SlotView* view, const Hands* hands, int step_action, int open_action);

/// What it shows
typedef struct {
  const char* title;
  const char* line;
  const char* second;
  const char* fault;
} SlotTexts;

/// Show texts; they are copied
void slot_view_set(SlotView* view, SlotTexts texts);

void slot_view_wait(SlotView* view, bool is_waiting);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// All widgets together: which one the pointer means, which one has the keyboard, what must be
/// drawn. The panel knows nothing of windows.

#ifndef GRUS_PLUGIN_UI_PANEL_H
#define GRUS_PLUGIN_UI_PANEL_H

#include "plugin/ui/canvas.h"
#include "plugin/ui/widget.h"

#include <stdbool.h>
#include <stddef.h>

#define PANEL_MAX_WIDGETS 40U
#define PANEL_MAX_PLATES 2U

typedef struct {
  Rect area;                          ///< Of all
  bool is_bare;                       ///< The ground must be drawn, too
  Rect plates[PANEL_MAX_PLATES];      ///< On the ground, under widgets; none without width
  Widget* widgets[PANEL_MAX_WIDGETS]; ///< Not owned
  size_t n_widgets;
  Rect drawn[PANEL_MAX_WIDGETS + 1]; ///< By panel_draw(), the first ones
  Widget* hovered;                   ///< NULL: none, as the next
  Widget* grabbed;                   ///< Since the button is down
  Widget* pressed;                   ///< The last one
  Widget* focused;
} Panel;

/// Add a widget; the last ones are on top
void panel_add(Panel* panel, Widget* widget);

/// Put a plate somewhere, or nowhere, without width
void panel_place_plate(Panel* panel, size_t plate, Rect area);

/// Put a widget somewhere and show it, or hide it; what it covered is drawn again
void panel_place(Panel* panel, Widget* widget, bool is_shown, Rect area);

void panel_move(Panel* panel, const Pointer* pointer);
void panel_press(Panel* panel, const Pointer* pointer);
void panel_release(Panel* panel);
void panel_leave(Panel* panel);
void panel_scroll(Panel* panel, const Pointer* pointer, int n_steps);

/// Return false if no widget knows what to do with it
bool panel_key(Panel* panel, const Key* key);

/// Give the keyboard to a widget, or to none
void panel_focus(Panel* panel, Widget* widget);

/// Have everything drawn again
void panel_soil(Panel* panel);

/// Draw what is dirty, and return how many rectangles that is, which `drawn` holds until the next
/// time
size_t panel_draw(Panel* panel, const Canvas* canvas);

#endif

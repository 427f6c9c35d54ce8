// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What all widgets have, and how they are asked. The panel (panel.h) owns none of them: it passes
/// on what happens.

#ifndef GRUS_PLUGIN_UI_WIDGET_H
#define GRUS_PLUGIN_UI_WIDGET_H

#include "plugin/ui/canvas.h"

#include <stdbool.h>

/// What a pointer did
typedef struct {
  double x;
  double y;
  bool is_fine;   ///< Shift or Control is held: small steps
  bool is_double; ///< The second press of a double click
} Pointer;

/// Keys that mean something; others are characters
typedef enum {
  KEY_TEXT,
  KEY_UP,
  KEY_DOWN,
  KEY_LEFT,
  KEY_RIGHT,
  KEY_PAGE_UP,
  KEY_PAGE_DOWN,
  KEY_HOME,
  KEY_END,
  KEY_ENTER,
  KEY_ESCAPE,
  KEY_BACKSPACE,
  KEY_TAB,
  KEY_OTHER,
} KeyName;

typedef struct {
  KeyName name;
  char text[16]; ///< Of KEY_TEXT, in UTF-8
  bool is_fine;  ///< As of a pointer
  bool is_back;  ///< Shift is held with the tabulator
} Key;

typedef struct WidgetImpl Widget;

/// What a kind of widget can do; what it can't is NULL
typedef struct {
  void (*draw)(const Widget* widget, const Canvas* canvas);
  void (*press)(Widget* widget, const Pointer* pointer);
  void (*drag)(Widget* widget, const Pointer* pointer);
  void (*release)(Widget* widget);
  void (*scroll)(Widget* widget, const Pointer* pointer, int n_steps); ///< Up is positive
  bool (*key)(Widget* widget, const Key* key); ///< Return false if it means nothing here
  void (*leave)(Widget* widget);               ///< The focus goes elsewhere
} WidgetKind;

struct WidgetImpl {
  const WidgetKind* kind;
  Rect area;
  bool is_hidden;
  bool is_on_plate; ///< What is around it is a plate, not the ground
  bool is_dirty;    ///< Must be drawn
  Rect part;        ///< What of it must be drawn if the rest need not; none without width
  bool is_hovered;  ///< The pointer is over it
  bool has_focus;   ///< Keys go to it
};

/// Have a part of it drawn again, beside others
void widget_soil_part(Widget* widget, Rect part);

/// Draw an edge if the widget has the keyboard's focus
void widget_draw_focus(const Widget* widget, const Canvas* canvas);

#endif

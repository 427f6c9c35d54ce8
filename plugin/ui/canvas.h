// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What widgets draw with: rectangles, arcs and text on a cairo context, in logical units.

#ifndef GRUS_PLUGIN_UI_CANVAS_H
#define GRUS_PLUGIN_UI_CANVAS_H

#include "plugin/ui/theme.h"

#include <cairo.h>

#include <stdbool.h>

typedef struct {
  double x; ///< Left
  double y; ///< Top
  double w;
  double h;
} Rect;

typedef struct {
  cairo_t* cr;
  const Theme* theme;
} Canvas;

/// Where a text stands in its rectangle
typedef enum { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT } Align;

typedef struct {
  double size; ///< Height of the font
  bool is_bold;
  Align align;
  Colour colour;
} TextStyle;

bool rect_has(Rect rect, double x, double y);

bool rect_is_same(Rect a, Rect b);

/// Return the rectangle around both; one without width doesn't count
Rect rect_join(Rect a, Rect b);

/// Return a rectangle that is smaller by `by` on each side
Rect rect_inset(Rect rect, double by);

void canvas_set_colour(const Canvas* canvas, Colour colour);

/// Fill a rectangle with round corners
void canvas_fill(const Canvas* canvas, Rect rect, double radius, Colour colour);

/// Draw the edge of one
void canvas_outline(const Canvas* canvas, Rect rect, double radius, Colour colour);

/// Write one line, centred in height, with "…" in place of what doesn't fit. Bytes that are not
/// UTF-8 become U+FFFD; a text of another script gets a font that has it, if there is one.
void canvas_write(const Canvas* canvas, Rect rect, TextStyle style, const char* text);

/// Write several lines, broken at spaces, and "…" in place of lines that don't fit
void canvas_write_lines(const Canvas* canvas, Rect rect, TextStyle style, const char* text);

/// Draw an arrow head within a rectangle, to the left or right
void canvas_arrow(const Canvas* canvas, Rect rect, bool is_left, Colour colour);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The picture in memory, and how parts of it get to the window. cairo's own surface for windows
/// would do the same, but keeps some memory of every connection that is closed.

#ifndef GRUS_PLUGIN_UI_BACKING_H
#define GRUS_PLUGIN_UI_BACKING_H

#include "plugin/ui/canvas.h"

#include <X11/Xlib.h>
#include <cairo.h>

#include <stdbool.h>

/// Zeroed, it is empty
typedef struct {
  Display* display;
  Window window;
  GC context;
  cairo_surface_t* image; ///< As cairo draws: 0xRRGGBB in 32 bits
  XImage* shown;          ///< As the screen has it: the same bytes, or a copy
  bool is_copy;
} Backing;

/// Make an image of some size for a window of the screen's usual kind; false if there is no memory
bool backing_init(Backing* backing, Display* display, Window window, int width, int height);

/// Legal on a zeroed struct; before the connection is closed
void backing_clear(Backing* backing);

/// Show a part of it [pixels], as far as there is an image
void backing_show(const Backing* backing, Rect part);

#endif

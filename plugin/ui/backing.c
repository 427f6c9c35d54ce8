// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/backing.h"

#include <X11/Xutil.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Return true if the screen has pixels as cairo has them
static bool
is_usual(const Visual* const visual, const XImage* const image)
{
  return visual->red_mask == 0xff0000 && visual->green_mask == 0xff00 &&
         visual->blue_mask == 0xff && image->bits_per_pixel == 32;
}

/// The byte order of this machine
static int
find_byte_order(void)
{
  const uint16_t one = 1;
  uint8_t first = 0;
  memcpy(&first, &one, 1);
  return first ? LSBFirst : MSBFirst;
}

/// Describe cairo's bytes to X, or make room for others
static bool
make_shown(Backing* const b, const int width, const int height)
{
  const int screen = DefaultScreen(b->display);
  const Visual* const visual = DefaultVisual(b->display, screen);
  b->shown = XCreateImage(b->display, (Visual*)(uintptr_t)visual,
                          (unsigned)DefaultDepth(b->display, screen), ZPixmap, 0, NULL,
                          (unsigned)width, (unsigned)height, 32, 0);
  if (!b->shown) {
    return false;
  }
  b->is_copy = !is_usual(visual, b->shown);
  if (b->is_copy) {
    b->shown->data = (char*)calloc((size_t)height, (size_t)b->shown->bytes_per_line);
    return b->shown->data != NULL;
  }
  b->shown->data = (char*)cairo_image_surface_get_data(b->image);
  b->shown->bytes_per_line = cairo_image_surface_get_stride(b->image);
  b->shown->byte_order = find_byte_order();
  return true;
}

bool
backing_init(Backing* const backing, Display* const display, const Window window, const int width,
             const int height)
{
  *backing = (Backing){.display = display, .window = window};
  backing->image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  backing->context = XCreateGC(display, window, 0, NULL);
  if (cairo_surface_status(backing->image) != CAIRO_STATUS_SUCCESS ||
      !make_shown(backing, width, height)) {
    backing_clear(backing);
    return false;
  }
  return true;
}

void
backing_clear(Backing* const backing)
{
  if (backing->shown) {
    if (!backing->is_copy) {
      backing->shown->data = NULL; // cairo's
    }
    XDestroyImage(backing->shown);
  }
  if (backing->context) {
    XFreeGC(backing->display, backing->context);
  }
  if (backing->image) {
    cairo_surface_destroy(backing->image);
  }
  *backing = (Backing){.display = NULL};
}

/// Return an 8-bit colour at the place of a mask
static unsigned long
place_colour(const uint32_t value, const unsigned long mask)
{
  unsigned shift = 0;
  while (mask && !(mask >> shift & 1U)) {
    ++shift;
  }
  return (unsigned long)((double)value / 255.0 * (double)(mask >> shift) + 0.5) << shift;
}

/// Copy a part to what the screen has, pixel by pixel
static void
convert_part(const Backing* const b, const int x, const int y, const int w, const int h)
{
  const XImage* const to = b->shown;
  const unsigned char* const from = cairo_image_surface_get_data(b->image);
  const int stride = cairo_image_surface_get_stride(b->image);
  for (int row = y; row < y + h; ++row) {
    for (int column = x; column < x + w; ++column) {
      uint32_t rgb = 0;
      memcpy(&rgb, from + row * stride + 4 * column, sizeof(rgb));
      (void)XPutPixel(b->shown, column, row,
                      place_colour(rgb >> 16U & 255U, to->red_mask) |
                          place_colour(rgb >> 8U & 255U, to->green_mask) |
                          place_colour(rgb & 255U, to->blue_mask));
    }
  }
}

void
backing_show(const Backing* const backing, const Rect part)
{
  if (!backing->shown) {
    return;
  }
  const int x = (int)fmax(part.x, 0.0);
  const int y = (int)fmax(part.y, 0.0);
  const int w = (int)fmin(part.x + part.w, (double)backing->shown->width) - x;
  const int h = (int)fmin(part.y + part.h, (double)backing->shown->height) - y;
  if (w > 0 && h > 0) {
    if (backing->is_copy) {
      convert_part(backing, x, y, w, h);
    }
    (void)XPutImage(backing->display, backing->window, backing->context, backing->shown, x, y, x, y,
                    (unsigned)w, (unsigned)h);
  }
}

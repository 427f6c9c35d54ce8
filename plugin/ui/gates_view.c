// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/gates_view.h"

#include <math.h>
#include <string.h>

#define TITLE_HEIGHT 18.0
#define GAP 10.0

static Rect
find_picture(const GatesView* const view, const uint32_t row)
{
  const Rect area = rect_inset(view->base.area, 8.0);
  const double width = (area.w - 3.0 * GAP) / (double)GATES_VIEW_ROWS;
  return (Rect){area.x + (double)row * (width + GAP), area.y + TITLE_HEIGHT, width,
                area.h - TITLE_HEIGHT};
}

/// Gates are dark when closed and bright when open; candidate and state have a colour for each sign
static Colour
find_colour(const Theme* const theme, const uint32_t row, const float value)
{
  const double size = fmin(fabs((double)value), 1.0);
  return row < 2        ? theme_mix(theme->groove, theme->accent, size)
         : value < 0.0F ? theme_mix(theme->groove, theme->alarm, size)
                        : theme_mix(theme->groove, theme->second, size);
}

static uint32_t
pack_colour(const Colour colour)
{
  return (uint32_t)lrint(255.0 * colour.red) << 16U | (uint32_t)lrint(255.0 * colour.green) << 8U |
         (uint32_t)lrint(255.0 * colour.blue);
}

/// Paint the moments of one row of the picture, one pixel each, onto an image (units, moments)
static void
paint_moments(const GatesView* const view, const Theme* const theme, const uint32_t row,
              cairo_surface_t* const image)
{
  unsigned char* const pixels = cairo_image_surface_get_data(image);
  const int stride = cairo_image_surface_get_stride(image);
  for (uint32_t i = 0; i < GATES_VIEW_MOMENTS; ++i) {
    const uint32_t moment = (view->newest + 1 + i) % GATES_VIEW_MOMENTS;
    const bool is_there = i + view->n_moments >= GATES_VIEW_MOMENTS;
    for (uint32_t u = 0; u < view->n_units; ++u) {
      const uint32_t pixel = pack_colour(
          is_there ? find_colour(theme, row, view->values[moment][row][u]) : theme->groove);
      memcpy(pixels + (size_t)u * (size_t)stride + 4U * i, &pixel, sizeof(pixel));
    }
  }
  cairo_surface_mark_dirty(image);
}

static void
draw_picture(const GatesView* const view, const Canvas* const canvas, const uint32_t row)
{
  const Rect place = find_picture(view, row);
  cairo_surface_t* const image =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)GATES_VIEW_MOMENTS, (int)view->n_units);
  if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS) {
    cairo_surface_flush(image);
    paint_moments(view, canvas->theme, row, image);
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, place.x, place.y);
    cairo_scale(canvas->cr, place.w / (double)GATES_VIEW_MOMENTS, place.h / (double)view->n_units);
    cairo_set_source_surface(canvas->cr, image, 0.0, 0.0);
    cairo_pattern_set_filter(cairo_get_source(canvas->cr), CAIRO_FILTER_NEAREST);
    cairo_rectangle(canvas->cr, 0.0, 0.0, (double)GATES_VIEW_MOMENTS, (double)view->n_units);
    cairo_fill(canvas->cr);
    cairo_restore(canvas->cr);
  }
  cairo_surface_destroy(image);
}

static void
draw_gates(const Widget* const widget, const Canvas* const canvas)
{
  static const char* const titles[GATES_VIEW_ROWS] = {"reset gate r", "update gate z",
                                                      "candidate n", "state h"};
  const GatesView* const view = (const GatesView*)widget;
  const TextStyle style = {13.0, false, ALIGN_LEFT, canvas->theme->dim};
  canvas_fill(canvas, widget->area, 8.0, canvas->theme->panel);
  for (uint32_t row = 0; row < GATES_VIEW_ROWS; ++row) {
    const Rect place = find_picture(view, row);
    canvas_write(canvas, (Rect){place.x, place.y - TITLE_HEIGHT, place.w, TITLE_HEIGHT}, style,
                 titles[row]);
    canvas_fill(canvas, place, 2.0, canvas->theme->groove);
    if (view->n_units) {
      draw_picture(view, canvas, row);
    }
  }
  if (!view->n_units) {
    canvas_write(canvas, widget->area, (TextStyle){15.0, false, ALIGN_MIDDLE, canvas->theme->text},
                 view->remark);
  }
}

void
gates_view_init(GatesView* const view)
{
  static const WidgetKind kind = {.draw = draw_gates};
  memset(view, 0, sizeof(*view));
  view->base = (Widget){.kind = &kind, .is_dirty = true};
  view->remark = "";
}

void
gates_view_add(GatesView* const view, const float* const values, const uint32_t n_units)
{
  if (!n_units || n_units > GATES_VIEW_UNITS) {
    return;
  }
  if (n_units != view->n_units) {
    view->n_units = n_units;
    view->n_moments = 0;
  }
  view->newest = (view->newest + 1) % GATES_VIEW_MOMENTS;
  view->n_moments += view->n_moments < GATES_VIEW_MOMENTS;
  for (uint32_t row = 0; row < GATES_VIEW_ROWS; ++row) {
    memcpy(view->values[view->newest][row], values + (size_t)row * n_units,
           n_units * sizeof(float));
  }
  view->base.is_dirty = true;
}

void
gates_view_clear(GatesView* const view, const char* const remark)
{
  const bool is_new = view->n_units || strcmp(view->remark, remark) != 0;
  view->n_units = 0;
  view->n_moments = 0;
  view->remark = remark;
  view->base.is_dirty = view->base.is_dirty || is_new;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/panel.h"

#include <math.h>

void
panel_add(Panel* const panel, Widget* const widget)
{
  if (panel->n_widgets < PANEL_MAX_WIDGETS) {
    panel->widgets[panel->n_widgets++] = widget;
  }
}

void
panel_place_plate(Panel* const panel, const size_t plate, const Rect area)
{
  if (!rect_is_same(panel->plates[plate], area)) {
    panel->plates[plate] = area;
    panel_soil(panel);
  }
}

void
panel_place(Panel* const panel, Widget* const widget, const bool is_shown, const Rect area)
{
  const Rect before = widget->area;
  const bool has_moved =
      before.x != area.x || before.y != area.y || before.w != area.w || before.h != area.h;
  if (widget->is_hidden == is_shown || (has_moved && is_shown)) {
    panel_soil(panel);
  }
  widget->area = area;
  widget->is_hidden = !is_shown;
}

static Widget*
find_widget(const Panel* const panel, const double x, const double y)
{
  for (size_t i = panel->n_widgets; i-- > 0;) {
    Widget* const widget = panel->widgets[i];
    if (!widget->is_hidden && rect_has(widget->area, x, y)) {
      return widget;
    }
  }
  return NULL;
}

static void
hover(Panel* const panel, Widget* const widget)
{
  if (panel->hovered == widget) {
    return;
  }
  if (panel->hovered) {
    panel->hovered->is_hovered = false;
    panel->hovered->is_dirty = true;
  }
  panel->hovered = widget;
  if (widget) {
    widget->is_hovered = true;
    widget->is_dirty = true;
  }
}

void
panel_focus(Panel* const panel, Widget* const widget)
{
  Widget* const before = panel->focused;
  if (before == widget) {
    return;
  }
  panel->focused = widget;
  if (before) {
    before->has_focus = false;
    before->is_dirty = true;
    if (before->kind->leave) {
      before->kind->leave(before);
    }
  }
  if (widget) {
    widget->has_focus = true;
    widget->is_dirty = true;
  }
}

void
panel_move(Panel* const panel, const Pointer* const pointer)
{
  Widget* const grabbed = panel->grabbed;
  if (!grabbed) {
    hover(panel, find_widget(panel, pointer->x, pointer->y));
  } else if (grabbed->kind->drag) {
    grabbed->kind->drag(grabbed, pointer);
  }
}

void
panel_press(Panel* const panel, const Pointer* const pointer)
{
  Widget* const widget = find_widget(panel, pointer->x, pointer->y);
  if (pointer->is_double && widget != panel->pressed) {
    return; // It was meant for what the first click took away
  }
  panel_focus(panel, widget && widget->kind->key ? widget : NULL);
  panel->grabbed = widget;
  panel->pressed = widget;
  if (widget && widget->kind->press) {
    widget->kind->press(widget, pointer);
  }
}

void
panel_release(Panel* const panel)
{
  Widget* const widget = panel->grabbed;
  panel->grabbed = NULL;
  if (widget && widget->kind->release) {
    widget->kind->release(widget);
  }
}

void
panel_leave(Panel* const panel)
{
  if (!panel->grabbed) {
    hover(panel, NULL);
  }
}

void
panel_scroll(Panel* const panel, const Pointer* const pointer, const int n_steps)
{
  Widget* const widget = find_widget(panel, pointer->x, pointer->y);
  if (widget && widget->kind->scroll) {
    widget->kind->scroll(widget, pointer, n_steps);
  }
}

/// Give the keyboard to the next widget that takes keys, or to the one before
static void
focus_next(Panel* const panel, const bool is_back)
{
  size_t at = is_back ? 0 : panel->n_widgets - 1;
  for (size_t i = 0; i < panel->n_widgets; ++i) {
    at = panel->widgets[i] == panel->focused ? i : at;
  }
  for (size_t n = 0; n < panel->n_widgets; ++n) {
    at = (at + (is_back ? panel->n_widgets - 1 : 1)) % panel->n_widgets;
    if (!panel->widgets[at]->is_hidden && panel->widgets[at]->kind->key) {
      panel_focus(panel, panel->widgets[at]);
      return;
    }
  }
}

bool
panel_key(Panel* const panel, const Key* const key)
{
  Widget* const widget = panel->focused;
  if (widget && !widget->is_hidden && widget->kind->key(widget, key)) {
    return true;
  }
  if (key->name == KEY_TAB && widget) {
    focus_next(panel, key->is_back);
    return true;
  }
  return false;
}

void
panel_soil(Panel* const panel)
{
  panel->is_bare = true;
  for (size_t i = 0; i < panel->n_widgets; ++i) {
    panel->widgets[i]->is_dirty = true;
  }
}

/// Return a rectangle that is a little larger and ends between pixels: no edge is half drawn
static Rect
snap_rect(const Canvas* const canvas, const Rect rect)
{
  double left = rect.x;
  double top = rect.y;
  double right = rect.x + rect.w;
  double bottom = rect.y + rect.h;
  cairo_user_to_device(canvas->cr, &left, &top);
  cairo_user_to_device(canvas->cr, &right, &bottom);
  left = floor(left);
  top = floor(top);
  right = ceil(right);
  bottom = ceil(bottom);
  cairo_device_to_user(canvas->cr, &left, &top);
  cairo_device_to_user(canvas->cr, &right, &bottom);
  return (Rect){left, top, right - left, bottom - top};
}

/// Draw a part of a widget, or all of it
static void
draw_widget(const Widget* const widget, const Rect part, const Canvas* const canvas)
{
  cairo_save(canvas->cr);
  cairo_rectangle(canvas->cr, part.x, part.y, part.w, part.h);
  cairo_clip(canvas->cr);
  canvas_set_colour(canvas, widget->is_on_plate ? canvas->theme->panel : canvas->theme->ground);
  cairo_paint(canvas->cr);
  widget->kind->draw(widget, canvas);
  cairo_restore(canvas->cr);
}

/// What was hidden must not be seen any more
static void
draw_ground(const Panel* const panel, const Canvas* const canvas)
{
  canvas_set_colour(canvas, canvas->theme->ground);
  cairo_paint(canvas->cr);
  for (size_t i = 0; i < PANEL_MAX_PLATES; ++i) {
    if (panel->plates[i].w > 0.0) {
      canvas_fill(canvas, panel->plates[i], 8.0, canvas->theme->panel);
    }
  }
}

size_t
panel_draw(Panel* const panel, const Canvas* const canvas)
{
  size_t n = 0;
  if (panel->is_bare) {
    draw_ground(panel, canvas);
    panel->drawn[n++] = panel->area;
    panel->is_bare = false;
  }
  for (size_t i = 0; i < panel->n_widgets; ++i) {
    Widget* const widget = panel->widgets[i];
    const bool is_seen = !widget->is_hidden && (widget->is_dirty || widget->part.w > 0.0);
    if (is_seen) {
      const Rect part = widget->is_dirty ? widget->area : snap_rect(canvas, widget->part);
      draw_widget(widget, part, canvas);
      panel->drawn[n++] = part;
    }
    widget->is_dirty = false;
    widget->part.w = 0.0;
  }
  return n;
}

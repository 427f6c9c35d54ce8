// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/dial.h"

#include "plugin/ui/port_info.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FULL_DRAG 200.0 ///< Pixels from end to end
#define FINE 0.1        ///< Of it, with Shift
#define STEPS 50.0      ///< Of the wheel from end to end
#define FIRST_ANGLE (0.75 * M_PI)
#define LAST_ANGLE (2.25 * M_PI)

#define LABEL_HEIGHT 18.0
#define VALUE_HEIGHT 18.0

static Rect
find_value_area(const Dial* const dial)
{
  const Rect area = dial->base.area;
  return (Rect){area.x, area.y + area.h - VALUE_HEIGHT, area.w, VALUE_HEIGHT};
}

static double
find_angle(const Dial* const dial, const double value)
{
  const PortInfo info = port_info(dial->port);
  const double share = (value - info.low) / (info.high - info.low);
  return FIRST_ANGLE + fmin(fmax(share, 0.0), 1.0) * (LAST_ANGLE - FIRST_ANGLE);
}

static void
draw_arc(const Canvas* const canvas, const double circle[3], const double from, const double to,
         const Colour colour)
{
  canvas_set_colour(canvas, colour);
  cairo_new_path(canvas->cr);
  cairo_arc(canvas->cr, circle[0], circle[1], circle[2], fmin(from, to), fmax(from, to));
  cairo_stroke(canvas->cr);
}

/// From where the filled part of the scale begins: 0, where a control has both signs
static double
find_start(const Dial* const dial)
{
  const PortInfo info = port_info(dial->port);
  return find_angle(dial, info.low < 0.0 && info.high > 0.0 ? 0.0 : info.low);
}

static void
draw_pointer(const Canvas* const canvas, const double circle[3], const double angle)
{
  const double inner = circle[2] * 0.35;
  const double outer = circle[2] * 0.72;
  canvas_set_colour(canvas, canvas->theme->text);
  cairo_set_line_width(canvas->cr, 3.0);
  cairo_move_to(canvas->cr, circle[0] + inner * cos(angle), circle[1] + inner * sin(angle));
  cairo_line_to(canvas->cr, circle[0] + outer * cos(angle), circle[1] + outer * sin(angle));
  cairo_stroke(canvas->cr);
}

static void
draw_scale(const Dial* const dial, const Canvas* const canvas)
{
  const Theme* const theme = canvas->theme;
  const Rect area = dial->base.area;
  const double room = area.h - LABEL_HEIGHT - VALUE_HEIGHT;
  const double radius = fmin(room, area.w) / 2.0 - 5.0;
  const double circle[3] = {area.x + area.w / 2.0, area.y + LABEL_HEIGHT + room / 2.0 + 2.0,
                            radius};
  const double cap[3] = {circle[0], circle[1], radius * 0.78};
  const double angle = find_angle(dial, dial->value);
  cairo_set_line_cap(canvas->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width(canvas->cr, 4.0);
  draw_arc(canvas, circle, FIRST_ANGLE, LAST_ANGLE, theme->groove);
  draw_arc(canvas, circle, find_start(dial), angle, dial->is_model ? theme->second : theme->accent);
  cairo_arc(canvas->cr, cap[0], cap[1], cap[2], 0.0, 2.0 * M_PI);
  canvas_set_colour(canvas,
                    theme_mix(theme->raised, theme->edge, dial->base.is_hovered ? 0.4 : 0.0));
  cairo_fill_preserve(canvas->cr);
  canvas_set_colour(canvas, theme->edge);
  cairo_set_line_width(canvas->cr, 1.0);
  cairo_stroke(canvas->cr);
  draw_pointer(canvas, circle, angle);
}

static void
draw_lamp(const Dial* const dial, const Canvas* const canvas)
{
  const Rect area = dial->base.area;
  if (dial->lamp >= 0.0) {
    cairo_arc(canvas->cr, area.x + area.w - 10.0, area.y + LABEL_HEIGHT + 6.0, 4.0, 0.0,
              2.0 * M_PI);
    canvas_set_colour(canvas, theme_mix(canvas->theme->groove, canvas->theme->alarm, dial->lamp));
    cairo_fill(canvas->cr);
  }
}

static void
draw_value(const Dial* const dial, const Canvas* const canvas)
{
  const Theme* const theme = canvas->theme;
  const Rect area = find_value_area(dial);
  char text[sizeof(dial->entry.text) + 4];
  if (dial->is_typed) {
    (void)snprintf(text, sizeof(text), "%s|", dial->entry.text);
    canvas_fill(canvas, area, 4.0, theme->groove);
  } else {
    port_info_write(dial->port, dial->value, text);
  }
  canvas_write(canvas, area, (TextStyle){13.0, false, ALIGN_MIDDLE, theme->text}, text);
}

static void
draw_dial(const Widget* const widget, const Canvas* const canvas)
{
  const Dial* const dial = (const Dial*)widget;
  const Rect area = widget->area;
  const Rect label = {area.x, area.y, area.w, LABEL_HEIGHT};
  draw_scale(dial, canvas);
  draw_lamp(dial, canvas);
  canvas_write(canvas, label, (TextStyle){13.0, false, ALIGN_MIDDLE, canvas->theme->dim},
               dial->label);
  draw_value(dial, canvas);
  widget_draw_focus(widget, canvas);
}

static void
turn_dial(Dial* const dial, const double value)
{
  const PortInfo info = port_info(dial->port);
  dial_set(dial, fmin(fmax(value, info.low), info.high));
  if (!dial->is_held) {
    dial->hands->touch(dial->hands->face, dial->port, true);
  }
  dial->hands->turn(dial->hands->face, dial->port, dial->value);
  if (!dial->is_held) {
    dial->hands->touch(dial->hands->face, dial->port, false);
  }
}

/// Turn by a share of its range
static void
move_dial(Dial* const dial, const double share)
{
  const PortInfo info = port_info(dial->port);
  turn_dial(dial, dial->value + share * (info.high - info.low));
}

static void
start_typing(Dial* const dial)
{
  dial->is_typed = true;
  entry_clear(&dial->entry);
  dial->base.is_dirty = true;
}

static void
stop_typing(Dial* const dial, const bool is_kept)
{
  double value = 0.0;
  const bool is_set =
      is_kept && dial->is_typed && port_info_read(dial->port, dial->entry.text, &value);
  dial->is_typed = false;
  dial->base.is_dirty = true;
  if (is_set) {
    turn_dial(dial, value);
  }
}

static void
press_dial(Widget* const widget, const Pointer* const pointer)
{
  Dial* const dial = (Dial*)widget;
  if (rect_has(find_value_area(dial), pointer->x, pointer->y)) {
    start_typing(dial);
    return;
  }
  dial->is_held = true;
  dial->held_y = pointer->y;
  dial->hands->touch(dial->hands->face, dial->port, true);
  if (pointer->is_double) {
    turn_dial(dial, port_info(dial->port).initial);
  }
}

static void
drag_dial(Widget* const widget, const Pointer* const pointer)
{
  Dial* const dial = (Dial*)widget;
  const double way = dial->held_y - pointer->y;
  if (dial->is_held && way != 0.0) {
    dial->held_y = pointer->y;
    move_dial(dial, way / FULL_DRAG * (pointer->is_fine ? FINE : 1.0));
  }
}

static void
release_dial(Widget* const widget)
{
  Dial* const dial = (Dial*)widget;
  if (dial->is_held) {
    dial->is_held = false;
    dial->hands->touch(dial->hands->face, dial->port, false);
  }
}

static void
scroll_dial(Widget* const widget, const Pointer* const pointer, const int n_steps)
{
  move_dial((Dial*)widget, (double)n_steps / STEPS * (pointer->is_fine ? FINE : 1.0));
}

static bool
type_into_dial(Dial* const dial, const Key* const key)
{
  if (key->name == KEY_ENTER || key->name == KEY_ESCAPE) {
    const bool was_typed = dial->is_typed;
    stop_typing(dial, key->name == KEY_ENTER);
    return was_typed;
  }
  if (key->name == KEY_TEXT && !dial->is_typed) {
    if (!strchr("0123456789+-.,", key->text[0])) {
      return false; // Such as the space that starts the host
    }
    start_typing(dial);
  }
  const bool is_typed = dial->is_typed && entry_type(&dial->entry, key);
  dial->base.is_dirty = dial->base.is_dirty || is_typed;
  return is_typed || dial->is_typed;
}

static bool
key_dial(Widget* const widget, const Key* const key)
{
  Dial* const dial = (Dial*)widget;
  const PortInfo info = port_info(dial->port);
  const double step = (key->is_fine ? FINE : 1.0) / STEPS;
  switch (key->name) {
  case KEY_UP:
  case KEY_RIGHT:
    move_dial(dial, step);
    return true;
  case KEY_DOWN:
  case KEY_LEFT:
    move_dial(dial, -step);
    return true;
  case KEY_PAGE_UP:
    move_dial(dial, 10.0 * step);
    return true;
  case KEY_PAGE_DOWN:
    move_dial(dial, -10.0 * step);
    return true;
  case KEY_HOME:
    turn_dial(dial, info.low);
    return true;
  case KEY_END:
    turn_dial(dial, info.high);
    return true;
  default:
    return type_into_dial(dial, key);
  }
}

static void
leave_dial(Widget* const widget)
{
  stop_typing((Dial*)widget, true);
}

void
dial_init(Dial* const dial, const Hands* const hands, const Port port, const char* const label)
{
  static const WidgetKind kind = {.draw = draw_dial,
                                  .press = press_dial,
                                  .drag = drag_dial,
                                  .release = release_dial,
                                  .scroll = scroll_dial,
                                  .key = key_dial,
                                  .leave = leave_dial};
  *dial = (Dial){.base = {.kind = &kind, .is_dirty = true, .is_on_plate = true},
                 .hands = hands,
                 .port = port,
                 .label = label,
                 .value = port_info(port).initial,
                 .lamp = -1.0};
}

void
dial_set(Dial* const dial, const double value)
{
  if (isfinite(value) && value != dial->value) {
    dial->value = value;
    dial->base.is_dirty = true;
  }
}

void
dial_set_lamp(Dial* const dial, const double lamp)
{
  const double coarse = rint(8.0 * lamp) / 8.0;
  dial->base.is_dirty = dial->base.is_dirty || coarse != dial->lamp;
  dial->lamp = coarse;
}

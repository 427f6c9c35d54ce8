// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/slot_view.h"

#include "core/text.h"

#include <string.h>

#define ARROW_WIDTH 40.0

static Rect
find_arrow(const SlotView* const view, const bool is_left)
{
  const Rect area = view->base.area;
  return (Rect){is_left ? area.x : area.x + area.w - ARROW_WIDTH, area.y, ARROW_WIDTH, area.h};
}

static Rect
find_texts(const SlotView* const view)
{
  const Rect area = view->base.area;
  return (Rect){area.x + ARROW_WIDTH, area.y + 4.0, area.w - 2.0 * ARROW_WIDTH, area.h - 8.0};
}

/// A large one has the title above the line, a small one beside
static void
draw_line(const SlotView* const view, const Canvas* const canvas, const Rect row)
{
  const Theme* const theme = canvas->theme;
  if (view->fault[0]) {
    canvas_write_lines(canvas, row, (TextStyle){13.0, false, ALIGN_MIDDLE, theme->alarm},
                       view->fault);
    return;
  }
  const TextStyle style = {14.0, false, ALIGN_MIDDLE, theme->dim};
  const bool is_double = view->second[0] && !view->is_waiting;
  const double height = is_double ? row.h / 2.0 - 4.0 : row.h;
  canvas_write(canvas, (Rect){row.x, row.y, row.w, height}, style,
               view->is_waiting ? "loading …" : view->line);
  if (is_double) {
    canvas_write(canvas, (Rect){row.x, row.y + height, row.w, height}, style, view->second);
  }
}

static void
draw_slot(const Widget* const widget, const Canvas* const canvas)
{
  const SlotView* const view = (const SlotView*)widget;
  const Theme* const theme = canvas->theme;
  const Rect texts = find_texts(view);
  const double title = view->is_large ? 34.0 : 22.0;
  const double size = view->is_large ? 24.0 : 16.0;
  const bool has_line = view->fault[0] || view->line[0] || view->second[0] || view->is_waiting;
  canvas_fill(canvas, widget->area, 8.0,
              theme_mix(theme->panel, theme->edge, widget->is_hovered ? 0.3 : 0.0));
  canvas_arrow(canvas, find_arrow(view, true), true, theme->dim);
  canvas_arrow(canvas, find_arrow(view, false), false, theme->dim);
  canvas_write(canvas, (Rect){texts.x, texts.y, texts.w, has_line ? title : texts.h},
               (TextStyle){size, view->is_large, ALIGN_MIDDLE, theme->text}, view->title);
  draw_line(view, canvas, (Rect){texts.x, texts.y + title, texts.w, texts.h - title});
  if (widget->has_focus) {
    canvas_outline(canvas, widget->area, 8.0, theme->dim);
  }
}

static void
step_slot(SlotView* const view, const int n_steps)
{
  view->hands->act(view->hands->face, view->step_action, n_steps);
}

static void
open_slot(SlotView* const view)
{
  view->hands->act(view->hands->face, view->open_action, 0);
}

static void
press_slot(Widget* const widget, const Pointer* const pointer)
{
  SlotView* const view = (SlotView*)widget;
  if (rect_has(find_arrow(view, true), pointer->x, pointer->y)) {
    step_slot(view, -1);
  } else if (rect_has(find_arrow(view, false), pointer->x, pointer->y)) {
    step_slot(view, 1);
  } else {
    open_slot(view);
  }
}

static void
scroll_slot(Widget* const widget, const Pointer* const pointer, const int n_steps)
{
  (void)pointer;
  step_slot((SlotView*)widget, -n_steps);
}

static bool
key_slot(Widget* const widget, const Key* const key)
{
  SlotView* const view = (SlotView*)widget;
  const bool is_back = key->name == KEY_LEFT || key->name == KEY_UP;
  if (key->name == KEY_ENTER) {
    open_slot(view);
  } else if (is_back || key->name == KEY_RIGHT || key->name == KEY_DOWN) {
    step_slot(view, is_back ? -1 : 1);
  } else {
    return false;
  }
  return true;
}

void
slot_view_init(SlotView* const view, const Hands* const hands, const int step_action,
               const int open_action)
{
  static const WidgetKind kind = {
      .draw = draw_slot, .press = press_slot, .scroll = scroll_slot, .key = key_slot};
  *view = (SlotView){.base = {.kind = &kind, .is_dirty = true},
                     .hands = hands,
                     .step_action = step_action,
                     .open_action = open_action};
}

static bool
change_text(char* const to, const size_t size, const char* const from)
{
  char text[sizeof(((SlotView*)NULL)->fault)];
  text_shorten(text, size < sizeof(text) ? size : sizeof(text), from);
  const bool is_new = strcmp(to, text) != 0;
  text_copy(to, size, text);
  return is_new;
}

void
slot_view_set(SlotView* const view, const SlotTexts texts)
{
  const bool has_title = change_text(view->title, sizeof(view->title), texts.title);
  const bool has_line = change_text(view->line, sizeof(view->line), texts.line);
  const bool has_second = change_text(view->second, sizeof(view->second), texts.second);
  const bool has_fault = change_text(view->fault, sizeof(view->fault), texts.fault);
  view->base.is_dirty = view->base.is_dirty || has_title || has_line || has_second || has_fault;
}

void
slot_view_wait(SlotView* const view, const bool is_waiting)
{
  view->base.is_dirty = view->base.is_dirty || view->is_waiting != is_waiting;
  view->is_waiting = is_waiting;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/button.h"

static void
draw_button(const Widget* const widget, const Canvas* const canvas)
{
  const Button* const button = (const Button*)widget;
  const Theme* const theme = canvas->theme;
  const Colour ground = theme_mix(theme->raised, theme->edge, widget->is_hovered ? 0.4 : 0.0);
  canvas_fill(canvas, widget->area, 6.0,
              button->is_on ? theme_mix(ground, theme->accent, 0.35) : ground);
  canvas_outline(canvas, widget->area, 6.0, widget->has_focus ? theme->text : theme->edge);
  canvas_write(canvas, rect_inset(widget->area, 4.0),
               (TextStyle){13.0, false, ALIGN_MIDDLE, theme->text}, button->label);
}

static void
push_button(const Button* const button)
{
  button->hands->act(button->hands->face, button->action, button->detail);
}

static void
press_button(Widget* const widget, const Pointer* const pointer)
{
  (void)pointer;
  push_button((const Button*)widget);
}

static bool
key_button(Widget* const widget, const Key* const key)
{
  if (key->name == KEY_ENTER) {
    push_button((const Button*)widget);
  }
  return key->name == KEY_ENTER;
}

void
button_init(Button* const button, const Hands* const hands, const int action, const int detail,
            const char* const label)
{
  static const WidgetKind kind = {.draw = draw_button, .press = press_button, .key = key_button};
  *button = (Button){.base = {.kind = &kind, .is_dirty = true},
                     .hands = hands,
                     .action = action,
                     .detail = detail,
                     .label = label};
}

void
button_set(Button* const button, const bool is_on)
{
  button->base.is_dirty = button->base.is_dirty || button->is_on != is_on;
  button->is_on = is_on;
}

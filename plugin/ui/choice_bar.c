// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/choice_bar.h"

#include "plugin/ui/port_info.h"

#include <math.h>
#include <string.h>

#define LABEL_WIDTH 58.0

static Rect
find_bar(const ChoiceBar* const bar)
{
  const Rect area = bar->base.area;
  const double label = bar->label[0] ? LABEL_WIDTH : 0.0;
  return (Rect){area.x + label, area.y, area.w - label, area.h};
}

static Rect
find_field(const ChoiceBar* const bar, const int i)
{
  const Rect whole = find_bar(bar);
  const double width = whole.w / (double)bar->n_names;
  return (Rect){whole.x + (double)i * width, whole.y, width, whole.h};
}

static void
draw_field(const ChoiceBar* const bar, const Canvas* const canvas, const int i)
{
  const Theme* const theme = canvas->theme;
  const bool is_chosen = i == bar->chosen;
  const Rect field = rect_inset(find_field(bar, i), 2.0);
  if (is_chosen) {
    canvas_fill(canvas, field, 4.0, theme_mix(theme->panel, theme->accent, 0.3));
  }
  canvas_write(canvas, field,
               (TextStyle){12.5, false, ALIGN_MIDDLE, is_chosen ? theme->text : theme->dim},
               bar->names[i]);
}

static void
draw_bar(const Widget* const widget, const Canvas* const canvas)
{
  const ChoiceBar* const bar = (const ChoiceBar*)widget;
  const Rect label = {widget->area.x, widget->area.y, LABEL_WIDTH - 6.0, widget->area.h};
  canvas_write(canvas, label, (TextStyle){13.0, false, ALIGN_LEFT, canvas->theme->dim}, bar->label);
  canvas_fill(canvas, find_bar(bar), 6.0, canvas->theme->groove);
  for (int i = 0; i < bar->n_names; ++i) {
    draw_field(bar, canvas, i);
  }
  if (widget->has_focus) {
    canvas_outline(canvas, find_bar(bar), 6.0, canvas->theme->dim);
  }
}

static void
choose_value(ChoiceBar* const bar, const int i)
{
  choice_bar_set(bar, i);
  if (bar->port < N_PORTS) {
    bar->hands->touch(bar->hands->face, bar->port, true);
    bar->hands->turn(bar->hands->face, bar->port, (double)i);
    bar->hands->touch(bar->hands->face, bar->port, false);
  } else {
    bar->hands->act(bar->hands->face, bar->action, i);
  }
}

/// Choose the one that is so many further, if there is one
static void
step_bar(ChoiceBar* const bar, const int n_steps)
{
  const int i = bar->chosen + n_steps;
  if (i >= 0 && i < bar->n_names) {
    choose_value(bar, i);
  }
}

static void
press_bar(Widget* const widget, const Pointer* const pointer)
{
  ChoiceBar* const bar = (ChoiceBar*)widget;
  for (int i = 0; i < bar->n_names; ++i) {
    if (rect_has(find_field(bar, i), pointer->x, pointer->y)) {
      choose_value(bar, i);
    }
  }
  const bool is_on_label = !rect_has(find_bar(bar), pointer->x, pointer->y);
  if (pointer->is_double && is_on_label && bar->port < N_PORTS) {
    choose_value(bar, (int)lrint(port_info(bar->port).initial));
  }
}

static void
scroll_bar(Widget* const widget, const Pointer* const pointer, const int n_steps)
{
  (void)pointer;
  step_bar((ChoiceBar*)widget, n_steps > 0 ? -1 : 1);
}

static bool
key_bar(Widget* const widget, const Key* const key)
{
  ChoiceBar* const bar = (ChoiceBar*)widget;
  const bool is_back = key->name == KEY_LEFT || key->name == KEY_UP;
  if (!is_back && key->name != KEY_RIGHT && key->name != KEY_DOWN) {
    return false;
  }
  step_bar(bar, is_back ? -1 : 1);
  return true;
}

static const WidgetKind bar_kind = {
    .draw = draw_bar, .press = press_bar, .scroll = scroll_bar, .key = key_bar};

void
choice_bar_init_port(ChoiceBar* const bar, const Hands* const hands, const Port port,
                     const char* const label)
{
  const PortInfo info = port_info(port);
  *bar = (ChoiceBar){.base = {.kind = &bar_kind, .is_dirty = true},
                     .hands = hands,
                     .port = port,
                     .label = label,
                     .n_names = (int)lrint(info.high) + 1,
                     .chosen = (int)lrint(info.initial)};
  for (int i = 0; i < bar->n_names; ++i) {
    port_info_point(port, i, bar->names[i]);
  }
}

void
choice_bar_init_action(ChoiceBar* const bar, const Hands* const hands, const int action,
                       const char* const names)
{
  *bar = (ChoiceBar){.base = {.kind = &bar_kind, .is_dirty = true},
                     .hands = hands,
                     .port = N_PORTS,
                     .action = action,
                     .label = "",
                     .chosen = -1};
  choice_bar_name(bar, names);
}

void
choice_bar_name(ChoiceBar* const bar, const char* names)
{
  int n = 0;
  while (n < (int)CHOICE_BAR_MAX && *names) {
    const size_t length = strcspn(names, "|");
    const size_t kept = length < sizeof(bar->names[0]) ? length : sizeof(bar->names[0]) - 1;
    memcpy(bar->names[n], names, kept);
    bar->names[n][kept] = '\0';
    names += length + (names[length] == '|');
    ++n;
  }
  bar->n_names = n;
  bar->base.is_dirty = true;
}

void
choice_bar_set(ChoiceBar* const bar, const int chosen)
{
  bar->base.is_dirty = bar->base.is_dirty || chosen != bar->chosen;
  bar->chosen = chosen;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/label.h"

#include "core/text.h"

#include <string.h>

static void
draw_note(const Label* const label, const Canvas* const canvas)
{
  const Rect place = label->base.area;
  canvas_fill(canvas, place, 8.0, canvas->theme->panel);
  canvas_write_lines(canvas, rect_inset(place, 12.0),
                     (TextStyle){14.0, false, label->align, canvas->theme->text}, label->text);
}

static void
draw_label(const Widget* const widget, const Canvas* const canvas)
{
  const Label* const label = (const Label*)widget;
  const Theme* const theme = canvas->theme;
  const bool is_title = label->look == LABEL_TITLE;
  Rect place = widget->area;
  if (label->look == LABEL_NOTE) {
    draw_note(label, canvas);
    return;
  }
  if (label->look == LABEL_FIELD) {
    canvas_fill(canvas, place, 4.0, theme->groove);
    place = rect_inset(place, 6.0);
  }
  canvas_write(canvas, place,
               (TextStyle){is_title ? 20.0 : 14.0, is_title, label->align,
                           is_title ? theme->accent : theme->dim},
               label->text);
}

void
label_init(Label* const label, const LabelLook look, const Align align)
{
  static const WidgetKind kind = {.draw = draw_label};
  *label = (Label){.base = {.kind = &kind, .is_dirty = true}, .look = look, .align = align};
}

void
label_set(Label* const label, const char* const text)
{
  char shown[sizeof(label->text)];
  text_shorten(shown, sizeof(shown), text);
  if (strcmp(shown, label->text) != 0) {
    text_copy(label->text, sizeof(label->text), shown);
    label->base.is_dirty = true;
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/widget.h"

void
widget_soil_part(Widget* const widget, const Rect part)
{
  widget->part = rect_join(widget->part, part);
}

void
widget_draw_focus(const Widget* const widget, const Canvas* const canvas)
{
  if (widget->has_focus) {
    canvas_outline(canvas, widget->area, 6.0, canvas->theme->dim);
  }
}

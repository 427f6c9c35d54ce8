// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/widget.h"

void
widget_draw_focus(const Widget* const widget, const Canvas* const canvas)
{
  if (widget->has_focus) {
    canvas_outline(canvas, widget->area, 6.0, canvas->theme->edge);
  }
}

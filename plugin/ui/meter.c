// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/meter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LOWEST_DB (-60.0)
#define HIGHEST_DB 6.0
#define HOT_DB (-12.0) ///< From here on, the bar has another colour
#define HOLD_SECONDS 1.5
#define LABEL_HEIGHT 18.0
#define LAMP_HEIGHT 12.0
#define NUMBER_HEIGHT 16.0

static Rect
find_scale(const Meter* const meter)
{
  const Rect area = meter->base.area;
  const double top = LABEL_HEIGHT + LAMP_HEIGHT + 4.0;
  return (Rect){area.x + area.w / 2.0 - 8.0, area.y + top, 16.0, area.h - top - NUMBER_HEIGHT};
}

/// Return how high a level stands, in whole pixels above the bottom
static double
find_height(const Meter* const meter, const double db)
{
  const double share = (db - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB);
  return rint(fmin(fmax(share, 0.0), 1.0) * find_scale(meter).h);
}

static void
draw_bar(const Meter* const meter, const Canvas* const canvas)
{
  const Rect scale = find_scale(meter);
  const double bottom = scale.y + scale.h;
  const double height = find_height(meter, meter->db);
  const double cool = fmin(height, find_height(meter, HOT_DB));
  canvas_fill(canvas, scale, 3.0, canvas->theme->groove);
  canvas_fill(canvas, (Rect){scale.x + 2.0, bottom - cool, scale.w - 4.0, cool}, 0.0,
              canvas->theme->second);
  canvas_fill(canvas, (Rect){scale.x + 2.0, bottom - height, scale.w - 4.0, height - cool}, 0.0,
              canvas->theme->accent);
}

static void
draw_line(const Meter* const meter, const Canvas* const canvas, const double db,
          const Colour colour)
{
  const Rect scale = find_scale(meter);
  const double y = scale.y + scale.h - find_height(meter, db);
  if (db > LOWEST_DB) {
    canvas_fill(canvas, (Rect){scale.x - 3.0, y - 1.0, scale.w + 6.0, 2.0}, 0.0, colour);
  }
}

static void
draw_meter(const Widget* const widget, const Canvas* const canvas)
{
  const Meter* const meter = (const Meter*)widget;
  const Theme* const theme = canvas->theme;
  const Rect area = widget->area;
  const Rect lamp = {area.x + area.w / 2.0 - 8.0, area.y + LABEL_HEIGHT, 16.0, LAMP_HEIGHT - 4.0};
  const Rect number = {area.x, area.y + area.h - NUMBER_HEIGHT, area.w, NUMBER_HEIGHT};
  char text[32] = "";
  canvas_write(canvas, (Rect){area.x, area.y, area.w, LABEL_HEIGHT},
               (TextStyle){13.0, false, ALIGN_MIDDLE, theme->dim}, meter->label);
  canvas_fill(canvas, lamp, 3.0, meter->has_clipped ? theme->alarm : theme->groove);
  draw_bar(meter, canvas);
  draw_line(meter, canvas, meter->mark_db, theme->dim);
  draw_line(meter, canvas, meter->held_db, theme->text);
  if (meter->held_db > LOWEST_DB) {
    (void)snprintf(text, sizeof(text), "%s%ld", meter->held_db < -0.5 ? "−" : "",
                   labs(lrint(meter->held_db)));
  }
  canvas_write(canvas, number, (TextStyle){12.0, false, ALIGN_MIDDLE, theme->dim}, text);
}

static void
press_meter(Widget* const widget, const Pointer* const pointer)
{
  Meter* const meter = (Meter*)widget;
  (void)pointer;
  widget->is_dirty = widget->is_dirty || meter->has_clipped;
  meter->has_clipped = false;
}

/// Change a level, and draw what lies between it and the one before
static void
show_level(Meter* const meter, double* const shown, const double db)
{
  const Rect scale = find_scale(meter);
  const double before = find_height(meter, *shown);
  const double now = find_height(meter, db);
  *shown = db;
  if (before != now) {
    const double top = scale.y + scale.h - fmax(before, now) - 2.0;
    widget_soil_part(&meter->base,
                     (Rect){scale.x - 4.0, top, scale.w + 8.0, fabs(before - now) + 4.0});
  }
}

/// The number below changes as well
static void
show_held(Meter* const meter, const double db)
{
  meter->base.is_dirty = meter->base.is_dirty || lrint(meter->held_db) != lrint(db);
  show_level(meter, &meter->held_db, db);
}

void
meter_init(Meter* const meter, const char* const label)
{
  static const WidgetKind kind = {.draw = draw_meter, .press = press_meter};
  *meter = (Meter){.base = {.kind = &kind, .is_dirty = true},
                   .label = label,
                   .db = 2.0 * LOWEST_DB,
                   .held_db = 2.0 * LOWEST_DB,
                   .mark_db = 2.0 * LOWEST_DB};
}

void
meter_set(Meter* const meter, const double level, const double now)
{
  const double db = fmin(fmax(level, 2.0 * LOWEST_DB), -2.0 * LOWEST_DB);
  if (!isfinite(level)) {
    return;
  }
  show_level(meter, &meter->db, db);
  if (db >= meter->held_db) {
    show_held(meter, db);
    meter->held_since = now;
  }
  if (db >= 0.0 && !meter->has_clipped) {
    meter->has_clipped = true;
    meter->base.is_dirty = true;
  }
}

void
meter_pass_time(Meter* const meter, const double now)
{
  if (now - meter->held_since > HOLD_SECONDS && meter->held_db > meter->db) {
    show_held(meter, meter->db);
    meter->held_since = now;
  }
}

void
meter_mark(Meter* const meter, const double db)
{
  show_level(meter, &meter->mark_db, db);
}

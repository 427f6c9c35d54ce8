// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Text is cairo's own, which takes one font for a whole text: the first of a list that has all its
// letters. cairo refuses text that is not UTF-8 for good, so none gets through.

#include "plugin/ui/canvas.h"

#include "core/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE 1024U
#define LINE_HEIGHT 1.3 ///< Of the font's size

static const char* const families[] = {
    "sans-serif",          "DejaVu Sans",          "Noto Sans",
    "Noto Sans CJK JP",    "Noto Sans CJK SC",     "WenQuanYi Zen Hei",
    "Droid Sans Fallback", "Noto Sans Arabic",     "Noto Sans Hebrew",
    "Noto Sans Thai",      "Noto Sans Devanagari", "Unifont",
};

bool
rect_has(const Rect rect, const double x, const double y)
{
  return x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;
}

bool
rect_is_same(const Rect a, const Rect b)
{
  return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

Rect
rect_join(const Rect a, const Rect b)
{
  const double x = fmin(a.x, b.x);
  const double y = fmin(a.y, b.y);
  return a.w <= 0.0 ? b
         : b.w <= 0.0
             ? a
             : (Rect){x, y, fmax(a.x + a.w, b.x + b.w) - x, fmax(a.y + a.h, b.y + b.h) - y};
}

Rect
rect_inset(const Rect rect, const double by)
{
  return (Rect){rect.x + by, rect.y + by, fmax(rect.w - 2.0 * by, 0.0),
                fmax(rect.h - 2.0 * by, 0.0)};
}

void
canvas_set_colour(const Canvas* const canvas, const Colour colour)
{
  cairo_set_source_rgb(canvas->cr, colour.red, colour.green, colour.blue);
}

static void
trace_round(const Canvas* const canvas, const Rect rect, const double radius)
{
  const double r = fmin(radius, fmin(rect.w, rect.h) / 2.0);
  const double right = rect.x + rect.w - r;
  const double bottom = rect.y + rect.h - r;
  cairo_new_sub_path(canvas->cr);
  cairo_arc(canvas->cr, right, rect.y + r, r, -M_PI_2, 0.0);
  cairo_arc(canvas->cr, right, bottom, r, 0.0, M_PI_2);
  cairo_arc(canvas->cr, rect.x + r, bottom, r, M_PI_2, M_PI);
  cairo_arc(canvas->cr, rect.x + r, rect.y + r, r, M_PI, M_PI + M_PI_2);
  cairo_close_path(canvas->cr);
}

void
canvas_fill(const Canvas* const canvas, const Rect rect, const double radius, const Colour colour)
{
  trace_round(canvas, rect, radius);
  canvas_set_colour(canvas, colour);
  cairo_fill(canvas->cr);
}

void
canvas_outline(const Canvas* const canvas, const Rect rect, const double radius,
               const Colour colour)
{
  trace_round(canvas, rect_inset(rect, 0.5), radius);
  canvas_set_colour(canvas, colour);
  cairo_set_line_width(canvas->cr, 1.0);
  cairo_stroke(canvas->cr);
}

/// Return how many letters of a text the current font lacks
static int
count_missing(cairo_t* const cr, const char* const text)
{
  cairo_glyph_t* glyphs = NULL;
  int n_glyphs = 0;
  int n_missing = 0;
  if (cairo_scaled_font_text_to_glyphs(cairo_get_scaled_font(cr), 0.0, 0.0, text, -1, &glyphs,
                                       &n_glyphs, NULL, NULL, NULL) != CAIRO_STATUS_SUCCESS) {
    return 0;
  }
  for (int i = 0; i < n_glyphs; ++i) {
    n_missing += glyphs[i].index == 0;
  }
  cairo_glyph_free(glyphs);
  return n_missing;
}

static bool
is_ascii(const char* text)
{
  while (*text > 0) {
    ++text;
  }
  return !*text;
}

static void
choose_font(const Canvas* const canvas, const TextStyle style, const char* const text)
{
  const cairo_font_weight_t weight =
      style.is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL;
  const size_t n = is_ascii(text) ? 1 : sizeof(families) / sizeof(families[0]);
  size_t best = 0;
  int least = -1;
  cairo_set_font_size(canvas->cr, style.size);
  for (size_t i = 0; i < n && least != 0; ++i) {
    cairo_select_font_face(canvas->cr, families[i], CAIRO_FONT_SLANT_NORMAL, weight);
    const int n_missing = n == 1 ? 0 : count_missing(canvas->cr, text);
    if (least < 0 || n_missing < least) {
      least = n_missing;
      best = i;
    }
  }
  cairo_select_font_face(canvas->cr, families[best], CAIRO_FONT_SLANT_NORMAL, weight);
}

static double
measure_text(const Canvas* const canvas, const char* const text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(canvas->cr, text, &extents);
  return extents.x_advance;
}

/// Cut a text to a width with "…"; `text` holds TEXT_SIZE bytes
static void
fit_text(const Canvas* const canvas, char* const text, const double width)
{
  size_t low = 0;
  size_t high = strlen(text);
  char trial[TEXT_SIZE + 4];
  if (measure_text(canvas, text) <= width) {
    return;
  }
  while (low + 1 < high) {
    const size_t middle = (low + high) / 2;
    const size_t n = text_fitting(text, middle + 1);
    memcpy(trial, text, n);
    memcpy(trial + n, "…", sizeof("…"));
    if (measure_text(canvas, trial) <= width) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const size_t n = text_fitting(text, low + 1);
  memcpy(trial, text, n);
  memcpy(trial + n, "…", sizeof("…"));
  text_copy(text, TEXT_SIZE, trial);
}

/// Write a line whose font is chosen
static void
show_line(const Canvas* const canvas, const Rect rect, const TextStyle style,
          const char* const text)
{
  cairo_font_extents_t font;
  cairo_font_extents(canvas->cr, &font);
  const double room = rect.w - measure_text(canvas, text);
  const double x = rect.x + (style.align == ALIGN_LEFT    ? 0.0
                             : style.align == ALIGN_RIGHT ? room
                                                          : room / 2.0);
  canvas_set_colour(canvas, style.colour);
  cairo_move_to(canvas->cr, x, rect.y + (rect.h + font.ascent - font.descent) / 2.0);
  cairo_show_text(canvas->cr, text);
}

void
canvas_write(const Canvas* const canvas, const Rect rect, const TextStyle style,
             const char* const text)
{
  char fitting[TEXT_SIZE];
  text_shorten_path(fitting, sizeof(fitting), text);
  text_repair(fitting);
  choose_font(canvas, style, fitting);
  fit_text(canvas, fitting, rect.w);
  show_line(canvas, rect, style, fitting);
}

/// Return how many bytes of a text are the next line: whole words where possible
static size_t
break_line(const Canvas* const canvas, const char* const text, const double width)
{
  char line[TEXT_SIZE];
  size_t fitting = 0;
  size_t end = 0;
  do {
    end += strspn(text + end, " ");
    end += strcspn(text + end, " ");
    memcpy(line, text, end);
    line[end] = '\0';
    if (measure_text(canvas, line) > width) {
      return fitting ? fitting : end;
    }
    fitting = end;
  } while (text[end]);
  return fitting;
}

void
canvas_write_lines(const Canvas* const canvas, const Rect rect, const TextStyle style,
                   const char* const text)
{
  char whole[TEXT_SIZE];
  char line[TEXT_SIZE];
  Rect row = {rect.x, rect.y, rect.w, style.size * LINE_HEIGHT};
  text_shorten(whole, sizeof(whole), text);
  text_repair(whole);
  choose_font(canvas, style, whole);
  for (const char* rest = whole; *rest && row.y + row.h <= rect.y + rect.h + 1.0;) {
    const bool is_last = row.y + 2.0 * row.h > rect.y + rect.h + 1.0;
    const size_t n = is_last ? strlen(rest) : break_line(canvas, rest, rect.w);
    memcpy(line, rest, n);
    line[n] = '\0';
    fit_text(canvas, line, rect.w);
    show_line(canvas, row, style, line);
    rest += n + strspn(rest + n, " ");
    row.y += row.h;
  }
}

void
canvas_arrow(const Canvas* const canvas, const Rect rect, const bool is_left, const Colour colour)
{
  const double x = rect.x + rect.w / 2.0;
  const double y = rect.y + rect.h / 2.0;
  const double half = is_left ? 4.0 : -4.0;
  canvas_set_colour(canvas, colour);
  cairo_set_line_width(canvas->cr, 2.5);
  cairo_set_line_cap(canvas->cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(canvas->cr, CAIRO_LINE_JOIN_ROUND);
  cairo_move_to(canvas->cr, x + half, y - 8.0);
  cairo_line_to(canvas->cr, x - half, y);
  cairo_line_to(canvas->cr, x + half, y + 8.0);
  cairo_stroke(canvas->cr);
}

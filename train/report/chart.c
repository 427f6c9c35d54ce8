// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Where does a number lie in a chart? Main thread.

#include "train/report/chart.h"

#include "train/report/html.h"

#include <math.h>

#define WIDTH 700.0  ///< Of the area between the axes, in the units of the SVG
#define HEIGHT 0.306 ///< Default, relative to the width
#define MAX_TICKS 8.0

/// A chart and the size of the area between its axes
typedef struct {
  FILE* out;
  const Chart* chart;
  double height; ///< In the units of the SVG
} ChartArea;

/// Return where a value lies between the ends of an axis, 0 to 1
static double
find_position(const ChartAxis* const axis, const double value)
{
  const double part = axis->is_log ? log(value / axis->low) / log(axis->high / axis->low)
                                   : (value - axis->low) / (axis->high - axis->low);
  return fmin(fmax(part, 0.0), 1.0);
}

static double
place_x(const ChartArea* const a, const double value)
{
  return find_position(&a->chart->x, value) * WIDTH;
}

static double
place_y(const ChartArea* const a, const double value)
{
  return (1.0 - find_position(&a->chart->y, value)) * a->height;
}

static void
write_x_grid(const ChartArea* const a, const double value)
{
  const double x = place_x(a, value);
  (void)fprintf(a->out, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%.1f\"/>\n", x,
                x, a->height);
}

static void
write_y_grid(const ChartArea* const a, const double value)
{
  const double y = place_y(a, value);
  (void)fprintf(a->out, "<line class=\"grid\" x1=\"0\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
                WIDTH, y, y);
}

/// Write a label of an axis, placed along it by a property of CSS
static void
write_tick(const ChartArea* const a, const ChartAxis* const axis, const char* const place,
           const double value)
{
  const bool is_thousands = axis->is_log && value >= 1000.0;
  char text[32];
  (void)snprintf(text, sizeof(text), "%g%s", is_thousands ? value / 1000.0 : value,
                 is_thousands ? "k" : "");
  (void)fprintf(a->out, "<span class=\"tick\" style=\"%s:%.2f%%\">", place,
                100.0 * find_position(axis, value));
  html_text_with_numbers(a->out, text);
  (void)fputs("</span>\n", a->out);
}

static void
write_x_tick(const ChartArea* const a, const double value)
{
  write_tick(a, &a->chart->x, "left", value);
}

static void
write_y_tick(const ChartArea* const a, const double value)
{
  write_tick(a, &a->chart->y, "bottom", value);
}

/// Return a step of 1, 2 or 5 times a power of ten that divides an axis into a few parts
static double
choose_step(const ChartAxis* const axis)
{
  const double least = (axis->high - axis->low) / MAX_TICKS;
  const double unit = pow(10.0, floor(log10(least)));
  return least <= unit         ? unit
         : least <= 2.0 * unit ? 2.0 * unit
         : least <= 5.0 * unit ? 5.0 * unit
                               : 10.0 * unit;
}

static void
write_linear_ticks(const ChartArea* const a, const ChartAxis* const axis,
                   void (*const write)(const ChartArea*, double))
{
  const double step = choose_step(axis);
  const double first = ceil(axis->low / step - 1e-9);
  const double last = floor(axis->high / step + 1e-9);
  for (double k = first; k <= last; k += 1.0) {
    write(a, k == 0.0 ? 0.0 : k * step);
  }
}

static void
write_log_ticks(const ChartArea* const a, const ChartAxis* const axis,
                void (*const write)(const ChartArea*, double))
{
  static const double digits[] = {1.0, 2.0, 5.0};
  for (double unit = pow(10.0, floor(log10(axis->low))); unit <= axis->high; unit *= 10.0) {
    for (uint32_t i = 0; i < 3; ++i) {
      if (digits[i] * unit >= axis->low && digits[i] * unit <= axis->high) {
        write(a, digits[i] * unit);
      }
    }
  }
}

static void
write_ticks(const ChartArea* const a, const ChartAxis* const axis,
            void (*const write)(const ChartArea*, double))
{
  (axis->is_log ? write_log_ticks : write_linear_ticks)(a, axis, write);
}

static void
write_line(const ChartArea* const a, const ChartLine* const line)
{
  const ChartAxis* const x = &a->chart->x;
  const double spacing = line->n > 1 ? (x->high - x->low) / (line->n - 1) : 0.0;
  bool is_drawing = false;
  (void)fprintf(a->out, "<path class=\"s%u\" d=\"", line->colour);
  for (uint32_t i = 0; i < line->n; ++i) {
    const double at = line->x ? line->x[i] : x->low + spacing * i;
    if (isfinite(at) && isfinite(line->y[i])) {
      (void)fprintf(a->out, "%c%.1f %.1f", is_drawing ? 'L' : 'M', place_x(a, at),
                    place_y(a, line->y[i]));
      is_drawing = true;
    } else {
      is_drawing = false;
    }
  }
  (void)fputs("\"/>\n", a->out);
}

static void
write_legend(const ChartArea* const a)
{
  (void)fputs("<p class=\"legend\">", a->out);
  for (uint32_t i = 0; i < a->chart->n_lines; ++i) {
    (void)fprintf(a->out, "<span class=\"s%u\">", a->chart->lines[i].colour);
    html_text_with_numbers(a->out, a->chart->lines[i].name);
    (void)fputs("</span>", a->out);
  }
  (void)fputs("</p>\n", a->out);
}

static void
write_drawing(const ChartArea* const a)
{
  const Chart* const c = a->chart;
  (void)fprintf(a->out,
                "<svg viewBox=\"0 0 %.0f %.1f\" preserveAspectRatio=\"none\" role=\"img\" "
                "aria-label=\"",
                WIDTH, a->height);
  html_text_with_numbers(a->out, c->caption);
  (void)fputs("\">\n", a->out);
  write_ticks(a, &c->x, write_x_grid);
  write_ticks(a, &c->y, write_y_grid);
  for (uint32_t i = 0; i < c->n_lines; ++i) {
    write_line(a, &c->lines[i]);
  }
  (void)fputs("</svg>\n", a->out);
}

static void
write_labels(const ChartArea* const a)
{
  const Chart* const c = a->chart;
  (void)fputs("<div class=\"xs\" aria-hidden=\"true\">\n", a->out);
  write_ticks(a, &c->x, write_x_tick);
  (void)fprintf(a->out, "<span class=\"axis\">%s</span>\n</div>\n", c->x.label);
  (void)fputs("<div class=\"ys\" aria-hidden=\"true\">\n", a->out);
  write_ticks(a, &c->y, write_y_tick);
  (void)fprintf(a->out, "<span class=\"axis\">%s</span>\n</div>\n", c->y.label);
}

void
chart_write(FILE* const out, const Chart* const chart)
{
  const double height = WIDTH * (chart->height > 0.0 ? chart->height : HEIGHT);
  const ChartArea area = {out, chart, height};
  (void)fputs("<figure>\n", out);
  write_legend(&area);
  (void)fprintf(out, "<div class=\"chart\"><div style=\"aspect-ratio:%.0f/%.1f\">\n", WIDTH,
                height);
  write_drawing(&area);
  write_labels(&area);
  (void)fputs("</div></div>\n<figcaption>", out);
  html_text_with_numbers(out, chart->caption);
  (void)fputs("</figcaption>\n</figure>\n", out);
}

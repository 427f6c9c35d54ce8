// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Where does a number lie on paper? Main thread.

#include "train/report/chart.h"

#include "train/report/html.h"

#include <math.h>

#define WIDTH 760.0
#define HEIGHT 0.34 ///< Against the width
#define LEFT 60.0
#define RIGHT 12.0
#define TOP 10.0
#define BOTTOM 38.0
#define MOST_TICKS 8.0

/// A chart and the size of its paper
typedef struct {
  FILE* out;
  const Chart* chart;
  double width;
  double height;
} Paper;

/// Return where a value lies between the ends of an axis, 0 to 1
static double
part_of(const ChartAxis* const axis, const double value)
{
  const double part = axis->is_log ? log(value / axis->low) / log(axis->high / axis->low)
                                   : (value - axis->low) / (axis->high - axis->low);
  return fmin(fmax(part, 0.0), 1.0);
}

static double
x_of(const Paper* const p, const double value)
{
  return LEFT + part_of(&p->chart->x, value) * (p->width - LEFT - RIGHT);
}

static double
y_of(const Paper* const p, const double value)
{
  return p->height - BOTTOM - part_of(&p->chart->y, value) * (p->height - BOTTOM - TOP);
}

static void
write_x_tick(const Paper* const p, const double value)
{
  const double x = x_of(p, value);
  const bool is_thousands = p->chart->x.is_log && value >= 1000.0;
  (void)fprintf(p->out,
                "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/><text "
                "x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%g%s</text>\n",
                x, x, TOP, p->height - BOTTOM, x, p->height - BOTTOM + 14.0,
                is_thousands ? value / 1000.0 : value, is_thousands ? "k" : "");
}

static void
write_y_tick(const Paper* const p, const double value)
{
  const double y = y_of(p, value);
  (void)fprintf(p->out,
                "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/><text "
                "x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
                LEFT, p->width - RIGHT, y, y, LEFT - 5.0, y + 4.0, value);
}

/// Return a step of 1, 2 or 5 times a power of ten that divides an axis into a few parts
static double
step_of(const ChartAxis* const axis)
{
  const double least = (axis->high - axis->low) / MOST_TICKS;
  const double unit = pow(10.0, floor(log10(least)));
  return least <= unit         ? unit
         : least <= 2.0 * unit ? 2.0 * unit
         : least <= 5.0 * unit ? 5.0 * unit
                               : 10.0 * unit;
}

static void
write_linear_ticks(const Paper* const p, const ChartAxis* const axis,
                   void (*const write)(const Paper*, double))
{
  const double step = step_of(axis);
  const double first = ceil(axis->low / step - 1e-9);
  const double last = floor(axis->high / step + 1e-9);
  for (double k = first; k <= last; k += 1.0) {
    write(p, k == 0.0 ? 0.0 : k * step);
  }
}

static void
write_log_ticks(const Paper* const p, const ChartAxis* const axis,
                void (*const write)(const Paper*, double))
{
  static const double digits[] = {1.0, 2.0, 5.0};
  for (double unit = pow(10.0, floor(log10(axis->low))); unit <= axis->high; unit *= 10.0) {
    for (uint32_t i = 0; i < 3; ++i) {
      if (digits[i] * unit >= axis->low && digits[i] * unit <= axis->high) {
        write(p, digits[i] * unit);
      }
    }
  }
}

static void
write_axes(const Paper* const p)
{
  const Chart* const c = p->chart;
  (c->x.is_log ? write_log_ticks : write_linear_ticks)(p, &c->x, write_x_tick);
  (c->y.is_log ? write_log_ticks : write_linear_ticks)(p, &c->y, write_y_tick);
  (void)fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n",
                0.5 * (LEFT + p->width - RIGHT), p->height - 6.0, c->x.label);
  (void)fprintf(
      p->out,
      "<text transform=\"translate(11 %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>\n",
      0.5 * (TOP + p->height - BOTTOM), c->y.label);
}

static void
write_line(const Paper* const p, const ChartLine* const line)
{
  const ChartAxis* const x = &p->chart->x;
  const double apart = line->n > 1 ? (x->high - x->low) / (line->n - 1) : 0.0;
  bool is_down = false;
  (void)fprintf(p->out, "<path class=\"s%u\" d=\"", line->colour);
  for (uint32_t i = 0; i < line->n; ++i) {
    const double at = line->x ? line->x[i] : x->low + apart * i;
    if (isfinite(at) && isfinite(line->y[i])) {
      (void)fprintf(p->out, "%c%.1f %.1f", is_down ? 'L' : 'M', x_of(p, at), y_of(p, line->y[i]));
      is_down = true;
    } else {
      is_down = false;
    }
  }
  (void)fputs("\"/>\n", p->out);
}

static void
write_legend(const Paper* const p)
{
  (void)fputs("<p class=\"legend\">", p->out);
  for (uint32_t i = 0; i < p->chart->n_lines; ++i) {
    (void)fprintf(p->out, "<span class=\"s%u\">", p->chart->lines[i].colour);
    html_text(p->out, p->chart->lines[i].name);
    (void)fputs("</span>", p->out);
  }
  (void)fputs("</p>\n", p->out);
}

void
chart_write(FILE* const out, const Chart* const chart)
{
  const double width = chart->width > 0.0 ? chart->width : WIDTH;
  const Paper p = {out, chart, width, width * (chart->height > 0.0 ? chart->height : HEIGHT)};
  (void)fputs("<figure class=\"chart\">\n", out);
  write_legend(&p);
  (void)fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"", p.width,
                p.height);
  html_text(out, chart->caption);
  (void)fputs("\">\n", out);
  write_axes(&p);
  for (uint32_t i = 0; i < chart->n_lines; ++i) {
    write_line(&p, &chart->lines[i]);
  }
  (void)fputs("</svg>\n<figcaption>", out);
  html_text(out, chart->caption);
  (void)fputs("</figcaption>\n</figure>\n", out);
}

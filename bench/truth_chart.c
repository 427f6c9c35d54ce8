// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A picture that stands alone: colours of its own for light and dark, and a name beside each line
// in place of a legend.

#include "bench/truth_table.h"
#include "train/report/html.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH 860.0
#define HEIGHT 500.0
#define LEFT 62.0
#define RIGHT 640.0 ///< From here on are the names
#define TOP 44.0
#define BOTTOM 430.0
#define LINE_HEIGHT 16.0
#define N_COLOURS 8U
#define MAX_NAMES 24U

typedef struct {
  double low;
  double high;
} Range;

/// A name beside the last point of a line
typedef struct {
  const char* text;
  uint32_t colour;
  double x; ///< Of that point
  double y;
} Name;

typedef struct {
  FILE* out;
  const TruthTable* table;
  Range load; ///< Share of a core
  Range esr;
  Name names[MAX_NAMES];
  uint32_t n_names;
} Drawing;

static const char style[] =
    "<style>\n"
    "svg{--page:#fff;--ink:#1d1d1b;--soft:#6d6a63;--rule:#e3dfd6;--c0:#c2410c;--c1:#2563a8;"
    "--c2:#7c3aed;--c3:#0f766e;--c4:#b45309;--c5:#be185d;--c6:#4d7c0f;--c7:#57534e;"
    "font:13px system-ui,sans-serif}\n"
    "@media(prefers-color-scheme:dark){svg{--page:#171614;--ink:#eae6dc;--soft:#9a958a;"
    "--rule:#393631;--c0:#fb923c;--c1:#7cb5f0;--c2:#b79cf7;--c3:#5ec9bd;--c4:#f0b95b;"
    "--c5:#f28ab8;--c6:#a8cf6a;--c7:#c9c4b8}}\n"
    ".page{fill:var(--page)}text{fill:var(--ink)}.soft{fill:var(--soft);font-size:12px}"
    ".rule{stroke:var(--rule)}.target{stroke:var(--soft);stroke-dasharray:1 "
    "4}.end{text-anchor:end}.middle{text-anchor:middle}\n"
    "path{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    "path.lead{stroke-width:1;opacity:.35}\n"
    ".c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}"
    ".c5{--c:var(--c5)}.c6{--c:var(--c6)}.c7{--c:var(--c7)}\n"
    "path,circle,rect.mark{stroke:var(--c)}circle,rect.full{fill:var(--c)}"
    "circle.bare,rect.mark{fill:var(--page);stroke-width:1.8}"
    "text.name{fill:var(--c)}\n"
    "</style>\n";

static bool
has_error(const TruthRow* const row)
{
  return !row->is_target && row->esr > 0.0;
}

static double
place_x(const Drawing* const d, const double load)
{
  const double share = log(load / d->load.low) / log(d->load.high / d->load.low);
  return LEFT + share * (RIGHT - LEFT);
}

static double
place_y(const Drawing* const d, const double esr)
{
  const double share = log(esr / d->esr.low) / log(d->esr.high / d->esr.low);
  return BOTTOM - share * (BOTTOM - TOP);
}

static void
widen(Range* const range, const double value)
{
  range->low = range->low > 0.0 ? fmin(range->low, value) : value;
  range->high = fmax(range->high, value);
}

static void
find_ranges(Drawing* const d)
{
  for (size_t k = 0; k < d->table->n; ++k) {
    const TruthRow* const row = &d->table->rows[k];
    widen(&d->load, truth_row_load(row));
    if (has_error(row)) {
      widen(&d->esr, row->esr);
    }
  }
  d->load = d->load.low > 0.0 ? (Range){d->load.low / 1.3, d->load.high * 1.3} : (Range){1e-3, 0.1};
  d->esr = d->esr.low > 0.0 ? (Range){d->esr.low / 1.5, d->esr.high * 1.5} : (Range){1e-4, 1.0};
}

static void
draw_load_tick(const Drawing* const d, const double load)
{
  const double x = place_x(d, load);
  (void)fprintf(d->out, "<line class=\"rule\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" y2=\"%.0f\"/>\n",
                x, x, TOP, BOTTOM);
  (void)fprintf(d->out, "<text class=\"soft middle\" x=\"%.1f\" y=\"%.0f\">%g %%</text>\n", x,
                BOTTOM + 18.0, 100.0 * load);
}

static void
draw_esr_tick(const Drawing* const d, const double esr)
{
  const double y = place_y(d, esr);
  (void)fprintf(d->out, "<line class=\"rule\" x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
                LEFT, RIGHT, y, y);
  (void)fprintf(d->out, "<text class=\"soft end\" x=\"%.0f\" y=\"%.1f\">%g</text>\n", LEFT - 8.0,
                y + 4.0, esr);
}

static void
draw_ticks(const Drawing* const d, const Range range, const double* const digits,
           const uint32_t n_digits, void (*const draw)(const Drawing*, double))
{
  for (double unit = pow(10.0, floor(log10(range.low))); unit <= range.high; unit *= 10.0) {
    for (uint32_t i = 0; i < n_digits; ++i) {
      const double value = digits[i] * unit;
      if (value >= range.low && value <= range.high) {
        draw(d, value);
      }
    }
  }
}

static void
draw_axes(const Drawing* const d)
{
  static const double digits[] = {1.0, 2.0, 5.0};
  draw_ticks(d, d->load, digits, 3, draw_load_tick);
  draw_ticks(d, d->esr, digits, d->esr.high / d->esr.low > 300.0 ? 1 : 3, draw_esr_tick);
  (void)fprintf(d->out,
                "<text x=\"%.0f\" y=\"20\">Error-to-signal ratio (ESR), on playing that was not "
                "learned from</text>\n"
                "<text x=\"%.0f\" y=\"%.0f\" class=\"middle\">share of a core at 48 kHz</text>\n",
                LEFT - 40.0, (LEFT + RIGHT) / 2.0, BOTTOM + 40.0);
}

/// Return true if an earlier row is a target of the same network
static bool
is_repeated(const TruthTable* const t, const size_t k)
{
  for (size_t i = 0; i < k; ++i) {
    if (t->rows[i].is_target && !strcmp(t->rows[i].gauge.network, t->rows[k].gauge.network)) {
      return true;
    }
  }
  return false;
}

/// Show what captures cost whose error is unknown, as they are the targets
static void
draw_targets(const Drawing* const d)
{
  for (size_t k = 0; k < d->table->n; ++k) {
    const TruthRow* const row = &d->table->rows[k];
    if (row->is_target && !is_repeated(d->table, k)) {
      const double x = place_x(d, truth_row_load(row));
      (void)fprintf(d->out,
                    "<line class=\"target\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.0f\" "
                    "y2=\"%.0f\"/>\n<text class=\"soft end\" x=\"%.1f\" y=\"%.0f\" "
                    "transform=\"rotate(-90 %.1f %.0f)\">",
                    x, x, TOP, BOTTOM, x, TOP + 4.0, x - 5.0, TOP + 4.0);
      html_text(d->out, row->gauge.network);
      (void)fputs("</text>\n", d->out);
    }
  }
}

static void
draw_circle(const Drawing* const d, const TruthRow* const row)
{
  (void)fprintf(d->out, "<circle%s cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>\n",
                row->is_bare ? " class=\"bare\"" : "", place_x(d, truth_row_load(row)),
                place_y(d, row->esr));
}

/// Draw a square, and say beside it what it is
static void
draw_capture(const Drawing* const d, const TruthRow* const row)
{
  const double x = place_x(d, truth_row_load(row));
  const double y = place_y(d, row->esr);
  (void)fprintf(d->out,
                "<rect class=\"mark\" x=\"%.1f\" y=\"%.1f\" width=\"10\" height=\"10\"/>\n"
                "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                x - 5.0, y - 5.0, x + 10.0, y + 4.0, row->gauge.network);
}

/// Return the cheapest model of Grus that is closer to its gear than `best`, or NULL
static const TruthRow*
find_closer(const TruthRow* const rows, const size_t n, const TruthRow* const best)
{
  const TruthRow* found = NULL;
  for (size_t k = 0; k < n; ++k) {
    const TruthRow* const row = &rows[k];
    if (row->gauge.is_played && has_error(row) && (!best || row->esr < best->esr) &&
        (!found || truth_row_load(row) < truth_row_load(found))) {
      found = row;
    }
  }
  return found;
}

/// Draw a line from the cheapest model to the closest, through those that no other is cheaper and
/// closer than; return the last, or NULL
static const TruthRow*
draw_line(const Drawing* const d, const TruthRow* const rows, const size_t n)
{
  const TruthRow* last = NULL;
  for (const TruthRow* row = find_closer(rows, n, NULL); row; row = find_closer(rows, n, row)) {
    (void)fprintf(d->out, "%s%.1f %.1f", last ? "L" : "<path d=\"M",
                  place_x(d, truth_row_load(row)), place_y(d, row->esr));
    last = row;
  }
  if (last) {
    (void)fputs("\"/>\n", d->out);
  }
  return last;
}

/// Draw all models of one gear; return the one to write the gear's name beside, or NULL
static const TruthRow*
draw_gear(const Drawing* const d, const TruthRow* const rows, const size_t n)
{
  const TruthRow* const last = draw_line(d, rows, n);
  for (size_t k = 0; k < n; ++k) {
    if (has_error(&rows[k])) {
      (rows[k].gauge.is_played ? draw_circle : draw_capture)(d, &rows[k]);
    }
  }
  return last;
}

static void
draw_gears(Drawing* const d)
{
  const TruthTable* const t = d->table;
  uint32_t colour = 0;
  for (size_t first = 0, n = 0; first < t->n; first += n) {
    const TruthRow* const rows = t->rows + first;
    for (n = 1; first + n < t->n && !strcmp(rows[n].gear, rows->gear);) {
      ++n;
    }
    (void)fprintf(d->out, "<g class=\"c%u\">\n", colour);
    const TruthRow* const last = draw_gear(d, rows, n);
    (void)fputs("</g>\n", d->out);
    if (last && d->n_names < MAX_NAMES) {
      d->names[d->n_names++] =
          (Name){last->gear, colour, place_x(d, truth_row_load(last)), place_y(d, last->esr)};
    }
    colour = (colour + 1) % N_COLOURS;
  }
}

static int
compare_names(const void* const a, const void* const b)
{
  const Name* const x = (const Name*)a;
  const Name* const y = (const Name*)b;
  return x->y < y->y ? -1 : x->y > y->y;
}

/// Write the names beside their lines, none over another
static void
draw_names(Drawing* const d)
{
  double least = 0.0;
  qsort(d->names, d->n_names, sizeof(Name), compare_names);
  for (uint32_t k = 0; k < d->n_names; ++k) {
    const Name* const name = &d->names[k];
    const double y = fmax(name->y, least);
    (void)fprintf(d->out, "<path class=\"lead c%u\" d=\"M%.1f %.1fL%.0f %.1fL%.0f %.1f\"/>\n",
                  name->colour, name->x + 8.0, name->y, RIGHT - 12.0, name->y, RIGHT + 6.0, y);
    (void)fprintf(d->out, "<text class=\"name c%u\" x=\"%.0f\" y=\"%.1f\">", name->colour,
                  RIGHT + 10.0, y + 4.0);
    html_text(d->out, name->text);
    (void)fputs("</text>\n", d->out);
    least = y + LINE_HEIGHT;
  }
}

static void
draw_explanation(const Drawing* const d)
{
  (void)fprintf(d->out,
                "<text class=\"soft\" x=\"%.0f\" y=\"%.0f\">Dots: Grus; the line goes through the "
                "closest for their cost; hollow: without a linear stage. Squares: NAM's own "
                "networks.</text>\n",
                LEFT - 40.0, BOTTOM + 62.0);
}

void
truth_chart_write(FILE* const out, const TruthTable* const table)
{
  Drawing d = {.out = out, .table = table};
  find_ranges(&d);
  (void)fprintf(out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
                "aria-label=\"Error against cost of models\">\n%s"
                "<rect class=\"page\" width=\"100%%\" height=\"100%%\" rx=\"6\"/>\n",
                WIDTH, HEIGHT, style);
  draw_axes(&d);
  draw_targets(&d);
  draw_gears(&d);
  draw_names(&d);
  draw_explanation(&d);
  (void)fputs("</svg>\n", out);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What do the units do? Runs the equations of core/reference.h and keeps their gates. Units that
// keep their state longest come first. Main thread.

#include "train/report/gates.h"

#include "core/reference.h"
#include "train/report/heat_map.h"
#include "train/report/html.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define MAX_COLUMNS 480U
#define CLOSE_SECONDS 0.02
#define WARMUP_SECONDS 0.25 ///< Run before a close view
#define MAX_GATES 4U
#define KEEP 1U      ///< The gate that decides how much of the old value stays: z, or f
#define CANDIDATE 2U ///< In -1..1, unlike the others
#define ROW_HEIGHT 7U
#define MIN_HEIGHT 56U

/// What is drawn of a sound, column by column
typedef struct {
  uint32_t n_units;
  uint32_t n_gates;
  uint32_t n_columns;
  bool is_close;         ///< One frame per column: candidates keep their sign
  float* gates;          ///< (n_gates, n_units, n_columns), means
  float* picture;        ///< (n_units, n_columns)
  float* range[2][2];    ///< Of input and output, minimum and maximum (n_columns)
  uint32_t* n_in_column; ///< (n_columns)
} GateView;

static void
clear_view(GateView* const v)
{
  free(v->gates);
  free(v->picture);
  free(v->n_in_column);
  for (uint32_t i = 0; i < 2; ++i) {
    free(v->range[i][0]);
    free(v->range[i][1]);
  }
  *v = (GateView){0};
}

static Status
init_view(GateView* const v, const ParamsShape shape, const uint64_t n_frames)
{
  *v = (GateView){.n_units = shape.hidden_size,
                  .n_gates = params_n_gates(shape.cell),
                  .n_columns = n_frames < MAX_COLUMNS ? (uint32_t)n_frames : MAX_COLUMNS};
  const size_t n = (size_t)v->n_units * v->n_columns;
  bool is_full = (v->gates = (float*)calloc(v->n_gates * n, sizeof(float))) &&
                 (v->picture = (float*)calloc(n, sizeof(float))) &&
                 (v->n_in_column = (uint32_t*)calloc(v->n_columns, sizeof(uint32_t)));
  for (uint32_t i = 0; i < 2 && is_full; ++i) {
    is_full = (v->range[i][0] = (float*)calloc(v->n_columns, sizeof(float))) &&
              (v->range[i][1] = (float*)calloc(v->n_columns, sizeof(float)));
  }
  if (!is_full) {
    clear_view(v);
    return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
}

static void
add_to_range(GateView* const v, const uint32_t sound, const uint32_t column, const float sample)
{
  float* const least = &v->range[sound][0][column];
  float* const most = &v->range[sound][1][column];
  const bool is_first = !v->n_in_column[column];
  *least = is_first ? sample : fminf(*least, sample);
  *most = is_first ? sample : fmaxf(*most, sample);
}

static void
add_gates(GateView* const v, const uint32_t column, const double* const gates)
{
  for (uint32_t i = 0; i < v->n_gates * v->n_units; ++i) {
    const bool is_magnitude = i / v->n_units == CANDIDATE && !v->is_close;
    v->gates[(size_t)i * v->n_columns + column] +=
        (float)(is_magnitude ? fabs(gates[i]) : gates[i]);
  }
}

static void
compute_means(GateView* const v)
{
  for (uint32_t i = 0; i < v->n_gates * v->n_units; ++i) {
    for (uint32_t c = 0; c < v->n_columns; ++c) {
      v->gates[(size_t)i * v->n_columns + c] /= (float)v->n_in_column[c];
    }
  }
}

/// Fill a view with all but the first `n_before` frames of a sound
static Status
fill_view(const GatesSound* const s, GateView* const v)
{
  double* const state = (double*)calloc(PARAMS_MAX_STATE, sizeof(double));
  double* const gates = (double*)calloc((size_t)v->n_gates * v->n_units, sizeof(double));
  double past[PARAMS_MAX_TAPS] = {0.0};
  double x[1 + PARAMS_MAX_KNOBS] = {0.0};
  for (uint32_t k = 1; k < s->params->shape.n_inputs; ++k) {
    x[k] = (double)s->knobs[k - 1];
  }
  for (uint64_t t = 0; t < s->n_before + s->n_frames && state && gates; ++t) {
    x[0] = (double)(s->gain * s->input[t]);
    double y = reference_step(s->params, x, state, gates);
    reference_stage(s->params, past, &y, 1);
    if (t >= s->n_before) {
      const uint32_t column = (uint32_t)((t - s->n_before) * v->n_columns / s->n_frames);
      add_gates(v, column, gates);
      add_to_range(v, 0, column, s->input[t]);
      add_to_range(v, 1, column, (float)y);
      ++v->n_in_column[column];
    }
  }
  const Status status = state && gates ? STATUS_OK : STATUS_NO_MEMORY;
  free(state);
  free(gates);
  compute_means(v);
  return status;
}

/// Order the units by how much of the past they keep
static void
sort_units(const GateView* const v, uint32_t* const order)
{
  double keeps[PARAMS_MAX_HIDDEN_SIZE];
  for (uint32_t i = 0; i < v->n_units; ++i) {
    uint32_t at = i;
    double sum = 0.0;
    for (uint32_t c = 0; c < v->n_columns; ++c) {
      sum += (double)v->gates[((size_t)KEEP * v->n_units + i) * v->n_columns + c];
    }
    for (; at && keeps[at - 1] < sum; --at) {
      keeps[at] = keeps[at - 1];
      order[at] = order[at - 1];
    }
    keeps[at] = sum;
    order[at] = i;
  }
}

/// Draw a sound between the minimum and maximum of each column
static void
write_sound(FILE* const out, const GateView* const v, const uint32_t sound, const char* const name)
{
  double peak = 1e-9;
  for (uint32_t c = 0; c < v->n_columns; ++c) {
    peak = fmax(peak, (double)fmaxf(-v->range[sound][0][c], v->range[sound][1][c]));
  }
  (void)fprintf(out,
                "<div class=\"map\"><span>%s</span><svg viewBox=\"0 -1 %u 2\" "
                "preserveAspectRatio=\"none\" style=\"height:48px\" role=\"img\" "
                "aria-label=\"%s\"><path class=\"s%u\" d=\"",
                name, v->n_columns, name, sound);
  for (uint32_t c = 0; c < v->n_columns; ++c) {
    (void)fprintf(out, "%c%.1f %.3fL%.1f %.3f", c ? 'L' : 'M', c + 0.5,
                  -(double)v->range[sound][1][c] / peak, c + 0.5,
                  -(double)v->range[sound][0][c] / peak);
  }
  (void)fputs("\"/></svg></div>\n", out);
}

/// Draw one gate of every unit
static Status
write_gate(FILE* const out, const GateView* const v, const uint32_t gate, const char* const name,
           const uint32_t* const order)
{
  const bool has_sign = gate == CANDIDATE && v->is_close;
  for (uint32_t i = 0; i < v->n_units; ++i) {
    const float* const row = v->gates + ((size_t)gate * v->n_units + order[i]) * v->n_columns;
    for (uint32_t c = 0; c < v->n_columns; ++c) {
      v->picture[(size_t)i * v->n_columns + c] = has_sign ? 0.5F + 0.5F * row[c] : row[c];
    }
  }
  const uint32_t height = ROW_HEIGHT * v->n_units;
  char description[64];
  (void)snprintf(description, sizeof(description), "Values of %s in every unit over time", name);
  const HeatMap map = {.name = name,
                       .description = description,
                       .values = v->picture,
                       .n_rows = v->n_units,
                       .n_columns = v->n_columns,
                       .height = height > MIN_HEIGHT ? height : MIN_HEIGHT};
  return heat_map_write(out, &map);
}

static Status
write_view(FILE* const out, const GateView* const v, const CellType cell,
           const uint32_t* const order)
{
  static const char* const names[2][MAX_GATES] = {{"r", "z", "|n|", ""}, {"i", "f", "|g|", "o"}};
  static const char* const close_names[2] = {"n", "g"};
  const uint32_t kind = cell == CELL_LSTM;
  Status status = STATUS_OK;
  write_sound(out, v, 0, "input");
  write_sound(out, v, 1, "output");
  for (uint32_t g = 0; g < v->n_gates && !status; ++g) {
    const bool has_sign = g == CANDIDATE && v->is_close;
    status = write_gate(out, v, g, has_sign ? close_names[kind] : names[kind][g], order);
  }
  return status;
}

/// Return the part of a sound around its loudest frame
static GatesSound
cut_around_loudest(const GatesSound* const s)
{
  const uint64_t n = (uint64_t)fmax(CLOSE_SECONDS * s->sample_rate, 1.0);
  const uint64_t warmup = (uint64_t)(WARMUP_SECONDS * s->sample_rate);
  const uint64_t end = s->n_before + s->n_frames;
  uint64_t loudest = s->n_before;
  for (uint64_t t = s->n_before; t < end; ++t) {
    loudest = fabsf(s->input[t]) > fabsf(s->input[loudest]) ? t : loudest;
  }
  const uint64_t early = loudest > n / 2 ? loudest - n / 2 : 0;
  const uint64_t begin = early + n <= end ? early : end > n ? end - n : 0;
  GatesSound part = *s;
  part.n_before = begin < warmup ? begin : warmup;
  part.input = s->input + (begin - part.n_before);
  part.n_frames = n < end - begin ? n : end - begin;
  return part;
}

static void
write_explanation(FILE* const out, const bool is_gru)
{
  (void)fputs(
      is_gru
          ? "<p>A gated recurrent unit (GRU) is a small memory that is rewritten with every "
            "sample. Each row of a picture is one of its units; those that remember longest are on "
            "top. The <em>candidate n</em> is the value a unit would take next, given the sound "
            "and what all units remember. The <em>reset gate r</em> sets how much of that memory "
            "it looks at: where it is dark, the unit sees only the present sample. The <em>update "
            "gate z</em> sets how much of the old value stays: bright rows remember, like a "
            "charged capacitor or a sagging power supply; dark rows follow each wave, like a "
            "clipping valve. The output is a weighted sum of all units.</p>\n"
          : "<p>A long short-term memory (LSTM) is rewritten with every sample. Each row of a "
            "picture is one of its units; those that remember longest are on top. The <em>forget "
            "gate f</em> sets how much of the old value stays: bright rows remember. The <em>input "
            "gate i</em> sets how much of the <em>candidate g</em> is added, and the <em>output "
            "gate o</em> how much of the result the other units and the output see.</p>\n",
      out);
}

/// Write a view of a sound. The view that is not close decides the order of the units.
static Status
write_heat_maps(FILE* const out, const GatesSound* const s, const bool is_close,
                uint32_t* const order)
{
  GateView v;
  Status status = init_view(&v, s->params->shape, s->n_frames);
  if (status) {
    return status;
  }
  v.is_close = is_close;
  if (!(status = fill_view(s, &v))) {
    if (!is_close) {
      sort_units(&v, order);
    }
    const double seconds = (double)s->n_frames / s->sample_rate;
    (void)fprintf(out, "<h3>%s</h3>\n<p class=\"soft\">Dark is %s.</p>\n",
                  is_close ? "20 ms at the loudest moment" : "A passage",
                  is_close ? "0 (−1 for the candidate), bright is 1" : "0, bright is 1");
    status = write_view(out, &v, s->params->shape.cell, order);
    heat_map_write_times(out, 0.0, seconds, is_close ? "ms" : "s");
  }
  clear_view(&v);
  return status;
}

Status
gates_write(FILE* const out, const GatesSound* const sound)
{
  uint32_t order[PARAMS_MAX_HIDDEN_SIZE];
  const GatesSound part = cut_around_loudest(sound);
  html_begin_section(out, "The gates at work", "What happens inside the network while it plays.");
  write_explanation(out, sound->params->shape.cell != CELL_LSTM);
  Status status = write_heat_maps(out, sound, false, order);
  if (!status) {
    status = write_heat_maps(out, &part, true, order);
  }
  html_end_section(out);
  return status;
}

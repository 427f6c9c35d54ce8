// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Measures what models cost, and prints it beside how far they are from their gear, as a table,
// JSON and a chart. bench/truth trains the models and writes the list of them.

#include "bench/truth_table.h"

#include "bench/machine.h"
#include "cli/exit_status.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/standard_output.h"
#include "core/decibel.h"

#include <jansson.h>

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "truth_table"
#define MAX_LINES 512U
#define N_ROW_FIELDS 5U
#define MAX_FIELDS 6U ///< Of a list of costs

/// What the command line asks for
typedef struct {
  const char* list;
  const char* published; ///< NULL: none
  const char* measured;  ///< NULL: none
  const char* json;      ///< NULL: none
  const char* chart;     ///< NULL: none
} TableRequest;

/// The lines of a file with fields between bars, without comments
typedef struct {
  const char* path; ///< NULL: an empty list
  char* text;
  char* fields[MAX_LINES][MAX_FIELDS]; ///< NULL after the last
  size_t n;
} List;

static char*
trim(char* text)
{
  text += strspn(text, " \t");
  for (size_t n = strlen(text); n && strchr(" \t\r\n", text[n - 1]); --n) {
    text[n - 1] = '\0';
  }
  return text;
}

/// Return true if a line holds `n_fields` fields
static bool
split_line(char* line, const size_t n_fields, char** const fields)
{
  size_t n = 0;
  for (char* field = strsep(&line, "|"); field; field = strsep(&line, "|")) {
    if (n == n_fields) {
      return false;
    }
    fields[n++] = trim(field);
  }
  return n == n_fields;
}

static char*
read_text(const char* const path)
{
  char* text = NULL;
  size_t capacity = 0;
  FILE* const file = fopen(path, "r");
  if (!file) {
    (void)cli_complain(PROGRAM, "%s: %s", path, strerror(errno));
    return NULL;
  }
  if (getdelim(&text, &capacity, '\0', file) < 0) {
    (void)cli_complain(PROGRAM, "%s: is empty; expected a list", path);
    free(text);
    text = NULL;
  }
  (void)fclose(file);
  return text;
}

/// Read a list, if it has a path; false after a message
static bool
read_list(const size_t n_fields, List* const list)
{
  const char* const path = list->path;
  size_t number = 0;
  if (!path) {
    return true;
  }
  list->text = read_text(path);
  char* rest = list->text;
  for (char* line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
    ++number;
    if (line[0] == '#' || !line[0]) {
      continue;
    }
    if (list->n == MAX_LINES || !split_line(line, n_fields, list->fields[list->n])) {
      return cli_complain(PROGRAM, "%s: line %zu: expected %zu fields between bars", path, number,
                          n_fields);
    }
    ++list->n;
  }
  return list->text != NULL;
}

/// Return the ratio of power of a text in dB; "-" is 0, which no model reaches
static double
read_ratio(const char* const text)
{
  return strcmp(text, "-") != 0 ? decibel_to_power(strtod(text, NULL)) : 0.0;
}

/// Measure what a line of the list names; false after a message
static bool
measure_row(char* const* const fields, TruthRow* const row)
{
  Message message = {""};
  *row = (TruthRow){.gear = fields[0], .path = fields[1]};
  if (model_gauge_measure(row->path, &row->gauge, &message)) {
    return cli_complain(PROGRAM, "%s", message.text);
  }
  row->is_target = !strcmp(fields[2], "target");
  row->esr = row->is_target ? 0.0 : read_ratio(fields[2]);
  row->esr_a_weighted = row->is_target ? 0.0 : read_ratio(fields[3]);
  row->seconds = strtod(fields[4], NULL);
  return true;
}

/// Find the models that lack a stage which others of their gear have
static void
mark_bare(const TruthTable* const t)
{
  for (size_t k = 0; k < t->n; ++k) {
    TruthRow* const row = &t->rows[k];
    for (size_t i = 0; i < t->n; ++i) {
      const TruthRow* const other = &t->rows[i];
      row->is_bare = row->is_bare || (row->gauge.is_played && !row->gauge.n_taps &&
                                      other->gauge.n_taps && !strcmp(row->gear, other->gear));
    }
  }
}

/// Take what captures cost in their own player, where that was measured
static void
take_own_loads(const TruthTable* const t, const List* const measured)
{
  for (size_t k = 0; k < t->n; ++k) {
    TruthRow* const row = &t->rows[k];
    for (size_t i = 0; i < measured->n && !row->gauge.is_played; ++i) {
      char* const* const f = measured->fields[i];
      row->own_load =
          strcmp(f[0], row->gauge.network) != 0 ? row->own_load : strtod(f[4], NULL) / 100.0;
    }
  }
}

/// Take the core's clock to be the same for all: other work on the machine disturbs some readings
static void
settle_clock(const TruthTable* const t)
{
  static double clocks[MAX_LINES];
  for (size_t k = 0; k < t->n; ++k) {
    clocks[k] = t->rows[k].gauge.clock;
  }
  for (size_t k = 0; k < t->n; ++k) {
    t->rows[k].gauge.clock = machine_quantile(clocks, t->n, 0.5);
  }
}

/// Measure all; what can't be is left out. Return true if nothing was.
static bool
measure_rows(const List* const list, TruthTable* const table)
{
  for (size_t k = 0; k < list->n; ++k) {
    table->n += measure_row(list->fields[k], &table->rows[table->n]);
  }
  mark_bare(table);
  settle_clock(table);
  return table->n == list->n;
}

static void
describe_network(const TruthRow* const row, char text[96])
{
  const ModelGauge* const g = &row->gauge;
  if (g->n_taps) {
    (void)snprintf(text, 96, "%s, %u taps", g->network, g->n_taps);
  } else {
    (void)snprintf(text, 96, "%s%s", g->network, row->is_bare ? ", no taps" : "");
  }
}

static void
print_errors(const TruthRow* const row)
{
  if (row->is_target) {
    (void)printf(" the target | | |");
  } else if (row->esr > 0.0) {
    (void)printf(" %.6f | %.1f | %.1f |", row->esr, decibel_of_power(row->esr),
                 decibel_of_power(row->esr_a_weighted));
  } else {
    (void)printf(" | | |");
  }
}

static void
print_row(const TruthRow* const row)
{
  const ModelGauge* const g = &row->gauge;
  const char* const mark = g->is_played ? "" : row->own_load > 0.0 ? "†" : "*";
  const double load = truth_row_load(row);
  char network[96];
  describe_network(row, network);
  (void)printf("| %s | %s |", row->gear, network);
  print_errors(row);
  (void)printf(" %.0f | %.0f | %u | %.0f%s | %.3f%s | %.1f |", g->aliasing_db[0], g->aliasing_db[1],
               g->multiply_adds, load * g->clock / MODEL_GAUGE_RATE, mark, 100.0 * load, mark,
               1e3 * g->latency / MODEL_GAUGE_RATE);
  (void)(row->seconds > 0.0 ? printf(" %.0f |\n", row->seconds) : printf(" |\n"));
}

/// Explain the marks behind costs
static void
print_marks(const TruthTable* const t)
{
  bool has_rendered = false;
  bool has_own = false;
  for (size_t k = 0; k < t->n; ++k) {
    has_own = has_own || t->rows[k].own_load > 0.0;
    has_rendered = has_rendered || (!t->rows[k].gauge.is_played && !(t->rows[k].own_load > 0.0));
  }
  if (has_rendered) {
    (void)printf("\n\\* Rendered by grus-render in long blocks: less than it costs to play.\n");
  }
  if (has_own) {
    (void)printf("\n† In its own player, as measured below.\n");
  }
}

static void
print_table(const TruthTable* const t)
{
  char name[128];
  (void)printf("Measured on one core of %s, compiled by %s; models in blocks of %u frames at 48 "
               "kHz.\n\n",
               machine_name(name), MACHINE_COMPILER, MODEL_GAUGE_BLOCK);
  (void)printf(
      "| Gear | Model | ESR | [dB] | A-weighted [dB] | Aliasing, 1.2 kHz [dB] | 5 kHz [dB] "
      "| Multiply-adds | Cycles | %% of a core | Latency [ms] | Training [s] |\n"
      "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < t->n; ++k) {
    print_row(&t->rows[k]);
  }
  print_marks(t);
}

/// Print costs in players of others
static void
print_costs(const char* const heading, const List* const list)
{
  if (!list->n) {
    return;
  }
  (void)printf("\n%s:\n\n"
               "| Network | Played by | On | Cycles | %% of a core | Source |\n"
               "|---|---|---|---|---|---|\n",
               heading);
  for (size_t k = 0; k < list->n; ++k) {
    (void)putchar('|');
    for (size_t i = 0; i < MAX_FIELDS; ++i) {
      const char* const field = list->fields[k][i];
      (void)printf(" %s |", strcmp(field, "-") != 0 ? field : "");
    }
    (void)putchar('\n');
  }
}

/// Return a number, or null where there is none
static json_t*
encode_number(const bool is_known, const double value)
{
  return is_known && isfinite(value) ? json_real(value) : json_null();
}

static json_t*
encode_row(const TruthRow* const row)
{
  const ModelGauge* const g = &row->gauge;
  return json_pack(
      "{s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:f, s:f, s:i, s:i, s:i, s:f, s:f, s:f, s:o, s:i, s:o}",
      "gear", row->gear, "file", row->path, "network", g->network, "is_target", row->is_target,
      "played_by_grus", g->is_played, "esr", encode_number(row->esr > 0.0, row->esr),
      "esr_a_weighted", encode_number(row->esr > 0.0, row->esr_a_weighted), "aliasing_1200_hz_db",
      g->aliasing_db[0], "aliasing_5000_hz_db", g->aliasing_db[1], "hidden_size",
      (int)g->hidden_size, "taps", (int)g->n_taps, "multiply_adds", (int)g->multiply_adds, "ns",
      g->ns, "cycles", model_gauge_cycles(g), "share_of_core", model_gauge_load(g),
      "share_of_core_own_player", encode_number(row->own_load > 0.0, row->own_load),
      "latency_frames", (int)g->latency, "training_seconds",
      encode_number(row->seconds > 0.0, row->seconds));
}

static json_t*
encode_costs(const List* const list)
{
  json_t* const array = json_array();
  for (size_t k = 0; k < list->n; ++k) {
    char* const* const f = list->fields[k];
    (void)json_array_append_new(
        array,
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "network", f[0], "played_by", f[1], "on", f[2],
                  "cycles", encode_number(f[3][0] != '-', strtod(f[3], NULL)), "share_of_core",
                  encode_number(f[4][0] != '-', strtod(f[4], NULL) / 100.0), "source", f[5]));
  }
  return array;
}

/// What players of others cost
typedef struct {
  List measured;  ///< On this machine
  List published; ///< By others
} OtherCosts;

/// Write all as JSON; false after a message
static bool
write_json(const char* const path, const TruthTable* const t, const OtherCosts* const others)
{
  char name[128];
  json_t* const rows = json_array();
  for (size_t k = 0; k < t->n; ++k) {
    (void)json_array_append_new(rows, encode_row(&t->rows[k]));
  }
  json_t* const root = json_pack(
      "{s:s, s:s, s:f, s:o, s:o, s:o}", "machine", machine_name(name), "compiler", MACHINE_COMPILER,
      "sample_rate", MODEL_GAUGE_RATE, "models", rows, "other_players_measured",
      encode_costs(&others->measured), "published_by_others", encode_costs(&others->published));
  const bool is_written = root && !json_dump_file(root, path, JSON_INDENT(1));
  json_decref(root);
  return is_written ? true : cli_complain(PROGRAM, "%s: %s", path, strerror(errno));
}

static bool
write_chart(const char* const path, const TruthTable* const t)
{
  FILE* const file = fopen(path, "w");
  if (!file) {
    return cli_complain(PROGRAM, "%s: %s", path, strerror(errno));
  }
  truth_chart_write(file, t);
  const bool has_failed = ferror(file) != 0;
  return fclose(file) || has_failed
             ? cli_complain(PROGRAM, "%s: can't be written completely; is the disk full?", path)
             : true;
}

/// Print and write what was measured; false after a message
static bool
write_results(const TableRequest* const request, const TruthTable* const t,
              const OtherCosts* const others)
{
  print_table(t);
  print_costs("Other players, measured on the same machine", &others->measured);
  print_costs("Published by others, not measured here", &others->published);
  const bool has_json = !request->json || write_json(request->json, t, others);
  return (!request->chart || write_chart(request->chart, t)) && has_json;
}

static const CliOption options[] = {
    {"measured", 0, "FILE", "list of what other players cost on this machine", CLI_PATH,
     .to = offsetof(TableRequest, measured)},
    {"published", 0, "FILE", "list of what others publish", CLI_PATH,
     .to = offsetof(TableRequest, published)},
    {"json", 0, "FILE", "write all as JSON, too", CLI_PATH, .to = offsetof(TableRequest, json)},
    {"chart", 0, "FILE.svg", "write a chart of error against cost", CLI_PATH,
     .to = offsetof(TableRequest, chart)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = PROGRAM,
    .usage = {"[OPTION...] LIST"},
    .summary =
        "Measure what models cost, and print it beside how far they are from their gear. Each "
        "line of LIST names one: gear | file | ESR [dB], or \"target\" | A-weighted ESR [dB] | "
        "time of training [s]; \"-\" where something is unknown.",
    .options = options,
    .closing = "Exit status: 0 done, 1 a file could not be written, 2 bad arguments or files; what "
               "can be measured is.",
};

static int
make_table(const TableRequest* const request)
{
  static List list;
  static OtherCosts others;
  static TruthRow rows[MAX_LINES];
  TruthTable table = {rows, 0};
  int result = CLI_EXIT_BAD_INPUT;
  list.path = request->list;
  others.measured.path = request->measured;
  others.published.path = request->published;
  if (read_list(N_ROW_FIELDS, &list) && read_list(MAX_FIELDS, &others.measured) &&
      read_list(MAX_FIELDS, &others.published)) {
    const bool is_whole = measure_rows(&list, &table);
    take_own_loads(&table, &others.measured);
    result = !write_results(request, &table, &others) ? CLI_EXIT_FAILED
             : is_whole                               ? CLI_EXIT_DONE
                                                      : CLI_EXIT_BAD_INPUT;
  }
  free(list.text);
  free(others.measured.text);
  free(others.published.text);
  return result;
}

int
main(const int argc, char** const argv)
{
  TableRequest request = {.list = NULL};
  CliOperands operands;
  CliResult result = cli_read_options(&program, argc, argv, &request, &operands);
  if (result == CLI_RUN && operands.n != 1) {
    result = cli_refuse_usage(&program, "expected LIST");
  }
  if (result != CLI_RUN) {
    return cli_exit_result(result);
  }
  request.list = operands.items[0];
  cli_watch_output(PROGRAM);
  machine_pin(-1);
  return make_table(&request);
}

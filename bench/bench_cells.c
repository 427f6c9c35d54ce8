// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a sample costs: every cell, hidden size, instruction set, one and two streams. Beside it the
// share of what the machine can do at most, and the error against the equations in double. Or how
// many times faster than another program that is, one stream, measured in the same run.

#include "bench/against.h"
#include "bench/machine.h"
#include "bench/random_params.h"
#include "core/distance.h"
#include "core/model/cells.h"
#include "core/reference.h"
#include "guitar/guitar.h"

#include <jansson.h>

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_RUNS 15U
#define N_ROUNDS 5U ///< Of a comparison
#define MAX_ISAS 8U
#define SECONDS_A_RUN 0.004
#define RATE 48000.0
#define MAX_ERROR_SECONDS 600.0

static const char usage[] =
    "Usage: bench_cells [--json=FILE] [--cpu=N] [--error-seconds=S] [--cell=CELL]\n"
    "Measure what a sample costs. CELL is reset-before, reset-after or lstm; without it all "
    "three.\n"
    "The error is that of S seconds of guitar (default 20; 0 leaves it out).\n\n"
    "  --against=FILE             compare with another program's figures: one stream\n"
    "                             of reset-after, or CELL; FILE has lines of\n"
    "                             SIZE NANOSECONDS, and comments after a #\n"
    "  --against-command=COMMAND  run COMMAND, which prints such lines, before each of\n"
    "                             five rounds; print medians\n";

typedef struct {
  const char* json;
  const char* cell; ///< NULL: all
  int cpu;
  double error_seconds;
  const char* against;         ///< File; NULL: no comparison
  const char* against_command; ///< In its place
} Options;

/// What a kernel works on
typedef struct {
  CellKernel kernel;
  CellWeights weights;
  float* state;
} Packed;

/// A recording and what the equations make of it
typedef struct {
  uint32_t n_frames;
  float* in;
  float* out[CELLS_MAX_STREAMS];
  double* expected;
} Sound;

/// The limits of one instruction set
typedef struct {
  double multiply_adds; ///< [1/s]
  double bandwidth;     ///< [bytes/s]
} Peak;

/// One line of the table
typedef struct {
  const char* cell;
  uint32_t hidden_size;
  uint32_t isa;
  uint32_t n_streams;
  double ns_fastest; ///< A sample of all streams
  double ns_median;
  double clock; ///< [Hz]
  double multiply_adds;
  double bytes;
  double error;
} Result;

static void*
allocate_zeroed(const size_t size)
{
  void* const memory = aligned_alloc(64, (size + 63) / 64 * 64);
  if (!memory) {
    (void)fputs("bench_cells: out of memory\n", stderr);
    exit(1);
  }
  return memset(memory, 0, (size + 63) / 64 * 64);
}

static Packed
pack_cell(const Params* const params, const uint32_t n_streams, const uint32_t isa)
{
  const CellChoice choice = {params->shape.cell, params->shape.hidden_size, n_streams};
  Packed p = {cells_choose(choice, isa), {.values = NULL}, NULL};
  p.weights.values = (float*)allocate_zeroed(cells_weights_count(&p.kernel) * sizeof(float));
  p.state = (float*)allocate_zeroed(cells_state_count(&p.kernel) * sizeof(float));
  cells_pack(&p.kernel, params, NULL, (CellGains){1.0F, 1.0F}, &p.weights);
  return p;
}

static void
free_packed(Packed* const p)
{
  free(p->weights.values);
  free(p->state);
}

/// Weights about as large as those of a trained model
static Params
make_params(const CellType cell, const uint32_t hidden_size)
{
  Params params;
  if (params_init(&params, (ParamsShape){cell, hidden_size, 1, false, 0})) {
    (void)fputs("bench_cells: out of memory\n", stderr);
    exit(1);
  }
  random_params_fill(&params);
  return params;
}

static Sound
make_sound(const double seconds)
{
  const uint32_t n = (uint32_t)(fmax(seconds, 2.0) * RATE);
  Sound s = {n, NULL, {NULL, NULL}, NULL};
  double* const guitar = (double*)allocate_zeroed(n * sizeof(double));
  if (guitar_render(&(GuitarSpec){.sample_rate = RATE, .n_frames = n, .seed = 1}, guitar)) {
    (void)fputs("bench_cells: out of memory\n", stderr);
    exit(1);
  }
  s.in = (float*)allocate_zeroed(n * sizeof(float));
  for (uint32_t k = 0; k < CELLS_MAX_STREAMS; ++k) {
    s.out[k] = (float*)allocate_zeroed(n * sizeof(float));
  }
  for (uint32_t i = 0; i < n; ++i) {
    s.in[i] = (float)guitar[i];
  }
  s.expected = guitar;
  return s;
}

/// Play the whole sound; return the largest error of any stream
static double
error_of(Packed* const p, const Sound* const s)
{
  const CellBuffers io = {{s->in, s->in}, {s->out[0], s->out[1]}};
  double largest = 0.0;
  memset(p->state, 0, cells_state_count(&p->kernel) * sizeof(float));
  p->kernel.run(&p->weights, p->state, &io, s->n_frames);
  for (uint32_t k = 0; k < p->kernel.choice.n_streams; ++k) {
    for (uint32_t i = 0; i < s->n_frames; ++i) {
      largest = fmax(largest, distance_between((double)s->out[k][i], s->expected[i]));
    }
  }
  return largest;
}

/// Return seconds a sample
static double
time_run(Packed* const p, const Sound* const s, const uint32_t n_frames)
{
  const CellBuffers io = {{s->in, s->in}, {s->out[0], s->out[1]}};
  const double start = machine_seconds();
  p->kernel.run(&p->weights, p->state, &io, n_frames);
  return (machine_seconds() - start) / n_frames;
}

static void
measure_cell(Packed* const p, const Sound* const s, Result* const r)
{
  double ns[N_RUNS];
  const double estimate = fmin(time_run(p, s, 256), time_run(p, s, 1024));
  const uint32_t n = (uint32_t)fmin(SECONDS_A_RUN / estimate, s->n_frames);
  r->clock = machine_clock();
  for (uint32_t k = 0; k < N_RUNS; ++k) {
    ns[k] = 1e9 * time_run(p, s, n);
  }
  r->ns_median = machine_quantile(ns, N_RUNS, 0.5);
  r->ns_fastest = ns[0];
}

static double
share_of_peak(const Result* const r, const Peak* const peaks)
{
  return r->multiply_adds / (1e-9 * r->ns_median) / peaks[r->isa].multiply_adds;
}

static double
share_of_bandwidth(const Result* const r, const Peak* const peaks)
{
  return r->bytes / (1e-9 * r->ns_median) / peaks[r->isa].bandwidth;
}

static double
load_at_48_khz(const Result* const r)
{
  return 1e-9 * r->ns_median * RATE;
}

static void
print_result(const Result* const r, const Peak* const peaks)
{
  (void)printf("%-13s %3u  %-7s %u  %8.1f %8.1f  %6.0f %6.0f  %5.1f%% %5.1f%%  %6.3f%%", r->cell,
               r->hidden_size, cells_isa_name(r->isa), r->n_streams, r->ns_fastest, r->ns_median,
               1e-9 * r->ns_fastest * r->clock, 1e-9 * r->ns_median * r->clock,
               100.0 * share_of_peak(r, peaks), 100.0 * share_of_bandwidth(r, peaks),
               100.0 * load_at_48_khz(r));
  (void)(r->error < 0.0 ? printf("\n") : printf("  %.1e\n", r->error));
}

static json_t*
encode_result(const Result* const r, const Peak* const peaks)
{
  return json_pack("{s:s, s:i, s:s, s:i, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "cell", r->cell,
                   "hidden_size", (int)r->hidden_size, "isa", cells_isa_name(r->isa), "streams",
                   (int)r->n_streams, "ns_fastest", r->ns_fastest, "ns_median", r->ns_median,
                   "cycles_fastest", 1e-9 * r->ns_fastest * r->clock, "cycles_median",
                   1e-9 * r->ns_median * r->clock, "share_of_fma_peak", share_of_peak(r, peaks),
                   "share_of_load_bandwidth", share_of_bandwidth(r, peaks), "load_at_48_khz",
                   load_at_48_khz(r), "error", r->error);
}

/// All instruction sets and streams of one cell and size
static void
run_size(const Params* const params, const Sound* const s, const bool has_error,
         const Peak* const peaks, json_t* const list)
{
  const ParamsShape shape = params->shape;
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    for (uint32_t n_streams = 1; n_streams <= CELLS_MAX_STREAMS; ++n_streams) {
      Packed p = pack_cell(params, n_streams, isa);
      Result r = {.cell = params_cell_name(shape.cell),
                  .hidden_size = shape.hidden_size,
                  .isa = isa,
                  .n_streams = n_streams,
                  .multiply_adds = (double)n_streams * (double)params_count(shape),
                  .bytes = sizeof(float) * (double)cells_weights_count(&p.kernel),
                  .error = has_error ? error_of(&p, s) : -1.0};
      measure_cell(&p, s, &r);
      print_result(&r, peaks);
      (void)json_array_append_new(list, encode_result(&r, peaks));
      (void)fflush(stdout);
      free_packed(&p);
    }
  }
}

static void
run_cell(const CellType cell, Sound* const s, const bool has_error, const Peak* const peaks,
         json_t* const list)
{
  static const uint32_t sizes[] = {8, 12, 16, 20, 24, 32, 40, 48, 64, 80};
  for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); ++k) {
    double state[PARAMS_MAX_STATE] = {0};
    Params params = make_params(cell, sizes[k]);
    if (has_error && reference_run(&params, NULL, state, s->in, s->expected, s->n_frames)) {
      (void)fputs("bench_cells: out of memory\n", stderr);
      exit(1);
    }
    run_size(&params, s, has_error, peaks, list);
    params_clear(&params);
  }
}

/// Read another program's figures: those of a file, or what a command prints now
static bool
read_figures(const Options* const o, Against* const against)
{
  char fault[AGAINST_FAULT_SIZE] = "";
  const char* const name = o->against_command ? o->against_command : o->against;
  FILE* const text = o->against_command ? popen(name, "r") : fopen(name, "r");
  if (!text) {
    (void)fprintf(stderr, "bench_cells: %s: %s\n", name, strerror(errno));
    return false;
  }
  const bool is_read = against_read(text, against, fault);
  const int status = o->against_command ? pclose(text) : fclose(text);
  if (!is_read || status) {
    (void)fprintf(stderr, "bench_cells: %s: %s\n", name, is_read ? "the command failed" : fault);
    return false;
  }
  return true;
}

/// A size in all rounds
typedef struct {
  double theirs[N_ROUNDS];          ///< [ns]
  double ours[MAX_ISAS][N_ROUNDS];  ///< [ns]
  double ratio[MAX_ISAS][N_ROUNDS]; ///< How many times faster
} Comparison;

static void
compare_size(const Sound* const s, const CellType cell, const AgainstFigure figure,
             const uint32_t round, Comparison* const c)
{
  Params params = make_params(cell, figure.hidden_size);
  c->theirs[round] = figure.ns;
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    Packed p = pack_cell(&params, 1, isa);
    Result r = {.isa = isa};
    measure_cell(&p, s, &r);
    c->ours[isa][round] = r.ns_median;
    c->ratio[isa][round] = figure.ns / r.ns_median;
    free_packed(&p);
  }
  params_clear(&params);
}

static void
print_comparison(const uint32_t hidden_size, Comparison* const c, json_t* const list)
{
  const double theirs = machine_quantile(c->theirs, N_ROUNDS, 0.5);
  (void)printf("%3u  %8.1f", hidden_size, theirs);
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    const double ours = machine_quantile(c->ours[isa], N_ROUNDS, 0.5);
    const double ratio = machine_quantile(c->ratio[isa], N_ROUNDS, 0.5);
    (void)printf("  %8.1f %5.2f", ours, ratio);
    (void)json_array_append_new(list,
                                json_pack("{s:i, s:s, s:f, s:f, s:f}", "hidden_size",
                                          (int)hidden_size, "isa", cells_isa_name(isa), "ns_median",
                                          ours, "against_ns_median", theirs, "ratio", ratio));
  }
  (void)printf("\n");
}

/// Compare with another program in turn; every round has to have the same sizes
static bool
compare_cell(const CellType cell, const Sound* const s, const Options* const o, json_t* const list)
{
  static Comparison comparisons[AGAINST_MAX_SIZES];
  Against first = {.n = 0};
  for (uint32_t round = 0; round < N_ROUNDS; ++round) {
    Against now;
    if (!read_figures(o, &now)) {
      return false;
    }
    first = round == 0 ? now : first;
    for (size_t k = 0; k < now.n; ++k) {
      if (now.n != first.n || now.figures[k].hidden_size != first.figures[k].hidden_size) {
        (void)fputs("bench_cells: the command printed other sizes than before\n", stderr);
        return false;
      }
      compare_size(s, cell, now.figures[k], round, comparisons + k);
    }
  }
  (void)printf("\n%s, one stream: ns a sample, and how many times faster\n  H   against",
               params_cell_name(cell));
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    (void)printf("  %8s ratio", cells_isa_name(isa));
  }
  (void)printf("\n");
  for (size_t k = 0; k < first.n; ++k) {
    print_comparison(first.figures[k].hidden_size, comparisons + k, list);
  }
  return true;
}

static bool
parse_options(const int argc, char** const argv, Options* const o)
{
  static const struct option options[] = {{"json", required_argument, NULL, 'j'},
                                          {"cpu", required_argument, NULL, 'c'},
                                          {"error-seconds", required_argument, NULL, 'e'},
                                          {"cell", required_argument, NULL, 'k'},
                                          {"against", required_argument, NULL, 'a'},
                                          {"against-command", required_argument, NULL, 'A'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
  for (int key = 0; (key = getopt_long(argc, argv, "h", options, NULL)) >= 0;) {
    switch (key) {
    case 'j':
      o->json = optarg;
      break;
    case 'c':
      o->cpu = atoi(optarg);
      break;
    case 'e':
      o->error_seconds = fmin(fmax(atof(optarg), 0.0), MAX_ERROR_SECONDS);
      break;
    case 'k':
      o->cell = optarg;
      break;
    case 'a':
      o->against = optarg;
      break;
    case 'A':
      o->against_command = optarg;
      break;
    default:
      (void)fputs(usage, key == 'h' ? stdout : stderr);
      return false;
    }
  }
  if (o->against && o->against_command) {
    (void)fputs("bench_cells: --against and --against-command: expected only one\n", stderr);
    return false;
  }
  return true;
}

/// Measure all cells, or the one that is asked for
static void
run_cells(Sound* const s, const Options* const o, const Peak* const peaks, json_t* const list)
{
  static const CellType cells[] = {CELL_GRU_RESET_AFTER, CELL_GRU_RESET_BEFORE, CELL_LSTM};
  (void)printf(
      "\n                                 ns a sample       cycles       share of     of a "
      "core\ncell            H  set streams fastest  median fastest median  FMAs  loads  at "
      "48 kHz   error\n");
  for (size_t k = 0; k < sizeof(cells) / sizeof(cells[0]); ++k) {
    if (!o->cell || !strcmp(o->cell, params_cell_name(cells[k]))) {
      run_cell(cells[k], s, o->error_seconds > 0.0, peaks, list);
    }
  }
}

/// Return the cell to compare
static CellType
compared_cell(const Options* const o)
{
  static const CellType cells[] = {CELL_GRU_RESET_BEFORE, CELL_LSTM};
  for (size_t k = 0; o->cell && k < sizeof(cells) / sizeof(cells[0]); ++k) {
    if (!strcmp(o->cell, params_cell_name(cells[k]))) {
      return cells[k];
    }
  }
  return CELL_GRU_RESET_AFTER;
}

int
main(const int argc, char** const argv)
{
  Options o = {NULL, NULL, -1, 20.0, NULL, NULL};
  Peak peaks[MAX_ISAS];
  char name[128];
  if (!parse_options(argc, argv, &o)) {
    return 2;
  }
  machine_pin(o.cpu);
  const RealtimeMode mode = realtime_enter();
  Sound s = make_sound(o.error_seconds);
  json_t* const list = json_array();
  (void)printf("%s, compiled by %s\n", machine_name(name), MACHINE_COMPILER);
  for (uint32_t isa = 0; isa < cells_n_isas(); ++isa) {
    peaks[isa] = (Peak){machine_multiply_adds(isa), machine_load_bandwidth(isa)};
    (void)printf("%-7s at most %.1f G multiply-adds/s, %.0f GB/s from the first cache\n",
                 cells_isa_name(isa), 1e-9 * peaks[isa].multiply_adds, 1e-9 * peaks[isa].bandwidth);
  }
  bool failed = false;
  if (o.against || o.against_command) {
    failed = !compare_cell(compared_cell(&o), &s, &o, list);
  } else {
    run_cells(&s, &o, peaks, list);
  }
  realtime_leave(mode);
  json_t* const root =
      json_pack("{s:s, s:s, s:o}", "machine", name, "compiler", MACHINE_COMPILER, "results", list);
  if (o.json && json_dump_file(root, o.json, JSON_INDENT(1))) {
    perror(o.json);
    failed = true;
  }
  json_decref(root);
  free(s.in);
  free(s.out[0]);
  free(s.out[1]);
  free(s.expected);
  return failed;
}

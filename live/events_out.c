// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Every line is flushed, so that a program behind a pipe reads events when they happen. The names
// in JSON are an interface: other programs read them.

#include "live/events_out.h"

#include "core/decibel.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define USABLE_LOAD 0.8    ///< Of a period; the rest is for peaks and for the system
#define SILENCE_GAIN 1e-9F ///< Peaks below are printed as SILENCE_DBFS
#define SILENCE_DBFS (-180.0)

static bool is_json;

void
print_events_as_json(const bool as_json)
{
  is_json = as_json;
}

/// A member of a JSON object; lists end with a NULL name
typedef struct {
  const char* name;
  const char* text; ///< NULL: the value is `number`
  double number;
} Field;

static json_t*
number_to_json(const double number)
{
  return number == floor(number) && fabs(number) < 1e15 ? json_integer((json_int_t)number)
                                                        : json_real(number);
}

static void
print_json(const char* const event, const Field* fields)
{
  json_t* const object = json_pack("{ss}", "event", event);
  for (; object && fields->name; ++fields) {
    json_t* value = fields->text ? json_string(fields->text) : number_to_json(fields->number);
    value = value ? value : json_string("(not UTF-8)");
    (void)json_object_set_new(object, fields->name, value);
  }
  (void)json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
  (void)fputc('\n', stdout);
  (void)fflush(stdout);
  json_decref(object);
}

__attribute__((format(printf, 1, 2))) static void
print_line(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)vprintf(format, args);
  va_end(args);
  (void)fputc('\n', stdout);
  (void)fflush(stdout);
}

static void
print_message(const char* const event, const char* const text)
{
  if (is_json) {
    print_json(event, (const Field[]){{"text", text, 0.0}, {NULL, NULL, 0.0}});
  } else {
    (void)fprintf(stderr, "grus-live: %s\n", text);
  }
}

void
print_error(const char* const text)
{
  print_message("error", text);
}

void
print_note(const char* const text)
{
  print_message("note", text);
}

static const char*
plural_of(const uint64_t n)
{
  return n == 1 ? "" : "s";
}

void
print_playing(const double sample_rate, const uint32_t block_size, const uint32_t n_entries)
{
  if (is_json) {
    print_json("playing", (const Field[]){{"rate", NULL, sample_rate},
                                          {"period", NULL, (double)block_size},
                                          {"entries", NULL, (double)n_entries},
                                          {NULL, NULL, 0.0}});
  } else {
    print_line("playing %u %s at %.6g Hz, %u frames per period (%.4g ms)", n_entries,
               n_entries == 1 ? "entry" : "entries", sample_rate, block_size,
               1000.0 * (double)block_size / sample_rate);
  }
}

void
print_selected(const uint32_t index, const char* const name)
{
  if (is_json) {
    print_json(
        "selected",
        (const Field[]){{"entry", NULL, (double)index}, {"name", name, 0.0}, {NULL, NULL, 0.0}});
  } else {
    print_line("entry %u: %s", index, name);
  }
}

void
print_setting(const char* const control, const float value)
{
  if (is_json) {
    print_json("set", (const Field[]){{control, NULL, (double)value}, {NULL, NULL, 0.0}});
  } else {
    print_line("%s = %.6g", control, (double)value);
  }
}

void
print_learned(const uint32_t cc, const char* const control)
{
  if (is_json) {
    print_json(
        "learned",
        (const Field[]){{"cc", NULL, (double)cc}, {"control", control, 0.0}, {NULL, NULL, 0.0}});
  } else {
    print_line("MIDI control change %u now sets %s", cc, control);
  }
}

void
print_entry(const uint32_t index, const char* const name, const char* const model,
            const bool is_current)
{
  if (is_json) {
    print_json(is_current ? "current" : "entry", (const Field[]){{"number", NULL, (double)index},
                                                                 {"name", name, 0.0},
                                                                 {"model", model, 0.0},
                                                                 {NULL, NULL, 0.0}});
  } else {
    print_line("%c%3u  %s  (%s)", is_current ? '*' : ' ', index, name, model);
  }
}

/// Return a level [dBFS]
static double
dbfs_of_peak(const float peak)
{
  return peak > SILENCE_GAIN ? decibel_of_gain((double)peak) : SILENCE_DBFS;
}

static void
print_status_lines(const RigStatus* const s)
{
  print_line("entry %u: %s", s->entry, s->name);
  print_line("%.6g Hz, %u frames per period (%.4g ms), latency %u frame%s", s->sample_rate,
             s->block_size, 1000.0 * s->load.period, s->player.latency,
             plural_of(s->player.latency));
  print_line("load %.1f %% of a period (worst block %.1f %%), whole server %.1f %%, %llu xrun%s",
             100.0 * s->load.load, 100.0 * s->load.worst_load, 100.0 * s->load.server_load,
             (unsigned long long)s->load.n_xruns, plural_of(s->load.n_xruns));
  print_line("peaks: input %.1f dBFS, output %.1f dBFS; guard trips: %u",
             dbfs_of_peak(s->player.input_peak), dbfs_of_peak(s->player.output_peak),
             s->player.guard_trips);
}

void
print_status(const RigStatus* const s)
{
  if (!is_json) {
    print_status_lines(s);
    return;
  }
  print_json("status",
             (const Field[]){{"entry", NULL, (double)s->entry},
                             {"name", s->name, 0.0},
                             {"rate", NULL, s->sample_rate},
                             {"period", NULL, (double)s->block_size},
                             {"latency", NULL, (double)s->player.latency},
                             {"load_percent", NULL, 100.0 * s->load.load},
                             {"worst_percent", NULL, 100.0 * s->load.worst_load},
                             {"server_percent", NULL, 100.0 * s->load.server_load},
                             {"xruns", NULL, (double)s->load.n_xruns},
                             {"guard_trips", NULL, (double)s->player.guard_trips},
                             {"input_peak_dbfs", NULL, dbfs_of_peak(s->player.input_peak)},
                             {"output_peak_dbfs", NULL, dbfs_of_peak(s->player.output_peak)},
                             {NULL, NULL, 0.0}});
}

void
print_no_status(void)
{
  if (is_json) {
    print_json("status", (const Field[]){{"server", "none", 0.0}, {NULL, NULL, 0.0}});
  } else {
    print_line("not playing: waiting for a JACK server");
  }
}

/// Return how many models of this size would fit into a period, on one core
static double
n_models_that_fit(const ClientLoad* const load)
{
  return load->load > 0.0 ? floor(USABLE_LOAD / load->load) : 0.0;
}

static void
print_measured_lines(const ClientLoad* const load)
{
  const double n_models = n_models_that_fit(load);
  print_line("load %.1f %% of a period of %.4g ms (mean block %.4g ms, worst %.4g ms), %llu xrun%s",
             100.0 * load->load, 1000.0 * load->period, 1000.0 * load->load * load->period,
             1000.0 * load->worst_seconds, (unsigned long long)load->n_xruns,
             plural_of(load->n_xruns));
  print_line("measured over %llu blocks: this machine would carry about %.0f model%s like this",
             (unsigned long long)load->n_blocks, n_models, plural_of((uint64_t)n_models));
}

void
print_measured(const ClientLoad* const load)
{
  if (!is_json) {
    print_measured_lines(load);
    return;
  }
  print_json("measured", (const Field[]){{"blocks", NULL, (double)load->n_blocks},
                                         {"period_us", NULL, 1e6 * load->period},
                                         {"load_percent", NULL, 100.0 * load->load},
                                         {"block_us", NULL, 1e6 * load->load * load->period},
                                         {"worst_us", NULL, 1e6 * load->worst_seconds},
                                         {"xruns", NULL, (double)load->n_xruns},
                                         {"such_models", NULL, n_models_that_fit(load)},
                                         {NULL, NULL, 0.0}});
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Every line is flushed, so that a program behind a pipe reads events when they happen. The names
// in JSON are an interface: other programs read them.

#include "live/events_out.h"

#include "cli/json_output.h"
#include "core/clock.h"
#include "core/decibel.h"
#include "live/allowance.h"
#include "live/settings.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define USABLE_LOAD 0.8    ///< Of a period; the rest is for peaks and for the system
#define SILENCE_GAIN 1e-9F ///< Peaks below are printed as SILENCE_DBFS
#define SILENCE_DBFS (-180.0)
#define END_OF_FIELDS                                                                              \
  {                                                                                                \
    NULL, NULL, 0.0, false                                                                         \
  }

static bool is_json;
static FILE* instead; ///< Of standard output and error; NULL: they are used
static EventAnswer answer_by;
static void* answer_data;
static uint32_t asker;
static Allowance printed = {.most = 100.0, .per_second = 10.0}; ///< Of what askers did wrong
static uint32_t n_not_printed;

void
events_print_json(const bool as_json)
{
  is_json = as_json;
}

void
events_print_to(FILE* const file)
{
  instead = file;
}

static FILE*
file_of_events(void)
{
  return instead ? instead : stdout;
}

void
events_answer_by(const EventAnswer answer, void* const data)
{
  answer_by = answer;
  answer_data = data;
  printed.used = 0.0;
  n_not_printed = 0;
}

void
events_answer_to(const uint32_t who)
{
  asker = who;
}

static void
answer_asker(const char* const event, const EventField* const fields)
{
  if (answer_by && asker) {
    answer_by(asker, event, fields, answer_data);
  }
}

static void
print_json(const char* const event, const EventField* fields)
{
  json_t* const object = json_pack("{ss}", "event", event);
  for (; object && fields->name; ++fields) {
    cli_json_set(object, fields->name,
                 fields->text ? cli_json_text(fields->text) : cli_json_number(fields->number));
  }
  (void)json_dumpf(object, file_of_events(), JSON_COMPACT | JSON_REAL_PRECISION(6));
  (void)fputc('\n', file_of_events());
  (void)fflush(file_of_events());
  json_decref(object);
}

__attribute__((format(printf, 1, 2))) static void
print_line(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  (void)vfprintf(file_of_events(), format, args);
  va_end(args);
  (void)fputc('\n', file_of_events());
  (void)fflush(file_of_events());
}

/// Return false if askers have done so much wrong that it would flood the log
static bool
may_print(void)
{
  const bool is_allowed = !asker || allowance_use(&printed, clock_seconds());
  n_not_printed += !is_allowed;
  return is_allowed;
}

static void
write_message(const char* const event, const char* const text)
{
  if (is_json) {
    print_json(event, (const EventField[]){{"text", text, 0.0, false}, END_OF_FIELDS});
  } else {
    (void)fprintf(instead ? instead : stderr, "grus-live: %s\n", text);
  }
}

/// Say how many messages were left out
static void
write_omission(void)
{
  char text[80];
  if (n_not_printed) {
    (void)snprintf(text, sizeof(text), "OSC: left out messages like the last ones: %u",
                   n_not_printed);
    n_not_printed = 0;
    write_message("note", text);
  }
}

static void
print_message(const char* const event, const char* const text)
{
  answer_asker(event, (const EventField[]){{"text", text, 0.0, false}, END_OF_FIELDS});
  if (may_print()) {
    write_omission();
    write_message(event, text);
  }
}

void
events_print_error(const char* const text)
{
  print_message("error", text);
}

void
events_print_note(const char* const text)
{
  print_message("note", text);
}

static const char*
plural_of(const uint64_t n)
{
  return n == 1 ? "" : "s";
}

void
events_print_playing(const double sample_rate, const uint32_t block_size, const uint32_t n_entries)
{
  if (is_json) {
    print_json("playing", (const EventField[]){{"rate", NULL, sample_rate, true},
                                               {"period", NULL, (double)block_size, true},
                                               {"entries", NULL, (double)n_entries, true},
                                               END_OF_FIELDS});
  } else {
    print_line("playing %u %s at %.6g Hz, %u frames per period (%.4g ms)", n_entries,
               n_entries == 1 ? "entry" : "entries", sample_rate, block_size,
               1000.0 * (double)block_size / sample_rate);
  }
}

void
events_print_connections(const char* const text)
{
  if (is_json) {
    print_json("connections", (const EventField[]){{"text", text, 0.0, false}, END_OF_FIELDS});
  } else {
    print_line("%s", text);
  }
}

void
events_print_selected(const uint32_t index, const char* const name)
{
  const EventField fields[] = {
      {"entry", NULL, (double)index, true}, {"name", name, 0.0, false}, END_OF_FIELDS};
  answer_asker("selected", fields);
  if (is_json) {
    print_json("selected", fields);
  } else {
    print_line("entry %u: %s", index, name);
  }
}

static void
print_control_line(const Control control, const float value, const char* const knob)
{
  char text[SETTINGS_VALUE_SIZE];
  const char* const name = controls_range(control).name;
  (void)settings_write_value(control, value, text);
  if (knob) {
    print_line("%s = %s (%s)", knob, text, name);
  } else {
    print_line("%s = %s", name, text);
  }
}

void
events_print_setting(const Control control, const float value, const char* const knob)
{
  const char* const name = controls_range(control).name;
  answer_asker("control", (const EventField[]){{"control", name, 0.0, false},
                                               {"value", NULL, (double)value, false},
                                               END_OF_FIELDS});
  if (is_json) {
    print_json("set", (const EventField[]){{name, NULL, (double)value, false}, END_OF_FIELDS});
  } else {
    print_control_line(control, value, knob);
  }
}

void
events_print_control(const Control control, const float value, const char* const knob)
{
  const EventField fields[] = {{"control", controls_range(control).name, 0.0, false},
                               {"value", NULL, (double)value, false},
                               {knob ? "knob" : NULL, knob, 0.0, false},
                               END_OF_FIELDS};
  answer_asker("control", fields);
  if (is_json) {
    print_json("control", fields);
  } else {
    print_control_line(control, value, knob);
  }
}

void
events_print_cabinet(const EngineCabinet cabinet)
{
  const char* const text = engine_cabinet_text(cabinet);
  if (is_json) {
    print_json("cabinet", (const EventField[]){{"cabinet", text, 0.0, false}, END_OF_FIELDS});
  } else {
    print_line("cabinet: %s", text);
  }
}

void
events_print_model_rate(const uint32_t index, const char* const name, const double rate)
{
  const EventField fields[] = {{"entry", NULL, (double)index, true},
                               {"name", name, 0.0, false},
                               {"rate", NULL, rate, true},
                               END_OF_FIELDS};
  answer_asker("model_rate", fields);
  if (is_json) {
    print_json("model_rate", fields);
  } else if (rate > 0.0) {
    print_line("model_rate = %.6g Hz for entry %u: %s", rate, index, name);
  } else {
    print_line("model_rate = the usual one for entry %u: %s", index, name);
  }
}

void
events_print_saved(const uint32_t index, const char* const name, const char* const path)
{
  const EventField fields[] = {
      {"entry", NULL, (double)index, true}, {"name", name, 0.0, false}, END_OF_FIELDS};
  answer_asker("saved", fields);
  if (is_json) {
    print_json("saved", fields);
  } else if (path) {
    print_line("saved the controls of entry %u: %s, in %s", index, name, path);
  } else {
    print_line("entry %u: %s keeps these controls until the end", index, name);
  }
}

void
events_print_learned(const uint32_t cc, const char* const control, const char* const before)
{
  const EventField fields[] = {{"cc", NULL, (double)cc, true},
                               {"control", control, 0.0, false},
                               {before ? "before" : NULL, before, 0.0, false},
                               END_OF_FIELDS};
  answer_asker("learned", fields);
  if (is_json) {
    print_json("learned", fields);
  } else if (before) {
    print_line("MIDI control change %u now sets %s; before: %s", cc, control, before);
  } else {
    print_line("MIDI control change %u now sets %s", cc, control);
  }
}

void
events_print_entry(const uint32_t index, const SetlistSound* const sound, const bool is_current)
{
  const char* const reason = sound->files ? "" : sound->reason.text;
  const EventField fields[] = {{"number", NULL, (double)index, true},
                               {"name", sound->entry.name, 0.0, false},
                               {"model", sound->entry.model, 0.0, false},
                               {reason[0] ? "error" : NULL, reason, 0.0, false},
                               END_OF_FIELDS};
  answer_asker(is_current ? "current" : "entry", fields);
  if (is_json) {
    print_json(is_current ? "current" : "entry", fields);
  } else {
    print_line("%c%3u  %s  (%s)%s%s", is_current ? '*' : ' ', index, sound->entry.name,
               sound->entry.model, reason[0] ? ": can't be played: " : "", reason);
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
  print_line("entry %u: %s%s; cabinet: %s", s->entry, s->name,
             s->player.is_bypassed ? ", bypassed" : "", engine_cabinet_text(s->player.cabinet));
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
events_print_status(const RigStatus* const s)
{
  const EventField fields[] = {
      {"entry", NULL, (double)s->entry, true},
      {"name", s->name, 0.0, false},
      {"rate", NULL, s->sample_rate, true},
      {"period", NULL, (double)s->block_size, true},
      {"latency", NULL, (double)s->player.latency, true},
      {"load_percent", NULL, 100.0 * s->load.load, false},
      {"worst_percent", NULL, 100.0 * s->load.worst_load, false},
      {"server_percent", NULL, 100.0 * s->load.server_load, false},
      {"xruns", NULL, (double)s->load.n_xruns, true},
      {"guard_trips", NULL, (double)s->player.guard_trips, true},
      {"input_peak_dbfs", NULL, dbfs_of_peak(s->player.input_peak), false},
      {"output_peak_dbfs", NULL, dbfs_of_peak(s->player.output_peak), false},
      {"cabinet", engine_cabinet_text(s->player.cabinet), 0.0, false},
      END_OF_FIELDS};
  answer_asker("status", fields);
  if (is_json) {
    print_json("status", fields);
  } else {
    print_status_lines(s);
  }
}

void
events_print_no_status(void)
{
  const EventField fields[] = {{"server", "none", 0.0, false}, END_OF_FIELDS};
  answer_asker("status", fields);
  if (is_json) {
    print_json("status", fields);
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
  char xruns[32] = "no xruns";
  if (load->n_xruns) {
    (void)snprintf(xruns, sizeof(xruns), "%llu xrun%s", (unsigned long long)load->n_xruns,
                   plural_of(load->n_xruns));
  }
  print_line("load %.1f %% of a period of %.3g ms (worst block %.2g ms), %s: this machine would "
             "carry about %.0f model%s like this",
             100.0 * load->load, 1000.0 * load->period, 1000.0 * load->worst_seconds, xruns,
             n_models, plural_of((uint64_t)n_models));
}

void
events_print_measured(const ClientLoad* const load)
{
  if (!is_json) {
    print_measured_lines(load);
    return;
  }
  print_json("measured",
             (const EventField[]){{"blocks", NULL, (double)load->n_blocks, true},
                                  {"period_us", NULL, 1e6 * load->period, false},
                                  {"load_percent", NULL, 100.0 * load->load, false},
                                  {"block_us", NULL, 1e6 * load->load * load->period, false},
                                  {"worst_us", NULL, 1e6 * load->worst_seconds, false},
                                  {"xruns", NULL, (double)load->n_xruns, true},
                                  {"such_models", NULL, n_models_that_fit(load), true},
                                  END_OF_FIELDS});
}

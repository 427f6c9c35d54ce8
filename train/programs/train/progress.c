// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints progress. On a terminal the line is as full as the window has room for; elsewhere it
// prints the first line, the last, and one every few seconds between them. mpirun reads the output
// of its processes through what looks like a terminal but may lead to a file.

#include "train/programs/train/progress.h"

#include "cli/json_output.h"
#include "cli/terminal.h"
#include "core/decibel.h"
#include "train/audio/esr.h"
#include "train/learn/team.h"
#include "train/programs/train/events.h"

#include <stdio.h>
#include <string.h>

#define TERMINAL_SECONDS 0.1
#define PLAIN_SECONDS 5.0
#define LINE_SIZE 256U
#define TIME_SIZE 32U
#define N_FORMS 4U ///< Of the line

unsigned
progress_columns(void)
{
  return team_size() == 1 ? cli_terminal_columns() : 0;
}

Progress
progress_begin(const bool is_quiet, const double sample_rate)
{
  const double long_ago = -1e9;
  const bool is_terminal = !events_are_json() && progress_columns() > 0;
  return (Progress){is_quiet, is_terminal, sample_rate, long_ago, NULL};
}

/// Print what should be known, on a line of its own
static void
print_note(const Progress* const r, const char* const note)
{
  if (note[0]) {
    if (r->is_terminal) {
      cli_terminal_overwrite("");
    }
    events_note("%s", note);
    (void)fflush(stdout);
  }
}

static void
write_time(const double seconds, char text[TIME_SIZE])
{
  const unsigned whole = seconds > 0.0 ? (unsigned)(seconds + 0.5) : 0U;
  (void)snprintf(text, TIME_SIZE, "%u:%02u", whole / 60, whole % 60);
}

/// Write form `form` of the line; each later one says less
static void
write_line(const Progress* const r, const TrainerProgress* const p, const unsigned form,
           char line[LINE_SIZE])
{
  const double esr = metrics_esr(&p->validation);
  const double best = metrics_esr(&p->best);
  const double speed = p->frames_per_second / r->sample_rate;
  char done[TIME_SIZE];
  char left[TIME_SIZE];
  write_time(p->seconds, done);
  write_time(p->seconds_left, left);
  switch (form) {
  case 0:
    (void)snprintf(line, LINE_SIZE,
                   "epoch %u  ESR %.5f (%.1f dB)  best %.5f (%.1f dB)  %.0fx real time  "
                   "%s done, %s left",
                   p->epoch, esr, decibel_of_power(esr), best, decibel_of_power(best), speed, done,
                   left);
    break;
  case 1:
    (void)snprintf(line, LINE_SIZE,
                   "epoch %u  ESR %.5f (%.1f dB)  %.0fx real time  %s done, %s left", p->epoch, esr,
                   decibel_of_power(esr), speed, done, left);
    break;
  case 2:
    (void)snprintf(line, LINE_SIZE, "epoch %u  ESR %.1f dB  %.0fx real time  %s done, %s left",
                   p->epoch, decibel_of_power(esr), speed, done, left);
    break;
  default:
    (void)snprintf(line, LINE_SIZE, "epoch %u  ESR %.1f dB  %s left", p->epoch,
                   decibel_of_power(esr), left);
    break;
  }
}

static void
print_event(const Progress* const r, const TrainerProgress* const p)
{
  json_t* const event = events_begin("progress");
  cli_json_set_number(event, "sample_rate", r->sample_rate);
  cli_json_set_number(event, "epoch", p->epoch);
  cli_json_set_number(event, "esr", metrics_esr(&p->validation));
  cli_json_set_number(event, "best_esr", metrics_esr(&p->best));
  cli_json_set_number(event, "times_real_time", p->frames_per_second / r->sample_rate);
  cli_json_set_number(event, "seconds", p->seconds);
  cli_json_set_number(event, "seconds_left", p->seconds_left);
  events_print(event);
}

/// Print the fullest line that the terminal has room for
static void
print_line(const Progress* const r, const TrainerProgress* const p)
{
  const unsigned columns = r->is_terminal ? cli_terminal_columns() : 0;
  char line[LINE_SIZE] = "";
  for (unsigned form = 0; form < N_FORMS; ++form) {
    write_line(r, p, form, line);
    if (!columns || strlen(line) < columns) {
      break;
    }
  }
  if (r->is_terminal) {
    cli_terminal_overwrite(line);
  } else {
    (void)printf("%s\n", line);
  }
  (void)fflush(stdout);
}

void
progress_print(void* const progress, const TrainerProgress* const p)
{
  Progress* const r = (Progress*)progress;
  print_note(r, p->note.text);
  if (r->curve) {
    learning_curve_add(r->curve,
                       (LearningPoint){p->seconds, decibel_of_power(metrics_esr(&p->validation)),
                                       decibel_of_power(metrics_esr(&p->best))});
  }
  const double interval = r->is_terminal ? TERMINAL_SECONDS : PLAIN_SECONDS;
  const bool is_last = p->seconds_left <= 0.0;
  if (r->is_quiet || (p->seconds - r->last_seconds < interval && !is_last)) {
    return;
  }
  r->last_seconds = p->seconds;
  if (events_are_json()) {
    print_event(r, p);
  } else {
    print_line(r, p);
  }
}

void
progress_end(const Progress* const r, const TrainerProgress* const end)
{
  print_note(r, end->note.text);
  if (!r->is_quiet && events_are_json()) {
    json_t* const event = events_begin("trained");
    cli_json_set_number(event, "sample_rate", r->sample_rate);
    cli_json_set_number(event, "epochs", end->epoch);
    cli_json_set_number(event, "updates", (double)end->updates);
    cli_json_set_number(event, "seconds", end->seconds);
    events_print(event);
  } else if (!r->is_quiet) {
    (void)printf("%s%u epoch%s, %llu updates in %.1f s\n", r->is_terminal ? "\n" : "", end->epoch,
                 end->epoch == 1 ? "" : "s", (unsigned long long)end->updates, end->seconds);
  }
}

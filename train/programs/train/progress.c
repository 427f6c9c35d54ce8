// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints progress. Away from a terminal a line comes only every few seconds, and the first and
// best. What mpirun takes a program's output from looks like a terminal, but need not end in one.

#include "train/programs/train/progress.h"

#include "core/decibel.h"
#include "train/audio/esr.h"
#include "train/learn/team.h"

#include <stdio.h>
#include <unistd.h>

#define TERMINAL_SECONDS 0.1
#define PLAIN_SECONDS 5.0

Report
report_begin(const bool is_quiet, const double sample_rate)
{
  const double long_ago = -1e9;
  const bool is_terminal = team_size() == 1 && isatty(STDOUT_FILENO) == 1;
  return (Report){is_quiet, is_terminal, sample_rate, long_ago, NULL};
}

static void
print_time(const double seconds)
{
  const unsigned whole = seconds > 0.0 ? (unsigned)(seconds + 0.5) : 0U;
  (void)printf("%u:%02u", whole / 60, whole % 60);
}

/// Say what should be known, on a line of its own
static void
print_note(const Report* const r, const char* const note)
{
  if (note[0]) {
    (void)printf("%snote: %s\n", r->is_terminal ? "\r\033[K" : "", note);
    (void)fflush(stdout);
  }
}

void
report_progress(void* const report, const TrainerProgress* const p)
{
  Report* const r = (Report*)report;
  print_note(r, p->note.text);
  const double esr = metrics_esr(&p->validation);
  const double best = metrics_esr(&p->best);
  if (r->curve) {
    learning_curve_add(r->curve,
                       (LearningPoint){p->seconds, decibel_of_power(esr), decibel_of_power(best)});
  }
  const double interval = r->is_terminal ? TERMINAL_SECONDS : PLAIN_SECONDS;
  const bool is_last = p->seconds_left <= 0.0;
  if (r->is_quiet || (p->seconds - r->last_seconds < interval && !is_last)) {
    return;
  }
  r->last_seconds = p->seconds;
  (void)printf("%sepoch %u  ESR %.5f (%.1f dB)  best %.5f (%.1f dB)  %.0fx real time  ",
               r->is_terminal ? "\r\033[K" : "", p->epoch, esr, decibel_of_power(esr), best,
               decibel_of_power(best), p->frames_per_second / r->sample_rate);
  print_time(p->seconds);
  (void)printf(" done, ");
  print_time(p->seconds_left);
  (void)printf(" left%s", r->is_terminal ? "" : "\n");
  (void)fflush(stdout);
}

void
report_end(const Report* const report, const TrainerProgress* const end)
{
  if (!report->is_quiet) {
    (void)printf("%s%u epochs, %llu updates in %.1f s\n", report->is_terminal ? "\n" : "",
                 end->epoch, (unsigned long long)end->updates, end->seconds);
  }
}

static void
print_ratio(const char* const name, const double ratio)
{
  (void)printf("%s %.6f (%.2f dB)", name, ratio, decibel_of_power(ratio));
}

void
report_score(const char* const what, const ScoreResult* const result)
{
  (void)printf("%s: ", what);
  print_ratio("ESR", result->esr);
  print_ratio(", pre-emphasised", result->esr_pre_emphasis);
  print_ratio(", A-weighted", result->esr_a_weighted);
  print_ratio(", worst 5 %", result->esr_worst);
  (void)printf("\n");
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is the user told of a run besides its progress? What is learned from and how, and how well
// each set does. On standard output, from the main thread.

#include "train/programs/train/summary.h"

#include "core/decibel.h"
#include "core/params.h"
#include "train/audio/esr.h"
#include "train/capture/findings.h"
#include "train/learn/team.h"
#include "train/learn/trainer.h"
#include "train/programs/train/progress.h"
#include "train/programs/train/take_options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define LABEL_SIZE 1024U ///< Of a part of a report

/// Print what was found out about the takes of a list: of one alone everything, of many what is wrong
static void
print_findings(const TakeList* const list, const Recording* const r, const bool only_faults)
{
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    bool is_told = !only_faults;
    for (uint32_t k = 0; k < r->findings[i].n; ++k) {
      is_told = is_told || r->findings[i].items[k].verdict;
    }
    if (is_told) {
      (void)printf("%s, %s:\n", list->takes[i].input, list->takes[i].target);
      findings_print(&r->findings[i], only_faults);
    }
  }
}

void
telling_print_examination(const Options* const o, const Session* const s)
{
  const bool only_faults = o->is_quiet || s->train.n_takes > 1;
  if (team_is_leader()) {
    print_findings(&o->recording, &s->train, only_faults);
    print_findings(&o->validation, &s->validation, true);
    print_findings(&o->test, &s->test, true);
    (void)fflush(stdout);
  }
}

/// What is learned from: two files, or takes of knobs
static void
print_recording(const Options* const o, const Recording* const r)
{
  if (!o->knobs.n) {
    (void)printf("%s, %s", o->recording.takes[0].input, o->recording.takes[0].target);
    return;
  }
  (void)printf("%u takes of %s", r->n_takes, o->knobs.names[0]);
  for (uint32_t k = 1; k < o->knobs.n; ++k) {
    (void)printf(", %s", o->knobs.names[k]);
  }
}

void
telling_print_plan(const Options* const o, const Session* const s)
{
  if (o->is_quiet) {
    return;
  }
  print_recording(o, &s->train);
  (void)printf(": %.1f s at %g Hz; %u clips to learn from, %u to check with\n",
               recording_seconds(&s->train), session_sample_rate(s), s->train.dataset.n_clips,
               s->validation.dataset.n_clips);
  if (!o->auto_size) {
    (void)printf("hidden size %u, %zu parameters; ", o->trainer.shape.hidden_size,
                 params_count(o->trainer.shape));
  }
  (void)printf("GRU %s, seed %llu, %u process(es), %u thread(s)\n",
               params_cell_name(o->trainer.shape.cell), (unsigned long long)o->trainer.seed,
               team_size(), o->trainer.n_threads);
  (void)fflush(stdout);
}

void
telling_print_rate(const Options* const o, const Session* const s, const uint32_t index)
{
  if (!o->is_quiet && s->n_resampled) {
    (void)printf("%g Hz, %s:\n", session_material(s, index).sample_rate,
                 index ? "resampled, from the weights of the first set" : "as recorded");
    (void)fflush(stdout);
  }
}

void
telling_report_size(void* const options, const uint32_t hidden_size, const double esr)
{
  if (!((const Options*)options)->is_quiet) {
    (void)printf("hidden size %u: ESR %.5f (%.1f dB)\n", hidden_size, esr, decibel_of_power(esr));
    (void)fflush(stdout);
  }
}

void
telling_report_set(Session* const s, const char* const what, const uint32_t index,
                   const ScoreResult* const score)
{
  char place[LABEL_SIZE + 32];
  (void)snprintf(place, sizeof(place), "%s at %g Hz", what, session_material(s, index).sample_rate);
  report_score(s->n_resampled ? place : what, score);
  score_list_add(&s->scores, place, score);
}

/// "WHAT, gain 0.25, tone 0.5"
static void
label_take(const char* const what, const Knobs* const knobs, const Take* const take,
           char label[LABEL_SIZE])
{
  int n = snprintf(label, LABEL_SIZE, "%s", what);
  for (uint32_t k = 0; k < knobs->n && n < (int)LABEL_SIZE; ++k) {
    n += snprintf(label + n, LABEL_SIZE - (size_t)n, ", %s %g", knobs->names[k],
                  (double)take->knobs[k]);
  }
}

Status
telling_report_settings(const Options* const o, Session* const s, const uint32_t index,
                        const TellingPart part)
{
  char label[LABEL_SIZE];
  for (uint32_t i = 0; i < part.recording->n_takes && o->knobs.n; ++i) {
    const Take* const take = &part.recording->takes[i];
    const Dataset own = dataset_of_take(part.dataset, take);
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, session_params(s, index), &own, &score)) {
      return STATUS_NO_MEMORY;
    }
    label_take(part.what, &o->knobs, take, label);
    telling_report_set(s, label, index, &score);
  }
  return STATUS_OK;
}

Status
telling_report_takes(const Options* const o, Session* const s, Message* const message)
{
  const bool is_apart = s->validation.n_takes > 0;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i <= s->model.n_others && !status; ++i) {
    const RatesMaterial m = session_material(s, i);
    const TellingPart learned = {"learned from", &s->train, m.train};
    status =
        telling_report_settings(o, s, i,
                                is_apart ? (TellingPart){"validation", &s->validation, m.validation}
                                         : (TellingPart){"held-out part", &s->train, m.validation});
    if (!status && is_apart) {
      status = telling_report_settings(o, s, i, learned);
    }
  }
  return status ? status_fail(message, status, "out of memory") : STATUS_OK;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints what is learned from and how, and how well each set does.

#include "train/programs/train/summary.h"

#include "cli/json_output.h"
#include "cli/wrap.h"
#include "core/decibel.h"
#include "core/params.h"
#include "train/audio/esr.h"
#include "train/capture/findings.h"
#include "train/learn/team.h"
#include "train/learn/trainer.h"
#include "train/programs/common/score_text.h"
#include "train/programs/train/events.h"
#include "train/programs/train/progress.h"
#include "train/programs/train/take_options.h"
#include "train/report/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define LABEL_SIZE 1024U ///< Of what is scored
#define FEW_UPDATES 2000 ///< With fewer, most gear is not learned yet

/// How much is printed of each take
typedef enum {
  PRINT_ALL,
  PRINT_BRIEFLY, ///< What is wrong, or one line if nothing is
  PRINT_FAULTS,
} PrintDetail;

static bool
has_faults(const Findings* const findings)
{
  bool has = false;
  for (uint32_t k = 0; k < findings->n; ++k) {
    has = has || findings->items[k].verdict;
  }
  return has;
}

/// Print that a take is fine
static void
print_fine(const char* const target, const Findings* const findings)
{
  const Finding* const latency = finding_of(findings, "Latency");
  (void)printf("%s: ok%s%s\n", target, latency ? ", latency " : "", latency ? latency->value : "");
}

/// Print what was found in the takes of a list
static void
print_findings(const TakeList* const list, const Recording* const r, const PrintDetail detail)
{
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    const Findings* const findings = &r->findings[i];
    const TakeFiles* const files = &list->takes[i];
    if (findings->n && (detail == PRINT_ALL || has_faults(findings))) {
      (void)printf("%s, %s:\n", files->input, files->target);
      findings_print(findings, detail != PRINT_ALL);
    } else if (findings->n && detail == PRINT_BRIEFLY) {
      print_fine(files->target, findings);
    }
  }
}

static json_t*
describe_finding(const Finding* const finding)
{
  json_t* const object = json_object();
  cli_json_set_text(object, "name", finding->name);
  cli_json_set_text(object, "verdict", finding_verdict(finding->verdict));
  cli_json_set_text(object, "value", finding->value);
  cli_json_set_text(object, "remedy", finding->remedy);
  return object;
}

static void
set_alignment(json_t* const event, const Alignment* const a)
{
  if (alignment_is_measured(a)) {
    cli_json_set_number(event, "latency_frames", a->delay);
    cli_json_set_number(event, "clock_drift_ppm", 1e6 * a->drift);
    cli_json_set_bool(event, "is_inverted", a->is_inverted);
  }
}

/// Report what was found in the takes of a list; if quiet, in those where something is wrong
static void
report_findings(const char* const part, const TakeList* const list, const Recording* const r,
                const bool is_quiet)
{
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    const Findings* const findings = &r->findings[i];
    if (!findings->n || (is_quiet && !has_faults(findings))) {
      continue;
    }
    json_t* const event = events_begin("examination");
    json_t* const items = json_array();
    for (uint32_t k = 0; k < findings->n; ++k) {
      cli_json_append(items, describe_finding(&findings->items[k]));
    }
    cli_json_set_text(event, "part", part);
    cli_json_set_text(event, "input", list->takes[i].input);
    cli_json_set_text(event, "target", list->takes[i].target);
    cli_json_set_bool(event, "is_usable", !findings_first_stop(findings));
    set_alignment(event, &r->alignments[i]);
    cli_json_set(event, "findings", items);
    events_print(event);
  }
}

void
summary_print_examination(const TrainOptions* const o, const Session* const s)
{
  if (events_are_json()) {
    report_findings("learned from", &o->recording, &s->train, o->is_quiet);
    report_findings("validation", &o->validation, &s->validation, o->is_quiet);
    report_findings("test", &o->test, &s->test, o->is_quiet);
    return;
  }
  const PrintDetail others = o->is_quiet ? PRINT_FAULTS : PRINT_BRIEFLY;
  if (team_is_leader()) {
    print_findings(&o->recording, &s->train,
                   !o->is_quiet && s->train.n_takes == 1 ? PRINT_ALL : others);
    print_findings(&o->validation, &s->validation, others);
    print_findings(&o->test, &s->test, others);
    (void)fflush(stdout);
  }
}

/// Add which capture is learned from
static void
add_teacher(CliLine* const line, const TrainOptions* const o, const TeacherInfo* const info)
{
  cli_line_format(line, "learning from %s %s,", model_file_kind_article(info->kind), info->kind);
  cli_line_format(line, "%s%s", o->teacher, info->name[0] ? "," : ":");
  if (info->name[0]) {
    cli_line_format(line, "\"%s\":", info->name);
  }
  cli_line_format(line, "it plays %s,", o->recording.takes[0].input);
}

/// Add what is learned from: a capture, two files, or takes with knobs
static void
add_source(CliLine* const line, const TrainOptions* const o, const Session* const s)
{
  if (o->teacher) {
    add_teacher(line, o, &s->teacher);
    return;
  }
  if (!o->knobs.n) {
    cli_line_format(line, "%s,", o->recording.takes[0].input);
    cli_line_format(line, "%s:", o->recording.takes[0].target);
    return;
  }
  cli_line_format(line, "%u takes of", s->train.n_takes);
  for (uint32_t k = 0; k < o->knobs.n; ++k) {
    cli_line_format(line, "%s%s", o->knobs.names[k], k + 1 == o->knobs.n ? ":" : ",");
  }
}

static const char*
plural_end(const uint32_t n)
{
  return n == 1 ? "" : "s";
}

/// Add the loss, and why it was chosen
static void
add_loss(CliLine* const line, const Session* const s)
{
  cli_line_format(line, "loss %s%s", loss_name(s->loss.loss), s->loss.is_measured ? "" : ",");
  if (s->loss.is_measured) {
    cli_line_format(line, "(fizz: %.2g %%),", 100.0 * s->loss.fizz);
  }
}

static void
report_plan(const TrainOptions* const o, const Session* const s)
{
  json_t* const event = events_begin("plan");
  cli_json_set_text(event, "teacher", o->teacher);
  cli_json_set_number(event, "n_takes", s->train.n_takes);
  cli_json_set_number(event, "n_knobs", o->knobs.n);
  cli_json_set_number(event, "seconds", recording_seconds(&s->train));
  cli_json_set_number(event, "sample_rate", session_sample_rate(s));
  cli_json_set_number(event, "n_clips", s->train.dataset.n_clips);
  cli_json_set_number(event, "n_validation_clips", s->validation.dataset.n_clips);
  if (!o->auto_size) {
    cli_json_set_number(event, "hidden_size", o->trainer.shape.hidden_size);
    cli_json_set_number(event, "n_parameters", (double)params_count(o->trainer.shape));
  }
  cli_json_set_text(event, "cell", params_cell_name(o->trainer.shape.cell));
  cli_json_set_text(event, "loss", loss_name(s->loss.loss));
  cli_json_set_number(event, "seed", (double)o->trainer.seed);
  cli_json_set_number(event, "n_processes", team_size());
  cli_json_set_number(event, "n_threads", o->trainer.n_threads);
  events_print(event);
}

void
summary_print_plan(const TrainOptions* const o, const Session* const s)
{
  if (o->is_quiet) {
    return;
  }
  if (events_are_json()) {
    report_plan(o, s);
    return;
  }
  CliLine line = {.stream = stdout, .width = progress_columns()};
  const uint32_t n_clips = s->train.dataset.n_clips;
  add_source(&line, o, s);
  cli_line_format(&line, "%.1f s at %g Hz;", recording_seconds(&s->train), session_sample_rate(s));
  cli_line_format(&line, "%u clip%s to learn from,", n_clips, plural_end(n_clips));
  cli_line_format(&line, "%u to check with", s->validation.dataset.n_clips);
  cli_line_end(&line);
  if (!o->auto_size) {
    cli_line_format(&line, "hidden size %u,", o->trainer.shape.hidden_size);
    cli_line_format(&line, "%zu parameters;", params_count(o->trainer.shape));
  }
  cli_line_format(&line, "GRU %s,", params_cell_name(o->trainer.shape.cell));
  add_loss(&line, s);
  cli_line_format(&line, "seed %llu,", (unsigned long long)o->trainer.seed);
  cli_line_format(&line, "%u process%s,", team_size(), team_size() == 1 ? "" : "es");
  cli_line_format(&line, "%u thread%s", o->trainer.n_threads, plural_end(o->trainer.n_threads));
  cli_line_end(&line);
  (void)fflush(stdout);
}

void
summary_print_resampling(const TrainOptions* const o, const Session* const s)
{
  RatesList others = {.n = 0};
  if (o->is_quiet || o->is_json || !team_is_leader() ||
      rates_besides(&o->rates, session_sample_rate(s), &others, NULL) || !others.n) {
    return;
  }
  for (uint32_t i = 0; i < others.n; ++i) {
    (void)printf("%s%u Hz", i ? ", " : "resampling for ", others.hz[i]);
  }
  (void)putchar('\n');
  (void)fflush(stdout);
}

void
summary_print_rate(const TrainOptions* const o, const Session* const s, const uint32_t index)
{
  if (!o->is_quiet && !o->is_json && s->n_resampled) {
    (void)printf("%g Hz, %s:\n", session_material(s, index).sample_rate,
                 index ? "resampled, from the weights of the first set" : "as recorded");
    (void)fflush(stdout);
  }
}

void
summary_print_size(void* const options, const uint32_t hidden_size, const double esr)
{
  const TrainOptions* const o = (const TrainOptions*)options;
  if (!o->is_quiet && events_are_json()) {
    json_t* const event = events_begin("size_trial");
    cli_json_set_number(event, "hidden_size", hidden_size);
    cli_json_set_number(event, "esr", esr);
    events_print(event);
  } else if (!o->is_quiet) {
    (void)printf("hidden size %u: ESR %.5f (%.1f dB)\n", hidden_size, esr, decibel_of_power(esr));
    (void)fflush(stdout);
  }
}

void
summary_print_chosen_size(const TrainOptions* const o, const uint32_t hidden_size)
{
  if (!o->is_quiet && events_are_json()) {
    json_t* const event = events_begin("size");
    cli_json_set_number(event, "hidden_size", hidden_size);
    events_print(event);
  } else if (!o->is_quiet) {
    (void)printf("hidden size %u is enough; continuing with it\n", hidden_size);
  }
}

void
summary_print_stage_trials(const TrainOptions* const o)
{
  if (!o->is_quiet && !events_are_json()) {
    (void)puts("linear stage: two short trials decide whether one pays ...");
    (void)fflush(stdout);
  }
}

static void
report_stage(const StageChoice* const choice)
{
  json_t* const event = events_begin("linear_stage");
  cli_json_set_bool(event, "is_learned", choice->pays);
  cli_json_set_number(event, "esr_with", choice->staged);
  cli_json_set_number(event, "esr_without", choice->bare);
  events_print(event);
}

void
summary_print_stage(const TrainOptions* const o, const StageChoice* const choice)
{
  if (o->is_quiet || !choice->is_tried) {
    return;
  }
  if (events_are_json()) {
    report_stage(choice);
    return;
  }
  CliLine line = {.stream = stdout, .width = progress_columns()};
  cli_line_format(&line, "linear stage: %s;", choice->pays ? "learned" : "none");
  cli_line_format(&line, "short trials reached ESR %.5f with one,", choice->staged);
  cli_line_format(&line, "%.5f without", choice->bare);
  cli_line_end(&line);
  (void)fflush(stdout);
}

/// What was scored
typedef struct {
  const char* what;
  const TakeKnobs* knobs; ///< That stood as in the take; NULL: all takes
  const Take* take;
} Scored;

/// "WHAT, gain 0.25, tone 0.5"
static void
label_take(const Scored* const scored, char label[LABEL_SIZE])
{
  const uint32_t n_knobs = scored->knobs ? scored->knobs->n : 0;
  int n = snprintf(label, LABEL_SIZE, "%s", scored->what);
  for (uint32_t k = 0; k < n_knobs && n < (int)LABEL_SIZE; ++k) {
    n += snprintf(label + n, LABEL_SIZE - (size_t)n, ", %s %g", scored->knobs->names[k],
                  (double)scored->take->knobs[k]);
  }
}

static void
report_score(const Session* const s, const Scored* const scored, const uint32_t index,
             const ScoreResult* const score)
{
  json_t* const event = events_begin("score");
  cli_json_set_text(event, "part", scored->what);
  cli_json_set_text(event, "against", model_file_has_teacher(&s->model) ? "capture" : "target");
  cli_json_set_number(event, "sample_rate", session_material(s, index).sample_rate);
  if (scored->knobs) {
    json_t* const knobs = json_object();
    for (uint32_t k = 0; k < scored->knobs->n; ++k) {
      cli_json_set_number(knobs, scored->knobs->names[k], (double)scored->take->knobs[k]);
    }
    cli_json_set(event, "knobs", knobs);
  }
  cli_json_set(event, "score", score_text_json(score));
  events_print(event);
}

static void
print_scored(Session* const s, const Scored* const scored, const uint32_t index,
             const ScoreResult* const score)
{
  char what[LABEL_SIZE];
  char label[LABEL_SIZE + 32];
  char place[LABEL_SIZE + 64];
  const bool is_taught = model_file_has_teacher(&s->model);
  label_take(scored, what);
  (void)snprintf(label, sizeof(label), "%s%s", what, is_taught ? " against the capture" : "");
  (void)snprintf(place, sizeof(place), "%s at %g Hz", label,
                 session_material(s, index).sample_rate);
  if (events_are_json()) {
    report_score(s, scored, index, score);
  } else {
    score_text_print(s->n_resampled ? place : label, score, progress_columns());
  }
  score_list_add(&s->scores, place, score);
}

void
summary_print_set(Session* const s, const char* const what, const uint32_t index,
                  const ScoreResult* const score)
{
  print_scored(s, &(Scored){.what = what}, index, score);
}

/// Return true if the training went on although something was found that should stop it
static bool
has_stop(const Recording* const r)
{
  for (uint32_t i = 0; i < r->n_takes; ++i) {
    if (findings_first_stop(&r->findings[i])) {
      return true;
    }
  }
  return false;
}

/// Return why a model may be no match, and what helps
static const char*
find_reason(const TrainOptions* const o, const Session* const s, const bool is_interrupted)
{
  return is_interrupted                      ? "the training was ended early; --resume continues it"
         : model_file_has_teacher(&s->model) ? "more time (-t) or more units (-H) help"
         : has_stop(&s->train)    ? "the examination found what can't be learned; see above"
         : o->examine.has_latency ? "--latency may be wrong; without it, the delay is looked for"
         : s->model.record.updates < FEW_UPDATES
             ? "it learned for a short time only; more time (-t) helps"
             : "are these files a pair, and is the gear without reverb, delay and chorus?";
}

/// Report how close the model came; if that is not close, with the reason
static void
report_verdict(const Session* const s, const char* const reason)
{
  json_t* const event = events_begin("verdict");
  cli_json_set_number(event, "esr", s->model.record.esr);
  cli_json_set_bool(event, "is_close", !reason);
  cli_json_set_text(event, "text",
                    verdict_on(s->model.record.esr, model_file_has_teacher(&s->model)));
  cli_json_set_text(event, "reason", reason);
  events_print(event);
}

void
summary_print_verdict(const TrainOptions* const o, const Session* const s,
                      const bool is_interrupted)
{
  const double esr = s->model.record.esr;
  CliLine line = {.stream = stdout, .width = progress_columns()};
  if (events_are_json()) {
    report_verdict(s, esr > METRICS_CLOSE_ESR ? find_reason(o, s, is_interrupted) : NULL);
    return;
  }
  if (!o->is_quiet) {
    (void)printf("%s\n", verdict_on(esr, model_file_has_teacher(&s->model)));
  }
  if (esr > METRICS_CLOSE_ESR) {
    cli_line_add_words(&line, "note: this is not close (-20 dB is good);");
    cli_line_add_words(&line, find_reason(o, s, is_interrupted));
    cli_line_end(&line);
  }
}

Status
summary_print_settings(const TrainOptions* const o, Session* const s, const uint32_t index,
                       const SummaryPart part)
{
  for (uint32_t i = 0; i < part.recording->n_takes && o->knobs.n; ++i) {
    const Take* const take = &part.recording->takes[i];
    const Dataset own = dataset_of_take(part.dataset, take);
    ScoreResult score = {0};
    if (trainer_evaluate(&o->trainer, session_params(s, index), &own, &score)) {
      return STATUS_NO_MEMORY;
    }
    print_scored(s, &(Scored){part.what, &o->knobs, take}, index, &score);
  }
  return STATUS_OK;
}

Status
summary_print_takes(const TrainOptions* const o, Session* const s, Message* const message)
{
  const bool is_apart = s->validation.n_takes > 0;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i <= s->model.n_others && !status; ++i) {
    const RatesMaterial m = session_material(s, i);
    const SummaryPart learned = {"learned from", &s->train, m.train};
    status =
        summary_print_settings(o, s, i,
                               is_apart ? (SummaryPart){"validation", &s->validation, m.validation}
                                        : (SummaryPart){"held-out part", &s->train, m.validation});
    if (!status && is_apart) {
      status = summary_print_settings(o, s, i, learned);
    }
  }
  return status ? status_fail(message, status, "out of memory") : STATUS_OK;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What does the page say in words and numbers? Main thread.

#include "core/decibel.h"
#include "core/params.h"
#include "train/audio/esr.h"
#include "train/capture/findings.h"
#include "train/report/html.h"
#include "train/report/sections.h"
#include "train/report/verdict.h"

#include <math.h>
#include <time.h>

/// Write "BEFORE TEXT · " unless the text is empty
static void
write_part(FILE* const out, const char* const before, const char* const text)
{
  if (text[0]) {
    (void)fputs(before, out);
    html_text(out, text);
    (void)fputs(" · ", out);
  }
}

static void
write_date(FILE* const out)
{
  const time_t now = time(NULL);
  struct tm day;
  char text[32] = "";
  if (gmtime_r(&now, &day)) {
    (void)strftime(text, sizeof(text), "%Y-%m-%d", &day);
  }
  (void)fputs(text, out);
}

/// Write a level, with a minus sign where it is negative
static void
write_db(FILE* const out, const double ratio)
{
  char text[32];
  (void)snprintf(text, sizeof(text), "%.1f\u00a0dB", decibel_of_power(ratio));
  html_text_with_numbers(out, text);
}

static void
write_ratio(FILE* const out, const char* const name, const double ratio)
{
  if (ratio > 0.0) {
    (void)fputs("<div><b>", out);
    write_db(out, ratio);
    (void)fprintf(out, "</b>%s: %.5f</div>\n", name, ratio);
  }
}

/// Say how close the model came, and what helps if that is not close
static void
write_verdict(FILE* const out, const ModelRecord* const record, const bool is_taught)
{
  (void)fprintf(out, "<p class=\"verdict\">%s", verdict_on(record->esr, is_taught));
  if (record->esr > 0.01 && is_taught) {
    (void)fputs(" Longer training or a larger model helps.", out);
  } else if (record->esr > METRICS_CLOSE_ESR) {
    (void)fprintf(out,
                  " Check the recording's examination below first (or train longer: this run had "
                  "%.0f s).",
                  record->seconds);
  } else if (record->esr > 0.01) {
    (void)fputs(" Longer training, a larger model or a better recording helps; see the recording's "
                "examination below.",
                out);
  }
  (void)fputs("</p>\n", out);
}

/// Name the capture in one line
static void
write_teacher(FILE* const out, const ModelFileTeacher* const t)
{
  (void)fprintf(out, "<p class=\"soft\">learned from %s ", model_file_kind_article(t->kind));
  html_text(out, t->kind);
  (void)fputs(": ", out);
  write_part(out, "", t->name);
  html_text(out, t->file);
  (void)fputs("</p>\n", out);
}

/// Describe the model in one line
static void
write_description(FILE* const out, const ModelFile* const m)
{
  const ParamsShape shape = m->params.shape;
  char stage[MODEL_FILE_TEXT_SIZE];
  (void)fputs("<p class=\"soft\">", out);
  write_part(out, "", m->gear);
  write_part(out, "by ", m->author);
  write_part(out, "", m->license);
  (void)fprintf(out, "GRU %s, %u units, %zu weights · %g Hz", params_cell_name(shape.cell),
                shape.hidden_size, params_count(shape) - shape.n_taps, m->sample_rate);
  for (uint32_t i = 0; i < m->n_others; ++i) {
    (void)fprintf(out, ", %g Hz", m->others[i].sample_rate);
  }
  model_file_describe_stage(m, stage);
  (void)fprintf(out, "%s%s · trained for %.0f s on ", *stage ? " · linear stage of " : "", stage,
                m->record.seconds);
  write_date(out);
  (void)fputs("</p>\n", out);
}

void
section_head(const Page* const p)
{
  const ModelFile* const m = p->input->model;
  (void)fputs("<header>\n<h1>", p->out);
  html_text(p->out, m->name);
  (void)fputs("</h1>\n", p->out);
  const bool is_taught = model_file_has_teacher(m);
  write_verdict(p->out, &m->record, is_taught);
  (void)fputs("<div class=\"score\">\n", p->out);
  write_ratio(p->out, is_taught ? "ESR against the capture" : "error-to-signal ratio (ESR)",
              m->record.esr);
  write_ratio(p->out, "A-weighted (as we hear)", m->record.esr_a_weighted);
  (void)fputs("</div>\n", p->out);
  write_description(p->out, m);
  if (is_taught) {
    write_teacher(p->out, &m->teacher);
  }
  (void)fputs("</header>\n", p->out);
}

static void
write_cell(FILE* const out, const double ratio)
{
  if (isfinite(ratio)) {
    (void)fprintf(out, "<td class=\"n\">%.6f (", ratio);
    write_db(out, ratio);
    (void)fputs(")</td>", out);
  } else {
    (void)fputs("<td class=\"n\">silent</td>", out);
  }
}

void
section_scores(const Page* const p)
{
  const ScoreList* const scores = p->input->scores;
  section_begin(
      p, "How close it is",
      "Error power divided by the $'s power: −20 dB (0.01) is good, −30 dB (0.001) is hard "
      "to tell from the real thing. The pre-emphasised and A-weighted errors weigh treble more, as "
      "our ears do. The last column is the average over the worst 5 % of the 50 ms moments that "
      "have "
      "sound: rests and what noise covers don't count.");
  (void)fputs("<div class=\"wide\"><table id=\"scores\">\n<tr><th></th><th class=\"n\">ESR</th>"
              "<th class=\"n\">pre-emphasised</th><th class=\"n\">A-weighted</th>"
              "<th class=\"n\">worst 5 %</th></tr>\n",
              p->out);
  for (uint32_t i = 0; i < scores->n; ++i) {
    const ScoreResult* const s = &scores->rows[i].score;
    const double ratios[] = {s->esr, s->esr_pre_emphasis, s->esr_a_weighted, s->esr_worst};
    (void)fputs("<tr><td>", p->out);
    html_text(p->out, scores->rows[i].label);
    (void)fputs("</td>", p->out);
    for (size_t k = 0; k < sizeof(ratios) / sizeof(ratios[0]); ++k) {
      write_cell(p->out, ratios[k]);
    }
    (void)fputs("</tr>\n", p->out);
  }
  (void)fputs("</table></div>\n", p->out);
  section_write_no_stage(p);
  html_end_section(p->out);
}

static void
write_finding(FILE* const out, const Finding* const f)
{
  static const char* const classes[] = {"ok", "note", "fixed", "stop"}; // As in Verdict
  (void)fprintf(out, "<tr><td class=\"%s\">%s</td><td>", classes[f->verdict],
                finding_verdict(f->verdict));
  html_text(out, f->name);
  (void)fputs("</td><td>", out);
  html_text_with_numbers(out, f->value);
  (void)fputs("</td><td class=\"soft\">", out);
  html_text_with_numbers(out, f->remedy);
  (void)fputs("</td></tr>\n", out);
}

static void
write_examination(FILE* const out, const ReportTake* const take, const bool is_open)
{
  (void)fprintf(out, "<details%s><summary>", is_open ? " open" : "");
  html_text(out, take->input);
  (void)fputs(" → ", out);
  html_text(out, take->target);
  (void)fputs("</summary>\n<div class=\"wide\"><table class=\"findings\">\n", out);
  for (uint32_t i = 0; i < take->findings->n; ++i) {
    write_finding(out, &take->findings->items[i]);
  }
  (void)fputs("</table></div></details>\n", out);
}

/// Write a row of what is known of a capture, unless that is empty
static void
write_fact(FILE* const out, const char* const name, const char* const value)
{
  if (value[0]) {
    (void)fprintf(out, "<tr><td>%s</td><td>", name);
    html_text(out, value);
    (void)fputs("</td></tr>\n", out);
  }
}

static void
write_capture(const Page* const p)
{
  const ModelFileTeacher* const t = &p->input->model->teacher;
  html_begin_section(p->out, "The capture",
                     "The model learned from what this capture plays, which is neither late nor "
                     "noisy. All errors on this page are against the capture, not against the gear "
                     "that it was made from.");
  (void)fputs("<div class=\"wide\"><table class=\"findings\">\n", p->out);
  write_fact(p->out, "kind", t->kind);
  write_fact(p->out, "name", t->name);
  write_fact(p->out, "file", t->file);
  write_fact(p->out, "hash", t->hash);
  if (t->gear_esr > 0.0) {
    char esr[64];
    (void)snprintf(esr, sizeof(esr), "ESR %.5f, as the capture says", t->gear_esr);
    write_fact(p->out, "to its gear", esr);
  }
  write_fact(p->out, "it played", p->input->takes[0].input);
  (void)fputs("</table></div>\n", p->out);
  html_end_section(p->out);
}

void
section_examination(const Page* const p)
{
  char paragraph[256];
  if (model_file_has_teacher(p->input->model)) {
    write_capture(p);
    return;
  }
  (void)snprintf(paragraph, sizeof(paragraph),
                 "What the examination found before the training. Lines marked <em>%s</em> were "
                 "corrected in what the model learned from; your files are unchanged.",
                 finding_verdict(VERDICT_FIXED));
  html_begin_section(p->out, "The recording", paragraph);
  for (uint32_t i = 0; i < p->input->n_takes; ++i) {
    write_examination(p->out, &p->input->takes[i], i == 0);
  }
  html_end_section(p->out);
}

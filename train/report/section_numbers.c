// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is told in words and numbers? Main thread.

#include "core/decibel.h"
#include "core/params.h"
#include "train/audio/esr.h"
#include "train/capture/findings.h"
#include "train/report/html.h"
#include "train/report/sections.h"

#include <math.h>
#include <time.h>

/// Write "TEXT · " if there is one
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

static void
write_ratio(FILE* const out, const char* const what, const double ratio)
{
  if (ratio > 0.0) {
    (void)fprintf(out, "<div><b>%.1f dB</b>%s %.5f</div>\n", decibel_of_power(ratio), what, ratio);
  }
}

static const char*
verdict_of(const double esr)
{
  return esr <= 0.0      ? "The recording that it is judged by is silent."
         : esr <= 0.001  ? "Hard to tell from the real thing."
         : esr <= 0.0032 ? "Very close: a difference is heard only side by side, if at all."
         : esr <= 0.01   ? "Good: close, with differences a careful listener may hear."
         : esr <= 0.1    ? "Audibly different. A longer training, a larger model, or a better "
                           "recording helps; see the examination below."
                         : "Far from it. Look at the examination of the recording first.";
}

void
section_head(const Page* const p)
{
  const ModelFile* const m = p->input->model;
  const ParamsShape shape = m->params.shape;
  (void)fputs("<header>\n<h1>", p->out);
  html_text(p->out, m->name);
  (void)fputs("</h1>\n<p class=\"soft\">", p->out);
  write_part(p->out, "", m->gear);
  write_part(p->out, "by ", m->author);
  write_part(p->out, "", m->license);
  (void)fprintf(p->out, "GRU %s, %u units, %zu weights · %g Hz", params_cell_name(shape.cell),
                shape.hidden_size, params_count(shape), m->sample_rate);
  for (uint32_t i = 0; i < m->n_others; ++i) {
    (void)fprintf(p->out, ", %g Hz", m->others[i].sample_rate);
  }
  (void)fprintf(p->out, " · trained for %.0f s, ", m->record.seconds);
  write_date(p->out);
  (void)fprintf(p->out, "</p>\n<p>%s</p>\n<div class=\"score\">\n", verdict_of(m->record.esr));
  write_ratio(p->out, "error-to-signal ratio", m->record.esr);
  write_ratio(p->out, "A-weighted, as the ear hears", m->record.esr_a_weighted);
  (void)fputs("</div>\n</header>\n", p->out);
}

static void
write_cell(FILE* const out, const double ratio)
{
  if (isfinite(ratio)) {
    (void)fprintf(out, "<td class=\"n\">%.6f (%.1f dB)</td>", ratio, decibel_of_power(ratio));
  } else {
    (void)fputs("<td class=\"n\">silent</td>", out);
  }
}

void
section_scores(const Page* const p)
{
  const ScoreList* const scores = p->input->scores;
  html_begin_section(
      p->out, "How close it is",
      "Power of the difference, as part of that of the recording; −20 dB (0.01) is good, −30 dB "
      "(0.001) hard to tell from the real thing. Pre-emphasised and A-weighted errors count treble "
      "as ears do. The worst 5 % of all moments of 50 ms are often the silence after a loud note, "
      "where even an error below all hearing is large against what is left.");
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
  html_end_section(p->out);
}

static void
write_finding(FILE* const out, const Finding* const f)
{
  const char* const verdict = finding_verdict(f->verdict);
  (void)fprintf(out, "<tr><td class=\"%s\">%s</td><td>", verdict, verdict);
  html_text(out, f->name);
  (void)fputs("</td><td>", out);
  html_text(out, f->value);
  (void)fputs("</td><td class=\"soft\">", out);
  html_text(out, f->remedy);
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

void
section_examination(const Page* const p)
{
  html_begin_section(p->out, "The recording",
                     "What was found out before the training. What says <em>mended</em> was put "
                     "right in what the model learned from; the files are as they were.");
  for (uint32_t i = 0; i < p->input->n_takes; ++i) {
    write_examination(p->out, &p->input->takes[i], i == 0);
  }
  html_end_section(p->out);
}

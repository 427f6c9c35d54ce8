// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Prints the findings as lines of a table, with remedies below them. Main thread.

#include "train/capture/findings.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define INDENT 25 ///< Of a remedy
#define WIDTH 80

/// What training from a recording that should stop it comes to
typedef struct {
  const char* name; ///< Of the finding
  const char* risk;
} StopRisk;

static const StopRisk risks[] = {
    {"Length", "so little sound teaches only those few notes"},
    {"Input level", "the model will know nothing about playing that is louder"},
    {"Target level", "it learns from whatever noise there is"},
    {"Difference", "the model changes nothing but the level"},
    {"Order", "if they are swapped, the model takes distortion away"},
    {"Match", "if they are not of one take, it learns nothing"},
    {"Latency", "nothing is shifted, and a model can't learn what comes before its cause"},
    {"Clock drift", "the files run apart, and it learns next to nothing"},
    {"Target clips", "it learns the converter's clipping, too"},
    {"Silence", "it learns to fall silent"},
    {"Noise floor", "it comes no closer than the noise"},
};

static const char*
risk_of(const char* const name)
{
  for (size_t i = 0; i < sizeof(risks) / sizeof(risks[0]); ++i) {
    if (!strcmp(risks[i].name, name)) {
      return risks[i].risk;
    }
  }
  return "the model may be useless";
}

/// Write a finding's remedy, and for one that stops, what --force would do, if it doesn't say so
static void
write_remedy(Finding* const finding, const char* const remedy)
{
  if (finding->verdict == VERDICT_STOP && !strstr(remedy, "--force")) {
    (void)snprintf(finding->remedy, sizeof(finding->remedy), "%s --force trains anyway: %s.",
                   remedy, risk_of(finding->name));
  } else {
    (void)snprintf(finding->remedy, sizeof(finding->remedy), "%s", finding->verdict ? remedy : "");
  }
}

void
finding_add(Findings* const findings, const char* const name, const Verdict verdict,
            const char* const remedy, const char* const value, ...)
{
  if (findings->n == FINDINGS_MAX) {
    return;
  }
  Finding* const finding = &findings->items[findings->n++];
  va_list arguments;
  va_start(arguments, value);
  (void)vsnprintf(finding->value, sizeof(finding->value), value, arguments);
  va_end(arguments);
  (void)snprintf(finding->name, sizeof(finding->name), "%s", name);
  finding->verdict = verdict;
  write_remedy(finding, remedy);
}

/// Return the line with this name, to be changed
static Finding*
find_line(Findings* const findings, const char* const name)
{
  for (uint32_t i = 0; i < findings->n; ++i) {
    if (!strcmp(findings->items[i].name, name)) {
      return &findings->items[i];
    }
  }
  return NULL;
}

void
finding_replace(Findings* const findings, const char* const name, const Verdict verdict,
                const char* const remedy, ...)
{
  Finding* const finding = find_line(findings, name);
  va_list arguments;
  va_start(arguments, remedy);
  if (finding) {
    (void)vsnprintf(finding->remedy, sizeof(finding->remedy), remedy, arguments);
    finding->verdict = verdict;
  }
  va_end(arguments);
}

const Finding*
finding_of(const Findings* const findings, const char* const name)
{
  for (uint32_t i = 0; i < findings->n; ++i) {
    if (!strcmp(findings->items[i].name, name)) {
      return &findings->items[i];
    }
  }
  return NULL;
}

const char*
finding_verdict(const Verdict verdict)
{
  static const char* const words[] = {"ok", "note", "fixed", "STOP"};
  return words[verdict];
}

const Finding*
findings_first_stop(const Findings* const findings)
{
  for (uint32_t i = 0; i < findings->n; ++i) {
    if (findings->items[i].verdict == VERDICT_STOP) {
      return &findings->items[i];
    }
  }
  return NULL;
}

/// Print a text in lines of up to WIDTH
static void
print_wrapped(const char* const text)
{
  const char* left = text;
  while (*left) {
    size_t n = strlen(left);
    if (n > WIDTH - INDENT) {
      n = WIDTH - INDENT;
      while (n > 1 && left[n] != ' ') {
        --n;
      }
    }
    (void)printf("%*s%.*s\n", INDENT, "", (int)n, left);
    left += n;
    left += *left == ' ';
  }
}

void
findings_print(const Findings* const findings, const bool only_faults)
{
  for (uint32_t i = 0; i < findings->n; ++i) {
    const Finding* const f = &findings->items[i];
    if (f->verdict || !only_faults) {
      (void)printf("  %-6s  %-13s  %s\n", finding_verdict(f->verdict), f->name, f->value);
      print_wrapped(f->remedy);
    }
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads what another program takes for a sample.

#include "bench/against.h"

#include "core/params.h"

#include <math.h>
#include <string.h>

static bool
has_size(const Against* const a, const uint32_t hidden_size)
{
  for (size_t k = 0; k < a->n; ++k) {
    if (a->figures[k].hidden_size == hidden_size) {
      return true;
    }
  }
  return false;
}

/// Add a line, without its comment; return what is wrong with it, or NULL
static const char*
add_line(Against* const a, const char* const line)
{
  unsigned size = 0;
  double ns = 0.0;
  char rest = '\0';
  if (!line[strspn(line, " \t\r\n")]) {
    return NULL;
  }
  if (sscanf(line, "%u %lf %c", &size, &ns, &rest) != 2 || !isfinite(ns) || ns <= 0.0) {
    return "expected SIZE NANOSECONDS, for example 16 51.2";
  }
  if (size < 1 || size > PARAMS_MAX_HIDDEN_SIZE) {
    return "no such hidden size";
  }
  if (has_size(a, size)) {
    return "the same size again";
  }
  if (a->n == AGAINST_MAX_SIZES) {
    return "too many sizes";
  }
  a->figures[a->n++] = (AgainstFigure){size, ns};
  return NULL;
}

bool
against_read(FILE* const text, Against* const against, char fault[AGAINST_FAULT_SIZE])
{
  char line[256];
  unsigned number = 0;
  against->n = 0;
  while (fgets(line, sizeof(line), text)) {
    ++number;
    line[strcspn(line, "#")] = '\0';
    const char* const wrong = add_line(against, line);
    if (wrong) {
      (void)snprintf(fault, AGAINST_FAULT_SIZE, "line %u: %s", number, wrong);
      return false;
    }
  }
  if (against->n == 0) {
    (void)snprintf(fault, AGAINST_FAULT_SIZE, "no figures; expected lines of SIZE NANOSECONDS");
    return false;
  }
  return true;
}

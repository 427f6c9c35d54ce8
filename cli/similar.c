// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Compares words by the edits between them.

#include "cli/similar.h"

#include <stdint.h>
#include <string.h>

#define MAX_LETTERS 63U

static size_t
least_of(const size_t a, const size_t b)
{
  return a < b ? a : b;
}

size_t
cli_word_distance(const char* const a, const char* const b)
{
  size_t d[MAX_LETTERS + 1][MAX_LETTERS + 1]; // Between the first i letters of a and j of b
  const size_t n = strlen(a);
  const size_t m = strlen(b);
  if (n > MAX_LETTERS || m > MAX_LETTERS) {
    return SIZE_MAX;
  }
  for (size_t i = 0; i <= n; ++i) {
    for (size_t j = 0; j <= m; ++j) {
      if (!i || !j) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = least_of(d[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
                         1 + least_of(d[i - 1][j], d[i][j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = least_of(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[n][m];
}

bool
cli_is_near(const char* const typed, const size_t distance)
{
  const size_t most = strlen(typed) / 3;
  return distance <= (most > 3 ? 3 : most);
}

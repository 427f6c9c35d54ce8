// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Renders numbers through a capture, for reference.py to compare.
// Usage: render_capture CAPTURE N_THREADS <floats >floats. Exit status 2 with a message if the
// capture can't be read.

#include "train/teacher/teacher.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_FRAMES 300000U

int
main(const int argc, char** const argv)
{
  static float in[MAX_FRAMES];
  static float out[MAX_FRAMES];
  Teacher* teacher = NULL;
  Pool* pool = NULL;
  Message message = {""};
  const uint32_t n_threads = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
  if (!n_threads || teacher_read(argv[1], &teacher, &message)) {
    (void)fprintf(stderr, "%s\n", message.text);
    return 2;
  }
  const size_t n = fread(in, sizeof(float), MAX_FRAMES, stdin);
  if (pool_new(n_threads, &pool) || teacher_render(teacher, pool, in, n, out)) {
    return 1;
  }
  const size_t n_written = fwrite(out, sizeof(float), n, stdout);
  pool_free(pool);
  teacher_free(teacher);
  return n_written == n ? 0 : 1;
}

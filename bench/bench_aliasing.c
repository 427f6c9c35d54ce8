// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How much of a high note folds back to pitches that were not played, at each quality, for the
// model files that are named.

#include "bench/aliasing.h"
#include "core/format/model_file_io.h"
#include "core/model/model.h"

#include <stdio.h>

#define RATE 48000.0

static const AliasingNote note = {4186.0, RATE};

static int
print_row(const char* const path)
{
  static float x[ALIASING_FRAMES];
  Message message = {""};
  ModelFile file = {0};
  if (model_file_read(path, &file, &message)) {
    (void)fprintf(stderr, "%s\n", message.text);
    return 1;
  }
  (void)printf("| %s |", file.name);
  for (uint32_t oversampling = 1; oversampling <= 4; oversampling *= 2) {
    Model* model = NULL;
    if (model_new(&file, (ModelUse){RATE, 1, oversampling}, &model)) {
      return 1;
    }
    aliasing_play(note, x);
    model_run(model, (const float* const[]){x}, (float* const[]){x}, ALIASING_FRAMES);
    (void)printf(" %.1f |", aliasing_db(note, x));
    model_free(model);
  }
  (void)printf("\n");
  model_file_clear(&file);
  return 0;
}

int
main(const int argc, char** const argv)
{
  int failed = argc < 2;
  if (failed) {
    (void)fputs("Usage: bench_aliasing MODEL.json...\n", stderr);
  }
  (void)printf("| %.0f Hz, -6 dBFS [dB] | normal | 2x | 4x |\n|---|---|---|---|\n", note.hz);
  for (int i = 1; i < argc; ++i) {
    failed |= print_row(argv[i]);
  }
  return failed;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Model files of all formats, written and read again: they stay the same.

#include "core/format/formats.h"
#include "core/format/model_file_io.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_mutator.h"
#include "tests/fuzz/json_seeds.h"

#include <stdlib.h>
#include <string.h>

const size_t fuzz_json_begin = 0;

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_models(seeds, 0);
}

/// Check that two models are the same, weight by weight
static void
check_same(const ModelFile* const a, const ModelFile* const b)
{
  fuzz_check(params_shapes_are_equal(a->params.shape, b->params.shape));
  fuzz_check(
      !memcmp(a->params.values, b->params.values, params_count(a->params.shape) * sizeof(float)));
  fuzz_check(a->n_others == b->n_others);
  fuzz_check(!strcmp(a->name, b->name) && !strcmp(a->author, b->author));
  fuzz_check(!strcmp(a->gear, b->gear) && !strcmp(a->license, b->license));
  fuzz_check(!memcmp(a->knobs, b->knobs, sizeof(a->knobs)) || a->params.shape.n_inputs > 1);
}

/// Write a model, and check that it is read as what it was, and written as it was
static void
check_written(const ModelFile* const file)
{
  ModelFile again = {0};
  char* text = NULL;
  char* text_again = NULL;
  Message message = {""};
  const Status status = model_json_encode(file, &text, &message);
  if (status) {
    fuzz_check(status == STATUS_UNSUPPORTED);
    fuzz_check_message(&message);
    return;
  }
  fuzz_check(!model_json_decode(text, strlen(text), "again.json", &again, &message));
  check_same(file, &again);
  fuzz_check(!model_json_encode(&again, &text_again, &message) && !strcmp(text, text_again));
  free(text);
  free(text_again);
  model_file_clear(&again);
}

/// The same as GuitarML's players read it
static void
check_written_for_others(const ModelFile* const file)
{
  ModelFile again = {0};
  char* text = NULL;
  Message message = {""};
  if (model_json_encode_guitarml(file, &text, &message)) {
    fuzz_check_message(&message);
    return;
  }
  fuzz_check(!model_json_decode(text, strlen(text), "again.json", &again, &message));
  free(text);
  model_file_clear(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  ModelFile file = {0};
  if (model_file_parse((const char*)data, size, "input.json", &file, NULL)) {
    return 0;
  }
  check_written(&file);
  check_written_for_others(&file);
  model_file_clear(&file);
  return 0;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Impulse responses, through to what a cabinet of them plays: it is finite, or the reason why they
// can't be played is told. The first byte chooses how they are played.

#include "core/engine/load.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sound_seeds.h"

#include <math.h>

#define N_FRAMES 300U

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_sounds(seeds, 1);
}

static void
play_cabinet(Convolver* const cabinet, const uint32_t n_channels)
{
  static float x[2][N_FRAMES];
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    x[0][i] = x[1][i] = i % 7 ? 0.1F : -0.6F;
  }
  convolver_run(cabinet, (const float* const[]){x[0], x[1]}, (float* const[]){x[0], x[1]},
                N_FRAMES);
  for (uint32_t i = 0; i < N_FRAMES; ++i) {
    fuzz_check(isfinite(x[0][i]) && (n_channels < 2 || isfinite(x[1][i])));
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static const double rates[] = {48000.0, 44100.0, 8000.0, 192000.0};
  FuzzBytes input = {data, size};
  const uint32_t manner = fuzz_take(&input);
  const Content content = {(char*)input.bytes, input.size};
  const LoadSource source = {.content = &content, .name = "input.wav"};
  const CabinetUse use = {rates[manner / 2 % 4], 1 + manner % 2};
  Convolver* cabinet = NULL;
  LoadRemarks remarks = {{""}, {""}, {.has_cabinet = false}};
  Message message = {""};
  if (load_cabinet(source, use, &cabinet, &remarks, &message)) {
    fuzz_check_message(&message);
    return 0;
  }
  fuzz_check_text(remarks.warning.text);
  play_cabinet(cabinet, use.n_channels);
  convolver_free(cabinet);
  return 0;
}

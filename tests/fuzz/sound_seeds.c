// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/fuzz/sound_seeds.h"

#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

#define N_FRAMES 64
#define MAX_SIZE 8192U

typedef struct {
  const char* name;
  int format;
  int n_channels;
} Kind;

static const Kind kinds[] = {
    {"wav-16", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1},
    {"wav-24", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 2},
    {"wav-float", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1},
    {"wav-adpcm", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, 1},
    {"rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, 3},
    {"w64", SF_FORMAT_W64 | SF_FORMAT_DOUBLE, 1},
    {"aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1},
    {"au", SF_FORMAT_AU | SF_FORMAT_ULAW, 1},
    {"caf", SF_FORMAT_CAF | SF_FORMAT_PCM_24, 1},
    {"flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1},
};

static void
write_sound(const Kind* const kind, const char* const path)
{
  float samples[3 * N_FRAMES];
  SF_INFO info = {.samplerate = 48000, .channels = kind->n_channels, .format = kind->format};
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  for (int i = 0; i < N_FRAMES * kind->n_channels; ++i) {
    samples[i] = (i % 2 ? 0.7F : -0.5F) / (1.0F + 0.1F * (float)i);
  }
  fuzz_check(file && sf_writef_float(file, samples, N_FRAMES) == N_FRAMES);
  (void)sf_close(file);
}

void
fuzz_give_sounds(const FuzzSeeds* const seeds, const size_t n_before)
{
  for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
    char bytes[MAX_SIZE] = "";
    char path[128];
    (void)snprintf(path, sizeof(path), "%s/sound", fuzz_folder());
    write_sound(&kinds[i], path);
    FILE* const file = fopen(path, "rbe");
    fuzz_check(file != NULL);
    const size_t n = fread(bytes + n_before, 1, MAX_SIZE - n_before, file);
    fuzz_check(!fclose(file) && n < MAX_SIZE - n_before);
    fuzz_give(seeds, kinds[i].name, bytes, n_before + n);
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Recordings, as the trainer reads them: every sample is finite and none beyond the file's number,
// or the reason why not is told. The first byte chooses the channel.

#include "train/audio/wav.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sound_seeds.h"

#include <math.h>

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_sounds(seeds, 1);
}

static void
check_channels(const WavReader* const reader)
{
  const WavChannels channels = wav_reader_channels(reader);
  fuzz_check(channels.n >= 1 && channels.read >= 1 && channels.read <= channels.n);
  fuzz_check(channels.loudest >= 1 && channels.loudest <= channels.n);
}

static void
read_all(WavReader* const reader)
{
  static float samples[WAV_BLOCK];
  uint64_t n_all = 0;
  uint32_t n = 1;
  Message message = {""};
  while (n) {
    if (wav_reader_read(reader, samples, WAV_BLOCK, &n, &message)) {
      fuzz_check_message(&message);
      return;
    }
    for (uint32_t i = 0; i < n; ++i) {
      fuzz_check(isfinite(samples[i]));
    }
    n_all += n;
  }
  fuzz_check(n_all <= reader->n_frames);
  check_channels(reader);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  WavReader reader = {.file = NULL};
  Message message = {""};
  const uint32_t channel = fuzz_take_below(&input, 4);
  if (wav_reader_open(&reader, fuzz_file(input.bytes, input.size), channel, &message)) {
    fuzz_check_message(&message);
  } else {
    fuzz_check(isfinite(reader.sample_rate) && reader.sample_rate > 0.0);
    fuzz_check(reader.channel < reader.n_channels);
    fuzz_check(isfinite(reader.cut.said) && isfinite(reader.cut.held));
    read_all(&reader);
  }
  wav_reader_close(&reader);
  return 0;
}

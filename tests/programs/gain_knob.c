// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// gain_knob IN.wav OUT.wav KNOB: plays the first channel like an amplifier whose gain knob k is at
// KNOB, 0..1: y = tanh((1 + 4 k) x).

#include "train/audio/wav.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

int
main(const int argc, char** const argv)
{
  Wav wav = {0};
  Message message = {"usage: gain_knob IN.wav OUT.wav KNOB"};
  if (argc != 4 || wav_read(argv[1], 0, &wav, &message)) {
    (void)fprintf(stderr, "%s\n", message.text);
    return 1;
  }
  const double gain = 1.0 + 4.0 * strtod(argv[3], NULL);
  SF_INFO info = {
      .samplerate = (int)wav.sample_rate, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE* const out = sf_open(argv[2], SFM_WRITE, &info);
  uint64_t n_written = 0;
  for (uint64_t i = 0; out && i < wav.n_frames; ++i) {
    const float y = (float)tanh(gain * (double)wav.samples[i]);
    n_written += (uint64_t)sf_writef_float(out, &y, 1);
  }
  const int failed = !out || n_written != wav.n_frames || sf_close(out);
  wav_clear(&wav);
  return failed;
}

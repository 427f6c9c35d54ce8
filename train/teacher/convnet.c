// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The forward pass of a ConvNet: convolutions, each before an activation, then a linear head.
// Batch normalisation is in the weights already. Offline.

#include "train/teacher/stream.h"

void
stream_run_convnet(Stream* const stream, const float* const in, float* const out)
{
  const ConvNet* const net = &stream->net->convnet;
  const float* x = in;
  for (uint32_t i = 0; i < net->n_convs; ++i) {
    float* const y = stream->signals[i % 2 ? SIGNAL_LAYER : SIGNAL_NEXT_LAYER];
    stream_convolve(stream, &net->convs[i], x, y, false);
    stream_activate(stream, &net->activation, net->convs[i].n_out, y);
    x = y;
  }
  stream_convolve(stream, &net->head, x, out, false);
}

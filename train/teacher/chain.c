// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The forward pass of layers one after another. Offline.

#include "train/teacher/stream.h"

#include <string.h>

static void
run_layer(Stream* const s, const ChainLayer* const layer, const float* const x, float* const y)
{
  switch (layer->kind) {
  case CHAIN_CONV:
    stream_convolve(s, &layer->conv, x, y, false);
    break;
  case CHAIN_RECURRENT:
    recurrent_run(&s->recurrents[layer->recurrent.number], x, y);
    break;
  case CHAIN_ACTIVATION:
    memcpy(y, x, (size_t)layer->conv.n_out * TEACHER_BLOCK * sizeof(float));
    break;
  }
  stream_activate(s, &layer->activation, net_chain_width(layer), y);
}

void
stream_run_chain(Stream* const stream, const float* const in, float* const out)
{
  const Chain* const chain = &stream->net->chain;
  float* const scaled = stream->signals[SIGNAL_CONDITION];
  const float* x = scaled;
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    scaled[t] = chain->input_gain * in[t];
  }
  for (uint32_t l = 0; l < chain->n_layers; ++l) {
    float* const y = stream->signals[l % 2 ? SIGNAL_LAYER : SIGNAL_NEXT_LAYER];
    run_layer(stream, &chain->layers[l], x, y);
    x = y;
  }
  float* const sum = chain->stage.n_out ? stream->signals[SIGNAL_SUM] : out;
  for (uint32_t t = 0; t < TEACHER_BLOCK; ++t) {
    sum[t] = chain->output_gain * (x[t] + (chain->skip ? scaled[t] : 0.0F));
  }
  if (chain->stage.n_out) {
    stream_convolve(stream, &chain->stage, sum, out, false);
  }
}

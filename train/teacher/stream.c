// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Memory of the convolutions, and what all nets do with them. Offline.

#include "train/teacher/stream.h"

#include "core/memory.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS_BETWEEN_MOVES 8U ///< The past is moved to the front of its buffer as seldom

static Status
init_past(ConvPast* const past, const Conv* const conv)
{
  past->conv = conv;
  past->reach = (conv->n_taps - 1) * conv->dilation;
  past->capacity = past->reach + BLOCKS_BETWEEN_MOVES * TEACHER_BLOCK;
  past->end = past->reach;
  past->past = past->reach ? memory_new_floats((size_t)conv->n_in * past->capacity) : NULL;
  return past->reach && !past->past ? STATUS_NO_MEMORY : STATUS_OK;
}

/// Calls of a visitor for each convolution of a net
typedef struct {
  Stream* stream;
  Status status;
  uint32_t most_taps;
} PastMaker;

static void
make_past(PastMaker* const maker, const Conv* const conv)
{
  const uint32_t n_taps = conv->n_in / (conv->n_groups ? conv->n_groups : 1) * conv->n_taps;
  if (conv->n_out && !maker->status) {
    maker->status = init_past(&maker->stream->pasts[conv->number], conv);
    maker->most_taps = n_taps > maker->most_taps ? n_taps : maker->most_taps;
  }
}

static void
make_layer_pasts(PastMaker* const maker, const WavenetLayer* const layer)
{
  make_past(maker, &layer->conv);
  make_past(maker, &layer->mixin);
  make_past(maker, &layer->layer1x1);
  make_past(maker, &layer->head1x1);
  for (uint32_t i = 0; i < N_FILMS; ++i) {
    make_past(maker, &layer->films[i].conv);
  }
}

static void
make_wavenet_pasts(PastMaker* const maker, const Wavenet* const wavenet)
{
  for (uint32_t a = 0; a < wavenet->n_arrays; ++a) {
    const WavenetArray* const array = &wavenet->arrays[a];
    make_past(maker, &array->rechannel);
    for (uint32_t l = 0; l < array->n_layers; ++l) {
      make_layer_pasts(maker, &array->layers[l]);
    }
    make_past(maker, &array->head);
  }
  for (uint32_t i = 0; i < wavenet->head.n_convs; ++i) {
    make_past(maker, &wavenet->head.convs[i]);
  }
}

static Status
make_pasts(Stream* const s)
{
  const Net* const net = s->net;
  PastMaker maker = {s, STATUS_OK, 1};
  make_wavenet_pasts(&maker, &net->wavenet);
  for (uint32_t i = 0; i < net->convnet.n_convs; ++i) {
    make_past(&maker, &net->convnet.convs[i]);
  }
  make_past(&maker, &net->convnet.head);
  make_past(&maker, &net->linear);
  for (uint32_t i = 0; i < net->chain.n_layers; ++i) {
    if (net->chain.layers[i].kind == CHAIN_CONV) {
      make_past(&maker, &net->chain.layers[i].conv);
    }
  }
  make_past(&maker, &net->chain.stage);
  s->taps = (const float**)calloc(maker.most_taps, sizeof(*s->taps));
  return s->taps ? maker.status : STATUS_NO_MEMORY;
}

static Status
init_recurrents(const Stream* const s)
{
  const Chain* const chain = &s->net->chain;
  Status status = STATUS_OK;
  for (uint32_t i = 0; i < chain->n_layers && !status; ++i) {
    const Recurrent* const layer = &chain->layers[i].recurrent;
    if (chain->layers[i].kind == CHAIN_RECURRENT) {
      status = recurrent_init(layer, &s->recurrents[layer->number]);
    }
  }
  return status;
}

static Status
allocate_parts(Stream* const s)
{
  const Net* const net = s->net;
  s->pasts = (ConvPast*)calloc(net->n_convs + 1, sizeof(ConvPast));
  s->recurrents = (RecurrentState*)calloc(net->n_recurrents + 1, sizeof(RecurrentState));
  bool is_complete = s->pasts && s->recurrents;
  for (uint32_t i = 0; i < N_SIGNALS && is_complete; ++i) {
    s->signals[i] = memory_new_floats((size_t)NET_MAX_CHANNELS * TEACHER_BLOCK);
    is_complete = s->signals[i];
  }
  const Status status = is_complete ? make_pasts(s) : STATUS_NO_MEMORY;
  return status ? status : init_recurrents(s);
}

Status
stream_new(const Net* const net, Stream** const stream)
{
  Stream* const s = (Stream*)calloc(1, sizeof(Stream));
  if (!s) {
    return STATUS_NO_MEMORY;
  }
  s->net = net;
  s->kernel = teacher_kernel();
  Status status = allocate_parts(s);
  if (!status && net->wavenet.condition) {
    status = stream_new(net->wavenet.condition, &s->condition);
  }
  if (status) {
    stream_free(s);
    return status;
  }
  *stream = s;
  return STATUS_OK;
}

void
stream_free(Stream* const stream)
{
  if (stream) {
    for (uint32_t i = 0; stream->pasts && i < stream->net->n_convs; ++i) {
      free(stream->pasts[i].past);
    }
    for (uint32_t i = 0; stream->recurrents && i < stream->net->n_recurrents; ++i) {
      recurrent_clear(&stream->recurrents[i]);
    }
    for (uint32_t i = 0; i < N_SIGNALS; ++i) {
      free(stream->signals[i]);
    }
    stream_free(stream->condition);
    free(stream->pasts);
    free(stream->taps);
    free(stream->recurrents);
    free(stream);
  }
}

/// Add a block to the past
static void
append_block(ConvPast* const past, const float* const in)
{
  const bool is_full = past->end + TEACHER_BLOCK > past->capacity;
  for (uint32_t c = 0; c < past->conv->n_in; ++c) {
    float* const row = past->past + (size_t)c * past->capacity;
    if (is_full) {
      memmove(row, row + past->end - past->reach, past->reach * sizeof(float));
    }
    memcpy(row + (is_full ? past->reach : past->end), in + (size_t)c * TEACHER_BLOCK,
           TEACHER_BLOCK * sizeof(float));
  }
  past->end = (is_full ? past->reach : past->end) + TEACHER_BLOCK;
}

/// Point to the taps of one group in the past, or in the block itself without a past
static void
point_to_taps(const ConvPast* const past, const uint32_t group, const float* const in,
              const float** const taps)
{
  const Conv* const conv = past->conv;
  const uint32_t n_in = conv->n_in / conv->n_groups;
  for (uint32_t i = 0; i < n_in; ++i) {
    const size_t channel = (size_t)group * n_in + i;
    const float* const newest =
        past->reach ? past->past + channel * past->capacity + past->end - TEACHER_BLOCK
                    : in + channel * TEACHER_BLOCK;
    for (uint32_t k = 0; k < conv->n_taps; ++k) {
      taps[i * conv->n_taps + k] = newest - (size_t)conv->dilation * (conv->n_taps - 1 - k);
    }
  }
}

void
stream_convolve(Stream* const stream, const Conv* const conv, const float* const in,
                float* const out, const bool adds)
{
  ConvPast* const past = &stream->pasts[conv->number];
  const uint32_t n_rows = conv->n_out / conv->n_groups;
  const uint32_t n_taps = conv->n_in / conv->n_groups * conv->n_taps;
  if (past->reach) {
    append_block(past, in);
  }
  for (uint32_t g = 0; g < conv->n_groups; ++g) {
    const size_t first = (size_t)g * n_rows;
    point_to_taps(past, g, in, stream->taps);
    stream->kernel->multiply(&(TeacherProduct){
        .n_rows = n_rows,
        .n_taps = n_taps,
        .weights = conv->weights + first * n_taps,
        .bias = conv->bias ? conv->bias + first : NULL,
        .taps = stream->taps,
        .out = out + first * TEACHER_BLOCK,
        .adds = adds,
    });
  }
}

void
stream_activate(const Stream* const stream, const Activation* const activation,
                const uint32_t n_channels, float* const x)
{
  for (uint32_t c = 0; c < n_channels; ++c) {
    stream->kernel->activate(activation, c, x + (size_t)c * TEACHER_BLOCK);
  }
}

void
stream_run(Stream* const stream, const float* const in, float* const out)
{
  switch (stream->net->kind) {
  case NET_WAVENET:
    stream_run_wavenet(stream, in, out);
    break;
  case NET_CONVNET:
    stream_run_convnet(stream, in, out);
    break;
  case NET_LINEAR:
    stream_convolve(stream, &stream->net->linear, in, out, false);
    break;
  case NET_CHAIN:
    stream_run_chain(stream, in, out);
    break;
  }
}

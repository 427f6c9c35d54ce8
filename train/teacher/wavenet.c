// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The forward pass of a WaveNet. Offline.
//
// Of each layer, with condition c, input u and sum for the head s:
//
//     z = conv(u) + mixin(c)
//     p = act(z), or, gated, act(z₁) ⊙ gate(z₂)
//     s ← s + head1x1(p)
//     u ← u + layer1x1(p)
//
// Source: van den Oord et al., "WaveNet: A Generative Model for Raw Audio", 2016, in the form of
// NeuralAmpModelerCore, NAM/wavenet/model.cpp.

#include "train/teacher/stream.h"

#include <string.h>

static void
copy_signal(const float* const from, const uint32_t n_channels, float* const to)
{
  memcpy(to, from, (size_t)n_channels * TEACHER_BLOCK * sizeof(float));
}

static void
add_signal(const float* const x, const uint32_t n_channels, float* const sum)
{
  for (size_t i = 0; i < (size_t)n_channels * TEACHER_BLOCK; ++i) {
    sum[i] += x[i];
  }
}

/// x ← x ⊙ m, or x ⊙ m₁ + m₂, with m a linear function of the condition
static void
modulate(Stream* const s, const Film* const film, float* const x)
{
  if (!film->is_active) {
    return;
  }
  float* const m = s->signals[SIGNAL_MODULATION];
  const size_t n = (size_t)film->conv.n_out / (film->has_shift ? 2 : 1) * TEACHER_BLOCK;
  stream_convolve(s, &film->conv, s->signals[SIGNAL_CONDITION], m, false);
  for (size_t i = 0; i < n; ++i) {
    x[i] = x[i] * m[i] + (film->has_shift ? m[n + i] : 0.0F);
  }
}

/// Return a signal as it is, or a modulated copy in SIGNAL_FILMED
static const float*
modulate_copy(Stream* const s, const Film* const film, const uint32_t n_channels,
              const float* const x)
{
  if (!film->is_active) {
    return x;
  }
  copy_signal(x, n_channels, s->signals[SIGNAL_FILMED]);
  modulate(s, film, s->signals[SIGNAL_FILMED]);
  return s->signals[SIGNAL_FILMED];
}

/// sum ← sum + conv(x), modulated
static void
add_convolved(Stream* const s, const Conv* const conv, const Film* const film, const float* const x,
              float* const sum)
{
  float* const y = s->signals[SIGNAL_MIXIN];
  if (!film->is_active) {
    stream_convolve(s, conv, x, sum, true);
    return;
  }
  stream_convolve(s, conv, x, y, false);
  modulate(s, film, y);
  add_signal(y, conv->n_out, sum);
}

/// z = conv(u) + mixin(c)
static void
mix_condition_in(Stream* const s, const WavenetLayer* const layer, const float* const u,
                 float* const z)
{
  const float* const v = modulate_copy(s, &layer->films[FILM_CONV_PRE], layer->conv.n_in, u);
  stream_convolve(s, &layer->conv, v, z, false);
  modulate(s, &layer->films[FILM_CONV_POST], z);
  if (layer->mixin.n_out) {
    const float* const c = modulate_copy(s, &layer->films[FILM_MIXIN_PRE], layer->mixin.n_in,
                                         s->signals[SIGNAL_CONDITION]);
    add_convolved(s, &layer->mixin, &layer->films[FILM_MIXIN_POST], c, z);
  }
  modulate(s, &layer->films[FILM_ACTIVATION_PRE], z);
}

/// p = act(z), gated or blended by the second half of z; in place
static void
apply_activation(const Stream* const s, const WavenetLayer* const layer, float* const z)
{
  const size_t n = (size_t)layer->bottleneck * TEACHER_BLOCK;
  float* const before = s->signals[SIGNAL_FILMED];
  if (layer->mode == GATE_NONE) {
    stream_activate(s, &layer->activation, layer->bottleneck, z);
    return;
  }
  copy_signal(z, layer->bottleneck, before);
  stream_activate(s, &layer->activation, layer->bottleneck, z);
  stream_activate(s, &layer->gate, layer->bottleneck, z + n);
  for (size_t i = 0; i < n; ++i) {
    const float a = z[n + i];
    z[i] = layer->mode == GATE_GATED ? z[i] * a : a * z[i] + (1.0F - a) * before[i];
  }
}

/// s ← s + head1x1(p)
static void
add_to_head(Stream* const s, const WavenetLayer* const layer, const float* const p)
{
  float* const sum = s->signals[SIGNAL_SUM];
  if (layer->head1x1.n_out) {
    add_convolved(s, &layer->head1x1, &layer->films[FILM_HEAD1X1_POST], p, sum);
  } else {
    add_signal(p, layer->bottleneck, sum);
  }
}

/// u ← u + layer1x1(p). NAM's player applies the modulation behind it only in blended layers.
static void
add_to_layer(Stream* const s, const WavenetLayer* const layer, const float* const p, float* const u)
{
  static const Film none = {.is_active = false};
  const bool is_modulated = layer->mode == GATE_BLENDED;
  if (layer->layer1x1.n_out) {
    add_convolved(s, &layer->layer1x1, is_modulated ? &layer->films[FILM_LAYER1X1_POST] : &none, p,
                  u);
  }
}

/// Run an array: `x` to the input of the next one, `u`, and the sum for the head, which begins as
/// `head`, to `next_head`
static void
run_array(Stream* const s, const WavenetArray* const array, const float* const x,
          const float* const head, float* const u, float* const next_head)
{
  float* const z = s->signals[SIGNAL_ACTIVATION];
  float* const sum = s->signals[SIGNAL_SUM];
  stream_convolve(s, &array->rechannel, x, u, false);
  if (head) {
    copy_signal(head, array->n_to_head, sum);
  } else {
    memset(sum, 0, (size_t)array->n_to_head * TEACHER_BLOCK * sizeof(float));
  }
  for (uint32_t l = 0; l < array->n_layers; ++l) {
    const WavenetLayer* const layer = &array->layers[l];
    mix_condition_in(s, layer, u, z);
    apply_activation(s, layer, z);
    modulate(s, &layer->films[FILM_ACTIVATION_POST], z);
    add_to_head(s, layer, z);
    add_to_layer(s, layer, z, u);
  }
  stream_convolve(s, &array->head, sum, next_head, false);
}

static void
swap_signals(Stream* const s, const Signal a, const Signal b)
{
  float* const kept = s->signals[a];
  s->signals[a] = s->signals[b];
  s->signals[b] = kept;
}

/// Run the convolutions behind the arrays on SIGNAL_HEAD
static void
run_head(Stream* const s, const WavenetHead* const head)
{
  for (uint32_t i = 0; i < head->n_convs; ++i) {
    stream_activate(s, &head->activation, head->convs[i].n_in, s->signals[SIGNAL_HEAD]);
    stream_convolve(s, &head->convs[i], s->signals[SIGNAL_HEAD], s->signals[SIGNAL_NEXT_HEAD],
                    false);
    swap_signals(s, SIGNAL_HEAD, SIGNAL_NEXT_HEAD);
  }
}

void
stream_run_wavenet(Stream* const stream, const float* const in, float* const out)
{
  const Wavenet* const w = &stream->net->wavenet;
  if (stream->condition) {
    stream_run(stream->condition, in, stream->signals[SIGNAL_CONDITION]);
  } else {
    copy_signal(in, stream->net->n_in, stream->signals[SIGNAL_CONDITION]);
  }
  for (uint32_t a = 0; a < w->n_arrays; ++a) {
    run_array(stream, &w->arrays[a], a ? stream->signals[SIGNAL_LAYER] : in,
              a ? stream->signals[SIGNAL_HEAD] : NULL, stream->signals[SIGNAL_NEXT_LAYER],
              stream->signals[SIGNAL_NEXT_HEAD]);
    swap_signals(stream, SIGNAL_LAYER, SIGNAL_NEXT_LAYER);
    swap_signals(stream, SIGNAL_HEAD, SIGNAL_NEXT_HEAD);
  }
  run_head(stream, &w->head);
  for (size_t i = 0; i < (size_t)stream->net->n_out * TEACHER_BLOCK; ++i) {
    out[i] = w->scale * stream->signals[SIGNAL_HEAD][i];
  }
}

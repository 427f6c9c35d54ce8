// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The networks that a capture can hold: their shapes, and where their weights are. Offline.
///
/// Signals are matrices of channels and time. Source of those of NAM: NeuralAmpModelerCore
/// (NAM/wavenet, NAM/dsp, NAM/convnet, NAM/lstm), in its order of weights.

#ifndef GRUS_TRAIN_TEACHER_NET_H
#define GRUS_TRAIN_TEACHER_NET_H

#include "core/params.h"
#include "train/teacher/activation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_MAX_CHANNELS 256U ///< Widest signal: scales and shifts of a gated layer of 64

typedef struct NetImpl Net;

/// A causal convolution:
/// y[o][n] = bias[o] + Σ_i Σ_k weights[o][i][k] x[i][n - dilation (n_taps - 1 - k)],
/// where i counts the inputs of the group of o
typedef struct {
  uint32_t n_in;
  uint32_t n_out;
  uint32_t n_taps;
  uint32_t dilation;
  uint32_t n_groups;
  const float* weights; ///< (n_out, n_in / n_groups, n_taps)
  const float* bias;    ///< (n_out), or NULL
  uint32_t number;      ///< Among the convolutions of its net
} Conv;

/// Scales a signal, and maybe shifts it, by linear functions of the condition
typedef struct {
  bool is_active;
  bool has_shift;
  Conv conv; ///< Scales first, then shifts
} Film;

typedef enum {
  FILM_CONV_PRE,
  FILM_CONV_POST,
  FILM_MIXIN_PRE,
  FILM_MIXIN_POST,
  FILM_ACTIVATION_PRE,
  FILM_ACTIVATION_POST,
  FILM_LAYER1X1_POST,
  FILM_HEAD1X1_POST,
  N_FILMS,
} FilmPlace;

typedef enum { GATE_NONE, GATE_GATED, GATE_BLENDED } GateMode;

/// A layer of a WaveNet
typedef struct {
  Conv conv;
  Conv mixin;    ///< Of the condition; no outputs: there is none
  Conv layer1x1; ///< To the next layer; no outputs: there is none
  Conv head1x1;  ///< To the head; no outputs: there is none
  Film films[N_FILMS];
  GateMode mode;
  Activation activation;
  Activation gate;
  uint32_t bottleneck;
} WavenetLayer;

/// Layers of one width
typedef struct {
  Conv rechannel;
  WavenetLayer* layers;
  uint32_t n_layers;
  uint32_t n_channels;
  uint32_t n_condition;
  uint32_t n_to_head; ///< Channels that are summed for the head
  Conv head;
} WavenetArray;

/// Convolutions after the arrays, each behind an activation
typedef struct {
  Activation activation;
  Conv* convs;
  uint32_t n_convs;
} WavenetHead;

typedef struct {
  Net* condition; ///< Makes the condition from the input; NULL: the input is the condition
  WavenetArray* arrays;
  uint32_t n_arrays;
  WavenetHead head;
  float scale;
} Wavenet;

/// Convolutions of two taps, each before an activation, and a linear head
typedef struct {
  Conv* convs;
  uint32_t n_convs;
  Activation activation;
  Conv head;
} ConvNet;

/// A GRU (CELL_GRU_RESET_AFTER) or an LSTM; core/params.h has their equations and order of gates
typedef struct {
  CellType cell;
  uint32_t n_in;
  uint32_t hidden_size;
  const float* weights;       ///< (G*H, n_in + H), of the input, then of the state
  const float* bias;          ///< (G*H)
  const float* bias_h;        ///< Of the state (3*H), of a GRU
  const float* initial_state; ///< h (H) and an LSTM's c (H); NULL: zero
  uint32_t number;            ///< Among the recurrent layers of its net
} Recurrent;

typedef enum { CHAIN_CONV, CHAIN_RECURRENT, CHAIN_ACTIVATION } ChainKind;

typedef struct {
  ChainKind kind;
  Conv conv; ///< One tap: a dense layer
  Recurrent recurrent;
  Activation activation; ///< Of what comes out
} ChainLayer;

/// Layers one after another, and perhaps a linear stage: y = stage(output_gain (net(x) + skip x)),
/// x scaled by the input's gain
typedef struct {
  ChainLayer* layers;
  uint32_t n_layers;
  Conv stage; ///< No outputs: there is none
  float input_gain;
  float output_gain;
  bool skip;
} Chain;

typedef enum { NET_WAVENET, NET_CONVNET, NET_LINEAR, NET_CHAIN } NetKind;

struct NetImpl {
  NetKind kind;
  uint32_t n_in;
  uint32_t n_out;
  uint32_t n_convs;         ///< Of the whole net, without that of a condition
  uint32_t n_recurrents;    ///< The same
  uint32_t multiply_adds;   ///< Of weights and signals, in a frame; that of a condition, too
  uint32_t receptive_field; ///< Frames that a frame of the output depends on, itself included
  float* weights;           ///< What all the pointers point into
  size_t n_weights;
  Wavenet wavenet;
  ConvNet convnet;
  Conv linear;
  Chain chain;
};

/// Return how many channels come out of a layer
static inline uint32_t
net_chain_width(const ChainLayer* const layer)
{
  return layer->kind == CHAIN_RECURRENT ? layer->recurrent.hidden_size : layer->conv.n_out;
}

/// Return true if a net remembers more than its receptive field
bool net_is_recurrent(const Net* net);

/// Free a net; NULL is legal
void net_free(Net* net);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads the networks of captures. Offline. Nothing in a file is trusted: shapes and counts have
/// limits, and nothing beyond them is allocated.

#ifndef GRUS_TRAIN_TEACHER_READ_NET_H
#define GRUS_TRAIN_TEACHER_READ_NET_H

#include "core/format/read_values.h"
#include "core/status.h"
#include "train/teacher/net.h"

#include <jansson.h>

#define NET_MAX_WEIGHTS 1000000U
#define NET_MAX_LAYERS 64U     ///< Of one width
#define NET_MAX_RECURRENTS 16U ///< Of a file that says how many it has
#define NET_MAX_WIDTH 64U      ///< Of a layer of convolutions [channels]
#define NET_MAX_TAPS 64U
#define NET_WARM_UP 24000U ///< Silence that recurrent nets settle on, as NAM's player does [frames]
#define NET_MAX_DILATION 16384U
#define NET_MAX_DEPTH 4U ///< Of nets within nets

/// What is being read
typedef struct {
  const DecodeSource* source;
  Net* net;    ///< Its weights are read already
  size_t next; ///< The first weight that nobody has taken
  uint32_t depth;
} NetReader;

/// Read a NAM object: of a container the largest model. The caller frees with net_free().
NODISCARD Status net_read(const DecodeSource* source, const json_t* object, uint32_t depth,
                          Net** net);

/// Read the WaveNet of a file of SmartAmp or PedalNet. The caller frees with net_free().
NODISCARD Status net_read_smartamp(const DecodeSource* source, const json_t* root, Net** net);

/// Read the layers of an RTNeural file, and those of a GuitarML model. The caller frees with
/// net_free().
NODISCARD Status net_read_rtneural(const DecodeSource* source, const json_t* root, Net** net);
NODISCARD Status net_read_guitarml(const DecodeSource* source, const json_t* root, Net** net);

/// Read the config of a NAM WaveNet, and take its weights
NODISCARD Status net_read_wavenet(NetReader* reader, const json_t* config);

/// Allocate a net for `n_weights`, at most NET_MAX_WEIGHTS
NODISCARD Status net_new(const DecodeSource* source, size_t n_weights, Net** net);

/// Allocate the layers of a chain, all linear convolutions so far
NODISCARD Status net_new_chain(const DecodeSource* source, uint32_t n_layers, Chain* chain);

/// Fail if a model has knobs, or no inputs at all; `n_inputs` counts the audio, too
NODISCARD Status net_check_knobs(const DecodeSource* source, json_int_t n_inputs);

/// Return the next `n` weights, or NULL and write a message if there are not so many left
float* net_take(NetReader* reader, size_t n);

/// Return where weights lie that were taken, to write them
float* net_writable(const Net* net, const float* taken);

/// Read a whole number that is an element of an array, or stands for all of them
NODISCARD Status net_read_whole(const DecodeSource* source, const json_t* value, DecodeCount range,
                                uint32_t* number);

/// Take the weights of a convolution whose shape is set, and its bias if it has one
NODISCARD Status net_take_conv(NetReader* reader, Conv* conv, bool has_bias);

/// Number a recurrent layer whose shape is set, and return how many weights it has for the input
/// and the state
size_t net_number_recurrent(const NetReader* reader, Recurrent* layer);

/// Return a convolution's shape: `n_taps` and `dilation` are 1 unless set, as is `n_groups`
Conv net_linear_conv(uint32_t n_in, uint32_t n_out);

/// Read an activation: a name, or an object with its parameters
NODISCARD Status net_read_activation(const DecodeSource* source, const json_t* value,
                                     Activation* activation);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Plays a net block by block, each convolution with a memory of its own. Offline; one thread each.

#ifndef GRUS_TRAIN_TEACHER_STREAM_H
#define GRUS_TRAIN_TEACHER_STREAM_H

#include "core/status.h"
#include "train/teacher/kernel.h"
#include "train/teacher/net.h"
#include "train/teacher/recurrent.h"

/// The past of one convolution's input
typedef struct {
  const Conv* conv;
  float* past;    ///< (n_in, capacity), the newest frames before `end`
  uint32_t reach; ///< Frames of the past that are needed
  uint32_t capacity;
  uint32_t end;
} ConvPast;

/// Signals between the parts of a WaveNet, each (NET_MAX_CHANNELS, TEACHER_BLOCK)
typedef enum {
  SIGNAL_CONDITION,
  SIGNAL_LAYER,
  SIGNAL_NEXT_LAYER,
  SIGNAL_SUM,
  SIGNAL_HEAD,
  SIGNAL_NEXT_HEAD,
  SIGNAL_ACTIVATION,
  SIGNAL_FILMED,
  SIGNAL_MIXIN,
  SIGNAL_MODULATION,
  N_SIGNALS,
} Signal;

typedef struct StreamImpl {
  const Net* net;
  const TeacherKernel* kernel;
  ConvPast* pasts; ///< (net->n_convs)
  const float** taps;
  float* signals[N_SIGNALS];
  struct StreamImpl* condition; ///< NULL: the input is the condition
  RecurrentState* recurrents;   ///< (net->n_recurrents)
} Stream;

/// Start a net after silence
NODISCARD Status stream_new(const Net* net, Stream** stream);

/// Free a stream; NULL is legal
void stream_free(Stream* stream);

/// Play one block: `in` (net->n_in, TEACHER_BLOCK) to `out` (net->n_out, TEACHER_BLOCK), which are
/// different buffers
void stream_run(Stream* stream, const float* in, float* out);

/// Run one convolution of the net, or add it to what `out` holds
void stream_convolve(Stream* stream, const Conv* conv, const float* in, float* out, bool adds);

/// Apply an activation to the first `n_channels` of a signal, in place
void stream_activate(const Stream* stream, const Activation* activation, uint32_t n_channels,
                     float* x);

/// Run one block of each kind of net
void stream_run_wavenet(Stream* stream, const float* in, float* out);
void stream_run_convnet(Stream* stream, const float* in, float* out);
void stream_run_chain(Stream* stream, const float* in, float* out);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The activations that a capture can name. Offline.
///
/// Source: NeuralAmpModelerCore, NAM/activations.h, which players follow: Hardtanh always clamps
/// to ±1, and Tanh is the exact one.

#ifndef GRUS_TRAIN_TEACHER_ACTIVATION_H
#define GRUS_TRAIN_TEACHER_ACTIVATION_H

#include <stdint.h>

#define ACTIVATION_MAX_SLOPES 64U

typedef enum {
  ACTIVATION_IDENTITY, ///< Of ours: no activation
  ACTIVATION_TANH,
  ACTIVATION_HARDTANH,
  ACTIVATION_FASTTANH,
  ACTIVATION_RELU,
  ACTIVATION_LEAKY_RELU, ///< PReLU, too, with a slope per channel
  ACTIVATION_SIGMOID,
  ACTIVATION_SILU,
  ACTIVATION_HARDSWISH,
  ACTIVATION_LEAKY_HARDTANH,
  ACTIVATION_SOFTSIGN,
  ACTIVATION_ELU, ///< Of RTNeural
} ActivationKind;

typedef struct {
  ActivationKind kind;
  uint32_t n_slopes;                   ///< Channel c has slopes[c % n_slopes]
  float slopes[ACTIVATION_MAX_SLOPES]; ///< Below zero
  float least;                         ///< Of LeakyHardtanh, as the next three
  float most;
  float least_slope; ///< Below `least`
  float most_slope;  ///< Above `most`
} Activation;

#endif

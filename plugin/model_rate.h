// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The value of the parameter for the rate of models whose files give none. Any thread.

#ifndef GRUS_PLUGIN_MODEL_RATE_H
#define GRUS_PLUGIN_MODEL_RATE_H

#include "core/realtime.h"

#include <lv2/atom/forge.h>

#include <stdbool.h>
#include <stddef.h>

/// Read a number of any of LV2's types [Hz]; return false if it is none, or neither 0 nor the rate
/// of a model
bool model_rate_read(const LV2_Atom_Forge* forge, LV2_URID type, const void* bytes, size_t size,
                     float* rate) RT;

#endif

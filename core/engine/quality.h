// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The quality a user chooses: how many times the model's own rate it runs at. Any thread.

#ifndef GRUS_CORE_ENGINE_QUALITY_H
#define GRUS_CORE_ENGINE_QUALITY_H

#include <stdint.h>

#define QUALITY_WORDS "normal, 2x or 4x"

/// Return the oversampling factor for one of QUALITY_WORDS, 0 for any other text
uint32_t quality_oversampling(const char* word);

#endif

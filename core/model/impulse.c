// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Owns the taps of an impulse.

#include "core/model/impulse.h"

#include <stdlib.h>

void
impulse_clear(Impulse* const impulse)
{
  for (uint32_t c = 0; c < IMPULSE_MAX_CHANNELS; ++c) {
    free(impulse->samples[c]);
  }
  *impulse = (Impulse){0};
}

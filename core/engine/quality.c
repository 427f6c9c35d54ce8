// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The quality words of command lines and set lists.

#include "core/engine/quality.h"

#include <string.h>

uint32_t
quality_oversampling(const char* const word)
{
  return !strcmp(word, "normal") ? 1 : !strcmp(word, "2x") ? 2 : !strcmp(word, "4x") ? 4 : 0;
}

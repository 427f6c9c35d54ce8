// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How a file comes to disk without ever being half there. Not for the audio thread.

#ifndef GRUS_CORE_FILE_H
#define GRUS_CORE_FILE_H

#include "core/status.h"

#include <stddef.h>

/// Make `path` a file of these bytes; what was there before stays if that fails
NODISCARD Status file_replace(const char* path, const void* data, size_t size, Message* message);

#endif

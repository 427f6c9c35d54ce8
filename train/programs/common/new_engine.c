// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Says what the engine can't, which knows no files.

#include "train/programs/common/new_engine.h"

Status
new_engine_for(const char* const path, const double sample_rate, Engine** const engine,
               Message* const message)
{
  const Status status = engine_new(sample_rate, 1, engine);
  if (status == STATUS_NO_MEMORY) {
    return status_fail(message, status, "%s: out of memory", path);
  }
  return !status ? STATUS_OK
                 : status_fail(message, STATUS_BAD_ARGUMENT,
                               "%s: can't be played at %g Hz; expected 1000 to 1000000 Hz", path,
                               sample_rate);
}

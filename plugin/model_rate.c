// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Hosts send a number as what their own files have: lilv makes an int of 48000 and a double of
// 48000.0.

#include "plugin/model_rate.h"

#include "core/format/model_file.h"

#include <stdint.h>
#include <string.h>

/// Read a number; PipeWire leaves out the type of what it keeps
static bool
read_number(const LV2_Atom_Forge* const forge, const LV2_URID type, const void* const bytes,
            const size_t size, double* const number) RT
{
  float as_float = 0.0F;
  int32_t as_int = 0;
  int64_t as_long = 0;
  if ((type == forge->Float || !type) && size == sizeof(as_float)) {
    memcpy(&as_float, bytes, size);
    *number = (double)as_float;
  } else if (type == forge->Double && size == sizeof(*number)) {
    memcpy(number, bytes, size);
  } else if (type == forge->Int && size == sizeof(as_int)) {
    memcpy(&as_int, bytes, size);
    *number = (double)as_int;
  } else if (type == forge->Long && size == sizeof(as_long)) {
    memcpy(&as_long, bytes, size);
    *number = (double)as_long;
  } else {
    return false;
  }
  return true;
}

bool
model_rate_read(const LV2_Atom_Forge* const forge, const LV2_URID type, const void* const bytes,
                const size_t size, float* const rate) RT
{
  double number = 0.0;
  if (!read_number(forge, type, bytes, size, &number) ||
      !(number == 0.0 || (number >= MODEL_FILE_MIN_RATE && number <= MODEL_FILE_MAX_RATE))) {
    return false;
  }
  *rate = (float)number;
  return true;
}

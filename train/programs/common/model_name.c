// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "train/programs/common/model_name.h"

#include <stdio.h>
#include <string.h>

void
naming_after_path(ModelFile* const file, const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const name = slash ? slash + 1 : path;
  const char* const dot = strrchr(name, '.');
  const size_t length = dot && dot != name ? (size_t)(dot - name) : strlen(name);
  if (!file->name[0]) {
    const size_t most = MODEL_FILE_TEXT_SIZE - 1;
    (void)snprintf(file->name, MODEL_FILE_TEXT_SIZE, "%.*s", (int)(length < most ? length : most),
                   name);
  }
}

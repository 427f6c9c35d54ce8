// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "train/programs/common/model_name.h"

#include "core/file.h"

void
naming_after_path(ModelFile* const file, const char* const path)
{
  if (!file->name[0]) {
    file_stem(path, file->name, MODEL_FILE_TEXT_SIZE);
  }
}

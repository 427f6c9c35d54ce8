// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "train/programs/common/capture_rate.h"

#include "core/engine/load.h"

Message
capture_rate_give(Teacher* const teacher, const char* const path, const double sample_rate)
{
  const TeacherInfo* const info = teacher_info(teacher);
  Message note = {""};
  teacher_give_rate(teacher, sample_rate);
  const LoadOwnRate own = {info->sample_rate, info->sample_rate_is_assumed,
                           info->sample_rate_is_given};
  load_note_given_rate(own, (LoadRate){sample_rate, "--rate=HZ"}, path, &note);
  return note;
}

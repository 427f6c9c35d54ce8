// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A capture that Grus doesn't play in real time but can learn from, such as a WaveNet of NAM:
/// reads it, and renders what it makes of a sound. Offline.
///
/// The model stands at the end of endless silence when a sound begins, as players warm it up.

#ifndef GRUS_TRAIN_TEACHER_TEACHER_H
#define GRUS_TRAIN_TEACHER_TEACHER_H

#include "core/status.h"
#include "train/learn/thread_pool.h"
#include "train/teacher/teacher_info.h"

#include <stddef.h>
#include <stdint.h>

/// Largest file that is read [bytes]
#define TEACHER_MAX_FILE_SIZE ((size_t)16 << 20U)

typedef struct TeacherImpl Teacher;

/// Read a capture. On failure `message` names the file and the fault. The caller frees with
/// teacher_free().
NODISCARD Status teacher_read(const char* path, Teacher** teacher, Message* message);

/// The same from a file's bytes; messages call it `name`
NODISCARD Status teacher_parse(const Content* content, const char* name, Teacher** teacher,
                               Message* message);

/// Read a file that a model's reader has found STATUS_UNSUPPORTED. If it is no capture either, the
/// result is the same, and the reader's message stays, unless that says how to learn from it. A
/// damaged capture gets a message of its own.
NODISCARD Status teacher_read_unplayable(const char* path, Teacher** teacher, Message* message);

/// Free a teacher; NULL is legal
void teacher_free(Teacher* teacher);

const TeacherInfo* teacher_info(const Teacher* teacher);

/// Use `sample_rate` [Hz] as if the file had given it, unless it gives its own; 0 is none
void teacher_give_rate(Teacher* teacher, double sample_rate);

/// Render `n_frames` at the capture's own rate, on all threads of the pool. Neither their number
/// nor the length of the sound changes a bit.
NODISCARD Status teacher_render(const Teacher* teacher, Pool* pool, const float* in,
                                uint64_t n_frames, float* out);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Reads files, and renders pieces of a sound on all threads: nothing in most nets
// reaches further back than its receptive field. Offline.

#include "train/teacher/teacher.h"

#include "core/file.h"
#include "core/format/json_fault.h"
#include "core/text.h"
#include "train/teacher/read_capture.h"
#include "train/teacher/stream.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_BLOCKS 512U ///< Of TEACHER_BLOCK frames: 2.7 s at 48 kHz

struct TeacherImpl {
  Net* net;
  TeacherInfo info;
};

static Status
decode_teacher(const DecodeSource* const source, const Content* const content, Teacher* const t)
{
  const size_t skipped = text_mark_size(content->bytes, content->size);
  json_error_t error;
  json_t* const root =
      json_fault_parse(content->bytes + skipped, content->size - skipped, 0, &error);
  if (!root) {
    const KindStart text = {source->name, content->bytes + skipped, content->size - skipped};
    return json_fault_report(text, &error, "a capture", source->message);
  }
  content_hash(content, t->info.hash);
  const Status status = capture_read(source, root, &t->net, &t->info);
  json_decref(root);
  return status;
}

Status
teacher_parse(const Content* const content, const char* const name, Teacher** const teacher,
              Message* const message)
{
  const DecodeSource source = {name, "", message};
  Teacher* const t = (Teacher*)calloc(1, sizeof(Teacher));
  const Status status = t ? decode_teacher(&source, content, t)
                          : decode_fail(&source, STATUS_NO_MEMORY, "out of memory");
  if (status) {
    teacher_free(t);
    return status;
  }
  *teacher = t;
  return STATUS_OK;
}

Status
teacher_read(const char* const path, Teacher** const teacher, Message* const message)
{
  Content content = {NULL, 0};
  Status status = file_read_whole(path, FILE_MODEL, TEACHER_MAX_FILE_SIZE, &content, message);
  if (!status) {
    status = teacher_parse(&content, path, teacher, message);
  }
  content_clear(&content);
  return status;
}

Status
teacher_read_unplayable(const char* const path, Teacher** const teacher, Message* const message)
{
  Message why = {""};
  const Status status = teacher_read(path, teacher, &why);
  const bool is_promised = strstr(message->text, "--teacher") != NULL;
  if (status && (status != STATUS_UNSUPPORTED || is_promised)) {
    *message = why;
  }
  return status;
}

void
teacher_free(Teacher* const teacher)
{
  if (teacher) {
    net_free(teacher->net);
    free(teacher);
  }
}

const TeacherInfo*
teacher_info(const Teacher* const teacher)
{
  return &teacher->info;
}

void
teacher_give_rate(Teacher* const teacher, const double sample_rate)
{
  if (sample_rate > 0.0 && teacher->info.sample_rate_is_assumed) {
    teacher->info.sample_rate = sample_rate;
    teacher->info.sample_rate_is_assumed = false;
    teacher->info.sample_rate_is_given = true;
  }
}

/// What all pieces of a sound share
typedef struct {
  const Net* net;
  const float* in;
  float* out;
  uint64_t n_frames;
  uint64_t n_each; ///< Frames of a piece
  atomic_int status;
} Rendering;

/// Copy a block that begins at `first`, with silence outside of the sound
static void
read_block(const Rendering* const r, const int64_t first, float block[TEACHER_BLOCK])
{
  for (int64_t t = 0; t < (int64_t)TEACHER_BLOCK; ++t) {
    const int64_t at = first + t;
    block[t] = at >= 0 && (uint64_t)at < r->n_frames ? r->in[at] : 0.0F;
  }
}

/// Play from where `first` depends on to the end of its piece
static void
render_with(const Rendering* const r, Stream* const stream, const uint64_t first)
{
  const uint64_t end = first + r->n_each < r->n_frames ? first + r->n_each : r->n_frames;
  const int64_t n_before =
      (int64_t)((r->net->receptive_field + TEACHER_BLOCK - 1) / TEACHER_BLOCK * TEACHER_BLOCK);
  for (int64_t t = (int64_t)first - n_before; t < (int64_t)end; t += TEACHER_BLOCK) {
    float in[TEACHER_BLOCK];
    float out[TEACHER_BLOCK];
    read_block(r, t, in);
    stream_run(stream, in, out);
    if (t >= (int64_t)first) {
      const uint64_t n_left = end - (uint64_t)t;
      memcpy(r->out + t, out,
             (size_t)(n_left < TEACHER_BLOCK ? n_left : TEACHER_BLOCK) * sizeof(float));
    }
  }
}

static void
render_piece(void* const context, const uint32_t item, const uint32_t thread)
{
  Rendering* const r = (Rendering*)context;
  Stream* stream = NULL;
  const Status status = stream_new(r->net, &stream);
  (void)thread;
  if (status) {
    atomic_store(&r->status, (int)status);
    return;
  }
  render_with(r, stream, item * r->n_each);
  stream_free(stream);
}

Status
teacher_render(const Teacher* const teacher, Pool* const pool, const float* const in,
               const uint64_t n_frames, float* const out)
{
  const uint64_t n_each = net_is_recurrent(teacher->net) && n_frames
                              ? n_frames
                              : (uint64_t)PIECE_BLOCKS * TEACHER_BLOCK;
  Rendering rendering = {teacher->net, in, out, n_frames, n_each, STATUS_OK};
  pool_run(pool, render_piece, &rendering, (uint32_t)((n_frames + n_each - 1) / n_each));
  return (Status)atomic_load(&rendering.status);
}

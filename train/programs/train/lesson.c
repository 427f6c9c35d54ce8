// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plays a sound to a teacher, and keeps what it answers.

#include "train/programs/train/lesson.h"

#include "core/format/model_file_io.h"
#include "core/hash.h"
#include "train/audio/resample.h"
#include "train/audio/spool.h"
#include "train/capture/etude.h"
#include "train/learn/team.h"
#include "train/learn/thread_pool.h"
#include "train/programs/common/capture_rate.h"
#include "train/programs/common/recording_note.h"
#include "train/programs/train/events.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_VALIDATION 8U ///< Bars to choose the best weights by
#define SPOOL_BLOCK 65536U

/// Bars to learn from: the more time there is, the more different ones
#define SECONDS_PER_BAR 3.0 ///< Of that time
#define FEWEST_BARS 15.0
#define USUAL_BARS 60.0 ///< If there is no limit in time
#define MOST_BARS 150.0

/// A teacher and the threads that help
typedef struct {
  const TrainOptions* options;
  const Teacher* teacher;
  const TeacherInfo* info;
  Pool* pool;
} Lesson;

/// Keep samples as a recording is kept
static Status
keep_samples(const float* const samples, const uint64_t n_frames, const double sample_rate,
             Wav* const wav, Message* const message)
{
  Spool spool = {0};
  Status status = spool_open(&spool, message);
  if (status) {
    return status;
  }
  for (uint64_t i = 0; i < n_frames && !status; i += SPOOL_BLOCK) {
    const uint64_t n = n_frames - i < SPOOL_BLOCK ? n_frames - i : SPOOL_BLOCK;
    status = spool_add(&spool, samples + i, (uint32_t)n, message);
  }
  *wav = (Wav){.n_frames = n_frames, .sample_rate = sample_rate};
  status = status ? status : spool_map(&spool, &wav->samples, message);
  spool_close(&spool);
  return status;
}

/// What the threads play together
typedef struct {
  Etude etude;
  uint32_t n_frames; ///< Of a bar
  float* out;
  atomic_int status;
} Playing;

static void
play_bar(void* const context, const uint32_t item, const uint32_t thread)
{
  Playing* const p = (Playing*)context;
  const Status status = etude_play(&p->etude, item, p->out + (size_t)item * p->n_frames);
  (void)thread;
  if (status) {
    atomic_store(&p->status, (int)status);
  }
}

/// Make an input of `n_bars`
static Status
make_etude(const Lesson* const l, const uint64_t seed, const uint32_t n_bars, Wav* const wav,
           Message* const message)
{
  const Etude etude = {l->info->sample_rate, seed};
  Playing playing = {etude, etude_bar_frames(&etude), NULL, STATUS_OK};
  const size_t n_frames = (size_t)n_bars * playing.n_frames;
  playing.out = (float*)calloc(n_frames, sizeof(float));
  if (playing.out) {
    pool_run(l->pool, play_bar, &playing, n_bars);
  }
  const Status status =
      !playing.out || atomic_load(&playing.status)
          ? status_fail(message, STATUS_NO_MEMORY, "out of memory")
          : keep_samples(playing.out, n_frames, l->info->sample_rate, wav, message);
  free(playing.out);
  return status;
}

/// Print what is odd about the input
static void
print_notes(const char* const path, const Wav* const wav)
{
  const Message notes[] = {recording_note_cut(path, wav->cut),
                           recording_note_encoding(path, wav->lossy),
                           recording_note_channel(path, &wav->channels, "channel")};
  for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); ++i) {
    if (notes[i].text[0] && team_is_leader()) {
      events_note("%s", notes[i].text);
    }
  }
}

/// Read the input, and take it to the rate of the capture
static Status
read_input(const Lesson* const l, Wav* const wav, Message* const message)
{
  const double sample_rate = l->info->sample_rate;
  const char* const path = l->options->recording.takes[0].input;
  Wav read = {0};
  const Status status = wav_read(path, l->options->input_channel, &read, message);
  if (!status) {
    print_notes(path, &read);
  }
  if (status || read.sample_rate == sample_rate) {
    *wav = read;
    return status;
  }
  const Status resampled = resample_one(&read, sample_rate, wav, message);
  if (!resampled && team_is_leader()) {
    events_note("%s is at %g Hz; resampled to %g Hz, the rate of the capture", path,
                read.sample_rate, sample_rate);
  }
  wav_clear(&read);
  return resampled;
}

/// Render the target without the level that the capture rests at
static Status
render_target(const Lesson* const l, const Wav* const input, float* const out)
{
  static const float silence[1];
  float rest = 0.0F;
  Status status = teacher_render(l->teacher, l->pool, silence, 1, &rest);
  status =
      status ? status : teacher_render(l->teacher, l->pool, input->samples, input->n_frames, out);
  for (uint64_t i = 0; i < input->n_frames && !status; ++i) {
    out[i] -= rest;
  }
  return status;
}

static Status
make_target(const Lesson* const l, const Wav* const input, Wav* const target,
            Message* const message)
{
  float* const out = (float*)malloc(((size_t)input->n_frames + 1) * sizeof(float));
  Status status = out ? render_target(l, input, out) : STATUS_NO_MEMORY;
  status = status ? status_fail(message, status, "out of memory")
                  : keep_samples(out, input->n_frames, input->sample_rate, target, message);
  free(out);
  return status;
}

/// Play the only wav of a recording to the teacher, and make a take of both
static Status
add_take(const Lesson* const l, const char* const name, Recording* const r, Message* const message)
{
  const TrainOptions* const o = l->options;
  r->n_wavs = 2;
  const Status status = make_target(l, &r->wavs[0], &r->wavs[1], message);
  if (status) {
    return status;
  }
  for (uint32_t i = 0; i < 2; ++i) {
    r->paths[i] = i ? o->teacher : o->recording.takes[0].input;
    r->hash = hash_add(r->hash, r->wavs[i].samples, (size_t)r->wavs[i].n_frames * sizeof(float));
  }
  r->takes[0] = (Take){.name = name, .input = &r->wavs[0], .target = &r->wavs[1]};
  r->n_takes = 1;
  return STATUS_OK;
}

/// Learn from the user's recording, and hold out a part of it
static Status
learn_from_input(const Lesson* const l, Recording* const train, Message* const message)
{
  const char* const path = l->options->recording.takes[0].input;
  const Status status = read_input(l, &train->wavs[0], message);
  train->n_wavs = 1;
  const Wav* const input = &train->wavs[0];
  if (!status && input->n_frames && wav_is_silent(input->samples, input->n_frames)) {
    return status_fail(message, STATUS_BAD_FILE, "%s: is silent; expected playing", path);
  }
  return status ? status : add_take(l, path, train, message);
}

/// Return how many bars are worth rendering for the time to learn from them
static uint32_t
count_bars(const TrainerConfig* const config)
{
  return (uint32_t)(config->seconds > 0.0
                        ? fmin(fmax(config->seconds / SECONDS_PER_BAR, FEWEST_BARS), MOST_BARS)
                        : USUAL_BARS);
}

/// Learn from an étude, and validate on another
static Status
learn_from_etude(const Lesson* const l, Recording* const train, Recording* const validation,
                 Message* const message)
{
  const uint64_t seed = l->options->trainer.seed;
  Status status = make_etude(l, seed, count_bars(&l->options->trainer), &train->wavs[0], message);
  train->n_wavs = 1;
  if (status || (status = add_take(l, l->options->teacher, train, message))) {
    return status;
  }
  status = make_etude(l, ~seed, N_VALIDATION, &validation->wavs[0], message);
  validation->n_wavs = 1;
  return status ? status : add_take(l, l->options->teacher, validation, message);
}

/// Give a capture the requested rate if its file gives none
static void
give_rate(const TrainOptions* const o, Teacher* const teacher)
{
  const Message note = capture_rate_give(teacher, o->teacher, o->teacher_rate);
  if (note.text[0] && team_is_leader() && !o->is_quiet) {
    events_note("%s", note.text);
  }
}

/// Read the capture. What Grus plays as it is may be one, too, to learn a smaller model from; if it
/// can't be, say so rather than what its network lacks.
static Status
read_teacher(const TrainOptions* const o, Teacher** const teacher, Message* const message)
{
  ModelFile model = {0};
  const Status status = teacher_read(o->teacher, teacher, message);
  const bool is_played = !model_file_read(o->teacher, &model, NULL);
  if (is_played && status) {
    message_set(message,
                "%s: is a model (%s) that grus-render, the plugin and grus-live play as it is, and "
                "that can't teach another; expected a capture, such as a NAM WaveNet",
                o->teacher, model_file_format_name(model.format));
  } else if (is_played && team_is_leader()) {
    events_note("%s is played as it is, too, without learning from it", o->teacher);
  }
  model_file_clear(&model);
  return status;
}

Status
lesson_make(const TrainOptions* const options, const LessonTo to, Message* const message)
{
  Teacher* teacher = NULL;
  Pool* pool = NULL;
  Status status = read_teacher(options, &teacher, message);
  if (status) {
    return status;
  }
  give_rate(options, teacher);
  *to.info = *teacher_info(teacher);
  if (pool_new(options->trainer.n_threads, &pool)) {
    status = status_fail(message, STATUS_NO_MEMORY, "out of memory");
  } else {
    const Lesson lesson = {options, teacher, to.info, pool};
    status = strcmp(options->recording.takes[0].input, TRAIN_ETUDE) != 0
                 ? learn_from_input(&lesson, to.train, message)
                 : learn_from_etude(&lesson, to.train, to.validation, message);
  }
  pool_free(pool);
  teacher_free(teacher);
  return status;
}

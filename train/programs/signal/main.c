// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-signal: writes the test signal to play through the gear, and prints what is where in it.

#include "cli/exit_status.h"
#include "cli/message.h"
#include "core/decibel.h"
#include "train/programs/common/recording_note.h"
#include "train/programs/signal/options.h"
#include "train/programs/signal/signal_file.h"

#include <stdio.h>

/// Return the peak of a segment [dBFS]
static double
peak_of_segment(const SignalSegment* const segment, const SignalSound* const sound,
                const OwnPlaying* const own)
{
  return segment->kind == SIGNAL_OWN ? own_playing_peak_db(own)
                                     : sound->level_db + segment->level_db;
}

static void
print_layout(const SignalLayout* const layout, const SignalSound* const sound,
             const OwnPlaying* const own)
{
  (void)printf("%-20s %9s %9s %13s\n", "what", "from [s]", "to [s]", "peak [dBFS]");
  for (uint32_t i = 0; i < layout->n_segments; ++i) {
    const SignalSegment* const segment = &layout->segments[i];
    (void)printf("%-20s %9.2f %9.2f", signal_name(segment), (double)segment->begin / layout->rate,
                 (double)segment->end / layout->rate);
    if (segment->kind != SIGNAL_SILENCE) {
      (void)printf(" %13.1f", peak_of_segment(segment, sound, own));
    }
    (void)putchar('\n');
  }
}

/// Say what is odd about the user's own playing
static void
print_notes(const SignalOptions* const o, const OwnPlaying* const own)
{
  const Wav* const wav = &own->recording;
  const Message notes[] = {recording_note_cut(o->append, wav->cut),
                           recording_note_encoding(o->append, wav->lossy),
                           recording_note_channel(o->append, &wav->channels, NULL)};
  for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); ++i) {
    if (notes[i].text[0]) {
      (void)cli_complain("grus-signal", "%s", notes[i].text);
    }
  }
}

static void
print_result(const SignalOptions* const o, const SignalLayout* const layout,
             const OwnPlaying* const own)
{
  const double gain_db = decibel_of_gain((double)own->gain);
  print_layout(layout, &o->sound, own);
  if (o->append) {
    print_notes(o, own);
  }
  if (o->append && gain_db < -0.05) {
    (void)printf("%s: turned down by %.1f dB, to be no louder than the rest\n", o->append,
                 -gain_db);
  }
  if (!o->only_layout) {
    (void)printf("signal: %s, %.2f s at %u Hz\n", o->output,
                 (double)layout->n_frames / layout->rate, layout->rate);
  }
}

static Status
make_signal(const SignalOptions* const o, OwnPlaying* const own, Message* const message)
{
  SignalLayout layout;
  Status status = o->only_layout ? STATUS_OK : signal_file_check(o, message);
  if (status || (status = own_playing_read(o, own, message))) {
    return status;
  }
  signal_layout((uint32_t)o->rate, o->seconds, own->playing.n_frames, &layout);
  if (!o->only_layout && (status = signal_file_write(o, &layout, own, message))) {
    return status;
  }
  print_result(o, &layout, own);
  return STATUS_OK;
}

int
main(const int argc, char** const argv)
{
  SignalOptions options;
  Message message = {""};
  const CliResult result = signal_options_read(argc, argv, &options);
  if (result != CLI_RUN) {
    return cli_exit_result(result);
  }
  OwnPlaying own = {.gain = 1.0F};
  const Status status = make_signal(&options, &own, &message);
  own_playing_clear(&own);
  if (status) {
    (void)cli_complain("grus-signal", "%s", message.text);
  }
  return cli_exit_status(status);
}

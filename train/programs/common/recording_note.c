// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One wording for all programs that play recordings.

#include "train/programs/common/recording_note.h"

Message
recording_note_channel(const char* const path, const WavChannels* const channels,
                       const char* const option)
{
  Message note = {""};
  if (channels->is_silent && option) {
    message_set(&note, "%s: channel %u of %u is silent; --%s=%u plays the loudest", path,
                channels->read, channels->n, option, channels->loudest);
  } else if (channels->differ && !option) {
    message_set(&note, "%s: channel %u of %u is used; export another one as a mono file", path,
                channels->read, channels->n);
  } else if (channels->differ && !channels->is_chosen) {
    message_set(&note, "%s: channel %u of %u was played; choose another with --%s", path,
                channels->read, channels->n, option);
  }
  return note;
}

Message
recording_note_cut(const char* const path, const WavCut cut)
{
  Message note = {""};
  if (wav_header_is_unfinished(cut)) {
    message_set(&note,
                "%s: its header was never finished, as when a recorder crashes; it is read to its "
                "end, %.1f s",
                path, cut.held);
  } else if (cut.held > 0.0) {
    message_set(&note,
                "%s: its header says %.1f s, the file holds %.1f s; was it copied completely?",
                path, cut.said, cut.held);
  }
  return note;
}

Message
recording_note_encoding(const char* const path, const char* const lossy)
{
  Message note = {""};
  if (lossy) {
    message_set(&note, "%s: is %s, which leaves out some of the sound; export WAV or FLAC", path,
                lossy);
  }
  return note;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One wording for all programs that have --channel.

#include "train/programs/common/channel_note.h"

Message
channel_note(const char* const path, const WavChannels* const channels, const uint32_t chosen)
{
  Message note = {""};
  if (channels->is_silent) {
    message_set(&note, "%s: channel %u of %u is silent; --channel=%u plays the loudest", path,
                channels->read, channels->n, channels->loudest);
  } else if (channels->differ && !chosen) {
    message_set(&note, "%s: channel %u of %u was played; choose another with --channel", path,
                channels->read, channels->n);
  }
  return note;
}

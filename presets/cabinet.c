// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Writes the impulse responses of the factory cabinets. A program, offline, not installed.
// Usage: cabinet FOLDER

#include "cli/exit_status.h"
#include "cli/message.h"
#include "presets/circuits/speaker.h"
#include "train/audio/wav_writer.h"

#include <limits.h>
#include <stdio.h>

#define PROGRAM "cabinet"

static Status
write_response(const char* const folder, const size_t cabinet, Message* const message)
{
  float samples[SPEAKER_FRAMES];
  char path[PATH_MAX];
  WavWriter writer = {0};
  const WavTarget target = {path, NULL, (uint32_t)SPEAKER_RATE, WAV_24_BIT};
  (void)snprintf(path, sizeof(path), "%s/%s.wav", folder, speaker_name(cabinet));
  speaker_respond(cabinet, samples);
  Status status = wav_writer_open(&writer, &target, message);
  if (status) {
    return status;
  }
  status = wav_writer_add(&writer, samples, SPEAKER_FRAMES, message);
  if (status) {
    wav_writer_discard(&writer);
    return status;
  }
  return wav_writer_keep(&writer, message);
}

int
main(const int argc, char** const argv)
{
  Message message = {""};
  Status status = STATUS_OK;
  if (argc != 2) {
    (void)cli_complain(PROGRAM, "expected a folder for the impulse responses");
    return CLI_EXIT_BAD_INPUT;
  }
  for (size_t i = 0; i < speaker_count() && !status; ++i) {
    status = write_response(argv[1], i, &message);
  }
  if (status) {
    (void)cli_complain(PROGRAM, "%s", message.text);
  }
  return cli_exit_status(status);
}

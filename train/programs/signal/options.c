// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The command line of grus-signal.

#include "train/programs/signal/options.h"

#include "train/audio/wav_writer.h"

#define MIN_LEVEL (-24.0) ///< [dBFS]
#define MAX_LEVEL (-0.1)  ///< [dBFS]

static const CliChoice rates[] = {{"44100", 44100}, {"48000", 48000},   {"88200", 88200},
                                  {"96000", 96000}, {"176400", 176400}, {"192000", 192000},
                                  {NULL, 0}};

static const CliChoice formats[] = {
    {"16", WAV_16_BIT}, {"24", WAV_24_BIT}, {"float", WAV_FLOAT}, {NULL, 0}};

static const CliOption table[] = {
    {"rate", 0, "HZ", "44100, 48000 (default), 88200, 96000, 176400 or 192000", CLI_CHOICE,
     .to = offsetof(SignalOptions, rate), .choices = rates},
    {"format", 0, "FORMAT", "bits of a sample: 16, 24 (default) or float", CLI_CHOICE,
     .to = offsetof(SignalOptions, format), .choices = formats},
    {"seconds", 0, "N", "length, 60 to 600 (default 180)", CLI_COUNT,
     .to = offsetof(SignalOptions, seconds), .least = SIGNAL_MIN_SECONDS,
     .most = SIGNAL_MAX_SECONDS},
    {"append", 0, "FILE.wav", "add a recording of your own playing, which makes the signal longer",
     CLI_PATH, .to = offsetof(SignalOptions, append), .takes = CLI_TAKES_SOUND},
    {"level", 0, "DB", "highest peak, -24 to -0.1 dBFS (default -1)", CLI_NUMBER,
     .to = offsetof(SignalOptions, sound.level_db), .least = MIN_LEVEL, .most = MAX_LEVEL},
    {"seed", 0, "N", "random seed: other notes and noise (default 1)", CLI_SEED,
     .to = offsetof(SignalOptions, sound.seed)},
    {"overwrite", 0, NULL, "replace OUT.wav even if grus-signal did not write it", CLI_SET,
     .to = offsetof(SignalOptions, overwrites)},
    {"layout", 0, NULL, "only print what would be where", CLI_SET,
     .to = offsetof(SignalOptions, only_layout)},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = "grus-signal",
    .usage = {"[OPTION...] OUT.wav"},
    .summary =
        "Write a test signal: play it through the gear, record what comes out, and give both "
        "files to grus-train. Prints what is where in it.",
    .options = table,
    .operands = {CLI_TAKES_SOUND},
    .closing = "Exit status: 0 written, 1 out of memory or OUT.wav could not be written, 2 bad "
               "arguments or files.",
};

CliResult
signal_options_read(const int argc, char** const argv, SignalOptions* const options)
{
  SignalOptions o = {
      .rate = 48000, .format = WAV_24_BIT, .seconds = 180, .sound = {.level_db = -1.0, .seed = 1}};
  CliOperands operands;
  const CliResult result = cli_read_options(&program, argc, argv, &o, &operands);
  if (result != CLI_RUN) {
    return result;
  }
  if (operands.n != 1 && !(o.only_layout && !operands.n)) {
    return cli_refuse_usage(&program, "expected OUT.wav");
  }
  o.output = operands.items[0];
  *options = o;
  return CLI_RUN;
}

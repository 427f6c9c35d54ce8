// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Command lines: whatever is typed, a program runs, prints what was asked for, or refuses it. The
// first byte chooses the program; then come its arguments, each up to the end of a line.

#include "live/options.h"
#include "tests/fuzz/fuzz.h"
#include "train/programs/render/options.h"
#include "train/programs/signal/options.h"
#include "train/programs/train/options.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ARGUMENTS 64U

typedef union {
  LiveOptions live;
  RenderOptions render;
  SignalOptions signal;
  TrainOptions train;
} AnyOptions;

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_text(seeds, "train",
                 "0in.wav\nout.wav\n-o\nx\n--time=3m\n--rates=44100,48000\n-H\n12\n--linear=auto\n"
                 "--cell=reset-after\n--seed=7\n--name=é\n--input-level=4\n--latency=3\n");
  fuzz_give_text(seeds, "takes",
                 "0in.wav\n--take\n0.5,1=a.wav\n--take=0,0=b.wav:c.wav\n--knob=gain\n--knob\ntone\n"
                 "-o\nx\n--validation-take=0.5,0.5=d.wav\n--loss=mixed\n-e\n3\n--optimizer=sgd\n");
  fuzz_give_text(seeds, "teacher", "0--teacher\na.nam\n-o\nx\n--rate=48000\n--quality=draft\n-q\n");
  fuzz_give_text(seeds, "render", "1m.json\nin.wav\nout.wav\n--gate=-60\n--knob=0.5\n");
  fuzz_give_text(seeds, "signal", "2out.wav\n--layout\n--help\n");
  fuzz_give_text(seeds, "live",
                 "3a.json\nb.json\n--osc=9000\n--osc-allow=all\n--gate=-60\n--json\n--name=x\n"
                 "--set=bass=3\n--measure=5s\n");
  fuzz_give_text(seeds, "version", "3--version\n");
}

/// Split a text at its line ends, in place; return the number of arguments, the program's included
static int
split_arguments(char* const text, const size_t size, char* argv[MAX_ARGUMENTS + 1])
{
  int n = 0;
  static char program[] = "grus";
  argv[n++] = program;
  for (char* next = text; next < text + size && n < (int)MAX_ARGUMENTS;) {
    argv[n++] = next;
    char* const end = (char*)memchr(next, '\n', size - (size_t)(next - text));
    next = end ? end + 1 : text + size;
    if (end) {
      *end = '\0';
    }
  }
  argv[n] = NULL;
  return n;
}

/// Return true if glibc's regcomp() might take gigabytes for a pattern of ports, which nobody but
/// the user can type: a++++++++ is one to it
static bool
is_too_repetitive(const FuzzBytes input)
{
  uint32_t n = 0;
  for (size_t i = 0; i < input.size; ++i) {
    n += input.bytes[i] && strchr("*+?{", input.bytes[i]) != NULL;
  }
  return n > 8;
}

static CliResult
read_options(const uint32_t program, const int argc, char** const argv)
{
  static AnyOptions options;
  memset(&options, 0, sizeof(options));
  return program == 0   ? train_options_read(argc, argv, &options.train)
         : program == 1 ? render_options_read(argc, argv, &options.render)
         : program == 2 ? signal_options_read(argc, argv, &options.signal)
                        : options_read(argc, argv, &options.live);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static bool is_silent = false;
  FuzzBytes input = {data, size};
  char* argv[MAX_ARGUMENTS + 1];
  if (!is_silent) {
    fuzz_silence();
    is_silent = true;
  }
  const uint32_t program = fuzz_take(&input) % 4;
  if (program == 3 && is_too_repetitive(input)) {
    return 0;
  }
  char* const text = (char*)malloc(input.size + 1);
  fuzz_check(text != NULL);
  memcpy(text, input.bytes, input.size);
  text[input.size] = '\0';
  const int argc = split_arguments(text, input.size, argv);
  const CliResult result = read_options(program, argc, argv);
  fuzz_check(result == CLI_RUN || result == CLI_DONE || result == CLI_REFUSED);
  free(text);
  return 0;
}

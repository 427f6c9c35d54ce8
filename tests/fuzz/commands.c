// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Lines on grus-live's standard input, which arrive in pieces of any size: each is a command that
// makes sense, or is refused with a reason. The first byte says how large the pieces are.

#include "live/commands.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const ModelFile model = {.params.shape = {CELL_GRU_RESET_BEFORE, 1, 3, false, 0},
                                .knobs = {"Drive", "Tone stack"}};

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  fuzz_give_text(seeds, "plain",
                 "\x07next\nprev\nentry 3\nentry Lead\nload /a b/c.json\nset gate -60\nbypass\n");
  fuzz_give_text(seeds, "settings",
                 "zset drive = 0.5\nset tone STACK 0.75\nset level_match matched\nset treb=3\nget\n"
                 "get bass\nlearn knob_1\nsave\nmodel_rate 44100\nset cabinet off\n");
  fuzz_give_text(seeds, "rest",
                 "\x01status\nlist\nreload\nhelp\nquit\nmodel_next\nmodel_prev\n\r\n");
  fuzz_give_text(seeds, "wrong", "\xffnxt\nset knob 1\nset\nlearn é\nset gate nan\n\x1b[2J\n");
}

/// Check that a value is written so that it is read as what it was
static void
check_setting(const Setting setting)
{
  char text[SETTINGS_VALUE_SIZE];
  float value = 0.0F;
  const ControlRange range = controls_range(setting.control);
  fuzz_check(setting.control < N_CONTROLS);
  fuzz_check(setting.value >= range.low && setting.value <= range.high);
  fuzz_check_text(settings_write_value(setting.control, setting.value, text));
  if (settings_find_word(setting.control, setting.value, text)) {
    fuzz_check(settings_read_value(text, setting.control, &value) && value == setting.value);
  }
}

static void
check_command(const Command* const command)
{
  fuzz_check(command->kind <= COMMAND_QUIT);
  fuzz_check(memchr(command->text, '\0', sizeof(command->text)) != NULL);
  if (command->kind == COMMAND_SET) {
    check_setting(command->setting);
  }
  fuzz_check(command->kind != COMMAND_LEARN || command->setting.control < N_CONTROLS);
  fuzz_check(command->kind != COMMAND_GET || command->setting.control <= N_CONTROLS);
  fuzz_check(command->kind != COMMAND_MODEL_RATE || isfinite(command->rate));
}

static void
take_line(const char* const line, void* const data)
{
  Command command;
  (void)data;
  for (int has_model = 0; line && has_model < 2; ++has_model) {
    Message message = {""};
    memset(&command, 0, sizeof(command.setting) + sizeof(command.kind));
    if (commands_parse(line, has_model ? &model : NULL, &command, &message)) {
      fuzz_check_message(&message);
    } else {
      check_command(&command);
      (void)commands_only_plays(command.kind);
    }
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static CommandLines lines;
  FuzzBytes input = {data, size};
  const uint32_t step = fuzz_take(&input);
  lines = (CommandLines){.length = 0};
  while (input.size) {
    const FuzzBytes piece = fuzz_take_piece(&input, 1 + step);
    commands_feed(&lines, (const char*)piece.bytes, piece.size, take_line, NULL);
  }
  return 0;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// OSC packets: each becomes a line without control characters that is a command or is refused with
// a reason. An input holds several packets, each behind its length.

#include "live/osc.h"
#include "live/commands.h"
#include "tests/fuzz/fuzz.h"

#include <limits.h>
#include <lo/lo.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define MAX_PACKET 8192U

static Osc osc = {.fd = -1};
static int sender = -1;

static void
open_sockets(void)
{
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  if (sender < 0) {
    fuzz_check(!osc_listen("127.0.0.1", 0, &osc, NULL));
    fuzz_check(!getsockname(osc.fd, (struct sockaddr*)&address, &size));
    sender = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    fuzz_check(sender >= 0 && !connect(sender, (const struct sockaddr*)&address, size));
  }
}

/// Give a packet
static void
give_message(const FuzzSeeds* const seeds, const char* const name, const lo_message message)
{
  size_t size = 0;
  char packet[256];
  char* const bytes = (char*)lo_message_serialise(message, name, NULL, &size);
  packet[0] = (char)size;
  packet[1] = 0;
  memcpy(packet + 2, bytes, size);
  char file_name[64] = "";
  for (size_t i = 0; i < strlen(name) && i < sizeof(file_name) - 1; ++i) {
    file_name[i] = name[i] == '/' ? '-' : name[i];
  }
  fuzz_give(seeds, file_name, packet, size + 2);
  free(bytes);
  lo_message_free(message);
}

void
fuzz_make_seeds(const FuzzSeeds* const seeds)
{
  lo_message message = lo_message_new();
  give_message(seeds, "/grus/next", message);
  message = lo_message_new();
  (void)lo_message_add_float(message, 0.5F);
  give_message(seeds, "/grus/treble", message);
  message = lo_message_new();
  (void)lo_message_add_string(message, "bass");
  (void)lo_message_add_double(message, -4.0);
  give_message(seeds, "/grus/set", message);
  message = lo_message_new();
  (void)lo_message_add_true(message);
  give_message(seeds, "/grus/entry/3", message);
  message = lo_message_new();
  (void)lo_message_add_int64(message, 1LL << 40U);
  (void)lo_message_add_symbol(message, "Lead");
  (void)lo_message_add_char(message, 'c');
  (void)lo_message_add_infinitum(message);
  (void)lo_message_add_nil(message);
  give_message(seeds, "/grus/entry", message);
  message = lo_message_new();
  const lo_blob blob = lo_blob_new(5, "abcde");
  (void)lo_message_add_blob(message, blob);
  give_message(seeds, "/grus/load", message);
  lo_blob_free(blob);
}

static void
check_line(const char* const line, const size_t size)
{
  const size_t length = strnlen(line, size);
  fuzz_check(length < size);
  for (size_t i = 0; i < length; ++i) {
    fuzz_check((unsigned char)line[i] >= ' ');
  }
}

/// Read a line as the rig does
static void
run_line(const char* const line)
{
  Command command;
  Message message = {""};
  CommandArgument argument = COMMAND_TAKES_NOTHING;
  if (commands_parse(line, NULL, &command, &message)) {
    fuzz_check_message(&message);
  } else if (command.kind == COMMAND_SET) {
    const ControlRange range = controls_range(command.setting.control);
    fuzz_check(command.setting.value >= range.low && command.setting.value <= range.high);
  }
  (void)commands_find(line, &argument);
}

static void
receive_packet(void)
{
  char line[PATH_MAX + 64];
  uint32_t asker = 0;
  Message message = {""};
  const EventField fields[] = {
      {"text", "é", 0.0, false}, {"n", NULL, 3.0, true}, {NULL, NULL, 0.0, false}};
  if (osc_receive(&osc, line, sizeof(line), &asker, &message)) {
    fuzz_check_message(&message);
    return;
  }
  check_line(line, sizeof(line));
  run_line(line);
  osc_answer(&osc, asker, "event", fields);
  fuzz_check(recv(sender, line, sizeof(line), 0) > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  FuzzBytes input = {data, size};
  open_sockets();
  while (input.size) {
    const uint32_t n = fuzz_take(&input) + 256U * fuzz_take(&input);
    const FuzzBytes packet = fuzz_take_piece(&input, n < MAX_PACKET ? n : MAX_PACKET);
    fuzz_check(send(sender, packet.bytes, packet.size, 0) == (ssize_t)packet.size);
    receive_packet();
  }
  return 0;
}

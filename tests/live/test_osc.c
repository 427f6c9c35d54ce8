// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Packets become command lines, buttons work as buttons do, and answers reach their senders.

#include "tests/fixtures.h"

#include "live/osc.h"

#include <arpa/inet.h>
#include <lo/lo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static Osc osc;
static int sender = -1;
static struct sockaddr_in rig_address;

static int
open_sockets(void** const state)
{
  unsigned port = 20000;
  socklen_t size = sizeof(rig_address);
  (void)state;
  while (osc_listen("127.0.0.1", port, &osc, NULL)) {
    assert_true(++port < 20200);
  }
  assert_int_equal(getsockname(osc.fd, (struct sockaddr*)&rig_address, &size), 0);
  sender = socket(AF_INET, SOCK_DGRAM, 0);
  assert_true(sender >= 0);
  return 0;
}

static int
close_sockets(void** const state)
{
  (void)state;
  osc_close(&osc);
  return close(sender);
}

static void
send_bytes(const void* const bytes, const size_t size)
{
  assert_int_equal(
      sendto(sender, bytes, size, 0, (const struct sockaddr*)&rig_address, sizeof(rig_address)),
      size);
}

/// Send a message, and return the line it became
static const char*
line_of(const char* const path, const lo_message message)
{
  static char line[4200];
  size_t size = 0;
  uint32_t asker = 0;
  Message error = {""};
  void* const bytes = lo_message_serialise(message, path, NULL, &size);
  send_bytes(bytes, size);
  free(bytes);
  lo_message_free(message);
  assert_int_equal(osc_receive(&osc, line, sizeof(line), &asker, &error), STATUS_OK);
  assert_true(asker > 0);
  return line;
}

static lo_message
with_float(const float value)
{
  const lo_message message = lo_message_new();
  (void)lo_message_add_float(message, value);
  return message;
}

static lo_message
with_int(const int value)
{
  const lo_message message = lo_message_new();
  (void)lo_message_add_int32(message, value);
  return message;
}

static lo_message
with_text(const char* const text)
{
  const lo_message message = lo_message_new();
  (void)lo_message_add_string(message, text);
  return message;
}

static lo_message
with_truth(const bool value)
{
  const lo_message message = lo_message_new();
  (void)(value ? lo_message_add_true(message) : lo_message_add_false(message));
  return message;
}

static void
buttons_send_a_value_and_their_release_does_nothing(void** const state)
{
  (void)state;
  static const char* const words[] = {"next",   "prev",   "model_next", "model_prev",
                                      "bypass", "reload", "status",     "list",
                                      "save",   "quit",   "get"};
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); ++i) {
    char path[32];
    (void)snprintf(path, sizeof(path), "/grus/%s", words[i]);
    assert_string_equal(line_of(path, lo_message_new()), words[i]);
    assert_string_equal(line_of(path, with_float(1.0F)), words[i]);
    assert_string_equal(line_of(path, with_int(127)), words[i]);
    assert_string_equal(line_of(path, with_truth(true)), words[i]);
    assert_string_equal(line_of(path, with_float(0.0F)), "");
    assert_string_equal(line_of(path, with_int(0)), "");
    assert_string_equal(line_of(path, with_truth(false)), "");
  }
  assert_string_equal(line_of("/grus/entry/3", with_float(1.0F)), "entry 3");
  assert_string_equal(line_of("/grus/entry/3", with_float(0.0F)), "");
  assert_string_equal(line_of("/grus/entry/Lead", lo_message_new()), "entry Lead");
}

static void
arguments_become_words(void** const state)
{
  (void)state;
  assert_string_equal(line_of("/grus/treble", with_float(2.5F)), "set treble 2.5");
  assert_string_equal(line_of("/grus/enabled", with_truth(false)), "set enabled 0");
  assert_string_equal(line_of("/grus/drive", with_float(0.0F)), "set drive 0"); // A model's knob
  assert_string_equal(line_of("/grus/level_match", with_text("matched")),
                      "set level_match matched");
  assert_string_equal(line_of("/grus/entry", with_int(0)), "entry 0");
  assert_string_equal(line_of("/grus/entry", with_text("Bass\nAmp")), "entry Bass Amp");
  assert_string_equal(line_of("/grus/get", with_text("bass")), "get bass");
  assert_string_equal(line_of("/grus/learn", with_text("bass")), "learn bass");
  const lo_message message = with_text("bass");
  (void)lo_message_add_double(message, -4.0);
  assert_string_equal(line_of("/grus/set", message), "set bass -4");
}

static void
garbage_is_refused_with_the_reason(void** const state)
{
  (void)state;
  static const char* const packets[] = {"garbage",
                                        "",
                                        "/grus",
                                        "/grus/set\0\0\0,sf\0\xff\xff",
                                        "/grus/load\0\0,b\0\0",
                                        "/grus/set\0\0\0,fb\0abcd"};
  static const size_t sizes[] = {7, 0, 5, 18, 16, 20};
  char line[200];
  uint32_t asker = 0;
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    Message message = {""};
    send_bytes(packets[i], sizes[i]);
    assert_int_not_equal(osc_receive(&osc, line, sizeof(line), &asker, &message), STATUS_OK);
    assert_true(strlen(message.text) > 10);
  }
  assert_int_equal(osc_receive(&osc, line, sizeof(line), &asker, NULL), STATUS_OK); // No packet
  assert_string_equal(line, "");
  assert_int_equal(asker, 0);
}

static void
answers_reach_whoever_asked(void** const state)
{
  (void)state;
  const EventField fields[] = {{"control", "treble", 0.0, false},
                               {"value", NULL, 2.5, false},
                               {"n", NULL, 3.0, true},
                               {NULL, NULL, 0.0, false}};
  char packet[512];
  char line[200];
  uint32_t asker = 0;
  int result = 0;
  const int other = socket(AF_INET, SOCK_DGRAM, 0);
  send_bytes("/grus/get\0\0\0,\0\0\0", 16);
  assert_int_equal(osc_receive(&osc, line, sizeof(line), &asker, NULL), STATUS_OK);
  (void)sendto(other, "/grus/get\0\0\0,\0\0\0", 16, 0, (const struct sockaddr*)&rig_address,
               sizeof(rig_address));
  uint32_t second = 0;
  assert_int_equal(osc_receive(&osc, line, sizeof(line), &second, NULL), STATUS_OK);
  osc_answer(&osc, asker, "control", fields);
  const ssize_t n = recv(sender, packet, sizeof(packet), MSG_DONTWAIT);
  assert_true(n > 0);
  assert_string_equal(lo_get_path(packet, n), "/grus/reply/control");
  const lo_message message = lo_message_deserialise(packet, (size_t)n, &result);
  assert_string_equal(lo_message_get_types(message), "sfi");
  const void* const* const values = (const void* const*)lo_message_get_argv(message); // Misaligned
  assert_string_equal(values[0], "treble");
  assert_memory_equal(values[1], &(float){2.5F}, sizeof(float));
  assert_memory_equal(values[2], &(int32_t){3}, sizeof(int32_t));
  lo_message_free(message);
  assert_true(recv(other, packet, sizeof(packet), MSG_DONTWAIT) < 0);
  osc_answer(&osc, asker - OSC_N_SENDERS, "control", fields); // Long ago: somebody else is there
  assert_true(recv(sender, packet, sizeof(packet), MSG_DONTWAIT) < 0);
  assert_int_equal(close(other), 0);
}

static void
a_taken_port_and_a_bad_address_are_told_apart(void** const state)
{
  (void)state;
  Osc second;
  Message message = {""};
  const unsigned port = ntohs(rig_address.sin_port);
  assert_int_equal(osc_listen("127.0.0.1", port, &second, &message), STATUS_CANNOT_READ);
  assert_int_equal(second.fd, -1);
  assert_non_null(strstr(message.text, "in use"));
  assert_int_equal(osc_listen("nowhere", port, &second, &message), STATUS_BAD_ARGUMENT);
  assert_true(osc_is_local("127.0.0.1") && osc_is_local("127.3.2.1"));
  assert_false(osc_is_local("0.0.0.0") || osc_is_local("192.168.0.1") || osc_is_local("nowhere"));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(buttons_send_a_value_and_their_release_does_nothing),
      cmocka_unit_test(arguments_become_words),
      cmocka_unit_test(garbage_is_refused_with_the_reason),
      cmocka_unit_test(answers_reach_whoever_asked),
      cmocka_unit_test(a_taken_port_and_a_bad_address_are_told_apart),
  };
  return cmocka_run_group_tests(tests, open_sockets, close_sockets);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Ports come, go and are connected by others, on a JACK graph made up here.

#include "tests/fixtures.h"

#include "live/connections.h"

#include <jack/jack.h>

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PORTS 16U

/// A port of the graph; ours are those of the client "grus"
typedef struct {
  const char* name; ///< NULL: free
  unsigned long flags;
  bool is_midi;
} Port;

static Port ports[MAX_PORTS];
static bool is_connected[MAX_PORTS][MAX_PORTS]; ///< From output to input
static const char* inactive = "";               ///< A port that can't be connected yet
static unsigned n_calls;                        ///< Of jack_connect()

static Port*
find_port(const char* const name)
{
  for (uint32_t i = 0; i < MAX_PORTS; ++i) {
    if (ports[i].name && !strcmp(ports[i].name, name)) {
      return &ports[i];
    }
  }
  return NULL;
}

static bool*
connection_of(const char* const from, const char* const to)
{
  const Port* const a = find_port(from);
  const Port* const b = find_port(to);
  return a && b ? &is_connected[a - ports][b - ports] : NULL;
}

static Port*
port_of(const jack_port_t* const port)
{
  return (Port*)(uintptr_t)port;
}

// The part of JACK that is used

const char*
jack_port_name(const jack_port_t* const port)
{
  return port_of(port)->name;
}

const char*
jack_port_short_name(const jack_port_t* const port)
{
  return strchr(port_of(port)->name, ':') + 1;
}

int
jack_port_flags(const jack_port_t* const port)
{
  return (int)port_of(port)->flags;
}

const char*
jack_port_type(const jack_port_t* const port)
{
  return port_of(port)->is_midi ? JACK_DEFAULT_MIDI_TYPE : JACK_DEFAULT_AUDIO_TYPE;
}

jack_port_t*
jack_port_by_name(jack_client_t* const client, const char* const name)
{
  (void)client;
  return (jack_port_t*)find_port(name);
}

int
jack_connect(jack_client_t* const client, const char* const from, const char* const to)
{
  bool* const connection = connection_of(from, to);
  (void)client;
  ++n_calls;
  if (!connection || !strcmp(from, inactive) || !strcmp(to, inactive)) {
    return -1;
  }
  *connection = true;
  return 0;
}

static bool
are_connected(const Port* const a, const Port* const b)
{
  return is_connected[a - ports][b - ports] || is_connected[b - ports][a - ports];
}

int
jack_port_connected_to(const jack_port_t* const port, const char* const name)
{
  const Port* const other = find_port(name);
  return other && are_connected(port_of(port), other);
}

static const char**
names_of_ports(bool (*const is_wanted)(const Port* port, const void* data), const void* const data)
{
  const char** const names = (const char**)calloc(MAX_PORTS + 1, sizeof(char*));
  size_t n = 0;
  for (uint32_t i = 0; i < MAX_PORTS; ++i) {
    if (ports[i].name && is_wanted(&ports[i], data)) {
      names[n++] = ports[i].name;
    }
  }
  return names;
}

static bool
is_connected_to(const Port* const port, const void* const data)
{
  return are_connected(port, (const Port*)data);
}

const char**
jack_port_get_all_connections(const jack_client_t* const client, const jack_port_t* const port)
{
  (void)client;
  return names_of_ports(is_connected_to, port_of(port));
}

/// What jack_get_ports() looks for
typedef struct {
  const char* pattern;
  const char* type;
  unsigned long flags;
} Wanted;

static bool
is_wanted(const Port* const port, const void* const data)
{
  const Wanted* const w = (const Wanted*)data;
  regex_t expression;
  bool matches = true;
  if (w->pattern) {
    assert_int_equal(regcomp(&expression, w->pattern, REG_EXTENDED | REG_NOSUB), 0);
    matches = !regexec(&expression, port->name, 0, NULL, 0);
    regfree(&expression);
  }
  return matches && (port->flags & w->flags) == w->flags &&
         !strcmp(jack_port_type((const jack_port_t*)port), w->type);
}

const char**
jack_get_ports(jack_client_t* const client, const char* const pattern, const char* const type,
               const unsigned long flags)
{
  const Wanted wanted = {pattern, type, flags};
  (void)client;
  return names_of_ports(is_wanted, &wanted);
}

void
jack_free(void* const pointer)
{
  free(pointer);
}

// The graph

static void
add_port(const char* const name, const unsigned long flags, const bool is_midi)
{
  for (uint32_t i = 0; i < MAX_PORTS; ++i) {
    if (!ports[i].name) {
      ports[i] = (Port){name, flags, is_midi};
      return;
    }
  }
  fail();
}

static void
disconnect_ports(const char* const from, const char* const to)
{
  *connection_of(from, to) = false;
}

static void
remove_port(const char* const name)
{
  Port* const port = find_port(name);
  for (uint32_t i = 0; i < MAX_PORTS; ++i) {
    is_connected[i][port - ports] = is_connected[port - ports][i] = false;
  }
  port->name = NULL;
}

static void
add_system(void)
{
  const unsigned long out = JackPortIsOutput | JackPortIsPhysical;
  const unsigned long in = JackPortIsInput | JackPortIsPhysical;
  add_port("system:capture_1", out, false);
  add_port("system:capture_2", out, false);
  add_port("system:playback_1", in, false);
  add_port("system:playback_2", in, false);
}

static void
add_rig(void)
{
  add_port("grus:in", JackPortIsInput, false);
  add_port("grus:out", JackPortIsOutput, false);
  add_port("grus:midi", JackPortIsInput, true);
}

static int
clear_graph(void** const state)
{
  (void)state;
  memset(ports, 0, sizeof(ports));
  memset(is_connected, 0, sizeof(is_connected));
  n_calls = 0;
  return 0;
}

/// Do what the client does when the graph has changed
static void
follow(Connections* const connections, const char* const pattern)
{
  static const char* const ours[] = {"grus:in", "grus:out", "grus:midi"};
  for (uint32_t i = 0; i < 3; ++i) {
    const ConnectionsPort port = {NULL, (jack_port_t*)find_port(ours[i]), 0, 1, pattern};
    connections_follow(connections, port);
    connections_make_new(connections, port);
    connections_follow(connections, port);
  }
}

static void
assert_connected(const char* const from, const char* const to, const bool expected)
{
  const bool* const connection = connection_of(from, to);
  assert_true((connection && *connection) == expected);
}

static void
what_is_there_and_what_appears_is_connected_once(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  follow(&connections, NULL);
  assert_int_equal(n_calls, 0);
  add_system();
  follow(&connections, NULL);
  follow(&connections, NULL);
  assert_connected("system:capture_1", "grus:in", true);
  assert_connected("system:capture_2", "grus:in", false);
  assert_connected("grus:out", "system:playback_1", true);
  assert_connected("grus:out", "system:playback_2", true);
  add_port("system:midi_1", JackPortIsOutput | JackPortIsPhysical, true);
  follow(&connections, NULL);
  add_port("system:midi_2", JackPortIsOutput | JackPortIsPhysical, true);
  follow(&connections, NULL);
  assert_connected("system:midi_1", "grus:midi", true);
  assert_connected("system:midi_2", "grus:midi", true);
  assert_int_equal(n_calls, 5);
}

static void
a_pedal_is_connected_again_when_it_is_plugged_in_again(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  follow(&connections, "late:.*");
  add_port("late:pedal", JackPortIsOutput, true);
  add_port("other:pedal", JackPortIsOutput, true);
  follow(&connections, "late:.*");
  assert_connected("late:pedal", "grus:midi", true);
  assert_connected("other:pedal", "grus:midi", false);
  remove_port("late:pedal");
  follow(&connections, "late:.*");
  add_port("late:pedal", JackPortIsOutput, true);
  follow(&connections, "late:.*");
  assert_connected("late:pedal", "grus:midi", true);
}

/// JACK refuses ports of a client that is not active yet, and does not say when it is
static void
a_connection_that_fails_is_to_be_tried_again(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  add_port("late:pedal", JackPortIsOutput, true);
  inactive = "late:pedal";
  follow(&connections, "late:.*");
  assert_true(connections.must_retry);
  inactive = "";
  connections.must_retry = false;
  follow(&connections, "late:.*");
  assert_connected("late:pedal", "grus:midi", true);
  assert_false(connections.must_retry);
}

static void
what_was_disconnected_stays_so_while_it_exists(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  add_system();
  add_port("system:midi_1", JackPortIsOutput | JackPortIsPhysical, true);
  follow(&connections, NULL);
  disconnect_ports("grus:out", "system:playback_2");
  disconnect_ports("system:midi_1", "grus:midi");
  follow(&connections, NULL);
  add_port("system:playback_3", JackPortIsInput | JackPortIsPhysical, false);
  follow(&connections, NULL);
  assert_connected("grus:out", "system:playback_2", false);
  assert_connected("grus:out", "system:playback_3", false);
  assert_connected("system:midi_1", "grus:midi", false);
  remove_port("system:midi_1"); // Plugged in again
  follow(&connections, NULL);
  add_port("system:midi_1", JackPortIsOutput | JackPortIsPhysical, true);
  connections_note_registered(&connections, "system:midi_1");
  follow(&connections, NULL);
  assert_connected("system:midi_1", "grus:midi", true);
}

/// A client that ends disconnects its ports before it removes them, and may be back at once
static void
a_client_that_restarts_quickly_is_connected_again(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  add_port("late:pedal", JackPortIsOutput, true);
  follow(&connections, "late:.*");
  disconnect_ports("late:pedal", "grus:midi");
  follow(&connections, "late:.*");
  assert_connected("late:pedal", "grus:midi", false);
  remove_port("late:pedal");
  add_port("late:pedal", JackPortIsOutput, true);
  connections_note_registered(&connections, "late:pedal");
  follow(&connections, "late:.*");
  assert_connected("late:pedal", "grus:midi", true);
}

/// Ports vanish one by one while a server stops
static void
a_new_server_has_the_connections_of_the_old_one(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  add_rig();
  add_system();
  add_port("fx:out", JackPortIsOutput, false);
  follow(&connections, NULL);
  disconnect_ports("grus:out", "system:playback_2");
  (void)jack_connect(NULL, "fx:out", "grus:in");
  follow(&connections, NULL);
  remove_port("system:playback_2");
  remove_port("system:capture_1");
  follow(&connections, NULL);
  connections_mark_lost(&connections);
  (void)clear_graph(NULL);
  add_system();
  add_rig();
  follow(&connections, NULL);
  assert_connected("system:capture_1", "grus:in", true);
  assert_connected("grus:out", "system:playback_1", true);
  assert_connected("grus:out", "system:playback_2", false);
  add_port("fx:out", JackPortIsOutput, false);
  follow(&connections, NULL);
  assert_connected("fx:out", "grus:in", true);
}

static void
connections_are_described_in_one_line(void** const state)
{
  (void)state;
  static Connections connections;
  memset(&connections, 0, sizeof(connections));
  char text[200] = "";
  add_rig();
  add_system();
  follow(&connections, NULL);
  const ConnectionsPort in = {NULL, (jack_port_t*)find_port("grus:in"), 0, 1, NULL};
  const ConnectionsPort out = {NULL, (jack_port_t*)find_port("grus:out"), 0, 1, NULL};
  const ConnectionsPort midi = {NULL, (jack_port_t*)find_port("grus:midi"), 0, 1, NULL};
  assert_int_equal(connections_describe(&connections, in, text, sizeof(text)), 1);
  assert_int_equal(connections_describe(&connections, out, text, sizeof(text)), 2);
  assert_int_equal(connections_describe(&connections, midi, text, sizeof(text)), 0);
  assert_string_equal(text, "in ← system:capture_1; out → system:playback_1, system:playback_2");
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(what_is_there_and_what_appears_is_connected_once, clear_graph),
      cmocka_unit_test_setup(a_pedal_is_connected_again_when_it_is_plugged_in_again, clear_graph),
      cmocka_unit_test_setup(a_connection_that_fails_is_to_be_tried_again, clear_graph),
      cmocka_unit_test_setup(what_was_disconnected_stays_so_while_it_exists, clear_graph),
      cmocka_unit_test_setup(a_client_that_restarts_quickly_is_connected_again, clear_graph),
      cmocka_unit_test_setup(a_new_server_has_the_connections_of_the_old_one, clear_graph),
      cmocka_unit_test_setup(connections_are_described_in_one_line, clear_graph),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// liblo reads the messages, but does not open the socket: its servers listen on all interfaces.

#include "live/osc.h"

#include "live/commands.h"

#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKET_SIZE 4096U
#define PREFIX "/grus/"
#define ENTRY_PREFIX "entry/"

Status
osc_listen(const char* const host, const unsigned port, Osc* const osc, Message* const message)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  *osc = (Osc){.fd = -1};
  if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
    return status_fail(message, STATUS_BAD_ARGUMENT,
                       "--osc-host=%.60s: expected an IPv4 address, such as 127.0.0.1", host);
  }
  const int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (s < 0 || bind(s, (const struct sockaddr*)&address, sizeof(address))) {
    const int error = errno;
    if (s >= 0) {
      (void)close(s);
    }
    return status_fail(message, STATUS_CANNOT_READ, "--osc=%u: can't listen on %.60s: %s", port,
                       host, strerror(error));
  }
  osc->fd = s;
  return STATUS_OK;
}

bool
osc_is_local(const char* const host)
{
  struct in_addr address = {0};
  return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24U == 127U;
}

void
osc_close(Osc* const osc)
{
  if (osc->fd >= 0) {
    (void)close(osc->fd);
  }
  osc->fd = -1;
}

// Receiving

/// A message that was read
typedef struct {
  const char* types;
  lo_arg** arguments;
  int n;
} OscArguments;

/// Append an argument as a word
static void
append_argument(const lo_type type, lo_arg* const argument, char* const line, const size_t size)
{
  const size_t n = strlen(line);
  if (lo_is_numerical_type(type)) {
    (void)snprintf(line + n, size - n, " %.9g", (double)lo_hires_val(type, argument));
  } else if (lo_is_string_type(type)) {
    (void)snprintf(line + n, size - n, " %s", (const char*)argument);
  } else if (type == LO_TRUE || type == LO_FALSE) {
    (void)snprintf(line + n, size - n, " %d", type == LO_TRUE);
  }
}

/// Read what a button sends: a number, a truth value, or nothing; return false for anything else
static bool
read_button(const OscArguments* const a, bool* const is_pressed)
{
  const lo_type type = a->n ? (lo_type)a->types[0] : LO_INFINITUM;
  if (a->n > 1 || lo_is_string_type(type)) {
    return false;
  }
  *is_pressed = type != LO_FALSE && !(lo_is_numerical_type(type) &&
                                      !((double)lo_hires_val(type, a->arguments[0]) > 0.0));
  return true;
}

/// Write a command that a button gives, or "" for its release; return false if this is none
static bool
write_button(const char* const word, const OscArguments* const a, char* const line,
             const size_t size)
{
  CommandArgument argument = COMMAND_NEEDS;
  const bool is_entry = !strncmp(word, ENTRY_PREFIX, strlen(ENTRY_PREFIX));
  bool is_pressed = false;
  if (!is_entry && (!commands_find(word, &argument) || argument == COMMAND_NEEDS)) {
    return false;
  }
  if (!read_button(a, &is_pressed)) {
    return false;
  }
  (void)snprintf(line, size, "%s%s", is_pressed && is_entry ? "entry " : "",
                 !is_pressed ? ""
                 : is_entry  ? word + strlen(ENTRY_PREFIX)
                             : word);
  return true;
}

/// Write the command line for a message; an address that is no command is that of a control, and
/// short for set
static void
write_command_line(const char* const word, const OscArguments* const a, char* const line,
                   const size_t size)
{
  CommandArgument argument = COMMAND_NEEDS;
  if (!write_button(word, a, line, size)) {
    const bool is_command = commands_find(word, &argument);
    (void)snprintf(line, size, "%s%s", is_command || !a->n ? "" : "set ", word);
    for (int i = 0; i < a->n; ++i) {
      append_argument((lo_type)a->types[i], a->arguments[i], line, size);
    }
  }
  for (char* c = line; *c; ++c) {
    *c = (unsigned char)*c < ' ' ? ' ' : *c;
  }
}

/// Return true if a message brings a blob, which no command takes: liblo 0.31 reads beyond the
/// packet if one is cut
static bool
has_blob(const char* const packet, const size_t n)
{
  const size_t types = (strnlen(packet, n) + 4) / 4 * 4; // Behind the path and its padding
  return types < n && memchr(packet + types, LO_BLOB, strnlen(packet + types, n - types));
}

/// Read the bytes of a packet
static Status
read_packet(char* const packet, const size_t n, char* const line, const size_t size,
            Message* const message)
{
  int result = 0;
  const bool may_be = n > 0 && packet[0] == '/' && !has_blob(packet, n);
  const char* const path = may_be ? lo_get_path(packet, (ssize_t)n) : NULL;
  const lo_message read = path ? lo_message_deserialise(packet, n, &result) : NULL;
  if (!read) {
    return status_fail(message, STATUS_BAD_FILE,
                       "OSC: a packet of %zu bytes is not a message of numbers and texts", n);
  }
  Status status = STATUS_OK;
  if (strncmp(path, PREFIX, strlen(PREFIX)) != 0) {
    status = status_fail(message, STATUS_BAD_ARGUMENT,
                         "OSC: %.60s: expected an address that starts with " PREFIX, path);
  } else {
    const OscArguments arguments = {lo_message_get_types(read), lo_message_get_argv(read),
                                    lo_message_get_argc(read)};
    write_command_line(path + strlen(PREFIX), &arguments, line, size);
  }
  lo_message_free(read);
  return status;
}

Status
osc_receive(Osc* const osc, char* const line, const size_t size, uint32_t* const asker,
            Message* const message)
{
  char packet[PACKET_SIZE];
  struct sockaddr_in sender;
  socklen_t sender_size = sizeof(sender);
  const ssize_t n =
      recvfrom(osc->fd, packet, sizeof(packet), 0, (struct sockaddr*)&sender, &sender_size);
  line[0] = '\0';
  *asker = 0;
  if (n < 0) { // An error of an answer before, such as a closed port, is of no concern
    return errno == EAGAIN || errno == ECONNREFUSED
               ? STATUS_OK
               : status_fail(message, STATUS_CANNOT_READ, "OSC: %s", strerror(errno));
  }
  *asker = ++osc->n_packets;
  osc->senders[*asker % OSC_N_SENDERS] = sender;
  return read_packet(packet, (size_t)n, line, size, message);
}

// Answering

static void
add_field(const lo_message message, const EventField* const field)
{
  if (field->text) {
    (void)lo_message_add_string(message, field->text);
  } else if (field->is_whole) {
    (void)lo_message_add_int32(message, (int32_t)field->number);
  } else {
    (void)lo_message_add_float(message, (float)field->number);
  }
}

void
osc_answer(const Osc* const osc, const uint32_t asker, const char* const event,
           const EventField* const fields)
{
  char path[64];
  size_t size = 0;
  const struct sockaddr_in* const to = &osc->senders[asker % OSC_N_SENDERS];
  const lo_message message = lo_message_new();
  if (!message || osc->fd < 0 || osc->n_packets - asker >= OSC_N_SENDERS) {
    lo_message_free(message);
    return;
  }
  for (const EventField* f = fields; f->name; ++f) {
    add_field(message, f);
  }
  (void)snprintf(path, sizeof(path), PREFIX "reply/%.40s", event);
  void* const bytes = lo_message_serialise(message, path, NULL, &size);
  if (bytes) {
    (void)!sendto(osc->fd, bytes, size, 0, (const struct sockaddr*)to, sizeof(*to));
  }
  free(bytes);
  lo_message_free(message);
}

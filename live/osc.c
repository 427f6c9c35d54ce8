// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// liblo reads the messages, but does not open the socket: its servers listen on all interfaces.

#include "live/osc.h"

#include "core/engine/controls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKET_SIZE 4096U
#define PREFIX "/grus/"

Status
osc_listen(const char* const host, const unsigned port, int* const fd, Message* const message)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
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
  *fd = s;
  return STATUS_OK;
}

/// Append an argument as a word
static void
append_argument(const lo_type type, lo_arg* const argument, char* const line, const size_t size)
{
  const size_t n = strlen(line);
  if (lo_is_numerical_type(type)) {
    (void)snprintf(line + n, size - n, " %.9g", (double)lo_hires_val(type, argument));
  } else if (lo_is_string_type(type)) {
    (void)snprintf(line + n, size - n, " %s", &argument->s);
  } else if (type == LO_TRUE || type == LO_FALSE) {
    (void)snprintf(line + n, size - n, " %d", type == LO_TRUE);
  }
}

/// Write the command line for a message; the address of a control is short for set
static void
write_command_line(const char* const path, const lo_message read, char* const line,
                   const size_t size)
{
  const char* const word = path + strlen(PREFIX);
  Control control = CONTROL_ENABLED;
  const char* const types = lo_message_get_types(read);
  lo_arg** const arguments = lo_message_get_argv(read);
  const int n = lo_message_get_argc(read);
  const bool is_control = controls_find_name(word, &control);
  (void)snprintf(line, size, "%s%s", is_control ? "set " : "", word);
  for (int i = 0; i < n; ++i) {
    append_argument((lo_type)types[i], arguments[i], line, size);
  }
  for (char* c = line; *c; ++c) {
    *c = (unsigned char)*c < ' ' ? ' ' : *c;
  }
}

Status
osc_receive(const int fd, char* const line, const size_t size, Message* const message)
{
  char packet[PACKET_SIZE];
  const ssize_t n = recv(fd, packet, sizeof(packet), 0);
  int result = 0;
  line[0] = '\0';
  if (n < 0) {
    return errno == EAGAIN ? STATUS_OK
                           : status_fail(message, STATUS_CANNOT_READ, "OSC: %s", strerror(errno));
  }
  const char* const path = n > 0 && packet[0] == '/' ? lo_get_path(packet, n) : NULL;
  const lo_message read = path ? lo_message_deserialise(packet, (size_t)n, &result) : NULL;
  if (!read) {
    return status_fail(message, STATUS_BAD_FILE, "OSC: a packet of %zd bytes is not a message", n);
  }
  Status status = STATUS_OK;
  if (strncmp(path, PREFIX, strlen(PREFIX)) != 0) {
    status = status_fail(message, STATUS_BAD_ARGUMENT,
                         "OSC: %.60s: expected an address that starts with " PREFIX, path);
  } else {
    write_command_line(path, read, line, size);
  }
  lo_message_free(read);
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-live: a rig that starts by itself and plays all night. One loop on the main thread waits for
// lines, OSC packets, signals, JACK's threads and time, and hands them to the rig.

#include "cli/exit_status.h"
#include "core/clock.h"
#include "live/commands.h"
#include "live/events_out.h"
#include "live/options.h"
#include "live/osc.h"
#include "live/rig.h"
#include "live/service.h"

#include <errno.h>
#include <jack/jack.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define RETRY_MS 1000      ///< Between attempts to reach a server
#define TICK_MS 50         ///< Between looks at the JACK thread's events
#define SETTLE_SECONDS 0.2 ///< Before a measurement: caches fill, connections settle

/// What the loop waits for
typedef struct {
  int signals;      ///< signalfd
  int wake;         ///< eventfd that JACK's threads write to
  int osc;          ///< Socket; -1: none
  bool reads_lines; ///< Until standard input ends
  CommandLines lines;
} Inputs;

static bool
open_inputs(Inputs* const inputs, const LiveOptions* const options)
{
  sigset_t set;
  Message message = {""};
  (void)sigemptyset(&set);
  (void)sigaddset(&set, SIGTERM);
  (void)sigaddset(&set, SIGINT);
  (void)sigaddset(&set, SIGHUP);
  (void)sigprocmask(SIG_BLOCK, &set, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
  *inputs = (Inputs){.osc = -1, .reads_lines = true};
  inputs->signals = signalfd(-1, &set, SFD_CLOEXEC);
  inputs->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (options->osc_port &&
      osc_listen(options->osc_host, options->osc_port, &inputs->osc, &message)) {
    print_error(message.text);
    return false;
  }
  return inputs->signals >= 0 && inputs->wake >= 0;
}

static void
run_line(const char* const line, void* const data)
{
  rig_run_line((Rig*)data, line);
}

static void
read_lines(Inputs* const inputs, Rig* const rig)
{
  char bytes[4096];
  const ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
  if (n > 0) {
    commands_feed(&inputs->lines, bytes, (size_t)n, run_line, rig);
  } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
    inputs->reads_lines = false;
  }
}

static void
read_osc_packet(const Inputs* const inputs, Rig* const rig)
{
  char line[PATH_MAX];
  Message message = {""};
  if (osc_receive(inputs->osc, line, sizeof(line), &message)) {
    print_error(message.text);
  } else {
    rig_run_line(rig, line);
  }
}

static void
read_signal(const Inputs* const inputs, Rig* const rig)
{
  struct signalfd_siginfo info;
  if (read(inputs->signals, &info, sizeof(info)) != (ssize_t)sizeof(info)) {
    return;
  }
  if (info.ssi_signo == SIGHUP) {
    rig_reload(rig);
  } else {
    rig->is_leaving = true;
  }
}

/// Wait for input for at most `timeout_ms`, and handle it
static void
wait_for_input(Inputs* const inputs, Rig* const rig, const int timeout_ms)
{
  struct pollfd fds[] = {{inputs->signals, POLLIN, 0},
                         {inputs->wake, POLLIN, 0},
                         {inputs->osc, POLLIN, 0},
                         {inputs->reads_lines ? STDIN_FILENO : -1, POLLIN, 0}};
  uint64_t count = 0;
  if (poll(fds, 4, timeout_ms) <= 0) {
    return;
  }
  if (fds[0].revents) {
    read_signal(inputs, rig);
  }
  if (fds[1].revents && read(inputs->wake, &count, sizeof(count)) > 0 && rig->client) {
    client_follow_connections(rig->client);
  }
  if (fds[2].revents) {
    read_osc_packet(inputs, rig);
  }
  if (fds[3].revents) {
    read_lines(inputs, rig);
  }
}

/// Play until a command or a signal ends it; return an exit status
static int
play_until_stopped(Inputs* const inputs, Rig* const rig)
{
  while (!rig->is_leaving) {
    if (!rig_follow_server(rig)) {
      return CLI_EXIT_BAD_INPUT;
    }
    const int alive = service_alive();
    const int tick = rig->client ? TICK_MS : RETRY_MS;
    wait_for_input(inputs, rig, alive >= 0 && alive < tick ? alive : tick);
    rig_drain_events(rig);
  }
  return EXIT_SUCCESS;
}

static void
play_for(Inputs* const inputs, Rig* const rig, const double seconds)
{
  const double end = clock_seconds() + seconds;
  for (double left = seconds; left > 0.0 && !rig->is_leaving; left = end - clock_seconds()) {
    wait_for_input(inputs, rig, left < 0.001 * TICK_MS ? (int)ceil(1000.0 * left) : TICK_MS);
    rig_drain_events(rig);
  }
}

/// Play for a while and print the load; return an exit status
static int
measure_load(Inputs* const inputs, Rig* const rig)
{
  if (!rig_follow_server(rig) || !rig->client) {
    return CLI_EXIT_BAD_INPUT;
  }
  play_for(inputs, rig, SETTLE_SECONDS);
  client_reset_load(rig->client);
  play_for(inputs, rig, rig->options->measure_seconds);
  const ClientLoad load = client_load(rig->client);
  print_measured(&load);
  return load.n_blocks ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// libjack prints an error for every attempt to reach a server
static void
ignore_jack_message(const char* const text)
{
  (void)text;
}

int
main(const int argc, char** const argv)
{
  LiveOptions options;
  Inputs inputs;
  Rig rig;
  Message message = {""};
  const CliResult read = options_read(argc, argv, &options);
  if (read != CLI_RUN) {
    return cli_exit_result(read);
  }
  print_events_as_json(options.is_json);
  jack_set_error_function(ignore_jack_message);
  jack_set_info_function(ignore_jack_message);
  if (!open_inputs(&inputs, &options)) {
    return CLI_EXIT_BAD_INPUT;
  }
  if (rig_init(&rig, &options, inputs.wake, &message)) {
    print_error(message.text);
    return CLI_EXIT_BAD_INPUT;
  }
  const int result = options.measure_seconds > 0.0 ? measure_load(&inputs, &rig)
                                                   : play_until_stopped(&inputs, &rig);
  service_stopping();
  rig_fade_out(&rig);
  rig_clear(&rig);
  return result;
}

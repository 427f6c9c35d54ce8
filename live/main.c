// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// grus-live: a rig that starts by itself and plays all night. One loop on the main thread waits for
// lines, OSC packets, signals, JACK's threads and time, and hands them to the rig.

#include "cli/exit_status.h"
#include "core/clock.h"
#include "live/allowance.h"
#include "live/commands.h"
#include "live/events_out.h"
#include "live/options.h"
#include "live/osc.h"
#include "live/rig.h"
#include "live/rig_server.h"
#include "live/service.h"

#include <errno.h>
#include <jack/jack.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define RETRY_MS 1000          ///< Between attempts to reach a server
#define MOST_PER_SECOND 1000.0 ///< Packets taken, and answers sent
#define TICK_MS 50             ///< Between looks at the JACK thread's events
#define SETTLE_SECONDS 0.2     ///< Before a measurement: caches fill, connections settle

/// What the loop waits for
typedef struct {
  int signals; ///< signalfd
  int wake;    ///< eventfd that JACK's threads write to
  Osc osc;
  Allowance packets; ///< To take
  Allowance answers; ///< To send
  bool reads_lines;  ///< Until standard input ends
  CommandLines lines;
} Inputs;

/// Listen to OSC if that is wanted. A taken port does not stop the music.
static bool
open_osc(Inputs* const inputs, const LiveOptions* const options)
{
  Message message = {""};
  inputs->osc = (Osc){.fd = -1};
  if (!options->osc_port) {
    return true;
  }
  const Status status = osc_listen(options->osc_host, options->osc_port, &inputs->osc, &message);
  if (status) {
    events_print_error(message.text);
  }
  if (status && status != STATUS_BAD_ARGUMENT) {
    events_print_note("playing on without OSC");
  }
  return status != STATUS_BAD_ARGUMENT;
}

static void
answer(const uint32_t asker, const char* const event, const EventField* const fields,
       void* const data)
{
  Inputs* const inputs = (Inputs*)data;
  if (allowance_use(&inputs->answers, clock_seconds())) {
    osc_answer(&inputs->osc, asker, event, fields);
  }
}

static bool
open_inputs(Inputs* const inputs, const LiveOptions* const options)
{
  sigset_t set;
  (void)sigemptyset(&set);
  (void)sigaddset(&set, SIGTERM);
  (void)sigaddset(&set, SIGINT);
  (void)sigaddset(&set, SIGHUP);
  (void)sigprocmask(SIG_BLOCK, &set, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
  inputs->reads_lines = true;
  inputs->signals = signalfd(-1, &set, SFD_CLOEXEC);
  inputs->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  inputs->packets = inputs->answers = (Allowance){MOST_PER_SECOND, MOST_PER_SECOND, 0.0, 0.0};
  events_answer_by(answer, inputs);
  return open_osc(inputs, options) && inputs->signals >= 0 && inputs->wake >= 0;
}

static void
run_line(const char* const line, void* const data)
{
  rig_run_line((Rig*)data, line, 0);
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

/// Take a packet, or drop it in a flood
static void
read_osc_packet(Inputs* const inputs, Rig* const rig)
{
  char line[PATH_MAX + 64];
  uint32_t asker = 0;
  Message message = {""};
  const Status status = osc_receive(&inputs->osc, line, sizeof(line), &asker, &message);
  if (!allowance_use(&inputs->packets, clock_seconds())) {
    return;
  }
  if (status) {
    events_answer_to(asker);
    events_print_error(message.text);
    events_answer_to(0);
  } else {
    rig_run_line(rig, line, asker);
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
  const bool is_ready = rig_is_ready(rig); // If not, commands wait
  struct pollfd fds[] = {{inputs->signals, POLLIN, 0},
                         {inputs->wake, POLLIN, 0},
                         {is_ready ? inputs->osc.fd : -1, POLLIN, 0},
                         {is_ready && inputs->reads_lines ? STDIN_FILENO : -1, POLLIN, 0}};
  uint64_t count = 0;
  if (poll(fds, 4, timeout_ms) <= 0) {
    return;
  }
  if (fds[0].revents) {
    read_signal(inputs, rig);
  }
  if (fds[1].revents && read(inputs->wake, &count, sizeof(count)) > 0) {
    rig->has_woken = true;
  }
  if (fds[2].revents) {
    read_osc_packet(inputs, rig);
  }
  if (fds[3].revents) {
    read_lines(inputs, rig);
  }
}

/// Wait for input, and do what follows; at most for `timeout_ms`
static void
take_turn(Inputs* const inputs, Rig* const rig, const int timeout_ms)
{
  const int alive = service_alive(clock_seconds());
  wait_for_input(inputs, rig, alive >= 0 && alive < timeout_ms ? alive : timeout_ms);
  rig_step(rig);
}

/// Play until a command or a signal ends it; return an exit status
static int
play_until_stopped(Inputs* const inputs, Rig* const rig)
{
  while (!rig->is_leaving && !rig->has_failed) {
    take_turn(inputs, rig, rig->client ? TICK_MS : RETRY_MS);
  }
  return rig->has_failed ? CLI_EXIT_BAD_INPUT : EXIT_SUCCESS;
}

static void
play_for(Inputs* const inputs, Rig* const rig, const double seconds)
{
  const double end = clock_seconds() + seconds;
  for (double left = seconds; left > 0.0 && !rig->is_leaving; left = end - clock_seconds()) {
    take_turn(inputs, rig, left < 0.001 * TICK_MS ? (int)ceil(1000.0 * left) : TICK_MS);
  }
}

/// Play for a while and print the load; return an exit status
static int
measure_load(Inputs* const inputs, Rig* const rig)
{
  while (!rig->player && !rig->waits_for[0] && !rig->has_failed && !rig->is_leaving) {
    take_turn(inputs, rig, TICK_MS);
  }
  if (!rig->player) {
    return CLI_EXIT_BAD_INPUT;
  }
  play_for(inputs, rig, SETTLE_SECONDS);
  if (rig->client) {
    client_reset_load(rig->client);
  }
  play_for(inputs, rig, rig->options->measure_seconds);
  if (!rig->player) {
    return EXIT_FAILURE;
  }
  const ClientLoad load = client_load(rig->client);
  events_print_measured(&load);
  return load.n_blocks ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// A person at a terminal may not know what can be typed
static void
greet_terminal(const LiveOptions* const options)
{
  if (!options->is_json && options->measure_seconds <= 0.0 && isatty(STDIN_FILENO)) {
    events_print_note("type help for the commands");
  }
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
  static Rig rig;
  static Inputs inputs;
  LiveOptions options;
  const CliResult read = options_read(argc, argv, &options);
  if (read != CLI_RUN) {
    return cli_exit_result(read);
  }
  events_print_json(options.is_json);
  jack_set_error_function(ignore_jack_message);
  jack_set_info_function(ignore_jack_message);
  if (!open_inputs(&inputs, &options)) {
    return CLI_EXIT_BAD_INPUT;
  }
  greet_terminal(&options);
  rig_init(&rig, &options, inputs.wake);
  rig_step(&rig);
  const int result = options.measure_seconds > 0.0 ? measure_load(&inputs, &rig)
                                                   : play_until_stopped(&inputs, &rig);
  service_stopping();
  rig_fade_out(&rig);
  rig_clear(&rig);
  return result;
}

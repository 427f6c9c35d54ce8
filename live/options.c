// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Words on the command line into options. Main thread, once.

#include "live/options.h"

#include "core/engine/quality.h"
#include "live/commands.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "Usage: grus-live [OPTION...] [MODEL.json...|SETLIST.json]\n"
    "Play models of amplifiers and pedals on JACK, for rigs that start by themselves.\n"
    "Without a file, the factory model is played.\n"
    "\n"
    "  -s, --stereo                two channels through the same weights\n"
    "      --set=CONTROL=VALUE     turn a control, one of those below\n"
    "      --cabinet=FILE.wav      loudspeaker behind models given by name\n"
    "      --quality=WHAT          normal, 2x or 4x against aliasing\n"
    "      --name=NAME             of the JACK client (default grus)\n"
    "      --server=NAME           JACK server\n"
    "      --connect=PATTERN       connect to output ports that match, instead of the physical "
    "ones\n"
    "      --connect-input=PATTERN the same for input ports\n"
    "      --connect-midi=PATTERN  the same for MIDI\n"
    "      --no-connect            connect nothing\n"
    "      --osc=PORT              listen for OSC on 127.0.0.1\n"
    "      --osc-host=ADDRESS      listen on this address instead\n"
    "      --json                  print events as JSON lines\n"
    "      --measure[=SECONDS]     play for 10 s or as long as said, print load and worst block, "
    "leave\n"
    "  -h, --help                  print this and exit\n"
    "  -V, --version               print the version and exit\n"
    "\n"
    "On standard input, while it plays:\n";

typedef enum {
  KEY_SET = 256,
  KEY_CABINET,
  KEY_QUALITY,
  KEY_NAME,
  KEY_SERVER,
  KEY_CONNECT,
  KEY_CONNECT_INPUT,
  KEY_CONNECT_MIDI,
  KEY_NO_CONNECT,
  KEY_OSC,
  KEY_OSC_HOST,
  KEY_JSON,
  KEY_MEASURE,
} Key;

static const struct option long_options[] = {
    {"stereo", no_argument, NULL, 's'},
    {"set", required_argument, NULL, KEY_SET},
    {"cabinet", required_argument, NULL, KEY_CABINET},
    {"quality", required_argument, NULL, KEY_QUALITY},
    {"name", required_argument, NULL, KEY_NAME},
    {"server", required_argument, NULL, KEY_SERVER},
    {"connect", required_argument, NULL, KEY_CONNECT},
    {"connect-input", required_argument, NULL, KEY_CONNECT_INPUT},
    {"connect-midi", required_argument, NULL, KEY_CONNECT_MIDI},
    {"no-connect", no_argument, NULL, KEY_NO_CONNECT},
    {"osc", required_argument, NULL, KEY_OSC},
    {"osc-host", required_argument, NULL, KEY_OSC_HOST},
    {"json", no_argument, NULL, KEY_JSON},
    {"measure", optional_argument, NULL, KEY_MEASURE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/// Read "CONTROL=VALUE" as the command set does
static bool
read_setting(Options* const o, const char* const text)
{
  char line[256];
  Command command;
  Message message = {""};
  (void)snprintf(line, sizeof(line), "set %.200s", text);
  if (commands_parse(line, &command, &message)) {
    (void)fprintf(stderr, "grus-live: --set: %s\n", message.text);
    return false;
  }
  controls_set(&o->controls, command.control, command.value);
  return true;
}

static bool
read_quality(Options* const o, const char* const text)
{
  o->oversampling = quality_oversampling(text);
  if (!o->oversampling) {
    (void)fprintf(stderr, "grus-live: --quality is \"%.40s\"; expected " QUALITY_WORDS "\n", text);
  }
  return o->oversampling != 0;
}

static bool
read_port(Options* const o, const char* const text)
{
  char* end = NULL;
  const unsigned long port = strtoul(text, &end, 10);
  if (end == text || *end || !port || port > 65535) {
    (void)fprintf(stderr, "grus-live: --osc is \"%.40s\"; expected a port, 1 to 65535\n", text);
    return false;
  }
  o->osc_port = (uint32_t)port;
  return true;
}

static bool
read_measure(Options* const o, const char* const text)
{
  char* end = NULL;
  o->measure_seconds = text ? strtod(text, &end) : 10.0;
  if (text &&
      (end == text || *end || !(o->measure_seconds >= 0.1 && o->measure_seconds <= 86400.0))) {
    (void)fprintf(stderr, "grus-live: --measure is \"%.40s\"; expected 0.1 to 86400 s\n", text);
    return false;
  }
  return true;
}

static bool
read_option(const int key, Options* const o)
{
  switch (key) {
  case 's':
    o->client.n_channels = 2;
    return true;
  case KEY_SET:
    return read_setting(o, optarg);
  case KEY_CABINET:
    o->cabinet = optarg;
    return true;
  case KEY_QUALITY:
    return read_quality(o, optarg);
  case KEY_NAME:
    o->client.name = optarg;
    return true;
  case KEY_SERVER:
    o->client.server = optarg;
    return true;
  case KEY_CONNECT:
    o->client.output_pattern = optarg;
    return true;
  case KEY_CONNECT_INPUT:
    o->client.input_pattern = optarg;
    return true;
  case KEY_CONNECT_MIDI:
    o->client.midi_pattern = optarg;
    return true;
  case KEY_NO_CONNECT:
    o->client.connects = false;
    return true;
  case KEY_OSC:
    return read_port(o, optarg);
  case KEY_OSC_HOST:
    o->osc_host = optarg;
    return true;
  case KEY_JSON:
    o->is_json = true;
    return true;
  case KEY_MEASURE:
    return read_measure(o, optarg);
  default:
    return false;
  }
}

int
options_read(const int argc, char** const argv, Options* const options)
{
  int key = 0;
  *options = (Options){.client = {.name = "grus", .n_channels = 1, .connects = true},
                       .controls = ENGINE_DEFAULT_CONTROLS,
                       .osc_host = "127.0.0.1"};
  while ((key = getopt_long(argc, argv, "shV", long_options, NULL)) != -1) {
    if (key == 'h') {
      (void)fputs(help, stdout);
      commands_print_help(stdout);
      return EXIT_SUCCESS;
    }
    if (key == 'V') {
      (void)printf("grus-live %s\n", GRUS_VERSION);
      return EXIT_SUCCESS;
    }
    if (!read_option(key, options)) {
      return OPTIONS_EXIT_BAD_INPUT;
    }
  }
  options->files = argv + optind;
  options->n_files = (uint32_t)(argc - optind);
  return -1;
}

static Status
add_models(const Options* const o, Setlist* const setlist, Message* const message)
{
  *setlist = (Setlist){.oversampling = 1, .midi = setlist_default_map()};
  for (uint32_t i = 0; i < o->n_files || i == 0; ++i) {
    SetlistEntry entry = {.controls = o->controls};
    (void)snprintf(entry.model, sizeof(entry.model), "%s",
                   o->n_files ? o->files[i] : GRUS_DEFAULT_MODEL);
    (void)snprintf(entry.cabinet, sizeof(entry.cabinet), "%s", o->cabinet ? o->cabinet : "");
    const Status status = setlist_add(setlist, &entry, message);
    if (status) {
      setlist_clear(setlist);
      return status;
    }
  }
  return STATUS_OK;
}

const char*
options_setlist_path(const Options* const options)
{
  return options->n_files == 1 && setlist_is_one(options->files[0]) ? options->files[0] : NULL;
}

Status
options_setlist(const Options* const options, Setlist* const setlist, Message* const message)
{
  const char* const path = options_setlist_path(options);
  const Status status = path ? setlist_read(path, &options->controls, setlist, message)
                             : add_models(options, setlist, message);
  if (!status && options->oversampling) {
    setlist->oversampling = options->oversampling;
  }
  return status;
}

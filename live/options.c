// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The table of options, and the set list that a command line describes.

#include "live/options.h"

#include "cli/message.h"
#include "core/engine/quality.h"
#include "core/format/model_file.h"
#include "live/commands.h"
#include "live/osc.h"
#include "live/settings.h"

#include <regex.h>
#include <stdio.h>

#define DEFAULT_MEASURE_SECONDS 10.0
#define MIN_MEASURE_SECONDS 0.1
#define MAX_MEASURE_SECONDS 86400.0

static bool
read_setting(const CliValue* const value, void* const options)
{
  LiveOptions* const o = (LiveOptions*)options;
  Setting setting;
  Message message = {""};
  if (settings_parse(value->text, NULL, &setting, &message)) {
    return cli_complain(value->program, "--%s=%s: %s", value->option, value->text, message.text);
  }
  controls_set(&o->controls, setting.control, setting.value);
  return true;
}

static bool
read_measure(const CliValue* const value, void* const options)
{
  LiveOptions* const o = (LiveOptions*)options;
  o->measure_seconds = DEFAULT_MEASURE_SECONDS;
  return !value->text ||
         cli_read_number(value, MIN_MEASURE_SECONDS, MAX_MEASURE_SECONDS, &o->measure_seconds);
}

/// Check a regular expression as JACK compiles it: one that is broken would match nothing
static bool
check_pattern(const CliValue* const value)
{
  regex_t expression;
  char reason[200];
  const int error = regcomp(&expression, value->text, REG_EXTENDED | REG_NOSUB);
  if (error) {
    (void)regerror(error, &expression, reason, sizeof(reason));
    return cli_refuse_value(value, "a regular expression such as 'system:.*': %s", reason);
  }
  regfree(&expression);
  return true;
}

static bool
read_output_pattern(const CliValue* const value, void* const options)
{
  ((LiveOptions*)options)->client.output_pattern = value->text;
  return check_pattern(value);
}

static bool
read_input_pattern(const CliValue* const value, void* const options)
{
  ((LiveOptions*)options)->client.input_pattern = value->text;
  return check_pattern(value);
}

static bool
read_midi_pattern(const CliValue* const value, void* const options)
{
  ((LiveOptions*)options)->client.midi_pattern = value->text;
  return check_pattern(value);
}

static bool
use_stereo(const CliValue* const value, void* const options)
{
  (void)value;
  ((LiveOptions*)options)->client.n_channels = 2;
  return true;
}

static const CliChoice allow_words[] = {
    {"all", OSC_ALLOW_ALL}, {"play", OSC_ALLOW_PLAY}, {NULL, 0}};

static const CliChoice qualities[] = {{"normal", 1}, {"2x", 2}, {"4x", 4}, {NULL, 0}};

#define MEMBER(member) .to = offsetof(LiveOptions, member)

static const CliOption table[] = {
    {"stereo", 's', NULL, "two channels through the same model", CLI_READ, .read = use_stereo},
    {"set", 0, "CONTROL=VALUE", "start all entries with this value of a control; see below",
     CLI_READ, .read = read_setting},
    {"cabinet", 0, "FILE.wav",
     "impulse response of the loudspeaker, for models named here, in place of a model's own",
     CLI_PATH, MEMBER(cabinet), .takes = CLI_TAKES_SOUND},
    {"model-rate", 0, "HZ",
     "sample rate of models whose files give none (default: 44100 for GuitarML, otherwise 48000)",
     CLI_NUMBER, MEMBER(model_rate), .least = MODEL_FILE_MIN_RATE, .most = MODEL_FILE_MAX_RATE},
    {"quality", 0, "WHAT", "against aliasing: " QUALITY_WORDS, CLI_CHOICE, MEMBER(oversampling),
     .choices = qualities},
    {"name", 0, "NAME", "name of the JACK client (default grus)", CLI_PATH, MEMBER(client.name)},
    {"server", 0, "NAME", "name of the JACK server", CLI_PATH, MEMBER(client.server)},
    {"connect", 0, "PATTERN",
     "connect the output to ports that match a regular expression, instead of the physical ones",
     CLI_READ, .read = read_output_pattern},
    {"connect-input", 0, "PATTERN", "the same for the input", CLI_READ, .read = read_input_pattern},
    {"connect-midi", 0, "PATTERN", "the same for MIDI", CLI_READ, .read = read_midi_pattern},
    {"no-connect", 0, NULL, "connect nothing", CLI_CLEAR, MEMBER(client.connects)},
    {"osc", 0, "PORT", "take commands by OSC on UDP port PORT of 127.0.0.1", CLI_COUNT,
     MEMBER(osc_port), .least = 1, .most = 65535},
    {"osc-host", 0, "ADDRESS",
     "listen on this address instead; anyone who can reach the port can play", CLI_PATH,
     MEMBER(osc_host)},
    {"osc-allow", 0, "WHAT",
     "commands taken by OSC: all, or play, without load, model_rate, save, learn, reload and quit "
     "(default: all on 127.0.0.1, otherwise play)",
     CLI_CHOICE, MEMBER(osc_allow), .choices = allow_words},
    {"json", 0, NULL, "print events as JSON, one object a line", CLI_SET, MEMBER(is_json)},
    {"measure", 0, "[SECONDS]", "play for 10 s, or for SECONDS, print the load and exit", CLI_READ,
     .read = read_measure},
    {"help", 'h', NULL, "print this and exit", .kind = CLI_HELP},
    {"version", 'V', NULL, "print the version and exit", .kind = CLI_VERSION},
    {.kind = CLI_END},
};

static const CliProgram program = {
    .name = "grus-live",
    .usage = {"[OPTION...] [MODEL.json...]", "[OPTION...] SETLIST.json"},
    .summary = "Play models of amplifiers and pedals on JACK, without a screen. Without a file, "
               "play the factory model.",
    .options = table,
    .operands = {CLI_TAKES_MODEL, CLI_TAKES_MORE},
    .print_more = commands_print_help,
};

CliResult
options_read(const int argc, char** const argv, LiveOptions* const options)
{
  CliOperands files = {NULL, 0};
  *options = (LiveOptions){.client = {.name = "grus", .n_channels = 1, .connects = true},
                           .controls = ENGINE_DEFAULT_CONTROLS,
                           .osc_host = "127.0.0.1"};
  const CliResult result = cli_read_options(&program, argc, argv, options, &files);
  if (options->osc_allow == OSC_ALLOW_BY_HOST) {
    options->osc_allow = osc_is_local(options->osc_host) ? OSC_ALLOW_ALL : OSC_ALLOW_PLAY;
  }
  options->files = files.items;
  options->n_files = (uint32_t)files.n;
  return result;
}

static Status
add_models(const LiveOptions* const o, Setlist* const setlist, Message* const message)
{
  *setlist = (Setlist){.oversampling = 1, .midi = midi_map_default()};
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

/// Give all entries the rate of the command line that have none of their own
static void
give_model_rate(const LiveOptions* const o, Setlist* const setlist)
{
  for (uint32_t i = 0; i < setlist->n_entries; ++i) {
    SetlistEntry* const entry = &setlist->entries[i];
    entry->model_rate = entry->model_rate > 0.0 ? entry->model_rate : o->model_rate;
  }
}

const char*
options_setlist_path(const LiveOptions* const options)
{
  return options->n_files == 1 && setlist_detect(options->files[0]) ? options->files[0] : NULL;
}

Status
options_setlist(const LiveOptions* const options, Setlist* const setlist, Message* const message)
{
  const char* const path = options_setlist_path(options);
  const Status status = path ? setlist_read(path, &options->controls, setlist, message)
                             : add_models(options, setlist, message);
  if (!status && options->oversampling) {
    setlist->oversampling = options->oversampling;
  }
  if (!status) {
    give_model_rate(options, setlist);
  }
  return status;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/fuzz/plugin_host.h"

#include "core/engine/engine.h"
#include "core/hash.h"
#include "plugin/ports.h"
#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/log/log.h>
#include <lv2/worker/worker.h>
#include <math.h>
#include <sndfile.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URIS 128U
#define MAX_WORK 16U

/// What waits for the worker
typedef struct {
  uint32_t size;
  void* bytes;
} Work;

typedef struct {
  const LV2_Descriptor* descriptor;
  LV2_Handle handle;
  uint32_t n_channels;
  Work works[MAX_WORK];
  uint32_t n_works;
  bool is_full;
  float values[N_PORTS];
  float sound[2 * ENGINE_MAX_CHANNELS][PLUGIN_HOST_MAX_BLOCK];
} PluginHost;

static PluginHost host;
static uint64_t hashes[MAX_URIS]; ///< Of the URIs: a fuzzer would study comparisons of texts
static uint32_t n_uris;

LV2_URID
plugin_host_map(const char* const uri)
{
  const uint64_t hash = hash_fnv1a(uri, strlen(uri));
  uint32_t i = 0;
  while (i < n_uris && hashes[i] != hash) {
    ++i;
  }
  if (i == n_uris) {
    fuzz_check(n_uris < MAX_URIS);
    hashes[n_uris++] = hash;
  }
  return i + 1;
}

uint32_t
plugin_host_n_uris(void)
{
  return n_uris;
}

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  return plugin_host_map(uri);
}

LV2_URID_Map*
plugin_host_map_feature(void)
{
  static LV2_URID_Map map = {NULL, map_uri};
  return &map;
}

void
plugin_host_map_all(void)
{
  LV2_Atom_Forge forge;
  (void)uris_map(plugin_host_map_feature());
  lv2_atom_forge_init(&forge, plugin_host_map_feature());
}

/// Check that what is logged can be shown
static int
check_log(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, va_list args)
{
  char text[8192];
  (void)handle;
  (void)type;
  const int n = vsnprintf(text, sizeof(text), format, args);
  fuzz_check(n > 0 && n < (int)sizeof(text) && text[n - 1] == '\n');
  text[n - 1] = '\0';
  fuzz_check_text(text);
  return n;
}

static int
check_logged(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  const int n = check_log(handle, type, format, args);
  va_end(args);
  return n;
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  (void)handle;
  if (host.is_full || host.n_works == MAX_WORK) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  void* const copy = malloc(size);
  fuzz_check(copy != NULL);
  memcpy(copy, data, size);
  host.works[host.n_works++] = (Work){size, copy};
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
take_response(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_SUCCESS;
}

void
plugin_host_work(void)
{
  const LV2_Worker_Interface* const worker =
      (const LV2_Worker_Interface*)host.descriptor->extension_data(LV2_WORKER__interface);
  const uint32_t n = host.n_works;
  host.n_works = 0;
  Work works[MAX_WORK];
  memcpy(works, host.works, sizeof(works));
  for (uint32_t i = 0; i < n; ++i) {
    (void)worker->work(host.handle, take_response, NULL, works[i].size, works[i].bytes);
    free(works[i].bytes);
  }
}

void
plugin_host_fill_queue(const bool is_full)
{
  host.is_full = is_full;
}

/// Write what can be chosen, once
static void
write_files(void)
{
  static bool is_done = false;
  static const float impulse[] = {1.0F, -0.5F, 0.25F};
  char path[128];
  if (is_done) {
    return;
  }
  (void)snprintf(path, sizeof(path), "%s/a.json", fuzz_folder());
  fuzz_write_model(path, 1);
  (void)snprintf(path, sizeof(path), "%s/b.json", fuzz_folder());
  fuzz_write_model(path, 2);
  SF_INFO info = {.samplerate = 48000, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  (void)snprintf(path, sizeof(path), "%s/c.wav", fuzz_folder());
  SNDFILE* const file = sf_open(path, SFM_WRITE, &info);
  fuzz_check(file && sf_write_float(file, impulse, 3) == 3);
  (void)sf_close(file);
  is_done = true;
}

static void
connect_ports(void)
{
  for (uint32_t i = 0; ports_at(i, host.n_channels) < N_PORTS; ++i) {
    const Port port = ports_at(i, host.n_channels);
    float* const place = port == PORT_IN          ? host.sound[0]
                         : port == PORT_IN_RIGHT  ? host.sound[1]
                         : port == PORT_OUT       ? host.sound[2]
                         : port == PORT_OUT_RIGHT ? host.sound[3]
                                                  : &host.values[port];
    if (port != PORT_CONTROL && port != PORT_NOTIFY) {
      host.descriptor->connect_port(host.handle, i, place);
    }
  }
}

void
plugin_host_open(const uint32_t n_channels, const double sample_rate)
{
  static LV2_Worker_Schedule schedule = {NULL, schedule_work};
  static LV2_Log_Log log = {NULL, check_logged, check_log};
  const LV2_Feature features[] = {{LV2_URID__map, plugin_host_map_feature()},
                                  {LV2_WORKER__schedule, &schedule},
                                  {LV2_LOG__log, &log}};
  const LV2_Feature* const list[] = {&features[0], &features[1], &features[2], NULL};
  write_files();
  memset(&host, 0, sizeof(host));
  host.n_channels = n_channels;
  host.descriptor = lv2_descriptor(n_channels - 1);
  host.handle = host.descriptor->instantiate(host.descriptor, sample_rate, fuzz_folder(), list);
  fuzz_check(host.handle != NULL);
  host.values[PORT_ENABLED] = 1.0F;
  connect_ports();
  plugin_host_activate();
}

void
plugin_host_close(void)
{
  host.descriptor->cleanup(host.handle);
  for (uint32_t i = 0; i < host.n_works; ++i) {
    free(host.works[i].bytes);
  }
}

void
plugin_host_activate(void)
{
  if (host.descriptor->activate) {
    host.descriptor->activate(host.handle);
  }
}

void
plugin_host_set(const uint32_t index, const float value)
{
  host.values[PORT_OUT + 1 + index % (PORT_IN_RIGHT - PORT_OUT - 1)] = value;
}

/// Check that the events of a sequence lie within it
static void
check_events(const LV2_Atom_Sequence* const sequence, const uint32_t size)
{
  const uint8_t* const bytes = (const uint8_t*)sequence;
  fuzz_check(sequence->atom.size <= size - sizeof(LV2_Atom));
  uint32_t at = sizeof(LV2_Atom_Sequence);
  const uint32_t end = sequence->atom.size + (uint32_t)sizeof(LV2_Atom);
  while (at < end) {
    fuzz_check(end - at >= sizeof(LV2_Atom_Event));
    const LV2_Atom_Event* const event = (const LV2_Atom_Event*)(const void*)(bytes + at);
    fuzz_check(event->body.size <= end - at - sizeof(LV2_Atom_Event));
    at += (uint32_t)sizeof(LV2_Atom_Event) + ((event->body.size + 7U) & ~7U);
  }
}

/// Connect a buffer of exactly `size` bytes for what the plugin says; NULL: none
static LV2_Atom_Sequence*
connect_notify(const uint32_t size)
{
  if (size < sizeof(LV2_Atom_Sequence)) {
    host.descriptor->connect_port(host.handle, PORT_NOTIFY, NULL);
    return NULL;
  }
  LV2_Atom_Sequence* const notify = (LV2_Atom_Sequence*)calloc(1, size);
  fuzz_check(notify != NULL);
  notify->atom = (LV2_Atom){size - (uint32_t)sizeof(LV2_Atom), plugin_host_map(LV2_ATOM__Chunk)};
  host.descriptor->connect_port(host.handle, PORT_NOTIFY, notify);
  return notify;
}

static void
check_sound(const uint32_t n_frames)
{
  for (uint32_t c = 0; c < host.n_channels; ++c) {
    for (uint32_t i = 0; i < n_frames; ++i) {
      const float y = host.sound[2 + c][i];
      fuzz_check(isfinite(y) && fabsf(y) <= ENGINE_OUTPUT_LIMIT);
    }
  }
}

void
plugin_host_run(const FuzzBytes messages, const uint32_t n_frames, const uint32_t notify_size)
{
  void* const copy = messages.size >= sizeof(LV2_Atom_Sequence) ? malloc(messages.size) : NULL;
  LV2_Atom_Sequence* const notify = connect_notify(notify_size);
  if (copy) {
    memcpy(copy, messages.bytes, messages.size);
  }
  for (uint32_t i = 0; i < n_frames; ++i) {
    host.sound[0][i] = i % 2 ? 0.2F : -0.2F;
    host.sound[1][i] = i % 3 ? 0.1F : -0.3F;
  }
  host.descriptor->connect_port(host.handle, PORT_CONTROL, copy);
  host.descriptor->run(host.handle, n_frames);
  check_sound(n_frames);
  if (notify) {
    check_events(notify, notify_size);
  }
  free(notify);
  free(copy);
}

const LV2_State_Interface*
plugin_host_state(void)
{
  return (const LV2_State_Interface*)host.descriptor->extension_data(LV2_STATE__interface);
}

LV2_Handle
plugin_host_handle(void)
{
  return host.handle;
}

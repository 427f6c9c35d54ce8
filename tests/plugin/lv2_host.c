// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/plugin/lv2_host.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/log/log.h>
#include <lv2/patch/patch.h>
#include <lv2/presets/presets.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_URIS 256U
#define ATOM_BUFFER 12288U ///< rsz:minimumSize
#define UNTOUCHED 0xA5     ///< In the notify port's buffer
#define QUEUE_SLOTS 16U
#define SLOT_SIZE 8192U
#define MAX_TOLD 16U
#define TOLD_SIZE 2048U
#define MAX_GATES 1024U

/// Messages in order of arrival
typedef struct {
  uint32_t n;
  uint32_t sizes[QUEUE_SLOTS];
  uint8_t slots[QUEUE_SLOTS][SLOT_SIZE];
} Queue;

/// An atom port's buffer
typedef union {
  LV2_Atom_Sequence sequence;
  struct {
    LV2_Atom_Sequence head;
    LV2_Atom_Event first;
  };
  uint8_t bytes[ATOM_BUFFER];
} AtomBuffer;

/// A text that the plugin told
typedef struct {
  LV2_URID parameter; ///< 0: none
  char text[TOLD_SIZE];
} Told;

struct HostImpl {
  HostOptions options;
  Host* twin;       ///< Gets the same work; NULL: none
  LilvWorld* world; ///< Shared by all
  const LilvPlugin* plugin;
  LilvInstance* instance;
  const LV2_Worker_Interface* worker;
  char* uris[MAX_URIS];
  uint32_t n_uris;
  float controls[HOST_MAX_PORTS];
  bool is_disconnected[HOST_MAX_PORTS];
  uint32_t n_ports;
  uint32_t in[HOST_MAX_CHANNELS];
  uint32_t out[HOST_MAX_CHANNELS];
  uint32_t n_channels;
  AtomBuffer control;
  void* sequence; ///< Replaces it for one block, unless NULL
  AtomBuffer notify;
  LV2_Atom empty_atom; ///< Of no type
  bool has_overrun;    ///< The plugin wrote more than there was room for
  LV2_Atom_Forge forge;
  Queue requests;
  Queue answers;
  char announced[2][PATH_MAX]; ///< Of the model, of the cabinet
  char announced_copy[PATH_MAX];
  float announced_rate; ///< Of models; -1: none
  Told told[MAX_TOLD];
  float gates[MAX_GATES]; ///< Of the last block
  uint32_t n_gates;
  char log[8192];
  char log_copy[8192];
  LV2_URID_Map map;
  LV2_URID_Unmap unmap;
  LV2_Worker_Schedule schedule;
  LV2_Log_Log logger;
};

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  Host* const host = (Host*)handle;
  for (uint32_t i = 0; i < host->n_uris; ++i) {
    if (!strcmp(host->uris[i], uri)) {
      return i + 1;
    }
  }
  if (host->n_uris == MAX_URIS) {
    return 0;
  }
  host->uris[host->n_uris] = strdup(uri);
  return ++host->n_uris;
}

LV2_URID
host_map(Host* const host, const char* const text)
{
  return map_uri(host, text);
}

static const char*
unmap_uri(const LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  const Host* const host = (const Host*)handle;
  return urid && urid <= host->n_uris ? host->uris[urid - 1] : NULL;
}

const char*
host_unmap(Host* const host, const LV2_URID urid)
{
  return unmap_uri(host, urid);
}

static bool
enqueue(Queue* const queue, const uint32_t capacity, const uint32_t size, const void* const data)
{
  if (queue->n >= capacity || size > SLOT_SIZE) {
    return false;
  }
  memcpy(queue->slots[queue->n], data, size);
  queue->sizes[queue->n++] = size;
  return true;
}

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  Host* const host = (Host*)handle;
  if (host->twin) {
    (void)enqueue(&host->twin->answers, QUEUE_SLOTS, size, data);
  }
  return enqueue(&host->answers, QUEUE_SLOTS, size, data) ? LV2_WORKER_SUCCESS
                                                          : LV2_WORKER_ERR_NO_SPACE;
}

static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  Host* const host = (Host*)handle;
  if (host->options.works_at_once) {
    return host->worker->work(lilv_instance_get_handle(host->instance), respond, host, size, data);
  }
  if (host->twin) {
    (void)enqueue(&host->twin->requests, host->options.queue_capacity, size, data);
  }
  return !host->options.refuses_work &&
                 enqueue(&host->requests, host->options.queue_capacity, size, data)
             ? LV2_WORKER_SUCCESS
             : LV2_WORKER_ERR_NO_SPACE;
}

static int
log_vprintf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format,
            va_list args)
{
  Host* const host = (Host*)handle;
  const size_t n = strlen(host->log);
  (void)type;
  return vsnprintf(host->log + n, sizeof(host->log) - n, format, args);
}

static int
log_printf(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  const int n = log_vprintf(handle, type, format, args);
  va_end(args);
  return n;
}

static bool
is_a(const Host* const host, const LilvPort* const port, const char* const uri)
{
  LilvNode* const node = lilv_new_uri(host->world, uri);
  const bool result = lilv_port_is_a(host->plugin, port, node);
  lilv_node_free(node);
  return result;
}

static void
connect_all(Host* const host)
{
  for (uint32_t i = 0; i < host->n_ports; ++i) {
    host_connect(host, i, true);
  }
}

/// Read the defaults of the ports and find the audio ports
static void
examine_ports(Host* const host)
{
  host->n_ports = lilv_plugin_get_num_ports(host->plugin);
  host_reset_ports(host);
  for (uint32_t i = 0; i < host->n_ports; ++i) {
    const LilvPort* const port = lilv_plugin_get_port_by_index(host->plugin, i);
    if (is_a(host, port, LV2_CORE__AudioPort)) {
      if (is_a(host, port, LV2_CORE__InputPort)) {
        host->in[host->n_channels] = i;
      } else {
        host->out[host->n_channels++] = i;
      }
    }
  }
}

static void
make_features(Host* const host)
{
  host->map = (LV2_URID_Map){host, map_uri};
  host->unmap = (LV2_URID_Unmap){host, unmap_uri};
  host->schedule = (LV2_Worker_Schedule){host, schedule_work};
  host->logger = (LV2_Log_Log){host, log_printf, log_vprintf};
  lv2_atom_forge_init(&host->forge, &host->map);
}

static bool
instantiate(Host* const host)
{
  LV2_Feature map = {LV2_URID__map, &host->map};
  LV2_Feature unmap = {LV2_URID__unmap, &host->unmap};
  LV2_Feature log = {LV2_LOG__log, &host->logger};
  LV2_Feature schedule = {LV2_WORKER__schedule, &host->schedule};
  LV2_Feature nameless = {NULL, NULL}; // As lv2file passes
  const LV2_Feature* features[6] = {&nameless};
  uint32_t n = 1;
  if (!host->options.has_no_map) {
    features[n++] = &map;
    features[n++] = &unmap;
    features[n++] = &log;
  }
  if (!host->options.has_no_worker) {
    features[n++] = &schedule;
  }
  host->instance = lilv_plugin_instantiate(host->plugin, host->options.sample_rate, features);
  if (!host->instance) {
    return false;
  }
  host->worker = (const LV2_Worker_Interface*)lilv_instance_get_extension_data(
      host->instance, LV2_WORKER__interface);
  connect_all(host);
  if (!host->options.is_inactive) {
    lilv_instance_activate(host->instance);
  }
  return true;
}

static void
empty_control(Host* const host)
{
  host->control.sequence.atom = (LV2_Atom){sizeof(LV2_Atom_Sequence_Body), host->forge.Sequence};
  host->control.sequence.body = (LV2_Atom_Sequence_Body){0, 0};
}

static LilvWorld* world_of_all;

static void
free_world(void)
{
  lilv_world_free(world_of_all);
}

/// Return what lilv knows; it reads that once, which is slow under Valgrind
static LilvWorld*
find_world(void)
{
  if (!world_of_all && (world_of_all = lilv_world_new())) {
    lilv_world_load_all(world_of_all);
    (void)atexit(free_world);
  }
  return world_of_all;
}

Host*
host_new(const HostOptions options)
{
  Host* const host = (Host*)calloc(1, sizeof(Host));
  if (!host || !(host->world = find_world())) {
    free(host);
    return NULL;
  }
  host->options = options;
  host->announced_rate = -1.0F;
  if (!host->options.queue_capacity || host->options.queue_capacity > QUEUE_SLOTS) {
    host->options.queue_capacity = QUEUE_SLOTS;
  }
  const char* const name = options.is_stereo ? HOST_STEREO_URI : HOST_PLUGIN_URI;
  LilvNode* const uri = lilv_new_uri(host->world, name);
  host->plugin = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(host->world), uri);
  lilv_node_free(uri);
  make_features(host);
  empty_control(host);
  if (!host->plugin) {
    (void)fprintf(stderr, "no plugin %s in LV2_PATH\n", name);
    host_free(host);
    return NULL;
  }
  examine_ports(host);
  if (!instantiate(host)) {
    (void)fprintf(stderr, "%s can't be instantiated\n", name);
    host_free(host);
    return NULL;
  }
  return host;
}

void
host_free(Host* const host)
{
  if (!host) {
    return;
  }
  if (host->instance) {
    lilv_instance_deactivate(host->instance);
    lilv_instance_free(host->instance);
  }
  for (uint32_t i = 0; i < host->n_uris; ++i) {
    free(host->uris[i]);
  }
  free(host);
}

LV2_Handle
host_handle(const Host* const host)
{
  return lilv_instance_get_handle(host->instance);
}

const LV2_State_Interface*
host_state_interface(const Host* const host)
{
  return (const LV2_State_Interface*)lilv_instance_get_extension_data(host->instance,
                                                                      LV2_STATE__interface);
}

const LilvPlugin*
host_plugin(const Host* const host)
{
  return host->plugin;
}

LilvNode*
host_uri(Host* const host, const char* const uri)
{
  return lilv_new_uri(host->world, uri);
}

uint32_t
host_port_index(const Host* const host, const char* const symbol)
{
  LilvNode* const node = lilv_new_string(host->world, symbol);
  const LilvPort* const port = lilv_plugin_get_port_by_symbol(host->plugin, node);
  lilv_node_free(node);
  return port ? lilv_port_get_index(host->plugin, port) : UINT32_MAX;
}

void
host_set(Host* const host, const char* const symbol, const float value)
{
  host->controls[host_port_index(host, symbol)] = value;
}

float
host_get(const Host* const host, const char* const symbol)
{
  return host->controls[host_port_index(host, symbol)];
}

void
host_reset_ports(Host* const host)
{
  lilv_plugin_get_port_ranges_float(host->plugin, NULL, NULL, host->controls);
}

void
host_connect(Host* const host, const uint32_t port, const bool is_connected)
{
  const LilvPort* const p = lilv_plugin_get_port_by_index(host->plugin, port);
  void* data = &host->controls[port];
  host->is_disconnected[port] = !is_connected;
  if (is_a(host, p, LV2_ATOM__AtomPort) && host->options.has_empty_atoms) {
    data = &host->empty_atom;
  } else if (is_a(host, p, LV2_ATOM__AtomPort)) {
    data = is_a(host, p, LV2_CORE__InputPort) ? &host->control : &host->notify;
  } else if (is_a(host, p, LV2_CORE__AudioPort)) {
    data = NULL; // Until host_run()
  }
  lilv_instance_connect_port(host->instance, port, is_connected ? data : NULL);
}

/// Keep a text or a switch, which is "yes" or "no"
static void
keep_told(Host* const host, const LV2_URID parameter, const LV2_Atom* const value)
{
  Told* told = host->told;
  while (told < host->told + MAX_TOLD && told->parameter && told->parameter != parameter) {
    ++told;
  }
  if (told == host->told + MAX_TOLD || value->size > TOLD_SIZE) {
    return;
  }
  told->parameter = parameter;
  if (value->type == host->forge.Bool) {
    (void)strcpy(told->text, ((const LV2_Atom_Bool*)value)->body ? "yes" : "no");
  } else {
    memcpy(told->text, LV2_ATOM_BODY_CONST(value), value->size);
  }
}

const char*
host_told(Host* const host, const char* const parameter)
{
  const LV2_URID key = map_uri(host, parameter);
  const Told* told = host->told;
  while (told < host->told + MAX_TOLD && told->parameter != key) {
    ++told;
  }
  return told < host->told + MAX_TOLD ? told->text : NULL;
}

void
host_forget_told(Host* const host)
{
  memset(host->told, 0, sizeof(host->told));
}

/// Keep a picture of the gates
static void
keep_gates(Host* const host, const LV2_Atom* const value)
{
  const LV2_Atom_Vector* const vector = (const LV2_Atom_Vector*)value;
  const size_t size = value->size - sizeof(vector->body);
  if (vector->body.child_type == host->forge.Float && vector->body.child_size == sizeof(float) &&
      size <= sizeof(host->gates)) {
    memcpy(host->gates, vector + 1, size);
    host->n_gates = (uint32_t)(size / sizeof(float));
  }
}

const float*
host_gates(const Host* const host, uint32_t* const n_floats)
{
  *n_floats = host->n_gates;
  return host->n_gates ? host->gates : NULL;
}

/// Keep the path, rate or text in a patch:Set. One with a number is an echo of the host's
/// own, mod-host thinks.
static void
read_set(Host* const host, const LV2_Atom_Object* const message)
{
  const LV2_Atom* property = NULL;
  const LV2_Atom* value = NULL;
  const LV2_Atom* number = NULL;
  lv2_atom_object_get(message, map_uri(host, LV2_PATCH__property), &property,
                      map_uri(host, LV2_PATCH__value), &value,
                      map_uri(host, LV2_PATCH__sequenceNumber), &number, 0);
  if (!property || !value || number) {
    return;
  }
  const LV2_URID key = ((const LV2_Atom_URID*)property)->body;
  if (value->type == host->forge.Float && key == map_uri(host, HOST_RATE_URI)) {
    host->announced_rate = ((const LV2_Atom_Float*)value)->body;
  } else if (value->type == host->forge.Path && value->size <= PATH_MAX) {
    memcpy(host->announced[key == map_uri(host, HOST_CABINET_URI)], LV2_ATOM_BODY_CONST(value),
           value->size);
  } else if (value->type == host->forge.String || value->type == host->forge.Bool) {
    keep_told(host, key, value);
  }
}

/// Keep the picture in a patch:Put
static void
read_put(Host* const host, const LV2_Atom_Object* const message)
{
  const LV2_Atom* body = NULL;
  const LV2_Atom* gates = NULL;
  lv2_atom_object_get(message, map_uri(host, LV2_PATCH__body), &body, 0);
  if (body && body->type == host->forge.Object) {
    lv2_atom_object_get((const LV2_Atom_Object*)body, map_uri(host, HOST_GATES_URI), &gates, 0);
  }
  if (gates && gates->type == host->forge.Vector) {
    keep_gates(host, gates);
  }
}

/// Keep what every message in the notify port tells
static void
read_notify(Host* const host)
{
  LV2_ATOM_SEQUENCE_FOREACH(&host->notify.sequence, event)
  {
    const LV2_Atom_Object* const object = (const LV2_Atom_Object*)&event->body;
    if (event->body.type == host->forge.Object &&
        object->body.otype == map_uri(host, LV2_PATCH__Set)) {
      read_set(host, object);
    } else if (event->body.type == host->forge.Object &&
               object->body.otype == map_uri(host, LV2_PATCH__Put)) {
      read_put(host, object);
    }
  }
}

static void
deliver_answers(Host* const host)
{
  for (uint32_t i = 0; i < host->answers.n && !host->options.loses_answers; ++i) {
    (void)host->worker->work_response(lilv_instance_get_handle(host->instance),
                                      host->answers.sizes[i], host->answers.slots[i]);
  }
  host->answers.n = 0;
}

/// Connect the buffer of an audio port, unless the test disconnected it
static void
connect_audio(Host* const host, const uint32_t port, const float* const buffer)
{
  union {
    const float* read;
    float* write;
  } either = {buffer}; // lilv takes every buffer as not const
  lilv_instance_connect_port(host->instance, port,
                             host->is_disconnected[port] ? NULL : either.write);
}

void
host_run_channels(Host* const host, const float* const* const in, float* const* const out,
                  const uint32_t n_frames)
{
  for (uint32_t c = 0; c < host->n_channels; ++c) {
    connect_audio(host, host->in[c], in[c]);
    connect_audio(host, host->out[c], out[c]);
  }
  const uint32_t room = host->options.notify_room ? host->options.notify_room : ATOM_BUFFER;
  memset(host->notify.bytes, UNTOUCHED, ATOM_BUFFER);
  host->notify.sequence.atom = (LV2_Atom){room - (uint32_t)sizeof(LV2_Atom), 0};
  if (host->sequence) {
    lilv_instance_connect_port(host->instance, host_port_index(host, "control"), host->sequence);
  }
  lilv_instance_run(host->instance, n_frames);
  if (host->sequence) {
    host_connect(host, host_port_index(host, "control"), true);
    host->sequence = NULL;
  }
  for (uint32_t i = room; i < ATOM_BUFFER; ++i) {
    host->has_overrun = host->has_overrun || host->notify.bytes[i] != UNTOUCHED;
  }
  deliver_answers(host);
  host->n_gates = 0;
  if (host->notify.sequence.atom.type == host->forge.Sequence) {
    read_notify(host);
  }
  empty_control(host);
}

const void*
host_notified(const Host* const host)
{
  return host->notify.sequence.atom.type == host->forge.Sequence ? &host->notify.sequence : NULL;
}

void
host_set_index(Host* const host, const uint32_t port, const float value)
{
  host->controls[port] = value;
}

float
host_get_index(const Host* const host, const uint32_t port)
{
  return host->controls[port];
}

LV2_URID_Map*
host_urid_map(Host* const host)
{
  return &host->map;
}

void
host_run(Host* const host, const float* const in, float* const out, const uint32_t n_frames)
{
  host_run_channels(host, (const float* const[]){in, in}, (float* const[]){out, out}, n_frames);
}

void
host_run_blocks(Host* const host, const float* const in, float* const out, const uint32_t n_frames,
                const uint32_t block)
{
  for (uint32_t i = 0; i < n_frames; i += block) {
    host_run(host, in + i, out + i, n_frames - i < block ? n_frames - i : block);
  }
}

void
host_drop_work(Host* const host)
{
  host->requests.n = 0;
}

uint32_t
host_work(Host* const host)
{
  const uint32_t n = host->requests.n;
  for (uint32_t i = 0; i < n; ++i) {
    (void)host->worker->work(lilv_instance_get_handle(host->instance), respond, host,
                             host->requests.sizes[i], host->requests.slots[i]);
  }
  host->requests.n = 0;
  return n;
}

static void*
work_off_queue(void* const host)
{
  (void)host_work((Host*)host);
  return NULL;
}

static void*
do_nothing(void* const host)
{
  return host;
}

/// Return how much of a stack a thread writes to
static size_t
measure_stack(void* (*const run)(void*), Host* const host)
{
  enum { SIZE = 1 << 18, PAINT = 0xA5 };
  static _Alignas(4096) uint8_t stack[SIZE];
  pthread_attr_t attributes;
  pthread_t thread;
  size_t n_free = 0;
  memset(stack, PAINT, SIZE);
  (void)pthread_attr_init(&attributes);
  (void)pthread_attr_setstack(&attributes, stack, SIZE);
  if (pthread_create(&thread, &attributes, run, host)) {
    return SIZE;
  }
  (void)pthread_join(thread, NULL);
  (void)pthread_attr_destroy(&attributes);
  while (n_free < SIZE && stack[n_free] == PAINT) {
    ++n_free;
  }
  return SIZE - n_free;
}

size_t
host_work_measuring_stack(Host* const host)
{
  const size_t idle = measure_stack(do_nothing, host);
  return measure_stack(work_off_queue, host) - idle;
}

static LV2_URID
uri(Host* const host, const char* const text)
{
  return map_uri(host, text);
}

/// Start a message in the control port's buffer
static void
begin_message(Host* const host, LV2_Atom_Forge_Frame frames[2], const char* const type)
{
  lv2_atom_forge_set_buffer(&host->forge, host->control.bytes, ATOM_BUFFER);
  lv2_atom_forge_sequence_head(&host->forge, &frames[0], 0);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_object(&host->forge, &frames[1], 0, uri(host, type));
}

static void
end_message(Host* const host, LV2_Atom_Forge_Frame frames[2])
{
  lv2_atom_forge_pop(&host->forge, &frames[1]);
  lv2_atom_forge_pop(&host->forge, &frames[0]);
}

uint32_t
host_take_messages(Host* const host, void* const copy, const uint32_t capacity)
{
  const uint32_t size = (uint32_t)sizeof(LV2_Atom) + host->control.sequence.atom.size;
  if (size <= capacity) {
    memcpy(copy, host->control.bytes, size);
  }
  empty_control(host);
  return size <= capacity ? size : 0;
}

void
host_send_sequence(Host* const host, void* const sequence)
{
  host->sequence = sequence;
}

void
host_send_set(Host* const host, const char* const path)
{
  host_send_set_of(host, HOST_MODEL_URI, path);
}

/// Write what some hosts put before the property
static void
write_extras(Host* const host, const HostMessage* const message)
{
  if (message->has_flag) {
    lv2_atom_forge_key(&host->forge, uri(host, "urn:test:flag"));
    lv2_atom_forge_bool(&host->forge, true);
  }
  if (message->has_number) {
    lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__sequenceNumber));
    lv2_atom_forge_int(&host->forge, 1234);
  }
}

/// Write a path of any size; what pads it is no zero
static void
write_value(Host* const host, const char* const path, const uint32_t size)
{
  lv2_atom_forge_atom(&host->forge, size, host->forge.Path);
  const LV2_Atom_Forge_Ref value = lv2_atom_forge_raw(&host->forge, path, size);
  lv2_atom_forge_pad(&host->forge, size);
  memset((char*)value + size, '?', lv2_atom_pad_size(size) - size);
}

void
host_send(Host* const host, const HostMessage* const message)
{
  LV2_Atom_Forge_Frame frames[2];
  begin_message(host, frames, LV2_PATCH__Set);
  host->control.first.time.frames = message->time;
  write_extras(host, message);
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__property));
  lv2_atom_forge_urid(&host->forge, uri(host, message->property));
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__value));
  write_value(host, message->path, message->size);
  end_message(host, frames);
}

void
host_send_set_of(Host* const host, const char* const property, const char* const path)
{
  host_send(host, &(HostMessage){property, path, (uint32_t)strlen(path) + 1, 0, false, false});
}

/// Write a number as an atom of a type
static void
write_number(Host* const host, const char* const type, const double number)
{
  if (!strcmp(type, LV2_ATOM__Int)) {
    lv2_atom_forge_int(&host->forge, (int32_t)number);
  } else if (!strcmp(type, LV2_ATOM__Long)) {
    lv2_atom_forge_long(&host->forge, (int64_t)number);
  } else if (!strcmp(type, LV2_ATOM__Double)) {
    lv2_atom_forge_double(&host->forge, number);
  } else if (!strcmp(type, LV2_ATOM__Bool)) {
    lv2_atom_forge_bool(&host->forge, number > 0.0);
  } else {
    lv2_atom_forge_float(&host->forge, (float)number);
  }
}

/// Send a patch:Set of a number
static void
send_number(Host* const host, const char* const parameter, const char* const type,
            const double number)
{
  LV2_Atom_Forge_Frame frames[2];
  begin_message(host, frames, LV2_PATCH__Set);
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__property));
  lv2_atom_forge_urid(&host->forge, uri(host, parameter));
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__value));
  write_number(host, type, number);
  end_message(host, frames);
}

void
host_send_set_rate(Host* const host, const char* const type, const double rate)
{
  send_number(host, HOST_RATE_URI, type, rate);
}

void
host_send_watch(Host* const host, const char* const type, const bool is_watched)
{
  send_number(host, HOST_WATCH_URI, type, is_watched ? 1.0 : 0.0);
}

void
host_send_get_of(Host* const host, const char* const parameter)
{
  LV2_Atom_Forge_Frame frames[2];
  begin_message(host, frames, LV2_PATCH__Get);
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__property));
  lv2_atom_forge_urid(&host->forge, uri(host, parameter));
  end_message(host, frames);
}

void
host_send_get_rate(Host* const host)
{
  host_send_get_of(host, HOST_RATE_URI);
}

float
host_take_announced_rate(Host* const host)
{
  const float rate = host->announced_rate;
  host->announced_rate = -1.0F;
  return rate;
}

void
host_send_put(Host* const host, const char* const path)
{
  host_send_put_rate(host, path, -1.0);
}

void
host_send_put_rate(Host* const host, const char* const path, const double rate)
{
  LV2_Atom_Forge_Frame frames[2];
  LV2_Atom_Forge_Frame body;
  begin_message(host, frames, LV2_PATCH__Put);
  lv2_atom_forge_key(&host->forge, uri(host, LV2_PATCH__body));
  lv2_atom_forge_object(&host->forge, &body, 0, 0);
  if (rate >= 0.0) {
    lv2_atom_forge_key(&host->forge, uri(host, HOST_RATE_URI));
    lv2_atom_forge_float(&host->forge, (float)rate);
  }
  lv2_atom_forge_key(&host->forge, uri(host, HOST_MODEL_URI));
  lv2_atom_forge_path(&host->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&host->forge, &body);
  end_message(host, frames);
}

void
host_send_get(Host* const host)
{
  LV2_Atom_Forge_Frame frames[2];
  begin_message(host, frames, LV2_PATCH__Get);
  end_message(host, frames);
}

static const char*
take_announced(Host* const host, const uint32_t part)
{
  memcpy(host->announced_copy, host->announced[part], sizeof(host->announced[part]));
  host->announced[part][0] = '\0';
  return host->announced_copy;
}

const char*
host_take_announced(Host* const host)
{
  return take_announced(host, 0);
}

const char*
host_take_announced_cabinet(Host* const host)
{
  return take_announced(host, 1);
}

const char*
host_take_log(Host* const host)
{
  memcpy(host->log_copy, host->log, sizeof(host->log));
  host->log[0] = '\0';
  return host->log_copy;
}

void
host_refuse_work(Host* const host, const bool refuses)
{
  host->options.refuses_work = refuses;
}

static const void*
get_port(const char* const symbol, void* const data, uint32_t* const size, uint32_t* const type)
{
  Host* const host = (Host*)data;
  *size = sizeof(float);
  *type = host->forge.Float;
  return &host->controls[host_port_index(host, symbol)];
}

static void
set_port(const char* const symbol, void* const data, const void* const value, const uint32_t size,
         const uint32_t type)
{
  Host* const host = (Host*)data;
  const uint32_t port = host_port_index(host, symbol);
  if (port != UINT32_MAX && size == sizeof(float) && type == host->forge.Float) {
    memcpy(&host->controls[port], value, sizeof(float));
  }
}

LilvState*
host_new_state(Host* const host, const char* const folder, const LV2_Feature* const* const features)
{
  return lilv_state_new_from_instance(host->plugin, host->instance, &host->map, folder, folder,
                                      folder, folder, get_port, host,
                                      LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE, features);
}

LilvState*
host_save_state(Host* const host, const char* const folder)
{
  LilvState* const state = host_new_state(host, folder, NULL);
  if (state &&
      lilv_state_save(host->world, &host->map, &host->unmap, state, NULL, folder, "state.ttl")) {
    lilv_state_free(state);
    return NULL;
  }
  return state;
}

LilvState*
host_load_state(Host* const host, const char* const folder)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s/state.ttl", folder);
  return lilv_state_new_from_file(host->world, &host->map, NULL, path);
}

LilvState*
host_parse_state(Host* const host, const char* const text)
{
  return lilv_state_new_from_string(host->world, &host->map, text);
}

char*
host_state_text(Host* const host, const LilvState* const state)
{
  return lilv_state_to_string(host->world, &host->map, &host->unmap, state, "urn:grus:test", NULL);
}

LilvState*
host_state_with(Host* const host, const char* const value)
{
  char text[1024];
  (void)snprintf(text, sizeof(text),
                 "<urn:grus:test-state> a <" LV2_PRESETS__Preset "> ;\n"
                 "  <" LV2_CORE__appliesTo "> <" HOST_PLUGIN_URI "> ;\n"
                 "  <" LV2_STATE__state "> [ <" HOST_MODEL_URI "> %s ] .\n",
                 value);
  return host_parse_state(host, text);
}

LilvState*
host_find_preset(Host* const host, const char* const label)
{
  LilvNode* const class_uri = lilv_new_uri(host->world, LV2_PRESETS__Preset);
  LilvNodes* const presets = lilv_plugin_get_related(host->plugin, class_uri);
  LilvState* found = NULL;
  LILV_FOREACH(nodes, i, presets)
  {
    const LilvNode* const preset = lilv_nodes_get(presets, i);
    (void)lilv_world_load_resource(host->world, preset);
    LilvState* const state = lilv_state_new_from_world(host->world, &host->map, preset);
    if (state && !found && lilv_state_get_label(state) &&
        !strcmp(lilv_state_get_label(state), label)) {
      found = state;
    } else {
      lilv_state_free(state);
    }
  }
  lilv_nodes_free(presets);
  lilv_node_free(class_uri);
  return found;
}

void
host_restore_with(Host* const host, const LilvState* const state,
                  const LV2_Feature* const* const features)
{
  lilv_state_restore(state, host->instance, set_port, host, 0, features);
}

void
host_restore(Host* const host, const LilvState* const state)
{
  host_restore_with(host, state, NULL);
}

const char*
host_state_path(Host* const host, const LilvState* const state, const char* const key)
{
  char wanted[256];
  char* const text = host_state_text(host, state);
  static char path[PATH_MAX];
  path[0] = '\0';
  (void)snprintf(wanted, sizeof(wanted), "<%s>", key);
  const char* place = text ? strstr(text, wanted) : NULL;
  if (place && (place = strpbrk(place + strlen(wanted), "\"<"))) {
    const size_t n = strcspn(place + 1, "\">");
    (void)snprintf(path, sizeof(path), "%.*s", (int)n, place + 1);
  }
  free(text);
  return path;
}

bool
host_state_has(Host* const host, const LilvState* const state, const char* const key)
{
  char* const text = host_state_text(host, state);
  char wanted[256];
  (void)snprintf(wanted, sizeof(wanted), "<%s>", key);
  const bool has = text && strstr(text, wanted);
  free(text);
  return has;
}

void
host_restart(Host* const host)
{
  host_deactivate(host);
  lilv_instance_activate(host->instance);
}

void
host_deactivate(Host* const host)
{
  lilv_instance_deactivate(host->instance);
}

void
host_end_run(Host* const host, const LV2_Handle handle)
{
  if (host->worker->end_run) {
    (void)host->worker->end_run(handle);
  }
}

LilvInstance*
host_instance(const Host* const host)
{
  return host->instance;
}

void
host_make_twins(Host* const first, Host* const second)
{
  first->twin = second;
  second->twin = first;
}

bool
host_has_overrun(const Host* const host)
{
  return host->has_overrun;
}

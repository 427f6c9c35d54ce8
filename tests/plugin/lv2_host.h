// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A small LV2 host on lilv for one Grus, mono or stereo. It does all that a host may do, well or
/// badly.
///
/// Only host_run() calls the plugin's run(); what that schedules waits in a queue until
/// host_work(), which stands for the worker thread. Nothing in host_run() allocates.

#ifndef GRUS_TESTS_PLUGIN_LV2_HOST_H
#define GRUS_TESTS_PLUGIN_LV2_HOST_H

#include <lilv/lilv.h>
#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stdint.h>

#define HOST_PLUGIN_URI "urn:grus:mono"
#define HOST_STEREO_URI "urn:grus:stereo"
#define HOST_MODEL_URI "urn:grus:model"
#define HOST_MODEL_WISH_URI "urn:grus:model-wanted"
#define HOST_RATE_URI "urn:grus:model-rate"
#define HOST_CABINET_URI "urn:grus:speaker"
#define HOST_FORM_URI "urn:grus:form"
#define HOST_MESSAGE_URI "urn:grus:model-message"
#define HOST_CABINET_MESSAGE_URI "urn:grus:speaker-message"
#define HOST_WATCH_URI "urn:grus:watch"
#define HOST_GATES_URI "urn:grus:gates"
#define HOST_OLD_CABINET_URI "urn:grus:cabinet"
#define HOST_MAX_PORTS 48U
#define HOST_MAX_CHANNELS 2U

/// How the host behaves
typedef struct {
  double sample_rate;      ///< [Hz]
  bool is_stereo;          ///< The stereo plugin
  bool has_no_map;         ///< No urid:map, and so no messages
  bool has_no_worker;      ///< No worker:schedule
  bool works_at_once;      ///< schedule_work() calls work(), as hosts do when freewheeling
  bool refuses_work;       ///< The queue is always full
  bool loses_answers;      ///< work_response() is never called
  bool is_inactive;        ///< Not activated until host_restart()
  bool has_empty_atoms;    ///< Both atom ports are one atom of no type and no size
  uint32_t notify_room;    ///< Of the notify port's buffer [bytes]; 0: as much as the plugin wants
  uint32_t queue_capacity; ///< Messages; 0: 16
} HostOptions;

/// A patch:Set as one host or another writes it
typedef struct {
  const char* property;
  const char* path;
  uint32_t size;   ///< Of the path with its terminator, without it or with two [bytes]
  int64_t time;    ///< [frames]
  bool has_number; ///< A sequence number comes first
  bool has_flag;   ///< Another property comes first
} HostMessage;

typedef struct HostImpl Host;

/// Find the plugin in LV2_PATH, instantiate and activate it; NULL, with a message, on failure
Host* host_new(HostOptions options);

void host_free(Host* host);

const LilvPlugin* host_plugin(const Host* host);

/// Return what the functions of the plugin take as the instance, lilv's own, and the functions for
/// states
LV2_Handle host_handle(const Host* host);
LilvInstance* host_instance(const Host* host);
const LV2_State_Interface* host_state_interface(const Host* host);

/// The host's numbers of URIs
LV2_URID host_map(Host* host, const char* text);
const char* host_unmap(Host* host, LV2_URID urid);

/// Return a URI as a node of lilv; the caller frees with lilv_node_free()
LilvNode* host_uri(Host* host, const char* uri);

/// Return the index of a port, or UINT32_MAX
uint32_t host_port_index(const Host* host, const char* symbol);

/// Set a control port, or read one
void host_set(Host* host, const char* symbol, float value);
float host_get(const Host* host, const char* symbol);

/// Set all control ports to their defaults
void host_reset_ports(Host* host);

/// Connect a port to nothing, or to its buffer again
void host_connect(Host* host, uint32_t port, bool is_connected);

/// Run one block, in place if `in` == `out`; then deliver the answers of the worker
void host_run(Host* host, const float* in, float* out, uint32_t n_frames);

/// The same with a buffer for each channel, in[c] and out[c]; a mono plugin uses only the first
void host_run_channels(Host* host, const float* const* in, float* const* out, uint32_t n_frames);

/// Run `n_frames` in blocks of `block`
void host_run_blocks(Host* host, const float* in, float* out, uint32_t n_frames, uint32_t block);

/// Forget the scheduled work
void host_drop_work(Host* host);

/// Do the scheduled work; return how many messages there were
uint32_t host_work(Host* host);

/// Put a message into the next block: patch:Set of the model or of another property, patch:Put of
/// the model, or patch:Get
void host_send(Host* host, const HostMessage* message);
void host_send_set(Host* host, const char* path);
void host_send_set_of(Host* host, const char* property, const char* path);
void host_send_put(Host* host, const char* path);
void host_send_get(Host* host);

/// The same for the rate of models: a number as an atom of `type`, such as LV2_ATOM__Float, in a
/// patch:Set, or beside the model in a patch:Put; and patch:Get of it alone
void host_send_set_rate(Host* host, const char* type, double rate);
void host_send_put_rate(Host* host, const char* path, double rate);
void host_send_get_rate(Host* host);

/// Take the messages that the next block would get: copy the LV2_Atom_Sequence and return its size
uint32_t host_take_messages(Host* host, void* copy, uint32_t capacity);

/// Let the next block get this LV2_Atom_Sequence, which may be malformed
void host_send_sequence(Host* host, void* sequence);

/// Return the model's path that the plugin announced last, "" if none, and forget it
const char* host_take_announced(Host* host);

/// The same for the cabinet
const char* host_take_announced_cabinet(Host* host);

/// Return the rate of models that the plugin announced last, -1 if none, and forget it
float host_take_announced_rate(Host* host);

/// Return the text that the plugin told last for a parameter, "yes" or "no" for a switch, NULL if
/// none; and forget all of them
const char* host_told(Host* host, const char* parameter);
void host_forget_told(Host* host);

/// Put a patch:Set of HOST_WATCH_URI into the next block, a truth value as an atom of `type`
void host_send_watch(Host* host, const char* type, bool is_watched);

/// Return the picture of the gates that the last block sent, and how many floats it is; NULL if it
/// sent none
const float* host_gates(const Host* host, uint32_t* n_floats);

/// Put a patch:Get of one parameter into the next block
void host_send_get_of(Host* host, const char* parameter);

/// Return what the plugin logged, "" if nothing, and forget it
const char* host_take_log(Host* host);

/// Work off the queue on a thread of its own; return how much of its stack that took [bytes]
size_t host_work_measuring_stack(Host* host);

/// Give all work of either to both
void host_make_twins(Host* first, Host* second);

/// Call end_run(), if there is one, with a handle that may be wrong
void host_end_run(Host* host, LV2_Handle handle);

/// Return true if the plugin ever wrote more to the notify port than there was room for
bool host_has_overrun(const Host* host);

/// Let schedule_work() refuse all work, or accept it again
void host_refuse_work(Host* host, bool refuses);

/// Save the state into a new folder `folder`; load one; the caller frees with lilv_state_free()
LilvState* host_save_state(Host* host, const char* folder);
LilvState* host_load_state(Host* host, const char* folder);

/// Return a state that holds `value`, in Turtle, for the model
LilvState* host_state_with(Host* host, const char* value);

/// Return a preset of the plugin by its label, or NULL
LilvState* host_find_preset(Host* host, const char* label);

/// Return true if a state holds something under a key
bool host_state_has(Host* host, const LilvState* state, const char* key);

void host_restore(Host* host, const LilvState* state);

/// A state as lilv makes it, with the host's own features besides; without a `folder`, files stay
/// where they are. The same as a text, and of a text. The caller frees them.
LilvState* host_new_state(Host* host, const char* folder, const LV2_Feature* const* features);
char* host_state_text(Host* host, const LilvState* state);
LilvState* host_parse_state(Host* host, const char* text);
void host_restore_with(Host* host, const LilvState* state, const LV2_Feature* const* features);

/// Return the messages that the plugin sent in the last block, an LV2_Atom_Sequence; NULL if it
/// wrote none
const void* host_notified(const Host* host);

/// Set or read a port by its index
void host_set_index(Host* host, uint32_t port, float value);
float host_get_index(const Host* host, uint32_t port);

/// Return the host's map of URIs, as a feature has it
LV2_URID_Map* host_urid_map(Host* host);

/// Return the path a state holds under a key, "" if none
const char* host_state_path(Host* host, const LilvState* state, const char* key);

/// deactivate() and activate()
void host_restart(Host* host);

void host_deactivate(Host* host);

#endif

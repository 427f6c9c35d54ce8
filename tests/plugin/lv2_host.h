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
#include <lv2/state/state.h>

#include <stdbool.h>
#include <stdint.h>

#define HOST_PLUGIN_URI "urn:grus:mono"
#define HOST_STEREO_URI "urn:grus:stereo"
#define HOST_MODEL_URI "urn:grus:model"
#define HOST_MODEL_WISH_URI "urn:grus:model-wanted"
#define HOST_CABINET_URI "urn:grus:speaker"
#define HOST_FORM_URI "urn:grus:form"
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
  uint32_t queue_capacity; ///< Messages; 0: 16
} HostOptions;

typedef struct HostImpl Host;

/// Find the plugin in LV2_PATH, instantiate and activate it; NULL, with a message, on failure
Host* host_new(HostOptions options);

void host_free(Host* host);

const LilvPlugin* host_plugin(const Host* host);

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

/// Do the scheduled work; return how many messages there were
uint32_t host_work(Host* host);

/// Put a message into the next block: patch:Set of the model or of another property, patch:Put of
/// the model, or patch:Get
void host_send_set(Host* host, const char* path);
void host_send_set_of(Host* host, const char* property, const char* path);
void host_send_put(Host* host, const char* path);
void host_send_get(Host* host);

/// Take the messages that the next block would get: copy the LV2_Atom_Sequence and return its size
uint32_t host_take_messages(Host* host, void* copy, uint32_t capacity);

/// Let the next block get this LV2_Atom_Sequence, which may be malformed
void host_send_sequence(Host* host, void* sequence);

/// Return the model's path that the plugin announced last, "" if none, and forget it
const char* host_take_announced(Host* host);

/// The same for the cabinet
const char* host_take_announced_cabinet(Host* host);

/// Return what the plugin logged, "" if nothing, and forget it
const char* host_take_log(Host* host);

/// Work off the queue on a thread of its own; return how much of its stack that took [bytes]
size_t host_work_measuring_stack(Host* host);

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

/// Restore into `to` what `from` saves now, as Carla does: its texts have no terminator. With
/// `is_old` it is as once: the cabinet under other keys, and nothing about the form.
LV2_State_Status host_carry_over(Host* from, Host* to, bool is_old);

/// Return the path a state holds under a key, "" if none
const char* host_state_path(Host* host, const LilvState* state, const char* key);

/// deactivate() and activate()
void host_restart(Host* host);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// One instance of the plugin, and which thread owns which member.
///
/// There is a slot for the model and one for the cabinet. Files go one way: the audio thread
/// requests one by its path; the worker loads it and puts a Loaded among the answers; the audio
/// thread gives it to the engine; what no longer plays becomes garbage, which the worker frees. A
/// state is restored the same way, by the thread that restores it, while the audio thread runs.
///
/// Answers and garbage are atomic lists of the instance; the host's queue only wakes the worker, so
/// nothing is lost or leaks when it is full, or is dropped with messages in it. The audio thread
/// allocates, frees and locks nothing.

#ifndef GRUS_PLUGIN_PLUGIN_H
#define GRUS_PLUGIN_PLUGIN_H

#include "core/content.h"
#include "core/cpu_share.h"
#include "core/engine/about.h"
#include "core/engine/engine.h"
#include "core/realtime.h"
#include "core/status.h"
#include "plugin/choice.h"
#include "plugin/ports.h"
#include "plugin/uris.h"
#include "plugin/watch.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/logger.h>
#include <lv2/worker/worker.h>

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most frames that go to the engine at once
#define PLUGIN_SLICE 1024U

/// Answer to one request
typedef struct LoadedImpl {
  struct LoadedImpl* next; ///< In the list it is in
  SlotId slot;
  Choice* choice;             ///< Shared; this counts as a user
  void* object;               ///< Model or Convolver; NULL: an empty path, or not loaded
  Status status;              ///< Whether it could be loaded
  bool is_unchanged;          ///< There was nothing to load, and the choice stays as it was
  bool is_rebuilt;            ///< From the file that plays, with other settings
  uint32_t request;           ///< Number of the request
  uint32_t oversampling;      ///< Of a model
  float rate;                 ///< Given for a model [Hz]
  ModelFileLoudness loudness; ///< Of a model, once it is known
  ModelAbout about;           ///< Of a model
  Message message;            ///< Why it could not be loaded; "": it could
} Loaded;

typedef enum {
  REQUEST_FREE,   ///< Free the garbage
  REQUEST_LOAD,   ///< Load a file
  REQUEST_STEP,   ///< Load another file of the folder
  REQUEST_REBUILD ///< Rebuild from the file that plays, with other settings
} RequestKind;

/// From the audio thread to the worker
typedef struct {
  const void* sender; ///< The instance; hosts may give the request to others, too
  RequestKind kind;
  SlotId slot;
  uint32_t number;     ///< Of a request for a file; newer ones have larger numbers
  int32_t n_steps;     ///< From the last choice; negative: back
  float rate;          ///< That the sender gives models without one [Hz]
  char path[PATH_MAX]; ///< Of a file; sent only as long as it is
} Request;

/// What a state keeps, and what a rebuild needs
typedef struct {
  Choice* wanted;  ///< Chosen last, loaded or not; NULL before the first choice, as the next
  Choice* playing; ///< Loaded last
  uint32_t wanted_request; ///< Number of the request for it
  uint32_t playing_request;
  ModelFileLoudness playing_loudness; ///< Of a model
  float playing_rate;                 ///< Given, with which it has this loudness [Hz]
  uint32_t built_request;             ///< What was built last, and with which settings
  uint32_t built_oversampling;
  float built_rate;
} Choices;

/// What the audio thread knows of a slot
typedef struct {
  Loaded* held;                  ///< What the engine has, the newest first
  SlotStatus status;             ///< After the last answer
  Message message;               ///< Why the last choice failed; "": it didn't
  bool must_announce;            ///< The host doesn't know the path yet
  bool has_pending;              ///< The worker has not been sent `pending` yet
  Request pending;               ///< The newest request for a file
  uint32_t rebuilt_request;      ///< Of the model whose rebuild was requested last
  uint32_t rebuilt_oversampling; ///< Requested for it; 0: no rebuild is under way
  float rebuilt_rate;            ///< Requested for it [Hz]
  uint32_t answered;             ///< Newest request for a file that has an answer
} Slot;

/// Ports that are pressed
enum { N_TRIGGERS = 2 };

/// Presses that step through the models of a folder
typedef struct {
  bool is_down[N_TRIGGERS]; ///< The port was down in the block before
  int32_t n_queued;         ///< Steps to make when the model has been loaded
  uint32_t n_restored;      ///< States of which this is known
  uint32_t n_deaf;          ///< Presses don't count for so long [frames]
} Steps;

typedef struct {
  // The host's, set before the audio thread runs
  LV2_URID_Map* map;             ///< NULL in some hosts, as the next
  LV2_Worker_Schedule* schedule; ///< Without it, only states load files
  LV2_Log_Logger logger;
  Uris uris;
  double sample_rate; ///< [Hz]
  uint32_t n_channels;

  // The audio thread's
  void* ports[N_PORTS];                               ///< The host's buffers; any may be NULL
  float discarded[ENGINE_MAX_CHANNELS][PLUGIN_SLICE]; ///< Outputs that are not connected
  Engine* engine;
  LV2_Atom_Forge forge;
  Slot slots[N_SLOTS];
  float announced_rate;    ///< That the host knows [Hz]
  bool must_announce_rate; ///< The host asked for it, or wanted one that can't be
  uint32_t due;            ///< Bits of what is Told that the host doesn't know yet
  Steps steps;
  CpuShare cpu_share;
  Watch watch;                             ///< Of the gates
  float gates[4 * PARAMS_MAX_HIDDEN_SIZE]; ///< On their way to the host
  Loaded* trash;                           ///< Becomes garbage when there is room
  bool must_wake_worker;                   ///< It does not know of the garbage yet

  // Between the audio thread and the others
  _Atomic(Loaded*) answers;          ///< To the audio thread, newest first
  _Atomic(Loaded*) garbage;          ///< From the audio thread
  _Atomic(uint32_t) newest[N_SLOTS]; ///< Number of the newest request for a file
  _Atomic(uint32_t) lost[N_SLOTS];   ///< Of one that there was no memory to answer
  _Atomic(uint32_t) oversampling;    ///< That the port quality asks for
  _Atomic(float) model_rate;    ///< Of models whose files give none [Hz]; 0: that of their format
  _Atomic(uint32_t) n_restored; ///< States
  atomic_bool has_old_gate;     ///< From a state of when the top was off: a host may clamp 0 to it

  // The worker's and the state's, under the mutex
  pthread_mutex_t mutex;
  Choices choices[N_SLOTS];
} Plugin;

/// Where the bytes of a file come from
typedef struct {
  const char* path;       ///< What the user chose; "" is nothing
  const Content* content; ///< NULL: read them from the path
  bool is_given;          ///< The player didn't choose it
} Origin;

/// Where they go, and for which request
typedef struct {
  SlotId slot;
  uint32_t request;
} Task;

// Any thread but the audio thread

/// Load, log what happened, remember the choice, and answer. Return false if there was no memory to
/// answer with.
bool plugin_load(Plugin* plugin, Task task, Origin origin);

/// Load the file that is `n_steps` after the last choice in its folder. Return false as
/// plugin_load() does.
bool plugin_step(Plugin* plugin, Task task, int32_t n_steps);

/// Remember a choice that had failed before the state was saved; NULL is none
void plugin_wish(Plugin* plugin, SlotId slot, Choice* wish);

/// Load again from the file that plays, with the settings that are wanted now
bool plugin_rebuild(Plugin* plugin, SlotId slot);

/// Free a list with the objects in it
void plugin_free_list(Loaded* list);

/// Let the newest answers play without a fade, and free what they replace, while no audio runs
void plugin_settle(Plugin* plugin);

/// Send requests without an answer again, while no audio runs: hosts may drop their queues when
/// they deactivate
void plugin_repeat_requests(Plugin* plugin);

/// Free what the slots hold, except the objects that play: engine_free() must follow
void plugin_clear_slots(Plugin* plugin);

void plugin_clear_choices(Plugin* plugin);

// Audio thread

/// Put all answers into the slots
void plugin_take_answers(Plugin* plugin) RT;

/// Make trash of what has faded out
void plugin_collect(Plugin* plugin) RT;

/// Hand the trash over to the worker, and wake it
void plugin_empty_trash(Plugin* plugin) RT;

/// Queue a request for a file, replacing one not yet sent
void plugin_request_file(Plugin* plugin, SlotId id, const char* path, size_t length) RT;

/// The same for a model that is `n_steps` after the last choice
void plugin_request_step(Plugin* plugin, int32_t n_steps) RT;

/// Take the presses of a block, and request the steps of all if no change is under way
void plugin_take_steps(Plugin* plugin, uint32_t n_frames) RT;

/// Send the queued requests for files to the worker
void plugin_send_requests(Plugin* plugin) RT;

/// Request a rebuild; return false if the worker can't be reached now
bool plugin_request_rebuild(Plugin* plugin, SlotId id) RT;

/// Return the number of a new request for a file. Any thread.
uint32_t plugin_new_request(Plugin* plugin, SlotId slot) RT;

/// Return true while a choice has no answer yet
bool plugin_is_loading(const Plugin* plugin, SlotId id) RT;

/// Give up a choice before a file was requested
void plugin_refuse_choice(Plugin* plugin, SlotId id, const char* why) RT;

/// Read the messages of a block, and write those that are due
void plugin_take_messages(Plugin* plugin) RT;
void plugin_send_messages(Plugin* plugin) RT;

/// Announce what plays, and why the last choice failed, "" if it didn't
void plugin_tell_model(Plugin* plugin) RT;
void plugin_tell_message(Plugin* plugin, SlotId id, const char* text) RT;

/// Announce what a parameter stands for, if it is one that hosts only read; 0: all of those
void plugin_tell_parameter(Plugin* plugin, LV2_URID parameter) RT;

/// LV2_Descriptor.run
void plugin_run(LV2_Handle instance, uint32_t n_frames) RT;

/// LV2_Descriptor.extension_data
extern const LV2_Worker_Interface plugin_worker;
const void* plugin_state_interface(void);

#endif

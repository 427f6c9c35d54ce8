// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// One instance of the plugin, and which thread owns which part of it.
///
/// Models and cabinets (parts) travel in one direction: the audio thread asks by path; the worker loads
/// and puts a Loaded among the answers; the audio thread gives it to the engine; what is no longer heard
/// becomes garbage, which the worker frees. A state is restored the same way, by the thread that
/// restores it, while the audio thread runs. Answers and garbage are atomic lists of the instance's
/// own; the host's queues only wake the other side, so that nothing is lost or leaks when they are
/// full, or are dropped with messages in them. Nothing is freed, allocated or locked on the audio
/// thread.

#ifndef GRUS_PLUGIN_PLUGIN_H
#define GRUS_PLUGIN_PLUGIN_H

#include "core/content.h"
#include "core/engine/engine.h"
#include "core/realtime.h"
#include "plugin/ports.h"
#include "plugin/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/logger.h>
#include <lv2/worker/worker.h>

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// Most frames that go to the engine at once
#define PLUGIN_SLICE 1024U

/// Values of the ports model_status and cabinet_status
typedef enum {
  PART_STATUS_NONE,
  PART_STATUS_LOADED,
  PART_STATUS_FAILED, ///< The last choice could not be loaded; what was heard before still is
} PartStatus;

/// What came of one request
typedef struct LoadedImpl {
  struct LoadedImpl* next; ///< In the list it is in
  UriPart part;
  void* thing;             ///< Model or Convolver; NULL: nothing, or it could not be loaded
  bool is_failed;          ///< It could not be loaded
  bool is_rebuilt;         ///< The same as is heard, made anew
  uint32_t request;        ///< Number of the request
  uint32_t oversampling;   ///< Of a model
  ModelFileLevel loudness; ///< Of a model, once it is known [LUFS]
  char path[PATH_MAX];     ///< "" if there is nothing
} Loaded;

/// From the audio thread to the worker
typedef enum {
  WORK_FREE,   ///< Free the garbage
  WORK_LOAD,   ///< Load a file
  WORK_REBUILD ///< Make what was loaded anew, with another oversampling
} WorkKind;

typedef struct {
  WorkKind kind;
  UriPart part;
  uint32_t request;    ///< Number of a request for a file
  char path[PATH_MAX]; ///< Sent as long as it is
} Work;

/// One file that the user chose
typedef struct {
  char path[PATH_MAX]; ///< "": nothing
  Content content;     ///< None if it could not be loaded, unless a state brought it
} Choice;

/// What a state keeps, and what a rebuild needs
typedef struct {
  Choice wanted;                 ///< Chosen last, loaded or not
  Choice heard;                  ///< Loaded last
  uint32_t request;              ///< Number of the request that named what is wanted
  uint32_t heard_request;        ///< Of what was loaded
  ModelFileLevel heard_loudness; ///< Of a model that was loaded [LUFS]
} Choices;

/// What the audio thread knows of a part
typedef struct {
  Loaded* held; ///< What the engine has, the newest first
  PartStatus status;
  bool is_to_announce; ///< The host is to be told the path
  bool is_to_request;  ///< The worker is to be told `path`, as soon as its queue has room
  uint32_t request;    ///< Number of that request
  char path[PATH_MAX];
} Part;

typedef struct {
  // The host's, set before the audio thread runs
  LV2_URID_Map* map;             ///< NULL in some hosts, as the next
  LV2_Worker_Schedule* schedule; ///< Without it only the state chooses a model
  LV2_Log_Logger logger;
  Uris uris;
  double sample_rate; ///< [Hz]
  uint32_t n_channels;

  // The audio thread's
  void* ports[N_PORTS];                             ///< What the host connected; any may be NULL
  float unheard[ENGINE_MAX_CHANNELS][PLUGIN_SLICE]; ///< Outputs that go nowhere
  Engine* engine;
  LV2_Atom_Forge forge;
  Part parts[N_URI_PARTS];
  Loaded* trash;                 ///< Becomes garbage when there is room
  Work work;                     ///< Request being put together
  uint32_t rebuilt_request;      ///< Of the model whose rebuild was asked for last
  uint32_t rebuilt_oversampling; ///< And how; 0: no rebuild is on its way
  bool is_to_wake;               ///< The worker does not know of the garbage yet

  // Between the audio thread and the others
  _Atomic(Loaded*) answers;              ///< To the audio thread, newest first
  _Atomic(Loaded*) garbage;              ///< From the audio thread
  _Atomic(uint32_t) newest[N_URI_PARTS]; ///< Number of the newest request for a file
  _Atomic(uint32_t) oversampling;        ///< That the player wants

  // The worker's and the state's, by turns
  pthread_mutex_t mutex;
  Choices choices[N_URI_PARTS];
} Plugin;

/// Where a thing is to come from
typedef struct {
  const char* path;       ///< What the user chose; "" is nothing
  const Content* content; ///< Its bytes; NULL: read them from the path
} Origin;

/// What is to be loaded, and for which request
typedef struct {
  UriPart part;
  uint32_t request;
} Task;

/// Load, say in the log how it went, remember the choice, and answer. Not for the audio thread.
/// Return false if there was no memory to answer with.
bool plugin_load(Plugin* plugin, Task task, Origin origin);

/// Make what was loaded last anew, as the player wants it now; the same else
bool plugin_rebuild(Plugin* plugin, UriPart part);

/// Free a list and the things in it; not for the audio thread
void plugin_free_list(Loaded* list);

/// Let the newest things take effect without a fade and free what they replace, while no audio runs
void plugin_settle(Plugin* plugin);

/// Free everything the choices hold
void plugin_clear_choices(Plugin* plugin);

/// Take over all answers
void plugin_take_answers(Plugin* plugin) RT;

/// Let what has faded out go into the trash
void plugin_collect(Plugin* plugin) RT;

/// Ask the worker for the files that were chosen
void plugin_request_files(Plugin* plugin) RT;

/// Take the messages of a block, and write those that are due
void plugin_take_messages(Plugin* plugin) RT;
void plugin_send_messages(Plugin* plugin) RT;

/// LV2_Descriptor.run
void plugin_run(LV2_Handle instance, uint32_t n_frames) RT;

/// LV2_Descriptor.extension_data, one part each
extern const LV2_Worker_Interface plugin_worker;
const void* plugin_state_interface(void);

#endif

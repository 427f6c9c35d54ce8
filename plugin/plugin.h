// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// One instance of the plugin, and which thread owns which part of it.
///
/// A model travels in one direction: the audio thread asks by path; the worker loads and puts a
/// Loaded among the answers; the audio thread gives the model to the engine; what is no longer heard
/// becomes garbage, which the worker frees. Answers and garbage are atomic lists of the instance's
/// own; the host's queues only wake the other side, so that nothing is lost or leaks when they are
/// full, or are dropped with messages in them. Nothing is freed, allocated or locked on the audio
/// thread.

#ifndef GRUS_PLUGIN_PLUGIN_H
#define GRUS_PLUGIN_PLUGIN_H

#include "core/engine.h"
#include "core/model.h"
#include "core/realtime.h"
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

/// Indices of the ports; ttl/grus.ttl says what they are. New ones are appended.
typedef enum {
  PORT_CONTROL,
  PORT_NOTIFY,
  PORT_IN,
  PORT_OUT,
  PORT_INPUT_LEVEL,
  PORT_OUTPUT_LEVEL,
  PORT_ENABLED,
  PORT_MODEL_STATUS,
  PORT_GUARD_TRIPS,
  N_PORTS,
} Port;

/// Values of the port model_status
typedef enum {
  MODEL_STATUS_NONE,
  MODEL_STATUS_LOADED,
  MODEL_STATUS_FAILED, ///< The last choice could not be loaded; what was heard before still is
} ModelStatus;

/// What came of one request for a model
typedef struct LoadedImpl {
  struct LoadedImpl* next; ///< In the list it is in
  Model* model;            ///< NULL if it could not be loaded
  uint32_t request;        ///< Number of the request
  char path[PATH_MAX];
} Loaded;

/// From the audio thread to the worker: load this model, or, without a path, free the garbage
typedef struct {
  uint32_t request;    ///< Its number
  char path[PATH_MAX]; ///< Sent as long as it is
} Work;

typedef struct {
  // The host's, set before the audio thread runs
  LV2_URID_Map* map;             ///< NULL in some hosts, as the next
  LV2_Worker_Schedule* schedule; ///< Without it only the state chooses a model
  LV2_Log_Logger logger;
  Uris uris;
  double sample_rate; ///< [Hz]

  // The audio thread's
  void* ports[N_PORTS]; ///< What the host connected; any may be NULL
  Engine* engine;
  LV2_Atom_Forge forge;
  Loaded* held;     ///< Models that the engine has
  Loaded* trash;    ///< Becomes garbage when there is room
  Work work;        ///< Request being put together
  uint32_t request; ///< Number of the newest request
  ModelStatus status;
  bool is_to_wake;     ///< The worker does not know of the garbage yet
  bool is_to_announce; ///< The host is to be told the path

  // Between the audio thread and the worker
  _Atomic(Loaded*) answers; ///< From the worker, newest first
  _Atomic(Loaded*) garbage; ///< From the audio thread

  // The worker's and the state's, by turns
  pthread_mutex_t mutex;
  char wanted[PATH_MAX];   ///< What the user chose last, loaded or not; "" is nothing
  uint32_t wanted_request; ///< Number of the request that named it
} Plugin;

/// Read a model and settle it; say in the log why it failed. Not for the audio thread.
/// NULL only if there is no memory at all.
Loaded* plugin_load(Plugin* plugin, const char* path, uint32_t request);

/// Free a list and the models in it; not for the audio thread
void plugin_free_list(Loaded* list);

/// Remember what the user wants, unless a newer request has spoken; not for the audio thread
void plugin_set_wanted(Plugin* plugin, const char* path, uint32_t request);

/// Take over a model that was loaded, or note that it was not; sorts what it replaces into the
/// trash
void plugin_take(Plugin* plugin, Loaded* loaded) RT;

/// Take over all answers of the worker
void plugin_take_answers(Plugin* plugin) RT;

/// Return what is heard, or NULL
const Loaded* plugin_current(const Plugin* plugin) RT;

/// Let what has faded out go into the trash
void plugin_collect(Plugin* plugin) RT;

/// Let the newest model take effect without a fade and free what it replaces, while no audio runs
void plugin_settle(Plugin* plugin);

/// LV2_Descriptor.run
void plugin_run(LV2_Handle instance, uint32_t n_frames) RT;

/// LV2_Descriptor.extension_data, one part each
extern const LV2_Worker_Interface plugin_worker;
const void* plugin_state_interface(void);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Takes the plugin's place in a copy of its bundle, and passes everything on to the real one,
// GRUS_GUARDED. What hosts call on their audio thread runs under the trap of tests/trap.h, in hosts
// of any kind. It must also be preloaded (LD_PRELOAD), so that the trap's functions are found
// before libc's.
//
// The host's schedule_work() is the host's own affair, and not trapped. When instances are freed,
// and at the end, a line of results goes to the file GRUS_TRAP_LOG. GRUS_TRAP_PLANT is what run()
// does that is forbidden: trap_plant().

#include "tests/trap.h"

#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/worker/worker.h>

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_DESCRIPTORS 2U
#define MAX_FEATURES 64U

/// An instance of the real plugin
typedef struct {
  LV2_Handle real;
  LV2_Worker_Schedule schedule; ///< The host's
} Guarded;

/// Of the real plugin
static const LV2_Descriptor* descriptors[N_DESCRIPTORS];
static const LV2_Worker_Interface* worker;
static const LV2_State_Interface* state;

static atomic_uint n_blocks = 0;
static atomic_uint n_requests = 0; ///< To the worker
static atomic_bool has_system_calls = false;
static const char* planted = NULL;

static _Thread_local bool is_guarded = false;

static void
begin_guarding(void)
{
  static _Thread_local bool is_known = false;
  if (!is_known) {
    is_known = true;
    atomic_store(&has_system_calls, trap_system_calls());
  }
  is_guarded = true;
  trap_arm();
}

static void
end_guarding(void)
{
  trap_disarm();
  is_guarded = false;
}

static void
write_results(void)
{
  const char* const path = getenv("GRUS_TRAP_LOG");
  FILE* const file = path && n_blocks ? fopen(path, "we") : NULL;
  if (file) {
    const TrapCounts counts = trap_counts();
    (void)fprintf(file, "%u blocks, %u requests, %u forbidden calls %s, %s %d system calls %d\n",
                  n_blocks, n_requests, counts.n_calls, counts.last_call,
                  has_system_calls ? "trapped" : "untrapped", counts.n_system_calls,
                  counts.last_system_call);
    (void)fclose(file);
  }
}

/// Let the host wake its worker by its own means
static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  const Guarded* const g = (const Guarded*)handle;
  const bool was_guarded = is_guarded;
  end_guarding();
  const LV2_Worker_Status status = g->schedule.schedule_work(g->schedule.handle, size, data);
  if (was_guarded) {
    begin_guarding();
  }
  return status;
}

/// Copy the features, with a schedule of our own
static void
replace_schedule(Guarded* const g, const LV2_Feature* const* const features,
                 LV2_Worker_Schedule* const own_schedule, LV2_Feature* const own,
                 const LV2_Feature* copies[MAX_FEATURES + 1])
{
  size_t n = 0;
  for (; features && features[n] && n < MAX_FEATURES; ++n) {
    copies[n] = features[n];
    if (features[n]->URI && !strcmp(features[n]->URI, LV2_WORKER__schedule)) {
      g->schedule = *(const LV2_Worker_Schedule*)features[n]->data;
      *own_schedule = (LV2_Worker_Schedule){g, schedule_work};
      *own = (LV2_Feature){LV2_WORKER__schedule, own_schedule};
      copies[n] = own;
    }
  }
  copies[n] = NULL;
}

/// An instance with what the plugin keeps of its features
typedef struct {
  Guarded guarded;
  LV2_Worker_Schedule schedule;
  LV2_Feature feature;
} Instance;

static LV2_Handle
instantiate(const LV2_Descriptor* const descriptor, const double sample_rate,
            const char* const bundle, const LV2_Feature* const* const features)
{
  const LV2_Feature* copies[MAX_FEATURES + 1];
  Instance* const instance = (Instance*)calloc(1, sizeof(Instance));
  if (!instance) {
    return NULL;
  }
  Guarded* const g = &instance->guarded;
  replace_schedule(g, features, &instance->schedule, &instance->feature, copies);
  const LV2_Descriptor* const real =
      strcmp(descriptor->URI, descriptors[0]->URI) ? descriptors[1] : descriptors[0];
  g->real = real->instantiate(real, sample_rate, bundle, copies);
  if (!g->real) {
    free(instance);
    return NULL;
  }
  return instance;
}

static void
connect_port(const LV2_Handle handle, const uint32_t port, void* const data)
{
  descriptors[0]->connect_port(((Guarded*)handle)->real, port, data);
}

static void
activate(const LV2_Handle handle)
{
  descriptors[0]->activate(((Guarded*)handle)->real);
}

static void
run(const LV2_Handle handle, const uint32_t n_frames)
{
  begin_guarding();
  descriptors[0]->run(((Guarded*)handle)->real, n_frames);
  trap_plant(planted);
  end_guarding();
  atomic_fetch_add(&n_blocks, 1);
}

static void
cleanup(const LV2_Handle handle)
{
  descriptors[0]->cleanup(((Guarded*)handle)->real);
  free(handle);
  write_results();
}

static LV2_Worker_Status
work(const LV2_Handle handle, const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle data, const uint32_t size, const void* const request)
{
  atomic_fetch_add(&n_requests, 1);
  return worker->work(((Guarded*)handle)->real, respond, data, size, request);
}

static LV2_Worker_Status
work_response(const LV2_Handle handle, const uint32_t size, const void* const body)
{
  const bool was_guarded = is_guarded;
  begin_guarding();
  const LV2_Worker_Status status = worker->work_response(((Guarded*)handle)->real, size, body);
  if (!was_guarded) {
    end_guarding();
  }
  return status;
}

static LV2_State_Status
save(const LV2_Handle handle, const LV2_State_Store_Function store, const LV2_State_Handle data,
     const uint32_t flags, const LV2_Feature* const* const features)
{
  return state->save(((Guarded*)handle)->real, store, data, flags, features);
}

static LV2_State_Status
restore(const LV2_Handle handle, const LV2_State_Retrieve_Function retrieve,
        const LV2_State_Handle data, const uint32_t flags, const LV2_Feature* const* const features)
{
  return state->restore(((Guarded*)handle)->real, retrieve, data, flags, features);
}

static const void*
extension_data(const char* const uri)
{
  static const LV2_Worker_Interface own_worker = {work, work_response, NULL};
  static const LV2_State_Interface own_state = {save, restore};
  return !strcmp(uri, LV2_WORKER__interface)  ? (const void*)&own_worker
         : !strcmp(uri, LV2_STATE__interface) ? (const void*)&own_state
                                              : NULL;
}

/// Find the real plugin, and stop the program if it has become another one than this file knows
static void
open_real(void)
{
  const char* const path = getenv("GRUS_GUARDED");
  void* const library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
  void* const symbol = library ? dlsym(library, "lv2_descriptor") : NULL;
  LV2_Descriptor_Function function = NULL;
  memcpy(&function, &symbol, sizeof(symbol));
  for (uint32_t i = 0; function && i < N_DESCRIPTORS; ++i) {
    descriptors[i] = function(i);
  }
  if (!descriptors[1] || function(N_DESCRIPTORS) || descriptors[0]->deactivate) {
    (void)fprintf(stderr, "guard: GRUS_GUARDED is not the plugin that is known here\n");
    abort();
  }
  worker = (const LV2_Worker_Interface*)descriptors[0]->extension_data(LV2_WORKER__interface);
  state = (const LV2_State_Interface*)descriptors[0]->extension_data(LV2_STATE__interface);
  planted = getenv("GRUS_TRAP_PLANT");
}

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  static LV2_Descriptor own[N_DESCRIPTORS];
  if (!descriptors[0]) {
    open_real();
  }
  if (index >= N_DESCRIPTORS) {
    return NULL;
  }
  own[index] = (LV2_Descriptor){
      descriptors[index]->URI, instantiate, connect_port, activate, run, NULL, cleanup,
      extension_data};
  return &own[index];
}

__attribute__((destructor)) static void
write_last_results(void)
{
  write_results();
}

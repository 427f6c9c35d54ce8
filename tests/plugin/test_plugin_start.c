// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Without memory, an instance is not made, or plays; a state is saved and restored, or an error is
// returned. The plugin is called by its descriptor, so that nothing but its own allocations fail.

#include "tests/allocation.h"
#include "tests/checks.h"
#include "tests/fixtures.h"

#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 48000.0
#define BLOCK 64U
#define MAX_URIS 256U
#define URI_SIZE 128U
#define MAX_VALUES 32U
#define N_DENSE 60L ///< First allocations that all fail
#define STRIDE 211L ///< Then
#define STRIDE_THOROUGH 7L

typedef const LV2_Descriptor* (*DescriptorFunction)(uint32_t);

static char bundle[PATH_MAX];
static const LV2_Descriptor* descriptor;
static const LV2_State_Interface* state_interface;
static const LV2_Worker_Interface* worker;
static char uris[MAX_URIS][URI_SIZE];
static uint32_t n_uris;

/// A value of a state
typedef struct {
  uint32_t key;
  uint32_t type;
  size_t size;
  char* bytes;
} Value;

static Value values[MAX_VALUES];
static uint32_t n_values;

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  uint32_t i = 0;
  while (i < n_uris && strcmp(uris[i], uri) != 0) {
    ++i;
  }
  assert_true(i < MAX_URIS && strlen(uri) < URI_SIZE);
  if (i == n_uris) {
    (void)strcpy(uris[n_uris++], uri);
  }
  return i + 1;
}

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle, const uint32_t size, const void* const data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_SUCCESS;
}

/// The worker is at once
static LV2_Worker_Status
schedule_work(const LV2_Worker_Schedule_Handle handle, const uint32_t size, const void* const data)
{
  const LV2_Handle* const instance = (const LV2_Handle*)handle;
  return *instance ? worker->work(*instance, respond, NULL, size, data) : LV2_WORKER_ERR_UNKNOWN;
}

static int
print_nothing(const LV2_Log_Handle handle, const LV2_URID type, const char* const format,
              va_list args)
{
  (void)handle;
  (void)type;
  (void)format;
  (void)args;
  return 0;
}

static int
log_nothing(const LV2_Log_Handle handle, const LV2_URID type, const char* const format, ...)
{
  (void)handle;
  (void)type;
  (void)format;
  return 0;
}

static LV2_Handle instance;
static LV2_Log_Log silent = {NULL, log_nothing, print_nothing};
static const LV2_Feature log_feature = {LV2_LOG__log, &silent};
static LV2_URID_Map map = {NULL, map_uri};
static LV2_Worker_Schedule schedule = {&instance, schedule_work};
static const LV2_Feature map_feature = {LV2_URID__map, &map};
static const LV2_Feature schedule_feature = {LV2_WORKER__schedule, &schedule};
static const LV2_Feature* const features[] = {&map_feature, &schedule_feature, &log_feature, NULL};

static int
set_up(void** const state)
{
  (void)state;
  char path[PATH_MAX];
  (void)snprintf(bundle, sizeof(bundle), "%.3000s/grus.lv2/", getenv("LV2_PATH"));
  (void)snprintf(path, sizeof(path), "%.3000sgrus.so", bundle);
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  void* const symbol = library ? dlsym(library, "lv2_descriptor") : NULL;
  DescriptorFunction function = NULL;
  memcpy(&function, &symbol, sizeof(symbol));
  assert_non_null(function);
  descriptor = function(0);
  state_interface = (const LV2_State_Interface*)descriptor->extension_data(LV2_STATE__interface);
  worker = (const LV2_Worker_Interface*)descriptor->extension_data(LV2_WORKER__interface);
  return 0;
}

/// Make an instance whose ports are not connected, but those of the sound; false if there is none
static bool
make_instance(void)
{
  instance = descriptor->instantiate(descriptor, RATE, bundle, features);
  return instance;
}

static void
free_instance(void)
{
  if (instance) {
    descriptor->cleanup(instance);
  }
  instance = NULL;
}

static void
play_blocks(void)
{
  for (uint32_t k = 0; k < 100; ++k) {
    descriptor->run(instance, BLOCK);
  }
}

static LV2_State_Status
store(const LV2_State_Handle handle, const uint32_t key, const void* const bytes, const size_t size,
      const uint32_t type, const uint32_t flags)
{
  (void)handle;
  (void)flags;
  assert_true(n_values < MAX_VALUES);
  char* const copy = (char*)malloc(size);
  if (!copy) {
    return LV2_STATE_ERR_NO_SPACE;
  }
  memcpy(copy, bytes, size);
  values[n_values++] = (Value){key, type, size, copy};
  return LV2_STATE_SUCCESS;
}

static const void*
retrieve(const LV2_State_Handle handle, const uint32_t key, size_t* const size,
         uint32_t* const type, uint32_t* const flags)
{
  (void)handle;
  for (uint32_t i = 0; i < n_values; ++i) {
    if (values[i].key == key) {
      *size = values[i].size;
      *type = values[i].type;
      *flags = LV2_STATE_IS_POD;
      return values[i].bytes;
    }
  }
  return NULL;
}

static void
forget_state(void)
{
  while (n_values) {
    free(values[--n_values].bytes);
  }
}

static LV2_State_Status
save(void)
{
  return state_interface->save(instance, store, NULL, LV2_STATE_IS_POD, features);
}

static LV2_State_Status
restore(void)
{
  return state_interface->restore(instance, retrieve, NULL, 0, features);
}

static long
next_of(const long k)
{
  const bool is_thorough = getenv("GRUS_TEST_THOROUGHLY") != NULL;
  return k < N_DENSE ? k + 1 : k + (is_thorough ? STRIDE_THOROUGH : STRIDE);
}

/// Make an instance while an allocation fails, and play; return false if none did
static bool
start_failing(const AllocationFailures failures)
{
  allocation_count(failures);
  if (make_instance()) {
    play_blocks();
  }
  free_instance();
  const AllocationCounts counts = allocation_stop();
  assert_true(counts.has_failed || counts.n_requested > 100);
  assert_int_equal(counts.n_held, 0);
  return counts.has_failed;
}

/// Save and restore while an allocation fails; afterwards both work
static bool
keep_failing(const AllocationFailures failures)
{
  assert_true(make_instance());
  play_blocks();
  allocation_count(failures);
  const LV2_State_Status saved = save();
  forget_state();
  const bool failed_to_save = allocation_stop().has_failed;
  assert_true(failed_to_save || !saved);
  forget_state();
  assert_int_equal(save(), LV2_STATE_SUCCESS);
  check_at_least(n_values, 5);
  allocation_count(failures);
  const LV2_State_Status restored = restore();
  const bool failed_to_restore = allocation_stop().has_failed;
  play_blocks();
  assert_true(failed_to_restore || !restored);
  assert_int_equal(restore(), LV2_STATE_SUCCESS);
  play_blocks();
  free_instance();
  forget_state();
  return failed_to_save || failed_to_restore;
}

static void
check_all(bool (*const try)(AllocationFailures failures))
{
  for (int and_later = 0; and_later < 2 && allocation_is_trapped(); ++and_later) {
    long k = 0;
    while (try((AllocationFailures){k, and_later, false})) {
      k = next_of(k);
    }
    (void)printf("# %ld allocations\n", k);
  }
}

static void
an_instance_without_memory_is_not_made_or_plays(void** const state)
{
  (void)state;
  assert_true(make_instance()); // What libraries keep for themselves is there from now on
  free_instance();
  check_all(start_failing);
}

static void
a_state_is_kept_or_it_is_said_that_it_is_not(void** const state)
{
  (void)state;
  check_all(keep_failing);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_instance_without_memory_is_not_made_or_plays),
      cmocka_unit_test(a_state_is_kept_or_it_is_said_that_it_is_not),
  };
  return cmocka_run_group_tests(tests, set_up, NULL);
}

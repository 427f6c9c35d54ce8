// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How hosts keep a state between instances: in a store of their own, as Carla, PipeWire and REAPER
/// do, or as a text of lilv's, as Qtractor and Zrythm do

#ifndef GRUS_TESTS_PLUGIN_HOST_STORE_H
#define GRUS_TESTS_PLUGIN_HOST_STORE_H

#include "tests/plugin/lv2_host.h"

#include <lv2/state/state.h>

#include <stdbool.h>

typedef struct {
  bool drops_terminators; ///< Texts come back without their terminator
  bool drops_types;       ///< What comes back is of type 0
  bool is_old;            ///< The cabinet is under the keys it had once, and nothing says the form
  const char* folder;     ///< Files are linked into it; NULL: paths are not mapped
} StoreOptions;

typedef struct HostStoreImpl HostStore;

HostStore* host_store_new(StoreOptions options);

void host_store_free(HostStore* store);

/// Put in a text, as one who writes the host's file by hand does
void host_store_put(HostStore* store, const char* key, const char* text);

/// Let files be linked into another folder from now on
void host_store_move(HostStore* store, const char* folder);

/// Save what a host has. Keys of an earlier time stay if they aren't stored again.
LV2_State_Status host_store_save(HostStore* store, Host* host);

/// Restore it. What is retrieved is freed when the next value is.
LV2_State_Status host_store_restore(HostStore* store, Host* host);

/// Save and restore at once, without terminators
LV2_State_Status host_carry_over(Host* from, Host* to, bool is_old);

/// Return a state as a text; the caller frees it. With a `folder` the host maps paths, too.
char* host_save_text(Host* host, const char* folder);
void host_restore_text(Host* host, const char* text, const char* folder);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/plugin/host_store.h"

#include <lv2/atom/atom.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_VALUES 32U

typedef struct {
  char* key;
  char* type; ///< As a URI
  size_t size;
  void* bytes;
} StoredValue;

struct HostStoreImpl {
  StoreOptions options;
  uint32_t n;
  StoredValue values[MAX_VALUES];
  void* retrieved; ///< Exactly as long as it says, so that Valgrind sees a read beyond
  Host* host;      ///< While it saves or restores
};

HostStore*
host_store_new(const StoreOptions options)
{
  HostStore* const store = (HostStore*)calloc(1, sizeof(HostStore));
  store->options = options;
  return store;
}

static void
clear_value(StoredValue* const value)
{
  free(value->key);
  free(value->type);
  free(value->bytes);
}

void
host_store_free(HostStore* const store)
{
  for (uint32_t i = 0; i < store->n; ++i) {
    clear_value(&store->values[i]);
  }
  free(store->retrieved);
  free(store);
}

void
host_store_move(HostStore* const store, const char* const folder)
{
  store->options.folder = folder;
}

static StoredValue*
find_value(HostStore* const store, const char* const key)
{
  uint32_t i = 0;
  while (i < store->n && strcmp(store->values[i].key, key) != 0) {
    ++i;
  }
  return i < store->n ? &store->values[i] : NULL;
}

/// Put in a copy of a value, in place of the one before
static LV2_State_Status
put_value(HostStore* const store, const StoredValue value)
{
  StoredValue* place = find_value(store, value.key);
  if (place) {
    clear_value(place);
  } else if (store->n == MAX_VALUES) {
    return LV2_STATE_ERR_NO_SPACE;
  } else {
    place = &store->values[store->n++];
  }
  *place = (StoredValue){strdup(value.key), strdup(value.type), value.size, malloc(value.size)};
  memcpy(place->bytes, value.bytes, value.size);
  return LV2_STATE_SUCCESS;
}

void
host_store_put(HostStore* const store, const char* const key, const char* const text)
{
  char* const uri = strdup(key);
  char* const type = strdup(LV2_ATOM__Path);
  char* const bytes = strdup(text);
  (void)put_value(store, (StoredValue){uri, type, strlen(text) + 1, bytes});
  free(uri);
  free(type);
  free(bytes);
}

/// Return the key under which the cabinet was once
static void
make_old_key(const char* const key, char old[128])
{
  const size_t n = strlen(HOST_CABINET_URI);
  const bool is_cabinet = !strncmp(key, HOST_CABINET_URI, n) && (key[n] == '\0' || key[n] == '#');
  (void)snprintf(old, 128, "%s%s", is_cabinet ? HOST_OLD_CABINET_URI : "",
                 is_cabinet ? key + n : key);
}

static LV2_State_Status
store_value(const LV2_State_Handle handle, const uint32_t key, const void* const value,
            const size_t size, const uint32_t type, const uint32_t flags)
{
  HostStore* const store = (HostStore*)handle;
  char key_uri[128];
  char type_uri[128];
  const char* const name = host_unmap(store->host, key);
  if (!(flags & (LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE))) {
    return LV2_STATE_ERR_BAD_FLAGS; // As Qtractor says
  }
  if (store->options.is_old && !strcmp(name, HOST_FORM_URI)) {
    return LV2_STATE_SUCCESS;
  }
  (void)snprintf(type_uri, sizeof(type_uri), "%s", host_unmap(store->host, type));
  if (store->options.is_old) {
    make_old_key(name, key_uri);
  } else {
    (void)snprintf(key_uri, sizeof(key_uri), "%s", name);
  }
  void* const bytes = memcpy(malloc(size), value, size);
  const LV2_State_Status status = put_value(store, (StoredValue){key_uri, type_uri, size, bytes});
  free(bytes);
  return status;
}

static bool
is_text(const StoredValue* const value)
{
  return !strcmp(value->type, LV2_ATOM__Path) || !strcmp(value->type, LV2_ATOM__String);
}

static const void*
retrieve_value(const LV2_State_Handle handle, const uint32_t key, size_t* const size,
               uint32_t* const type, uint32_t* const flags)
{
  HostStore* const store = (HostStore*)handle;
  const StoredValue* const value = find_value(store, host_unmap(store->host, key));
  free(store->retrieved);
  store->retrieved = NULL;
  if (!value) {
    return NULL;
  }
  *size = value->size - (store->options.drops_terminators && is_text(value));
  *type = store->options.drops_types ? 0 : host_map(store->host, value->type);
  *flags = LV2_STATE_IS_POD;
  store->retrieved = memcpy(malloc(*size ? *size : 1), value->bytes, *size);
  return store->retrieved;
}

/// Link a file into the folder, in place of another of its name; return the name. What is in the
/// folder already keeps its name.
static char*
make_abstract_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  const char* const folder = (const char*)handle;
  const size_t n = strlen(folder);
  char place[2 * PATH_MAX];
  if (!strncmp(path, folder, n) && path[n] == '/') {
    return strdup(path + n + 1);
  }
  const char* const name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
  (void)snprintf(place, sizeof(place), "%s/%s", folder, name);
  (void)unlink(place);
  (void)!symlink(path, place);
  return strdup(name);
}

/// Return where a file is in the folder; link it if it isn't there
static char*
make_absolute_path(const LV2_State_Map_Path_Handle handle, const char* const path)
{
  char place[2 * PATH_MAX];
  const char* const name = path[0] == '/' ? strrchr(path, '/') + 1 : path;
  (void)snprintf(place, sizeof(place), "%s/%s", (const char*)handle, name);
  if (path[0] == '/') {
    (void)!symlink(path, place);
  }
  return strdup(place);
}

static void
free_path(const LV2_State_Free_Path_Handle handle, char* const path)
{
  (void)handle;
  free(path);
}

/// What a host that maps paths passes with a state
typedef struct {
  char folder[PATH_MAX];
  LV2_State_Map_Path map;
  LV2_State_Free_Path free;
  LV2_Feature features[2];
  const LV2_Feature* list[3]; ///< Without a folder there are none
} PathFeatures;

static void
make_path_features(const char* const folder, PathFeatures* const paths)
{
  *paths = (PathFeatures){.list = {NULL}};
  (void)snprintf(paths->folder, sizeof(paths->folder), "%s", folder ? folder : "");
  paths->map = (LV2_State_Map_Path){paths->folder, make_abstract_path, make_absolute_path};
  paths->free = (LV2_State_Free_Path){NULL, free_path};
  paths->features[0] = (LV2_Feature){LV2_STATE__mapPath, &paths->map};
  paths->features[1] = (LV2_Feature){LV2_STATE__freePath, &paths->free};
  for (uint32_t i = 0; folder && i < 2; ++i) {
    paths->list[i] = &paths->features[i];
  }
}

LV2_State_Status
host_store_save(HostStore* const store, Host* const host)
{
  PathFeatures paths;
  store->host = host;
  make_path_features(store->options.folder, &paths);
  return host_state_interface(host)->save(host_handle(host), store_value, store, LV2_STATE_IS_POD,
                                          paths.list);
}

LV2_State_Status
host_store_restore(HostStore* const store, Host* const host)
{
  PathFeatures paths;
  store->host = host;
  make_path_features(store->options.folder, &paths);
  return host_state_interface(host)->restore(host_handle(host), retrieve_value, store,
                                             LV2_STATE_IS_POD, paths.list);
}

LV2_State_Status
host_carry_over(Host* const from, Host* const to, const bool is_old)
{
  HostStore* const store =
      host_store_new((StoreOptions){.drops_terminators = true, .is_old = is_old});
  LV2_State_Status status = host_store_save(store, from);
  if (!status) {
    status = host_store_restore(store, to);
  }
  host_store_free(store);
  return status;
}

char*
host_save_text(Host* const host, const char* const folder)
{
  PathFeatures paths;
  make_path_features(folder, &paths);
  LilvState* const state = host_new_state(host, NULL, paths.list);
  char* const text = host_state_text(host, state);
  lilv_state_free(state);
  return text;
}

void
host_restore_text(Host* const host, const char* const text, const char* const folder)
{
  PathFeatures paths;
  make_path_features(folder, &paths);
  LilvState* const state = host_parse_state(host, text);
  host_restore_with(host, state, paths.list);
  lilv_state_free(state);
}

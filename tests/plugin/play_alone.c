// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Plays a bundle on any machine with nothing but the C library: a host that has only urid:map and
// knows the ports by the plugin's own table. For each model of the bundle it prints the peak of
// what the first blocks give, then what an instance keeps allocated.
//
// Usage: play_alone BUNDLE

#include "plugin/ports.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <malloc.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_RATE 48000.0
#define BLOCK 64U
#define N_BLOCKS 40U
#define N_INSTANCES 4U
#define MAX_URIS 256U
#define NOTIFY_ROOM 65536U

static const float defaults[N_PORTS] = {
#define CONTROL(id, symbol, name, short_name, kind, minimum, maximum, value, ...)                  \
  [PORT_##id] = value,
#define SETTING CONTROL
#define TRIGGER CONTROL
#include "core/engine/controls.def"
};

static char* uris[MAX_URIS];
static uint32_t n_uris;

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  uint32_t i = 0;
  while (i < n_uris && strcmp(uris[i], uri) != 0) {
    ++i;
  }
  if (i == n_uris && n_uris < MAX_URIS) {
    uris[n_uris++] = strdup(uri);
  }
  return i < MAX_URIS ? i + 1 : 0;
}

static LV2_URID_Map map = {NULL, map_uri};
static const LV2_Feature map_feature = {LV2_URID__map, &map};
static const LV2_Feature* const features[] = {&map_feature, NULL};

/// An instance, and what its ports are connected to
typedef struct {
  const LV2_Descriptor* descriptor;
  LV2_Handle handle;
  float controls[N_PORTS];
  float in[BLOCK];
  float out[BLOCK];
  LV2_Atom_Sequence messages;
  union {
    LV2_Atom atom;
    char bytes[NOTIFY_ROOM];
  } notify;
} Player;

static void
connect_ports(Player* const p)
{
  memcpy(p->controls, defaults, sizeof(defaults));
  for (uint32_t i = 0; i < PORT_IN_RIGHT; ++i) {
    p->descriptor->connect_port(p->handle, i, p->controls + i);
  }
  p->descriptor->connect_port(p->handle, PORT_CONTROL, &p->messages);
  p->descriptor->connect_port(p->handle, PORT_NOTIFY, &p->notify);
  p->descriptor->connect_port(p->handle, PORT_IN, p->in);
  p->descriptor->connect_port(p->handle, PORT_OUT, p->out);
  p->messages.atom = (LV2_Atom){sizeof(LV2_Atom_Sequence_Body), map_uri(NULL, LV2_ATOM__Sequence)};
}

/// Start an instance with the plugin's own defaults; false if there is none
static bool
open_player(Player* const p, const LV2_Descriptor* const descriptor, const char* const bundle)
{
  memset(p, 0, sizeof(*p));
  p->descriptor = descriptor;
  p->handle = descriptor->instantiate(descriptor, SAMPLE_RATE, bundle, features);
  if (p->handle) {
    connect_ports(p);
    descriptor->activate(p->handle);
  }
  return p->handle;
}

static void
close_player(Player* const p)
{
  p->descriptor->cleanup(p->handle);
  p->handle = NULL;
}

/// A state that holds nothing but the path of a model
static const void*
retrieve(const LV2_State_Handle path, const uint32_t key, size_t* const size, uint32_t* const type,
         uint32_t* const flags)
{
  *size = strlen((const char*)path) + 1;
  *type = map_uri(NULL, LV2_ATOM__Path);
  *flags = LV2_STATE_IS_POD;
  return key == map_uri(NULL, "urn:grus:model") ? path : NULL;
}

static void
choose_model(Player* const p, char path[PATH_MAX])
{
  const LV2_State_Interface* const state =
      (const LV2_State_Interface*)p->descriptor->extension_data(LV2_STATE__interface);
  (void)state->restore(p->handle, retrieve, path, 0, features);
}

/// Play a low E; return the peak of what comes out, NaN if a sample is
static float
play_note(Player* const p)
{
  float peak = 0.0F;
  for (uint32_t i = 0; i < N_BLOCKS * BLOCK; ++i) {
    p->in[i % BLOCK] = 0.3F * sinf(6.2831853F * 82.41F / (float)SAMPLE_RATE * (float)i);
    if (i % BLOCK == BLOCK - 1) {
      p->notify.atom = (LV2_Atom){NOTIFY_ROOM - sizeof(LV2_Atom), 0};
      p->descriptor->run(p->handle, BLOCK);
      for (uint32_t k = 0; k < BLOCK; ++k) {
        const float size = fabsf(p->out[k]);
        peak = size <= peak ? peak : size;
      }
    }
  }
  return peak;
}

static bool
play_model(Player* const p, const LV2_Descriptor* const descriptor, const char* const bundle,
           const char* const name)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s/models/%s", bundle, name);
  if (!open_player(p, descriptor, bundle)) {
    return false;
  }
  choose_model(p, path);
  const float peak = play_note(p);
  (void)printf("sound %s %.3f %.0f\n", name, (double)peak, (double)p->controls[PORT_MODEL_STATUS]);
  close_player(p);
  return true;
}

static bool
play_models(Player* const p, const LV2_Descriptor* const descriptor, const char* const bundle)
{
  char folder[PATH_MAX];
  (void)snprintf(folder, sizeof(folder), "%s/models", bundle);
  DIR* const models = opendir(folder);
  bool is_good = models;
  for (const struct dirent* e = NULL; is_good && (e = readdir(models));) {
    is_good = e->d_name[0] == '.' || play_model(p, descriptor, bundle, e->d_name);
  }
  if (models) {
    (void)closedir(models);
  }
  return is_good;
}

static size_t
allocated(void)
{
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Print what each instance of several keeps allocated [bytes]: the plugin's defaults, a whole
/// amplifier
static bool
measure_memory(Player* const players, const LV2_Descriptor* const descriptor,
               const char* const bundle)
{
  for (uint32_t i = 0; i < N_INSTANCES; ++i) {
    const size_t before = allocated();
    if (!open_player(players + i, descriptor, bundle)) {
      return false;
    }
    (void)play_note(players + i);
    (void)printf("memory %s %zu\n", strrchr(descriptor->URI, ':') + 1, allocated() - before);
  }
  for (uint32_t i = 0; i < N_INSTANCES; ++i) {
    close_player(players + i);
  }
  return true;
}

int
main(const int argc, char** const argv)
{
  char path[PATH_MAX];
  (void)snprintf(path, sizeof(path), "%s/grus.so", argc > 1 ? argv[1] : "");
  void* const module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!module) {
    (void)fprintf(stderr, "play_alone: %s\n", dlerror());
    return 1;
  }
  const LV2_Descriptor* (*descriptor)(uint32_t) = NULL;
  *(void**)&descriptor = dlsym(module, "lv2_descriptor");
  Player* const players = (Player*)calloc(N_INSTANCES, sizeof(Player));
  const LV2_Descriptor* const mono = descriptor ? descriptor(0) : NULL;
  const bool is_good = players && mono && play_models(players, mono, argv[1]) &&
                       measure_memory(players, mono, argv[1]);
  free(players);
  return !is_good;
}

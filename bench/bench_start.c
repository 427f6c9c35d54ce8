// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What a start takes, step by step: from instantiate to the plugin's first block, from a file's
// bytes to a model that plays, and a set list of twenty entries. Prints time and the memory that
// stays; bench/count_start runs this under callgrind, which counts the instructions of each step.

#include "bench/machine.h"
#include "bench/random_params.h"
#include "core/engine/load.h"
#include "core/file.h"
#include "core/format/model_file_io.h"
#include "core/model/model_loudness.h"
#include "live/loader.h"
#include "plugin/ports.h"

#include <lv2/core/lv2.h>
#include <lv2/urid/urid.h>

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <valgrind/callgrind.h>

#define BLOCK 64U
#define N_ENTRIES 20U
#define TAPS 2048U

static const double rates[] = {48000.0, 44100.0};

/// Where the last step ended
static struct {
  double seconds;
  size_t bytes;
} last;

/// Return how many bytes are allocated
static size_t
count_bytes(void)
{
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

static void
begin_steps(const char* const what, const double rate)
{
  (void)printf("%s at %g Hz\n", what, rate);
  last.bytes = count_bytes();
  CALLGRIND_ZERO_STATS;
  last.seconds = machine_seconds();
}

/// Print what was used since the last step
static void
end_step(const char* const what, const double rate, const char* const step)
{
  const double seconds = machine_seconds() - last.seconds;
  char name[256];
  (void)snprintf(name, sizeof(name), "%s at %g Hz: %s", what, rate, step);
  CALLGRIND_DUMP_STATS_AT(name);
  const size_t bytes = count_bytes();
  (void)printf("%12.2f ms %8.0f KiB  %s\n", 1e3 * seconds,
               ((double)bytes - (double)last.bytes) / 1024.0, step);
  last.bytes = bytes;
  CALLGRIND_ZERO_STATS;
  last.seconds = machine_seconds();
}

static bool
play_block(Model* const model, Convolver* const cabinet, const double rate)
{
  static const EngineControls controls = ENGINE_DEFAULT_CONTROLS;
  float x[BLOCK] = {0.0F};
  Engine* engine = NULL;
  if (engine_new(rate, 1, &engine)) {
    return false;
  }
  (void)!engine_change_model(engine, model);
  (void)!engine_change_cabinet(engine, cabinet);
  engine_reset(engine);
  engine_run(engine, &controls, (const float* const[]){x}, (float* const[]){x}, BLOCK);
  engine_release(engine);
  engine_free(engine);
  return true;
}

/// Go through the steps from a model's file to sound
static bool
start_model(const char* const what, const char* const path, const double rate)
{
  Content content = {NULL, 0};
  ModelFile file = {0};
  Model* model = NULL;
  Message message = {""};
  begin_steps(what, rate);
  bool is_good = !file_read_whole(path, FILE_MODEL, MODEL_FILE_MAX_SIZE, &content, &message);
  end_step(what, rate, "read");
  is_good = is_good && !model_file_parse(content.bytes, content.size, path, &file, &message);
  end_step(what, rate, "parse");
  is_good = is_good && !model_loudness_find(&file);
  end_step(what, rate, "loudness");
  is_good = is_good && !model_new(&file, (ModelUse){rate, 1, 1}, &model);
  end_step(what, rate, "build");
  is_good = is_good && play_block(model, NULL, rate);
  end_step(what, rate, "first block");
  model_free(model);
  model_file_clear(&file);
  content_clear(&content);
  if (!is_good) {
    (void)fprintf(stderr, "bench_start: %s\n", message.text[0] ? message.text : path);
  }
  return is_good;
}

static bool
start_cabinet(const char* const what, const char* const path, const double rate)
{
  Content content = {NULL, 0};
  Convolver* cabinet = NULL;
  LoadRemarks remarks = {.warning = {""}};
  Message message = {""};
  begin_steps(what, rate);
  bool is_good = !file_read_whole(path, FILE_SOUND, LOAD_MAX_CABINET_SIZE, &content, &message);
  end_step(what, rate, "read");
  is_good = is_good && !load_cabinet((LoadSource){.content = &content, .name = path},
                                     (CabinetUse){rate, 1}, &cabinet, &remarks, &message);
  end_step(what, rate, "build");
  convolver_free(cabinet);
  content_clear(&content);
  return is_good;
}

/// Write a model of random weights
static bool
write_model(const ParamsShape shape, const bool has_loudness, const char* const path)
{
  ModelFile file = {.sample_rate = 48000.0, .loudness = {.middle = {has_loudness, -18.0}}};
  if (params_init(&file.params, shape)) {
    return false;
  }
  random_params_fill(&file.params);
  const Status status = model_file_write(&file, path, NULL);
  model_file_clear(&file);
  return !status;
}

static bool
start_random(const char* const what, const ParamsShape shape, const bool has_loudness,
             const double rate)
{
  char path[] = "/tmp/bench_startXXXXXX";
  const int fd = mkstemp(path);
  if (fd < 0) {
    perror("bench_start");
    return false;
  }
  const bool is_good = write_model(shape, has_loudness, path) && start_model(what, path, rate);
  (void)close(fd);
  (void)unlink(path);
  return is_good;
}

static LV2_URID
map_uri(const LV2_URID_Map_Handle handle, const char* const uri)
{
  static LV2_URID n;
  (void)handle;
  (void)uri;
  return ++n;
}

static bool
start_plugin(const char* const bundle, const double rate)
{
  static const char what[] = "plugin";
  char path[4096];
  LV2_URID_Map map = {NULL, map_uri};
  const LV2_Feature feature = {LV2_URID__map, &map};
  const LV2_Feature* const features[] = {&feature, NULL};
  float x[BLOCK] = {0.0F};
  (void)snprintf(path, sizeof(path), "%s/grus.so", bundle);
  begin_steps(what, rate);
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  LV2_Descriptor_Function function = NULL;
  if (!library) {
    (void)fprintf(stderr, "bench_start: %s\n", dlerror());
    return false;
  }
  *(void**)&function = dlsym(library, "lv2_descriptor");
  end_step(what, rate, "open library");
  const LV2_Descriptor* const plugin = function ? function(0) : NULL;
  const LV2_Handle instance = plugin ? plugin->instantiate(plugin, rate, bundle, features) : NULL;
  end_step(what, rate, "instantiate");
  if (!instance) {
    return false;
  }
  plugin->connect_port(instance, PORT_IN, x);
  plugin->connect_port(instance, PORT_OUT, x);
  plugin->activate(instance);
  plugin->run(instance, BLOCK);
  end_step(what, rate, "first block");
  const LV2_Handle second = plugin->instantiate(plugin, rate, bundle, features);
  end_step(what, rate, "another instance");
  plugin->cleanup(instance);
  plugin->cleanup(second);
  return true;
}

static void
print_remark(const bool is_error, const char* const text)
{
  if (is_error) {
    (void)fprintf(stderr, "bench_start: %s\n", text);
  }
}

static bool
start_list(const char* const bundle, const double rate)
{
  static const char* const models[] = {"boosted", "clean", "crunch", "lead",
                                       "muff",    "power", "ts9",    "tweed"};
  static const char* const cabinets[] = {"1x12-open", "2x12-open", "4x12-closed"};
  static const char what[] = "grus-live, 20 entries";
  Setlist list = {.oversampling = 1};
  Message message = {""};
  Sounds* read = NULL;
  Sounds* built = NULL;
  Loader* loader = NULL;
  for (uint32_t i = 0; i < N_ENTRIES; ++i) {
    SetlistEntry entry = {.controls = ENGINE_DEFAULT_CONTROLS};
    (void)snprintf(entry.model, sizeof(entry.model), "%s/models/%s.json", bundle, models[i % 8]);
    (void)snprintf(entry.cabinet, sizeof(entry.cabinet), "%s/cabinets/%s.wav", bundle,
                   cabinets[i % 3]);
    (void)snprintf(entry.name, sizeof(entry.name), "%u", i);
    if (setlist_add(&list, &entry, &message)) {
      return false;
    }
  }
  begin_steps(what, rate);
  bool is_good = !loader_start(&(LoaderTask){&list, NULL, 0.0, 1, 0, N_ENTRIES}, -1, &loader) &&
                 !loader_finish(loader, print_remark, &read);
  end_step(what, rate, "read");
  is_good = is_good && !loader_start(&(LoaderTask){&list, read, rate, 1, 0, 0}, -1, &loader) &&
            !loader_finish(loader, print_remark, &built);
  end_step(what, rate, "build");
  sounds_free(read);
  sounds_free(built);
  setlist_clear(&list);
  return is_good;
}

/// Start models of the bundle and one of its cabinets
static bool
start_files(const char* const bundle, const double rate)
{
  char path[4096];
  (void)snprintf(path, sizeof(path), "%s/models/tweed.json", bundle);
  bool is_good = start_model("tweed", path, rate);
  (void)snprintf(path, sizeof(path), "%s/models/ts9-drive.json", bundle);
  is_good = is_good && start_model("ts9-drive", path, rate);
  (void)snprintf(path, sizeof(path), "%s/cabinets/1x12-open.wav", bundle);
  return is_good && start_cabinet("cabinet", path, rate);
}

/// Start models of several sizes
static bool
start_sizes(const double rate)
{
  static const ParamsShape small = {CELL_GRU_RESET_AFTER, 16, 1, false, 0};
  static const ParamsShape medium = {CELL_GRU_RESET_AFTER, 32, 1, false, 0};
  static const ParamsShape large = {CELL_GRU_RESET_AFTER, 64, 1, false, 0};
  static const ParamsShape rig = {CELL_GRU_RESET_AFTER, 32, 1, false, TAPS};
  return start_random("size 16", small, true, rate) &&
         start_random("size 32", medium, true, rate) &&
         start_random("size 64", large, true, rate) &&
         start_random("size 32 with 2048 taps", rig, true, rate) &&
         start_random("size 16 without loudness", small, false, rate);
}

int
main(const int argc, char** const argv)
{
  const bool has_plugin_only = argc == 3 && !strcmp(argv[2], "plugin");
  if (argc != 2 && !has_plugin_only) {
    (void)fputs("Usage: bench_start BUNDLE [plugin]\n"
                "BUNDLE is the folder grus.lv2; \"plugin\" starts nothing but the plugin.\n",
                stderr);
    return 2;
  }
  bool is_good = true;
  for (size_t i = 0; is_good && i < sizeof(rates) / sizeof(rates[0]); ++i) {
    is_good = start_plugin(argv[1], rates[i]);
    if (!has_plugin_only) {
      is_good = is_good && start_files(argv[1], rates[i]) && start_sizes(rates[i]) &&
                start_list(argv[1], rates[i]);
    }
  }
  return is_good ? 0 : 1;
}

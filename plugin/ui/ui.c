// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How a host opens the interface. Hosts see only lv2ui_descriptor(). All happens on the host's
// thread for interfaces; several may be open at once, and they share nothing.

#include "plugin/ui/face.h"
#include "plugin/ui/window.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define UI_URI "urn:grus:ui"

typedef struct {
  Face face;
  UiWindow* window;
} Ui;

/// What the host offers
typedef struct {
  LV2_URID_Map* map;
  uintptr_t parent;
  const LV2UI_Resize* resize;
  const LV2UI_Touch* touch;
  const LV2_Options_Option* options;
} Offers;

static Offers
read_offers(const LV2_Feature* const* const features)
{
  Offers offers = {NULL, 0, NULL, NULL, NULL};
  for (const LV2_Feature* const* f = features; f && *f; ++f) {
    const char* const uri = (*f)->URI ? (*f)->URI : "";
    if (!strcmp(uri, LV2_URID__map)) {
      offers.map = (LV2_URID_Map*)(*f)->data;
    } else if (!strcmp(uri, LV2_UI__parent)) {
      offers.parent = (uintptr_t)(*f)->data;
    } else if (!strcmp(uri, LV2_UI__resize)) {
      offers.resize = (const LV2UI_Resize*)(*f)->data;
    } else if (!strcmp(uri, LV2_UI__touch)) {
      offers.touch = (const LV2UI_Touch*)(*f)->data;
    } else if (!strcmp(uri, LV2_OPTIONS__options)) {
      offers.options = (const LV2_Options_Option*)(*f)->data;
    }
  }
  return offers;
}

/// Return the option of this key if it has the type and size, or NULL
static const void*
find_option(const Offers* const offers, const char* const key, const char* const type)
{
  LV2_URID_Map* const map = offers->map;
  const LV2_URID key_id = map->map(map->handle, key);
  const LV2_URID type_id = map->map(map->handle, type);
  for (const LV2_Options_Option* o = offers->options; o && (o->key || o->value); ++o) {
    if (o->key == key_id && o->type == type_id && o->size == sizeof(float) && o->value) {
      return o->value;
    }
  }
  return NULL;
}

static double
find_number(const Offers* const offers, const char* const key)
{
  const float* const value = (const float*)find_option(offers, key, LV2_ATOM__Float);
  return value && isfinite(*value) ? (double)*value : 0.0;
}

static Theme
find_theme(const Offers* const offers)
{
  const int32_t* const colour =
      (const int32_t*)find_option(offers, LV2_UI__backgroundColor, LV2_ATOM__Int);
  return theme_choose(colour != NULL, colour ? (uint32_t)*colour : 0);
}

static double
read_clock(void)
{
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// Open the window, and tell the host how large it is
static bool
open_window(Ui* const ui, const Offers* const offers)
{
  const WindowPlan plan = {offers->parent, FACE_WIDTH, FACE_HEIGHT,
                           find_number(offers, LV2_UI__scaleFactor)};
  ui->window = window_new(plan, &ui->face.panel, &ui->face.theme,
                          (WindowEvents){&ui->face, face_drop, face_key});
  if (ui->window && offers->resize && offers->resize->ui_resize) {
    int width = 0;
    int height = 0;
    window_size(ui->window, &width, &height);
    (void)offers->resize->ui_resize(offers->resize->handle, width, height);
  }
  return ui->window != NULL;
}

static void
free_ui(const LV2UI_Handle handle)
{
  Ui* const ui = (Ui*)handle;
  window_free(ui->window);
  face_clear(&ui->face);
  free(ui);
}

static LV2UI_Handle
make_ui(const LV2UI_Descriptor* const descriptor, const char* const plugin_uri,
        const char* const bundle_path, const LV2UI_Write_Function write,
        const LV2UI_Controller controller, LV2UI_Widget* const widget,
        const LV2_Feature* const* const features)
{
  const Offers offers = read_offers(features);
  const bool is_stereo = !strcmp(plugin_uri, GRUS_STEREO_URI);
  (void)descriptor;
  if (!offers.map || (!is_stereo && strcmp(plugin_uri, GRUS_MONO_URI) != 0)) {
    return NULL;
  }
  Ui* const ui = (Ui*)calloc(1, sizeof(Ui));
  if (!ui) {
    return NULL;
  }
  Face* const face = &ui->face;
  link_init(&face->link, offers.map, is_stereo ? 2 : 1);
  face->link.write = write;
  face->link.controller = controller;
  face->link.touch = offers.touch;
  face->theme = find_theme(&offers);
  face->sample_rate = find_number(&offers, LV2_PARAMETERS__sampleRate);
  (void)snprintf(face->bundle, sizeof(face->bundle), "%s", bundle_path);
  face_init(face);
  if (!open_window(ui, &offers)) {
    free_ui(ui);
    return NULL;
  }
  *widget = (LV2UI_Widget)window_id(ui->window);
  link_ask(&face->link);
  return ui;
}

static void
take_event(const LV2UI_Handle handle, const uint32_t index, const uint32_t size,
           const uint32_t format, const void* const buffer)
{
  Face* const face = &((Ui*)handle)->face;
  const Port port = ports_at(index, face->link.n_channels);
  if (format == 0 && size == sizeof(float)) {
    float value = 0.0F;
    memcpy(&value, buffer, sizeof(value));
    face_take_value(face, port, value);
  } else if (format == face->link.event_transfer && port == PORT_NOTIFY) {
    face_take_message(face, size, buffer);
  }
}

/// LV2UI_Idle_Interface.idle: all the work. Not 0 once the window was closed.
static int
idle(const LV2UI_Handle handle)
{
  Ui* const ui = (Ui*)handle;
  const bool is_open = window_poll(ui->window);
  face_pass_time(&ui->face, read_clock());
  window_draw(ui->window);
  return !is_open;
}

static int
show(const LV2UI_Handle handle)
{
  window_show(((Ui*)handle)->window, true);
  return 0;
}

static int
hide(const LV2UI_Handle handle)
{
  window_show(((Ui*)handle)->window, false);
  return 0;
}

/// The host has another size for us
static int
resize(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  window_resize(((Ui*)handle)->window, width, height);
  return 0;
}

static const void*
find_extension(const char* const uri)
{
  static const LV2UI_Idle_Interface idle_interface = {idle};
  static const LV2UI_Show_Interface show_interface = {show, hide};
  static const LV2UI_Resize resize_interface = {NULL, resize};
  return !strcmp(uri, LV2_UI__idleInterface)   ? (const void*)&idle_interface
         : !strcmp(uri, LV2_UI__showInterface) ? (const void*)&show_interface
         : !strcmp(uri, LV2_UI__resize)        ? (const void*)&resize_interface
                                               : NULL;
}

LV2_SYMBOL_EXPORT const LV2UI_Descriptor*
lv2ui_descriptor(const uint32_t index)
{
  static const LV2UI_Descriptor descriptor = {UI_URI, make_ui, free_ui, take_event, find_extension};
  return index == 0 ? &descriptor : NULL;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/plugin/ui_stage.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/ui/ui.h>

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>
#include <cairo-xlib.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 1024U
#define RATE 48000.0
#define LARGEST_MESSAGE 8192U

struct StageImpl {
  StageOptions options;
  Host* host;
  Display* display;
  Window parent;
  Window window;
  int width; ///< That the interface asked for [pixels]
  int height;
  void* library;
  const LV2UI_Descriptor* descriptor;
  LV2UI_Handle ui;
  const LV2UI_Idle_Interface* idle;
  char bundle[4096];
  char* binary;
  _Alignas(8) uint8_t sequence[65536]; ///< From the interface, for the next block
  float written[HOST_MAX_PORTS];
  float shown[HOST_MAX_PORTS]; ///< That the interface knows
  uint32_t n_touches;
  uint32_t phase;
  Window drop_source;
  LV2UI_Resize resize;
  LV2UI_Touch touch;
};

static void
empty_sequence(Stage* const stage)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)(void*)stage->sequence;
  *sequence = (LV2_Atom_Sequence){{sizeof(LV2_Atom_Sequence_Body), 0}, {0, 0}};
  sequence->atom.type = host_map(stage->host, LV2_ATOM__Sequence);
}

/// LV2UI_Write_Function
static void
write_port(const LV2UI_Controller controller, const uint32_t port, const uint32_t size,
           const uint32_t protocol, const void* const buffer)
{
  Stage* const stage = (Stage*)controller;
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)(void*)stage->sequence;
  if (protocol == 0) {
    memcpy(&stage->written[port], buffer, sizeof(float));
    host_set_index(stage->host, port, stage->written[port]);
    return;
  }
  LV2_Atom_Event* const event = (LV2_Atom_Event*)(void*)(stage->sequence + sizeof(LV2_Atom) +
                                                         lv2_atom_pad_size(sequence->atom.size));
  if ((uint8_t*)event + sizeof(*event) + size < stage->sequence + sizeof(stage->sequence)) {
    event->time.frames = 0;
    memcpy(&event->body, buffer, size);
    sequence->atom.size += (uint32_t)sizeof(LV2_Atom_Event) + lv2_atom_pad_size(event->body.size);
  }
}

static void
count_touch(const LV2UI_Feature_Handle handle, const uint32_t port, const bool is_held)
{
  (void)port;
  (void)is_held;
  ++((Stage*)handle)->n_touches;
}

static int
take_size(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  Stage* const stage = (Stage*)handle;
  stage->width = width;
  stage->height = height;
  if (stage->parent) {
    XResizeWindow(stage->display, stage->parent, (unsigned)width, (unsigned)height);
    XSync(stage->display, False);
  }
  return 0;
}

/// Find the interface's file and folder through lilv, as hosts do
static bool
find_binary(Stage* const stage)
{
  LilvUIs* const uis = lilv_plugin_get_uis(host_plugin(stage->host));
  const LilvUI* const ui = uis ? lilv_uis_get(uis, lilv_uis_begin(uis)) : NULL;
  if (ui) {
    char* const bundle = lilv_node_get_path(lilv_ui_get_bundle_uri(ui), NULL);
    stage->binary = lilv_node_get_path(lilv_ui_get_binary_uri(ui), NULL);
    (void)snprintf(stage->bundle, sizeof(stage->bundle), "%s", bundle);
    lilv_free(bundle);
  }
  lilv_uis_free(uis);
  return ui != NULL;
}

static bool
load_library(Stage* const stage)
{
  if (!find_binary(stage)) {
    return false;
  }
  stage->library = dlopen(stage->binary, RTLD_NOW | RTLD_LOCAL);
  if (!stage->library) {
    (void)fprintf(stderr, "%s\n", dlerror());
    return false;
  }
  const LV2UI_Descriptor* (*find)(uint32_t) = NULL;
  *(void**)&find = dlsym(stage->library, "lv2ui_descriptor");
  stage->descriptor = find ? find(0) : NULL;
  return stage->descriptor != NULL;
}

bool
stage_open(Stage* const stage)
{
  const float rate = (float)RATE;
  const int32_t background = stage->options.is_light ? (int32_t)0xf0f0f0ff : 0x202020ff;
  LV2_URID_Map* const map = host_urid_map(stage->host);
  const LV2_URID type = host_map(stage->host, LV2_ATOM__Float);
  const LV2_Options_Option options[] = {
      {LV2_OPTIONS_INSTANCE, 0, host_map(stage->host, LV2_PARAMETERS__sampleRate), sizeof(float),
       type, &rate},
      {LV2_OPTIONS_INSTANCE, 0, host_map(stage->host, LV2_UI__backgroundColor), sizeof(int32_t),
       host_map(stage->host, LV2_ATOM__Int), &background},
      {LV2_OPTIONS_INSTANCE, 0, host_map(stage->host, LV2_UI__scaleFactor), sizeof(float),
       stage->options.scale != 0.0F ? type : 0, &stage->options.scale},
      {LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, NULL}};
  stage->resize = (LV2UI_Resize){stage, take_size};
  stage->touch = (LV2UI_Touch){stage, count_touch};
  const LV2_Feature features[] = {{LV2_URID__map, map},
                                  {LV2_UI__parent, (void*)stage->parent},
                                  {LV2_UI__resize, &stage->resize},
                                  {LV2_UI__touch, &stage->touch},
                                  {LV2_OPTIONS__options, (void*)(uintptr_t)options}};
  const LV2_Feature* const list[] = {&features[0],
                                     &features[2],
                                     &features[4],
                                     &features[3],
                                     stage->options.has_no_parent ? NULL : &features[1],
                                     NULL};
  LV2UI_Widget widget = NULL;
  stage->ui = stage->descriptor->instantiate(
      stage->descriptor, stage->options.is_stereo ? HOST_STEREO_URI : HOST_PLUGIN_URI,
      stage->bundle, write_port, stage, &widget, list);
  stage->window = (Window)widget;
  stage->idle =
      (const LV2UI_Idle_Interface*)stage->descriptor->extension_data(LV2_UI__idleInterface);
  for (uint32_t i = 0; i < HOST_MAX_PORTS; ++i) {
    stage->shown[i] = NAN;
  }
  return stage->ui != NULL;
}

void
stage_close(Stage* const stage)
{
  if (stage->ui) {
    stage->descriptor->cleanup(stage->ui);
    stage->ui = NULL;
  }
}

Stage*
stage_new(const StageOptions options)
{
  Stage* const stage = (Stage*)calloc(1, sizeof(Stage));
  stage->options = options;
  stage->host = host_new((HostOptions){.sample_rate = RATE, .is_stereo = options.is_stereo});
  stage->display = XOpenDisplay(NULL);
  if (!stage->host || !stage->display || !load_library(stage)) {
    (void)fprintf(stderr, "no plugin, no X server or no interface\n");
    stage_free(stage);
    return NULL;
  }
  const Window root = DefaultRootWindow(stage->display);
  if (!options.has_no_parent) {
    stage->parent = XCreateSimpleWindow(stage->display, root, 0, 0, 100, 100, 0, 0, 0);
    XMapWindow(stage->display, stage->parent);
  }
  stage->drop_source = XCreateSimpleWindow(stage->display, root, 0, 0, 1, 1, 0, 0, 0);
  XSync(stage->display, False);
  empty_sequence(stage);
  if (!stage_open(stage)) {
    stage_free(stage);
    return NULL;
  }
  return stage;
}

void
stage_free(Stage* const stage)
{
  if (!stage) {
    return;
  }
  stage_close(stage);
  if (stage->display) {
    XCloseDisplay(stage->display);
  }
  lilv_free(stage->binary);
  host_free(stage->host);
  free(stage); // The library stays: it is one for all
}

Host*
stage_host(const Stage* const stage)
{
  return stage->host;
}

void
stage_destroy_window(Stage* const stage)
{
  XDestroyWindow(stage->display, stage->parent);
  XSync(stage->display, False);
  stage->parent = None;
}

void
stage_resize(Stage* const stage, const int width, const int height)
{
  XResizeWindow(stage->display, stage->parent, (unsigned)width, (unsigned)height);
  XResizeWindow(stage->display, stage->window, (unsigned)width, (unsigned)height);
  XSync(stage->display, False);
  stage->width = width;
  stage->height = height;
}

/// Tell the interface the ports that have changed, and what the plugin said
static void
pass_on(Stage* const stage)
{
  const LV2_Atom_Sequence* const notify = (const LV2_Atom_Sequence*)host_notified(stage->host);
  const uint32_t n_ports = lilv_plugin_get_num_ports(host_plugin(stage->host));
  const uint32_t port = host_port_index(stage->host, "notify");
  for (uint32_t i = 0; i < n_ports; ++i) {
    const float value = host_get_index(stage->host, i);
    if (value != stage->shown[i] && i != port) {
      stage->shown[i] = value;
      stage->descriptor->port_event(stage->ui, i, sizeof(float), 0, &value);
    }
  }
  if (notify) {
    LV2_ATOM_SEQUENCE_FOREACH(notify, event)
    {
      stage->descriptor->port_event(stage->ui, port, lv2_atom_total_size(&event->body),
                                    host_map(stage->host, LV2_ATOM__eventTransfer), &event->body);
    }
  }
}

int
stage_idle(Stage* const stage)
{
  XSync(stage->display, False);
  return stage->ui ? stage->idle->idle(stage->ui) : 0;
}

void
stage_run(Stage* const stage, const uint32_t n_blocks, const float level)
{
  for (uint32_t i = 0; i < n_blocks; ++i) {
    float in[BLOCK];
    float out[BLOCK];
    for (uint32_t t = 0; t < BLOCK; ++t) {
      in[t] = level * sinf(6.2831853F * 110.0F * (float)(stage->phase++ % 48000U) / 48000.0F);
    }
    host_send_sequence(stage->host, stage->sequence);
    host_run(stage->host, in, out, BLOCK);
    empty_sequence(stage);
    (void)host_work(stage->host);
    if (stage->ui) {
      pass_on(stage);
      (void)stage_idle(stage);
    }
  }
}

/// From the interface's logical pixels to the window's
static void
find_pixel(const Stage* const stage, const double x, const double y, int* const px, int* const py)
{
  const double wide = (double)stage->width / 760.0;
  const double high = (double)stage->height / 472.0;
  const double scale = fmin(wide, high);
  *px = (int)lrint(((double)stage->width - 760.0 * scale) / 2.0 + x * scale);
  *py = (int)lrint(((double)stage->height - 472.0 * scale) / 2.0 + y * scale);
}

/// Send an event of the pointer. Clicks that follow at once are a double click, so time goes on.
static void
send_pointer(Stage* const stage, const int type, const double at[2], const unsigned button,
             const Time time)
{
  XEvent event = {0};
  int x = 0;
  int y = 0;
  find_pixel(stage, at[0], at[1], &x, &y);
  if (type == MotionNotify) {
    event.xmotion = (XMotionEvent){
        .type = type, .window = stage->window, .time = time, .x = x, .y = y, .state = button};
  } else {
    event.xbutton = (XButtonEvent){
        .type = type, .window = stage->window, .time = time, .x = x, .y = y, .button = button};
  }
  XSendEvent(stage->display, stage->window, False, 0, &event);
}

static Time
pass_time(const Time ms)
{
  static Time now = 10000;
  now += ms;
  return now;
}

static void
press_button(Stage* const stage, const double x, const double y, const unsigned button,
             const Time since)
{
  const double at[2] = {x, y};
  const Time time = pass_time(since);
  send_pointer(stage, MotionNotify, at, 0, time);
  send_pointer(stage, ButtonPress, at, button, time);
  send_pointer(stage, ButtonRelease, at, button, time);
  (void)stage_idle(stage);
}

void
stage_click(Stage* const stage, const double x, const double y)
{
  press_button(stage, x, y, Button1, 1000);
}

void
stage_double_click(Stage* const stage, const double x, const double y)
{
  press_button(stage, x, y, Button1, 1000);
  press_button(stage, x, y, Button1, 100);
}

void
stage_drag(Stage* const stage, const double x, const double y, const double to_y,
           const bool is_fine)
{
  const double from[2] = {x, y};
  const double to[2] = {x, to_y};
  const Time time = pass_time(1000);
  send_pointer(stage, MotionNotify, from, 0, time);
  send_pointer(stage, ButtonPress, from, Button1, time);
  send_pointer(stage, MotionNotify, to, Button1Mask | (is_fine ? ShiftMask : 0), time + 50);
  (void)stage_idle(stage);
  send_pointer(stage, ButtonRelease, to, Button1, time + 60);
  (void)stage_idle(stage);
}

void
stage_wheel(Stage* const stage, const double x, const double y, const int n_steps)
{
  for (int i = 0; i < abs(n_steps); ++i) {
    press_button(stage, x, y, n_steps > 0 ? Button4 : Button5, 1000);
  }
}

void
stage_key(Stage* const stage, const KeySym key)
{
  const KeyCode code = XKeysymToKeycode(stage->display, key);
  const bool is_shifted = XkbKeycodeToKeysym(stage->display, code, 0, 0) != key;
  XEvent event = {0};
  event.xkey = (XKeyEvent){.type = KeyPress,
                           .window = stage->window,
                           .keycode = code,
                           .state = is_shifted ? ShiftMask : 0};
  XSendEvent(stage->display, stage->window, False, 0, &event);
  (void)stage_idle(stage);
}

void
stage_type(Stage* const stage, const char* text)
{
  for (; *text; ++text) {
    stage_key(stage, (KeySym)(unsigned char)*text);
  }
}

/// Send a message of XDND
static void
send_drop_message(Stage* const stage, const char* const type, const long* const data)
{
  XEvent event = {0};
  event.xclient.type = ClientMessage;
  event.xclient.window = stage->window;
  event.xclient.message_type = XInternAtom(stage->display, type, False);
  event.xclient.format = 32;
  memcpy(event.xclient.data.l, data, 5 * sizeof(long));
  XSendEvent(stage->display, stage->window, False, 0, &event);
  (void)stage_idle(stage);
}

/// Answer the interface's request for what is dropped
static void
give_selection(Stage* const stage, const char* const path)
{
  char list[4200];
  XEvent event;
  const int n = snprintf(list, sizeof(list), "file://%s\r\n", path);
  while (XCheckTypedWindowEvent(stage->display, stage->drop_source, SelectionRequest, &event)) {
    const XSelectionRequestEvent request = event.xselectionrequest;
    XChangeProperty(stage->display, request.requestor, request.property, request.target, 8,
                    PropModeReplace, (const unsigned char*)list, n);
    XEvent answer = {0};
    answer.xselection = (XSelectionEvent){.type = SelectionNotify,
                                          .requestor = request.requestor,
                                          .selection = request.selection,
                                          .target = request.target,
                                          .property = request.property,
                                          .time = request.time};
    XSendEvent(stage->display, request.requestor, False, 0, &answer);
    (void)stage_idle(stage);
  }
}

void
stage_drop(Stage* const stage, const char* const path, const double x, const double y)
{
  int px = 0;
  int py = 0;
  int root_x = 0;
  int root_y = 0;
  Window child = None;
  const long source = (long)stage->drop_source;
  const long type = (long)XInternAtom(stage->display, "text/uri-list", False);
  find_pixel(stage, x, y, &px, &py);
  (void)XTranslateCoordinates(stage->display, stage->window, DefaultRootWindow(stage->display), px,
                              py, &root_x, &root_y, &child);
  XSetSelectionOwner(stage->display, XInternAtom(stage->display, "XdndSelection", False),
                     stage->drop_source, CurrentTime);
  send_drop_message(stage, "XdndEnter", (const long[]){source, 5L << 24, type, 0, 0});
  send_drop_message(stage, "XdndPosition",
                    (const long[]){source, 0, (long)root_x << 16 | root_y, 0, 0});
  send_drop_message(stage, "XdndDrop", (const long[]){source, 0, 0, 0, 0});
  XSync(stage->display, False);
  give_selection(stage, path);
}

float
stage_take_written(Stage* const stage, const char* const symbol)
{
  const uint32_t port = host_port_index(stage->host, symbol);
  const float value = stage->written[port];
  stage->written[port] = NAN;
  return value;
}

uint32_t
stage_count_touches(const Stage* const stage)
{
  return stage->n_touches;
}

void
stage_save(Stage* const stage, const char* const path)
{
  const Visual* const visual = DefaultVisual(stage->display, DefaultScreen(stage->display));
  cairo_surface_t* const surface = cairo_xlib_surface_create(
      stage->display, stage->window, (Visual*)(uintptr_t)visual, stage->width, stage->height);
  (void)cairo_surface_write_to_png(surface, path);
  cairo_surface_destroy(surface);
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "tests/plugin/ui_desk.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/ui/ui.h>

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlibint.h>
#include <X11/Xutil.h>
#include <X11/extensions/xtestproto.h>
#include <X11/keysym.h>
#include <cairo-xlib.h>
#include <ctype.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 1024U
#define RATE 48000.0
#define SQUARE 16

struct DeskImpl {
  DeskOptions options;
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
empty_sequence(Desk* const desk)
{
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)(void*)desk->sequence;
  *sequence = (LV2_Atom_Sequence){{sizeof(LV2_Atom_Sequence_Body), 0}, {0, 0}};
  sequence->atom.type = host_map(desk->host, LV2_ATOM__Sequence);
}

/// LV2UI_Write_Function
static void
write_port(const LV2UI_Controller controller, const uint32_t port, const uint32_t size,
           const uint32_t protocol, const void* const buffer)
{
  Desk* const desk = (Desk*)controller;
  LV2_Atom_Sequence* const sequence = (LV2_Atom_Sequence*)(void*)desk->sequence;
  if (protocol == 0) {
    memcpy(&desk->written[port], buffer, sizeof(float));
    host_set_index(desk->host, port, desk->written[port]);
    return;
  }
  LV2_Atom_Event* const event = (LV2_Atom_Event*)(void*)(desk->sequence + sizeof(LV2_Atom) +
                                                         lv2_atom_pad_size(sequence->atom.size));
  if ((uint8_t*)event + sizeof(*event) + size < desk->sequence + sizeof(desk->sequence)) {
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
  ++((Desk*)handle)->n_touches;
}

static int
take_size(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  Desk* const desk = (Desk*)handle;
  desk->width = width;
  desk->height = height;
  if (desk->parent) {
    XResizeWindow(desk->display, desk->parent, (unsigned)width, (unsigned)height);
    XSync(desk->display, False);
  }
  return 0;
}

/// Find the interface's file and folder through lilv, as hosts do
static bool
find_binary(Desk* const desk)
{
  LilvUIs* const uis = lilv_plugin_get_uis(host_plugin(desk->host));
  const LilvUI* const ui = uis ? lilv_uis_get(uis, lilv_uis_begin(uis)) : NULL;
  if (ui) {
    char* const bundle = lilv_node_get_path(lilv_ui_get_bundle_uri(ui), NULL);
    desk->binary = lilv_node_get_path(lilv_ui_get_binary_uri(ui), NULL);
    (void)snprintf(desk->bundle, sizeof(desk->bundle), "%s", bundle);
    lilv_free(bundle);
  }
  lilv_uis_free(uis);
  return ui != NULL;
}

static bool
load_library(Desk* const desk)
{
  if (!find_binary(desk)) {
    return false;
  }
  desk->library = dlopen(desk->binary, RTLD_NOW | RTLD_LOCAL);
  if (!desk->library) {
    (void)fprintf(stderr, "%s\n", dlerror());
    return false;
  }
  const LV2UI_Descriptor* (*find)(uint32_t) = NULL;
  *(void**)&find = dlsym(desk->library, "lv2ui_descriptor");
  desk->descriptor = find ? find(0) : NULL;
  return desk->descriptor != NULL;
}

bool
desk_open(Desk* const desk)
{
  const float rate = (float)RATE;
  const int32_t background = desk->options.is_light ? (int32_t)0xf0f0f0ff : 0x202020ff;
  LV2_URID_Map* const map = host_urid_map(desk->host);
  const LV2_URID type = host_map(desk->host, LV2_ATOM__Float);
  const LV2_Options_Option options[] = {
      {LV2_OPTIONS_INSTANCE, 0, host_map(desk->host, LV2_PARAMETERS__sampleRate), sizeof(float),
       type, &rate},
      {LV2_OPTIONS_INSTANCE, 0, host_map(desk->host, LV2_UI__backgroundColor), sizeof(int32_t),
       host_map(desk->host, LV2_ATOM__Int), &background},
      {LV2_OPTIONS_INSTANCE, 0, host_map(desk->host, LV2_UI__scaleFactor), sizeof(float),
       desk->options.scale != 0.0F ? type : 0, &desk->options.scale},
      {LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, NULL}};
  desk->resize = (LV2UI_Resize){desk, take_size};
  desk->touch = (LV2UI_Touch){desk, count_touch};
  const LV2_Feature features[] = {{LV2_URID__map, map},
                                  {LV2_UI__parent, (void*)desk->parent},
                                  {LV2_UI__resize, &desk->resize},
                                  {LV2_UI__touch, &desk->touch},
                                  {LV2_OPTIONS__options, (void*)(uintptr_t)options}};
  const LV2_Feature* const list[] = {&features[0],
                                     &features[2],
                                     &features[4],
                                     &features[3],
                                     desk->options.has_no_parent ? NULL : &features[1],
                                     NULL};
  LV2UI_Widget widget = NULL;
  desk->ui = desk->descriptor->instantiate(
      desk->descriptor, desk->options.is_stereo ? HOST_STEREO_URI : HOST_PLUGIN_URI, desk->bundle,
      write_port, desk, &widget, list);
  desk->window = (Window)widget;
  desk->idle = (const LV2UI_Idle_Interface*)desk->descriptor->extension_data(LV2_UI__idleInterface);
  for (uint32_t i = 0; i < HOST_MAX_PORTS; ++i) {
    desk->shown[i] = NAN;
    desk->written[i] = NAN;
  }
  return desk->ui != NULL;
}

void
desk_close(Desk* const desk)
{
  if (desk->ui) {
    desk->descriptor->cleanup(desk->ui);
    desk->ui = NULL;
  }
}

/// Make a window of another depth than the screen, as toolkits do
static Window
create_alpha_window(Display* const display, const Window root)
{
  XVisualInfo info;
  XSetWindowAttributes attributes = {.border_pixel = 0};
  if (!XMatchVisualInfo(display, DefaultScreen(display), 32, TrueColor, &info)) {
    return None;
  }
  attributes.colormap = XCreateColormap(display, root, info.visual, AllocNone);
  return XCreateWindow(display, root, 0, 0, 100, 100, 0, 32, InputOutput, info.visual,
                       CWBorderPixel | CWColormap, &attributes);
}

Desk*
desk_new(const DeskOptions options)
{
  Desk* const desk = (Desk*)calloc(1, sizeof(Desk));
  desk->options = options;
  desk->host = host_new((HostOptions){.sample_rate = RATE, .is_stereo = options.is_stereo});
  desk->display = XOpenDisplay(NULL);
  if (!desk->host || !desk->display || !load_library(desk)) {
    (void)fprintf(stderr, "no plugin, no X server or no interface\n");
    desk_free(desk);
    return NULL;
  }
  const Window root = DefaultRootWindow(desk->display);
  if (!options.has_no_parent) {
    desk->parent = options.has_alpha
                       ? create_alpha_window(desk->display, root)
                       : XCreateSimpleWindow(desk->display, root, 0, 0, 100, 100, 0, 0, 0);
    XMapWindow(desk->display, desk->parent);
  }
  desk->drop_source = XCreateSimpleWindow(desk->display, root, 0, 0, 1, 1, 0, 0, 0);
  XSync(desk->display, False);
  empty_sequence(desk);
  if (!desk_open(desk)) {
    desk_free(desk);
    return NULL;
  }
  return desk;
}

void
desk_free(Desk* const desk)
{
  if (!desk) {
    return;
  }
  desk_close(desk);
  if (desk->display) {
    XCloseDisplay(desk->display);
  }
  lilv_free(desk->binary);
  host_free(desk->host);
  free(desk); // The library stays: it is one for all
}

Host*
desk_host(const Desk* const desk)
{
  return desk->host;
}

void
desk_destroy_window(Desk* const desk)
{
  XDestroyWindow(desk->display, desk->parent);
  XSync(desk->display, False);
  desk->parent = None;
}

void
desk_resize(Desk* const desk, const int width, const int height)
{
  XResizeWindow(desk->display, desk->parent, (unsigned)width, (unsigned)height);
  XResizeWindow(desk->display, desk->window, (unsigned)width, (unsigned)height);
  XSync(desk->display, False);
  desk->width = width;
  desk->height = height;
}

/// Look at the window, after a while if the X server hasn't yet heard of `width`, or that it can be
/// seen or not
static XWindowAttributes
look_at_window(Desk* const desk, const int width, const bool is_shown)
{
  XWindowAttributes seen = {0};
  for (int i = 0; i < 100; ++i) {
    (void)desk_idle(desk);
    (void)XGetWindowAttributes(desk->display, desk->window, &seen);
    if (seen.width == width && (seen.map_state != IsUnmapped) == is_shown) {
      return seen;
    }
    usleep(10000);
  }
  return seen;
}

bool
desk_ask_for_size(Desk* const desk, const int width, const int height)
{
  const LV2UI_Resize* const resize =
      (const LV2UI_Resize*)desk->descriptor->extension_data(LV2_UI__resize);
  (void)resize->ui_resize(desk->ui, width, height);
  const XWindowAttributes seen = look_at_window(desk, width, true);
  desk->width = seen.width;
  desk->height = seen.height;
  return seen.width == width && seen.height == height;
}

bool
desk_show(Desk* const desk, const bool is_shown)
{
  const LV2UI_Show_Interface* const face =
      (const LV2UI_Show_Interface*)desk->descriptor->extension_data(LV2_UI__showInterface);
  (void)(is_shown ? face->show : face->hide)(desk->ui);
  return look_at_window(desk, desk->width, is_shown).map_state != IsUnmapped;
}

/// Tell the interface the ports that have changed, and what the plugin said
static void
pass_on(Desk* const desk)
{
  const LV2_Atom_Sequence* const notify = (const LV2_Atom_Sequence*)host_notified(desk->host);
  const uint32_t n_ports = lilv_plugin_get_num_ports(host_plugin(desk->host));
  const uint32_t port = host_port_index(desk->host, "notify");
  for (uint32_t i = 0; i < n_ports; ++i) {
    const float value = host_get_index(desk->host, i);
    if (value != desk->shown[i] && i != port) {
      desk->shown[i] = value;
      desk->descriptor->port_event(desk->ui, i, sizeof(float), 0, &value);
    }
  }
  if (notify) {
    LV2_ATOM_SEQUENCE_FOREACH(notify, event)
    {
      desk->descriptor->port_event(desk->ui, port, lv2_atom_total_size(&event->body),
                                   host_map(desk->host, LV2_ATOM__eventTransfer), &event->body);
    }
  }
}

void
desk_tell(Desk* const desk, const uint32_t size, const void* const message)
{
  desk->descriptor->port_event(desk->ui, host_port_index(desk->host, "notify"), size,
                               host_map(desk->host, LV2_ATOM__eventTransfer), message);
  (void)desk_idle(desk);
}

int
desk_idle_alone(Desk* const desk)
{
  return desk->ui ? desk->idle->idle(desk->ui) : 0;
}

int
desk_idle(Desk* const desk)
{
  XSync(desk->display, False);
  return desk_idle_alone(desk);
}

void
desk_run(Desk* const desk, const uint32_t n_blocks, const float level)
{
  for (uint32_t i = 0; i < n_blocks; ++i) {
    float in[BLOCK];
    float out[BLOCK];
    for (uint32_t t = 0; t < BLOCK; ++t) {
      in[t] = level * sinf(6.2831853F * 110.0F * (float)(desk->phase++ % 48000U) / 48000.0F);
    }
    if (((const LV2_Atom_Sequence*)(const void*)desk->sequence)->atom.size >
        sizeof(LV2_Atom_Sequence_Body)) {
      host_send_sequence(desk->host, desk->sequence); // In place of the host's own messages
    }
    host_run(desk->host, in, out, BLOCK);
    empty_sequence(desk);
    (void)host_work(desk->host);
    if (desk->ui) {
      pass_on(desk);
      (void)desk_idle(desk);
    }
  }
}

/// From the interface's logical pixels to the window's
static void
find_pixel(const Desk* const desk, const double x, const double y, int* const px, int* const py)
{
  const double wide = (double)desk->width / 760.0;
  const double high = (double)desk->height / 472.0;
  const double scale = fmin(wide, high);
  *px = (int)lrint(((double)desk->width - 760.0 * scale) / 2.0 + x * scale);
  *py = (int)lrint(((double)desk->height - 472.0 * scale) / 2.0 + y * scale);
}

/// Send an event of the pointer. Clicks that follow at once are a double click, so time goes on.
static void
send_pointer(Desk* const desk, const int type, const double at[2], const unsigned button,
             const Time time)
{
  XEvent event = {0};
  int x = 0;
  int y = 0;
  find_pixel(desk, at[0], at[1], &x, &y);
  if (type == MotionNotify) {
    event.xmotion = (XMotionEvent){
        .type = type, .window = desk->window, .time = time, .x = x, .y = y, .state = button};
  } else {
    event.xbutton = (XButtonEvent){
        .type = type, .window = desk->window, .time = time, .x = x, .y = y, .button = button};
  }
  XSendEvent(desk->display, desk->window, False, 0, &event);
}

static Time
pass_time(const Time ms)
{
  static Time now = 10000;
  now += ms;
  return now;
}

static void
press_button(Desk* const desk, const double x, const double y, const unsigned button,
             const Time since)
{
  const double at[2] = {x, y};
  const Time time = pass_time(since);
  send_pointer(desk, MotionNotify, at, 0, time);
  send_pointer(desk, ButtonPress, at, button, time);
  send_pointer(desk, ButtonRelease, at, button, time);
  (void)desk_idle(desk);
}

void
desk_hover(Desk* const desk, const double x, const double y)
{
  const double at[2] = {x, y};
  send_pointer(desk, MotionNotify, at, 0, pass_time(1000));
  (void)desk_idle(desk);
}

void
desk_click(Desk* const desk, const double x, const double y)
{
  press_button(desk, x, y, Button1, 1000);
}

void
desk_double_click(Desk* const desk, const double x, const double y)
{
  press_button(desk, x, y, Button1, 1000);
  press_button(desk, x, y, Button1, 100);
}

void
desk_drag(Desk* const desk, const double x, const double y, const double to_y, const bool is_fine)
{
  const double from[2] = {x, y};
  const double to[2] = {x, to_y};
  const Time time = pass_time(1000);
  send_pointer(desk, MotionNotify, from, 0, time);
  send_pointer(desk, ButtonPress, from, Button1, time);
  send_pointer(desk, MotionNotify, to, Button1Mask | (is_fine ? ShiftMask : 0), time + 50);
  (void)desk_idle(desk);
  send_pointer(desk, ButtonRelease, to, Button1, time + 60);
  (void)desk_idle(desk);
}

void
desk_wheel(Desk* const desk, const double x, const double y, const int n_steps)
{
  for (int i = 0; i < abs(n_steps); ++i) {
    press_button(desk, x, y, n_steps > 0 ? Button4 : Button5, 1000);
  }
}

void
desk_key(Desk* const desk, const KeySym key)
{
  const KeyCode code = XKeysymToKeycode(desk->display, key);
  const bool is_shifted = XkbKeycodeToKeysym(desk->display, code, 0, 0) != key;
  XEvent event = {0};
  event.xkey = (XKeyEvent){.type = KeyPress,
                           .window = desk->window,
                           .keycode = code,
                           .state = is_shifted ? ShiftMask : 0};
  XSendEvent(desk->display, desk->window, False, 0, &event);
  (void)desk_idle(desk);
}

/// Have the X server make an event of the keyboard, through its extension for tests
static void
fake_key(Desk* const desk, const int opcode, const BYTE type, const KeyCode code)
{
  Display* const dpy = desk->display; // The macro's name for it
  xXTestFakeInputReq* request = NULL;
  LockDisplay(dpy);
  GetReq(XTestFakeInput, request);
  memset((uint8_t*)request + 1, 0, sizeof(*request) - 1);
  request->reqType = (CARD8)opcode;
  request->xtReqType = X_XTestFakeInput;
  request->length = sizeof(*request) / 4;
  request->type = type;
  request->detail = code;
  UnlockDisplay(dpy);
  SyncHandle();
}

void
desk_press_key(Desk* const desk, const KeySym key)
{
  int opcode = 0;
  int event = 0;
  int error = 0;
  const KeyCode code = XKeysymToKeycode(desk->display, key);
  if (XQueryExtension(desk->display, "XTEST", &opcode, &event, &error)) {
    fake_key(desk, opcode, KeyPress, code);
    fake_key(desk, opcode, KeyRelease, code);
  }
  for (int i = 0; i < 20; ++i) {
    (void)desk_idle(desk);
    usleep(2000); // Until the event has come
  }
}

uint32_t
desk_count_host_keys(Desk* const desk)
{
  uint32_t n = 0;
  XEvent event;
  XSync(desk->display, False);
  while (XCheckTypedWindowEvent(desk->display, desk->parent, KeyPress, &event)) {
    ++n;
  }
  return n;
}

void
desk_type_letter(Desk* const desk, const KeySym letter)
{
  KeySym symbol = letter;
  int least = 0;
  int most = 0;
  (void)XDisplayKeycodes(desk->display, &least, &most);
  XChangeKeyboardMapping(desk->display, most, 1, &symbol, 1); // No keyboard has this key
  XSync(desk->display, False);
  XEvent event;
  while (XCheckTypedEvent(desk->display, MappingNotify, &event)) {
    (void)XRefreshKeyboardMapping(&event.xmapping);
  }
  (void)desk_idle(desk);
  desk_key(desk, letter);
}

void
desk_type(Desk* const desk, const char* text)
{
  for (; *text; ++text) {
    desk_key(desk, (KeySym)(unsigned char)*text);
  }
}

/// Return the window that takes the drops on the host's, which is the outermost one
static Window
find_drop_proxy(const Desk* const desk)
{
  const Atom name = XInternAtom(desk->display, "XdndProxy", False);
  Atom type = None;
  int format = 0;
  unsigned long n = 0;
  unsigned long rest = 0;
  unsigned char* data = NULL;
  Window proxy = None;
  (void)XGetWindowProperty(desk->display, desk->parent, name, 0, 1, False, XA_WINDOW, &type,
                           &format, &n, &rest, &data);
  if (n == 1) {
    memcpy(&proxy, data, sizeof(proxy));
  }
  if (data) {
    XFree(data);
  }
  return proxy ? proxy : desk->parent;
}

/// Send a message of XDND as file managers do: about the outermost window
static void
send_drop_message(Desk* const desk, const char* const type, const long* const data)
{
  XEvent event = {0};
  event.xclient.type = ClientMessage;
  event.xclient.window = desk->parent;
  event.xclient.message_type = XInternAtom(desk->display, type, False);
  event.xclient.format = 32;
  memcpy(event.xclient.data.l, data, 5 * sizeof(long));
  XSendEvent(desk->display, find_drop_proxy(desk), False, 0, &event);
  (void)desk_idle(desk);
}

/// Wait for the interface's request for what is dropped; false if it doesn't come
static bool
wait_for_request(Desk* const desk, XEvent* const event)
{
  bool is_there = false;
  for (int i = 0; i < 200 && !is_there; ++i) {
    (void)desk_idle(desk);
    is_there =
        XCheckTypedWindowEvent(desk->display, desk->drop_source, SelectionRequest, event) != 0;
    usleep(is_there ? 0 : 5000); // The X server serves the interface when it likes
  }
  return is_there;
}

/// Answer it
static void
give_selection(Desk* const desk, const char* const list)
{
  const int n = (int)strlen(list);
  XEvent event;
  if (!wait_for_request(desk, &event)) {
    return;
  }
  const XSelectionRequestEvent request = event.xselectionrequest;
  XChangeProperty(desk->display, request.requestor, request.property, request.target, 8,
                  PropModeReplace, (const unsigned char*)list, n);
  XEvent answer = {0};
  answer.xselection = (XSelectionEvent){.type = SelectionNotify,
                                        .requestor = request.requestor,
                                        .selection = request.selection,
                                        .target = request.target,
                                        .property = request.property,
                                        .time = request.time};
  XSendEvent(desk->display, request.requestor, False, 0, &answer);
  (void)desk_idle(desk);
}

/// Wait for the interface's word on what is dragged; return true if it doesn't want that
static bool
is_refused(Desk* const desk)
{
  const Atom status = XInternAtom(desk->display, "XdndStatus", False);
  XEvent event;
  for (int i = 0; i < 20; ++i) {
    (void)desk_idle(desk);
    if (XCheckTypedWindowEvent(desk->display, desk->drop_source, ClientMessage, &event) &&
        event.xclient.message_type == status) {
      return (event.xclient.data.l[1] & 1) == 0;
    }
    usleep(5000);
  }
  return false; // The host has it
}

/// Offer, drag and drop it; `enter` says what is offered
static void
drag_and_drop(Desk* const desk, const char* const list, const double at[2], const long* const enter)
{
  int px = 0;
  int py = 0;
  int root_x = 0;
  int root_y = 0;
  Window child = None;
  const long source = enter[0];
  find_pixel(desk, at[0], at[1], &px, &py);
  (void)XTranslateCoordinates(desk->display, desk->window, DefaultRootWindow(desk->display), px, py,
                              &root_x, &root_y, &child);
  XSetSelectionOwner(desk->display, XInternAtom(desk->display, "XdndSelection", False),
                     desk->drop_source, CurrentTime);
  send_drop_message(desk, "XdndEnter", enter);
  send_drop_message(desk, "XdndPosition",
                    (const long[]){source, 0, (long)root_x << 16 | root_y, 0, 0});
  if (is_refused(desk)) {
    send_drop_message(desk, "XdndLeave", (const long[]){source, 0, 0, 0, 0});
    return;
  }
  send_drop_message(desk, "XdndDrop", (const long[]){source, 0, 0, 0, 0});
  give_selection(desk, list);
}

void
desk_drop(Desk* const desk, const char* const path, const double x, const double y)
{
  char list[4200];
  const long type = (long)XInternAtom(desk->display, "text/uri-list", False);
  (void)snprintf(list, sizeof(list), "file://%s\r\n", path);
  drag_and_drop(desk, list, (const double[]){x, y},
                (const long[]){(long)desk->drop_source, 5L << 24, type, 0, 0});
}

/// Write a path as RFC 3986 asks for
static void
encode_path(const char* path, char* to)
{
  for (; *path; ++path) {
    const unsigned char c = (unsigned char)*path;
    to += sprintf(to, (isascii(c) && isalnum(c)) || strchr("/.-_", c) ? "%c" : "%%%02X", c);
  }
}

void
desk_drop_in_many_ways(Desk* const desk, const char* const path, const double x, const double y)
{
  static const char* const names[] = {"text/plain", "UTF8_STRING", "x-special/icon",
                                      "text/uri-list"};
  char list[3 * 4096 + 64] = "# Of a file manager\r\nfile://";
  Atom types[4];
  encode_path(path, list + strlen(list));
  (void)strcat(list, "\r\n");
  for (int i = 0; i < 4; ++i) {
    types[i] = XInternAtom(desk->display, names[i], False);
  }
  XChangeProperty(desk->display, desk->drop_source,
                  XInternAtom(desk->display, "XdndTypeList", False), XA_ATOM, 32, PropModeReplace,
                  (const unsigned char*)types, 4);
  drag_and_drop(desk, list, (const double[]){x, y},
                (const long[]){(long)desk->drop_source, 5L << 24 | 1, (long)types[0],
                               (long)types[1], (long)types[2]});
}

uint32_t
desk_count_host_drops(Desk* const desk)
{
  const Atom drop = XInternAtom(desk->display, "XdndDrop", False);
  uint32_t n = 0;
  XEvent event;
  XSync(desk->display, False);
  while (XCheckTypedWindowEvent(desk->display, desk->parent, ClientMessage, &event)) {
    n += event.xclient.message_type == drop;
  }
  return n;
}

float
desk_take_written(Desk* const desk, const char* const symbol)
{
  const uint32_t port = host_port_index(desk->host, symbol);
  const float value = desk->written[port];
  desk->written[port] = NAN;
  return value;
}

uint32_t
desk_count_touches(const Desk* const desk)
{
  return desk->n_touches;
}

uint32_t
desk_count_colour(Desk* const desk, const uint32_t colour, const int x, const int y, const int w,
                  const int h)
{
  XImage* const image =
      XGetImage(desk->display, desk->window, x, y, (unsigned)w, (unsigned)h, AllPlanes, ZPixmap);
  uint32_t n = 0;
  for (int row = 0; image && row < h; ++row) {
    for (int column = 0; column < w; ++column) {
      n += (XGetPixel(image, column, row) & 0xffffffU) == colour;
    }
  }
  if (image) {
    XDestroyImage(image);
  }
  return n;
}

int
desk_delete_window(Desk* const desk)
{
  XEvent event = {0};
  event.xclient.type = ClientMessage;
  event.xclient.window = desk->window;
  event.xclient.message_type = XInternAtom(desk->display, "WM_PROTOCOLS", False);
  event.xclient.format = 32;
  event.xclient.data.l[0] = (long)XInternAtom(desk->display, "WM_DELETE_WINDOW", False);
  XSendEvent(desk->display, desk->window, False, 0, &event);
  return desk_idle(desk);
}

/// Copy what is seen into an image
static cairo_surface_t*
take_picture(Desk* const desk)
{
  cairo_surface_t* const image =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, desk->width, desk->height);
  const Visual* const visual = DefaultVisual(desk->display, DefaultScreen(desk->display));
  cairo_surface_t* const surface = cairo_xlib_surface_create(
      desk->display, desk->window, (Visual*)(uintptr_t)visual, desk->width, desk->height);
  cairo_t* const cr = cairo_create(image);
  cairo_set_source_surface(cr, surface, 0.0, 0.0);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
  cairo_surface_flush(image);
  return image;
}

/// Return the mean brightness of a square of an image
static double
measure_square(cairo_surface_t* const image, const int x, const int y)
{
  const unsigned char* const data = cairo_image_surface_get_data(image);
  const int stride = cairo_image_surface_get_stride(image);
  double sum = 0.0;
  for (int row = y; row < y + SQUARE; ++row) {
    for (int i = 4 * x; i < 4 * (x + SQUARE); ++i) {
      sum += i % 4 == 3 ? 0.0 : (double)data[row * stride + i];
    }
  }
  return sum / (3.0 * SQUARE * SQUARE);
}

double
desk_compare(Desk* const desk, const char* const path)
{
  cairo_surface_t* const now = take_picture(desk);
  cairo_surface_t* const stored = cairo_image_surface_create_from_png(path);
  double worst = -1.0;
  if (cairo_surface_status(stored) == CAIRO_STATUS_SUCCESS &&
      cairo_image_surface_get_width(stored) == desk->width &&
      cairo_image_surface_get_height(stored) == desk->height) {
    for (int y = 0; y + SQUARE <= desk->height; y += SQUARE) {
      for (int x = 0; x + SQUARE <= desk->width; x += SQUARE) {
        worst = fmax(worst, fabs(measure_square(now, x, y) - measure_square(stored, x, y)));
      }
    }
  }
  cairo_surface_destroy(now);
  cairo_surface_destroy(stored);
  return worst;
}

double
desk_compare_part(Desk* const desk, const char* const path, const double from, const double to)
{
  cairo_surface_t* const now = take_picture(desk);
  cairo_surface_t* const stored = cairo_image_surface_create_from_png(path);
  const unsigned char* const a = cairo_image_surface_get_data(now);
  const unsigned char* const b = cairo_image_surface_get_data(stored);
  const int stride = cairo_image_surface_get_stride(now);
  double worst = 0.0;
  for (int y = 0; y < desk->height; ++y) {
    for (int i = 4 * (int)(from * desk->width); i < 4 * (int)(to * desk->width); ++i) {
      const int at = y * stride + i;
      worst = i % 4 == 3 ? worst : fmax(worst, fabs((double)a[at] - (double)b[at]));
    }
  }
  cairo_surface_destroy(now);
  cairo_surface_destroy(stored);
  return worst;
}

void
desk_save(Desk* const desk, const char* const path)
{
  cairo_surface_t* const image = take_picture(desk);
  (void)cairo_surface_write_to_png(image, path);
  cairo_surface_destroy(image);
}

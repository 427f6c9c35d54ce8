// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/drop.h"

#include <X11/Xatom.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VERSION 5
#define MAX_LIST 65536L ///< Of a list of URIs [bytes]

void
drop_init(Drop* const drop, Display* const display, const Window window)
{
  static const char* const names[N_DROP_ATOMS] = {
      "XdndAware",    "XdndEnter",    "XdndPosition",  "XdndStatus",     "XdndLeave",
      "XdndDrop",     "XdndFinished", "XdndSelection", "XdndActionCopy", "text/uri-list",
      "XdndTypeList", "GRUS_DROP",    "XdndProxy",     "WM_STATE"};
  const Atom version = VERSION;
  char* writable[N_DROP_ATOMS];
  for (int i = 0; i < N_DROP_ATOMS; ++i) {
    writable[i] = (char*)(uintptr_t)names[i]; // Xlib only reads them
  }
  *drop = (Drop){.display = display, .window = window};
  (void)XInternAtoms(display, writable, N_DROP_ATOMS, False, drop->atoms);
  XChangeProperty(display, window, drop->atoms[DROP_AWARE], XA_ATOM, 32, PropModeReplace,
                  (const unsigned char*)&version, 1);
  XChangeProperty(display, window, drop->atoms[DROP_PROXY], XA_WINDOW, 32, PropModeReplace,
                  (const unsigned char*)&window, 1); // Says that a proxy of this name lives
}

/// Send a message of up to five numbers to where the drag comes from
static void
answer(const Drop* const drop, const DropAtom type, const long b, const long e)
{
  XEvent event = {0};
  event.xclient.type = ClientMessage;
  event.xclient.display = drop->display;
  event.xclient.window = drop->source;
  event.xclient.message_type = drop->atoms[type];
  event.xclient.format = 32;
  event.xclient.data.l[0] = (long)drop->enter.window; // Ours, or the host's
  event.xclient.data.l[1] = b;
  event.xclient.data.l[type == DROP_STATUS ? 4 : 2] = e;
  XSendEvent(drop->display, drop->source, False, NoEventMask, &event);
}

/// Return true if a source with many types has files among them
static bool
lists_files(const Drop* const drop)
{
  Atom type = None;
  int format = 0;
  unsigned long n = 0;
  unsigned long rest = 0;
  unsigned char* data = NULL;
  bool has_files = false;
  if (XGetWindowProperty(drop->display, drop->source, drop->atoms[DROP_TYPE_LIST], 0, 1024, False,
                         XA_ATOM, &type, &format, &n, &rest, &data) == Success &&
      data && type == XA_ATOM && format == 32) {
    const Atom* const types = (const Atom*)(const void*)data;
    for (unsigned long i = 0; i < n; ++i) {
      has_files = has_files || types[i] == drop->atoms[DROP_URI_LIST];
    }
  }
  if (data) {
    XFree(data);
  }
  return has_files;
}

static void
enter(Drop* const drop, const XClientMessageEvent* const message)
{
  const bool has_many = message->data.l[1] & 1;
  drop->source = (Window)message->data.l[0];
  drop->enter = *message;
  drop->is_host_in = false;
  drop->has_files = has_many && lists_files(drop);
  for (int i = 2; i < 5 && !has_many; ++i) {
    drop->has_files = drop->has_files || (Atom)message->data.l[i] == drop->atoms[DROP_URI_LIST];
  }
}

/// Find where in our window the pointer is; false if it is elsewhere
static bool
find_pointer(Drop* const drop, const long at)
{
  XWindowAttributes ours;
  Window child = None;
  return XGetWindowAttributes(drop->display, drop->window, &ours) &&
         XTranslateCoordinates(drop->display, ours.root, drop->window, (int)(at >> 16 & 0xffff),
                               (int)(at & 0xffff), &drop->x, &drop->y, &child) &&
         drop->x >= 0 && drop->y >= 0 && drop->x < ours.width && drop->y < ours.height;
}

static void
send_host(const Drop* const drop, const XClientMessageEvent* const message)
{
  XEvent event = {.xclient = *message};
  XSendEvent(drop->display, drop->host, False, NoEventMask, &event);
}

/// Tell the host that what is dragged came to its part of the window, or left it
static void
tell_host(Drop* const drop, const bool is_in)
{
  XClientMessageEvent message = drop->enter;
  if (drop->is_host_in != is_in) {
    if (!is_in) {
      message.message_type = drop->atoms[DROP_LEAVE];
      memset(&message.data.l[1], 0, 4 * sizeof(long));
    }
    send_host(drop, &message);
  }
  drop->is_host_in = is_in;
}

static void
take_position(Drop* const drop, const XClientMessageEvent* const message)
{
  const bool is_ours = find_pointer(drop, message->data.l[2]);
  if (drop->host && drop->enter.window == drop->host) {
    tell_host(drop, !is_ours);
  }
  if (drop->is_host_in) {
    send_host(drop, message);
    return;
  }
  const bool is_welcome = drop->has_files && is_ours;
  answer(drop, DROP_STATUS, is_welcome ? 3 : 2, is_welcome ? (long)drop->atoms[DROP_COPY] : 0);
}

/// It was dropped, or left
static void
take_end(Drop* const drop, const XClientMessageEvent* const message)
{
  const bool is_drop = message->message_type == drop->atoms[DROP_DROP];
  if (drop->is_host_in) {
    send_host(drop, message);
  } else if (is_drop) {
    XConvertSelection(drop->display, drop->atoms[DROP_SELECTION], drop->atoms[DROP_URI_LIST],
                      drop->atoms[DROP_RESULT], drop->window, (Time)message->data.l[2]);
  }
  if (drop->is_host_in || !is_drop) {
    drop->source = None;
  }
}

bool
drop_take_message(Drop* const drop, const XClientMessageEvent* const message)
{
  const Atom type = message->message_type;
  if (type == drop->atoms[DROP_ENTER]) {
    enter(drop, message);
  } else if (type == drop->atoms[DROP_POSITION]) {
    if (drop->source) {
      take_position(drop, message);
    }
  } else if (type == drop->atoms[DROP_LEAVE] || type == drop->atoms[DROP_DROP]) {
    if (drop->source) {
      take_end(drop, message);
    }
  } else {
    return false;
  }
  return true;
}

static int
read_hex_digit(const char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// Decode "%20" and the like, to the end of the line
static bool
decode_path(const char* uri, char path[PATH_MAX])
{
  size_t n = 0;
  while (*uri && *uri != '\r' && *uri != '\n' && n + 1 < PATH_MAX) {
    const int high = *uri == '%' ? read_hex_digit(uri[1]) : -1;
    const int low = high >= 0 ? read_hex_digit(uri[2]) : -1;
    path[n++] = low >= 0 ? (char)(16 * high + low) : *uri;
    uri += low >= 0 ? 3 : 1;
  }
  path[n] = '\0';
  return n > 0;
}

bool
drop_read_uris(const char* uris, char path[PATH_MAX])
{
  static const char scheme[] = "file://";
  while (*uris) {
    const char* const line = uris;
    if (!strncmp(line, scheme, strlen(scheme))) {
      const char* const host = line + strlen(scheme);
      const char* const root = strpbrk(host, "/\r\n"); // A name of the machine may come before it
      return root && *root == '/' && decode_path(root, path);
    }
    if (*line == '/') {
      return decode_path(line, path);
    }
    uris += strcspn(uris, "\n");
    uris += *uris == '\n';
  }
  return false;
}

bool
drop_take_selection(Drop* const drop, const XSelectionEvent* const selection, char path[PATH_MAX])
{
  Atom type = None;
  int format = 0;
  unsigned long n = 0;
  unsigned long rest = 0;
  unsigned char* data = NULL;
  if (selection->selection != drop->atoms[DROP_SELECTION]) {
    return false;
  }
  // Xlib puts a zero behind the data
  const bool is_read =
      selection->property != None &&
      XGetWindowProperty(drop->display, drop->window, drop->atoms[DROP_RESULT], 0, MAX_LIST / 4,
                         True, AnyPropertyType, &type, &format, &n, &rest, &data) == Success &&
      data && format == 8 && drop_read_uris((const char*)data, path);
  if (data) {
    XFree(data);
  }
  if (drop->source) {
    answer(drop, DROP_FINISHED, is_read, is_read ? (long)drop->atoms[DROP_COPY] : 0);
  }
  drop->source = None;
  return is_read;
}

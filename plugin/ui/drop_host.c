// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// How drops on the host's window reach ours within it: by a property of the host's window, which
// names ours as its proxy.

#include "plugin/ui/drop.h"

#include <X11/Xatom.h>

#include <stddef.h>
#include <string.h>

/// Return the number that a property of a window holds, 0 if it has none
static unsigned long
read_number(const Drop* const drop, const Window window, const DropAtom property)
{
  Atom type = None;
  int format = 0;
  unsigned long n = 0;
  unsigned long rest = 0;
  unsigned char* data = NULL;
  unsigned long number = 0;
  if (XGetWindowProperty(drop->display, window, drop->atoms[property], 0, 1, False, AnyPropertyType,
                         &type, &format, &n, &rest, &data) == Success &&
      data && format == 32 && n == 1) {
    memcpy(&number, data, sizeof(number));
  }
  if (data) {
    XFree(data);
  }
  return number;
}

/// Return the window around ours that the window manager has, or else the outermost one
static Window
find_host(const Drop* const drop)
{
  Window window = drop->window;
  Window root = None;
  Window parent = None;
  while (!read_number(drop, window, DROP_WM_STATE)) {
    Window* children = NULL;
    unsigned n = 0;
    if (!XQueryTree(drop->display, window, &root, &parent, &children, &n)) {
      return None;
    }
    if (children) {
      XFree(children);
    }
    if (!parent || parent == root) {
      break;
    }
    window = parent;
  }
  return window;
}

/// Return true if somebody else has the drops on a window
static bool
has_proxy(const Drop* const drop, const Window window)
{
  const Window proxy = (Window)read_number(drop, window, DROP_PROXY);
  return proxy && (Window)read_number(drop, proxy, DROP_PROXY) == proxy;
}

void
drop_ask_host(Drop* const drop)
{
  const Window host = drop->host ? None : find_host(drop);
  if (host && host != drop->window && !has_proxy(drop, host)) {
    drop->host = host;
    XChangeProperty(drop->display, host, drop->atoms[DROP_PROXY], XA_WINDOW, 32, PropModeReplace,
                    (const unsigned char*)&drop->window, 1);
  }
}

void
drop_clear(Drop* const drop)
{
  if (drop->host && (Window)read_number(drop, drop->host, DROP_PROXY) == drop->window) {
    XDeleteProperty(drop->display, drop->host, drop->atoms[DROP_PROXY]);
  }
  drop->host = None;
}

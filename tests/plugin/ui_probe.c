// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Looks at the interface within any host, and uses it, as somebody in front of the screen: waits
// for its window, clicks on the arrow to the next model, and waits until the model's name looks
// different.
//
//     ui_probe    needs DISPLAY; exit status 0 if all of that happened

#include <X11/Xlib.h>
#include <X11/Xutil.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 760
#define HEIGHT 472
#define NAME_X 110
#define NAME_Y 50
#define NAME_WIDTH 540
#define NAME_HEIGHT 95

/// Return true if a window is the interface: it has its name, no child, and is seen
static bool
is_interface(Display* const display, const Window window, const unsigned n_children)
{
  XWindowAttributes attributes;
  char* name = NULL;
  const bool is_named = XFetchName(display, window, &name) && name && !strcmp(name, "Grus");
  if (name) {
    XFree(name);
  }
  return is_named && n_children == 0 && XGetWindowAttributes(display, window, &attributes) &&
         attributes.map_state == IsViewable && attributes.width >= WIDTH &&
         attributes.height >= HEIGHT;
}

/// Find it below a window; None if it isn't there
static Window
find_interface(Display* const display, const Window window)
{
  Window root = None;
  Window parent = None;
  Window* children = NULL;
  unsigned n = 0;
  Window found = None;
  if (!XQueryTree(display, window, &root, &parent, &children, &n)) {
    return None;
  }
  found = is_interface(display, window, n) ? window : None;
  for (unsigned i = 0; i < n && !found; ++i) {
    found = find_interface(display, children[i]);
  }
  if (children) {
    XFree(children);
  }
  return found;
}

/// Return a number that differs if the name looks different; 0 if it can't be seen, or is empty
static uint64_t
look_at_name(Display* const display, const Window window)
{
  XImage* const image =
      XGetImage(display, window, NAME_X, NAME_Y, NAME_WIDTH, NAME_HEIGHT, AllPlanes, ZPixmap);
  uint64_t hash = 14695981039346656037U;
  bool has_text = false;
  for (int y = 0; image && y < NAME_HEIGHT; ++y) {
    for (int x = 0; x < NAME_WIDTH; ++x) {
      const uint64_t pixel = XGetPixel(image, x, y);
      has_text = has_text || pixel != XGetPixel(image, 0, 0);
      hash = (hash ^ pixel) * 1099511628211U;
    }
  }
  if (image) {
    XDestroyImage(image);
  }
  return has_text ? hash : 0;
}

static void
click_next(Display* const display, const Window window)
{
  XEvent event = {0};
  event.xbutton = (XButtonEvent){
      .type = ButtonPress, .window = window, .time = 1000, .x = 676, .y = 97, .button = Button1};
  XSendEvent(display, window, False, 0, &event);
  event.xbutton.type = ButtonRelease;
  XSendEvent(display, window, False, 0, &event);
  XSync(display, False);
}

static int
ignore_error(Display* const display, XErrorEvent* const event)
{
  (void)display; // A window went away while it was looked at
  (void)event;
  return 0;
}

/// Wait up to ten seconds for the name to look different from `before`
static uint64_t
wait_for_name(Display* const display, const Window window, const uint64_t before)
{
  uint64_t name = before;
  for (int i = 0; i < 100 && (name == before || !name); ++i) {
    usleep(100000);
    name = look_at_name(display, window);
  }
  return name == before ? 0 : name;
}

int
main(void)
{
  Display* const display = XOpenDisplay(NULL);
  Window window = None;
  if (!display) {
    (void)fprintf(stderr, "no X server\n");
    return 2;
  }
  (void)XSetErrorHandler(ignore_error);
  for (int i = 0; i < 200 && !window; ++i) {
    usleep(100000);
    window = find_interface(display, DefaultRootWindow(display));
  }
  const uint64_t first = window ? wait_for_name(display, window, 0) : 0;
  if (!first) {
    (void)fprintf(stderr, window ? "the name is not drawn\n" : "the window does not open\n");
    return 1;
  }
  usleep(1000000); // All that the plugin tells at first is there
  const uint64_t settled = look_at_name(display, window);
  click_next(display, window);
  const bool has_changed = wait_for_name(display, window, settled) != 0;
  (void)fprintf(stderr, has_changed ? "" : "the arrow leads to no other model\n");
  XCloseDisplay(display);
  return !has_changed;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Everything is drawn into an image in memory, and the part that changed is copied to the window,
// so that no half-drawn widget is seen.
//
// Xlib ends the process on an error unless somebody listens, and a host may destroy our window
// before it asks us to clean up. So errors of this connection are ignored while we use it, and
// those of others go where they went before.

#include "plugin/ui/window.h"

#include "plugin/ui/backing.h"
#include "plugin/ui/drop.h"
#include "plugin/ui/keys.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xresource.h>
#include <X11/Xutil.h>
#include <cairo.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DOUBLE_CLICK_MS 300U
#define DOUBLE_CLICK_PIXELS 4.0
#define SMALLEST_SCALE 0.4
#define LARGEST_SCALE 4.0
#define LARGEST_SIDE 8192

struct WindowImpl {
  WindowPlan plan;
  Panel* panel;
  const Theme* theme;
  WindowEvents events;
  Display* display;
  Window id;
  Window focus_before; ///< Had the keyboard before us; None: we haven't got it
  int revert_before;
  Atom delete_message;
  Drop drop;
  int width; ///< [pixels]
  int height;
  Backing backing; ///< Without an image: to be made
  Time pressed_at;
  double pressed_x;
  double pressed_y;
  bool is_closed;
};

/// Whose errors are ignored, and who else listens, while a thread uses our connection
static _Thread_local Display* guarded;
static _Thread_local XErrorHandler handler_before;

static int
ignore_error(Display* const display, XErrorEvent* const event)
{
  return display == guarded || !handler_before ? 0 : handler_before(display, event);
}

static void
begin_guard(const UiWindow* const window)
{
  guarded = window->display;
  handler_before = XSetErrorHandler(ignore_error);
}

static void
end_guard(void)
{
  (void)XSetErrorHandler(handler_before);
  guarded = NULL;
}

/// Return the desktop's resolution as a scale, 1 if it has none
static double
find_desktop_scale(Display* const display)
{
  const char* const resources = XResourceManagerString(display);
  const char* const dpi = resources ? strstr(resources, "Xft.dpi:") : NULL;
  const long number = dpi ? strtol(dpi + strlen("Xft.dpi:"), NULL, 10) : 0;
  return number >= 48 && number <= 480 ? (double)number / 96.0 : 1.0;
}

static double
find_scale(const UiWindow* const window)
{
  const double wide = (double)window->width / window->plan.width;
  const double high = (double)window->height / window->plan.height;
  return fmin(wide, high);
}

/// Write where the picture begins in the window [pixels]: it stands in the middle
static void
find_corner(const UiWindow* const window, double* const x, double* const y)
{
  const double scale = find_scale(window);
  *x = floor(((double)window->width - scale * window->plan.width) / 2.0);
  *y = floor(((double)window->height - scale * window->plan.height) / 2.0);
}

static Pointer
make_pointer(const UiWindow* const window, const double x, const double y, const unsigned modifiers)
{
  double left = 0.0;
  double top = 0.0;
  find_corner(window, &left, &top);
  const double scale = fmax(find_scale(window), 1e-3);
  return (Pointer){.x = (x - left) / scale,
                   .y = (y - top) / scale,
                   .is_fine = (modifiers & (ShiftMask | ControlMask)) != 0};
}

static void
take_focus(UiWindow* const window)
{
  if (!window->focus_before) {
    (void)XGetInputFocus(window->display, &window->focus_before, &window->revert_before);
    XSetInputFocus(window->display, window->id, RevertToParent, CurrentTime);
  }
}

/// Give the keyboard back to whoever had it
static void
return_focus(UiWindow* const window)
{
  Window now = None;
  int revert = 0;
  if (window->focus_before) {
    (void)XGetInputFocus(window->display, &now, &revert);
    if (now == window->id) {
      XSetInputFocus(window->display, window->focus_before, window->revert_before, CurrentTime);
    }
    window->focus_before = None;
  }
}

static void
follow_focus(UiWindow* const window)
{
  if (window->panel->focused) {
    take_focus(window);
  } else {
    return_focus(window);
  }
}

static void
press(UiWindow* const window, const XButtonEvent* const event)
{
  Pointer pointer = make_pointer(window, event->x, event->y, event->state);
  if (event->button == Button4 || event->button == Button5) {
    panel_scroll(window->panel, &pointer, event->button == Button4 ? 1 : -1);
    return;
  }
  if (event->button != Button1) {
    return;
  }
  pointer.is_double = event->time - window->pressed_at < DOUBLE_CLICK_MS &&
                      fabs(pointer.x - window->pressed_x) < DOUBLE_CLICK_PIXELS &&
                      fabs(pointer.y - window->pressed_y) < DOUBLE_CLICK_PIXELS;
  window->pressed_at = pointer.is_double ? 0 : event->time;
  window->pressed_x = pointer.x;
  window->pressed_y = pointer.y;
  panel_press(window->panel, &pointer);
  follow_focus(window);
}

/// Let the host have a key, such as the space that starts it. GTK 3 selects no events by which to
/// find it, so the one who made the window gets it. Keys that the host sent are not returned: it
/// would send them again.
static void
pass_key_on(const UiWindow* const window, XKeyEvent event)
{
  const Window parent = (Window)window->plan.parent;
  if (parent && !event.send_event) {
    event.window = parent;
    XSendEvent(window->display, parent, False, NoEventMask, (XEvent*)&event);
  }
}

static void
press_key(UiWindow* const window, XKeyEvent* const event)
{
  const Key key = keys_translate(event);
  if (panel_key(window->panel, &key) || window->events.key(window->events.handle, &key)) {
    follow_focus(window);
    return;
  }
  if (key.name == KEY_ESCAPE) {
    panel_focus(window->panel, NULL);
    follow_focus(window);
    return;
  }
  pass_key_on(window, *event);
}

static void
take_size(UiWindow* const window, const int width, const int height)
{
  if (width == window->width && height == window->height) {
    return;
  }
  window->width = width < 1 ? 1 : width > LARGEST_SIDE ? LARGEST_SIDE : width;
  window->height = height < 1 ? 1 : height > LARGEST_SIDE ? LARGEST_SIDE : height;
  backing_clear(&window->backing);
}

static void
take_message(UiWindow* const window, const XClientMessageEvent* const message)
{
  if (message->format == 32 && (Atom)message->data.l[0] == window->delete_message &&
      !window->plan.parent) {
    window->is_closed = true;
    return;
  }
  (void)drop_take_message(&window->drop, message);
}

static void
take_selection(UiWindow* const window, const XSelectionEvent* const selection)
{
  char path[PATH_MAX];
  if (drop_take_selection(&window->drop, selection, path)) {
    const Pointer pointer = make_pointer(window, window->drop.x, window->drop.y, 0);
    window->events.drop(window->events.handle, path, pointer.x, pointer.y);
  }
}

/// Take what the pointer did; false if the event is about something else
static bool
take_pointer(UiWindow* const window, const XEvent* const event)
{
  if (event->type == ButtonPress) {
    press(window, &event->xbutton);
  } else if (event->type == ButtonRelease) {
    if (event->xbutton.button == Button1) {
      panel_release(window->panel);
    }
  } else if (event->type == MotionNotify) {
    const XMotionEvent* const motion = &event->xmotion;
    const Pointer pointer = make_pointer(window, motion->x, motion->y, motion->state);
    panel_move(window->panel, &pointer);
  } else if (event->type == LeaveNotify) {
    panel_leave(window->panel);
  } else {
    return false;
  }
  return true;
}

/// Take what keys did, and where they go; false if the event is about something else
static bool
take_keyboard(UiWindow* const window, XEvent* const event)
{
  if (event->type == KeyPress) {
    press_key(window, &event->xkey);
  } else if (event->type == KeyRelease) {
    pass_key_on(window, event->xkey);
  } else if (event->type == FocusOut) {
    window->focus_before = None; // Somebody took it, perhaps to give it to us again
  } else {
    return false;
  }
  return true;
}

static void
expose(UiWindow* const window, const XExposeEvent* const event)
{
  backing_show(&window->backing, (Rect){(double)event->x, (double)event->y, (double)event->width,
                                        (double)event->height});
  drop_ask_host(&window->drop);
}

static void
take_event(UiWindow* const window, XEvent* const event)
{
  if (take_pointer(window, event) || take_keyboard(window, event)) {
    return;
  }
  switch (event->type) {
  case Expose:
    expose(window, &event->xexpose);
    break;
  case ConfigureNotify:
    take_size(window, event->xconfigure.width, event->xconfigure.height);
    break;
  case DestroyNotify:
    window->is_closed = window->is_closed || event->xdestroywindow.window == window->id;
    break;
  case ClientMessage:
    take_message(window, &event->xclient);
    break;
  case SelectionNotify:
    take_selection(window, &event->xselection);
    break;
  default:
    break;
  }
}

static void
name_window(const UiWindow* const window)
{
  XSizeHints hints = {.flags = PMinSize | PBaseSize};
  hints.base_width = window->width;
  hints.base_height = window->height;
  hints.min_width = (int)(SMALLEST_SCALE * window->plan.width);
  hints.min_height = (int)(SMALLEST_SCALE * window->plan.height);
  XSetWMNormalHints(window->display, window->id, &hints);
  XStoreName(window->display, window->id, "Grus");
}

/// Create a window that cairo can draw on, whatever the parent's depth is: some hosts have windows
/// with an alpha channel
static Window
create_plain_window(const UiWindow* const window, const Window parent)
{
  Display* const display = window->display;
  const int screen = DefaultScreen(display);
  XSetWindowAttributes attributes = {.border_pixel = 0};
  attributes.colormap = DefaultColormap(display, screen);
  return XCreateWindow(display, parent, 0, 0, (unsigned)window->width, (unsigned)window->height, 0,
                       DefaultDepth(display, screen), InputOutput, DefaultVisual(display, screen),
                       CWBorderPixel | CWColormap, &attributes);
}

/// Make the window and what belongs to it
static void
make_window(UiWindow* const window)
{
  Display* const display = window->display;
  const int screen = DefaultScreen(display);
  const Window parent =
      window->plan.parent ? (Window)window->plan.parent : RootWindow(display, screen);
  window->id = create_plain_window(window, parent);
  XSetWindowBackgroundPixmap(display, window->id, None); // No flash before the first picture
  XSelectInput(display, window->id,
               ExposureMask | StructureNotifyMask | ButtonPressMask | ButtonReleaseMask |
                   PointerMotionMask | LeaveWindowMask | KeyPressMask | KeyReleaseMask |
                   FocusChangeMask);
  name_window(window);
  drop_init(&window->drop, display, window->id);
  window->delete_message = XInternAtom(display, "WM_DELETE_WINDOW", False);
  (void)XSetWMProtocols(display, window->id, &window->delete_message, 1);
  if (window->plan.parent) {
    XMapRaised(display, window->id);
  }
  XSync(display, False);
}

UiWindow*
window_new(const WindowPlan plan, Panel* const panel, const Theme* const theme,
           const WindowEvents events)
{
  UiWindow* const window = (UiWindow*)calloc(1, sizeof(UiWindow));
  if (!window) {
    return NULL;
  }
  window->plan = plan;
  window->panel = panel;
  window->theme = theme;
  window->events = events;
  window->display = XOpenDisplay(NULL);
  if (!window->display) {
    free(window);
    return NULL;
  }
  const double wanted = plan.scale > 0.0 ? plan.scale : find_desktop_scale(window->display);
  const double scale = fmin(fmax(wanted, SMALLEST_SCALE), LARGEST_SCALE);
  window->width = (int)lrint(scale * plan.width);
  window->height = (int)lrint(scale * plan.height);
  begin_guard(window);
  make_window(window);
  end_guard();
  return window;
}

void
window_free(UiWindow* const window)
{
  if (!window) {
    return;
  }
  begin_guard(window);
  return_focus(window);
  drop_clear(&window->drop);
  backing_clear(&window->backing);
  XDestroyWindow(window->display, window->id);
  XSync(window->display, False);
  XCloseDisplay(window->display);
  end_guard();
  free(window);
}

uintptr_t
window_id(const UiWindow* const window)
{
  return (uintptr_t)window->id;
}

void
window_size(const UiWindow* const window, int* const width, int* const height)
{
  *width = window->width;
  *height = window->height;
}

void
window_resize(UiWindow* const window, const int width, const int height)
{
  if (width > 0 && height > 0) {
    begin_guard(window);
    XResizeWindow(window->display, window->id, (unsigned)width, (unsigned)height);
    XFlush(window->display);
    end_guard();
  }
}

void
window_show(UiWindow* const window, const bool is_shown)
{
  begin_guard(window);
  if (is_shown) {
    XMapRaised(window->display, window->id);
  } else {
    XUnmapWindow(window->display, window->id);
  }
  XFlush(window->display);
  end_guard();
}

/// Of many moves in a row, only the last one counts
static void
skip_moves(const UiWindow* const window, XEvent* const event)
{
  while (event->type == MotionNotify && XPending(window->display)) {
    XEvent next;
    XPeekEvent(window->display, &next);
    if (next.type != MotionNotify) {
      return;
    }
    XNextEvent(window->display, event);
  }
}

bool
window_poll(UiWindow* const window)
{
  begin_guard(window);
  while (!window->is_closed && XPending(window->display)) {
    XEvent event;
    XNextEvent(window->display, &event);
    skip_moves(window, &event);
    take_event(window, &event);
  }
  end_guard();
  return !window->is_closed;
}

/// Make an empty image of the window's size, on which everything is to be drawn
static bool
make_image(UiWindow* const window)
{
  if (!backing_init(&window->backing, window->display, window->id, window->width, window->height)) {
    return false;
  }
  cairo_t* const cr = cairo_create(window->backing.image);
  canvas_set_colour(&(const Canvas){cr, window->theme}, window->theme->ground);
  cairo_paint(cr);
  cairo_destroy(cr);
  panel_soil(window->panel);
  return true;
}

/// Draw what is dirty into the image; return how many rectangles of the panel that is
static size_t
draw_image(const UiWindow* const window)
{
  const double scale = find_scale(window);
  double left = 0.0;
  double top = 0.0;
  find_corner(window, &left, &top);
  cairo_t* const cr = cairo_create(window->backing.image);
  cairo_translate(cr, left, top);
  cairo_scale(cr, scale, scale);
  const size_t n = panel_draw(window->panel, &(const Canvas){cr, window->theme});
  cairo_destroy(cr);
  cairo_surface_flush(window->backing.image);
  return n;
}

/// From the panel's to the window's rectangle, with what its edges touch
static Rect
find_pixels(const UiWindow* const window, const Rect rect)
{
  const double scale = find_scale(window);
  double left = 0.0;
  double top = 0.0;
  find_corner(window, &left, &top);
  return (Rect){floor(left + scale * rect.x) - 1.0, floor(top + scale * rect.y) - 1.0,
                ceil(scale * rect.w) + 3.0, ceil(scale * rect.h) + 3.0};
}

/// Draw and show what is dirty; everything if there is no picture yet
static void
draw_dirty(UiWindow* const window)
{
  const bool is_new = !window->backing.image;
  if (is_new && !make_image(window)) {
    return;
  }
  const size_t n = draw_image(window);
  if (is_new) {
    backing_show(&window->backing, (Rect){0.0, 0.0, (double)window->width, (double)window->height});
  }
  for (size_t i = 0; i < n && !is_new; ++i) {
    backing_show(&window->backing, find_pixels(window, window->panel->drawn[i]));
  }
  if (n) {
    XFlush(window->display);
  }
}

void
window_draw(UiWindow* const window)
{
  if (!window->is_closed) {
    begin_guard(window);
    draw_dirty(window);
    end_guard();
  }
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Files that are dropped from a file manager: the receiving side of XDND, version 5,
/// https://www.freedesktop.org/wiki/Specifications/XDND.

#ifndef GRUS_PLUGIN_UI_DROP_H
#define GRUS_PLUGIN_UI_DROP_H

#include <X11/Xlib.h>

#include <limits.h>
#include <stdbool.h>

typedef enum {
  DROP_AWARE,
  DROP_ENTER,
  DROP_POSITION,
  DROP_STATUS,
  DROP_LEAVE,
  DROP_DROP,
  DROP_FINISHED,
  DROP_SELECTION,
  DROP_COPY,
  DROP_URI_LIST,
  DROP_TYPE_LIST,
  DROP_RESULT,
  DROP_PROXY,
  DROP_WM_STATE,
  N_DROP_ATOMS,
} DropAtom;

typedef struct {
  Display* display;
  Window window;
  Atom atoms[N_DROP_ATOMS];
  Window host;     ///< The window around ours that sends us its drops; None
  Window source;   ///< Where files are dragged from; None
  bool has_files;  ///< What is dragged are files
  bool is_host_in; ///< The host has been told of it
  int x;           ///< Where in our window it is [pixels], y is next
  int y;
  XClientMessageEvent enter; ///< That began it
} Drop;

/// Say that files can be dropped on a window
void drop_init(Drop* drop, Display* display, Window window);

/// Have the drops on the host's window sent to ours within it, as whoever drags looks only at the
/// outermost window. The host still gets those that are not over ours. To be called once ours is
/// seen; later calls do nothing.
void drop_ask_host(Drop* drop);

/// End that
void drop_clear(Drop* drop);

/// Take a message; return false if it is about something else
bool drop_take_message(Drop* drop, const XClientMessageEvent* message);

/// Take what was dropped; true if it is a file, whose path is written
bool drop_take_selection(Drop* drop, const XSelectionEvent* selection, char path[PATH_MAX]);

/// Write the path of the first file of a list of URIs; false if there is none
bool drop_read_uris(const char* uris, char path[PATH_MAX]);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A window of X, within the host's or of its own: its picture, and what happens to it.
///
/// It has its own connection to the X server and touches none of the host's. All it does happens
/// within window_poll() and window_draw(), on the host's thread for interfaces.

#ifndef GRUS_PLUGIN_UI_WINDOW_H
#define GRUS_PLUGIN_UI_WINDOW_H

#include "plugin/ui/panel.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct WindowImpl UiWindow;

/// What a window is made for
typedef struct {
  uintptr_t parent; ///< 0: a window of its own
  double width;     ///< At a scale of 1
  double height;
  double scale; ///< Of the host; not a number or 0: the desktop's
} WindowPlan;

/// What the window tells, beside what its panel gets
typedef struct {
  void* handle;
  void (*drop)(void* handle, const char* path, double x, double y); ///< A file was dropped
  bool (*key)(void* handle, const Key* key); ///< A key that no widget wanted; false: the host's
} WindowEvents;

/// Open a window that shows a panel; NULL if there is no X server or no memory
UiWindow* window_new(WindowPlan plan, Panel* panel, const Theme* theme, WindowEvents events);

/// Close it; NULL is legal
void window_free(UiWindow* window);

/// Return its number in X
uintptr_t window_id(const UiWindow* window);

/// Return its size now [pixels]
void window_size(const UiWindow* window, int* width, int* height);

void window_resize(UiWindow* window, int width, int height);

/// Show or hide a window of its own
void window_show(UiWindow* window, bool is_shown);

/// Take what has happened; return false if the window was closed
bool window_poll(UiWindow* window);

/// Draw what is dirty. Nothing is sent to the X server if nothing is.
void window_draw(UiWindow* window);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A host for the interface: the plugin runs, and what it says reaches the interface, which stands
/// in a window of the host and is used by pointer and keyboard as a player does. Needs an X server.

#ifndef GRUS_TESTS_PLUGIN_UI_DESK_H
#define GRUS_TESTS_PLUGIN_UI_DESK_H

#include "tests/plugin/lv2_host.h"

#include <X11/Xlib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  bool is_stereo;
  float scale;        ///< ui:scaleFactor; 0: not given
  bool is_light;      ///< The host's background
  bool has_alpha;     ///< The host's window has an alpha channel
  bool has_no_parent; ///< The interface opens a window of its own
} DeskOptions;

typedef struct DeskImpl Desk;

/// Start plugin and interface; NULL, with a message, on failure
Desk* desk_new(DeskOptions options);
void desk_free(Desk* desk);

/// Return the plugin's host
Host* desk_host(const Desk* desk);

/// Close the interface, or open it again, while the plugin runs on
void desk_close(Desk* desk);
bool desk_open(Desk* desk);

/// Destroy the host's window under the interface
void desk_destroy_window(Desk* desk);

/// Give the interface another size
void desk_resize(Desk* desk, int width, int height);

/// Ask the interface itself for another size; return true if its window has it then
bool desk_ask_for_size(Desk* desk, int width, int height);

/// Ask the interface to show or hide its window; return true if it can be seen then
bool desk_show(Desk* desk, bool is_shown);

/// Run plugin, worker and interface for some blocks of 1024 frames of a note at a level
void desk_run(Desk* desk, uint32_t n_blocks, float level);

/// Call only idle(); return what it does
int desk_idle(Desk* desk);

/// The same without the host's own talk with the X server
int desk_idle_alone(Desk* desk);

/// Send the interface a message, as if it came from the plugin
void desk_tell(Desk* desk, uint32_t size, const void* message);

/// Use the pointer, in logical pixels
void desk_hover(Desk* desk, double x, double y);
void desk_click(Desk* desk, double x, double y);
void desk_double_click(Desk* desk, double x, double y);
void desk_drag(Desk* desk, double x, double y, double to_y, bool is_fine);
void desk_wheel(Desk* desk, double x, double y, int n_steps);

/// Send a key, or a text of ASCII
void desk_key(Desk* desk, KeySym key);
void desk_type(Desk* desk, const char* text);

/// Send a letter that the keyboard may not have
void desk_type_letter(Desk* desk, KeySym letter);

/// Press a key on the keyboard itself: it goes where the focus is
void desk_press_key(Desk* desk, KeySym key);

/// Return how many keys the host got, and forget them
uint32_t desk_count_host_keys(Desk* desk);

/// Drop a file, as a file manager does
void desk_drop(Desk* desk, const char* path, double x, double y);

/// The same by one that offers the file in more ways than a message has room for, and writes %20
/// and the like below a comment
void desk_drop_in_many_ways(Desk* desk, const char* path, double x, double y);

/// Return how many drops the host got, and forget them
uint32_t desk_count_host_drops(Desk* desk);

/// Return the value that the interface wrote to a port last, NaN if none, and forget it
float desk_take_written(Desk* desk, const char* symbol);

/// Return how often a control was held and let go
uint32_t desk_count_touches(const Desk* desk);

/// Return how many pixels of a rectangle [pixels] are of a colour 0xRRGGBB
uint32_t desk_count_colour(Desk* desk, uint32_t colour, int x, int y, int w, int h);

/// Ask a window of its own to close; return what idle() says then
int desk_delete_window(Desk* desk);

/// Return the largest difference to a picture, as the mean of a square of 16 pixels, 0..255; fonts
/// may differ. -1 if the picture can't be read or has another size.
double desk_compare(Desk* desk, const char* path);

/// The same between two shares of the width, as the difference of single pixels
double desk_compare_part(Desk* desk, const char* path, double from, double to);

/// Write what is seen to a PNG file
void desk_save(Desk* desk, const char* path);

#endif

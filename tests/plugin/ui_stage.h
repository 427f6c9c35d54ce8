// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A host for the interface: the plugin runs, and what it says reaches the interface, which stands
/// in a window of the host and is used by pointer and keyboard as a player does. Needs an X server.

#ifndef GRUS_TESTS_PLUGIN_UI_STAGE_H
#define GRUS_TESTS_PLUGIN_UI_STAGE_H

#include "tests/plugin/lv2_host.h"

#include <X11/Xlib.h>

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  bool is_stereo;
  float scale;        ///< ui:scaleFactor; 0: not given
  bool is_light;      ///< The host's background
  bool has_no_parent; ///< The interface opens a window of its own
} StageOptions;

typedef struct StageImpl Stage;

/// Start plugin and interface; NULL, with a message, on failure
Stage* stage_new(StageOptions options);
void stage_free(Stage* stage);

/// Return the plugin's host
Host* stage_host(const Stage* stage);

/// Close the interface, or open it again, while the plugin runs on
void stage_close(Stage* stage);
bool stage_open(Stage* stage);

/// Destroy the host's window under the interface
void stage_destroy_window(Stage* stage);

/// Give the interface another size
void stage_resize(Stage* stage, int width, int height);

/// Run plugin, worker and interface for some blocks of 1024 frames of a note at a level
void stage_run(Stage* stage, uint32_t n_blocks, float level);

/// Call only idle(); return what it does
int stage_idle(Stage* stage);

/// Use the pointer, in logical pixels
void stage_click(Stage* stage, double x, double y);
void stage_double_click(Stage* stage, double x, double y);
void stage_drag(Stage* stage, double x, double y, double to_y, bool is_fine);
void stage_wheel(Stage* stage, double x, double y, int n_steps);

/// Press a key, or type a text of ASCII
void stage_key(Stage* stage, KeySym key);
void stage_type(Stage* stage, const char* text);

/// Drop a file, as a file manager does
void stage_drop(Stage* stage, const char* path, double x, double y);

/// Return the value that the interface wrote to a port last, NaN if none, and forget it
float stage_take_written(Stage* stage, const char* symbol);

/// Return how often a control was held and let go
uint32_t stage_count_touches(const Stage* stage);

/// Write what is seen to a PNG file
void stage_save(Stage* stage, const char* path);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What widgets change: a control of the plugin, or something that the face decides. One struct for
/// all of them, so that widgets know nothing of the face.

#ifndef GRUS_PLUGIN_UI_HANDS_H
#define GRUS_PLUGIN_UI_HANDS_H

#include "plugin/ports.h"

#include <stdbool.h>

typedef struct {
  void* face;
  void (*turn)(void* face, Port port, double value);  ///< A control was set
  void (*touch)(void* face, Port port, bool is_held); ///< It is held, or let go
  void (*act)(void* face, int action, int detail);    ///< A button was pressed
} Hands;

#endif

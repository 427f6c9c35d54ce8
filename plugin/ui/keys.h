// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// From X's keys to those that widgets know.

#ifndef GRUS_PLUGIN_UI_KEYS_H
#define GRUS_PLUGIN_UI_KEYS_H

#include "plugin/ui/widget.h"

#include <X11/Xlib.h>

Key keys_translate(XKeyEvent* event);

#endif

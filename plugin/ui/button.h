// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A button with a word on it, which acts, and may be on or off.

#ifndef GRUS_PLUGIN_UI_BUTTON_H
#define GRUS_PLUGIN_UI_BUTTON_H

#include "plugin/ui/hands.h"
#include "plugin/ui/widget.h"

#include <stdbool.h>

typedef struct {
  Widget base;
  const Hands* hands;
  int action;
  int detail;
  const char* label; ///< Not owned
  bool is_on;
} Button;

void button_init(Button* button, const Hands* hands, int action, int detail, const char* label);

void button_set(Button* button, bool is_on);

#endif

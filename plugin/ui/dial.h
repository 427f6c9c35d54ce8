// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A dial for one control: drag up and down, finely with Shift, wheel, double click for the
/// default, a click on the value or digits to type one, arrow keys.

#ifndef GRUS_PLUGIN_UI_DIAL_H
#define GRUS_PLUGIN_UI_DIAL_H

#include "plugin/ports.h"
#include "plugin/ui/entry.h"
#include "plugin/ui/hands.h"
#include "plugin/ui/widget.h"

typedef struct {
  Widget base;
  const Hands* hands;
  Port port;
  const char* label; ///< Not owned
  double value;
  double held_y; ///< Where the pointer was
  bool is_held;  ///< The pointer holds it
  bool is_typed; ///< A value is being typed
  bool is_model; ///< It is a knob of the model's
  double lamp;   ///< 0..1, how much of it works at the moment; negative: it has no lamp
  Entry entry;
} Dial;

void dial_init(Dial* dial, const Hands* hands, Port port, const char* label);

/// Show the value that the host has
void dial_set(Dial* dial, double value);

/// Show how much of it works at the moment, such as of a gate that closes
void dial_set_lamp(Dial* dial, double lamp);

#endif

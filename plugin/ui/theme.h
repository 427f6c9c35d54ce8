// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How it looks: colours for dark and light hosts. Sizes are logical: at a scale of 1 they are
/// pixels.

#ifndef GRUS_PLUGIN_UI_THEME_H
#define GRUS_PLUGIN_UI_THEME_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  double red; ///< 0..1, as the next
  double green;
  double blue;
} Colour;

typedef struct {
  Colour ground; ///< Behind everything
  Colour panel;  ///< What stands on it
  Colour raised; ///< Buttons and the caps of dials
  Colour groove; ///< What is cut into it: tracks, fields
  Colour edge;   ///< Lines between
  Colour text;
  Colour dim;    ///< Text that explains
  Colour accent; ///< What the player set
  Colour second; ///< What the plugin shows
  Colour alarm;  ///< What is wrong
} Theme;

/// Return the colours that fit a host's background, 0xRRGGBBAA; dark if it isn't known
Theme theme_choose(bool is_known, uint32_t background);

/// Return a colour between two: 0 is `a`, 1 is `b`
Colour theme_mix(Colour a, Colour b, double share);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Calm and precise: slate and paper, amber for what the player sets, teal for what moves by itself.

#include "plugin/ui/theme.h"

static Colour
from_rgb(const uint32_t rgb)
{
  return (Colour){(double)(rgb >> 16U & 255U) / 255.0, (double)(rgb >> 8U & 255U) / 255.0,
                  (double)(rgb & 255U) / 255.0};
}

static Theme
make_dark_theme(void)
{
  return (Theme){
      .ground = from_rgb(0x1a1e23),
      .panel = from_rgb(0x242a31),
      .raised = from_rgb(0x343c45),
      .groove = from_rgb(0x14171b),
      .edge = from_rgb(0x3a424b),
      .text = from_rgb(0xeceae4),
      .dim = from_rgb(0x9aa3ad),
      .accent = from_rgb(0xe5a644),
      .second = from_rgb(0x5cb8a7),
      .alarm = from_rgb(0xec6a5b),
  };
}

static Theme
make_light_theme(void)
{
  return (Theme){
      .ground = from_rgb(0xe4e2dc),
      .panel = from_rgb(0xf6f5f1),
      .raised = from_rgb(0xfdfdfb),
      .groove = from_rgb(0xd3d0c8),
      .edge = from_rgb(0xbdb9af),
      .text = from_rgb(0x23272c),
      .dim = from_rgb(0x5f666e),
      .accent = from_rgb(0xb8741a),
      .second = from_rgb(0x1f7f70),
      .alarm = from_rgb(0xb93a2b),
  };
}

Theme
theme_choose(const bool is_known, const uint32_t background)
{
  const Colour colour = from_rgb(background >> 8U);
  const double luma = 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue;
  return is_known && luma > 0.5 ? make_light_theme() : make_dark_theme();
}

Colour
theme_mix(const Colour a, const Colour b, const double share)
{
  return (Colour){a.red + share * (b.red - a.red), a.green + share * (b.green - a.green),
                  a.blue + share * (b.blue - a.blue)};
}

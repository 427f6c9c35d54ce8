// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/keys.h"

#include <X11/Xutil.h>
#include <X11/keysym.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Keysyms that have a name here, on the keypad, too
static KeyName
name_key(const KeySym sym)
{
  static const struct {
    KeySym sym;
    KeyName name;
  } names[] = {
      {XK_Up, KEY_UP},           {XK_KP_Up, KEY_UP},
      {XK_Down, KEY_DOWN},       {XK_KP_Down, KEY_DOWN},
      {XK_Left, KEY_LEFT},       {XK_KP_Left, KEY_LEFT},
      {XK_Right, KEY_RIGHT},     {XK_KP_Right, KEY_RIGHT},
      {XK_Page_Up, KEY_PAGE_UP}, {XK_Page_Down, KEY_PAGE_DOWN},
      {XK_Home, KEY_HOME},       {XK_End, KEY_END},
      {XK_Return, KEY_ENTER},    {XK_KP_Enter, KEY_ENTER},
      {XK_Escape, KEY_ESCAPE},   {XK_BackSpace, KEY_BACKSPACE},
      {XK_Tab, KEY_TAB},         {XK_ISO_Left_Tab, KEY_TAB},
  };
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (names[i].sym == sym) {
      return names[i].name;
    }
  }
  return KEY_OTHER;
}

/// Return the character of a keysym, 0 if it has none: those of Latin-1 are their own, and newer
/// ones have theirs in the lower 24 bits (X11 protocol, appendix A)
static uint32_t
find_character(const KeySym sym)
{
  return (sym >= 0x20 && sym <= 0x7e) || (sym >= 0xa0 && sym <= 0xff) ? (uint32_t)sym
         : sym >= 0x1000100 && sym <= 0x110ffff                       ? (uint32_t)sym - 0x1000000U
         : sym >= XK_KP_0 && sym <= XK_KP_9 ? (uint32_t)('0' + (sym - XK_KP_0))
         : sym == XK_KP_Decimal             ? '.'
         : sym == XK_KP_Subtract            ? '-'
         : sym == XK_KP_Add                 ? '+'
                                            : 0;
}

/// Write a character in UTF-8
static void
encode_character(const uint32_t c, char* text)
{
  if (c < 0x80U) {
    *text++ = (char)c;
  } else if (c < 0x800U) {
    *text++ = (char)(0xc0U | c >> 6U);
    *text++ = (char)(0x80U | (c & 0x3fU));
  } else if (c < 0x10000U) {
    *text++ = (char)(0xe0U | c >> 12U);
    *text++ = (char)(0x80U | (c >> 6U & 0x3fU));
    *text++ = (char)(0x80U | (c & 0x3fU));
  } else {
    *text++ = (char)(0xf0U | c >> 18U);
    *text++ = (char)(0x80U | (c >> 12U & 0x3fU));
    *text++ = (char)(0x80U | (c >> 6U & 0x3fU));
    *text++ = (char)(0x80U | (c & 0x3fU));
  }
  *text = '\0';
}

/// Return true if a text is one character beyond ASCII in UTF-8: as many bytes as the first says
static bool
is_character(const char* const text, const int n)
{
  const unsigned char first = (unsigned char)text[0];
  const int n_bytes = first >= 0xf0U ? 4 : first >= 0xe0U ? 3 : first >= 0xc2U ? 2 : 0;
  bool is_whole = n_bytes > 0 && n == n_bytes;
  for (int i = 1; i < n && is_whole; ++i) {
    is_whole = ((unsigned char)text[i] & 0xc0U) == 0x80U;
  }
  return is_whole;
}

Key
keys_translate(XKeyEvent* const event)
{
  KeySym sym = NoSymbol;
  char text[8];
  const int n = XLookupString(event, text, sizeof(text), &sym, NULL);
  Key key = {.name = name_key(sym),
             .is_fine = (event->state & (ShiftMask | ControlMask)) != 0,
             .is_back = (event->state & ShiftMask) != 0};
  const uint32_t c = find_character(sym);
  if (key.name != KEY_OTHER || (event->state & (ControlMask | Mod1Mask | Mod4Mask)) != 0) {
    return key;
  }
  if (c) {
    key.name = KEY_TEXT;
    encode_character(c, key.text);
  } else if (is_character(text, n)) { // Old keysyms, such as those of Cyrillic and Greek
    key.name = KEY_TEXT;
    memcpy(key.text, text, (size_t)n);
  }
  return key;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Finds letters in a name, in any case, in the scripts that have cases. The C library does so only
/// in ASCII, or by the host's locale.

#ifndef GRUS_PLUGIN_UI_LETTERS_H
#define GRUS_PLUGIN_UI_LETTERS_H

#include <stdbool.h>

/// Return true if `letters` stand in a name; both are in UTF-8, and other bytes mean themselves
bool letters_stand_in(const char* name, const char* letters);

#endif

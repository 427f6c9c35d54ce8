// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Reads messages whose sizes may be a broken host's: none is believed beyond what holds it.

#ifndef GRUS_PLUGIN_ATOMS_H
#define GRUS_PLUGIN_ATOMS_H

#include "core/realtime.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/urid/urid.h>

#include <stdint.h>

/// Return how much further the next atom is, after `size` bytes
uint32_t atoms_pad_size(uint32_t size) RT;

/// Return an atom, whose bytes are all there, as an object, or NULL if it is none; NULL is legal
const LV2_Atom_Object* atoms_as_object(const LV2_Atom_Forge* forge, const LV2_Atom* atom) RT;

/// Return the value of an object's first property of this key, or NULL; all its bytes are there.
/// The object holds at least its body.
const LV2_Atom* atoms_find_value(const LV2_Atom_Object* object, LV2_URID key) RT;

#endif

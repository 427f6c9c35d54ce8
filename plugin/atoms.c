// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/atoms.h"

#include <stddef.h>

uint32_t
atoms_pad_size(const uint32_t size) RT
{
  return (size + 7U) & ~7U;
}

const LV2_Atom_Object*
atoms_as_object(const LV2_Atom_Forge* const forge, const LV2_Atom* const atom) RT
{
  return atom && lv2_atom_forge_is_object_type(forge, atom->type) &&
                 atom->size >= sizeof(LV2_Atom_Object_Body)
             ? (const LV2_Atom_Object*)atom
             : NULL;
}

const LV2_Atom*
atoms_find_value(const LV2_Atom_Object* const object, const LV2_URID key) RT
{
  const uint8_t* const properties = (const uint8_t*)(object + 1);
  const uint32_t size = object->atom.size - (uint32_t)sizeof(object->body);
  uint32_t at = 0;
  while (at < size && size - at >= sizeof(LV2_Atom_Property_Body)) {
    const LV2_Atom_Property_Body* const property =
        (const LV2_Atom_Property_Body*)(const void*)(properties + at);
    at += (uint32_t)sizeof(*property);
    if (property->value.size > size - at) {
      return NULL;
    }
    if (property->key == key) {
      return &property->value;
    }
    at += atoms_pad_size(property->value.size);
  }
  return NULL;
}

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What differs between the slots: how each kind of object is loaded, played and freed.

#ifndef GRUS_PLUGIN_SLOT_KINDS_H
#define GRUS_PLUGIN_SLOT_KINDS_H

#include "core/engine/engine.h"
#include "core/engine/load.h"
#include "core/kind.h"
#include "core/realtime.h"
#include "core/status.h"
#include "plugin/plugin.h"
#include "plugin/uris.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  FileKind file_kind;
  size_t max_file_size; ///< [bytes]
  bool can_be_empty;    ///< An empty path takes the object out of the slot

  /// Make `loaded->object` from the bytes of its file; this and `free` are not for the audio thread
  Status (*load)(LoadSource source, ModelUse use, Loaded* loaded, LoadRemarks* remarks,
                 Message* message);
  void (*free)(void* object); ///< NULL is legal

  /// Give an object to the engine; return one that waited there and will never play, or NULL
  void* (*change)(Engine* engine, void* next)RT;

  /// Return an object that has faded out, or NULL
  void* (*take_retired)(Engine* engine)RT;

  /// Return the object that plays, or NULL
  const void* (*playing)(const Engine* engine)RT;
} SlotKind;

extern const SlotKind slot_kinds[N_SLOTS];

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Turns the bytes of a file into a model or cabinet for an engine. Any thread but the audio
/// thread.

#ifndef GRUS_CORE_ENGINE_LOAD_H
#define GRUS_CORE_ENGINE_LOAD_H

#include "core/content.h"
#include "core/engine/about.h"
#include "core/format/model_file.h"
#include "core/model/convolver.h"
#include "core/model/model.h"
#include "core/status.h"

#include <stdbool.h>

/// Largest impulse response file [bytes]
#define LOAD_MAX_CABINET_SIZE ((size_t)64 << 20U)

/// A rate that a player gives for files that give none, and no others
typedef struct {
  double sample_rate; ///< [Hz]; 0: none
  const char* given;  ///< What gives it, for messages, such as "--rate=HZ"
} LoadRate;

/// A model's own rate, and how it is known
typedef struct {
  double sample_rate; ///< [Hz]
  bool is_assumed;    ///< The file gave none; this is the usual one of its format
  bool is_given;      ///< The file gave none; this is the player's
} LoadOwnRate;

/// A file that was read
typedef struct {
  const Content* content;     ///< Its bytes
  const char* name;           ///< Its name in messages
  ModelFileLoudness loudness; ///< Of a model measured before; saves measuring again
  LoadRate rate;              ///< Of a model
} LoadSource;

/// What a player may want to know about a loaded file; empty if there is nothing to report
typedef struct {
  Message warning;  ///< Something is odd
  Message note;     ///< How it is played
  ModelAbout about; ///< What a model is
} LoadRemarks;

/// How a cabinet is played
typedef struct {
  double sample_rate;  ///< Of the host [Hz]
  uint32_t n_channels; ///< 1 or 2
} CabinetUse;

/// Make a model for `use` from a model file and settle it. Its loudness is measured if neither the
/// file nor the source gives it.
NODISCARD Status load_model(LoadSource source, ModelUse use, Model** model, LoadRemarks* remarks,
                            Message* message);

/// Return the rate of a model file
LoadOwnRate load_own_rate(const ModelFile* file);

/// Write which rate a model or a capture is for if its file gives none, and which is ignored if it
/// gives one; otherwise empty
void load_note_given_rate(LoadOwnRate own, LoadRate rate, const char* name, Message* note);

/// Add `way`, how a model gets to the rate that it runs at, to what was noted; empty: it needs none
void load_add_way(const char* name, const Message* way, Message* note);

/// Write also how the model gets to the rate that it runs at, where that is not its own
void load_note_rate(const ModelFile* file, const Model* model, LoadRate rate, const char* name,
                    Message* note);

/// Add that the model has a cabinet of its own to what was noted
void load_note_cabinet(const Model* model, const char* name, Message* note);

/// Make a cabinet for `use` from an impulse response
NODISCARD Status load_cabinet(LoadSource source, CabinetUse use, Convolver** cabinet,
                              LoadRemarks* remarks, Message* message);

#endif

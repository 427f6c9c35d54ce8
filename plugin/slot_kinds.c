// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The only place that knows what the `void*` of a slot points to.

#include "plugin/slot_kinds.h"

static Status
load_slot_model(const LoadSource source, const ModelUse use, Loaded* const loaded,
                LoadRemarks* const remarks, Message* const message)
{
  Model* model = NULL;
  const Status status = load_model(source, use, &model, remarks, message);
  if (!status) {
    loaded->object = model;
    loaded->loudness = model_levels(model).loudness;
  }
  return status;
}

static Status
load_slot_cabinet(const LoadSource source, const ModelUse use, Loaded* const loaded,
                  LoadRemarks* const remarks, Message* const message)
{
  Convolver* cabinet = NULL;
  const Status status = load_cabinet(source, (CabinetUse){use.sample_rate, use.n_channels},
                                     &cabinet, remarks, message);
  loaded->object = cabinet;
  return status;
}

static void
free_model(void* const object)
{
  model_free((Model*)object);
}

static void
free_cabinet(void* const object)
{
  convolver_free((Convolver*)object);
}

// Audio thread from here

static void*
change_model(Engine* const engine, void* const next) RT
{
  return engine_change_model(engine, (Model*)next);
}

static void*
change_cabinet(Engine* const engine, void* const next) RT
{
  return engine_change_cabinet(engine, (Convolver*)next);
}

static void*
take_retired_model(Engine* const engine) RT
{
  return engine_take_retired(engine);
}

static void*
take_retired_cabinet(Engine* const engine) RT
{
  return engine_take_retired_cabinet(engine);
}

static const void*
playing_model(const Engine* const engine) RT
{
  return engine_model(engine);
}

static const void*
playing_cabinet(const Engine* const engine) RT
{
  return engine_cabinet(engine);
}

const SlotKind slot_kinds[N_SLOTS] = {
    [SLOT_MODEL] = {.file_kind = FILE_MODEL,
                    .max_file_size = MODEL_FILE_MAX_SIZE,
                    .can_be_empty = false,
                    .load = load_slot_model,
                    .free = free_model,
                    .change = change_model,
                    .take_retired = take_retired_model,
                    .playing = playing_model},
    [SLOT_CABINET] = {.file_kind = FILE_SOUND,
                      .max_file_size = LOAD_MAX_CABINET_SIZE,
                      .can_be_empty = true,
                      .load = load_slot_cabinet,
                      .free = free_cabinet,
                      .change = change_cabinet,
                      .take_retired = take_retired_cabinet,
                      .playing = playing_cabinet},
};

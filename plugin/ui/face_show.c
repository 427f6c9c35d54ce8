// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What is said of model and cabinet, and the readings in the header.

#include "plugin/ui/face.h"

#include "core/file.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/// As the port cabinet_heard has them
typedef enum { HEARD_NONE, HEARD_CAPTURED, HEARD_OWN } Heard;

static int
read_state(const Face* const face, const SlotId slot)
{
  return (int)lrintf(face->values[slot == SLOT_MODEL ? PORT_MODEL_STATUS : PORT_CABINET_STATUS]);
}

/// Add a part to a line, after a dot
static void
add_part(char* const line, const size_t size, const char* const part)
{
  if (part[0]) {
    const size_t n = strlen(line);
    text_copy(line + n, size - n, n ? "  ·  " : "");
    text_copy(line + strlen(line), size - strlen(line), part);
  }
}

/// Return what is wrong with the last choice, "" if nothing is
static const char*
find_fault(const Face* const face, const SlotId slot)
{
  static const char* const words[N_SLOTS][2] = {
      {"The model could not be loaded; the one before plays on.",
       "The model's file is missing; the one before plays on."},
      {"The cabinet could not be loaded; the one before plays on.",
       "The cabinet's file is missing; the one before plays on."}};
  const int state = read_state(face, slot);
  const char* const told =
      face->link.told.texts[slot == SLOT_MODEL ? TOLD_MODEL_MESSAGE : TOLD_CABINET_MESSAGE];
  return told[0] ? told
         : state == SLOT_STATUS_FAILED || state == SLOT_STATUS_MISSING
             ? words[slot][state == SLOT_STATUS_MISSING]
             : "";
}

static void
show_model(Face* const face)
{
  const Facts* const told = &face->link.told;
  char line[512] = "";
  char second[512] = "";
  char stem[256];
  file_stem(told->paths[SLOT_MODEL], stem, sizeof(stem));
  const char* const name = told->texts[TOLD_NAME][0] ? told->texts[TOLD_NAME] : stem;
  add_part(line, sizeof(line), told->texts[TOLD_GEAR]);
  add_part(second, sizeof(second), told->texts[TOLD_MAKER]);
  add_part(second, sizeof(second), told->texts[TOLD_ACCURACY]);
  add_part(second, sizeof(second), told->texts[TOLD_KIND]);
  slot_view_set(&face->slots[SLOT_MODEL],
                line[0] ? (SlotTexts){name, line, second, find_fault(face, SLOT_MODEL)}
                        : (SlotTexts){name[0] ? name : "Choose a model", second, "",
                                      find_fault(face, SLOT_MODEL)});
  slot_view_wait(&face->slots[SLOT_MODEL], read_state(face, SLOT_MODEL) == SLOT_STATUS_LOADING);
}

static void
show_cabinet(Face* const face)
{
  const bool has_own = face->link.told.has_cabinet;
  const Heard heard = (Heard)lrintf(face->values[PORT_CABINET_HEARD]);
  char stem[256] = "";
  file_stem(face->link.told.paths[SLOT_CABINET], stem, sizeof(stem));
  const bool has_file = stem[0] != '\0';
  const char* const title = heard == HEARD_OWN                            ? stem
                            : heard == HEARD_CAPTURED                     ? "Cabinet as captured"
                            : has_file && face->values[PORT_CABINET] <= 0 ? stem
                                                                          : "No cabinet";
  const bool is_off = heard == HEARD_NONE && has_file;
  slot_view_set(&face->slots[SLOT_CABINET], (SlotTexts){title, is_off ? "switched off" : "", "",
                                                        find_fault(face, SLOT_CABINET)});
  slot_view_wait(&face->slots[SLOT_CABINET], read_state(face, SLOT_CABINET) == SLOT_STATUS_LOADING);
  if ((face->cabinet_mode.n_names == 3) != has_own) {
    choice_bar_name(&face->cabinet_mode, has_own ? "As captured|Without|Own" : "Without|Own");
  }
  choice_bar_set(&face->cabinet_mode, !has_own                  ? heard == HEARD_OWN
                                      : heard == HEARD_CAPTURED ? 0
                                      : heard == HEARD_OWN      ? 2
                                                                : 1);
}

void
face_show_slots(Face* const face)
{
  show_model(face);
  show_cabinet(face);
}

/// Return the load [tenths of a percent]. It trembles, so what is shown waits for a real change.
static long
find_load(Face* const face)
{
  const double load = (double)face->values[PORT_LOAD];
  if (fabs(load - face->shown_load) > 0.1 + 0.1 * face->shown_load) {
    face->shown_load = load;
  }
  return lrint(10.0 * face->shown_load);
}

void
face_show_readings(Face* const face)
{
  const double frames = (double)face->values[PORT_LATENCY];
  const long tenths = face->sample_rate > 0.0 ? lrint(1e4 * frames / face->sample_rate) : -1;
  const long n_faults = lrintf(face->values[PORT_GUARD_TRIPS]);
  char text[160] = "";
  char part[96];
  if (n_faults) {
    (void)snprintf(part, sizeof(part), "%ld fault%s silenced", n_faults, n_faults == 1 ? "" : "s");
    add_part(text, sizeof(text), part);
  }
  if (tenths >= 0) {
    (void)snprintf(part, sizeof(part), "latency %ld.%ld ms", tenths / 10, tenths % 10);
  } else {
    (void)snprintf(part, sizeof(part), "latency %ld frames", lrint(frames));
  }
  add_part(text, sizeof(text), part);
  const long load = find_load(face);
  (void)snprintf(part, sizeof(part), "load %ld.%ld %%", load / 10, load % 10);
  add_part(text, sizeof(text), part);
  label_set(&face->readings, text);
}

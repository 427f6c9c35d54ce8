// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The face of Grus: which widgets there are, what they show, what they do. It knows of the plugin
/// only what comes over the link.

#ifndef GRUS_PLUGIN_UI_FACE_H
#define GRUS_PLUGIN_UI_FACE_H

#include "plugin/ui/browser.h"
#include "plugin/ui/button.h"
#include "plugin/ui/choice_bar.h"
#include "plugin/ui/dial.h"
#include "plugin/ui/entry.h"
#include "plugin/ui/gates_view.h"
#include "plugin/ui/hands.h"
#include "plugin/ui/label.h"
#include "plugin/ui/link.h"
#include "plugin/ui/list.h"
#include "plugin/ui/meter.h"
#include "plugin/ui/panel.h"
#include "plugin/ui/slot_view.h"
#include "plugin/ui/theme.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/// Size at a scale of 1
#define FACE_WIDTH 760.0
#define FACE_HEIGHT 472.0

/// What widgets ask for; Hands.act has a detail beside it
typedef enum {
  ACT_STEP_MODEL,   ///< How far
  ACT_STEP_CABINET, ///< How far
  ACT_BROWSE_MODELS,
  ACT_BROWSE_CABINETS,
  ACT_CABINET_MODE, ///< Number in the bar
  ACT_TAB,          ///< FaceTab
  ACT_ROW,          ///< Row of the browser
  ACT_PLACE,        ///< Number of the place
  ACT_UP,
  ACT_CLOSE,
  ACT_ENABLE,
} FaceAction;

typedef enum { TAB_TONE, TAB_NETWORK } FaceTab;

/// Dials in the order in which they stand
typedef enum {
  DIAL_INPUT,
  DIAL_GATE,
  DIAL_KNOB_1,
  DIAL_KNOB_2,
  DIAL_KNOB_3,
  DIAL_KNOB_4,
  DIAL_OUTPUT,
  DIAL_BASS,
  DIAL_MIDDLE,
  DIAL_TREBLE,
  DIAL_PRESENCE,
  DIAL_CABINET,
  DIAL_INTERFACE,
  N_DIALS,
} FaceDial;

typedef struct {
  Link link;
  Hands hands;
  Panel panel;
  Theme theme;
  double sample_rate;                         ///< [Hz]; 0: unknown
  char bundle[PATH_MAX];                      ///< Where the plugin is
  float values[N_PORTS];                      ///< As the host has them
  char wanted[N_SLOTS][PATH_MAX];             ///< Chosen last, playing or not
  char remarks[N_SLOTS][STATUS_MESSAGE_SIZE]; ///< Why a step led nowhere
  char own_cabinet[PATH_MAX];                 ///< The last one that was a file

  Label title;
  Label readings;
  Button enabled;
  Meter input;
  Meter output;
  SlotView slots[N_SLOTS];
  Label note; ///< A fault in full, while the pointer is on its slot
  ChoiceBar cabinet_mode;
  Dial dials[N_DIALS];
  ChoiceBar tabs;
  ChoiceBar match;
  ChoiceBar quality;
  GatesView gates;

  Browser browser;
  bool is_browsing;
  SlotId browsed; ///< What it chooses
  List list;
  Label browsed_path;
  Label filter_view;
  Entry filter;
  Button places[BROWSER_MAX_PLACES];
  Button up;
  Button close;

  FaceTab tab;
  double watched_at;   ///< When pictures of the gates were asked for [s]
  double watched_from; ///< Since when [s]
  double pictured_at;  ///< When the last one came [s]
  double now;          ///< [s]
  double shown_load;   ///< [%]
} Face;

/// Set up all but `link`, `bundle`, `theme` and `sample_rate`, which are the caller's
void face_init(Face* face);
void face_clear(Face* face);

/// Take the value of a port, or a message, from the plugin
void face_take_value(Face* face, Port port, float value);
void face_take_message(Face* face, uint32_t size, const void* message);

/// Let time pass: `now` counts seconds
void face_pass_time(Face* face, double now);

/// A file was dropped: a model or a cabinet, by its name
void face_drop(void* face, const char* path, double x, double y);

/// A key that no widget wanted; false if it means nothing to the face either
bool face_key(void* face, const Key* key);

// For its parts

/// Put every widget where it belongs, and show those that are to be seen
void face_arrange(Face* face);

/// Show what the plugin told
void face_show_slots(Face* face);
void face_show_readings(Face* face);

/// Do what a widget asks for: Hands.act
void face_act(void* face, int action, int detail);

/// Choose a file, and remember it
void face_choose(Face* face, SlotId slot, const char* path);

/// Say why the browser's list is empty, if it is
void face_explain_list(Face* face);

/// Mark what plays in the browser
void face_mark_row(Face* face);

#endif

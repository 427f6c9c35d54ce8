// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A few values beside each other, of which one is chosen: for a control with names for its values,
/// or for an action of the face.

#ifndef GRUS_PLUGIN_UI_CHOICE_BAR_H
#define GRUS_PLUGIN_UI_CHOICE_BAR_H

#include "plugin/ports.h"
#include "plugin/ui/hands.h"
#include "plugin/ui/widget.h"

#define CHOICE_BAR_MAX 4U

typedef struct {
  Widget base;
  const Hands* hands;
  Port port;         ///< N_PORTS: it acts
  int action;        ///< If it acts
  const char* label; ///< Before it, or ""; not owned
  char names[CHOICE_BAR_MAX][32];
  int n_names;
  int chosen; ///< -1: none
} ChoiceBar;

/// Make one of a control, which has a name for each value
void choice_bar_init_port(ChoiceBar* bar, const Hands* hands, Port port, const char* label);

/// Make one of an action; names are separated by '|'
void choice_bar_init_action(ChoiceBar* bar, const Hands* hands, int action, const char* names);

/// Give an action other names
void choice_bar_name(ChoiceBar* bar, const char* names);

void choice_bar_set(ChoiceBar* bar, int chosen);

#endif

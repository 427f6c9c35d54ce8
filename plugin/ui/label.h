// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A line of text, such as a reading or what is being typed; or a note of several lines.

#ifndef GRUS_PLUGIN_UI_LABEL_H
#define GRUS_PLUGIN_UI_LABEL_H

#include "plugin/ui/widget.h"

typedef enum { LABEL_PLAIN, LABEL_TITLE, LABEL_FIELD, LABEL_NOTE } LabelLook;

typedef struct {
  Widget base;
  LabelLook look;
  Align align;
  char text[1024];
} Label;

void label_init(Label* label, LabelLook look, Align align);

/// Show a text, which is copied
void label_set(Label* label, const char* text);

#endif

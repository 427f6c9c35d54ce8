// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the table of controls says of each port, and how values are written and read by people.

#ifndef GRUS_PLUGIN_UI_PORT_INFO_H
#define GRUS_PLUGIN_UI_PORT_INFO_H

#include "plugin/ports.h"

#include <stdbool.h>

typedef enum { INFO_DB, INFO_DBFS, INFO_DBU, INFO_RATIO, INFO_OTHER } InfoKind;

typedef struct {
  const char* name;
  InfoKind kind;
  double low;
  double high;
  double initial;
  const char* points; ///< Values with a name, such as "0 is off, 1 is on"
} PortInfo;

/// Room for a value with its unit, or for one that is typed
#define PORT_INFO_TEXT_SIZE 32U

PortInfo port_info(Port port);

/// Write a value as people read it, such as "+3.0 dB", "off" or "50 %"
void port_info_write(Port port, double value, char text[PORT_INFO_TEXT_SIZE]);

/// Read a value that was typed, with or without its unit, whatever the locale. It is put into the
/// port's range. Return false if it is no number.
bool port_info_read(Port port, const char* text, double* value);

/// Write the name of a value of a choice, such as "Matched"; "" if it has none
void port_info_point(Port port, int value, char text[PORT_INFO_TEXT_SIZE]);

#endif

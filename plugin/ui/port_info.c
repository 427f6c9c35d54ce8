// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/port_info.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Kinds of the table that a face writes with a unit; it has others for meters
#define KIND_DB INFO_DB
#define KIND_DBFS INFO_DBFS
#define KIND_DBU INFO_DBU
#define KIND_RATIO INFO_RATIO
#define KIND_SWITCH INFO_OTHER
#define KIND_CHOICE INFO_OTHER
#define KIND_COUNT INFO_OTHER
#define KIND_FRAMES INFO_OTHER
#define KIND_PERCENT INFO_OTHER

static const PortInfo infos[N_PORTS] = {
#define CONTROL(id, symbol, name, short_name, kind, low, high, initial, group, points, ...)        \
  [PORT_##id] = {name, KIND_##kind, low, high, initial, points},
#define SETTING(id, symbol, name, short_name, kind, low, high, initial, group, points, ...)        \
  [PORT_##id] = {name, KIND_##kind, low, high, initial, points},
#define METER(id, symbol, name, short_name, kind, low, high, initial, group, points, ...)          \
  [PORT_##id] = {name, KIND_##kind, low, high, initial, points},
#include "core/engine/controls.def"
};

PortInfo
port_info(const Port port)
{
  return infos[port];
}

/// Find the name of a value among "0 is off, 1 is on"; NULL if it has none
static const char*
find_point(const char* const points, const double value, size_t* const length)
{
  for (const char* point = points; *point;) {
    char* end = NULL;
    const double number = (double)strtol(point, &end, 10);
    const char* const next = point + strcspn(point, ",");
    const char* const name = strstr(point, " is ");
    if (number == value && name && name < next) {
      *length = (size_t)(next - name) - strlen(" is ");
      return name + strlen(" is ");
    }
    point = next + strspn(next, ", ");
  }
  return NULL;
}

void
port_info_write(const Port port, const double value, char text[PORT_INFO_TEXT_SIZE])
{
  static const char* const units[] = {
      [INFO_DB] = "dB", [INFO_DBFS] = "dBFS", [INFO_DBU] = "dBu", [INFO_RATIO] = "%"};
  const PortInfo info = infos[port];
  size_t length = 0;
  const char* const point = find_point(info.points, value, &length);
  const double shown = info.kind == INFO_RATIO ? 100.0 * value : value;
  const long tenths = lrint(10.0 * fabs(shown));
  if (point) {
    (void)snprintf(text, PORT_INFO_TEXT_SIZE, "%.*s", (int)length, point);
  } else if (info.kind == INFO_RATIO) {
    (void)snprintf(text, PORT_INFO_TEXT_SIZE, "%ld %%", (tenths + 5) / 10);
  } else { // Without printf's decimal point, which is the locale's
    (void)snprintf(text, PORT_INFO_TEXT_SIZE, "%s%ld.%ld %s",
                   shown < 0.0 && tenths            ? "−"
                   : tenths && info.kind == INFO_DB ? "+"
                                                    : "",
                   tenths / 10, tenths % 10, info.kind == INFO_OTHER ? "" : units[info.kind]);
  }
}

/// Read "-12.5" or "−12,5", and move `text` behind it; false if there is no number
static bool
read_number(const char* text, double* const value)
{
  static const char minus[] = "−";
  double sign = 1.0;
  double scale = 1.0;
  bool is_number = false;
  text += strspn(text, " +");
  if (*text == '-' || !strncmp(text, minus, strlen(minus))) {
    sign = -1.0;
    text += *text == '-' ? 1 : strlen(minus);
  }
  double number = 0.0;
  for (bool is_behind = false; *text; ++text) {
    if (*text >= '0' && *text <= '9') {
      number = 10.0 * number + (double)(*text - '0');
      scale *= is_behind ? 10.0 : 1.0;
      is_number = true;
    } else if ((*text == '.' || *text == ',') && !is_behind) {
      is_behind = true;
    } else {
      break;
    }
  }
  *value = sign * number / scale;
  return is_number;
}

bool
port_info_read(const Port port, const char* const text, double* const value)
{
  const PortInfo info = infos[port];
  double number = 0.0;
  if (!strcmp(text, "off") && strstr(info.points, "is off")) {
    *value = info.low;
    return true;
  }
  if (!read_number(text, &number)) {
    return false;
  }
  number = info.kind == INFO_RATIO ? number / 100.0 : number;
  *value = fmin(fmax(number, info.low), info.high);
  return true;
}

void
port_info_point(const Port port, const int value, char text[PORT_INFO_TEXT_SIZE])
{
  size_t length = 0;
  const char* const point = find_point(infos[port].points, (double)value, &length);
  (void)snprintf(text, PORT_INFO_TEXT_SIZE, "%.*s", (int)length, point ? point : "");
  if (text[0] >= 'a' && text[0] <= 'z') {
    text[0] = (char)(text[0] - 'a' + 'A');
  }
}

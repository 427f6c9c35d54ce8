// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// A list that scrolls, with one row marked as the one that plays and one that is selected. It
/// draws only the rows that are seen, so that ten thousand cost as much as ten.

#ifndef GRUS_PLUGIN_UI_LIST_H
#define GRUS_PLUGIN_UI_LIST_H

#include "plugin/ui/hands.h"
#include "plugin/ui/widget.h"

#include <stdbool.h>
#include <stddef.h>

/// Where rows come from
typedef struct {
  const void* source;
  const char* (*name)(const void* source, size_t row);
  bool (*is_folder)(const void* source, size_t row);
} ListRows;

typedef struct {
  Widget base;
  const Hands* hands;
  int action; ///< When a row is chosen; its detail is the row
  ListRows rows;
  size_t n_rows;
  size_t first;      ///< Row at the top
  size_t selected;   ///< n_rows: none
  size_t marked;     ///< n_rows: none
  double held_y;     ///< Of the bar, while it is dragged
  bool is_held;      ///< The scroll bar is
  const char* empty; ///< What stands in an empty list; not owned
} List;

void list_init(List* list, const Hands* hands, int action, ListRows rows);

/// Show other rows; the marked one is selected and seen
void list_set(List* list, size_t n_rows, size_t marked);

/// Mark another row as the one that plays
void list_mark(List* list, size_t marked);

#endif

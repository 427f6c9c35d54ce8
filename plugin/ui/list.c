// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

#include "plugin/ui/list.h"

#include <math.h>

#define ROW_HEIGHT 24.0
#define BAR_WIDTH 10.0
#define WHEEL_ROWS 3

static size_t
count_seen(const List* const list)
{
  const double n = floor(list->base.area.h / ROW_HEIGHT);
  return n < 1.0 ? 1 : (size_t)n;
}

static size_t
find_last_first(const List* const list)
{
  const size_t n_seen = count_seen(list);
  return list->n_rows > n_seen ? list->n_rows - n_seen : 0;
}

static Rect
find_row(const List* const list, const size_t row)
{
  const Rect area = list->base.area;
  return (Rect){area.x, area.y + (double)(row - list->first) * ROW_HEIGHT, area.w - BAR_WIDTH,
                ROW_HEIGHT};
}

static Rect
find_handle(const List* const list)
{
  const Rect area = list->base.area;
  const double share = (double)count_seen(list) / (double)list->n_rows;
  const double height = fmax(area.h * share, 20.0);
  const double way = (double)list->first / (double)find_last_first(list);
  return (Rect){area.x + area.w - BAR_WIDTH + 2.0, area.y + way * (area.h - height),
                BAR_WIDTH - 2.0, height};
}

static void
draw_folder_sign(const Canvas* const canvas, const Rect row)
{
  const Rect sign = {row.x + 6.0, row.y + 8.0, 14.0, 10.0};
  canvas_fill(canvas, (Rect){sign.x, sign.y - 2.0, 7.0, 4.0}, 1.0, canvas->theme->dim);
  canvas_fill(canvas, sign, 1.0, canvas->theme->dim);
}

static void
draw_row(const List* const list, const Canvas* const canvas, const size_t i)
{
  const Theme* const theme = canvas->theme;
  const Rect row = find_row(list, i);
  const bool is_marked = i == list->marked;
  if (i == list->selected) {
    canvas_fill(canvas, row, 4.0, theme_mix(theme->panel, theme->accent, 0.3));
  }
  if (is_marked) {
    canvas_fill(canvas, (Rect){row.x + 10.0, row.y + 9.0, 6.0, 6.0}, 3.0, theme->accent);
  } else if (list->rows.is_folder(list->rows.source, i)) {
    draw_folder_sign(canvas, row);
  }
  canvas_write(canvas, (Rect){row.x + 26.0, row.y, row.w - 30.0, row.h},
               (TextStyle){15.0, is_marked, ALIGN_LEFT, theme->text},
               list->rows.name(list->rows.source, i));
}

static void
draw_list(const Widget* const widget, const Canvas* const canvas)
{
  const List* const list = (const List*)widget;
  const size_t n_seen = count_seen(list);
  canvas_fill(canvas, widget->area, 4.0, canvas->theme->panel);
  for (size_t i = list->first; i < list->n_rows && i < list->first + n_seen; ++i) {
    draw_row(list, canvas, i);
  }
  if (list->n_rows > n_seen) {
    canvas_fill(canvas, find_handle(list), 3.0, canvas->theme->edge);
  }
  if (!list->n_rows) {
    canvas_write_lines(canvas, rect_inset(widget->area, 16.0),
                       (TextStyle){15.0, false, ALIGN_LEFT, canvas->theme->dim}, list->empty);
  }
}

static void
scroll_to(List* const list, const double first)
{
  const double last = (double)find_last_first(list);
  const size_t at = (size_t)fmin(fmax(rint(first), 0.0), last);
  list->base.is_dirty = list->base.is_dirty || at != list->first;
  list->first = at;
}

/// Scroll as far as a row needs to be seen
static void
show_row(List* const list, const size_t row)
{
  const size_t n_seen = count_seen(list);
  if (row < list->first) {
    scroll_to(list, (double)row);
  } else if (row >= list->first + n_seen) {
    scroll_to(list, (double)(row - n_seen + 1));
  }
}

static void
select_row(List* const list, const size_t row)
{
  list->selected = row;
  list->base.is_dirty = true;
  show_row(list, row);
}

static void
press_list(Widget* const widget, const Pointer* const pointer)
{
  List* const list = (List*)widget;
  const size_t row = list->first + (size_t)fmax((pointer->y - widget->area.y) / ROW_HEIGHT, 0.0);
  if (list->n_rows > count_seen(list) &&
      pointer->x >= widget->area.x + widget->area.w - BAR_WIDTH) {
    list->is_held = true;
    list->held_y = pointer->y - find_handle(list).y;
    if (!rect_has(find_handle(list), pointer->x, pointer->y)) {
      list->held_y = find_handle(list).h / 2.0;
      widget->kind->drag(widget, pointer);
    }
  } else if (row < list->n_rows && row < list->first + count_seen(list) && !pointer->is_double) {
    select_row(list, row);
    list->hands->act(list->hands->face, list->action, (int)row);
  }
}

static void
drag_list(Widget* const widget, const Pointer* const pointer)
{
  List* const list = (List*)widget;
  if (list->is_held) {
    const double room = widget->area.h - find_handle(list).h;
    const double way = (pointer->y - list->held_y - widget->area.y) / fmax(room, 1.0);
    scroll_to(list, way * (double)find_last_first(list));
  }
}

static void
release_list(Widget* const widget)
{
  ((List*)widget)->is_held = false;
}

static void
scroll_list(Widget* const widget, const Pointer* const pointer, const int n_steps)
{
  List* const list = (List*)widget;
  (void)pointer;
  scroll_to(list, (double)list->first - (double)(WHEEL_ROWS * n_steps));
}

/// Move the selection by so many rows
static void
move_selection(List* const list, const double n_rows)
{
  const double from = list->selected < list->n_rows ? (double)list->selected
                      : n_rows > 0.0                ? -1.0
                                                    : 0.0;
  if (list->n_rows) {
    select_row(list, (size_t)fmin(fmax(from + n_rows, 0.0), (double)list->n_rows - 1.0));
  }
}

static bool
key_list(Widget* const widget, const Key* const key)
{
  List* const list = (List*)widget;
  const double page = (double)count_seen(list);
  const double all = (double)list->n_rows;
  switch (key->name) {
  case KEY_UP:
    move_selection(list, -1.0);
    return true;
  case KEY_DOWN:
    move_selection(list, 1.0);
    return true;
  case KEY_PAGE_UP:
    move_selection(list, -page);
    return true;
  case KEY_PAGE_DOWN:
    move_selection(list, page);
    return true;
  case KEY_HOME:
    move_selection(list, -all);
    return true;
  case KEY_END:
    move_selection(list, all);
    return true;
  case KEY_ENTER:
    if (list->selected < list->n_rows) {
      list->hands->act(list->hands->face, list->action, (int)list->selected);
    }
    return true;
  default:
    return false;
  }
}

void
list_init(List* const list, const Hands* const hands, const int action, const ListRows rows)
{
  static const WidgetKind kind = {.draw = draw_list,
                                  .press = press_list,
                                  .drag = drag_list,
                                  .release = release_list,
                                  .scroll = scroll_list,
                                  .key = key_list};
  *list = (List){.base = {.kind = &kind, .is_dirty = true},
                 .hands = hands,
                 .action = action,
                 .rows = rows,
                 .empty = ""};
}

void
list_set(List* const list, const size_t n_rows, const size_t marked)
{
  list->n_rows = n_rows;
  list->marked = marked;
  list->selected = marked;
  list->first = 0;
  list->is_held = false;
  list->base.is_dirty = true;
  if (marked < n_rows) {
    scroll_to(list, (double)marked - (double)(count_seen(list) / 2));
  }
}

void
list_mark(List* const list, const size_t marked)
{
  list->base.is_dirty = list->base.is_dirty || marked != list->marked;
  list->marked = marked;
}

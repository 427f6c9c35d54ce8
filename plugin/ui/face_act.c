// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// What happens when a widget asks for something.

#include "plugin/ui/face.h"

#include "core/step.h"
#include "core/text.h"
#include "plugin/ui/last_folder.h"

#include <stdio.h>
#include <string.h>

static FolderKind
kind_of(const SlotId slot)
{
  return slot == SLOT_MODEL ? FOLDER_MODELS : FOLDER_CABINETS;
}

static void
set_control(Face* const face, const Port port, const float value)
{
  if (face->values[port] != value) {
    face->values[port] = value;
    link_touch(&face->link, port, true);
    link_set_port(&face->link, port, value);
    link_touch(&face->link, port, false);
  }
}

void
face_choose(Face* const face, const SlotId slot, const char* const path)
{
  (void)snprintf(face->wanted[slot], PATH_MAX, "%s", path);
  face->remarks[slot][0] = '\0';
  if (slot == SLOT_CABINET && path[0]) {
    (void)snprintf(face->own_cabinet, PATH_MAX, "%s", path);
    set_control(face, PORT_CABINET, 1.0F);
  }
  link_choose(&face->link, slot, path);
}

/// Write the path of the last choice, or of the folder of what came with the plugin, with a slash
/// behind it; false if that is too long
static bool
find_start(const Face* const face, const SlotId slot, char path[PATH_MAX])
{
  const char* const last =
      face->wanted[slot][0] || slot == SLOT_MODEL ? face->wanted[slot] : face->own_cabinet;
  return last[0] ? folder_join(last, "", path)
                 : folder_join(face->bundle, slot == SLOT_MODEL ? "models/" : "cabinets/", path);
}

static void
step_file(Face* const face, const SlotId slot, const int n_steps)
{
  char start[PATH_MAX];
  char path[PATH_MAX];
  Message message = {""};
  if (find_start(face, slot, start) && !step_find(kind_of(slot), start, n_steps, path, &message)) {
    face_choose(face, slot, path);
  } else {
    text_copy(face->remarks[slot], sizeof(face->remarks[slot]), message.text);
    face_show_slots(face);
  }
}

void
face_explain_list(Face* const face)
{
  const Browser* const browser = &face->browser;
  face->list.empty = browser->fault.text[0]      ? browser->fault.text
                     : browser->folder.n_entries ? "No name here has these letters."
                     : face->browsed == SLOT_MODEL
                         ? "No models here: files that end in .json, .nam or .aidax."
                         : "No cabinets here: impulse responses, such as files that end in .wav.";
}

/// List a folder in the browser
static void
list_folder(Face* const face, const char* const path)
{
  browser_open(&face->browser, path, kind_of(face->browsed));
  entry_clear(&face->filter);
  label_set(&face->filter_view, "Type to find");
  label_set(&face->browsed_path, face->browser.path);
  face_explain_list(face);
  list_set(&face->list, face->browser.n_rows,
           browser_find(&face->browser, face->link.told.paths[face->browsed]));
}

void
face_mark_row(Face* const face)
{
  if (face->is_browsing) {
    list_mark(&face->list, browser_find(&face->browser, face->link.told.paths[face->browsed]));
  }
}

static void
open_browser(Face* const face, const SlotId slot)
{
  char start[PATH_MAX];
  char folder[PATH_MAX];
  const char* name = NULL;
  face->browsed = slot;
  face->is_browsing = true;
  browser_find_places(&face->browser, face->bundle, kind_of(slot));
  list_folder(face,
              find_start(face, slot, start) && folder_split(start, folder, &name) ? folder : "/");
  face_arrange(face);
  panel_focus(&face->panel, &face->list.base);
}

static void
close_browser(Face* const face)
{
  face->is_browsing = false;
  face_arrange(face);
  panel_focus(&face->panel, NULL);
}

static void
choose_row(Face* const face, const size_t row)
{
  char path[PATH_MAX];
  if (!browser_row_path(&face->browser, row, path)) {
    return;
  }
  if (!browser_is_folder(&face->browser, row)) {
    last_folder_write(kind_of(face->browsed), face->browser.path);
    face_choose(face, face->browsed, path);
  } else if (browser_is_single(&face->browser, row, path)) {
    face_choose(face, face->browsed, path);
  } else {
    list_folder(face, path);
  }
}

static void
go_up(Face* const face)
{
  char path[PATH_MAX];
  char below[PATH_MAX];
  (void)snprintf(below, sizeof(below), "%s", face->browser.path);
  if (browser_parent(&face->browser, path)) {
    list_folder(face, path);
    face->list.selected = browser_find(&face->browser, below);
  }
}

/// Play as captured, without a cabinet, or with the player's own
static void
choose_cabinet_mode(Face* const face, const int mode)
{
  const int n_own = face->link.told.has_cabinet ? 2 : 1;
  if (mode == n_own && !face->own_cabinet[0]) {
    open_browser(face, SLOT_CABINET);
  } else if (mode == n_own) {
    char path[PATH_MAX];
    text_copy(path, sizeof(path), face->own_cabinet);
    face_choose(face, SLOT_CABINET, path);
  } else if (mode == n_own - 1) {
    set_control(face, PORT_CABINET, 0.0F);
  } else {
    set_control(face, PORT_CABINET, 1.0F);
    face_choose(face, SLOT_CABINET, "");
  }
  face_show_slots(face); // The bar shows what is heard, not what was pressed
}

static void
switch_enabled(Face* const face)
{
  const float value = face->values[PORT_ENABLED] > 0.0F ? 0.0F : 1.0F;
  set_control(face, PORT_ENABLED, value);
  face_take_value(face, PORT_ENABLED, value);
}

static void
choose_tab(Face* const face, const FaceTab tab)
{
  face->tab = tab;
  face->watched_at = 0.0;
  face->watched_from = face->now;
  gates_view_clear(&face->gates, "");
  face_arrange(face);
}

void
face_act(void* const handle, const int action, const int detail)
{
  Face* const face = (Face*)handle;
  switch ((FaceAction)action) {
  case ACT_STEP_MODEL:
    step_file(face, SLOT_MODEL, detail);
    break;
  case ACT_STEP_CABINET:
    step_file(face, SLOT_CABINET, detail);
    break;
  case ACT_BROWSE_MODELS:
    open_browser(face, SLOT_MODEL);
    break;
  case ACT_BROWSE_CABINETS:
    open_browser(face, SLOT_CABINET);
    break;
  case ACT_CABINET_MODE:
    choose_cabinet_mode(face, detail);
    break;
  case ACT_TAB:
    choose_tab(face, (FaceTab)detail);
    break;
  case ACT_ROW:
    choose_row(face, (size_t)detail);
    break;
  case ACT_PLACE:
    list_folder(face, face->browser.places[detail].path);
    break;
  case ACT_UP:
    go_up(face);
    break;
  case ACT_CLOSE:
    close_browser(face);
    break;
  case ACT_ENABLE:
    switch_enabled(face);
    break;
  }
}

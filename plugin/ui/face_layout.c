// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Where everything stands, in logical pixels, and what is seen at the moment.

#include "plugin/ui/face.h"

#define MARGIN 10.0
#define HEADER 40.0
#define METER_WIDTH 48.0
#define LEFT 64.0
#define WIDTH (FACE_WIDTH - 2.0 * LEFT)

#define MODEL_TOP 46.0
#define MODEL_HEIGHT 102.0
#define CABINET_TOP 156.0
#define CABINET_HEIGHT 46.0
#define MODE_WIDTH 270.0
#define DIALS_TOP 210.0
#define DIALS_HEIGHT 106.0
#define BARS_TOP 322.0
#define BARS_HEIGHT 28.0
#define TONE_TOP 356.0
#define TONE_HEIGHT 106.0
#define DIAL_WIDTH 100.0 ///< At most

#define PLACE_WIDTH 120.0
#define PLACE_HEIGHT 30.0

static bool
is_dial_there(const Face* const face, const int dial)
{
  if (dial >= DIAL_KNOB_1 && dial <= DIAL_KNOB_4) {
    return face->link.told.texts[TOLD_KNOB_1 + dial - DIAL_KNOB_1][0] != '\0';
  }
  return dial != DIAL_INTERFACE || face->values[PORT_LEVEL_MATCH] > 1.5F;
}

/// Spread the dials of a row over its width
static void
arrange_dials(Face* const face, const int first, const int end, const bool is_shown,
              const double top)
{
  int n = 0;
  for (int i = first; i < end; ++i) {
    n += is_dial_there(face, i);
  }
  const double room = WIDTH / (double)n;
  const double width = room < DIAL_WIDTH ? room : DIAL_WIDTH;
  double x = LEFT + (room - width) / 2.0;
  for (int i = first; i < end; ++i) {
    const bool is_there = is_dial_there(face, i);
    panel_place(&face->panel, &face->dials[i].base, is_shown && is_there,
                (Rect){x, top + 2.0, width, DIALS_HEIGHT - 4.0});
    x += is_there ? room : 0.0;
  }
}

static void
arrange_header(Face* const face)
{
  panel_place(&face->panel, &face->title.base, true, (Rect){LEFT, 0.0, 90.0, HEADER});
  panel_place(&face->panel, &face->readings.base, true, (Rect){160.0, 0.0, 420.0, HEADER});
  panel_place(&face->panel, &face->enabled.base, true,
              (Rect){FACE_WIDTH - LEFT - 100.0, 7.0, 100.0, 27.0});
}

static void
arrange_bars(Face* const face, const bool is_shown)
{
  panel_place(&face->panel, &face->tabs.base, is_shown, (Rect){LEFT, BARS_TOP, 130.0, BARS_HEIGHT});
  panel_place(&face->panel, &face->match.base, is_shown,
              (Rect){LEFT + 144.0, BARS_TOP, 320.0, BARS_HEIGHT});
  panel_place(&face->panel, &face->quality.base, is_shown,
              (Rect){LEFT + 474.0, BARS_TOP, 158.0, BARS_HEIGHT});
}

static void
arrange_browser(Face* const face)
{
  const bool is_shown = face->is_browsing;
  const double left = LEFT + PLACE_WIDTH + MARGIN;
  const double width = FACE_WIDTH - left - LEFT;
  for (size_t i = 0; i < BROWSER_MAX_PLACES; ++i) {
    panel_place(&face->panel, &face->places[i].base, is_shown && i < face->browser.n_places,
                (Rect){LEFT, 112.0 + (double)i * (PLACE_HEIGHT + 6.0), PLACE_WIDTH, PLACE_HEIGHT});
  }
  panel_place(&face->panel, &face->up.base, is_shown,
              (Rect){LEFT, 46.0, PLACE_WIDTH, PLACE_HEIGHT});
  panel_place(&face->panel, &face->browsed_path.base, is_shown,
              (Rect){left, 46.0, width - 110.0, PLACE_HEIGHT});
  panel_place(&face->panel, &face->close.base, is_shown,
              (Rect){left + width - 100.0, 46.0, 100.0, PLACE_HEIGHT});
  panel_place(&face->panel, &face->filter_view.base, is_shown, (Rect){left, 80.0, width, 26.0});
  panel_place(&face->panel, &face->list.base, is_shown,
              (Rect){left, 112.0, width, FACE_HEIGHT - 112.0 - MARGIN});
}

void
face_arrange(Face* const face)
{
  const bool is_shown = !face->is_browsing;
  const Rect meter = {8.0, MODEL_TOP, METER_WIDTH, FACE_HEIGHT - MODEL_TOP - MARGIN};
  const Rect other = {FACE_WIDTH - 8.0 - METER_WIDTH, meter.y, meter.w, meter.h};
  const bool has_note = is_shown && face->note.text[0];
  const bool has_dials = is_shown && !has_note;
  const bool has_tone = has_dials && face->tab == TAB_TONE;
  panel_place_plate(&face->panel, 0,
                    (Rect){LEFT, DIALS_TOP, has_dials ? WIDTH : 0.0, DIALS_HEIGHT});
  panel_place_plate(&face->panel, 1, (Rect){LEFT, TONE_TOP, has_tone ? WIDTH : 0.0, TONE_HEIGHT});
  arrange_header(face);
  panel_place(&face->panel, &face->input.base, true, meter);
  panel_place(&face->panel, &face->output.base, true, other);
  panel_place(&face->panel, &face->slots[SLOT_MODEL].base, is_shown,
              (Rect){LEFT, MODEL_TOP, WIDTH, MODEL_HEIGHT});
  panel_place(&face->panel, &face->slots[SLOT_CABINET].base, is_shown,
              (Rect){LEFT, CABINET_TOP, WIDTH - MODE_WIDTH - MARGIN, CABINET_HEIGHT});
  panel_place(&face->panel, &face->cabinet_mode.base, is_shown,
              (Rect){LEFT + WIDTH - MODE_WIDTH, CABINET_TOP + 8.0, MODE_WIDTH, 30.0});
  arrange_dials(face, DIAL_INPUT, DIAL_BASS, has_dials, DIALS_TOP);
  arrange_bars(face, has_dials);
  arrange_dials(face, DIAL_BASS, N_DIALS, has_tone, TONE_TOP);
  panel_place(&face->panel, &face->gates.base, has_dials && face->tab == TAB_NETWORK,
              (Rect){LEFT, TONE_TOP, WIDTH, TONE_HEIGHT});
  panel_place(&face->panel, &face->note.base, has_note,
              (Rect){LEFT, DIALS_TOP, WIDTH, TONE_TOP + TONE_HEIGHT - DIALS_TOP});
  arrange_browser(face);
}

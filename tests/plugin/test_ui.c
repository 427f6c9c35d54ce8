// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// The interface as players use it: by pointer and keyboard, with the plugin behind it. Places are
// logical pixels of plugin/ui/face_layout.c, with a model that has no knobs.

#include "tests/plugin/host_rig.h"
#include "tests/plugin/ui_desk.h"

#include <lv2/atom/atom.h>
#include <lv2/patch/patch.h>

#include <X11/keysym.h>
#include <dirent.h>
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define NOTE 0.3F

/// Where things stand
typedef struct {
  double x;
  double y;
} Spot;

static const Spot on_switch = {646.0, 20.0};
static const Spot model_name = {380.0, 90.0};
static const Spot model_back = {84.0, 97.0};
static const Spot model_next = {676.0, 97.0};
static const Spot cabinet_next = {396.0, 179.0};
static const Spot gate_dial = {380.0, 265.0};
static const Spot gate_value = {380.0, 307.0};
static const Spot network_tab = {161.0, 336.0};

static Desk* desk;

static int
start_desk(void** state)
{
  (void)state;
  desk = desk_new((DeskOptions){.scale = 1.0F});
  assert_non_null(desk);
  desk_run(desk, 8, NOTE);
  return 0;
}

static int
end_desk(void** state)
{
  (void)state;
  desk_free(desk);
  desk = NULL;
  return 0;
}

static void
click(const Spot spot)
{
  desk_click(desk, spot.x, spot.y);
}

/// Let what was chosen be loaded, and fade in
static void
settle(void)
{
  desk_run(desk, 8, NOTE);
}

/// Return true if the interface set a port since the last look
static bool
was_written(Desk* const of, const char* const symbol)
{
  return !isnan(desk_take_written(of, symbol));
}

static const char*
announced_name(void)
{
  const char* const path = host_take_announced(desk_host(desk));
  const char* const slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

static void
copy_model(const char* const model, const char* const folder, const char* const name)
{
  char command[4 * PATH_MAX];
  (void)snprintf(command, sizeof(command), "cp '%s' '%s/%s'", model, folder, name);
  assert_int_equal(system(command), 0);
}

/// Make a folder with models in it, as many as there are names
static void
make_models(const char* const folder, const char* const* const names, const size_t n)
{
  assert_int_equal(mkdir(folder, 0700), 0);
  for (size_t i = 0; i < n; ++i) {
    copy_model(i % 2 ? model_b : model_a, folder, names[i]);
  }
}

static void
choose_file(const char* const path)
{
  host_send_set(desk_host(desk), path);
  settle();
}

static void
every_dial_sets_its_port_and_follows_the_host(void** state)
{
  static const struct {
    const char* symbol;
    Spot spot;
    float start;
    float step; ///< A fiftieth of the range
  } dials[] = {
      {"input_level", {169.0, 265.0}, 3.0F, 0.96F},
      {"gate", {380.0, 265.0}, -50.0F, 1.4F},
      {"output_level", {591.0, 265.0}, -6.0F, 1.44F},
      {"bass", {127.0, 411.0}, 2.0F, 0.48F},
      {"middle", {253.0, 411.0}, 2.0F, 0.48F},
      {"treble", {380.0, 411.0}, 2.0F, 0.48F},
      {"presence", {506.0, 411.0}, 2.0F, 0.48F},
      {"cabinet_level", {632.0, 411.0}, 1.0F, 0.96F},
  };
  (void)state;
  for (size_t i = 0; i < sizeof(dials) / sizeof(dials[0]); ++i) {
    host_set(desk_host(desk), dials[i].symbol, dials[i].start);
    desk_run(desk, 1, NOTE);
    desk_wheel(desk, dials[i].spot.x, dials[i].spot.y, 1);
    assert_float_equal(desk_take_written(desk, dials[i].symbol), dials[i].start + dials[i].step,
                       1e-3);
    assert_int_equal(desk_count_touches(desk), 2 * (i + 1)); // Automation records it
  }
}

static void
a_dial_is_dragged_finely_or_not_and_hosts_are_told(void** state)
{
  (void)state;
  host_set(desk_host(desk), "input_level", 0.0F);
  desk_run(desk, 1, NOTE);
  desk_drag(desk, 169.0, 265.0, 165.0, false); // Half of the way from end to end
  assert_float_equal(desk_take_written(desk, "input_level"), 24.0F, 1e-3);
  desk_drag(desk, 169.0, 265.0, 365.0, true); // Half of it downwards, at a tenth
  assert_float_equal(desk_take_written(desk, "input_level"), 24.0F - 2.4F, 1e-3);
  assert_int_equal(desk_count_touches(desk), 4); // Held and let go, twice
}

static void
a_double_click_is_the_default(void** state)
{
  (void)state;
  host_set(desk_host(desk), "treble", 9.0F);
  desk_run(desk, 1, NOTE);
  desk_double_click(desk, 380.0, 411.0);
  assert_float_equal(desk_take_written(desk, "treble"), 0.0F, 0.0);
  desk_double_click(desk, 643.0, 336.0); // Twice on 2x is 2x, and twice on the word the default
  assert_float_equal(desk_take_written(desk, "quality"), 1.0F, 0.0);
  desk_double_click(desk, 560.0, 336.0);
  assert_float_equal(desk_take_written(desk, "quality"), 0.0F, 0.0);
}

static void
a_value_is_typed_with_point_or_comma(void** state)
{
  (void)state;
  click(gate_value);
  desk_type(desk, "-42,5");
  desk_key(desk, XK_Return);
  assert_float_equal(desk_take_written(desk, "gate"), -42.5F, 1e-4);
  desk_type(desk, "-1000");
  desk_key(desk, XK_Return);
  assert_float_equal(desk_take_written(desk, "gate"), -90.0F, 1e-4);
  desk_type(desk, "12");
  desk_key(desk, XK_Escape);
  assert_false(was_written(desk, "gate"));
}

static void
keys_turn_what_was_clicked(void** state)
{
  (void)state;
  host_set(desk_host(desk), "gate", -50.0F);
  desk_run(desk, 1, NOTE);
  click(gate_dial);
  desk_key(desk, XK_Up);
  assert_float_equal(desk_take_written(desk, "gate"), -48.6F, 1e-3);
  desk_key(desk, XK_Page_Down);
  assert_float_equal(desk_take_written(desk, "gate"), -62.6F, 1e-3);
  desk_key(desk, XK_Page_Up);
  assert_float_equal(desk_take_written(desk, "gate"), -48.6F, 1e-3);
  desk_key(desk, XK_End);
  assert_float_equal(desk_take_written(desk, "gate"), -20.0F, 1e-3);
  desk_key(desk, XK_Home);
  assert_float_equal(desk_take_written(desk, "gate"), -90.0F, 1e-3);
  desk_key(desk, XK_Tab); // To the output's dial
  desk_key(desk, XK_Down);
  assert_true(was_written(desk, "output_level"));
}

static void
keys_that_mean_nothing_are_the_hosts(void** state)
{
  (void)state;
  click(gate_dial);
  desk_press_key(desk, XK_Up);
  assert_true(was_written(desk, "gate"));
  assert_int_equal(desk_count_host_keys(desk), 0);
  desk_press_key(desk, XK_space);
  assert_int_equal(desk_count_host_keys(desk), 1);
  desk_key(desk, XK_space); // The host's own, which it could send for ever
  assert_int_equal(desk_count_host_keys(desk), 0);
}

static void
choices_and_the_switch_set_their_ports(void** state)
{
  (void)state;
  desk_click(desk, 394.0, 336.0);
  assert_float_equal(desk_take_written(desk, "level_match"), 1.0F, 0.0);
  desk_click(desk, 643.0, 336.0);
  assert_float_equal(desk_take_written(desk, "quality"), 1.0F, 0.0);
  click(on_switch);
  assert_float_equal(desk_take_written(desk, "enabled"), 0.0F, 0.0);
  click(on_switch);
  assert_float_equal(desk_take_written(desk, "enabled"), 1.0F, 0.0);
  desk_click(desk, 494.0, 179.0); // Without a cabinet
  assert_float_equal(desk_take_written(desk, "cabinet"), 0.0F, 0.0);
  assert_int_equal(desk_count_touches(desk), 10); // Hosts are told of each of the five
  settle();
  assert_float_equal(host_get(desk_host(desk), "cabinet_heard"), 0.0F, 0.0);
  desk_click(desk, 634.0, 179.0); // With the player's own
  settle();
  assert_float_equal(host_get(desk_host(desk), "cabinet_heard"), 2.0F, 0.0);
}

static void
wheel_and_keys_move_a_choice_to_its_ends(void** state)
{
  (void)state;
  desk_click(desk, 394.0, 336.0);
  assert_float_equal(desk_take_written(desk, "level_match"), 1.0F, 0.0);
  desk_key(desk, XK_Left);
  assert_float_equal(desk_take_written(desk, "level_match"), 0.0F, 0.0);
  desk_key(desk, XK_Left); // There is nothing before the first
  assert_false(was_written(desk, "level_match"));
  desk_key(desk, XK_Down);
  assert_float_equal(desk_take_written(desk, "level_match"), 1.0F, 0.0);
  desk_wheel(desk, 643.0, 336.0, -1);
  assert_float_equal(desk_take_written(desk, "quality"), 1.0F, 0.0);
  desk_wheel(desk, 643.0, 336.0, 1);
  assert_float_equal(desk_take_written(desk, "quality"), 0.0F, 0.0);
  desk_wheel(desk, 643.0, 336.0, 1);
  assert_false(was_written(desk, "quality"));
}

/// As captured, without, and the player's own
static void
a_model_with_a_cabinet_offers_three_choices(void** state)
{
  char rig[PATH_MAX];
  (void)state;
  write_rig("rig.json", 3, rig);
  choose_file(rig);
  desk_click(desk, 561.0, 179.0);
  assert_float_equal(desk_take_written(desk, "cabinet"), 0.0F, 0.0);
  settle();
  assert_float_equal(host_get(desk_host(desk), "cabinet_heard"), 0.0F, 0.0);
  desk_click(desk, 471.0, 179.0);
  assert_float_equal(desk_take_written(desk, "cabinet"), 1.0F, 0.0);
  settle();
  assert_float_equal(host_get(desk_host(desk), "cabinet_heard"), 1.0F, 0.0);
}

static void
calibrated_levels_show_the_interface_level(void** state)
{
  (void)state;
  desk_click(desk, 480.0, 336.0);
  assert_float_equal(desk_take_written(desk, "level_match"), 2.0F, 0.0);
  desk_run(desk, 1, NOTE);
  desk_wheel(desk, 643.0, 411.0, 1); // Six dials stand in the row now
  assert_float_equal(desk_take_written(desk, "interface_level"), 12.96F, 1e-3);
}

static void
arrows_step_through_the_folder(void** state)
{
  static const char* const names[] = {"one.json", "two.json", "three.json"};
  char folder[PATH_MAX];
  char first[PATH_MAX + 16];
  (void)state;
  fixture_path("arrows", folder);
  make_models(folder, names, 3);
  (void)snprintf(first, sizeof(first), "%s/one.json", folder);
  choose_file(first);
  click(model_next);
  settle();
  assert_string_equal(announced_name(), "three.json");
  click(model_next);
  click(model_next); // Twice at once: two steps
  settle();
  assert_string_equal(announced_name(), "one.json");
  click(model_back);
  settle();
  assert_string_equal(announced_name(), "two.json");
  desk_wheel(desk, model_name.x, model_name.y, -1);
  settle();
  assert_string_equal(announced_name(), "one.json");
}

static void
keys_step_through_the_folder_and_open_the_list(void** state)
{
  static const char* const names[] = {"1.json", "2.json", "3.json"};
  char folder[PATH_MAX];
  char first[PATH_MAX + 16];
  (void)state;
  fixture_path("stepping", folder);
  make_models(folder, names, 3);
  (void)snprintf(first, sizeof(first), "%s/1.json", folder);
  choose_file(first);
  click(model_next);
  settle();
  desk_key(desk, XK_Right);
  settle();
  assert_string_equal(announced_name(), "3.json");
  desk_key(desk, XK_Left);
  settle();
  assert_string_equal(announced_name(), "2.json");
  desk_key(desk, XK_Return);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_false(was_written(desk, "gate")); // The list is there
}

static void
arrows_go_on_from_a_file_that_fails(void** state)
{
  static const char* const names[] = {"a.json", "c.json"};
  char folder[PATH_MAX];
  char path[PATH_MAX + 16];
  (void)state;
  fixture_path("failing", folder);
  make_models(folder, names, 2);
  (void)snprintf(path, sizeof(path), "%s/b.json", folder);
  FILE* const file = fopen(path, "w");
  (void)fputs("{\"no\": \"model\"}", file);
  (void)fclose(file);
  (void)snprintf(path, sizeof(path), "%s/a.json", folder);
  choose_file(path);
  click(model_next);
  settle();
  assert_float_equal(host_get(desk_host(desk), "model_status"), 2.0F, 0.0);
  click(model_next);
  settle();
  assert_float_equal(host_get(desk_host(desk), "model_status"), 1.0F, 0.0);
  assert_string_equal(announced_name(), "c.json");
}

static void
the_cabinet_has_arrows_too(void** state)
{
  (void)state;
  (void)host_take_announced_cabinet(desk_host(desk));
  click(cabinet_next);
  settle();
  assert_non_null(strstr(host_take_announced_cabinet(desk_host(desk)), "/cabinets/"));
}

static void
the_cabinet_has_a_list_too(void** state)
{
  (void)state;
  (void)host_take_announced_cabinet(desk_host(desk));
  desk_click(desk, 240.0, 179.0);
  desk_click(desk, 400.0, 148.0);
  settle();
  assert_non_null(strstr(host_take_announced_cabinet(desk_host(desk)), "/cabinets/"));
}

static void
the_browser_chooses_with_a_click_and_with_keys(void** state)
{
  static const char* const names[] = {"Amp 1.json", "Amp 2.json", "Amp 10.json", "Боб.json"};
  char folder[PATH_MAX];
  char path[PATH_MAX + 16];
  (void)state;
  fixture_path("browser", folder);
  make_models(folder, names, 4);
  (void)snprintf(path, sizeof(path), "%s/Amp 1.json", folder);
  choose_file(path);
  click(model_name);
  desk_click(desk, 400.0, 148.0); // The second row
  settle();
  assert_string_equal(announced_name(), "Amp 2.json");
  desk_key(desk, XK_Down);
  desk_key(desk, XK_Return);
  settle();
  assert_string_equal(announced_name(), "Amp 10.json");
  desk_type(desk, "p 1."); // Only one has these letters
  desk_click(desk, 400.0, 124.0);
  settle();
  assert_string_equal(announced_name(), "Amp 1.json");
  desk_key(desk, XK_Escape);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1); // It is closed: dials are there again
  assert_true(was_written(desk, "gate"));
}

/// Choose a row of the list that is open; return what is played then
static const char*
choose_seen_row(const int row)
{
  desk_click(desk, 400.0, 124.0 + 24.0 * row);
  settle();
  return announced_name();
}

/// Let a key choose, as choose_seen_row()
static const char*
choose_with(const KeySym key)
{
  desk_key(desk, key);
  desk_key(desk, XK_Return);
  settle();
  return announced_name();
}

/// Open a list of 40 models, of which 14 are seen
static void
open_long_list(const char* const name)
{
  char folder[PATH_MAX];
  char file[PATH_MAX + 16];
  fixture_path(name, folder);
  make_models(folder, NULL, 0);
  for (int i = 0; i < 40; ++i) {
    (void)snprintf(file, sizeof(file), "%02d.json", i);
    copy_model(model_a, folder, file);
  }
  (void)snprintf(file, sizeof(file), "%s/00.json", folder);
  choose_file(file);
  click(model_name);
}

static void
a_long_list_is_scrolled_by_wheel_and_bar(void** state)
{
  const double bar = 692.0;
  (void)state;
  open_long_list("scrolled");
  desk_wheel(desk, 400.0, 200.0, -2);
  assert_string_equal(choose_seen_row(0), "06.json");
  desk_wheel(desk, 400.0, 200.0, 1);
  assert_string_equal(choose_seen_row(0), "03.json");
  desk_click(desk, bar, 455.0); // Below the handle, which comes there
  assert_string_equal(choose_seen_row(0), "26.json");
  desk_drag(desk, bar, 400.0, 286.25, false); // Half of the way that the handle has
  assert_string_equal(choose_seen_row(0), "13.json");
  desk_drag(desk, bar, 286.0, 0.0, false);
  assert_string_equal(choose_seen_row(0), "00.json");
}

static void
keys_move_through_a_long_list(void** state)
{
  (void)state;
  open_long_list("paged");
  assert_string_equal(choose_with(XK_End), "39.json");
  assert_string_equal(choose_with(XK_Page_Up), "25.json");
  assert_string_equal(choose_with(XK_Up), "24.json");
  assert_string_equal(choose_with(XK_Page_Down), "38.json");
  assert_string_equal(choose_with(XK_Home), "00.json");
}

static void
backspace_takes_back_letters_and_then_goes_up(void** state)
{
  char folder[PATH_MAX];
  char path[PATH_MAX + 32];
  (void)state;
  fixture_path("up", folder);
  make_models(folder, (const char* const[]){"above.json"}, 1);
  (void)snprintf(path, sizeof(path), "%s/inner", folder);
  make_models(path, (const char* const[]){"a.json", "b.json"}, 2);
  (void)snprintf(path, sizeof(path), "%s/inner/a.json", folder);
  choose_file(path);
  click(model_name);
  desk_type(desk, "b.");
  assert_string_equal(choose_seen_row(0), "b.json");
  desk_key(desk, XK_BackSpace);
  desk_key(desk, XK_BackSpace);
  assert_string_equal(choose_seen_row(0), "a.json");
  desk_key(desk, XK_BackSpace); // The folder that we came from is selected there
  assert_string_equal(choose_with(XK_Down), "above.json");
  assert_string_equal(choose_seen_row(0), "");
  assert_string_equal(choose_seen_row(1), "b.json");
  desk_click(desk, 124.0, 61.0); // The button does the same
  assert_string_equal(choose_seen_row(1), "above.json");
  desk_click(desk, 646.0, 61.0);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(desk, "gate")); // It is closed
}

static void
letters_of_other_scripts_find_files(void** state)
{
  // Of two, three and four bytes: be, a of Katakana, the clef of G
  static const KeySym letters[] = {0x1000431, 0x10030a2, 0x101d11e};
  static const char* const names[] = {"Боб.json", "アンプ.json", "𝄞.json", "z.json"};
  char folder[PATH_MAX];
  char path[PATH_MAX + 16];
  (void)state;
  fixture_path("scripts", folder);
  make_models(folder, names, 4);
  (void)snprintf(path, sizeof(path), "%s/z.json", folder);
  choose_file(path);
  click(model_name);
  for (size_t i = 0; i < 3; ++i) {
    desk_type_letter(desk, letters[i]);
    assert_string_equal(choose_seen_row(0), names[i]);
    desk_key(desk, XK_BackSpace); // Takes back all of its bytes
    desk_type(desk, "z");
    assert_string_equal(choose_seen_row(0), "z.json");
    desk_key(desk, XK_BackSpace);
  }
}

static void
a_double_click_chooses_only_what_was_seen(void** state)
{
  char folder[PATH_MAX];
  char path[PATH_MAX + 32];
  (void)state;
  fixture_path("clicks", folder);
  (void)snprintf(path, sizeof(path), "%s/a folder", folder);
  make_models(folder, NULL, 0);
  make_models(path, (const char* const[]){"within.json"}, 1);
  (void)snprintf(path, sizeof(path), "%s/b.json", folder);
  copy_model(model_a, folder, "b.json");
  choose_file(path);
  (void)announced_name();
  desk_double_click(desk, 380.0, 124.0); // Opens the browser; its first row is there then
  settle();
  desk_double_click(desk, 400.0, 124.0); // Opens the folder, with a file at the same place
  settle();
  assert_string_equal(announced_name(), "");
  desk_click(desk, 400.0, 124.0);
  settle();
  assert_string_equal(announced_name(), "within.json");
  desk_click(desk, 400.0, 455.0); // Where no row is
  settle();
  assert_string_equal(announced_name(), "");
}

static void
a_file_is_dropped(void** state)
{
  char room[PATH_MAX];
  (void)state;
  (void)announced_name();
  desk_drop(desk, model_a, model_name.x, model_name.y);
  settle();
  assert_string_equal(announced_name(), strrchr(model_a, '/') + 1);
  write_room("dropped room.wav", room); // With a space, which stands as it is or as %20
  (void)host_take_announced_cabinet(desk_host(desk));
  desk_drop(desk, room, model_name.x, model_name.y);
  settle();
  assert_string_equal(host_take_announced_cabinet(desk_host(desk)), room);
}

static void
a_file_that_is_offered_in_many_ways_is_dropped(void** state)
{
  char folder[PATH_MAX];
  char path[PATH_MAX + 32];
  (void)state;
  (void)announced_name();
  fixture_path("many", folder);
  make_models(folder, (const char* const[]){"Боб 50%25.json"}, 1);
  (void)snprintf(path, sizeof(path), "%s/Боб 50%%25.json", folder);
  desk_drop_in_many_ways(desk, path, model_name.x, model_name.y);
  settle();
  assert_string_equal(announced_name(), "Боб 50%25.json");
}

static void
a_file_that_is_dropped_elsewhere_is_the_hosts(void** state)
{
  (void)state;
  (void)announced_name();
  desk_drop(desk, model_a, model_name.x, 500.0); // Below the interface
  settle();
  assert_string_equal(announced_name(), "");
  assert_int_equal(desk_count_host_drops(desk), 1);
  desk_drop(desk, model_a, model_name.x, model_name.y);
  assert_int_equal(desk_count_host_drops(desk), 0);
}

/// Return how many pixels differ from the plate where the network is drawn
static uint32_t
count_network(void)
{
  return 616U * 72U - desk_count_colour(desk, 0x14171b, 72, 382, 616, 72) -
         desk_count_colour(desk, 0x242a31, 72, 382, 616, 72);
}

static void
the_network_is_seen_at_work_if_it_is_a_gru(void** state)
{
  char lstm[PATH_MAX];
  (void)state;
  choose_file(model_a);
  click(network_tab);
  desk_run(desk, fixture_is_slow() ? 40 : 90, NOTE);
  assert_true(count_network() > 5000);
  write_model("lstm.json", CELL_LSTM, 5, lstm);
  choose_file(lstm);
  usleep(800000); // Nothing comes for a while
  desk_run(desk, 4, NOTE);
  assert_true(count_network() < 4000); // Only the sentence that says so
  assert_true(count_network() > 100);
}

static uint32_t
count_alarm(void)
{
  return desk_count_colour(desk, 0xec6a5b, 64, 46, 632, 102);
}

static void
a_failure_is_shown_until_the_next_choice(void** state)
{
  (void)state;
  assert_int_equal(count_alarm(), 0);
  choose_file("/nowhere/at all.json");
  assert_true(count_alarm() > 50);
  choose_file(model_a);
  assert_int_equal(count_alarm(), 0);
}

static void
a_click_on_a_meter_forgets_that_it_clipped(void** state)
{
  (void)state;
  desk_run(desk, 4, 0.1F);
  assert_int_equal(desk_count_colour(desk, 0xec6a5b, 8, 46, 48, 60), 0);
  desk_run(desk, 4, 2.0F);
  desk_run(desk, 150, 0.1F); // Until the peak has fallen
  assert_true(desk_count_colour(desk, 0xec6a5b, 8, 46, 48, 60) > 50);
  desk_click(desk, 32.0, 250.0);
  desk_run(desk, 1, 0.1F);
  assert_int_equal(desk_count_colour(desk, 0xec6a5b, 8, 46, 48, 60), 0);
}

static void
a_fault_is_told_in_full_under_the_pointer(void** state)
{
  (void)state;
  choose_file("/nowhere/at all.json");
  desk_hover(desk, model_name.x, model_name.y);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1); // There is the text, until now
  assert_false(was_written(desk, "gate"));
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(desk, "gate"));
  choose_file(model_a);
  desk_hover(desk, model_name.x, model_name.y); // Nothing to tell
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(desk, "gate"));
}

/// A message that tells a text
typedef struct {
  LV2_Atom_Object object;
  uint32_t property_key;
  uint32_t property_context;
  LV2_Atom_URID property;
  uint32_t padding;
  uint32_t value_key;
  uint32_t value_context;
  LV2_Atom value;
  char text[64];
} Telling;

static void
messages_with_wrong_sizes_show_nothing(void** state)
{
  Host* const host = desk_host(desk);
  const uint32_t size = sizeof(Telling) - sizeof(LV2_Atom);
  (void)state;
  Telling message = {
      .object = {{size, host_map(host, LV2_ATOM__Object)}, {0, host_map(host, LV2_PATCH__Set)}},
      .property_key = host_map(host, LV2_PATCH__property),
      .property = {{sizeof(LV2_URID), host_map(host, LV2_ATOM__URID)},
                   host_map(host, "urn:grus:model-message")},
      .value_key = host_map(host, LV2_PATCH__value),
      .value = {sizeof(message.text), host_map(host, LV2_ATOM__String)},
      .text = "a fault, told in as many words as can be seen from afar"};
  for (uint32_t n = 0; n < sizeof(message); n += 4) { // Less than the message says
    desk_tell(desk, n, &message);
  }
  message.value.size = 100000; // More than there is
  desk_tell(desk, sizeof(message), &message);
  desk_run(desk, 2, NOTE);
  assert_int_equal(count_alarm(), 0);
  message.value.size = sizeof(message.text);
  desk_tell(desk, sizeof(message), &message);
  desk_run(desk, 2, NOTE);
  assert_true(count_alarm() > 50);
}

static void
two_interfaces_of_two_plugins_live_side_by_side(void** state)
{
  (void)state;
  Desk* const other = desk_new((DeskOptions){.is_stereo = true, .is_light = true});
  assert_non_null(other);
  desk_run(other, 4, NOTE);
  desk_wheel(other, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(other, "gate"));
  assert_false(was_written(desk, "gate"));
  desk_free(other);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(desk, "gate"));
}

static void
it_opens_and_closes_many_times(void** state)
{
  const int n = fixture_is_slow() ? 4 : 200;
  (void)state;
  for (int i = 0; i < n; ++i) {
    desk_close(desk);
    assert_true(desk_open(desk));
    desk_run(desk, 1, NOTE);
    if (i % 2) {
      click(model_name); // Closed again with its list open
    }
  }
}

static void
the_host_may_destroy_the_window_while_the_list_is_open(void** state)
{
  (void)state;
  click(model_name);
  desk_destroy_window(desk);
  assert_int_not_equal(desk_idle(desk), 0);
  desk_run(desk, 4, NOTE);
  desk_close(desk);
}

static void
any_scale_and_any_size_are_drawn(void** state)
{
  static const float scales[] = {1.5F, 3.0F, 0.01F, -2.0F, 1e9F, NAN, INFINITY};
  static const int sizes[][2] = {{1, 1}, {20, 1000}, {1500, 30}, {2200, 1500}, {760, 472}};
  (void)state;
  for (size_t i = 0; i < (fixture_is_slow() ? 1 : sizeof(scales) / sizeof(scales[0])); ++i) {
    Desk* const other = desk_new((DeskOptions){.scale = scales[i]});
    assert_non_null(other);
    desk_run(other, 2, NOTE);
    desk_free(other);
  }
  for (size_t i = fixture_is_slow() ? 4 : 0; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    desk_resize(desk, sizes[i][0], sizes[i][1]);
    desk_run(desk, 2, NOTE);
  }
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1);
  assert_true(was_written(desk, "gate"));
}

static void
a_host_may_size_hide_and_show_it(void** state)
{
  (void)state;
  assert_true(desk_ask_for_size(desk, 1140, 708));
  desk_run(desk, 2, NOTE);
  desk_wheel(desk, gate_dial.x, gate_dial.y, 1); // It has grown with the window
  assert_true(was_written(desk, "gate"));
  assert_false(desk_show(desk, false));
  desk_run(desk, 2, NOTE);
  assert_true(desk_show(desk, true));
}

static void
odd_folders_are_listed(void** state)
{
  char folder[PATH_MAX];
  char path[PATH_MAX + 64];
  const int n = fixture_is_slow() ? 50 : 10000;
  (void)state;
  fixture_path("odd", folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  for (int i = 0; i < n; ++i) {
    (void)snprintf(path, sizeof(path), "%s/%s %d.json", folder,
                   i % 3 == 0   ? "\xff\xfe broken"
                   : i % 3 == 1 ? "アンプ"
                                : "مكبر",
                   i);
    FILE* const file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
  }
  (void)snprintf(path, sizeof(path), "%s/loop", folder);
  assert_int_equal(symlink(".", path), 0);
  (void)snprintf(path, sizeof(path), "%s/a model.json", folder);
  copy_model(model_a, folder, "a model.json");
  choose_file(path);
  click(model_name);
  for (int i = 0; i < 4; ++i) { // Into the loop, and again
    desk_key(desk, XK_Home);
    desk_key(desk, XK_Return);
  }
  desk_key(desk, XK_End);
  desk_run(desk, 1, NOTE);
  char command[PATH_MAX + 64];
  (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
  assert_int_equal(system(command), 0);
  desk_type(desk, "x"); // The folder is gone
  click(model_name);
  desk_key(desk, XK_Escape);
  click(model_next);
  desk_run(desk, 2, NOTE);
}

static unsigned n_writes; ///< To the X server, by the interface
static bool is_counting;

/// The C library's, counted: libxcb writes with it
__attribute__((visibility("default"))) ssize_t
writev(const int fd, const struct iovec* const vectors, const int n)
{
  static ssize_t (*real)(int, const struct iovec*, int);
  if (!real) {
    *(void**)&real = dlsym(RTLD_NEXT, "writev");
  }
  n_writes += is_counting;
  return real(fd, vectors, n);
}

static void
nothing_is_sent_while_nothing_moves(void** state)
{
  (void)state;
  desk_run(desk, 150, 0.0F); // Until the held peaks have fallen
  usleep(1700000);
  desk_run(desk, 2, 0.0F);
  is_counting = true;
  n_writes = 0;
  for (int i = 0; i < 60; ++i) {
    (void)desk_idle_alone(desk);
  }
  is_counting = false;
  assert_int_equal(n_writes, 0);
  is_counting = true; // The count can count
  click(network_tab);
  is_counting = false;
  assert_true(n_writes > 0);
}

static void
a_host_window_with_alpha_shows_it_too(void** state)
{
  (void)state;
  Desk* const alpha = desk_new((DeskOptions){.scale = 1.0F, .has_alpha = true});
  assert_non_null(alpha);
  desk_run(alpha, 4, NOTE);
  assert_true(desk_count_colour(alpha, 0xe5a644, 64, 0, 90, 40) > 20); // The name in the corner
  desk_free(alpha);
}

static void
without_a_parent_it_opens_a_window_of_its_own(void** state)
{
  (void)state;
  Desk* const alone = desk_new((DeskOptions){.has_no_parent = true, .scale = 1.0F});
  assert_non_null(alone);
  desk_run(alone, 2, NOTE);
  assert_true(desk_delete_window(alone) != 0);
  desk_free(alone);
}

static void
a_model_of_ones_own_is_three_clicks_away(void** state)
{
  static const char* const names[] = {"mine.json", "other.json"};
  char folder[PATH_MAX];
  char bundle[PATH_MAX + 32];
  (void)state;
  fixture_path("home", folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  (void)snprintf(bundle, sizeof(bundle), "%s/grus-own.lv2", folder);
  make_models(bundle, names, 1);
  (void)setenv("HOME", folder, 1);
  (void)setenv("XDG_STATE_HOME", folder, 1); // Nothing is remembered there
  click(model_name);
  desk_click(desk, 124.0, 163.0); // Home, below Factory
  desk_click(desk, 400.0, 124.0); // The preset's folder, which has nothing but the model
  settle();
  assert_string_equal(announced_name(), "mine.json");
}

static void
the_next_interface_offers_the_last_folder(void** state)
{
  static const char* const names[] = {"one.json", "two.json"};
  char folder[PATH_MAX];
  char path[PATH_MAX + 16];
  (void)state;
  fixture_path("last", folder);
  make_models(folder, names, 2);
  (void)snprintf(path, sizeof(path), "%s/one.json", folder);
  choose_file(path);
  click(model_name);
  desk_click(desk, 400.0, 148.0);
  settle();
  assert_string_equal(announced_name(), "two.json");
  desk_free(desk);
  desk = desk_new((DeskOptions){.scale = 1.0F}); // With the factory's model
  desk_run(desk, 4, NOTE);
  click(model_name);
  desk_click(desk, 124.0, 127.0);
  desk_click(desk, 400.0, 124.0);
  settle();
  assert_string_equal(announced_name(), "one.json");
}

/// The picture in a folder that shows the same as `shown` does after some sound
static void
name_picture(const char* const folder, const bool is_light, char path[PATH_MAX])
{
  (void)snprintf(path, PATH_MAX, "%s/face-%s.png", folder, is_light ? "light" : "dark");
}

static void
it_looks_as_in_the_documentation(void** state)
{
  const char* const folder = getenv("GRUS_FACES");
  (void)state;
  assert_non_null(folder);
  for (int is_light = 0; is_light < 2; ++is_light) {
    char path[PATH_MAX];
    Desk* const shown = desk_new((DeskOptions){.scale = 1.0F, .is_light = is_light});
    assert_non_null(shown);
    desk_run(shown, 20, NOTE);
    name_picture(folder, is_light, path);
    const double worst = desk_compare(shown, path);
    assert_true(worst >= 0.0);
    assert_true(worst < 40.0); // A widget that moves or is missing is 60 and more
    desk_free(shown);
  }
}

static void
what_moves_leaves_no_traces(void** state)
{
  char path[PATH_MAX];
  (void)state;
  fixture_path("moved.png", path);
  Desk* const shown = desk_new((DeskOptions){.scale = 1.37F}); // Edges lie between pixels
  assert_non_null(shown);
  for (int i = 0; i < 60; ++i) {
    desk_run(shown, 1, 0.02F + 0.5F * (float)(i * 37 % 60) / 60.0F);
  }
  desk_run(shown, 100, 0.02F); // Until the meters stand still, and then the held peaks
  usleep(1700000);
  desk_run(shown, 4, 0.02F);
  desk_save(shown, path);
  desk_click(shown, 161.0, 336.0); // Everything is drawn again
  desk_click(shown, 97.0, 336.0);
  assert_true(desk_compare(shown, path) >= 0.0);
  assert_true(desk_compare_part(shown, path, 8.0 / 760.0, 64.0 / 760.0) < 1.0);
  desk_free(shown);
}

/// Play as fast as a host does, so that the load is what it is there
static void
play_in_time(Desk* const shown, const int n_blocks, const float level)
{
  for (int i = 0; i < n_blocks; ++i) {
    desk_run(shown, 1, level);
    usleep(20000);
  }
}

/// Save a picture of the network at work on notes that fade
static void
save_network(Desk* const shown, const char* const folder)
{
  char path[PATH_MAX];
  desk_click(shown, network_tab.x, network_tab.y);
  for (int i = 0; i < 150; ++i) {
    play_in_time(shown, 1, 0.7F * expf(-0.1F * (float)(i % 30)));
  }
  (void)snprintf(path, sizeof(path), "%s/face-network.png", folder);
  desk_save(shown, path);
}

/// Save the pictures of the documentation, and of other scales, in a folder
static int
save_pictures(const char* const folder)
{
  for (int i = 0; i < 4; ++i) {
    char path[PATH_MAX];
    Desk* const shown =
        desk_new((DeskOptions){.scale = i < 2 ? 1.0F : 2.0F, .is_light = i % 2 == 1});
    play_in_time(shown, 120, NOTE);
    if (i < 2) {
      name_picture(folder, i == 1, path);
    } else {
      (void)snprintf(path, sizeof(path), "%s/large-%d.png", folder, i);
    }
    desk_save(shown, path);
    if (i == 0) {
      save_network(shown, folder);
    }
    desk_free(shown);
  }
  return 0;
}

/// Set up models, and folders for what the interface remembers
static int
set_up(void** state)
{
  char folder[PATH_MAX];
  const int result = host_rig_set_up(state);
  fixture_path("state", folder);
  return result || setenv("XDG_STATE_HOME", folder, 1);
}

int
main(void)
{
#define ON_DESK(name) cmocka_unit_test_setup_teardown(name, start_desk, end_desk)
  const struct CMUnitTest tests[] = {
      ON_DESK(every_dial_sets_its_port_and_follows_the_host),
      ON_DESK(a_dial_is_dragged_finely_or_not_and_hosts_are_told),
      ON_DESK(a_double_click_is_the_default),
      ON_DESK(a_value_is_typed_with_point_or_comma),
      ON_DESK(keys_turn_what_was_clicked),
      ON_DESK(keys_that_mean_nothing_are_the_hosts),
      ON_DESK(choices_and_the_switch_set_their_ports),
      ON_DESK(wheel_and_keys_move_a_choice_to_its_ends),
      ON_DESK(a_model_with_a_cabinet_offers_three_choices),
      ON_DESK(calibrated_levels_show_the_interface_level),
      ON_DESK(arrows_step_through_the_folder),
      ON_DESK(keys_step_through_the_folder_and_open_the_list),
      ON_DESK(arrows_go_on_from_a_file_that_fails),
      ON_DESK(the_cabinet_has_arrows_too),
      ON_DESK(the_cabinet_has_a_list_too),
      ON_DESK(the_browser_chooses_with_a_click_and_with_keys),
      ON_DESK(a_model_of_ones_own_is_three_clicks_away),
      ON_DESK(a_long_list_is_scrolled_by_wheel_and_bar),
      ON_DESK(keys_move_through_a_long_list),
      ON_DESK(backspace_takes_back_letters_and_then_goes_up),
      ON_DESK(letters_of_other_scripts_find_files),
      ON_DESK(a_double_click_chooses_only_what_was_seen),
      ON_DESK(a_file_is_dropped),
      ON_DESK(a_file_that_is_offered_in_many_ways_is_dropped),
      ON_DESK(a_file_that_is_dropped_elsewhere_is_the_hosts),
      ON_DESK(the_network_is_seen_at_work_if_it_is_a_gru),
      ON_DESK(a_failure_is_shown_until_the_next_choice),
      ON_DESK(a_click_on_a_meter_forgets_that_it_clipped),
      ON_DESK(a_fault_is_told_in_full_under_the_pointer),
      ON_DESK(messages_with_wrong_sizes_show_nothing),
      ON_DESK(two_interfaces_of_two_plugins_live_side_by_side),
      ON_DESK(it_opens_and_closes_many_times),
      ON_DESK(the_host_may_destroy_the_window_while_the_list_is_open),
      ON_DESK(any_scale_and_any_size_are_drawn),
      ON_DESK(a_host_may_size_hide_and_show_it),
      ON_DESK(odd_folders_are_listed),
      ON_DESK(nothing_is_sent_while_nothing_moves),
      ON_DESK(the_next_interface_offers_the_last_folder),
      cmocka_unit_test(what_moves_leaves_no_traces),
      cmocka_unit_test(it_looks_as_in_the_documentation),
      cmocka_unit_test(a_host_window_with_alpha_shows_it_too),
      ON_DESK(without_a_parent_it_opens_a_window_of_its_own),
  };
  const char* const pictures = getenv("GRUS_UI_PICTURES");
  return pictures ? save_pictures(pictures) : cmocka_run_group_tests(tests, set_up, NULL);
}

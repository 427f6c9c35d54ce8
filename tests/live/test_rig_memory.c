// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// Whichever allocation fails, the rig plays on, says so, loses no entry and no file, and does the
// same thing well when it is asked again. Each of the first allocations of a command fails in turn,
// and one in so many of the thousands that a model takes: alone, or with all after it. With
// GRUS_TEST_THOROUGHLY=1 they are closer.

#include "core/format/model_file_io.h"
#include "live/events_out.h"
#include "live/osc.h"
#include "live/rig.h"
#include "live/setlist_reader.h"
#include "tests/allocation.h"
#include "tests/checks.h"
#include "tests/fixtures.h"
#include "tests/live/client_stub.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RATE 48000.0
#define N_LISTED 3U ///< Entries of the set list
#define N_FILES 4U
#define SETTLED 8U  ///< Blocks after which no fade goes on
#define N_DENSE 60L ///< First allocations that all fail
#define STRIDE 173L ///< Then
#define STRIDE_THOROUGH 11L

static const EngineControls defaults = ENGINE_DEFAULT_CONTROLS;
static const char* const file_names[N_FILES] = {"one.json", "two.json", "three.json", "four.json"};
static char files[N_FILES][4096];
static char list_path[4096];
static char load_line[5000];
static char* arguments[] = {list_path, NULL};
static LiveOptions options;
static Rig rig;
static FILE* output;
static char said[65536]; ///< Answers, "event:" for each

static void
hear_answer(const uint32_t asker, const char* const event, const EventField* const fields,
            void* const data)
{
  const size_t n = strlen(said);
  (void)asker;
  (void)fields;
  (void)data;
  (void)snprintf(said + n, sizeof(said) - n, "%s:", event);
}

static int
set_up(void** const state)
{
  (void)state;
  for (uint32_t i = 0; i < N_FILES; ++i) {
    ModelFile file = fixture_model_file(CELL_GRU_RESET_BEFORE, 2, 70 + i);
    file.loudness = (ModelFileLoudness){.middle = {true, -20.0}};
    fixture_path(file_names[i], files[i]);
    assert_int_equal(model_file_write(&file, files[i], NULL), STATUS_OK);
    model_file_clear(&file);
  }
  fixture_path("list.json", list_path);
  (void)snprintf(load_line, sizeof(load_line), "load %s", files[3]);
  output = fopen("/dev/null", "we");
  assert_non_null(output);
  events_print_to(output);
  events_answer_by(hear_answer, NULL);
  return 0;
}

static int
tear_down(void** const state)
{
  (void)state;
  events_print_to(NULL);
  return fclose(output);
}

static void
write_list(void)
{
  fixture_write_text(list_path, "{\"entries\": [\n"
                                "  {\"name\": \"One\", \"model\": \"one.json\"},\n"
                                "  {\"name\": \"Two\", \"model\": \"two.json\"},\n"
                                "  {\"name\": \"Three\", \"model\": \"three.json\"}\n"
                                "]}\n");
}

static void
play_rig(void)
{
  float x[STUB_BLOCK] = {0.1F};
  for (uint32_t k = 0; k < SETTLED && stub_player(); ++k) {
    player_run(stub_player(), (const float* const[]){x}, (float* const[]){x}, STUB_BLOCK);
    rig_step(&rig);
  }
}

/// Give a command, as from the network, and let it happen
static void
say(const char* const line)
{
  said[0] = '\0';
  rig_run_line(&rig, line, 1);
  stub_settle_rig(&rig);
  play_rig();
  stub_settle_rig(&rig);
}

static void
begin_rig(void)
{
  options = (LiveOptions){.client = {.name = "grus", .n_channels = 1, .connects = true},
                          .controls = defaults,
                          .files = arguments,
                          .n_files = 1,
                          .osc_allow = OSC_ALLOW_ALL};
  write_list();
  stub_set_server(RATE);
  rig_init(&rig, &options, -1);
}

static void
start_rig(void)
{
  begin_rig();
  stub_settle_rig(&rig);
  stub_settle_rig(&rig);
  assert_non_null(stub_player());
  play_rig();
}

/// The set list is what it was, or whole with what was changed
static void
check_list_on_disk(void)
{
  Setlist setlist = {0};
  Message message = {""};
  if (setlist_read(list_path, &defaults, &setlist, &message)) {
    fail_msg("%s", message.text);
  }
  assert_int_equal(setlist.n_entries, N_LISTED);
  setlist_clear(&setlist);
}

static void
check_it_plays(void)
{
  static const char* const names[N_LISTED] = {"One", "Two", "Three"};
  assert_non_null(stub_player());
  check_at_least(rig.setlist.n_entries, N_LISTED);
  for (uint32_t i = 0; i < N_LISTED; ++i) {
    assert_string_equal(rig.setlist.entries[i].name, names[i]);
    assert_non_null(rig.sounds->sounds[i].sound);
  }
  assert_int_equal(player_state(stub_player()).current, rig.current);
  check_list_on_disk();
}

/// A command, and what is answered when it is done
typedef struct {
  const char* line;
  const char* answer;
  bool moves_pedal;
} Case;

static void
give(const Case* const c)
{
  static uint8_t cc = 0;
  const uint8_t moved[] = {0xB0, cc, 100};
  cc = (uint8_t)((cc + 1U) % 100U); // Not one that was moving before
  say(c->line);
  if (c->moves_pedal && stub_player()) {
    player_midi(stub_player(), moved, sizeof(moved));
  }
  play_rig();
  stub_settle_rig(&rig);
}

/// Give a command while an allocation fails; return whether one did, and what is held at the end
static AllocationCounts
give_failing(const Case* const c, const AllocationFailures failures)
{
  static const AllocationFailures none = {.first = ALLOCATION_NEVER};
  allocation_count(none);
  start_rig();
  (void)allocation_plan(failures);
  give(c);
  AllocationCounts counts = allocation_plan(none);
  if (!strstr(said, c->answer) && !strstr(said, "error:")) {
    fail_msg("\"%s\" without allocation %ld says \"%s\"", c->line, failures.first, said);
  }
  check_it_plays();
  give(c);
  if (!strstr(said, c->answer)) {
    fail_msg("\"%s\" after allocation %ld failed says \"%s\"", c->line, failures.first, said);
  }
  check_it_plays();
  rig_clear(&rig);
  counts.n_held = allocation_stop().n_held;
  return counts;
}

/// Do that, and check that nothing leaks: what libc keeps of a new thread is kept only once
static bool
fail_without_leak(const Case* const c, const AllocationFailures failures)
{
  AllocationCounts counts = give_failing(c, failures);
  for (uint32_t i = 0; i < 3 && counts.n_held; ++i) {
    counts = give_failing(c, failures);
  }
  assert_int_equal(counts.n_held, 0);
  return counts.has_failed;
}

static long
next_of(const long k)
{
  const bool is_thorough = getenv("GRUS_TEST_THOROUGHLY") != NULL;
  return k < N_DENSE ? k + 1 : k + (is_thorough ? STRIDE_THOROUGH : STRIDE);
}

static void
check_command(const Case* const c)
{
  if (!allocation_is_trapped()) {
    return;
  }
  for (int and_later = 0; and_later < 2; ++and_later) {
    long k = 0;
    while (fail_without_leak(c, (AllocationFailures){k, and_later, false})) {
      k = next_of(k);
    }
    (void)printf("# %s: %ld allocations\n", c->line, k);
  }
}

static void
a_model_is_loaded_or_the_sound_stays(void** const state)
{
  (void)state;
  check_command(&(Case){load_line, "selected:", false});
}

static void
a_set_list_is_read_again_or_the_sound_stays(void** const state)
{
  (void)state;
  write_list();
  check_command(&(Case){"reload", "", false});
}

static void
a_step_leads_on_or_the_sound_stays(void** const state)
{
  (void)state;
  check_command(&(Case){"model_next", "selected:", false});
}

static void
controls_are_saved_or_the_set_list_stays(void** const state)
{
  (void)state;
  check_command(&(Case){"save", "saved:", false});
}

static void
a_pedal_is_learned_or_the_set_list_stays(void** const state)
{
  (void)state;
  check_command(&(Case){"learn treble", "learned:", true});
}

static void
a_rate_is_kept_or_the_sound_stays(void** const state)
{
  (void)state;
  check_command(&(Case){"model_rate 44100", "", false});
}

/// Without memory at the start, the rig says so, or waits and tries again
static void
a_start_without_memory_is_reported(void** const state)
{
  (void)state;
  if (!allocation_is_trapped()) {
    return;
  }
  bool has_failed = true;
  for (long k = 0; has_failed; k = next_of(k)) {
    said[0] = '\0';
    begin_rig();
    allocation_count((AllocationFailures){k, k % 2, false});
    events_answer_to(1);
    stub_settle_rig(&rig);
    stub_settle_rig(&rig);
    has_failed = allocation_stop().has_failed;
    assert_true(has_failed || stub_player());
    rig_clear(&rig);
    check_list_on_disk();
  }
}

/// The port hears, but nobody may get an answer
static void
a_packet_without_memory_is_refused(void** const state)
{
  (void)state;
  static const char packet[] = "/grus/set\0\0\0,sf\0bass\0\0\0\0\x40\x40\0";
  Osc osc;
  assert_int_equal(osc_listen("127.0.0.1", 0, &osc, NULL), STATUS_OK);
  struct sockaddr_in address;
  socklen_t size = sizeof(address);
  assert_int_equal(getsockname(osc.fd, (struct sockaddr*)&address, &size), 0);
  const int s = socket(AF_INET, SOCK_DGRAM, 0);
  bool has_failed = allocation_is_trapped();
  for (long k = 0; has_failed; ++k) {
    char line[256];
    uint32_t asker = 0;
    Message message = {""};
    assert_int_equal(
        sendto(s, packet, sizeof(packet) - 1, 0, (const struct sockaddr*)&address, size),
        sizeof(packet) - 1);
    allocation_count((AllocationFailures){k / 2, k % 2, false});
    const Status status = osc_receive(&osc, line, sizeof(line), &asker, &message);
    if (!status) {
      osc_answer(&osc, asker, "note",
                 (const EventField[]){{"text", "yes", 0.0, false}, {NULL, NULL, 0.0, false}});
    }
    const AllocationCounts counts = allocation_stop();
    has_failed = counts.has_failed;
    assert_true(status ? message.text[0] : !strcmp(line, "set bass 3"));
    assert_int_equal(counts.n_held, 0);
  }
  (void)close(s);
  osc_close(&osc);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_model_is_loaded_or_the_sound_stays),
      cmocka_unit_test(a_set_list_is_read_again_or_the_sound_stays),
      cmocka_unit_test(a_step_leads_on_or_the_sound_stays),
      cmocka_unit_test(controls_are_saved_or_the_set_list_stays),
      cmocka_unit_test(a_pedal_is_learned_or_the_set_list_stays),
      cmocka_unit_test(a_rate_is_kept_or_the_sound_stays),
      cmocka_unit_test(a_start_without_memory_is_reported),
      cmocka_unit_test(a_packet_without_memory_is_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}

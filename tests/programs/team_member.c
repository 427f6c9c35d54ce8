// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// One process of a team that mpirun starts: does it keep what train/learn/team.h promises? Prints
// what doesn't hold to standard error and exits with 1. Run by team.sh.

#include "core/status.h"
#include "train/learn/team.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_RECORDS 17U

/// Larger than a machine word, and not a multiple of one
typedef struct {
  char bytes[13];
} Record;

static bool
report_unless(const bool condition, const char* const what)
{
  if (!condition) {
    (void)fprintf(stderr, "one of %u processes reports: %s\n", team_size(), what);
  }
  return condition;
}

static Record
record_of(const uint32_t index)
{
  Record record;
  memset(record.bytes, (int)index + 1, sizeof(record.bytes));
  return record;
}

static bool
gathers_records(const uint32_t n)
{
  Record records[MAX_RECORDS + 1] = {{{0}}};
  const TeamShare share = team_share(n);
  for (uint32_t i = share.first; i < share.first + share.n; ++i) {
    records[i] = record_of(i);
  }
  team_gather(records, sizeof(Record), n);
  bool is_good = true;
  for (uint32_t i = 0; i <= MAX_RECORDS; ++i) {
    const Record expected = i < n ? record_of(i) : (Record){{0}};
    is_good = is_good && !memcmp(&records[i], &expected, sizeof(Record));
  }
  return report_unless(is_good, "a record that was gathered is not what its process wrote");
}

/// Return the number of this process, which does that one of as many pieces as processes
static uint32_t
own_rank(void)
{
  return team_share(team_size()).first;
}

/// All processes from k on fail, and all must report k's failure
static bool
hears_of_failures(void)
{
  bool is_good = true;
  for (uint32_t k = 0; k < team_size(); ++k) {
    const bool fails = own_rank() >= k;
    Message message = {""};
    char expected[32];
    (void)snprintf(expected, sizeof(expected), "number %u fails", k);
    if (fails) {
      (void)snprintf(message.text, sizeof(message.text), "number %u fails", own_rank());
    }
    const Status status = team_agree(fails ? STATUS_BAD_FILE : STATUS_OK, &message);
    is_good =
        report_unless(status == STATUS_BAD_FILE, "a failure elsewhere was not heard of") && is_good;
    is_good =
        report_unless(strstr(message.text, expected) != NULL, "another message than the first's") &&
        is_good;
  }
  return report_unless(team_agree(STATUS_OK, NULL) == STATUS_OK, "success is no success") &&
         is_good;
}

static bool
compares_recordings(void)
{
  const bool is_last = own_rank() == team_size() - 1;
  const TeamTrait same = {"instruction set", "avx2", "take machines of one type"};
  const TeamTrait mixed = {"instruction set", is_last ? "avx512" : "avx2",
                           "take machines of one type"};
  Message message = {""};
  if (!report_unless(team_compare(same, &message) == STATUS_OK, "what is the same differs")) {
    return false;
  }
  if (team_size() == 1) {
    return true;
  }
  return report_unless(team_compare(mixed, &message) == STATUS_BAD_ARGUMENT,
                       "a mixed team is accepted") &&
         report_unless(strstr(message.text, "instruction set avx512, process 0 on ") &&
                           strstr(message.text, ": avx2; take machines of one type"),
                       message.text);
}

/// All on one machine must not disturb each other
static bool
shares_the_machine(void)
{
  const uint32_t n_online = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
  const uint32_t n = team_n_processors();
  return report_unless(n == 1 || n * team_size() <= n_online, "more threads than processors");
}

int
main(const int argc, char** const argv)
{
  const uint32_t expected_size = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1;
  Message message = {""};
  bool is_good = !team_join(&message);
  is_good = report_unless(is_good, message.text) && is_good;
  is_good = report_unless(team_size() == expected_size, "the team has another size") && is_good;
  for (uint32_t n = 0; n <= MAX_RECORDS; ++n) {
    is_good = gathers_records(n) && is_good;
  }
  const double own = 1.0 + own_rank();
  is_good = report_unless(team_leaders(own) == 1.0, "another value than the leader's") && is_good;
  is_good = shares_the_machine() && is_good;
  is_good = hears_of_failures() && is_good;
  is_good = compares_recordings() && is_good;
  team_leave();
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

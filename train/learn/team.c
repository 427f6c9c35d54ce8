// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

// A team over MPI, of which it uses only a few functions: rank, broadcast, gather and minimum. MPI
// never computes a sum, because the order of the terms, and so the last bits, would depend on the
// number of processes.

#include "train/learn/team.h"

#include "core/random.h"

#ifdef GRUS_MPI
#include <mpi.h>
#endif

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_SIZE 64U

static struct {
  uint32_t rank;
  uint32_t size;
  uint32_t n_local; ///< Processes on this machine
} team = {0, 1, 1};

/// What a process sends the others: its name, or why it failed
typedef struct {
  Status status;
  char host[TEXT_SIZE];
  Message message;
} TeamNotice;

#ifdef GRUS_MPI

/// Return true if `mpirun` or a cluster's scheduler has started this process, by its environment. A
/// process started alone doesn't use MPI, which takes a tenth of a second to start.
static bool
is_launched(void)
{
  const char* const variables[] = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); ++i) {
    if (getenv(variables[i])) {
      return true;
    }
  }
  return false;
}

static uint32_t
count_local(void)
{
  MPI_Comm local = MPI_COMM_NULL;
  int n = 1;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &local);
  MPI_Comm_size(local, &n);
  MPI_Comm_free(&local);
  return (uint32_t)n;
}

static Status
find_others(Message* const message)
{
  int level = 0;
  int rank = 0;
  int size = 1;
  if (!is_launched()) {
    return STATUS_OK;
  }
  // Otherwise Open MPI busy-waits, which costs most where processors are shared
  (void)setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level); // Ends the program if it fails
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  team.rank = (uint32_t)rank;
  team.size = (uint32_t)size;
  team.n_local = count_local();
  return level >= MPI_THREAD_FUNNELED ? STATUS_OK
                                      : status_fail(message, STATUS_UNSUPPORTED,
                                                    "this MPI library was built without threads; "
                                                    "expected one with MPI_THREAD_FUNNELED");
}

static void
leave_others(void)
{
  int has_begun = 0;
  MPI_Initialized(&has_begun);
  if (has_begun) {
    MPI_Finalize();
  }
}

static void
broadcast_bytes(void* const data, const size_t size, const uint32_t from)
{
  MPI_Bcast(data, (int)size, MPI_BYTE, (int)from, MPI_COMM_WORLD);
}

static uint32_t
find_smallest(const uint32_t value)
{
  uint32_t result = value;
  MPI_Allreduce(&value, &result, 1, MPI_UINT32_T, MPI_MIN, MPI_COMM_WORLD);
  return result;
}

/// A record is an MPI type of its own, so that counts and places stay small numbers
static void
collect_records(void* const records, const size_t size, const uint32_t n)
{
  MPI_Datatype record = MPI_DATATYPE_NULL;
  int counts[TEAM_MAX_SIZE];
  int places[TEAM_MAX_SIZE];
  for (uint32_t rank = 0; rank < team.size; ++rank) {
    const TeamShare share = team_share_of(n, rank, team.size);
    counts[rank] = (int)share.n;
    places[rank] = (int)share.first;
  }
  MPI_Type_contiguous((int)size, MPI_BYTE, &record);
  MPI_Type_commit(&record);
  MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, records, counts, places, record,
                 MPI_COMM_WORLD);
  MPI_Type_free(&record);
}

#else

/// Return the number in a variable of the environment, or 0
static uint32_t
number_from(const char* const variable)
{
  const char* const text = getenv(variable);
  return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/// Refuse several processes without MPI: they would all write the same file
static Status
find_others(Message* const message)
{
  const uint32_t size = number_from("OMPI_COMM_WORLD_SIZE") + number_from("PMI_SIZE");
  if (size < 2) {
    return STATUS_OK;
  }
  team.rank = number_from("OMPI_COMM_WORLD_RANK") + number_from("PMI_RANK");
  return status_fail(message, STATUS_UNSUPPORTED,
                     "started as %u processes, but built without MPI; start one, or build with "
                     "-Dmpi=enabled",
                     size);
}

static void
leave_others(void)
{
}

static void
broadcast_bytes(void* const data, const size_t size, const uint32_t from)
{
  (void)data;
  (void)size;
  (void)from;
}

static uint32_t
find_smallest(const uint32_t value)
{
  return value;
}

static void
collect_records(void* const records, const size_t size, const uint32_t n)
{
  (void)records;
  (void)size;
  (void)n;
}

#endif

Status
team_join(Message* const message)
{
  Status status = find_others(message);
  if (!status && team.size > TEAM_MAX_SIZE) {
    status =
        status_fail(message, STATUS_UNSUPPORTED, "%u processes are too many; expected at most %u",
                    team.size, TEAM_MAX_SIZE);
  }
  if (!team_is_leader() && !freopen("/dev/null", "w", stdout)) {
    (void)fclose(stdout);
  }
  return status;
}

void
team_leave(void)
{
  leave_others();
  team.rank = 0;
  team.size = 1;
}

uint32_t
team_size(void)
{
  return team.size;
}

bool
team_is_leader(void)
{
  return team.rank == 0;
}

uint32_t
team_n_processors(void)
{
  const long n_online = sysconf(_SC_NPROCESSORS_ONLN);
  const uint32_t n = n_online > 0 ? (uint32_t)n_online / team.n_local : 1;
  cpu_set_t allowed;
  const bool is_known = !sched_getaffinity(0, sizeof(allowed), &allowed);
  const uint32_t n_allowed = is_known ? (uint32_t)CPU_COUNT(&allowed) : n;
  return n < 1 ? 1 : n < n_allowed ? n : n_allowed;
}

TeamShare
team_share_of(const uint32_t n, const uint32_t rank, const uint32_t size)
{
  const uint32_t first = (uint32_t)((uint64_t)n * rank / size);
  return (TeamShare){first, (uint32_t)((uint64_t)n * (rank + 1) / size) - first};
}

TeamShare
team_share(const uint32_t n)
{
  return team_share_of(n, team.rank, team.size);
}

static void
copy_text(char* const to, const size_t size, const char* const text)
{
  (void)snprintf(to, size, "%s", text);
}

static TeamNotice
begin_notice(const Status status, const char* const text)
{
  TeamNotice notice = {.status = status};
  (void)gethostname(notice.host, sizeof(notice.host) - 1);
  copy_text(notice.message.text, sizeof(notice.message.text), text);
  return notice;
}

Status
team_agree(const Status status, Message* const message)
{
  const uint32_t first = team.size > 1 ? find_smallest(status ? team.rank : team.size) : 1;
  if (first >= team.size) {
    return status;
  }
  TeamNotice notice = begin_notice(status, message ? message->text : "");
  broadcast_bytes(&notice, sizeof(notice), first);
  return first ? status_fail(message, notice.status, "process %u on %s: %.800s", first, notice.host,
                             notice.message.text)
               : status_fail(message, notice.status, "%s", notice.message.text);
}

double
team_leaders(const double value)
{
  double result = value;
  if (team.size > 1) {
    broadcast_bytes(&result, sizeof(result), 0);
  }
  return result;
}

void
team_gather(void* const records, const size_t size, const uint32_t n)
{
  if (team.size > 1) {
    collect_records(records, size, n);
  }
}

Status
team_compare(const TeamTrait trait, Message* const message)
{
  if (team.size == 1) {
    return STATUS_OK;
  }
  TeamNotice leaders = begin_notice(STATUS_OK, trait.text);
  broadcast_bytes(&leaders, sizeof(leaders), 0);
  const Status status =
      strcmp(leaders.message.text, trait.text)
          ? status_fail(message, STATUS_BAD_ARGUMENT, "%s %.63s, process 0 on %s: %.63s; %s",
                        trait.what, trait.text, leaders.host, leaders.message.text, trait.advice)
          : STATUS_OK;
  return team_agree(status, message);
}

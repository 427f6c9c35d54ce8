// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// The processes that share one training, as `mpirun` starts them: who does what, and how results
/// are exchanged. Main thread.
///
/// There is one team in a program. Without MPI, or when started alone, it is a team of one, and no
/// call here costs anything. Each process reads the recordings itself, starts from the same seeds
/// and takes the same decisions, so that only results are exchanged, never weights. All processes
/// must call `team_agree()` and the functions after it together, in the same order.

#ifndef GRUS_TRAIN_LEARN_TEAM_H
#define GRUS_TRAIN_LEARN_TEAM_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEAM_MAX_SIZE 4096U

/// A part of numbered pieces of work
typedef struct {
  uint32_t first;
  uint32_t n;
} TeamShare;

/// Something that should be the same in all processes
typedef struct {
  const char* what;   ///< "recordings"
  const char* text;   ///< This process's, shown up to 63 characters
  const char* advice; ///< "all should read the same files"
} TeamTrait;

/// Find the others; from here on only the leader's standard output is shown
NODISCARD Status team_join(Message* message);

/// Leave the team, also after a failure
void team_leave(void);

uint32_t team_size(void);

/// Return true on the process that writes the files and talks to the user
bool team_is_leader(void);

/// Return how many processors this process should keep busy
uint32_t team_n_processors(void);

/// Return the share of member `rank` of `size` in `n` pieces: runs that differ by at most one
TeamShare team_share_of(uint32_t n, uint32_t rank, uint32_t size);

/// Return the share of this process in `n` pieces
TeamShare team_share(uint32_t n);

/// Return in every process the first failure of any of them, with its message; or success
NODISCARD Status team_agree(Status status, Message* message);

/// Return the leader's `value` in every process
double team_leaders(double value);

/// Complete `n` records of `size` bytes, of which each process has filled its share
void team_gather(void* records, size_t size, uint32_t n);

/// Fail in every process unless all give the same trait
NODISCARD Status team_compare(TeamTrait trait, Message* message);

#endif

// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// What the programs return to the shell, beside EXIT_SUCCESS. Any thread.

#ifndef GRUS_CLI_EXIT_STATUS_H
#define GRUS_CLI_EXIT_STATUS_H

#include "core/status.h"

#include <stdlib.h>

enum {
  CLI_EXIT_DONE = EXIT_SUCCESS,   ///< 0: all was done
  CLI_EXIT_FAILED = EXIT_FAILURE, ///< 1: the machine failed: a full disk, no memory, no server
  CLI_EXIT_BAD_INPUT = 2,         ///< 2: bad arguments or files; the same call fails again
};

/// Return the exit status of a program that ended with `status`
static inline int
cli_exit_status(const Status status)
{
  return !status                                                       ? CLI_EXIT_DONE
         : status == STATUS_CANNOT_WRITE || status == STATUS_NO_MEMORY ? CLI_EXIT_FAILED
                                                                       : CLI_EXIT_BAD_INPUT;
}

#endif

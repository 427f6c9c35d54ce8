// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Was what a program printed written? Main thread, once.

#ifndef GRUS_CLI_STANDARD_OUTPUT_H
#define GRUS_CLI_STANDARD_OUTPUT_H

#include <stdbool.h>

/// When the program ends, however it does, write what is left to print to standard output. If some
/// of it can't be written, say so and end with CLI_EXIT_FAILED. Only the first call has an effect.
void cli_watch_output(const char* program);

/// Say when the program ends, with CLI_EXIT_FAILED, that memory ran out for some of the output
void cli_lose_output(void);

/// Return true after that
bool cli_output_is_lost(void);

#endif

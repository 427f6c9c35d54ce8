// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// Was what a program printed written? Main thread, once.

#ifndef GRUS_CLI_STANDARD_OUTPUT_H
#define GRUS_CLI_STANDARD_OUTPUT_H

/// When the program ends, however it does, write what is left to print to standard output. If some
/// of it can't be written, say so and end with CLI_EXIT_FAILED. Only the first call has an effect.
void cli_watch_output(const char* program);

#endif

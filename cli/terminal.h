// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How wide is the terminal that a program prints to, and what is on its last line? Any one thread.

#ifndef GRUS_CLI_TERMINAL_H
#define GRUS_CLI_TERMINAL_H

/// Return the columns of standard output: those of COLUMNS, or of the window, or 80; 0, which means
/// no limit, if it is not a terminal
unsigned cli_terminal_columns(void);

/// Print a text in place of the last line, without an end of line: "" clears it. What doesn't fit
/// is cut; the last column stays free, since some terminals start a new line once it is written to.
/// If standard output is not a terminal, nothing is printed.
void cli_terminal_overwrite(const char* text);

#endif

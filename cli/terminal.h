// SPDX-FileCopyrightText: 2026 The Grus developers
// SPDX-License-Identifier: ISC

/// How wide is the terminal that a program prints to? Any thread.

#ifndef GRUS_CLI_TERMINAL_H
#define GRUS_CLI_TERMINAL_H

/// Return the columns of standard output: those of COLUMNS, or of the window, or 80; 0, which means
/// no limit, if it is not a terminal
unsigned cli_terminal_columns(void);

#endif
